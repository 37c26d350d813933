"""How the later of two matched requirements differs from the earlier, told to a reviewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from pipeline.lexicon import Lexicon
from pipeline.link.assign import Matching
from pipeline.link.force import weigh_change
from pipeline.link.numbers import (
    Numbers,
    Years,
    direction_of_ambition,
    find_other_form,
    pair_numbers,
    quantity_unit,
    show_quantity,
)
from pipeline.link.text import Wording
from pipeline.records import Relation

_SAME_WORDS: Final = 0.80  # edit similarity from which two say the same in nearly the same words
_SAME_NUMBER: Final = 0.60  # the same where a number to reach has stayed as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A relation with its evidence; values and unit where the relation concerns a number."""

    relation: Relation
    evidence: str
    from_value: float | None = None
    to_value: float | None = None
    unit: str | None = None
    ambition: str | None = None


def judge(
    before: Wording, after: Wording, matching: Matching, years: Years, lexicon: Lexicon
) -> list[Judgement]:
    """How `after` differs from `before`.

    One judgement, or two where one number changed and another did not: each concerns one number.
    """
    a, b = before.requirement, after.requirement
    alike = fuzz.ratio(before.text, after.text) / 100
    pair = _Pair(before=before, after=after, alike=alike, years=years, lexicon=lexicon)
    numbers = pair_numbers(before, after, years)
    changed = [n for n in numbers if n.changed]
    kept = [n for n in numbers if not n.changed]
    if not numbers and (other := find_other_form(a, b, before, after)) is not None:
        changed = [other]
    if changed:
        judgements = [_judge_changed(pair, changed[0])]
        if kept:
            judgements.append(_judge(pair, Relation.SAME, [], kept[0]))
        return judgements
    number = kept[0] if kept else None
    if matching in _PARTS:
        return [_judge(pair, Relation(matching.value), [_PARTS[matching]], number)]
    weight, why = weigh_change(before, after, alike, years)
    if weight:
        return [
            _judge(pair, Relation.STRENGTHENED if weight > 0 else Relation.WEAKENED, why, number)
        ]
    told_alike = number is not None and number.before.value == number.after.value
    same = alike >= (_SAME_NUMBER if told_alike else _SAME_WORDS)
    return [_judge(pair, Relation.SAME if same else Relation.REWORDED, [], number)]


_PARTS: Final = {
    Matching.SPLIT: "one of several that together take its place",
    Matching.MERGED: "one of several whose place it takes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two matched requirements with what is needed to speak of them."""

    before: Wording
    after: Wording
    alike: float
    years: Years
    lexicon: Lexicon


def _judge_changed(pair: _Pair, numbers: Numbers) -> Judgement:
    ambition = direction_of_ambition(
        numbers.before, numbers.after, pair.after.requirement, pair.lexicon
    )
    said = f"{show_quantity(numbers.before)}{_when(pair.years.before)}, "
    said += f"{show_quantity(numbers.after)}{_when(pair.years.after)}"
    return Judgement(
        relation=Relation.TARGET_CHANGED,
        evidence=_tell(pair, [f"{said}: {ambition}" if ambition else said]),
        from_value=numbers.before.value,
        to_value=numbers.after.value,
        unit=quantity_unit(numbers.after),
        ambition=ambition,
    )


def _judge(pair: _Pair, relation: Relation, why: list[str], numbers: Numbers | None) -> Judgement:
    if numbers is None:
        return Judgement(relation=relation, evidence=_tell(pair, why))
    return Judgement(
        relation=relation,
        evidence=_tell(pair, [*why, f"{show_quantity(numbers.after)} as before"]),
        from_value=numbers.before.value,
        to_value=numbers.after.value,
        unit=quantity_unit(numbers.after),
    )


def _tell(pair: _Pair, why: list[str]) -> str:
    """The evidence in words: the measure, what differs, the bodies, the wording."""
    parts = [*_shared_measures(pair), *why, *_other_bodies(pair)]
    text = "; ".join([*parts, f"wording {round(100 * pair.alike)}% alike"])
    return text[:1].upper() + text[1:]


def _shared_measures(pair: _Pair) -> list[str]:
    shared = sorted(pair.before.measures & pair.after.measures)
    measures = [pair.lexicon.measures.get(measure) for measure in shared]
    names = ", ".join(measure.name for measure in measures if measure is not None)
    return [f"same measure ({names})"] if names else []


def _other_bodies(pair: _Pair) -> list[str]:
    a, b = pair.before.bodies, pair.after.bodies
    if not a or not b or set(a) & set(b):
        return []
    line_of = pair.lexicon.organisations.line_of
    if {line_of(body) for body in a} & {line_of(body) for body in b}:
        return [f"{', '.join(a)} became {', '.join(b)}"]
    return [f"on {', '.join(b)} instead of {', '.join(a)}"]


def _when(year: int | None) -> str:
    return f" in {year}/{(year + 1) % 100:02d}" if year is not None else ""
