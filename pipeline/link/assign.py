"""From probabilities of pairs to matches: one to one where wording competes, one to many where it
is meant.

What competes are not single requirements but groups of repeats: a duty that stands in the list of
priorities, in the body and in the table of measures is one duty, and all its places are linked with
all those of its successor.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
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
_OF_A_REPEAT: Final = 0.4  # how much two places of one ask share of their words

_LEAST: Final = 1e-3  # what a pair weighs that only just passes

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
    said = _read_groups(before, groups[0]), _read_groups(after, groups[1])
    why = _match_groups(best, *said, model)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the members of a group say: the different words of the one that has most, and the
    measures and the numbers to reach of all.
    """

    words: frozenset[str]
    measures: frozenset[str]
    targets: frozenset[tuple[float, str]]

    def clashes(self, other: _Said) -> bool:
        """Whether both set numbers and none is the same: two asks, however alike their words."""
        return bool(self.targets and other.targets) and not self.targets & other.targets

    def repeats(self, other: _Said) -> bool:
        """Whether the other may be another place of the same ask."""
        shared = 2 * len(self.words & other.words)
        alike = shared >= _OF_A_REPEAT * (len(self.words) + len(other.words))
        return not self.clashes(other) and (alike or bool(self.measures & other.measures))


def _read_groups(wordings: Sequence[Wording], groups: Ints) -> dict[int, _Said]:
    """What each group says."""
    said: dict[int, _Said] = {}
    for wording, group in zip(wordings, groups.tolist(), strict=True):
        known = said.get(group)
        words = wording.terms
        if known is None:
            said[group] = _Said(words=words, measures=wording.measures, targets=wording.targets)
            continue
        said[group] = _Said(
            words=words if len(words) > len(known.words) else known.words,
            measures=known.measures | wording.measures,
            targets=known.targets | wording.targets,
        )
    return said


def _match_groups(
    best: Mapping[GroupPair, float],
    before: Mapping[int, _Said],
    after: Mapping[int, _Said],
    model: LinkModel,
) -> dict[GroupPair, Matching]:
    """Which groups belong together and why; `before` and `after` tell what each says."""
    matched = _one_to_one(best, model.accept)
    why = dict.fromkeys(sorted(matched), Matching.ONE)
    others = sorted(best.keys() - matched)
    split = _parts(others, matched, before, after)
    merged = _parts(_turn(others), set(_turn(matched)), after, before)
    for ends in _further(others, matched, best, before, after, model):
        why[ends] = Matching.FURTHER
    why |= dict.fromkeys(sorted(_turn(merged)), Matching.MERGED)
    why |= dict.fromkeys(sorted(split), Matching.SPLIT)
    return why | dict.fromkeys(_shared_out(why, after), Matching.SPLIT)


def _further(
    others: Sequence[GroupPair],
    matched: set[GroupPair],
    best: Mapping[GroupPair, float],
    before: Mapping[int, _Said],
    after: Mapping[int, _Said],
    model: LinkModel,
) -> Iterator[GroupPair]:
    """Pairs to be linked beside a better one of an end: where the two that share the end are places
    of one ask, or where the other end has nothing better.
    """
    partner = dict(matched), dict(_turn(matched))
    for ends in others:
        if best[ends] < model.extra:
            continue
        rivals = after.get(partner[0].get(ends[0], -1)), before.get(partner[1].get(ends[1], -1))
        said = after[ends[1]], before[ends[0]]
        if all(
            rival is None or one.repeats(rival) for one, rival in zip(said, rivals, strict=True)
        ) or (
            sum(rival is None for rival in rivals) == 1
            and not any(
                rival is not None and one.clashes(rival)
                for one, rival in zip(said, rivals, strict=True)
            )
        ):
            yield ends


def _shared_out(why: Mapping[GroupPair, Matching], after: Mapping[int, _Said]) -> list[GroupPair]:
    """Pairs of an earlier group with several later ones that belong to it alone and say different
    things: it was split, even if in other words.
    """
    linked: defaultdict[int, list[int]] = defaultdict(list)
    holders: Counter[int] = Counter()
    for one, other in why:
        linked[one].append(other)
        holders[other] += 1
    return [
        (one, other)
        for one, parts in sorted(linked.items())
        if len(parts) > 1
        and all(holders[part] == 1 for part in parts)
        and not any(after[a].repeats(after[b]) for a, b in combinations(parts, 2))
        for other in parts
    ]


def _turn(pairs: Iterable[GroupPair]) -> list[GroupPair]:
    return [(b, a) for a, b in pairs]


def _one_to_one(chances: Mapping[GroupPair, float], accept: float) -> set[GroupPair]:
    """The pairs of the assignment with the greatest total, no end used twice.

    What counts is by how much a pair's chance passes `accept`: two pairs that hardly pass do not
    outweigh a sure one.
    """
    if not chances:
        return set()
    best = {ends: chance - accept + _LEAST for ends, chance in chances.items()}
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
    matched: set[GroupPair],
    wholes: Mapping[int, _Said],
    parts: Mapping[int, _Said],
) -> set[GroupPair]:
    """Pairs (whole, part) in which one requirement is the sum of several of the other year.

    Each part must say mostly what the whole says, one that matches something else better even more
    so, and all together clearly more of it than the best of them does alone.
    """
    taken = {part for _, part in matched}
    candidates: defaultdict[int, set[int]] = defaultdict(set)
    for whole, part in (*others, *matched):
        candidates[whole].add(part)
    found: set[GroupPair] = set()
    for whole, options in candidates.items():
        if len(options) < 2:
            continue
        words = wholes[whole].words
        inside = {
            part: parts[part].words & words
            for part in _without_strangers(whole, options, wholes, parts)
        }
        members = [
            part
            for part in inside
            if len(inside[part])
            >= (
                _OF_A_TAKEN_PART if part in taken and (whole, part) not in matched else _OF_THE_PART
            )
            * max(1, len(parts[part].words))
        ]
        if len(members) < 2:
            continue
        alone = max(len(inside[part]) for part in members)
        together = len(frozenset().union(*(inside[part] for part in members)))
        if together > alone + 1 and together - alone >= _COVERS_MORE * len(words):
            found |= {(whole, part) for part in members}
    return found


def _without_strangers(
    whole: int, options: set[int], wholes: Mapping[int, _Said], parts: Mapping[int, _Said]
) -> list[int]:
    """The options, sorted; where one sets the whole's number, those with another are no parts."""
    keeps = any(parts[part].targets & wholes[whole].targets for part in options)
    return [p for p in sorted(options) if not (keeps and parts[p].clashes(wholes[whole]))]
