"""Tables: labels over rows, parts on several pages, bullets in cells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.records import BlockKind, Box, Cell, Line, Page, Table
from pipeline.structure.headers import header_rows
from pipeline.structure.pieces import Grid, GridCell, Piece
from pipeline.structure.rows import read_rows
from pipeline.structure.tables import join_tables, mend_tables


def _grid(
    rows: list[list[str | tuple[str, int, int]]], *, page: int | None = None, headers: int = 1
) -> Grid:
    """A grid of rows of texts; a tuple is a text with the rows and columns that it spans."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for number, row in enumerate(rows):
        column = 0
        for entry in row:
            text, high, wide = entry if isinstance(entry, tuple) else (entry, 1, 1)
            while (number, column) in taken:
                column += 1
            taken |= {(number + r, column + c) for r in range(high) for c in range(wide)}
            box = Box(
                x0=100 * column,
                top=20 * number,
                x1=100 * (column + wide),
                bottom=20 * (number + high),
            )
            cells.append(
                GridCell(
                    text=text,
                    row=number,
                    column=column,
                    rows=high,
                    columns=wide,
                    header=number < headers,
                    page=page,
                    box=box if page is not None else None,
                )
            )
            column += wide
    return Grid(cells=tuple(cells), lined=page is not None)


def _texts(grid: Grid) -> list[tuple[str, tuple[str, ...]]]:
    return [(row.text, row.labels) for row in read_rows(grid, None)]


def test_spanning_labels_go_to_the_rows_that_they_span() -> None:
    grid = _grid(
        [
            ["Aim", "Measure"],
            [("Shorter waits", 2, 1), "Fall to 5%"],
            ["Rise to 60%"],
            ["Safer care", "No harm"],
        ]
    )
    headers = ("Aim", "Measure")
    assert _texts(grid) == [
        ("Fall to 5%", ("Shorter waits", *headers)),
        ("Rise to 60%", ("Shorter waits", *headers)),
        ("No harm", ("Safer care", *headers)),
    ]


def test_cells_of_a_plain_row_are_joined() -> None:
    grid = _grid([["Measure", "2031", "2032"], ["Waits", "60%", "65%"]])
    assert _texts(grid) == [("Waits | 60% | 65%", ("Measure", "2031", "2032"))]


def test_a_row_over_the_whole_width_labels_those_below() -> None:
    grid = _grid(
        [
            ["What", "When"],
            [("Urgent care", 1, 2)],
            ["Beds", "May"],
            [("Planned care", 1, 2)],
            ["Lists", "June"],
        ]
    )
    assert [row[1][0] for row in _texts(grid)] == ["Urgent care", "Planned care"]


def test_bullets_in_a_cell_are_rows_of_their_own() -> None:
    grid = _grid([["Aim", "Actions"], ["Beds", "• open ten\n• staff them"]])
    assert _texts(grid) == [
        ("open ten", ("Beds", "Aim", "Actions")),
        ("staff them", ("Beds", "Aim", "Actions")),
    ]


def test_lines_of_a_cell_are_one_text_where_the_page_broke_them() -> None:
    grid = _grid([["Aim", "Actions"], ["Beds", "open ten\nin May"]], page=1)
    assert _texts(grid)[0][0] == "Beds | open ten in May"


def test_short_labels_over_longer_cells_are_headers_though_nothing_says_so() -> None:
    rows: list[list[str | tuple[str, int, int]]] = [
        ["Aim", "Action"],
        ["Open more beds in time for winter", "Trusts to agree the numbers"],
        ["Keep them staffed through March", "Boards to agree the cost"],
    ]
    assert header_rows(_grid(rows, headers=0)) == 1
    assert (
        header_rows(_grid([["Date", "4 May"], ["Time", "Noon"], ["Place", "Leeds"]], headers=0))
        == 0
    )


def _pieces(*grids: Grid) -> list[Piece]:
    return [
        Piece(kind=BlockKind.TABLE, text="", grid=grid, page=number)
        for number, grid in enumerate(grids, start=1)
    ]


def test_a_table_over_a_page_break_is_one() -> None:
    first = _grid([["Aim", "Measure"], [("Live within the", 1, 1), "Balance"]], page=1)
    second = _grid(
        [["Aim", "Measure"], [("money given", 2, 1), "Cut agency"], ["Cut drugs"]], page=2
    )
    (joined,) = join_tables(_pieces(first, second))
    assert joined.grid is not None
    rows = read_rows(joined.grid, None)
    assert [row.text for row in rows] == ["Balance", "Cut agency", "Cut drugs"]
    assert {row.labels[0] for row in rows} == {"Live within the money given"}
    assert [row.page for row in rows] == [1, 2, 2]


def test_a_row_over_a_page_break_is_one() -> None:
    first = _grid([["What", "When"], ["Open beds and keep", "by May"]], page=1)
    second = _grid([["What", "When"], ["them open", ""], ["Close beds", "June"]], page=2)
    (joined,) = join_tables(_pieces(first, second))
    assert joined.grid is not None
    assert [row.text for row in read_rows(joined.grid, None)] == [
        "Open beds and keep them open | by May",
        "Close beds | June",
    ]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(_grid([["Who", "Why"], ["Boards", "Duty"]], page=2), id="other-headers"),
        pytest.param(_grid([["What", "When", "Who"], ["a", "b", "c"]], page=2), id="other-columns"),
    ],
)
def test_other_tables_stay_apart(second: Grid) -> None:
    first = _grid([["What", "When"], ["Beds", "May"]], page=1)
    assert len(join_tables(_pieces(first, second))) == 2


def test_text_between_keeps_tables_apart() -> None:
    grid = _grid([["What", "When"], ["Beds", "May"]], page=1)
    one, two = _pieces(grid, grid)
    between = Piece(kind=BlockKind.PARAGRAPH, text="And then:")
    assert len(join_tables([one, between, two])) == 3


def test_a_label_that_the_page_cuts_off_is_found_among_the_lines() -> None:
    def cell(text: str, row: int, column: int) -> Cell:
        return Cell(
            text=text,
            row=row,
            column=column,
            box=Box(
                x0=100 * column, top=700 + 20 * row, x1=100 * column + 100, bottom=720 + 20 * row
            ),
        )

    table = Table(
        cells=(cell("Aim", 0, 0), cell("Measure", 0, 1), cell("Balance", 1, 1)),
        box=Box(x0=0, top=700, x1=200, bottom=740),
    )
    cut = [
        Line(text="Live within", box=Box(x0=5, top=722, x1=60, bottom=733), size=10),
        Line(text="the money", box=Box(x0=5, top=735, x1=60, bottom=746), size=10),
    ]
    other = Line(text="Text elsewhere", box=Box(x0=5, top=100, x1=90, bottom=111), size=10)
    page = Page(number=1, width=595, height=842, lines=(), tables=(table,))
    (mended,), rest = mend_tables(page, [other, *cut])
    assert rest == [other]
    assert replace(mended.cells[2], box=None) == Cell(
        text="Live within\nthe money", row=1, column=0
    )
