"""Whether the later of two requirements binds more or less than the earlier: force, date, number,
scope.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from rapidfuzz.distance import Levenshtein

from pipeline.link.numbers import TO_REACH, Years, dimension, show_day
from pipeline.link.patterns import find_words
from pipeline.link.text import Wording
from pipeline.records import Modality, Requirement

_MUCH_FORCE: Final = 15  # steps of strength that change a duty whatever else changes
_SOME_FORCE: Final = 5  # steps that do where the words are otherwise alike
_SOMEWHAT_ALIKE: Final = (
    0.50  # edit similarity under which a change of force is only one of many changes
)
_ALIKE: Final = 0.60
_MOSTLY_ALIKE: Final = 0.70
_ENOUGH: Final = 1.5  # from which weight of differences a duty counts as stronger or weaker
_ENOUGH_IF_ALIKE: Final = 1.0  # the same where the words are otherwise alike
_SLACK: Final = timedelta(days=20)  # dates nearer than this are the same date
_SAME_ROUND: Final = timedelta(days=120)  # how far the day of a yearly duty moves within its year


def weigh_change(
    before: Wording, after: Wording, alike: float, years: Years
) -> tuple[float, list[str]]:
    """By how much the later requirement is stronger (+) or weaker (-), 0 where by too little, and
    why.

    `alike` is how alike the two are in their words, 0 to 1: where they are, small differences
    count.
    """
    near = max(alike, _content_alike(before, after))
    steps = list(_steps(before, after, near, years))
    total = sum(weight for weight, _ in steps)
    if abs(total) < (_ENOUGH_IF_ALIKE if near >= _ALIKE else _ENOUGH):
        return 0.0, []
    return total, [reason for weight, reason in steps if (weight > 0) == (total > 0)]


def _content_alike(before: Wording, after: Wording) -> float:
    """How many content words the two share, twice that by all they have (Dice)."""
    shared = len(before.terms & after.terms)
    return 2 * shared / max(1, len(before.terms) + len(after.terms))


def _steps(
    before: Wording, after: Wording, alike: float, years: Years
) -> Iterator[tuple[float, str]]:
    """Each difference in force as (+ stronger or - weaker, by how much; in words).

    The weights say how often a difference of that kind, alone, made readers call the labelled pairs
    stronger or weaker: a gain in force is seldom chance, while a loss often only is another way to
    say the same.
    """
    yield from _force_steps(
        before.requirement, after.requirement, after.strength - before.strength, alike
    )
    yield from _date_steps(before.requirement, after.requirement, years)
    yield from _number_steps(before, after, alike)
    yield from _scope_steps(before.requirement.quote, after.requirement.quote, alike)


def _force_steps(
    a: Requirement, b: Requirement, gained: int, alike: float
) -> Iterator[tuple[float, str]]:
    if not (_on_ladder(a) and _on_ladder(b)):
        return
    much = abs(gained) >= _MUCH_FORCE
    if much or (abs(gained) >= _SOME_FORCE and alike >= _MOSTLY_ALIKE):
        weight = (
            2.0
            if gained > 0
            else (-2.0 if alike >= _ALIKE else -1.0 if alike >= _SOMEWHAT_ALIKE else -0.5)
        )
        yield weight, f"“{_cue(a)}” is now “{_cue(b)}”"


def _date_steps(a: Requirement, b: Requirement, years: Years) -> Iterator[tuple[float, str]]:
    if _due(b) is not None and _due(a) is None:
        yield 1.0, f"a date was set ({_day(b)})"
    moved = _deadline_moved(a, b, years)
    if moved:
        yield (
            float(moved),
            f"due {_day(b)} instead of {_day(a)}, {'earlier' if moved > 0 else 'later'}",
        )


def _number_steps(before: Wording, after: Wording, alike: float) -> Iterator[tuple[float, str]]:
    a, b = before.requirement, after.requirement
    if _has_more_numbers(b, a):
        yield 1.0, "a number to reach was added"
    elif _has_more_numbers(a, b) and not find_words("end").search(b.quote):
        yield (-1.0 if alike >= _SOMEWHAT_ALIKE else -0.5), "its number to reach is gone"


def _scope_steps(a: str, b: str, alike: float) -> Iterator[tuple[float, str]]:
    if alike >= _SOMEWHAT_ALIKE:
        limits = len(find_words("limiter").findall(a)) - len(find_words("limiter").findall(b))
        if limits:
            words = (
                _only_in(find_words("limiter"), a, b)
                if limits > 0
                else _only_in(find_words("limiter"), b, a)
            )
            yield (1.0, f"“{words}” is gone") if limits > 0 else (-1.0, f"“{words}” was added")
    if alike >= _MOSTLY_ALIKE:
        added, gone = _added(a, b), _added(b, a)
        if added and not gone:
            yield 1.0, f"“{added}” was added"
        elif gone and not added:
            yield -1.0, f"“{gone}” is gone"
    for pattern, weight in (
        (find_words("end"), 1.0),
        (find_words("every"), 1.0 if alike >= _SOMEWHAT_ALIKE else 0.5),
    ):
        if pattern.search(b) and not pattern.search(a):
            yield weight, f"“{_only_in(pattern, b, a)}” was added"
        elif pattern is find_words("end") and pattern.search(a) and not pattern.search(b):
            yield -0.5, f"“{_only_in(pattern, a, b)}” is gone"
    if (
        alike >= _MOSTLY_ALIKE
        and find_words("every").search(a)
        and not find_words("every").search(b)
    ):
        yield -0.5, f"“{_only_in(find_words('every'), a, b)}” is gone"
    if (
        alike >= _SOMEWHAT_ALIKE
        and find_words("tentative").search(a)
        and not find_words("tentative").search(b)
    ):
        yield 0.5, f"“{_only_in(find_words('tentative'), a, b)}” is gone"


def _added(a: str, b: str) -> str:
    """What `b` asks for on top of what `a` does: words put in that begin with "and", "nor", "each
    year", ... ("").
    """
    earlier, later = a.split(), b.split()
    for opcode in Levenshtein.opcodes(earlier, later):
        if opcode.tag == "insert":
            words = " ".join(later[opcode.dest_start : opcode.dest_end])
            before = " ".join(later[max(0, opcode.dest_start - 1) : opcode.dest_start])
            if find_words("addition").search(words) or before.lower() == "and":
                return words.strip(",;. ")
    return ""


def _has_more_numbers(a: Requirement, b: Requirement) -> bool:
    """Whether `a` has a number to reach and `b` no number that could be one."""
    wanted = {dimension(q) for q in a.quantities if q.role in TO_REACH}
    there = {dimension(q) for q in b.quantities}
    return bool(wanted) and not any(q.role in TO_REACH for q in b.quantities) and not wanted & there


_LADDER: Final = (
    Modality.OBLIGATION,
    Modality.RECOMMENDATION,
    Modality.PERMISSION,
    Modality.PROHIBITION,
)


def _on_ladder(requirement: Requirement) -> bool:
    return requirement.modality in _LADDER


def _cue(requirement: Requirement) -> str:
    return requirement.cue or requirement.modality.value


def _due(requirement: Requirement) -> date | None:
    return requirement.deadline.date if requirement.deadline is not None else None


def _day(requirement: Requirement) -> str:
    due = _due(requirement)
    return show_day(due) if due is not None else "at no date"


def _deadline_moved(a: Requirement, b: Requirement, years: Years) -> int:
    """+1 where the later is due earlier than the passing of years alone would make it, -1 where
    later, else 0.

    What comes round every year is measured against its day in that year; what was to be done once,
    against the day that was set for it.
    """
    was, due = _due(a), _due(b)
    if was is None or due is None:
        return 0
    expected = _add_years(was, years.apart)
    if abs(due - expected) <= _SLACK or abs(due - was) <= _SLACK:
        return 0
    if abs(due - expected) <= _SAME_ROUND:
        return 1 if due < expected else -1
    # Not a date of every year: an end that was to be reached by a day is now to be reached by
    # another.
    return 1 if due < was or (due < expected and years.apart == 0) else -1


def _add_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _only_in(pattern: re.Pattern[str], text: str, other: str) -> str:
    """The first words that the pattern finds in `text` and not in `other`."""
    known = {m.group().lower() for m in pattern.finditer(other)}
    return next(
        (m.group().lower() for m in pattern.finditer(text) if m.group().lower() not in known), ""
    )
