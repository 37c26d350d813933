"""Amounts: numerals with their units, joined into ranges and ratios; a unit said once is shared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.extract.numbers import Numeral, next_numeral
from pipeline.extract.quantity_ages import is_age_plural
from pipeline.extract.quantity_levels import STANDING
from pipeline.extract.quantity_names import name_end
from pipeline.extract.quantity_rules import quantity_rules
from pipeline.extract.quantity_unit import Unit
from pipeline.extract.quantity_units import read_unit
from pipeline.records import QuantityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A numeral, or two that make a range (`high`) or a ratio (`base`), with what they measure.

    It stands at [start, end), unit and "between" included. `shared`: its unit stands with another.
    """

    numeral: Numeral
    start: int
    end: int
    unit: Unit | None
    high: Numeral | None = None
    base: Numeral | None = None
    shared: bool = False


_REACH: Final = 40
_LEVEL_REACH: Final = 64
_JOINT: Final = re.compile(r"\s?(?P<word>[-–—,/&]|to|and|or)\s?", re.IGNORECASE)
_LIST_JOINTS: Final = frozenset({"and", "or", "/", "&"})
_RANGE_JOINTS: Final = frozenset({"-", "–", "—", "to"})
_BETWEEN: Final = re.compile(r"\bbetween\s(?:about\s|around\s|some\s|roughly\s)?$", re.IGNORECASE)
_FROM: Final = re.compile(
    r"\bfrom\s(?:(?:an?|the|its|about|around|some|just|over|under|nearly)\s){0,2}$", re.IGNORECASE
)
_SPREAD: Final = re.compile(
    r"\b(?:anything|anywhere|anyone|rang(?:e|es|ed|ing)|ages?|aged|var(?:y|ies|ied|ying))"
    r"\s(?:\w+\s){0,2}?from\s(?:(?:an?|the|about)\s)?$",
    re.IGNORECASE,
)
_RATIO: Final = re.compile(
    r"(?P<noun>(?:\s[a-z][\w’-]*){0,3})\s(?P<of>(?:in|out\sof)(?:\severy)?|of\severy)\s",
    re.IGNORECASE,
)
_PLURAL_NOUN: Final = re.compile(r"\s[a-z]{3,}s\b")
_LARGEST_BASE: Final = 100
_SHARED: Final = frozenset(
    {QuantityKind.PERCENTAGE, QuantityKind.PERCENTAGE_POINTS, QuantityKind.DURATION}
)
_LETTERS: Final = re.compile(r"[A-Za-z_]+\d*")


def find_amounts(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """The amounts of `text` in order, without names, dates and what the `taken` stretches hold."""
    amounts = [_with_unit(text, n) for n in _quantified(text, taken)]
    joined: list[Amount] = []
    for amount in _share_units(text, amounts):
        whole = _join(text, joined[-1], amount) if joined else None
        if whole is None:
            joined.append(amount)
        else:
            joined[-1] = whole
    return [a for a in joined if a.unit is None or not a.unit.named]


def _quantified(text: str, taken: Sequence[tuple[int, int]]) -> list[Numeral]:
    """The numerals of `text` that are no names and do not stand in a taken stretch."""
    numerals: list[Numeral] = []
    after_label: int | None = None
    position = 0
    ahead = sorted(taken, reverse=True)
    while (numeral := next_numeral(text, position)) is not None:
        position = max(numeral.end, position + 1)
        while ahead and ahead[-1][1] <= numeral.start:
            ahead.pop()
        if ahead and ahead[-1][0] < numeral.end:
            continue
        end = name_end(text, numeral, after_label=after_label)
        after_label = numeral.end if end is not None else None
        if end is not None:
            position = max(end, position)
        elif not _is_code(text, numeral):
            numerals.append(numeral)
    return numerals


def _is_code(text: str, numeral: Numeral) -> bool:
    """Whether letters behind the digits make a code: "4G", "7a"; not "5pp", "20mph", "over-65s"."""
    letters = _LETTERS.match(text, numeral.end)
    written_on = quantity_rules().written_on.words
    if numeral.form != "digits" or letters is None or letters.group().lower() in written_on:
        return False
    return not (letters.group().lower() == "s" and is_age_plural(text, numeral))


def _with_unit(text: str, numeral: Numeral) -> Amount:
    unit = read_unit(text, numeral)
    end = unit.end if unit else numeral.end
    return Amount(numeral=numeral, start=numeral.start, end=end, unit=unit)


def _joint(text: str, left: Amount, right: Amount) -> str | None:
    """The word or sign that alone stands between two amounts, or None."""
    if not 0 < right.start - left.end <= 6:
        return None
    match = _JOINT.fullmatch(text, left.end, right.start)
    return match["word"].lower() if match else None


def _share_units(text: str, amounts: list[Amount]) -> list[Amount]:
    """The amounts with "75" of "75 and 80%" and "6" of "6, 12 and 18 months" given their units."""
    shared = list(amounts)
    listed = False
    for n in range(len(amounts) - 2, -1, -1):
        here, after = shared[n], shared[n + 1]
        joint = _joint(text, here, after)
        opening = max(0, here.start - _REACH)
        between = joint == "and" and _BETWEEN.search(text, opening, here.start)
        ranges = joint in _RANGE_JOINTS or bool(between)
        listed = joint in _LIST_JOINTS or (joint == "," and listed)
        if here.unit is None and here.numeral.form in ("digits", "words"):
            kind = after.unit.kind if after.unit else None
            if (
                after.unit is not None
                and (listed or ranges)
                and (kind in _SHARED or (ranges and kind is QuantityKind.RATE))
            ):
                unit = replace(after.unit, end=here.end)
                shared[n] = replace(here, unit=unit, shared=True)
        elif here.numeral.currency and after.unit is None and ranges:
            money = Unit(kind=QuantityKind.MONEY, end=after.end, name=here.numeral.currency)
            shared[n + 1] = replace(after, unit=money)
    return shared


def _join(text: str, left: Amount, right: Amount) -> Amount | None:
    """A range or ratio of two neighbours, or None where they are two amounts."""
    forms = (left.numeral.form, right.numeral.form)
    if left.base is not None or "article" in forms:
        return None
    if left.high is not None:
        return _ratio(text, left, right)
    if "fraction" in forms:
        return _range(text, left, right) if forms == ("fraction", "fraction") else None
    return _ratio(text, left, right) or _range(text, left, right)


def _range(text: str, left: Amount, right: Amount) -> Amount | None:
    joint = _joint(text, left, right)
    if joint is None or (left.unit and left.unit.kind) != (right.unit and right.unit.kind):
        return None
    opening = max(0, left.start - _REACH)
    between = _BETWEEN.search(text, opening, left.start)
    if joint in _RANGE_JOINTS:
        spans = joint != "to" or not _is_move(text, left, right, opening)
    else:
        spans = (joint == "and" and between is not None) or (
            joint == "or" and _are_next(left, right)
        )
    low, high = _scaled_alike(left.numeral, right.numeral)
    if not spans or high.value <= low.value:
        return None
    start = between.start() if between else left.start
    return Amount(numeral=low, high=high, start=start, end=right.end, unit=right.unit)


def _is_move(text: str, left: Amount, right: Amount, opening: int) -> bool:
    """Whether "to" leads from where a thing stands to where it is to go.

    "from 65% to 72%", "from its current rate of 65% to 72%", "raised by 8p to 58p"; but "ranging
    from 3% to 9%", "by 5% to 10%".
    """
    if _FROM.search(text, opening, left.start):
        return _SPREAD.search(text, opening, left.start) is None
    if STANDING.search(text, max(0, left.start - _LEVEL_REACH), left.start):
        return True
    far = right.numeral.value > 3 * left.numeral.value
    risen = text[opening : left.start].lower().endswith("by ")
    return risen and far and left.unit is not None and not left.shared


def _are_next(left: Amount, right: Amount) -> bool:
    """ "five or six weeks" is a range, "30 or 60 days" are two lengths."""
    return right.numeral.value - left.numeral.value == 1 and right.numeral.value <= 20


def _scaled_alike(low: Numeral, high: Numeral) -> tuple[Numeral, Numeral]:
    """The ends of "£1-2m", "two to three million": the scale holds for both where low has none."""
    if low.scale == 1.0 and high.scale != 1.0 and low.bare < high.bare:
        return replace(low, scale=high.scale), high
    if high.form == "words" and high.bare >= 1e6 and low.bare < high.bare / 1e6:
        return replace(low, scale=1e6), high
    return low, high


def _ratio(text: str, left: Amount, right: Amount) -> Amount | None:
    """ "1 in 5", "one bed in six", "19 out of 20 people": a share."""
    first, second = left.numeral, right.numeral
    pounds = bool(first.currency and second.currency)
    if (not pounds and (left.unit or right.unit)) or not 0 < first.value < second.value:
        return None
    link = _RATIO.fullmatch(text, left.end, right.start)
    if link is None or second.value > _LARGEST_BASE:
        return None
    firm = not link["noun"] or link["of"].lower() != "in"
    if not firm and _PLURAL_NOUN.match(text, right.end):
        return None  # "two wards in five trusts"
    return replace(left, base=second, end=right.end, unit=None)
