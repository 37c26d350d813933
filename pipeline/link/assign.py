"""From probabilities of pairs to matches: one to one where wording competes, one to many where it is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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

# A component of competing pairs larger than this is settled best pair first: still without a rival left, but not
# at the best total. Real years do not come near it.
_MOST_CELLS: Final = 4_000_000
_COVERS_MORE: Final = 0.12  # by how much the parts together must say more of the whole than the best one alone
_OF_THE_WHOLE: Final = 0.35  # how much of a part's words must stand in the whole


class Matching(StrEnum):
    """Why a pair is matched."""

    ONE = "one"
    REPEAT = "repeat"
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
    """The pairs that belong together, sorted; `groups` are the repeats within either year."""
    likely = scores >= min(model.accept, model.extra)
    left, right, chances = pairs.before[likely], pairs.after[likely], scores[likely]
    chosen = _one_to_one(left, right, np.where(chances >= model.accept, chances, 0.0))
    matched = {(int(left[k]), int(right[k])): float(chances[k]) for k in chosen}
    partners: tuple[defaultdict[int, list[int]], ...] = (defaultdict(list), defaultdict(list))
    for i, j in matched:
        partners[0][i].append(j)
        partners[1][j].append(i)
    others = [
        (float(p), int(i), int(j))
        for i, j, p in zip(left, right, chances, strict=True)
        if p >= model.extra and (int(i), int(j)) not in matched
    ]
    found = {pair: Match(before=pair[0], after=pair[1], score=p, matching=Matching.ONE) for pair, p in matched.items()}
    split = _parts(others, partners[0], partners[1], before, after, whole=0)
    merged = _parts(others, partners[1], partners[0], after, before, whole=1)
    for p, i, j in others:
        matching = _why(i, j, partners, groups, split, merged)
        if matching is not None:
            found[i, j] = Match(before=i, after=j, score=p, matching=matching)
    for pair, matching in [*((s, Matching.SPLIT) for s in split), *((m, Matching.MERGED) for m in merged)]:
        if pair in found and found[pair].matching is Matching.ONE:
            p = found[pair].score
            found[pair] = Match(before=pair[0], after=pair[1], score=p, matching=matching)
    return [found[pair] for pair in sorted(found)]


def _why(
    i: int,
    j: int,
    partners: tuple[defaultdict[int, list[int]], ...],
    groups: tuple[Ints, Ints],
    split: set[tuple[int, int]],
    merged: set[tuple[int, int]],
) -> Matching | None:
    """Why a pair left over by the one-to-one assignment belongs together after all; None where it does not."""
    if (i, j) in split:
        return Matching.SPLIT
    if (i, j) in merged:
        return Matching.MERGED
    if any(groups[1][j] == groups[1][other] for other in partners[0].get(i, ())):
        return Matching.REPEAT
    if any(groups[0][i] == groups[0][other] for other in partners[1].get(j, ())):
        return Matching.REPEAT
    return Matching.FURTHER


def _one_to_one(left: Ints, right: Ints, weights: Floats) -> list[int]:
    """Positions in the lists of the pairs of the assignment with the greatest total, no end used twice."""
    usable = np.flatnonzero(weights > 0)
    if not len(usable):
        return []
    n, m = int(left.max()) + 1, int(right.max()) + 1
    graph = sparse.csr_array(
        (np.ones(len(usable), dtype=np.int8), (left[usable], n + right[usable])), shape=(n + m, n + m)
    )
    _, component = connected_components(graph, directed=False)
    by_component: defaultdict[int, list[int]] = defaultdict(list)
    for k in usable.tolist():
        by_component[int(component[left[k]])].append(k)
    chosen: list[int] = []
    for members in by_component.values():
        chosen += _settle(members, left, right, weights)
    return sorted(chosen)


def _settle(members: list[int], left: Ints, right: Ints, weights: Floats) -> list[int]:
    if len(members) == 1:
        return members
    rows = {value: index for index, value in enumerate(sorted({int(left[k]) for k in members}))}
    columns = {value: index for index, value in enumerate(sorted({int(right[k]) for k in members}))}
    if len(rows) * len(columns) > _MOST_CELLS:
        return _settle_greedily(members, left, right, weights)
    table = np.zeros((len(rows), len(columns)))
    at: dict[tuple[int, int], int] = {}
    for k in members:
        cell = rows[int(left[k])], columns[int(right[k])]
        table[cell] = weights[k]
        at[cell] = k
    chosen_rows, chosen_columns = linear_sum_assignment(table, maximize=True)
    cells = zip(chosen_rows.tolist(), chosen_columns.tolist(), strict=True)
    return [at[cell] for cell in cells if cell in at]


def _settle_greedily(members: list[int], left: Ints, right: Ints, weights: Floats) -> list[int]:
    taken: tuple[set[int], set[int]] = (set(), set())
    chosen = []
    for k in sorted(members, key=lambda k: (-float(weights[k]), int(left[k]), int(right[k]))):
        i, j = int(left[k]), int(right[k])
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            chosen.append(k)
    return chosen


def _parts(
    others: list[tuple[float, int, int]],
    partners_of_whole: defaultdict[int, list[int]],
    partners_of_part: defaultdict[int, list[int]],
    wholes: Sequence[Wording],
    parts: Sequence[Wording],
    *,
    whole: int,
) -> set[tuple[int, int]]:
    """Pairs (before, after) in which one requirement is the sum of several of the other year.

    The parts are those that match nothing else: together they must say clearly more of the whole than the best
    of them does, and each must say mostly what the whole says.
    """
    loose: defaultdict[int, list[int]] = defaultdict(list)
    for _, i, j in others:
        ends = (i, j)
        if not partners_of_part.get(ends[1 - whole]):
            loose[ends[whole]].append(ends[1 - whole])
    found: set[tuple[int, int]] = set()
    for at, candidates in loose.items():
        members = sorted({*partners_of_whole.get(at, ()), *candidates})
        terms = wholes[at].terms
        inside = {k: parts[k].terms & terms for k in members}
        members = [k for k in members if len(inside[k]) >= _OF_THE_WHOLE * max(1, len(parts[k].terms))]
        if len(members) < 2 or not terms:
            continue
        alone = max(len(inside[k]) for k in members)
        together = len(frozenset().union(*(inside[k] for k in members)))
        if together - alone >= _COVERS_MORE * len(terms) and together > alone + 1:
            found |= {(at, k) if whole == 0 else (k, at) for k in members}
    return found
