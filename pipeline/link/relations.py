"""How the later of two matched requirements differs from the earlier, and how that is said to a reviewer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.lexicon import Lexicon
from pipeline.link.assign import Matching
from pipeline.link.text import Wording
from pipeline.records import Modality, Quantity, QuantityKind, Relation, Requirement, Role

_SAME_WORDS: Final = (
    0.80  # edit similarity from which two wordings say the same in nearly the same words
)
_SAME_NUMBER: Final = 0.60  # the same where a number to reach has stayed as well
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
_LIMITERS: Final = re.compile(
    r"\b(?:where(?:ver)? (?:possible|appropriate|practicable|feasible|clinically appropriate|affordable)|"
    r"as far as (?:possible|practicable)|if possible|subject to|unless|where funding allows|at (?:their|its|your) "
    r"discretion|in most cases|most|some|the majority of|a sample of|aim(?:ing)? to|seek(?:ing)? to|work(?:ing)? "
    r"towards?|make progress|except(?:ing)?)\b",
    re.I,
)
_END: Final = re.compile(
    r"\b(?:eliminat\w+|eradicat\w+|zero|at an end|(?:an|put an) end to|must (?:end|cease|stop)|no (?:patient|person|"
    r"one|child|family|adult|pupil)|nobody|never|abolish\w*|do away with|banned)\b",
    re.I,
)
_MORE_OF_IT: Final = re.compile(
    r"^(?:and|nor|or|as well as|plus|including)\b|\b(?:again|in (?:each|every) (?:\w+ )?(?:year|month|quarter)|each year|"
    r"every (?:\w+ )?(?:year|months?|weeks?|quarter)|(?:once|twice) a \w+|alike)\b",
    re.I,
)
_EVERY: Final = re.compile(
    r"\b(?:all|every|each|any|in full|at all times|without exception)\b", re.I
)
_TENTATIVE: Final = re.compile(
    r"\b(?:work(?:ing)? towards?|make progress|on course|start(?:ing)?|begin(?:ning)?|prepare|ready|explore|support|"
    r"help|encouraged?|promote|refresh|aim|are asked|is asked|towards|on the way to)\b",
    re.I,
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


_LEVELS: Final = (
    QuantityKind.PERCENTAGE,
    QuantityKind.PERCENTAGE_POINTS,
    QuantityKind.MONEY,
    QuantityKind.RATE,
)
_TO_REACH: Final = (Role.TARGET, Role.CHANGE)
_FITS: Final = 0.5
_PER_YEAR_LATE: Final = 0.15
_SIZES: Final = {
    "seconds": ("minutes", 1 / 60), "minutes": ("minutes", 1.0), "hours": ("minutes", 60.0),
    "days": ("days", 1.0), "working days": ("days", 1.4), "weeks": ("days", 7.0),
    "months": ("months", 1.0), "years": ("months", 12.0),
}  # fmt: skip


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
        return _value(self.before) != _value(self.after)


def judge(
    before: Wording, after: Wording, matching: Matching, years: Years, lexicon: Lexicon
) -> list[Judgement]:
    """How `after` differs from `before`: one judgement, or two where one number changed and another did not."""
    a, b = before.requirement, after.requirement
    alike = fuzz.ratio(before.text, after.text) / 100
    tail = _wording_evidence(before, after, alike, lexicon)
    numbers = _pair_numbers(a, b, years)
    changed = [n for n in numbers if n.changed]
    judgements: list[Judgement] = []
    if changed:
        judgements.append(_judge_numbers(changed[0], a, b, years, tail, lexicon))
        kept = [n for n in numbers if not n.changed]
        if kept:
            judgements.append(_judge_same_number(kept[0], tail))
        return judgements
    if not numbers and (other := _other_target(a, b, before, after)) is not None:
        return [_judge_numbers(other, a, b, years, tail, lexicon)]
    values = _values(numbers)
    if matching in (Matching.SPLIT, Matching.MERGED):
        parts = (
            "one of several that together take its place"
            if matching is Matching.SPLIT
            else "one of several that it takes the place of"
        )
        relation = Relation(matching.value)
        return [Judgement(relation=relation, evidence=_sentence([parts, *tail]), **values)]
    relation, why = _weigh_change(before, after, alike, years, kept=bool(numbers))
    return [
        Judgement(
            relation=relation,
            evidence=_sentence([*why, *_number_evidence(numbers), *tail]),
            **values,
        )
    ]


def _weigh_change(
    before: Wording, after: Wording, alike: float, years: Years, *, kept: bool
) -> tuple[Relation, list[str]]:
    """Strengthened or weakened where force, date, scope or a number say so; else same or reworded.

    `kept` says that a number to reach is as it was: then fewer words need to agree for the two to be the same.
    """
    near = max(alike, _content_alike(before, after))
    steps = list(_steps(before, after, near, years))
    total = sum(weight for weight, _ in steps)
    if abs(total) >= (_ENOUGH_IF_ALIKE if near >= _ALIKE else _ENOUGH):
        why = [reason for weight, reason in steps if (weight > 0) == (total > 0)]
        return (Relation.STRENGTHENED if total > 0 else Relation.WEAKENED), why
    return (
        Relation.SAME if alike >= (_SAME_NUMBER if kept else _SAME_WORDS) else Relation.REWORDED
    ), []


def _content_alike(before: Wording, after: Wording) -> float:
    """How many content words the two share, twice that by all they have (Dice)."""
    shared = len(before.terms & after.terms)
    return 2 * shared / max(1, len(before.terms) + len(after.terms))


def _steps(
    before: Wording, after: Wording, alike: float, years: Years
) -> Iterator[tuple[float, str]]:
    """Each difference in force as (+ stronger or - weaker, by how much; in words).

    The weights say how often a difference of that kind, alone, made readers call the labelled pairs stronger or
    weaker: a gain in force is seldom chance, while a loss often only is another way to say the same.
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
            f"due {_day(b)} instead of {_day(a)}: {'earlier' if moved > 0 else 'later'} in its year",
        )


def _number_steps(before: Wording, after: Wording, alike: float) -> Iterator[tuple[float, str]]:
    a, b = before.requirement, after.requirement
    if _has_more_numbers(b, a):
        yield 1.0, "a number to reach was added"
    elif _has_more_numbers(a, b) and not _END.search(b.quote):
        yield (-1.0 if alike >= _SOMEWHAT_ALIKE else -0.5), "its number to reach is gone"


def _scope_steps(a: str, b: str, alike: float) -> Iterator[tuple[float, str]]:
    if alike >= _SOMEWHAT_ALIKE:
        limits = len(_LIMITERS.findall(a)) - len(_LIMITERS.findall(b))
        if limits:
            words = _only_in(_LIMITERS, a, b) if limits > 0 else _only_in(_LIMITERS, b, a)
            yield (1.0, f"“{words}” is gone") if limits > 0 else (-1.0, f"“{words}” was added")
    if alike >= _MOSTLY_ALIKE:
        added, gone = _added(a, b), _added(b, a)
        if added and not gone:
            yield 1.0, f"“{added}” was added"
        elif gone and not added:
            yield -1.0, f"“{gone}” is gone"
    for pattern, weight in ((_END, 1.0), (_EVERY, 1.0 if alike >= _SOMEWHAT_ALIKE else 0.5)):
        if pattern.search(b) and not pattern.search(a):
            yield weight, f"“{_only_in(pattern, b, a)}” was added"
        elif pattern is _END and pattern.search(a) and not pattern.search(b):
            yield -0.5, f"“{_only_in(pattern, a, b)}” is gone"
    if alike >= _MOSTLY_ALIKE and _EVERY.search(a) and not _EVERY.search(b):
        yield -0.5, f"“{_only_in(_EVERY, a, b)}” is gone"
    if alike >= _SOMEWHAT_ALIKE and _TENTATIVE.search(a) and not _TENTATIVE.search(b):
        yield 0.5, f"“{_only_in(_TENTATIVE, a, b)}” is gone"


def _added(a: str, b: str) -> str:
    """What `b` asks for on top of what `a` does: words put in that begin with "and", "nor", "each year", ... ("")."""
    earlier, later = a.split(), b.split()
    for opcode in Levenshtein.opcodes(earlier, later):
        if opcode.tag == "insert":
            words = " ".join(later[opcode.dest_start : opcode.dest_end])
            before = " ".join(later[max(0, opcode.dest_start - 1) : opcode.dest_start])
            if _MORE_OF_IT.search(words) or before.lower() == "and":
                return words.strip(",;. ")
    return ""


def _has_more_numbers(a: Requirement, b: Requirement) -> bool:
    """Whether `a` has a number to reach and `b` no number that could be one."""
    wanted = {_dimension(q) for q in a.quantities if q.role in _TO_REACH}
    there = {_dimension(q) for q in b.quantities}
    return (
        bool(wanted) and not any(q.role in _TO_REACH for q in b.quantities) and not wanted & there
    )


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


_MONTHS: Final = (
    "January February March April May June July August September October November December".split()
)


def show_day(day: date) -> str:
    """31 March 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _deadline_moved(a: Requirement, b: Requirement, years: Years) -> int:
    """+1 where the later is due earlier than the passing of years alone would make it, -1 where later, else 0.

    What comes round every year is measured against its day in that year; what was to be done once, against the day
    that was set for it.
    """
    was, due = _due(a), _due(b)
    if was is None or due is None:
        return 0
    expected = _add_years(was, years.apart)
    if abs(due - expected) <= _SLACK or abs(due - was) <= _SLACK:
        return 0
    if abs(due - expected) <= _SAME_ROUND:
        return 1 if due < expected else -1
    # Not a date of every year: an end that was to be reached by a day is now to be reached by another.
    return 1 if due < was or due < expected and years.apart == 0 else -1


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


# ---------------------------------------------------------------------------------------------- numbers


def _pair_numbers(a: Requirement, b: Requirement, years: Years) -> list[_Numbers]:
    """The numbers of the two that are about the same thing, each used once, in reading order.

    Numbers to reach go first; where none of those answer each other, any numbers of one kind do, since "people
    are seen within 10 days" sets a limit as much as it defines a measure.
    """
    sides = [[q for q in r.quantities if q.role in _TO_REACH] for r in (a, b)]
    return _pair(sides[0], sides[1], years) or _pair(list(a.quantities), list(b.quantities), years)


def _pair(earlier: list[Quantity], later: list[Quantity], years: Years) -> list[_Numbers]:
    options = [
        (
            _fit(p, q, _is_only(p, earlier) and _is_only(q, later))
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
    return [_Numbers(before=earlier[i], after=later[j]) for i, j in sorted(chosen)]


def _other_target(
    a: Requirement, b: Requirement, before: Wording, after: Wording
) -> _Numbers | None:
    """The numbers to reach of the two where one measure is now asked for in another form; None where they are not.

    A share of the pay bill may become a cut by so much.
    """
    sides = [[q for q in r.quantities if q.role in _TO_REACH and q.kind in _LEVELS] for r in (a, b)]
    if not all(sides) or not before.measures & after.measures:
        return None
    for p in sides[0]:
        for q in sides[1]:
            if (
                p.measure is not None
                and p.measure == q.measure
                and (p.role, _dimension(p)) != (q.role, _dimension(q))
            ):
                return _Numbers(before=p, after=q)
    return None


def _is_only(quantity: Quantity, among: list[Quantity]) -> bool:
    return sum(_dimension(q) == _dimension(quantity) for q in among) == 1


def _fit(p: Quantity, q: Quantity, only: bool) -> float:
    """How surely two numbers are about the same thing, 0 to 2.

    A number to reach and the definition of a measure never are, nor two numbers of different measures.
    """
    if (
        _dimension(p) != _dimension(q)
        or (p.role in _TO_REACH) != (q.role in _TO_REACH)
        and p.measure != q.measure
    ):
        return 0.0
    same = 0.1 * (_value(p) == _value(q)) + 0.1 * (p.role is q.role)
    if p.measure is not None and q.measure is not None:
        return 1.5 + same if p.measure == q.measure else 0.0
    metric = 0.0
    if p.metric and q.metric:
        metric = fuzz.token_set_ratio(p.metric.lower(), q.metric.lower()) / 100
    return max(metric, 0.7 if only else 0.0) + same


def _dimension(quantity: Quantity) -> tuple[QuantityKind, str]:
    """What two numbers must share to be compared: minutes with hours, days with weeks, months with years."""
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
    """How many years a number's own deadline lies beyond the planning year: of several steps the first counts."""
    if quantity.deadline is None or year is None:
        return 0
    return max(0, quantity.deadline.year - (year + 1))


def _judge_numbers(
    numbers: _Numbers,
    a: Requirement,
    b: Requirement,
    years: Years,
    tail: list[str],
    lexicon: Lexicon,
) -> Judgement:
    ambition = direction_of_ambition(numbers.before, numbers.after, b, lexicon)
    before, after = show_quantity(numbers.before), show_quantity(numbers.after)
    said = f"{before} {_when(years.before)}, {after} {_when(years.after)}" + (
        f": {ambition}" if ambition else ""
    )
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
    if (before.role, _dimension(before)) != (after.role, _dimension(after)):
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
    return {
        "from_value": first.before.value,
        "to_value": first.after.value,
        "unit": quantity_unit(first.after),
    }


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
        lines = [
            sorted({lexicon.organisations.line_of(body) for body in bodies}) for bodies in (a, b)
        ]
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
