"""How the later of two matched requirements differs from the earlier, and how that is said to a reviewer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rapidfuzz import fuzz

from pipeline.lexicon import Lexicon
from pipeline.link.assign import Matching
from pipeline.link.text import Wording
from pipeline.records import Modality, Quantity, QuantityKind, Relation, Requirement, Role

_SAME_WORDS: Final = 0.90  # edit similarity from which two wordings are the same but for trifles
_MUCH_FORCE: Final = 15  # steps of strength that change a duty whatever else changes
_SOME_FORCE: Final = 5  # steps that do where the words are otherwise alike
_ALIKE: Final = 0.60
_SLACK: Final = timedelta(days=45)  # dates nearer than this are the same date
_LIMITERS: Final = re.compile(
    r"\b(?:where(?:ver)? (?:possible|appropriate|practicable|feasible|clinically appropriate|affordable)|"
    r"as far as (?:possible|practicable)|if possible|subject to|unless|where funding allows|at (?:their|its|your) "
    r"discretion|in most cases|most|some|the majority of|a sample of|aim(?:ing)? to|seek(?:ing)? to|work(?:ing)? "
    r"towards?|make progress|except(?:ing)?)\b",
    re.I,
)
_WIDENERS: Final = re.compile(
    r"\b(?:all|every|each|any|without exception|in full|fully|as a minimum|at least|always|both)\b", re.I
)
_MORE: Final = re.compile(
    r"\b(?:increas\w+|improv\w+|rais\w+|expand\w*|grow\w*|at least|minimum|no (?:less|fewer) than|more than|above|"
    r"deliver\w*|creat\w+|set(?:s|ting)? aside|achiev\w+|provid\w+|hold|invest\w*|recruit\w*|offer\w*|maintain\w*|"
    r"additional|extra|reach\w*|build)\b",
    re.I,
)
_LESS: Final = re.compile(
    r"\b(?:reduc\w+ .{0,60}\bto|cut\w* .{0,60}\bto|lower\w* .{0,60}\bto|no more than|no longer than|within|up to|at most|"
    r"maximum|not exceed\w*|below|under|less than|fewer than|or less|or fewer|ceiling|cap|limit\w*)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A relation with its evidence; values and unit where the relation concerns a number."""

    relation: Relation
    evidence: str
    from_value: float | None = None
    to_value: float | None = None
    unit: str | None = None
    ambition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """The planning years of the two ends, as the calendar years in which they start; None where unknown."""

    before: int | None
    after: int | None

    @property
    def apart(self) -> int:
        """How many years lie between the ends."""
        return (self.after or 0) - (self.before or 0) if self.before and self.after else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbers:
    """A number of the earlier requirement and the one of the later that is about the same thing."""

    before: Quantity
    after: Quantity

    @property
    def changed(self) -> bool:
        return (self.before.value, self.before.high) != (self.after.value, self.after.high)


def judge(before: Wording, after: Wording, matching: Matching, years: Years, lexicon: Lexicon) -> list[Judgement]:
    """How `after` differs from `before`: one judgement, or two where one number changed and another did not."""
    a, b = before.requirement, after.requirement
    alike = fuzz.ratio(before.text, after.text) / 100
    tail = _wording_evidence(before, after, alike, lexicon)
    numbers = list(_pair_numbers(a, b, years))
    changed = [n for n in numbers if n.changed]
    judgements: list[Judgement] = []
    if changed:
        judgements.append(_judge_numbers(changed[0], a, b, years, tail, lexicon))
        kept = [n for n in numbers if not n.changed]
        if kept:
            judgements.append(_judge_same_number(kept[0], tail))
        return judgements
    values = _values(numbers)
    if matching in (Matching.SPLIT, Matching.MERGED):
        parts = "one of several that together take its place" if matching is Matching.SPLIT else "one of several that it takes the place of"
        relation = Relation(matching.value)
        return [Judgement(relation=relation, evidence=_sentence([parts, *tail]), **values)]
    relation, why = _weigh_change(before, after, alike, years)
    return [Judgement(relation=relation, evidence=_sentence([*why, *_number_evidence(numbers), *tail]), **values)]


def _weigh_change(before: Wording, after: Wording, alike: float, years: Years) -> tuple[Relation, list[str]]:
    """Strengthened or weakened where force, date, scope or a number say so; else same or reworded."""
    steps = list(_steps(before, after, alike, years))
    total = sum(step for step, _ in steps)
    if total:
        why = [reason for step, reason in steps if (step > 0) == (total > 0)]
        return (Relation.STRENGTHENED if total > 0 else Relation.WEAKENED), why
    return (Relation.SAME if alike >= _SAME_WORDS else Relation.REWORDED), []


def _steps(before: Wording, after: Wording, alike: float, years: Years) -> Iterator[tuple[int, str]]:
    """Each difference in force as (+ stronger or - weaker, by how much; in words)."""
    a, b = before.requirement, after.requirement
    if _on_ladder(a) and _on_ladder(b):
        force = after.strength - before.strength
        if abs(force) >= (_SOME_FORCE if alike >= _ALIKE else _MUCH_FORCE):
            yield (2 if force > 0 else -2), f"“{_cue(a)}” is now “{_cue(b)}”"
    moved = _deadline_moved(a, b, years)
    if moved:
        yield moved, f"due {_day(b)} instead of {_day(a)}: {'earlier' if moved > 0 else 'later'} in its year"
    has_target = [any(q.role in (Role.TARGET, Role.CHANGE) for q in r.quantities) for r in (a, b)]
    if has_target[0] != has_target[1] and (before.measures & after.measures or alike >= _ALIKE):
        yield (2, "a number to reach was added") if has_target[1] else (-2, "its number to reach is gone")
    if alike >= _ALIKE:
        limits = len(_LIMITERS.findall(a.quote)) - len(_LIMITERS.findall(b.quote))
        if limits:
            gone = _only_in(_LIMITERS, a.quote, b.quote) if limits > 0 else _only_in(_LIMITERS, b.quote, a.quote)
            yield (1, f"“{gone}” is gone") if limits > 0 else (-1, f"“{gone}” was added")
        scope = len(_WIDENERS.findall(b.quote)) - len(_WIDENERS.findall(a.quote))
        if scope and not limits:
            word = _only_in(_WIDENERS, b.quote, a.quote) if scope > 0 else _only_in(_WIDENERS, a.quote, b.quote)
            if word:
                yield (1, f"“{word}” was added") if scope > 0 else (-1, f"“{word}” is gone")


_LADDER: Final = (Modality.OBLIGATION, Modality.RECOMMENDATION, Modality.PERMISSION, Modality.PROHIBITION)


def _on_ladder(requirement: Requirement) -> bool:
    return requirement.modality in _LADDER


def _cue(requirement: Requirement) -> str:
    return requirement.cue or requirement.modality.value


def _day(requirement: Requirement) -> str:
    deadline = requirement.deadline
    return show_day(deadline.date) if deadline is not None and deadline.date is not None else "at no date"


_MONTHS: Final = (
    "January February March April May June July August September October November December".split()
)


def show_day(day: date) -> str:
    """31 March 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _deadline_moved(a: Requirement, b: Requirement, years: Years) -> int:
    """+1 where the later is due earlier than the passing of years alone would make it, -1 where later, else 0."""
    if a.deadline is None or b.deadline is None or a.deadline.date is None or b.deadline.date is None:
        return 0
    expected = _add_years(a.deadline.date, years.apart)
    due = b.deadline.date
    if abs(due - expected) <= _SLACK or abs(due - a.deadline.date) <= _SLACK:
        return 0
    return 1 if due < expected else -1


def _add_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _only_in(pattern: re.Pattern[str], text: str, other: str) -> str:
    """The first words that the pattern finds in `text` and not in `other`."""
    known = {m.group().lower() for m in pattern.finditer(other)}
    return next((m.group().lower() for m in pattern.finditer(text) if m.group().lower() not in known), "")


# ---------------------------------------------------------------------------------------------- numbers


def _pair_numbers(a: Requirement, b: Requirement, years: Years) -> Iterator[_Numbers]:
    """The numbers to reach of the two that are about the same thing, each used once, in reading order."""
    earlier = [q for q in a.quantities if q.role in (Role.TARGET, Role.CHANGE)]
    later = [q for q in b.quantities if q.role in (Role.TARGET, Role.CHANGE)]
    options = [
        (_fit(p, q, len(earlier) == len(later) == 1) - 0.01 * _late(q, years), i, j)
        for i, p in enumerate(earlier)
        for j, q in enumerate(later)
    ]
    used: tuple[set[int], set[int]] = (set(), set())
    chosen = []
    for fit, i, j in sorted(options, key=lambda o: (-o[0], o[1], o[2])):
        if fit >= 0.5 and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            chosen.append((i, j))
    for i, j in sorted(chosen):
        yield _Numbers(before=earlier[i], after=later[j])


def _fit(p: Quantity, q: Quantity, only: bool) -> float:
    """How surely two numbers are about the same thing, 0 to 2."""
    if (p.kind, p.unit or "") != (q.kind, q.unit or "") or p.role is not q.role:
        return 0.0
    if p.measure is not None and q.measure is not None:
        return 2.0 if p.measure == q.measure else 0.0
    metric = fuzz.token_set_ratio((p.metric or "").lower(), (q.metric or "").lower()) / 100 if p.metric and q.metric else 0.0
    equal = 0.3 if p.value == q.value else 0.0
    return max(metric, 0.7 if only else 0.0) + equal


def _late(q: Quantity, years: Years) -> int:
    """How many years a number's own deadline lies beyond the year compared: of several steps the first counts."""
    if q.deadline is None or years.after is None:
        return 0
    return max(0, q.deadline.year - (years.after + 1))


def _judge_numbers(
    numbers: _Numbers, a: Requirement, b: Requirement, years: Years, tail: list[str], lexicon: Lexicon
) -> Judgement:
    ambition = direction_of_ambition(numbers.before, numbers.after, b, lexicon)
    before, after = show_quantity(numbers.before), show_quantity(numbers.after)
    said = f"{before} {_when(years.before)}, {after} {_when(years.after)}" + (f": {ambition}" if ambition else "")
    said = said.replace("  ", " ").replace(" ,", ",").strip()
    return Judgement(
        relation=Relation.TARGET_CHANGED,
        evidence=_sentence([f"number {said}", *tail]),
        from_value=numbers.before.value,
        to_value=numbers.after.value,
        unit=quantity_unit(numbers.after),
        ambition=ambition,
    )


def _judge_same_number(numbers: _Numbers, tail: list[str]) -> Judgement:
    return Judgement(
        relation=Relation.SAME,
        evidence=_sentence([f"{show_quantity(numbers.after)} as before", *tail]),
        from_value=numbers.before.value,
        to_value=numbers.after.value,
        unit=quantity_unit(numbers.after),
    )


def direction_of_ambition(
    before: Quantity, after: Quantity, requirement: Requirement, lexicon: Lexicon
) -> str | None:
    """Whether the later number asks for more, "harder", or for less, "easier"; None where it cannot be told.

    A larger cut or rise is harder. For a level, the measure says which way is better; without one the comparator
    does ("at least", "no more than"), and at last the verb.
    """
    low, high = before.value, after.value
    if low == high:
        low, high = before.high or before.value, after.high or after.value
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
    measure = lexicon.measures.get(after.measure or before.measure or "")
    if measure is not None and measure.better is not None:
        return measure.better == "higher"
    for quantity in (after, before):
        if quantity.comparator in (">=", ">"):
            return True
        if quantity.comparator in ("<=", "<"):
            return False
    text = f"{requirement.stem or ''} {requirement.quote}"
    for other in requirement.quantities:
        if other is not after:  # "no longer than 18 weeks" says nothing of the 65%
            text = text.replace(other.text, " ")
    if _LESS.search(text):
        return False
    return True if _MORE.search(text) else None


def _values(numbers: list[_Numbers]) -> dict[str, float | str | None]:
    if not numbers:
        return {}
    first = numbers[0]
    return {"from_value": first.before.value, "to_value": first.after.value, "unit": quantity_unit(first.after)}


def _number_evidence(numbers: list[_Numbers]) -> list[str]:
    return [f"{show_quantity(n.after)} as before" for n in numbers[:1]]


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


# --------------------------------------------------------------------------------------------- evidence


def _wording_evidence(before: Wording, after: Wording, alike: float, lexicon: Lexicon) -> list[str]:
    """What speaks for the pair whatever its relation: the measure, the bodies, the words."""
    parts = []
    shared = sorted(before.measures & after.measures)
    names = [m.name for m in (lexicon.measures.get(measure) for measure in shared) if m is not None]
    if names:
        parts.append(f"same measure ({', '.join(names)})")
    a, b = before.bodies, after.bodies
    if a and b and not set(a) & set(b):
        lines = [sorted({lexicon.organisations.line_of(body) for body in bodies}) for bodies in (a, b)]
        if set(lines[0]) & set(lines[1]):
            parts.append(f"{', '.join(a)} became {', '.join(b)}")
        else:
            parts.append(f"on {', '.join(b)} instead of {', '.join(a)}")
    parts.append(f"wording {round(100 * alike)}% alike")
    return parts


def _when(year: int | None) -> str:
    return f"in {year}/{(year + 1) % 100:02d}" if year is not None else ""


def _sentence(parts: list[str]) -> str:
    text = "; ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]
