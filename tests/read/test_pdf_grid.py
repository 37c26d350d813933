"""Tables out of edges: the same as pdfplumber makes of them, on any edges."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pdfplumber import table as plumber
from pdfplumber.utils.geometry import filter_edges

from pipeline.read.pdf_grid import CellBox, Edge, find_cells, group_cells, merge_edges

# Few places, so that edges meet; some a point or two off, so that they must be moved together.
_PLACES = st.sampled_from(
    [0.0, 1.5, 2.0, 40.0, 41.0, 80.0, 83.5, 120.0, 160.0, 162.0, 200.0, 206.0]
)


@st.composite
def edges(draw: st.DrawFn) -> list[Edge]:
    found = []
    for _ in range(draw(st.integers(0, 14))):
        at, one, other = draw(_PLACES), draw(_PLACES), draw(_PLACES)
        if abs(one - other) >= 1:
            found.append(Edge(at, min(one, other), max(one, other)))
    return found


def _as_dicts(vertical: list[Edge], horizontal: list[Edge]) -> list[dict[str, Any]]:
    found = []
    for at, start, end in vertical:
        found.append(
            {"orientation": "v", "x0": at, "x1": at, "top": start, "bottom": end,
             "width": 0, "height": end - start, "object_type": "line"}
        )  # fmt: skip
    for at, start, end in horizontal:
        found.append(
            {"orientation": "h", "x0": start, "x1": end, "top": at, "bottom": at,
             "width": end - start, "height": 0, "object_type": "line"}
        )  # fmt: skip
    return found


def _by_pdfplumber(vertical: list[Edge], horizontal: list[Edge]) -> list[CellBox]:
    snapped = plumber.snap_edges(_as_dicts(vertical, horizontal), 3, 3)
    # It moves edges by differences, so that edges moved to one place may lie a rounding error
    # apart, which hides that they go on into each other. That is not what it means.
    exact = [{k: round(v, 6) if isinstance(v, float) else v for k, v in e.items()} for e in snapped]
    kept = filter_edges(plumber.merge_edges(exact, 0, 0, 3, 3), min_length=3)
    cells = plumber.intersections_to_cells(plumber.edges_to_intersections(kept, 3, 3))
    return [CellBox(*cell) for cell in cells]


def _rounded(cells: list[CellBox]) -> list[CellBox]:
    return sorted(CellBox(*(round(side, 6) for side in cell)) for cell in cells)


@settings(deadline=None, max_examples=300)
@given(edges(), edges())
def test_cells_are_pdfplumbers(vertical: list[Edge], horizontal: list[Edge]) -> None:
    expected = _by_pdfplumber(vertical, horizontal)
    found = find_cells(merge_edges(vertical), merge_edges(horizontal))
    assert _rounded(found) == _rounded(expected)


@settings(deadline=None, max_examples=300)
@given(edges(), edges())
def test_groups_are_pdfplumbers(vertical: list[Edge], horizontal: list[Edge]) -> None:
    cells = find_cells(merge_edges(vertical), merge_edges(horizontal))
    expected = plumber.cells_to_tables(list(cells))
    found = [group for group in group_cells(cells) if len(group) > 1]
    assert {frozenset(group) for group in found} == {frozenset(group) for group in expected}
    assert sum(len(group) for group in group_cells(cells)) == len(cells)


def test_a_grid() -> None:
    vertical = [Edge(x, 0, 60) for x in (0, 50, 100)]
    horizontal = [Edge(y, 0, 100) for y in (0, 20, 60)]
    assert group_cells(find_cells(vertical, horizontal)) == [
        [
            CellBox(0, 0, 50, 20),
            CellBox(50, 0, 100, 20),
            CellBox(0, 20, 50, 60),
            CellBox(50, 20, 100, 60),
        ]
    ]
