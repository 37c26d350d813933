"""What follows a numeral and makes it a quantity: per cent, points, money, time, a rate, a noun."""

from __future__ import annotations

import re
from typing import Final

from pipeline.extract.numbers import Numeral
from pipeline.extract.quantity_rules import quantity_rules
from pipeline.extract.quantity_time import read_part_of_time, read_time
from pipeline.extract.quantity_unit import Unit
from pipeline.records import QuantityKind

_POINTS: Final = re.compile(
    r"\s?(?:%|per[\s-]?cent|percentage)[\s-]?(?:age[\s-])?(?:points?|pts?)\b"
    r"|\s?(?:%pts?|%p|ppts?|pps?|p\.p\.)(?![\w%])"
    r"|\sof\sa\sper[\s-]?cent(?:age)?(?:\spoint)\b",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(r"\s?(?:%|(?:per[\s-]?cent|pc)\b)", re.IGNORECASE)
_OF_A_PERCENT: Final = re.compile(
    r"\s(?:of\s)?a\sper[\s-]?cent(?:age)?(?P<point>[\s-]point)?\b", re.IGNORECASE
)
# "two points down", "improve by twelve points": of a share that stands elsewhere in the sentence.
_BARE_POINTS: Final = re.compile(r"\spoints?\b(?!\sof\s(?:view|sale|care|contact))", re.IGNORECASE)
_POINTS_WAY: Final = re.compile(
    r"\spoints?\s(?:down|up|lower|higher|ahead|behind|short|adrift|below|above|better|worse|more|less"
    r"|since|on\slast)\b",
    re.IGNORECASE,
)
_POINTS_BEFORE: Final = re.compile(
    r"\b(?:by|of|up|down|fell|rose|falls?|rises?|gain(?:ed|s)?|lost|dropp?(?:ed|s)?|another|further)"
    r"\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
_ANY_SHARE: Final = re.compile(
    r"%|per[\s-]?cent\b|percentage\b"
    r"|\b(?:rate|performance|confidence|satisfaction|uptake|attendance)\b",
    re.IGNORECASE,
)
_PENCE: Final = re.compile(r"p\b(?!\.\w)|\s?pence\b", re.IGNORECASE)
_POUNDS: Final = re.compile(r"\s?pounds\b(?!\sof\sweight)", re.IGNORECASE)
_SPEED: Final = re.compile(r"\s?mph\b|\smiles\s(?:per|an)\shour\b", re.IGNORECASE)
# "5 milligrams per cubic metre"
_PER_MEASURE: Final = re.compile(
    r"\s[a-z]+\sper\s(?P<base>(?:(?:cubic|square)\s)?(?:centi|kilo)?(?:met|lit)re|hectare|kilogram|tonne)\b"
)
# "30 adults in such beds for every million people", "5 in every 1,000 births"
_PER_BASE: Final = re.compile(
    r"(?:\s(?!per\b|\d+\b)[A-Za-z0-9&(][\w’'&/)-]*){0,12}?\s?"
    r"(?:(?:per|(?:for|to)\s(?:every|each))\s"
    r"(?P<base>\d{1,3}(?:,\d{3})+|\d{3,7}|thousand|million|hundred\sthousand)"
    r"|in\s(?:every\s)?(?P<large>\d{1,3}(?:,\d{3})+))(?:\s(?P<scale>thousand|million)\b)?(?![\d%])"
)
# "512 a day", "125 operations a year"
_PER_TIME: Final = re.compile(
    r"(?P<noun>(?:\s(?!(?:per|an?|each|every|in|by|for|over|and|or)\b)[A-Za-z][\w’'-]*){0,4})\s"
    r"(?:per|an?|each|every)\s(?P<base>minute|hour|day|night|week|fortnight|month|quarter|year|annum)\b"
)
_WORD_AFTER: Final = re.compile(r"(?P<gap>\s?[(‘“'\"]?|-)(?P<word>[A-Za-z&][\w’'-]*)")
_PART_AFTER: Final = re.compile(
    r"\s(?:of|(?:or\s)?(?:more|less|fewer|higher|lower)|as\s(?:much|many)|majority|share|cut|reduction|increase|rise"
    r"|fall|down|up|off|full|empty|complete|will|would|should|must|can|are|is|were|was|have|has"
    r"|had)\b"
)
_PART_BEFORE: Final = re.compile(
    r"\b(?:as|by|to|than|least|most|over|under|about|around|nearly|nearer|almost|up|down|exceed|of"
    r"|cut|only|every|some|another|further|which|below|above)\s$",
    re.IGNORECASE,
)
_ORDINAL_BEFORE: Final = re.compile(
    r"\b(?:followed|joined|succeeded|accompanied|replaced|preceded)\sby\s$", re.IGNORECASE
)


def read_unit(text: str, numeral: Numeral) -> Unit | None:
    """The unit that follows `numeral`; None where none does."""
    at = numeral.end
    if numeral.form == "fraction":
        return read_part_of_time(text, at) or _read_part_of_percent(text, at)
    if numeral.form == "article":
        return read_time(text, numeral, at)
    if points := _POINTS.match(text, at):
        return Unit(kind=QuantityKind.PERCENTAGE_POINTS, end=points.end())
    if numeral.currency is not None:
        return Unit(kind=QuantityKind.MONEY, end=at, name=numeral.currency)
    if percent := _PERCENT.match(text, at):
        return Unit(kind=QuantityKind.PERCENTAGE, end=percent.end())
    return (
        read_time(text, numeral, at)
        or _read_money(text, numeral)
        or _read_bare_points(text, numeral)
        or _read_rate(text, at)
    )


def read_period(text: str, at: int) -> str | None:
    """ "per year" behind a number of things a year ("125 operations a year"), or None."""
    period = _PER_TIME.match(text, at)
    return f"per {period['base'].lower()}" if period else None


def counts_noun(text: str, at: int) -> bool:
    """Whether a noun that a number may count follows at `at`: any word but one of grammar."""
    following = _WORD_AFTER.match(text, at)
    if following is None:
        return text[at : at + 1] == "°"
    word = following["word"].lower()
    if following["gap"] == "-":
        return word in quantity_rules().counted_with_hyphen.words
    return word not in quantity_rules().uncounted.words


def is_share(text: str, numeral: Numeral) -> bool:
    """Whether words such as "half" or "a third" are a share, and no ordinal number or adjective."""
    if _PART_AFTER.match(text, numeral.end):
        return True
    opening = max(0, numeral.start - 24)
    if _ORDINAL_BEFORE.search(text, opening, numeral.start) or counts_noun(text, numeral.end):
        return False
    if text[numeral.start : numeral.end].lower().endswith(("s", "half")):
        return True
    return _PART_BEFORE.search(text, opening, numeral.start) is not None


def _read_part_of_percent(text: str, at: int) -> Unit | None:
    """ "half a per cent", "a quarter of a percentage point"."""
    part = _OF_A_PERCENT.match(text, at)
    if part is None:
        return None
    points = part["point"] is not None
    kind = QuantityKind.PERCENTAGE_POINTS if points else QuantityKind.PERCENTAGE
    return Unit(kind=kind, end=part.end())


def _read_money(text: str, numeral: Numeral) -> Unit | None:
    pence = _PENCE.match(text, numeral.end)
    if pence and numeral.form == "digits":
        return Unit(kind=QuantityKind.MONEY, end=pence.end(), name="GBP", factor=0.01)
    pounds = _POUNDS.match(text, numeral.end)
    return Unit(kind=QuantityKind.MONEY, end=pounds.end(), name="GBP") if pounds else None


def _read_bare_points(text: str, numeral: Numeral) -> Unit | None:
    """Points without "percentage", where the sentence has a share and they tell how it moved."""
    points = _BARE_POINTS.match(text, numeral.end)
    if points is None or not _ANY_SHARE.search(text):
        return None
    opening = max(0, numeral.start - 32)
    moved = _POINTS_BEFORE.search(text, opening, numeral.start)
    if moved or _POINTS_WAY.match(text, numeral.end):
        return Unit(kind=QuantityKind.PERCENTAGE_POINTS, end=points.end())
    return None


def _read_rate(text: str, at: int) -> Unit | None:
    """ "per 100,000 people", "512 a day": a rate, its noun between; None where none follows."""
    if base := _PER_BASE.match(text, at):
        scale = f" {base['scale']}" if base["scale"] else ""
        name = f"per {base['base'] or base['large']}{scale}"
        return Unit(kind=QuantityKind.RATE, end=base.end(), name=name)
    period = _PER_TIME.match(text, at)
    if period and not period["noun"] and text[at - 1].isdigit():
        name = f"per {period['base'].lower()}"
        return Unit(kind=QuantityKind.RATE, end=period.end(), name=name)
    if measure := _PER_MEASURE.match(text, at):
        return Unit(kind=QuantityKind.RATE, end=measure.end(), name=f"per {measure['base']}")
    speed = _SPEED.match(text, at)
    return Unit(kind=QuantityKind.RATE, end=speed.end(), name="miles per hour") if speed else None
