"""From probabilities of pairs to matches: one to one where wording competes, one to many where it
is meant.

What competes are not single requirements but groups of repeats: a duty that stands in the list of
priorities, in the body and in the table of measures is one duty, and all its places are linked with
all those of its successor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components

from pipeline.link.candidates import Candidates, Floats, Ints
from pipeline.link.model import LinkModel
from pipeline.link.text import Wording

# A component of competing pairs larger than this is settled best pair first: still without a rival
# left, but not at the best total. Real years do not come near it.
_MOST_CELLS: Final = 4_000_000
_ALL_PLACES: Final = 9  # list of priorities, body and table, in both years
_COVERS_MORE: Final = (
    0.12  # by how much the parts together must say more of the whole than the best one alone
)
_OF_THE_PART: Final = 0.35  # how much of a part's words must stand in the whole
_OF_A_TAKEN_PART: Final = 0.6  # the same for one that matches something else better

GroupPair = tuple[int, int]


class Matching(StrEnum):
    """Why a pair is matched: best for each other, part of a whole, or one of several."""

    ONE = "one"
    SPLIT = "split"
    MERGED = "merged"
    FURTHER = "further"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Positions of the earlier and the later requirement, how sure, and why they are matched."""

    before: int
    after: int
    score: float
    matching: Matching


def assign(
    before: Sequence[Wording],
    after: Sequence[Wording],
    pairs: Candidates,
    scores: Floats,
    groups: tuple[Ints, Ints],
    model: LinkModel,
) -> list[Match]:
    """The pairs that belong together, sorted; `groups` number the repeats within either year."""
    likely = np.flatnonzero(scores >= model.accept)
    places: defaultdict[GroupPair, list[int]] = defaultdict(list)
    for k in likely.tolist():
        places[int(groups[0][pairs.before[k]]), int(groups[1][pairs.after[k]])].append(k)
    best = {ends: max(float(scores[k]) for k in ks) for ends, ks in places.items()}
    why = _match_groups(best, _longest(before, groups[0]), _longest(after, groups[1]), model)
    matches = [
        Match(
            before=int(pairs.before[k]),
            after=int(pairs.after[k]),
            score=float(scores[k]),
            matching=matching,
        )
        for ends, matching in why.items()
        for k in _choose_places(places[ends], pairs, scores)
    ]
    return sorted(matches, key=lambda m: (m.before, m.after))


def _choose_places(places: list[int], pairs: Candidates, scores: Floats) -> list[int]:
    """Of the pairs between two groups all, where they are few; else the best of each member."""
    if len(places) <= _ALL_PLACES:
        return places
    best: dict[tuple[str, int], int] = {}
    for k in sorted(places, key=lambda k: (-float(scores[k]), k)):
        best.setdefault(("before", int(pairs.before[k])), k)
        best.setdefault(("after", int(pairs.after[k])), k)
    return sorted(set(best.values()))


def _longest(wordings: Sequence[Wording], groups: Ints) -> dict[int, frozenset[str]]:
    """For each group the different words of the member that has most."""
    longest: dict[int, frozenset[str]] = {}
    for wording, group in zip(wordings, groups.tolist(), strict=True):
        if len(wording.terms) > len(longest.get(group, ())):
            longest[group] = wording.terms
    return longest


def _match_groups(
    best: Mapping[GroupPair, float],
    before: Mapping[int, frozenset[str]],
    after: Mapping[int, frozenset[str]],
    model: LinkModel,
) -> dict[GroupPair, Matching]:
    """Which groups belong together and why; `before` and `after` give the words of each."""
    matched = _one_to_one(best)
    why = dict.fromkeys(sorted(matched), Matching.ONE)
    others = sorted(best.keys() - matched)
    split = _parts(others, matched, before, after)
    merged = _parts(_turn(others), _turn(matched), after, before)
    for ends in others:
        if best[ends] >= model.extra:
            why[ends] = Matching.FURTHER
    why |= dict.fromkeys(sorted(_turn(merged)), Matching.MERGED)
    why |= dict.fromkeys(sorted(split), Matching.SPLIT)
    return why


def _turn(pairs: Sequence[GroupPair] | set[GroupPair]) -> list[GroupPair]:
    return [(b, a) for a, b in pairs]


def _one_to_one(best: Mapping[GroupPair, float]) -> set[GroupPair]:
    """The pairs of the assignment with the greatest total, no end used twice."""
    if not best:
        return set()
    pairs = sorted(best)
    ends = np.array(pairs, dtype=np.int64)
    n, m = int(ends[:, 0].max()) + 1, int(ends[:, 1].max()) + 1
    graph = sparse.csr_array(
        (np.ones(len(pairs), dtype=np.int8), (ends[:, 0], n + ends[:, 1])), shape=(n + m, n + m)
    )
    _, component = connected_components(graph, directed=False)
    members: defaultdict[int, list[GroupPair]] = defaultdict(list)
    for pair in pairs:
        members[int(component[pair[0]])].append(pair)
    chosen: set[GroupPair] = set()
    for competing in members.values():
        chosen |= _settle(competing, best)
    return chosen


def _settle(competing: list[GroupPair], best: Mapping[GroupPair, float]) -> set[GroupPair]:
    if len(competing) == 1:
        return set(competing)
    rows = {value: index for index, value in enumerate(sorted({a for a, _ in competing}))}
    columns = {value: index for index, value in enumerate(sorted({b for _, b in competing}))}
    if len(rows) * len(columns) > _MOST_CELLS:
        return _settle_greedily(competing, best)
    table = np.zeros((len(rows), len(columns)))
    at: dict[tuple[int, int], GroupPair] = {}
    for pair in competing:
        cell = rows[pair[0]], columns[pair[1]]
        table[cell] = best[pair]
        at[cell] = pair
    chosen_rows, chosen_columns = linear_sum_assignment(table, maximize=True)
    cells = zip(chosen_rows.tolist(), chosen_columns.tolist(), strict=True)
    return {at[cell] for cell in cells if cell in at}


def _settle_greedily(competing: list[GroupPair], best: Mapping[GroupPair, float]) -> set[GroupPair]:
    taken: tuple[set[int], set[int]] = (set(), set())
    chosen = set()
    for pair in sorted(competing, key=lambda pair: (-best[pair], pair)):
        if pair[0] not in taken[0] and pair[1] not in taken[1]:
            taken[0].add(pair[0])
            taken[1].add(pair[1])
            chosen.add(pair)
    return chosen


def _parts(
    others: Sequence[GroupPair],
    matched: set[GroupPair] | Sequence[GroupPair],
    wholes: Mapping[int, frozenset[str]],
    parts: Mapping[int, frozenset[str]],
) -> set[GroupPair]:
    """Pairs (whole, part) in which one requirement is the sum of several of the other year.

    Each part must say mostly what the whole says, one that matches something else better even more
    so, and all together clearly more of it than the best of them does alone.
    """
    taken = {part for _, part in matched}
    candidates: defaultdict[int, set[int]] = defaultdict(set)
    for whole, part in (*others, *matched):
        candidates[whole].add(part)
    own = set(matched)
    found: set[GroupPair] = set()
    for whole, options in candidates.items():
        if len(options) < 2:
            continue
        words = wholes.get(whole, frozenset())
        inside = {part: parts.get(part, frozenset()) & words for part in sorted(options)}
        members = [
            part
            for part in inside
            if len(inside[part])
            >= (_OF_A_TAKEN_PART if part in taken and (whole, part) not in own else _OF_THE_PART)
            * max(1, len(parts.get(part, ())))
        ]
        if len(members) < 2:
            continue
        alone = max(len(inside[part]) for part in members)
        together = len(frozenset().union(*(inside[part] for part in members)))
        if together > alone + 1 and together - alone >= _COVERS_MORE * len(words):
            found |= {(whole, part) for part in members}
    return found
