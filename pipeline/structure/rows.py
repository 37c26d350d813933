"""The rows of a table with the labels over them, and the bullets of a cell one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.read.text_markers import parse_marker
from pipeline.records import Place, RowCell
from pipeline.structure.headers import column_heads, header_rows
from pipeline.structure.hyphens import Vocabulary, join_lines
from pipeline.structure.pieces import Grid, GridCell
from pipeline.structure.sentences import is_ended

_BAND_WORDS: Final = 12  # a row over the whole width with more words is text, not a label only


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One body row, or one bullet of a row's cell: `text` of its own cells, `labels` of those over
    it. `cells` are both, carried labels first.
    """

    text: str
    labels: tuple[str, ...]
    cells: tuple[RowCell, ...]
    marker: str | None
    page: int | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """A table's headings: each once, and those over each column."""

    labels: tuple[str, ...]
    columns: Mapping[int, tuple[str, ...]]

    def over(self, cell: GridCell) -> tuple[str, ...]:
        """The headings over a cell, those over its first column where it has several."""
        return self.columns.get(cell.column, ())


def read_rows(grid: Grid, vocabulary: Vocabulary | None) -> list[Row]:
    """The body's rows in order, each with its labels: cells that span rows, band rows, then column
    headers.

    A column in which any cell spans rows is a column of labels. A row of one cell over the whole
    width labels the rows under it. Where a cell holds several bullets, each is a row of its own,
    and the row's other cells are its labels.
    """
    heads = header_rows(grid)
    labelled = _label_columns(grid, heads)
    head = _read_head(grid, heads, vocabulary)
    rows: list[Row] = []
    band: tuple[RowCell, ...] = ()
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
            band = (RowCell(text=text),)
            if not is_ended(text) and len(text.split()) <= _BAND_WORDS:
                continue
        labels = tuple(
            RowCell(text=_plain(cell.text, grid, vocabulary), heads=head.over(cell))
            for cell in carried
        )
        context = band if own[0].columns < grid.width else ()
        rows.extend(_rows_of(own, (*context, *labels), head, grid, vocabulary))
    return rows


def _read_head(grid: Grid, rows: int, vocabulary: Vocabulary | None) -> _Head:
    texts = {
        id(cell): _plain(cell.text, grid, vocabulary)
        for cell in grid.cells
        if cell.row < rows and cell.text
    }
    columns = {
        column: tuple(dict.fromkeys(texts[id(cell)] for cell in cells))
        for column, cells in column_heads(grid, rows).items()
    }
    return _Head(labels=tuple(dict.fromkeys(texts.values())), columns=columns)


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
    carried: tuple[RowCell, ...],
    head: _Head,
    grid: Grid,
    vocabulary: Vocabulary | None,
) -> Iterable[Row]:
    """The rows that the own cells of one table row make: one, or one a bullet."""
    parts = [_parts(cell.text, grid, vocabulary) for cell in own]
    if all(len(part) <= 1 for part in parts) or not _are_apart(parts):
        texts = [" ".join(text for _, text in part) for part in parts]
        yield _make_row(own, texts, carried, head, None)
        return
    for index, (cell, part) in enumerate(zip(own, parts, strict=True)):
        if len(part) <= 1:
            continue
        others = tuple(
            RowCell(text=other[0][1], heads=head.over(own[place]))
            for place, other in enumerate(parts)
            if place != index and len(other) == 1
        )
        for marker, text in part:
            yield _make_row([cell], [text], carried + others, head, marker)


def _make_row(
    own: Sequence[GridCell],
    texts: Sequence[str],
    carried: tuple[RowCell, ...],
    head: _Head,
    marker: str | None,
) -> Row:
    text = ""
    places = []
    cells = list(carried)
    for cell, part in zip(own, texts, strict=True):
        if not part:
            continue
        text += " | " if text else ""
        if cell.page is not None and cell.box is not None:
            places.append(
                Place(start=len(text), end=len(text) + len(part), page=cell.page, box=cell.box)
            )
        cells.append(RowCell(text=part, heads=head.over(cell), start=len(text)))
        text += part
    labels = tuple(cell.text for cell in carried) + head.labels
    return Row(
        text=text,
        labels=labels,
        cells=tuple(cells),
        marker=marker,
        page=own[0].page,
        places=tuple(places),
    )


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
