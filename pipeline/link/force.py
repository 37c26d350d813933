"""Whether the later of two requirements binds more or less than the earlier: force, date, number,
scope.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from rapidfuzz.distance import Levenshtein

from pipeline.link.numbers import TO_REACH, Years, dimension, show_day
from pipeline.link.often import times_a_year
from pipeline.link.patterns import find_words
from pipeline.link.text import Wording
from pipeline.records import Modality, Quantity, QuantityKind, Requirement

_SOMEWHAT_ALIKE: Final = 0.50  # likeness under which a change of detail is only one of many changes
_ALIKE: Final = 0.60
_MOSTLY_ALIKE: Final = 0.70
_ENOUGH: Final = 1.5  # from which weight of differences a duty counts as stronger or weaker
_ENOUGH_IF_ALIKE: Final = 1.0  # the same where the words are otherwise alike
_SLACK: Final = timedelta(days=20)  # dates nearer than this are the same date
_SAME_ROUND: Final = timedelta(days=120)  # how far the day of a yearly duty moves within its year
_FEW: Final = 10  # counts under this are mostly of parts of the sentence, not of what is to be done

# What each kind of difference weighs. They order as they do in the labelled pairs, where force
# tells most, then a number, a date, an end to something, a further demand and whom it covers; they
# weigh the same in both directions but where a loss often is only another way to say the same.
_RUNG: Final = 2.0
_NUMBER: Final = 1.5
_NUMBER_GONE: Final = 0.75
_DATE: Final = 1.0
_DATE_GONE: Final = 0.5
_DATE_MOVED: Final = 1.0
_OFTEN: Final = 1.5
_END: Final = 1.0
_EVERY: Final = 0.5
_LIMIT: Final = 1.0
_TENTATIVE: Final = 0.5
_DETAIL: Final = 1.0

Step = tuple[float, str]


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


def _steps(before: Wording, after: Wording, alike: float, years: Years) -> Iterator[Step]:
    """Each difference in force as (+ stronger or - weaker, by how much; in words)."""
    a, b = before.requirement, after.requirement
    yield from _force_steps(before, after)
    yield from _number_steps(a, b)
    yield from _date_steps(a, b, years)
    yield from _often_steps(a.quote, b.quote)
    yield from _scope_steps(a.quote, b.quote, alike)
    if alike >= _MOSTLY_ALIKE:
        yield from _detail_steps(a.quote, b.quote)


# ------------------------------------------------------------------------------------------- force


def _force_steps(before: Wording, after: Wording) -> Iterator[Step]:
    rungs = _rung(before), _rung(after)
    if rungs[0] is None or rungs[1] is None or rungs[0] == rungs[1]:
        return
    cues = _cue(before.requirement), _cue(after.requirement)
    yield _RUNG * (rungs[1] - rungs[0]), f"“{cues[0]}” is now “{cues[1]}”"


def _rung(wording: Wording) -> float | None:
    """What one may do, what is encouraged, what one should do, what binds: 0 to 2; None where no
    force is told.

    A promise of the author's own, an order and a ban bind alike.
    """
    if wording.requirement.modality is Modality.NONE:
        return None
    return next((rung for least, rung in _RUNGS if wording.strength >= least), 0.0)


_RUNGS: Final = ((66, 2.0), (40, 1.0), (30, 0.5))


def _cue(requirement: Requirement) -> str:
    return requirement.cue or requirement.modality.value


# ------------------------------------------------------------------------------------------ number


def _number_steps(a: Requirement, b: Requirement) -> Iterator[Step]:
    was, new = _to_reach(a), _to_reach(b)
    if was and not new and _is_share(was) and _covers_all(b.quote):
        yield _NUMBER, "the share to reach is now all"
    elif new and not was and _is_share(new) and _covers_all(a.quote):
        return  # "all" became nearly all
    elif _has_more(new, was, a):
        yield _NUMBER, "a number to reach was added"
    elif _has_more(was, new, b) and not find_words("end").search(b.quote):
        yield -_NUMBER_GONE, "its number to reach is gone"


def _to_reach(requirement: Requirement) -> list[Quantity]:
    """The numbers to reach that say how much; "in each of the three years" is none."""
    return [
        q
        for q in requirement.quantities
        if q.role in TO_REACH
        and not (
            q.kind is QuantityKind.COUNT
            and q.value < _FEW
            and q.measure is None
            and q.comparator == "="
        )
    ]


def _is_share(quantities: list[Quantity]) -> bool:
    return any(q.kind is QuantityKind.PERCENTAGE for q in quantities)


def _covers_all(quote: str) -> bool:
    return any(find_words(words).search(quote) for words in ("every", "end"))


def _has_more(there: list[Quantity], other: list[Quantity], requirement: Requirement) -> bool:
    """Whether there are numbers to reach on one side, and none on the other that could be one."""
    known = {dimension(q) for q in requirement.quantities}
    return bool(there) and not other and not known & {dimension(q) for q in there}


# -------------------------------------------------------------------------------------------- date


def _date_steps(a: Requirement, b: Requirement, years: Years) -> Iterator[Step]:
    was, due = _due(a), _due(b)
    if was is None and due is not None:
        yield _DATE, f"a date was set ({show_day(due)})"
    elif was is not None and due is None:
        yield -_DATE_GONE, f"its date ({show_day(was)}) is gone"
    elif was is not None and due is not None:
        moved = _weigh_move(was, due, years)
        if moved:
            way = "earlier" if moved > 0 else "later"
            yield moved, f"due {show_day(due)} instead of {show_day(was)}, {way}"


def _due(requirement: Requirement) -> date | None:
    return requirement.deadline.date if requirement.deadline is not None else None


def _weigh_move(was: date, due: date, years: Years) -> float:
    """+ where the later is due earlier than the passing of years alone would make it, - where
    later.

    What comes round every year is measured against its day in that year; what was to be done once,
    against the day that was set for it.
    """
    expected = _add_years(was, years.apart)
    if abs(due - expected) <= _SLACK or abs(due - was) <= _SLACK:
        return 0.0
    if abs(due - expected) <= _SAME_ROUND:
        return _DATE_MOVED if due < expected else -_DATE_MOVED
    # Not a date of every year: an end that was to be reached by a day is now to be reached by
    # another.
    return _DATE_MOVED if due < was or (due < expected and years.apart == 0) else -_DATE_MOVED


def _add_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _often_steps(a: str, b: str) -> Iterator[Step]:
    was, now = times_a_year(a), times_a_year(b)
    if was is None or now is None or max(was, now) < _OFTENER * min(was, now):
        return
    yield (_OFTEN, "to be done more often") if now > was else (-_OFTEN, "to be done less often")


_OFTENER: Final = 1.25  # "every four weeks" is monthly


# ------------------------------------------------------------------------------------------- scope


def _scope_steps(a: str, b: str, alike: float) -> Iterator[Step]:
    yield from _word_step("end", a, b, _END)
    if _first("every", b) and not _first("every", a):
        # Its loss tells nothing: "all trusts" and "trusts" are the same trusts.
        yield _EVERY, f"“{_first('every', b)}” was added"
    if alike >= _SOMEWHAT_ALIKE:
        yield from _word_step("limiter", a, b, -_LIMIT)
        yield from _word_step("tentative", a, b, -_TENTATIVE)


def _word_step(id_: str, a: str, b: str, weight: float) -> Iterator[Step]:
    """`weight` where only `b` has such a word, the contrary where only `a` has."""
    first, second = _first(id_, a), _first(id_, b)
    if second and not first:
        yield weight, f"“{second}” was added"
    elif first and not second:
        yield -weight, f"“{first}” is gone"


def _first(id_: str, text: str) -> str:
    found = find_words(id_).search(text)
    return found.group().lower() if found is not None else ""


def _detail_steps(a: str, b: str) -> Iterator[Step]:
    added, gone = _added(a, b), _added(b, a)
    if added and not gone:
        yield _DETAIL, f"“{added}” was added"
    elif gone and not added:
        yield -_DETAIL, f"“{gone}” is gone"


def _added(a: str, b: str) -> str:
    """What `b` asks for on top of what `a` does: words put in that begin with "and", "nor", "each
    year", ... ("").
    """
    earlier, later = ([w.strip(_MARKS) for w in text.split()] for text in (a, b))
    known = {word.lower() for word in earlier}
    for opcode in Levenshtein.opcodes(earlier, later):
        if opcode.tag == "insert":
            words = " ".join(later[opcode.dest_start : opcode.dest_end])
            before = " ".join(later[max(0, opcode.dest_start - 1) : opcode.dest_start])
            says_more = any(word.lower() not in known for word in words.split())
            if says_more and (find_words("addition").search(words) or before.lower() == "and"):
                return words
    return ""


_MARKS: Final = ",;:. "
