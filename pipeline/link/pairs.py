"""Linking two sets of requirements: the unit of work from which everything else is put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.lexicon import Lexicon
from pipeline.link.assign import Match, assign
from pipeline.link.candidates import Ints, find_candidates, weigh_search
from pipeline.link.features import describe_in_chunks, has_grounds
from pipeline.link.model import LinkModel
from pipeline.link.numbers import Years
from pipeline.link.relations import judge
from pipeline.link.repeats import find_repeats
from pipeline.link.text import Vocabulary, Wording, load_concepts, read_wordings
from pipeline.records import Link, PairLinks, PlanningYears, Requirement


class Reader:
    """Reads each requirement's wording once, however many pairs of years it takes part in."""

    def __init__(self, lexicon: Lexicon, model: LinkModel) -> None:
        self.vocabulary = Vocabulary(lexicon, load_concepts(), model.common)
        self._read: dict[str, Wording] = {}

    def read(self, requirements: Sequence[Requirement]) -> list[Wording]:
        """The wordings of requirements, in the order given."""
        missing = [r for r in requirements if r.id not in self._read]
        for wording in read_wordings(missing, self.vocabulary):
            self._read[wording.requirement.id] = wording
        return [self._read[r.id] for r in requirements]


def link_pair(
    before: Sequence[Requirement],
    after: Sequence[Requirement],
    *,
    lexicon: Lexicon,
    model: LinkModel,
    from_year: str | None = None,
    to_year: str | None = None,
    reader: Reader | None = None,
) -> PairLinks:
    """The links from earlier requirements to later ones; the order of either sequence does not
    matter.

    `from_year` and `to_year` are single planning years ("2025/26") and go into the links. Links
    come sorted by their ends.
    """
    reader = reader or Reader(lexicon, model)
    earlier = reader.read(sorted(before, key=_place))
    later = reader.read(sorted(after, key=_place))
    if not earlier or not later:
        return PairLinks(links=(), repeats=())
    matches, groups = match_wordings(earlier, later, reader.vocabulary, model)
    years = Years(before=_start(from_year), after=_start(to_year))
    links = [
        Link(
            from_id=earlier[m.before].requirement.id,
            to_id=later[m.after].requirement.id,
            from_year=from_year,
            to_year=to_year,
            relation=judgement.relation,
            score=round(m.score, 4),
            evidence=judgement.evidence,
            from_value=judgement.from_value,
            to_value=judgement.to_value,
            unit=judgement.unit,
            ambition=judgement.ambition,
        )
        for m in matches
        for judgement in judge(earlier[m.before], later[m.after], m.matching, years, lexicon)
    ]
    return PairLinks(links=tuple(sorted(links, key=link_key)), repeats=groups)


def match_wordings(
    before: Sequence[Wording], after: Sequence[Wording], vocabulary: Vocabulary, model: LinkModel
) -> tuple[list[Match], tuple[tuple[str, ...], ...]]:
    """The matches between two sets of wordings, and the groups of repeats within either."""
    search = weigh_search(before, after, vocabulary.common)
    pairs = find_candidates(before, after, search)
    groups = find_repeats(before, vocabulary), find_repeats(after, vocabulary)
    scores = np.zeros(len(pairs), dtype=np.float32)
    for chunk, features in describe_in_chunks(before, after, pairs, vocabulary, groups):
        scores[chunk] = model.score(features) * has_grounds(features)
    matches = assign(before, after, pairs, scores, groups, model)
    named = [*_members(before, groups[0]), *_members(after, groups[1])]
    return matches, tuple(group for group in named if len(group) > 1)


def _members(wordings: Sequence[Wording], groups: Ints) -> list[tuple[str, ...]]:
    """The ids of the requirements of each group."""
    members: dict[int, list[str]] = {}
    for wording, group in zip(wordings, groups.tolist(), strict=True):
        members.setdefault(group, []).append(wording.requirement.id)
    return [tuple(ids) for ids in members.values()]


def link_key(link: Link) -> tuple[str, ...]:
    """What links are sorted by."""
    return link.from_year or "", link.to_year or "", link.from_id, link.to_id, link.relation.value


def _place(requirement: Requirement) -> tuple[str, int, str]:
    return requirement.document_id, requirement.ordinal, requirement.id


def _start(year: str | None) -> int | None:
    return PlanningYears.parse(year).first if year is not None else None
