"""Tables out of ruling lines: edges in, cells out.

The method is pdfplumber's (`merge_edges`, `edges_to_intersections`, `intersections_to_cells`,
`cells_to_tables` in its table.py, MIT licence), with its default tolerances, over tuples instead of
dictionaries and with sorted lists instead of searches over all points. The tests hold the two
equal.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

TOLERANCE_PT: Final = 3.0  # pdfplumber's snap, join and intersection tolerance
_SHORTEST_PT: Final = 3.0  # an edge that is shorter after merging rules nothing


class Edge(NamedTuple):
    """A straight horizontal or vertical edge: at `at` on the other axis, from `start` to `end`
    along its own.
    """

    at: float
    start: float
    end: float


class CellBox(NamedTuple):
    """A cell between four edges."""

    x0: float
    top: float
    x1: float
    bottom: float


def merge_edges(edges: Sequence[Edge]) -> list[Edge]:
    """Edges of one orientation with near ones moved onto their mean and touching ones joined;
    sorted.
    """
    merged: list[Edge] = []
    for at, group in _snapped(edges):
        group.sort()
        start, end = group[0]
        for next_start, next_end in group[1:]:
            if next_start <= end + TOLERANCE_PT:
                end = max(end, next_end)
            else:
                merged.append(Edge(at, start, end))
                start, end = next_start, next_end
        merged.append(Edge(at, start, end))
    return [edge for edge in merged if edge.end - edge.start >= _SHORTEST_PT]


def _snapped(edges: Sequence[Edge]) -> Iterable[tuple[float, list[tuple[float, float]]]]:
    """The mean place of each cluster of near edges, with the edges' extents."""
    ordered = sorted(edges)
    first = 0
    for i in range(1, len(ordered) + 1):
        if i == len(ordered) or ordered[i].at > ordered[i - 1].at + TOLERANCE_PT:
            cluster = ordered[first:i]
            if cluster:
                mean = sum(edge.at for edge in cluster) / len(cluster)
                yield mean, [(edge.start, edge.end) for edge in cluster]
            first = i


def find_cells(vertical: Sequence[Edge], horizontal: Sequence[Edge]) -> list[CellBox]:
    """The smallest rectangles whose four sides are ruled, from merged edges; by their left, then
    top.
    """
    touching = _intersections(vertical, horizontal)
    tops_at: dict[float, list[float]] = defaultdict(list)
    lefts_at: dict[float, list[float]] = defaultdict(list)
    for x, y in sorted(touching):
        tops_at[x].append(y)
        lefts_at[y].append(x)
    cells = (
        _smallest_cell(point, touching, tops_at[point[0]], lefts_at[point[1]])
        for point in sorted(touching)
    )
    return [cell for cell in cells if cell is not None]


_Touching = dict[tuple[float, float], tuple[set[int], set[int]]]


def _intersections(vertical: Sequence[Edge], horizontal: Sequence[Edge]) -> _Touching:
    """Where edges cross or meet: the point, and which edges of each kind run through it."""
    touching: _Touching = {}
    across = sorted(enumerate(horizontal), key=lambda numbered: numbered[1].at)
    heights = [edge.at for _, edge in across]
    for v, (x, top, bottom) in enumerate(vertical):
        low = bisect_left(heights, top - TOLERANCE_PT)
        high = bisect_right(heights, bottom + TOLERANCE_PT)
        for h, (y, x0, x1) in across[low:high]:
            if x0 - TOLERANCE_PT <= x <= x1 + TOLERANCE_PT:
                through = touching.setdefault((x, y), (set(), set()))
                through[0].add(v)
                through[1].add(h)
    return touching


def _smallest_cell(
    corner: tuple[float, float], touching: _Touching, tops: list[float], lefts: list[float]
) -> CellBox | None:
    """The smallest ruled cell whose top left corner this is."""
    x0, top = corner
    down, along = touching[corner]
    rights = [
        x1 for x1 in lefts[bisect_right(lefts, x0) :] if not along.isdisjoint(touching[x1, top][1])
    ]
    for bottom in tops[bisect_right(tops, top) :]:
        if down.isdisjoint(touching[x0, bottom][0]):
            continue
        foot = touching[x0, bottom][1]
        for x1 in rights:
            opposite = touching.get((x1, bottom))
            if (
                opposite is not None
                and not opposite[0].isdisjoint(touching[x1, top][0])
                and not opposite[1].isdisjoint(foot)
            ):
                return CellBox(x0, top, x1, bottom)
    return None


def group_cells(cells: Sequence[CellBox]) -> list[list[CellBox]]:
    """Cells that hang together by their corners, each group sorted by row; the topmost group first.

    A group may hold a single cell: a box, not a table.
    """
    leader: dict[tuple[float, float], tuple[float, float]] = {}

    def find(point: tuple[float, float]) -> tuple[float, float]:
        root = point
        while leader.setdefault(root, root) != root:
            root = leader[root]
        while leader[point] != root:
            leader[point], point = root, leader[point]
        return root

    for x0, top, x1, bottom in cells:
        root = find((x0, top))
        for corner in ((x0, bottom), (x1, top), (x1, bottom)):
            leader[find(corner)] = root
    groups: dict[tuple[float, float], list[CellBox]] = defaultdict(list)
    for cell in cells:
        groups[find((cell.x0, cell.top))].append(cell)
    for group in groups.values():
        group.sort(key=lambda cell: (cell.top, cell.x0))
    return sorted(groups.values(), key=lambda group: (group[0].top, group[0].x0))
