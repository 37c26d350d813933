"""What is counted of a comparison: each requirement once, however often its document says it.

A duty that stands in the list of priorities, in the body and in the table of success gives as many
pairs of sentences as its places have with those of its successor. They tell one story, of which the
pair that tells it best is counted; the others say it again. The parts of a split requirement, and
those merged into one, are one story too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pipeline.records import Change, Link, Relation, stable_id

Place = tuple[str, int]  # document and reading order
_Ends = tuple[str | None, str | None]

# Of two pairs that both compare like with like, the one that tells more of what changed.
_TELLING: Final = (
    Relation.TARGET_CHANGED,
    Relation.STRENGTHENED,
    Relation.WEAKENED,
    Relation.SPLIT,
    Relation.MERGED,
    Relation.REWORDED,
    Relation.SAME,
)
_RANK: Final = {relation.value: rank for rank, relation in enumerate(_TELLING)}


def tell_stories(
    changes: Sequence[Change],
    links: Iterable[Link],
    repeats: Iterable[Sequence[str]],
    place_of: Mapping[str, Place],
) -> list[Change]:
    """The changes of one comparison in the order given, each with its story and whether it only
    says that story again.

    `repeats` are groups of requirements (ids) of one document that say the same.
    """
    score_of = _score_links(links)
    first = find_first(repeats, place_of)
    told: defaultdict[_Ends, list[Change]] = defaultdict(list)
    for change in changes:
        told[_first_ends(change, first)].append(change)
    stories: dict[_Ends, tuple[str, Change]] = {}
    for ends, group in told.items():
        lead = _choose_lead(group, score_of, place_of)
        stories[ends] = _story_id(lead, ends), lead
    return [
        replace(change, story=story, again=change is not lead)
        for change in changes
        for story, lead in (stories[_first_ends(change, first)],)
    ]


def find_first(repeats: Iterable[Sequence[str]], place_of: Mapping[str, Place]) -> dict[str, str]:
    """For each requirement that is said more than once the first place, in reading order, that says
    it; groups that share a member are one.
    """
    first: dict[str, str] = {}

    def find(member: str) -> str:
        while first.setdefault(member, member) != member:
            member = first[member]
        return member

    for group in repeats:
        for member in group[1:]:
            roots = sorted({find(group[0]), find(member)}, key=lambda i: (place_of[i], i))
            for root in roots[1:]:
                first[root] = roots[0]
    return {member: find(member) for member in sorted(first)}


def _first_ends(change: Change, first: Mapping[str, str]) -> _Ends:
    a, b = change.from_id, change.to_id
    return (first.get(a, a) if a else None, first.get(b, b) if b else None)


def _score_links(links: Iterable[Link]) -> dict[tuple[str, str], float]:
    score_of: dict[tuple[str, str], float] = {}
    for link in links:
        ends = link.from_id, link.to_id
        score_of[ends] = max(link.score, score_of.get(ends, 0.0))
    return score_of


def _choose_lead(
    group: Sequence[Change],
    score_of: Mapping[tuple[str, str], float],
    place_of: Mapping[str, Place],
) -> Change:
    """The pair that tells what changed: like compared with like, and of those the most telling.

    The priority list's bullet compared with the body's sentence is always reworded; what was
    changed shows between bullet and bullet, and between sentence and sentence: pairs that are the
    surest that either of their ends has.
    """
    surest: dict[tuple[str, str | None], float] = {}
    scores = [score_of.get((c.from_id or "", c.to_id or ""), 0.0) for c in group]
    for change, score in zip(group, scores, strict=True):
        for end in (("from", change.from_id), ("to", change.to_id)):
            surest[end] = max(score, surest.get(end, 0.0))
    alike = [
        (change, score)
        for change, score in zip(group, scores, strict=True)
        if score >= max(surest["from", change.from_id], surest["to", change.to_id])
    ]

    def key(entry: tuple[Change, float]) -> tuple[object, ...]:
        change, score = entry
        places = [place_of[end] for end in (change.to_id, change.from_id) if end is not None]
        ids = change.to_id or "", change.from_id or ""
        return _RANK.get(change.relation, len(_RANK)), -score, places, ids

    return min(alike, key=key)[0]


def _story_id(lead: Change, ends: _Ends) -> str:
    """Key of a story: of one requirement and its successor, or of all parts of a whole."""
    key: tuple[str | None, ...] = ends
    if lead.relation == Relation.SPLIT.value:
        key = ("split", ends[0])
    elif lead.relation == Relation.MERGED.value:
        key = ("merged", ends[1])
    return stable_id("story", lead.from_year, lead.to_year, *key)
