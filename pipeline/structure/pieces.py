"""What every format is brought to before sections and passages are made of it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records import BlockKind, Box, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """A table's cell, its paragraphs and list items one a line; `box` stands on `page`, where there
    are pages.
    """

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    header: bool = False
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table, its cells in reading order, each once. `lined` tells that a line break in a cell is
    where the page breaks the line, not where a paragraph ends.
    """

    cells: tuple[GridCell, ...]
    lined: bool = False

    @property
    def height(self) -> int:
        """The number of rows."""
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((cell.column + cell.columns for cell in self.cells), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A heading, paragraph, list item, table, footnote or caption, in reading order.

    `level` is a heading's or a list item's as its format says it. `peeled` tells that the marker
    was found in a paragraph's text, so that `level` says nothing of its depth. `places` cover
    `text`.
    """

    kind: BlockKind
    text: str
    level: int = 0
    marker: str | None = None
    peeled: bool = False
    grid: Grid | None = None
    boxed: bool = False
    page: int | None = None
    offset: int | None = None
    places: tuple[Place, ...] = ()
