"""Numbers with a meaning: kind, value, range, unit and comparator.

The way from text to measurements: numerals (numbers.py) that are no dates or names
(quantity_names.py), each with the unit that follows it (quantity_units.py), ranges and ratios
joined (quantity_amounts.py), multiples besides (quantity_multiples.py), and the words that bound
them (quantity_bounds.py). What a number is for, its role, is told in roles.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.extract.numbers import may_hold_numeral
from pipeline.extract.quantity_ages import Age, read_age
from pipeline.extract.quantity_amounts import Amount, find_amounts
from pipeline.extract.quantity_bounds import find_bounds
from pipeline.extract.quantity_multiples import Multiple, find_multiples, may_hold_multiple
from pipeline.extract.quantity_names import quoted_titles
from pipeline.extract.quantity_time import add_time
from pipeline.extract.quantity_unit import Unit
from pipeline.extract.quantity_units import counts_noun, is_share, read_period
from pipeline.records import QuantityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A number as found: [start, end) with the words that bound it, the number_ ones without.

    `form` tells how it was written, where that matters to its role: plain, age, fraction, fold
    ("halve"), multiple ("twice the rate"), or elliptic (its unit stands with a number before it).
    """

    start: int
    end: int
    number_start: int
    number_end: int
    kind: QuantityKind
    value: float
    high: float | None = None
    unit: str | None = None
    comparator: str = "="
    form: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The headings over the cell at [start, end) of a table's row."""

    start: int
    end: int
    texts: tuple[str, ...]


# A bare number takes the unit of one before it: "within 24 hours, or within 12 where a patient is".
_TAKES_UNIT: Final = re.compile(
    r"\b(?:than|below|above|under|over|to|at|by|from|against|reach(?:es)?|hit|exceeds?|bank|achieve"
    r"|(?:target|limit|maximum|standard|goal|aim|average|ceiling)\sof"
    r"|(?P<time>within|inside|for|in|every))\s$",
    re.IGNORECASE,
)
_IS: Final = re.compile(r"\b(?:is|are|was|were)\s$", re.IGNORECASE)
_LENT: Final = frozenset({QuantityKind.PERCENTAGE, QuantityKind.DURATION, QuantityKind.RATE})
_MOST_TIMES: Final = 50
_NEAR: Final = 8  # measurements back
# "by or on day 7": a length of time that an event began.
_NTH: Final = re.compile(
    r"\b(?P<lead>by(?:\sor\son)?|on(?:\sor\sbefore)?|before|within|until|from|after)"
    r"\s(?P<unit>day|week)\s$",
    re.IGNORECASE,
)
_EACH_OF: Final = re.compile(r"\b(?:each|second|first|last|one)\sof\sthe(?:se)?\s$", re.IGNORECASE)
_DAYS_OF_WEEK: Final = re.compile(r"\s(?:a|per|each|every|in\s(?:the|a|any))\sweek\b")
_ONE_DAY: Final = re.compile(
    r"\b(?:for|every|after|next|of|least|first|last|than|in|within|under|over|by)\s$", re.IGNORECASE
)
_WITH_ANOTHER: Final = re.compile(
    r"\s(?:with|or|after|to|from)\s(?:an|the)?other\b|\s(?:ago|on)\b", re.IGNORECASE
)
_NOTICE: Final = re.compile(r"[’']s?\s(?:notice|warning|work|leave|pay|supply|time)\b")
_LATER: Final = re.compile(r"\s(?:earlier|later|ago|before|on)\b")
# What a number without a noun needs to count something named elsewhere.
_COUNT_BEFORE: Final = re.compile(
    r"\b(?:to|of|than|at|with|by|is|are|was|were|be|have|has|had|only|all|these|those|about|reach"
    r"|into|from|find|least|most|below|above|under|over)\s$",
    re.IGNORECASE,
)
_COUNT_AFTER: Final = re.compile(
    r"\s(?:of\s(?:the|our|its|their|these|those|them|us|which|whom)|have|has|are|were|will|must"
    r"|should|may|can|do|already)\b|\s(?:and|or)\s\d"
)
_SMALL_NUMBER: Final = r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_LISTED_BEFORE: Final = re.compile(
    rf"{_SMALL_NUMBER}(?:\s(?!of\b)[\w’'-]+){{1,4}}(?:,\sand|,|\sand)\s$", re.IGNORECASE
)
_LISTED_AFTER: Final = re.compile(
    rf"(?:\s(?!of\b|and\b)[\w’'-]+){{1,4}}(?:,\sand|,|\sand)\s{_SMALL_NUMBER}\s[a-z]", re.IGNORECASE
)
_ANAPHORIC: Final = re.compile(r"\b(?:the|these|those|last|first|other)\s$", re.IGNORECASE)
_SMALLEST_BARE: Final = 100
_CELL: Final = " | "
_CELL_END: Final = re.compile(r"\s*(?:\||$)")
# Units of a table's cells, told in its labels: "Waits (%)", "Income £m", "Response (minutes)".
_LABEL_UNIT: Final = re.compile(
    r"(?P<percentage>%|\bper\s?cent(?:age)?\b(?!\spoint))|£\s?(?P<millions>m\b|million)"
    r"|£\s?(?P<billions>bn\b|billion)|£\s?(?P<thousands>000s?\b|k\b)"
    r"|(?:\(|,\s|\bin\s|[–-]\s)(?P<time>minutes|hours|days|weeks|months)\b(?=\W*(?:$|[)|]))",
    re.IGNORECASE,
)


def find_measurements(
    text: str, *, labels: Sequence[str] = (), heads: Sequence[Heads] = ()
) -> list[Measurement]:
    """Every number with a meaning in `text`, in order, none overlapping another.

    `labels` are those of a table's row, `heads` those of single cells: a "(%)" or "£m" in the
    cell's own, in the row's first cell or in its labels gives a bare number its unit.
    """
    if not (may_hold_numeral(text) or may_hold_multiple(text)):
        return []
    multiples = find_multiples(text)
    taken = [*((m.start, m.end) for m in multiples), *quoted_titles(text)]
    found = [_of_multiple(text, m) for m in multiples]
    for amount in find_amounts(text, taken):
        over = next((h.texts for h in heads if h.start <= amount.start < h.end), ())
        measurement = _measure(text, amount, found, labels, over)
        if measurement is not None:
            found.append(measurement)
    return _apart(sorted(found, key=lambda m: m.number_start))


def _apart(found: list[Measurement]) -> list[Measurement]:
    """The measurements, their bounding words cut where they would reach into another's number."""
    kept: list[Measurement] = []
    for m in found:
        if kept and m.number_start < kept[-1].number_end:
            continue
        if kept and m.start < kept[-1].end:
            m = replace(m, start=max(m.start, kept[-1].number_end))
            kept[-1] = replace(kept[-1], end=min(kept[-1].end, m.start))
        kept.append(m)
    return kept


def _measure(
    text: str,
    amount: Amount,
    found: Sequence[Measurement],
    labels: Sequence[str],
    over: Sequence[str],
) -> Measurement | None:
    """What an amount measures; None where it proves to be no quantity."""
    numeral, unit = amount.numeral, amount.unit
    if amount.base is not None:
        return _ratio(text, amount, amount.base.value)
    if unit is None and (age := read_age(text, numeral, amount.end)) is not None:
        return _of_age(amount, age)
    if unit is None and numeral.form == "fraction":
        return _fraction(text, amount)
    if unit is None and (day := _NTH.search(text, max(0, amount.start - 24), amount.start)):
        return _nth_day(amount, day)
    unit = unit or _cell_unit(text, amount, (*over, text.partition(_CELL)[0], *labels))
    if unit is None:
        return _elliptic(text, amount, found) or _count(text, amount)
    if numeral.form == "article":
        return _one_unit(text, amount, unit)
    if unit.kind is QuantityKind.DURATION:
        return _duration(text, amount, unit)
    return _plain(text, amount, unit)


def _bounded(
    text: str,
    amount: Amount | Multiple,
    kind: QuantityKind,
    value: float,
    *,
    high: float | None = None,
    end: int | None = None,
    unit: str | None = None,
    form: str = "plain",
) -> Measurement:
    """A measurement with the words that bound it; `end` where its unit ends further on."""
    end = amount.end if end is None else end
    bounds = find_bounds(text, amount.start, end, kind=kind, unit=unit)
    return Measurement(
        start=bounds.start,
        end=bounds.end,
        number_start=amount.start,
        number_end=end,
        kind=kind,
        value=value,
        high=high,
        unit=unit,
        comparator="range" if high is not None else bounds.sign,
        form=form,
    )


def _ratio(text: str, amount: Amount, base: float) -> Measurement:
    """ "1 in 5", "between 3 and 5 in every 100": a share in per cent."""
    low = round(100 * amount.numeral.value / base, 2)
    high = round(100 * amount.high.value / base, 2) if amount.high else None
    return _bounded(text, amount, QuantityKind.PERCENTAGE, low, high=high)


def _of_multiple(text: str, multiple: Multiple) -> Measurement:
    form = "fold" if multiple.change else "multiple"
    return _bounded(text, multiple, multiple.kind, multiple.value, unit=multiple.unit, form=form)


def _plain(
    text: str, amount: Amount, unit: Unit, *, value: float | None = None, form: str = "plain"
) -> Measurement:
    """A number with a unit, in the unit's own terms: 8p is 0.08 pounds, a fortnight 2 weeks."""
    low = amount.numeral.value if value is None else value
    high = amount.high.value if amount.high else None
    return _bounded(
        text,
        amount,
        unit.kind,
        round(low * unit.factor, 4),
        high=high if high is None else round(high * unit.factor, 4),
        end=max(amount.end, unit.end),
        unit=unit.name,
        form=form,
    )


def _duration(text: str, amount: Amount, unit: Unit) -> Measurement | None:
    """A length of time; None for "one day" as an adverb, a count for "each of the three years"."""
    numeral = amount.numeral
    opening = max(0, amount.start - 16)
    if _DAYS_OF_WEEK.match(text, unit.end) and unit.name == "days":
        per = "per week"
        return _bounded(text, amount, QuantityKind.COUNT, numeral.value, end=unit.end, unit=per)
    if text[numeral.end : numeral.end + 1] == " " and _EACH_OF.search(text, opening, amount.start):
        return _bounded(text, amount, QuantityKind.COUNT, numeral.value, end=numeral.end)
    if text[numeral.start : numeral.end].lower() == "one":
        some_day = unit.name == "days" and not _ONE_DAY.search(text, opening, amount.start)
        if some_day or _WITH_ANOTHER.match(text, unit.end):
            return None
    if amount.high is not None or amount.shared:
        return _plain(text, amount, unit)
    value, unit = add_time(text, numeral.value, unit)
    return _plain(text, amount, unit, value=value)


def _one_unit(text: str, amount: Amount, unit: Unit) -> Measurement | None:
    """ "over an hour", "within the week", "a fortnight"; None where nothing bounds it."""
    value, unit = add_time(text, 1.0, unit)
    measurement = _plain(text, amount, unit, value=value)
    if _NOTICE.match(text, amount.end):
        return measurement
    definite = text[amount.numeral.start : amount.numeral.end].lower() == "the"
    if unit.factor == 2.0 and not definite:
        return measurement
    lead = text[measurement.start : measurement.number_start].strip().lower()
    if definite or _LATER.match(text, measurement.number_end):
        return measurement if lead in ("within", "inside") else None
    return measurement if measurement.comparator != "=" or lead == "after" else None


def _of_age(amount: Amount, age: Age) -> Measurement:
    high = amount.high.value if amount.high else None
    return Measurement(
        start=age.start,
        end=age.end,
        number_start=amount.numeral.start,
        number_end=age.end,
        kind=QuantityKind.DURATION,
        value=amount.numeral.value,
        high=high,
        unit="years",
        comparator="range" if high is not None else age.sign,
        form="age",
    )


def _nth_day(amount: Amount, day: re.Match[str]) -> Measurement:
    return Measurement(
        start=day.start(),
        end=amount.end,
        number_start=day.start("unit"),
        number_end=amount.end,
        kind=QuantityKind.DURATION,
        value=amount.numeral.value,
        unit=day["unit"].lower() + "s",
        comparator="=" if day["lead"].lower() in ("on", "from", "after") else "<=",
    )


def _fraction(text: str, amount: Amount) -> Measurement | None:
    """ "half of those", "by a third": a share in per cent; None for an ordinal number."""
    if not is_share(text, amount.high or amount.numeral):
        return None
    low = round(100 * amount.numeral.value, 2)
    high = round(100 * amount.high.value, 2) if amount.high else None
    return _bounded(text, amount, QuantityKind.PERCENTAGE, low, high=high, form="fraction")


def _fills_cell(text: str, amount: Amount) -> bool:
    """Whether a number is all that a cell of a table's row holds."""
    after = _CELL_END.match(text, amount.end)
    if after is None:
        return False
    before = text[max(0, amount.start - 3) : amount.start].strip()
    opens = not before and amount.start < 3
    return before == "|" or (opens and after.group().endswith("|"))


def _cell_unit(text: str, amount: Amount, labels: Sequence[str]) -> Unit | None:
    """The unit of a bare number that fills a cell, from the first label that tells one."""
    if not _fills_cell(text, amount):
        return None
    for label in labels:
        told = _LABEL_UNIT.search(label)
        if told is None:
            continue
        if told["percentage"]:
            return Unit(kind=QuantityKind.PERCENTAGE, end=amount.end)
        if told["time"]:
            return Unit(kind=QuantityKind.DURATION, end=amount.end, name=told["time"].lower())
        factor = 1e9 if told["billions"] else 1e6 if told["millions"] else 1e3
        return Unit(kind=QuantityKind.MONEY, end=amount.end, name="GBP", factor=factor)
    return None


def _elliptic(text: str, amount: Amount, found: Sequence[Measurement]) -> Measurement | None:
    """A bare number that takes its unit from one before it: "no more than 45 minutes, or 75"."""
    value = amount.numeral.value
    if amount.numeral.form == "article" or amount.high or counts_noun(text, amount.end):
        return None
    before = text[max(0, amount.start - 16) : amount.start]
    lead = _TAKES_UNIT.search(before)
    if not lead and not (value != int(value) and _IS.search(before)):
        return None
    near = [m for m in found[: -_NEAR - 1 : -1] if m.kind in _LENT]
    wanted = QuantityKind.DURATION if lead and lead["time"] else QuantityKind.PERCENTAGE
    lender = next((m for m in near if m.kind is wanted), None)
    if lender is None and near and not (lead and lead["time"]):
        lender = near[0]
    if lender is None or lender.form not in ("plain", "elliptic"):
        return None
    alike = 1 / _MOST_TIMES <= value / (lender.value or 1) <= _MOST_TIMES
    if not alike or (lender.kind is QuantityKind.PERCENTAGE and value > 100):
        return None
    unit = Unit(kind=lender.kind, end=amount.end, name=lender.unit)
    return _plain(text, amount, unit, form="elliptic")


def _count(text: str, amount: Amount) -> Measurement | None:
    """A number of things: with the noun that it counts, or as a pronoun ("Two are to merge")."""
    numeral = amount.numeral
    if numeral.form == "article":
        return None
    measurement = _bounded(
        text,
        amount,
        QuantityKind.COUNT,
        numeral.value,
        high=amount.high.value if amount.high else None,
        unit=read_period(text, amount.end),
    )
    if numeral.form == "words" and numeral.value == 1:
        definite = text[max(0, numeral.start - 4) : numeral.start].lower() == "the "
        if definite or (measurement.comparator == "=" and not _is_listed(text, amount)):
            return None  # "one" is a pronoun or an article until something bounds it
    if counts_noun(text, amount.end) or _fills_cell(text, amount):
        return measurement
    return measurement if _stands_alone(text, amount, measurement) else None


def _is_listed(text: str, amount: Amount) -> bool:
    """Whether a "one" with its noun stands in a list of numbers: "two hubs and one centre"."""
    if not counts_noun(text, amount.end):
        return False
    before = text[max(0, amount.start - 60) : amount.start]
    return bool(_LISTED_BEFORE.search(before) or _LISTED_AFTER.match(text, amount.end))


def _stands_alone(text: str, amount: Amount, measurement: Measurement) -> bool:
    """Whether a number without a noun counts something named elsewhere, and is no mark or idiom."""
    if text[amount.end : amount.end + 1] == "-":
        return False
    if measurement.comparator != "=" or measurement.start < amount.start or amount.high:
        return True
    before = text[max(0, amount.start - 16) : amount.start]
    if amount.numeral.form == "words":
        return not _ANAPHORIC.search(before)
    if amount.numeral.value >= _SMALLEST_BARE or _COUNT_BEFORE.search(before):
        return True
    return _COUNT_AFTER.match(text, amount.end) is not None
