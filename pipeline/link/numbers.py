"""Numbers of two requirements that are about the same thing, which asks for more, and how they are
shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from rapidfuzz import fuzz

from pipeline.lexicon import Lexicon
from pipeline.link.patterns import find_words
from pipeline.link.text import Wording
from pipeline.records import Quantity, QuantityKind, Requirement, Role

_LEVELS: Final = (
    QuantityKind.PERCENTAGE,
    QuantityKind.PERCENTAGE_POINTS,
    QuantityKind.MONEY,
    QuantityKind.RATE,
)
TO_REACH: Final = (Role.TARGET, Role.CHANGE)
_FITS: Final = 0.5
_PER_YEAR_LATE: Final = 0.15
_SIZES: Final = {
    "seconds": ("minutes", 1 / 60), "minutes": ("minutes", 1.0), "hours": ("minutes", 60.0),
    "days": ("days", 1.0), "working days": ("days", 1.4), "weeks": ("days", 7.0),
    "months": ("months", 1.0), "years": ("months", 12.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """The planning years of the two ends, as the calendar years in which they start; None where
    unknown.
    """

    before: int | None
    after: int | None

    @property
    def apart(self) -> int:
        """How many years lie between the ends."""
        return (self.after or 0) - (self.before or 0) if self.before and self.after else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A number of the earlier requirement and the one of the later that is about the same thing."""

    before: Quantity
    after: Quantity

    @property
    def changed(self) -> bool:
        """Whether the two differ.

        What share is in time and what share is late are one number told from two ends.
        """
        return _value(self.before) != _value(self.after) and not _are_complements(
            self.before, self.after
        )


def pair_numbers(before: Wording, after: Wording, years: Years) -> list[Numbers]:
    """The numbers of the two that are about the same thing, each used once, in reading order.

    Numbers to reach go first; where none of those answer each other, any numbers of one kind do
    that are no background facts, since "people are seen within 10 days" sets a limit as much as it
    defines a measure, and "no wait of over 65 weeks" is another step of one ladder than "of over
    52".
    """
    a, b = before.requirement, after.requirement
    shared = bool(before.measures & after.measures)
    sides = [[q for q in r.quantities if q.role in TO_REACH] for r in (a, b)]
    told = [[q for q in r.quantities if q.role is not Role.STATISTIC] for r in (a, b)]
    return (
        _pair(sides[0], sides[1], years, shared)
        or _pair(told[0], told[1], years, shared)
        or _pair_steps(told[0], told[1])
    )


def _pair(
    earlier: list[Quantity], later: list[Quantity], years: Years, shared: bool
) -> list[Numbers]:
    options = [
        (
            _fit(p, q, _is_only(p, earlier) and _is_only(q, later), shared)
            - _PER_YEAR_LATE * (_late(p, years.before) + _late(q, years.after)),
            i,
            j,
        )
        for i, p in enumerate(earlier)
        for j, q in enumerate(later)
    ]
    used: tuple[set[int], set[int]] = (set(), set())
    chosen = []
    for fit, i, j in sorted(options, key=lambda o: (-o[0], o[1], o[2])):
        if fit >= _FITS and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            chosen.append((i, j))
    return [Numbers(before=earlier[i], after=later[j]) for i, j in sorted(chosen)]


def find_other_form(
    a: Requirement, b: Requirement, before: Wording, after: Wording
) -> Numbers | None:
    """The numbers to reach of the two where one measure is now asked for in another form; None
    where they are not.

    A share of the pay bill may become a cut by so much.
    """
    sides = [[q for q in r.quantities if q.role in TO_REACH and q.kind in _LEVELS] for r in (a, b)]
    if not all(sides) or not before.measures & after.measures:
        return None
    for p in sides[0]:
        for q in sides[1]:
            if (
                p.measure is not None
                and p.measure == q.measure
                and (p.role, dimension(p)) != (q.role, dimension(q))
            ):
                return Numbers(before=p, after=q)
    return None


def _pair_steps(earlier: list[Quantity], later: list[Quantity]) -> list[Numbers]:
    """The only times of the two, where their measures are one but for the time (waits of over 65
    and of over 52 weeks) or are not both known.
    """
    if len(earlier) != 1 or len(later) != 1 or dimension(earlier[0]) != dimension(later[0]):
        return []
    p, q = earlier[0], later[0]
    ladders = [_NUMBER.sub("#", quantity.measure or "") for quantity in (p, q)]
    if (ladders[0] != ladders[1] and all(ladders)) or p.kind is not QuantityKind.DURATION:
        return []
    return [Numbers(before=p, after=q)]


_NUMBER: Final = re.compile(r"\d+")


def _are_complements(p: Quantity, q: Quantity) -> bool:
    shares = p.kind is q.kind is QuantityKind.PERCENTAGE and p.measure is not None
    return shares and p.measure == q.measure and abs(p.value + q.value - 100) < _ROUNDING


_ROUNDING: Final = 0.05


def _is_only(quantity: Quantity, among: list[Quantity]) -> bool:
    return sum(dimension(q) == dimension(quantity) for q in among) == 1


def _is_countable_with(p: Quantity, q: Quantity) -> bool:
    """Whether two numbers are counted in one way; a count may leave out "a day" or "a year"."""
    if p.kind is q.kind is QuantityKind.COUNT:
        return p.unit == q.unit or not (p.unit and q.unit)
    return dimension(p) == dimension(q)


def _fit(p: Quantity, q: Quantity, only: bool, shared: bool) -> float:
    """How surely two numbers are about the same thing, 0 to 2.

    A number to reach and the definition of a measure never are, nor two numbers of different
    measures, unless each stands alone in requirements that share a measure.
    """
    if not _is_countable_with(p, q) or (
        (p.role in TO_REACH) != (q.role in TO_REACH) and p.measure != q.measure
    ):
        return 0.0
    same = 0.1 * (_value(p) == _value(q)) + 0.1 * (p.role is q.role)
    if p.measure is not None and q.measure is not None:
        if p.measure == q.measure:
            return 1.5 + same
        return 0.6 + same if only and shared else 0.0
    metric = 0.0
    if p.metric and q.metric:
        metric = fuzz.token_set_ratio(p.metric.lower(), q.metric.lower()) / 100
    return max(metric, 0.7 if only else 0.0) + same


def dimension(quantity: Quantity) -> tuple[QuantityKind, str]:
    """What two numbers must share to be compared: minutes with hours, days with weeks, months with
    years.
    """
    unit = quantity.unit or ""
    return quantity.kind, _SIZES[unit][
        0
    ] if quantity.kind is QuantityKind.DURATION and unit in _SIZES else unit


def _value(quantity: Quantity) -> tuple[float, float | None]:
    """A number's bounds in the unit that its dimension is counted in."""
    factor = (
        _SIZES.get(quantity.unit or "", ("", 1.0))[1]
        if quantity.kind is QuantityKind.DURATION
        else 1.0
    )
    return quantity.value * factor, quantity.high * factor if quantity.high is not None else None


def _late(quantity: Quantity, year: int | None) -> int:
    """How many years a number's own deadline lies beyond the planning year: of several steps the
    first counts.
    """
    if quantity.deadline is None or year is None:
        return 0
    return max(0, quantity.deadline.year - (year + 1))


def direction_of_ambition(
    before: Quantity, after: Quantity, requirement: Requirement, lexicon: Lexicon
) -> str | None:
    """Whether the later number asks for more, "harder", or for less, "easier"; None where it cannot
    be told.

    A larger cut or rise is harder. For a level its comparator tells ("at least", "no more than"),
    without one the measure, which says which way is better, and at last the verb.
    """
    if (before.role, dimension(before)) != (after.role, dimension(after)):
        return None
    (low, low_end), (high, high_end) = _value(before), _value(after)
    if low == high:
        low, high = low_end or low, high_end or high
    if low == high:
        return None
    more_is_harder = _more_is_harder(before, after, requirement, lexicon)
    if more_is_harder is None:
        return None
    return "harder" if (high > low) == more_is_harder else "easier"


def _more_is_harder(
    before: Quantity, after: Quantity, requirement: Requirement, lexicon: Lexicon
) -> bool | None:
    if after.role is Role.CHANGE:
        return True
    # What the text says of its own number goes before what is known of the measure: "within 45
    # minutes" bounds minutes, though the share released in time is better higher.
    for quantity in (after, before):
        if quantity.comparator in (">=", ">"):
            return True
        if quantity.comparator in ("<=", "<"):
            return False
    measure = lexicon.measures.get(after.measure or before.measure or "")
    if measure is not None and measure.better is not None:
        return measure.better == "higher"
    text = f"{requirement.stem or ''} {requirement.quote}"
    for other in requirement.quantities:
        if other is not after:  # "no longer than 18 weeks" says nothing of the 65%
            text = text.replace(other.text, " ")
    if find_words("less").search(text):
        return False
    return True if find_words("more").search(text) else None


_SIGN: Final = {">=": "at least ", "<=": "at most ", ">": "more than ", "<": "less than "}


def show_quantity(quantity: Quantity) -> str:
    """A number as a reviewer would write it: "at least 78%", "£2.5bn", "30 minutes"."""
    shown = _show_value(quantity.value, quantity)
    if quantity.high is not None:
        return f"{shown} to {_show_value(quantity.high, quantity)}"
    return _SIGN.get(quantity.comparator, "") + shown


def _show_value(value: float, quantity: Quantity) -> str:
    if quantity.kind is QuantityKind.MONEY:
        for size, letter in ((1e9, "bn"), (1e6, "m")):
            if abs(value) >= size:
                return f"£{value / size:g}{letter}"
        return f"£{value:,.2f}".removesuffix(".00")
    number = f"{value:,.10g}" if value >= 1000 else f"{value:g}"
    if quantity.kind is QuantityKind.PERCENTAGE:
        return f"{number}%"
    if quantity.kind is QuantityKind.PERCENTAGE_POINTS:
        return f"{number} percentage points"
    return f"{number} {quantity.unit}" if quantity.unit else number


def quantity_unit(quantity: Quantity) -> str | None:
    """The unit that a link gives its values in: "%", "£", "minutes"."""
    if quantity.kind is QuantityKind.PERCENTAGE:
        return "%"
    if quantity.kind is QuantityKind.PERCENTAGE_POINTS:
        return "percentage points"
    return "£" if quantity.kind is QuantityKind.MONEY else quantity.unit


_MONTHS: Final = (
    "January February March April May June July August September October November December".split()
)


def show_day(day: date) -> str:
    """31 March 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
