"""Lengths of time behind a numeral: "18 weeks", "ten working days", "half an hour"."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from pipeline.extract.numbers import ONE_TO_NINE, TIME_UNIT, Numeral, parse_number
from pipeline.extract.quantity_rules import any_of, quantity_rules
from pipeline.extract.quantity_unit import Unit
from pipeline.records import QuantityKind

_TIME: Final = re.compile(
    r"(?P<join>[\s-]|(?=mins?\b|hrs?\b|yrs?\b))"
    r"(?:(?:working|calendar|business|clinical|consecutive|full|clear|whole|school|further|more"
    r"|additional|extra|operational)\s)?"
    rf"(?P<unit>{TIME_UNIT}s?|secs?|mins?|hrs?|yrs?)\b(?P<old>[\s-]olds?\b|\sof\sage\b)?",
    re.IGNORECASE,
)
# "half an hour", "three quarters of an hour", "a half-hour"
_PART_OF: Final = re.compile(
    rf"(?:\sof)?(?:\s(?:an?|the)\s|[\s-])(?P<unit>{TIME_UNIT})\b", re.IGNORECASE
)
_AND_MORE: Final = re.compile(
    rf"\s(?:and\s)?(?P<number>\d{{1,2}}|(?<=and\s)(?:{ONE_TO_NINE}|ten|eleven))\s(?P<unit>{TIME_UNIT}s?|mins?)\b"
    r"|\sand\san?\s(?P<part>half|quarter)\b",
    re.IGNORECASE,
)
_NAMES: Final = {
    "min": "minutes",
    "hr": "hours",
    "yr": "years",
    "sec": "minutes",
    "second": "minutes",
    "fortnight": "weeks",
    "decade": "years",
}
_FACTORS: Final = {"sec": 1 / 60, "second": 1 / 60, "fortnight": 2.0, "decade": 10.0}
# What one of each is worth within its family: lengths of days and of months do not mix.
_FAMILIES: Final = (
    {"minutes": 1, "hours": 60, "days": 1440, "weeks": 10080},
    {"months": 1, "years": 12},
)
_CLOCK: Final = re.compile(
    rf"\s(?:past|to)\s(?:\d{{1,2}}|{ONE_TO_NINE}|ten|eleven|twelve|noon|midnight)(?=\s?[,.;)]|$)"
)
_ALWAYS: Final = frozenset({(7.0, "days"), (24.0, "hours")})
_A_WEEK: Final = re.compile(r"\s(?:a|per)\s(?:week|day)\b")
# "It missed the 62-day, and ...": the name stands without its noun.
_ALONE: Final = re.compile(
    r"$|[,;:.)]|\s(?:and|or|is|are|was|were|has|had|in|at|to|by|for|on|from|than)\b"
)


@cache
def _named() -> re.Pattern[str]:
    """The nouns, near behind, that make a name of "18-week"; a further length may share them."""
    named = any_of(quantity_rules().named_lengths.words)
    stops = r"(?:in|of|for|at|to|and|or|by|on|with|plans?|strateg|waits|waiting|breach)\b"
    return re.compile(
        rf"\s(?:(?!{stops})[\w’-]+\s){{0,2}}?{named}\b|\s(?:and|or|/)\s\d{{1,3}}[\s-]{TIME_UNIT}\b",
        re.IGNORECASE,
    )


def read_time(text: str, numeral: Numeral, at: int) -> Unit | None:
    """The unit of time at `at`; `named` where it belongs to a name, as in "18-week standard"."""
    match = _TIME.match(text, at)
    if match is None:
        return None
    unit = _unit(match["unit"], match.end())
    hyphen = match["join"] == "-"
    singular = not match["unit"].lower().endswith("s") and numeral.value != 1
    adjective = (hyphen or singular) and not match["old"]
    if unit.name == "minutes" and _CLOCK.match(text, unit.end):
        return replace(unit, named=True)
    named = _named().match(text, unit.end) or (hyphen and _ALONE.match(text, unit.end))
    always = (numeral.value, unit.name) in _ALWAYS and _A_WEEK.match(text, unit.end)
    return replace(unit, named=True) if (adjective and named) or always else unit


def read_part_of_time(text: str, at: int) -> Unit | None:
    """The unit of time that a fraction at `at` is a part of: "an hour" after "half"."""
    match = _PART_OF.match(text, at)
    return _unit(match["unit"], match.end()) if match else None


def add_time(text: str, value: float, unit: Unit) -> tuple[float, Unit]:
    """ "six years and two months", "an hour and a half": the whole, in the smaller unit.

    Seconds have no unit of their own and become a part of a minute.
    """
    more = _AND_MORE.match(text, unit.end)
    if more is None:
        return value, unit
    if more["part"]:
        part = 0.5 if more["part"].lower() == "half" else 0.25
        return value + part, replace(unit, end=more.end())
    added, less = parse_number(more["number"]), _unit(more["unit"], more.end())
    if less.name == unit.name and less.factor < unit.factor:
        return round(value + added * less.factor, 2), replace(unit, end=less.end)
    for family in _FAMILIES:
        if unit.name in family and less.name in family:
            times = family[unit.name] / family[less.name]
            return (value * times + added, less) if times > 1 else (value, unit)
    return value, unit


def _unit(written: str, end: int) -> Unit:
    stem = written.lower().rstrip("s")
    return Unit(
        kind=QuantityKind.DURATION,
        end=end,
        name=_NAMES.get(stem, stem + "s"),
        factor=_FACTORS.get(stem, 1.0),
    )
