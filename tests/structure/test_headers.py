"""Which rows head a table's columns, and which headings stand over which cell."""

from __future__ import annotations

import pytest

from pipeline.structure.headers import header_rows
from pipeline.structure.pieces import Grid, GridCell
from pipeline.structure.rows import read_rows

Entry = str | tuple[str, int, int]


def grid_of_rows(rows: list[list[Entry]], *, marked: int = 0) -> Grid:
    """A grid of texts; a tuple is a text with the rows and columns that it spans. The first rows
    are marked as headers.
    """
    taken: set[tuple[int, int]] = set()
    cells = []
    for number, row in enumerate(rows):
        column = 0
        for entry in row:
            text, high, wide = entry if isinstance(entry, tuple) else (entry, 1, 1)
            while (number, column) in taken:
                column += 1
            taken |= {(number + r, column + c) for r in range(high) for c in range(wide)}
            cells.append(
                GridCell(
                    text=text,
                    row=number,
                    column=column,
                    rows=high,
                    columns=wide,
                    header=number < marked,
                )
            )
            column += wide
    return Grid(cells=tuple(cells))


_WAITS: list[Entry] = ["Waits over a year", "4%", "1%"]
_BEDS: list[Entry] = ["Beds occupied", "95%", "92%"]


@pytest.mark.parametrize(
    ("rows", "marked", "heads"),
    [
        pytest.param([["Measure", "2031/32", "2032/33"], _WAITS, _BEDS], 0, 1, id="years"),
        pytest.param([["Measure", "Baseline", "Target"], _WAITS, _BEDS], 0, 1, id="standings"),
        pytest.param([["", "Northfield", "Southmoor"], _WAITS, _BEDS], 0, 1, id="empty-corner"),
        pytest.param(
            [["Year", "Waits", "Beds"], ["2031/32", "4%", "95%"], ["2032/33", "1%", "92%"]],
            0,
            1,
            id="years-down-the-side",
        ),
        pytest.param([["Area", "Cost (£m)", "Plan"], _WAITS, _BEDS], 0, 1, id="unit"),
        pytest.param([_WAITS, _BEDS], 0, 0, id="near-miss-no-header"),
        pytest.param(
            [["Target for waits", "4%", "1%"], _BEDS, _WAITS], 0, 0, id="near-miss-figures-in-it"
        ),
        pytest.param(
            [["Opens", "May"], ["Closes", "June"], ["Where", "Leeds"]],
            0,
            0,
            id="near-miss-no-figures-below",
        ),
        pytest.param(
            [[("Measure", 2, 1), ("Ambition", 1, 2)], ["March 2032", "March 2033"], _WAITS],
            1,
            2,
            id="second-row-unmarked",
        ),
        pytest.param(
            [[("Measure", 2, 1), ("2031/32", 1, 2)], ["Q1", "Q2"], _WAITS], 0, 2, id="quarters"
        ),
        pytest.param(
            [["Measure", ("Ambition", 1, 2)], _WAITS, _BEDS], 1, 1, id="near-miss-body-below-span"
        ),
        pytest.param(
            [["Measure", "Level", "Notes"], _WAITS, _BEDS], 2, 2, id="near-miss-as-marked"
        ),
    ],
)
def test_header_rows(rows: list[list[Entry]], marked: int, heads: int) -> None:
    assert header_rows(grid_of_rows(rows, marked=marked)) == heads


def test_each_cell_has_the_headings_over_its_column() -> None:
    grid = grid_of_rows(
        [
            [("Measure", 2, 1), ("Ambition", 1, 2), ("Now", 2, 1)],
            ["March 2032", "March 2033"],
            ["Waits over a year", "4%", "", "7%"],
        ],
        marked=2,
    )
    (row,) = read_rows(grid, None)
    assert [(cell.text, cell.heads, cell.start) for cell in row.cells] == [
        ("Waits over a year", ("Measure",), 0),
        ("4%", ("Ambition", "March 2032"), 20),
        ("7%", ("Now",), 25),
    ]
    for cell in row.cells:
        assert cell.start is not None
        assert row.text[cell.start : cell.start + len(cell.text)] == cell.text


def test_labels_that_are_carried_stand_nowhere_in_the_text() -> None:
    grid = grid_of_rows(
        [
            ["Area", "Measure", "2031/32"],
            [("Elective care", 2, 1), "Waits over a year", "4%"],
            ["Waits over two years", "0"],
        ],
        marked=1,
    )
    for row in read_rows(grid, None):
        label, *own = row.cells
        assert (label.text, label.heads, label.start) == ("Elective care", ("Area",), None)
        assert [cell.heads for cell in own] == [("Measure",), ("2031/32",)]
