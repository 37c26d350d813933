"""Tables: cells mended at page breaks, parts on several pages joined, and rows with the labels over
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.records import BlockKind, Cell, Line, Page, Table
from pipeline.structure.boxes import union
from pipeline.structure.footnotes import strip_raised
from pipeline.structure.headers import header_rows
from pipeline.structure.pieces import Grid, GridCell, Piece
from pipeline.structure.sentences import is_ended

_SLACK: Final = 3.0  # points
_EDGE: Final = 14.0  # points: how far a column may lie from its place on the page before
_BETWEEN: Final = frozenset({BlockKind.FOOTNOTE, BlockKind.CAPTION})


def mend_tables(page: Page, lines: Sequence[Line]) -> tuple[tuple[Table, ...], list[Line]]:
    """The page's tables and the lines that are left, after cells cut off by the page's end have
    been found.

    A spanning cell that goes on overleaf has no lower edge, so that its lines are taken for text;
    where the last row of a table lacks a cell, the lines that stand there are one.
    """
    tables = []
    rest = list(lines)
    for table in page.tables:
        mended = _mend(table, rest)
        if mended is not None:
            table, used = mended
            rest = [line for line in rest if not any(line is other for other in used)]
        tables.append(table)
    return tuple(tables), rest


def _mend(table: Table, lines: Sequence[Line]) -> tuple[Table, list[Line]] | None:
    """The table with the cell that its last rows lack in a column, and the lines of its text."""
    placed = [cell for cell in table.cells if cell.box is not None]
    if not placed or table.box is None:
        return None
    height = max(cell.row + cell.rows for cell in placed)
    for column in range(max(cell.column + cell.columns for cell in placed)):
        first = _first_row_without(placed, column)
        tops = [c.box.top for c in placed if c.row == first and c.box is not None]
        edges = [
            c.box for c in placed if c.column == column and c.columns == 1 and c.box is not None
        ]
        if first >= height or not tops or not edges:
            continue
        left, right = min(box.x0 for box in edges), max(box.x1 for box in edges)
        found = _lines_in(lines, left, right, min(tops), table.box.bottom)
        if found:
            cell = Cell(
                text="\n".join(line.text for line in found),
                row=first,
                column=column,
                rows=height - first,
                box=union([line.box for line in found]),
            )
            cells = sorted((*table.cells, cell), key=lambda part: (part.row, part.column))
            return replace(table, cells=tuple(cells)), found
    return None


def _first_row_without(cells: Sequence[Cell], column: int) -> int:
    """The row from which on a column has no cells."""
    return max(
        (
            cell.row + cell.rows
            for cell in cells
            if cell.column <= column < cell.column + cell.columns
        ),
        default=0,
    )


def _lines_in(
    lines: Sequence[Line], left: float, right: float, top: float, bottom: float
) -> list[Line]:
    """The lines within a column from a height on, down to the table's end and those right below
    it.
    """
    found: list[Line] = []
    floor = bottom + _SLACK
    for line in sorted(lines, key=lambda line: line.box.top):
        inside = line.box.x0 >= left - _SLACK and line.box.x1 <= right + _SLACK
        if inside and top - _SLACK <= line.box.top <= floor:
            found.append(line)
            floor = max(floor, line.box.bottom + 0.6 * line.size)
    return found


def grid_of(table: Table, *, page: int | None, lined: bool) -> Grid:
    """A table as a grid; footnote marks are taken out of its cells."""
    return Grid(
        lined=lined,
        cells=tuple(
            GridCell(
                text=strip_raised(cell.text).strip(),
                row=cell.row,
                column=cell.column,
                rows=cell.rows,
                columns=cell.columns,
                header=cell.header,
                page=page,
                box=cell.box,
            )
            for cell in table.cells
        ),
    )


def join_tables(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with tables that go on overleaf as one; only footnotes and captions may stand
    between.
    """
    joined: list[Piece] = []
    open_table: int | None = None
    last_page: int | None = None
    for piece in pieces:
        if piece.grid is not None:
            before = joined[open_table].grid if open_table is not None else None
            follows = last_page is not None and piece.page == last_page + 1
            if (
                open_table is not None
                and before is not None
                and follows
                and _is_same_table(before, piece.grid)
            ):
                joined[open_table] = replace(joined[open_table], grid=_join(before, piece.grid))
                last_page = piece.page
                continue
            open_table, last_page = len(joined), piece.page
        elif piece.kind not in _BETWEEN:
            open_table = None
        joined.append(piece)
    return joined


def _is_same_table(before: Grid, after: Grid) -> bool:
    if before.width != after.width:
        return False
    edges, others = _edges(before), _edges(after)
    if any(abs(edges[column] - others[column]) > _EDGE for column in edges.keys() & others.keys()):
        return False
    headers = _header_texts(before, header_rows(before))
    repeated = _header_texts(after, header_rows(after))
    return not repeated or not headers or repeated == headers


def _edges(grid: Grid) -> dict[int, float]:
    """Where each column starts, from the table's left edge."""
    starts: dict[int, float] = {}
    for cell in grid.cells:
        if cell.box is not None:
            starts[cell.column] = min(starts.get(cell.column, cell.box.x0), cell.box.x0)
    left = min(starts.values(), default=0.0)
    return {column: start - left for column, start in starts.items()}


def _header_texts(grid: Grid, rows: int) -> list[str]:
    return [fold(cell.text).lower() for cell in grid.cells if cell.row < rows]


def _join(before: Grid, after: Grid) -> Grid:
    """One grid of both: a header that comes again is left out, cells that the break cut are one."""
    skipped = (
        header_rows(after)
        if _header_texts(after, header_rows(after)) == _header_texts(before, header_rows(before))
        else 0
    )
    body = [cell for cell in after.cells if cell.row >= skipped]
    first = [cell for cell in body if cell.row == skipped]
    bottom = before.height
    above = {
        column: cell
        for cell in before.cells
        if cell.row + cell.rows == bottom and not cell.header
        for column in range(cell.column, cell.column + cell.columns)
    }
    going_on = [cell for cell in first if _goes_on(above.get(cell.column), cell)]
    whole_row = len(going_on) == len(first) and any(cell.text for cell in going_on)
    shift = bottom - skipped - (1 if whole_row else 0)
    merged: dict[int, GridCell] = {}
    dropped: set[int] = set()
    for cell in going_on:
        old = above[cell.column]
        if whole_row or cell.column < before.width - 1:
            grown = cell.rows - 1 if whole_row else cell.rows
            text = f"{old.text}\n{cell.text}" if cell.text else old.text
            merged[id(old)] = replace(old, text=text, rows=old.rows + grown)
            dropped.add(id(cell))
    cells = [merged.get(id(cell), cell) for cell in before.cells]
    cells.extend(replace(cell, row=cell.row + shift) for cell in body if id(cell) not in dropped)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(cells=tuple(cells), lined=before.lined)


def _goes_on(old: GridCell | None, cell: GridCell) -> bool:
    """Whether a cell at the top of a page is the rest of the one at the foot of the page before."""
    if old is None or not old.text:
        return False
    if not cell.text:
        return True
    return cell.text[:1].islower() and not is_ended(old.text)
