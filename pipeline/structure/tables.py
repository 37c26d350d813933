"""Tables: cells mended at page breaks, parts on several pages joined, and rows with the labels over
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.read.text_markers import parse_marker
from pipeline.records import BlockKind, Cell, Line, Page, Place, Table
from pipeline.structure.boxes import union
from pipeline.structure.footnotes import strip_raised
from pipeline.structure.hyphens import Vocabulary, join_lines
from pipeline.structure.pieces import Grid, GridCell, Piece
from pipeline.structure.sentences import is_ended

_SLACK: Final = 3.0  # points
_EDGE: Final = 14.0  # points: how far a column may lie from its place on the page before
_HEADER_WORDS: Final = 6
_BETWEEN: Final = frozenset({BlockKind.FOOTNOTE, BlockKind.CAPTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One body row, or one bullet of a row's cell: `text` of its own cells, `labels` of those over
    it.
    """

    text: str
    labels: tuple[str, ...]
    marker: str | None
    page: int | None
    places: tuple[Place, ...]


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
    placed = [cell for cell in table.cells if cell.box is not None]
    if not placed or table.box is None:
        return None
    last = max(cell.row + cell.rows for cell in placed) - 1
    present = {
        column
        for cell in placed
        if cell.row <= last < cell.row + cell.rows
        for column in range(cell.column, cell.column + cell.columns)
    }
    row_top = max(
        (cell.box.top for cell in placed if cell.row == last and cell.box is not None), default=None
    )
    if row_top is None:
        return None
    for column in range(max(cell.column + cell.columns for cell in placed)):
        edges = [
            c.box for c in placed if c.column == column and c.columns == 1 and c.box is not None
        ]
        if column in present or not edges:
            continue
        left, right = min(box.x0 for box in edges), max(box.x1 for box in edges)
        found = _lines_in(lines, left, right, row_top, table.box.bottom)
        if found:
            cell = Cell(
                text="\n".join(line.text for line in found),
                row=last,
                column=column,
                box=union([line.box for line in found]),
            )
            cells = sorted((*table.cells, cell), key=lambda part: (part.row, part.column))
            return replace(table, cells=tuple(cells)), found
    return None


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


def header_rows(grid: Grid) -> int:
    """How many rows at the top head the columns.

    Those whose cells are all marked as headers; where none are, the first row if it holds only
    short labels without figures over longer cells.
    """
    rows = 0
    while rows < grid.height:
        cells = [cell for cell in grid.cells if cell.row == rows and cell.text]
        if not cells or not all(cell.header for cell in cells):
            break
        rows = max(cell.row + cell.rows for cell in cells)
    if rows or any(cell.header for cell in grid.cells):
        return min(rows, grid.height - 1) if grid.height > 1 else 0
    return 1 if _has_plain_header(grid) else 0


def _has_plain_header(grid: Grid) -> bool:
    first = [cell for cell in grid.cells if cell.row == 0]
    if grid.height < 3 or grid.width < 2 or sum(cell.columns for cell in first) < grid.width:
        return False
    for cell in first:
        text = fold(cell.text)
        if not text or len(text.split()) > _HEADER_WORDS or re.search(r"\d|[.:;]$", text):
            return False
    body = [len(cell.text) for cell in grid.cells if cell.row > 0 and cell.text]
    heads = [len(cell.text) for cell in first]
    return bool(body) and sum(body) / len(body) >= 1.8 * sum(heads) / len(heads)


def read_rows(grid: Grid, vocabulary: Vocabulary | None) -> list[Row]:
    """The body's rows in order, each with its labels: cells that span rows, band rows, then column
    headers.

    A column in which any cell spans rows is a column of labels. A row of one cell over the whole
    width labels the rows under it. Where a cell holds several bullets, each is a row of its own,
    and the row's other cells are its labels.
    """
    heads = header_rows(grid)
    labelled = _label_columns(grid, heads)
    headers = tuple(
        dict.fromkeys(
            _plain(cell.text, grid, vocabulary)
            for cell in grid.cells
            if cell.row < heads and cell.text
        )
    )
    rows: list[Row] = []
    band: tuple[str, ...] = ()
    by_row = _cells_by_row(grid)
    for number in range(heads, grid.height):
        cells = by_row.get(number, [])
        own = [
            cell
            for cell in cells
            if cell.row == number and not _is_label(cell, labelled, cells) and cell.text
        ]
        carried = [cell for cell in cells if _is_label(cell, labelled, cells) and cell.text]
        if not own:
            own = [cell for cell in carried if cell.row == number]
            carried = [cell for cell in carried if cell.row != number]
            if not own:
                continue
        if _is_band(own, carried, grid):
            text = _plain(own[0].text, grid, vocabulary)
            band = (text,)
            if not is_ended(text) and len(text.split()) <= 2 * _HEADER_WORDS:
                continue
        labels = tuple(_plain(cell.text, grid, vocabulary) for cell in carried)
        context = band if own[0].columns < grid.width else ()
        rows.extend(_rows_of(own, (*context, *labels), headers, grid, vocabulary))
    return rows


def _cells_by_row(grid: Grid) -> dict[int, list[GridCell]]:
    """The cells that stand in each row, those that span it included, from left to right."""
    found: dict[int, list[GridCell]] = {}
    for cell in sorted(grid.cells, key=lambda cell: cell.column):
        for number in range(cell.row, cell.row + cell.rows):
            found.setdefault(number, []).append(cell)
    return found


def _label_columns(grid: Grid, heads: int) -> frozenset[int]:
    return frozenset(
        cell.column
        for cell in grid.cells
        if cell.row >= heads and cell.rows > 1 and cell.column < grid.width - 1
    )


def _is_label(cell: GridCell, labelled: frozenset[int], row: Sequence[GridCell]) -> bool:
    """Whether a cell labels its row: in a column of labels, or spanning rows that others stand in
    singly.
    """
    if cell.column in labelled and cell.columns == 1:
        return True
    return cell.rows > 1 and any(other.rows < cell.rows for other in row)


def _is_band(own: Sequence[GridCell], carried: Sequence[GridCell], grid: Grid) -> bool:
    return grid.width > 1 and len(own) == 1 and not carried and own[0].columns >= grid.width


def _rows_of(
    own: Sequence[GridCell],
    labels: tuple[str, ...],
    headers: tuple[str, ...],
    grid: Grid,
    vocabulary: Vocabulary | None,
) -> Iterable[Row]:
    """The rows that the own cells of one table row make: one, or one a bullet."""
    parts = [_parts(cell.text, grid, vocabulary) for cell in own]
    if all(len(part) <= 1 for part in parts) or not _are_apart(parts):
        texts = [" ".join(text for _, text in part) for part in parts]
        yield _make_row(own, texts, labels + headers, None)
        return
    for index, (cell, part) in enumerate(zip(own, parts, strict=True)):
        if len(part) <= 1:
            continue
        others = tuple(
            other[0][1] for place, other in enumerate(parts) if place != index and len(other) == 1
        )
        for marker, text in part:
            yield _make_row([cell], [text], labels + others + headers, marker)


def _make_row(
    cells: Sequence[GridCell], texts: Sequence[str], labels: tuple[str, ...], marker: str | None
) -> Row:
    text = ""
    places = []
    for cell, part in zip(cells, texts, strict=True):
        if not part:
            continue
        text += " | " if text else ""
        if cell.page is not None and cell.box is not None:
            places.append(
                Place(start=len(text), end=len(text) + len(part), page=cell.page, box=cell.box)
            )
        text += part
    return Row(text=text, labels=labels, marker=marker, page=cells[0].page, places=tuple(places))


def _parts(text: str, grid: Grid, vocabulary: Vocabulary | None) -> list[tuple[str | None, str]]:
    """A cell's list items and paragraphs with their markers, in order."""
    parts: list[tuple[str | None, list[str]]] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        marker = parse_marker(line)
        if marker is not None and (marker.is_bullet or marker.starts_list() or len(parts) > 0):
            parts.append((marker.text, [line[marker.width :]]))
        elif not parts or not grid.lined:
            parts.append((None, [line]))
        else:
            parts[-1][1].append(line)
    if len(parts) == 1 and parts[0][0] is not None:
        return [(parts[0][0], _plain("\n".join(parts[0][1]), grid, vocabulary))]
    return [(marker, _plain("\n".join(lines), grid, vocabulary)) for marker, lines in parts]


def _are_apart(parts: Sequence[Sequence[tuple[str | None, str]]]) -> bool:
    """Whether a cell's parts say something each: list items, or paragraphs of some length."""
    several = [part for cell in parts if len(cell) > 1 for part in cell]
    marked = any(marker is not None for marker, _ in several)
    return marked or all(is_ended(text) or len(text.split()) >= 8 for _, text in several)


def _plain(text: str, grid: Grid, vocabulary: Vocabulary | None) -> str:
    """A cell's text in one line, words that a line's end broke whole again."""
    if grid.lined and vocabulary is not None:
        return join_lines(text.split("\n"), vocabulary)
    return fold(text)
