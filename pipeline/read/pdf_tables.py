"""Ruled tables of a PDF page, and the boxes that frame its text."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.read.pdf_aligned import find_aligned
from pipeline.read.pdf_frame import Frame
from pipeline.read.pdf_grid import TOLERANCE_PT, CellBox, Edge, find_cells, group_cells
from pipeline.read.pdf_lines import Piece, join_pieces, join_words, split_pieces
from pipeline.read.pdf_rulings import Rulings
from pipeline.read.pdf_words import Word
from pipeline.records import Box, Cell, Table

_SLIVER_PT: Final = (
    8.0  # an empty row or column narrower than this is the space between two rulings
)
_BREAK_PT: Final = 9.0  # of an upright, between one cell's side and the next one's
_SMALLEST_BOX_PT: Final = 40.0
_LARGEST_BOX: Final = 0.9  # of the page: more is its background
_NEAR_PT: Final = 4.0  # sides of two boxes that are one
_SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What stands in tables and boxes on a page, and the lines that stand in no table."""

    tables: tuple[Table, ...]
    boxes: tuple[Box, ...]
    lines: list[Piece]


def find_layout(words: list[Word], rulings: Rulings, work: Frame, shown: Frame) -> Layout:
    """Tables in order from the top, boxes around text, and the other lines in their order.

    A grid is a table when words stand in two or more of its columns. One column of ruled cells is a
    stack of boxes: its text reads on as text. A word belongs to the cell that its middle lies in.
    """
    vertical, horizontal = rulings.vertical, rulings.horizontal
    cells = find_cells([*vertical, *_open_sides(vertical, horizontal)], horizontal)
    grids: list[_Grid] = []
    loose: list[CellBox] = []
    for group in group_cells(cells):
        if len({cell.x0 for cell in group}) > 1:
            grids.append(_Grid(group))
        else:
            loose.extend(group)
    for word in words:
        for grid in grids:
            if grid.take(word):
                break
    ruled = [grid for grid in grids if grid.is_table()]
    loose.extend(box for grid in grids if not grid.is_table() for box in grid.boxes)
    ruled, aligned, left = _with_aligned(words, ruled, horizontal, work, shown)
    lines = join_pieces(left)
    tables = [*aligned, *(grid.table(rulings.rectangles, work, shown) for grid in ruled)]
    boxes = _text_boxes([*loose, *rulings.rectangles], rulings.unseen, lines, work)
    return Layout(
        tables=tuple(sorted(tables, key=_place)),
        boxes=tuple(work.box_in(shown, *box) for box in boxes),
        lines=lines,
    )


def _with_aligned(
    words: list[Word], ruled: list[_Grid], rules: Sequence[Edge], work: Frame, shown: Frame
) -> tuple[list[_Grid], list[Table], list[Piece]]:
    """The grids that stay tables, the tables that line up without a grid, and the text in neither.

    A table with every other row shaded has a grid for each shaded row alone: these rows are tried
    as part of what stands around them first.
    """
    bands = {id(band) for band in _bands(ruled)}
    while True:
        taken = {id(word) for grid in ruled if id(grid) not in bands for word in grid.taken()}
        free = [word for word in words if id(word) not in taken] if taken else words
        pieces = split_pieces(free)
        aligned, used = find_aligned(pieces, rules, work, shown)
        kept = {
            id(grid)
            for grid in ruled
            if id(grid) in bands and all(id(word) in used for word in grid.taken())
        }
        if kept == bands:
            break
        bands = kept
    left = [piece for piece in pieces if id(piece.words[0]) not in used]
    return [grid for grid in ruled if id(grid) not in bands], aligned, left


def _bands(grids: Sequence[_Grid]) -> list[_Grid]:
    """Grids of one row with the same columns as another of one row."""
    rows = [grid for grid in grids if grid.is_row()]
    return [
        grid for grid in rows if any(other is not grid and grid.lines_up(other) for other in rows)
    ]


def _open_sides(vertical: Sequence[Edge], horizontal: Sequence[Edge]) -> list[Edge]:
    """The left and right side of tables that are ruled inside but left open there.

    Such a table has rules of one length, and uprights that stand on two or more of them; its sides
    run where the rules end. pdfplumber leaves out the outer columns of such a table.
    """
    sides: list[Edge] = []
    uprights = _end_to_end(vertical)
    for rules in _of_one_length(horizontal):
        left, right = rules[0].start, rules[0].end
        spans: list[tuple[float, float]] = []
        for upright in uprights:
            if not left - TOLERANCE_PT < upright.at < right + TOLERANCE_PT:
                continue
            met = [
                rule.at
                for rule in rules
                if upright.start - TOLERANCE_PT <= rule.at <= upright.end + TOLERANCE_PT
            ]
            if len(met) > 1:
                spans.append((met[0], met[-1]))
        for top, bottom in _joined(spans):
            for at in (left, right):
                if not any(abs(v.at - at) <= TOLERANCE_PT and v.start <= top + 1 for v in vertical):
                    sides.append(Edge(at, top, bottom))
    return sides


def _end_to_end(vertical: Sequence[Edge]) -> list[Edge]:
    """Uprights with those that go on one under the other, cell by cell, as one."""
    whole: list[Edge] = []
    for edge in sorted(vertical):
        last = whole[-1] if whole else None
        if last is not None and edge.at == last.at and edge.start - last.end <= _BREAK_PT:
            whole[-1] = Edge(last.at, last.start, max(last.end, edge.end))
        else:
            whole.append(edge)
    return whole


def _of_one_length(horizontal: Sequence[Edge]) -> list[list[Edge]]:
    """Groups of two or more rules that start and end at the same places, each from the top."""
    groups: dict[tuple[int, int], list[Edge]] = defaultdict(list)
    for rule in horizontal:
        groups[round(rule.start / TOLERANCE_PT), round(rule.end / TOLERANCE_PT)].append(rule)
    return [sorted(group) for group in groups.values() if len(group) > 1]


def _joined(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that overlap or touch, as one."""
    joined: list[tuple[float, float]] = []
    for top, bottom in sorted(spans):
        if joined and top <= joined[-1][1] + TOLERANCE_PT:
            joined[-1] = (joined[-1][0], max(joined[-1][1], bottom))
        else:
            joined.append((top, bottom))
    return joined


def _place(table: Table) -> tuple[float, float]:
    return (table.box.top, table.box.x0) if table.box else (0.0, 0.0)


class _Grid:
    """Ruled cells that hang together, and the words in them."""

    def __init__(self, boxes: list[CellBox]) -> None:
        self.boxes = boxes
        self._xs = sorted({x for box in boxes for x in (box.x0, box.x1)})
        self._ys = sorted({y for box in boxes for y in (box.top, box.bottom)})
        self._at: dict[tuple[int, int], int] = {}
        self._words: dict[int, list[Word]] = defaultdict(list)
        across = {x: i for i, x in enumerate(self._xs)}
        down = {y: i for i, y in enumerate(self._ys)}
        for number, box in enumerate(boxes):
            for row in range(down[box.top], down[box.bottom]):
                for column in range(across[box.x0], across[box.x1]):
                    self._at[row, column] = number

    def take(self, word: Word) -> bool:
        """Whether the word stands in a cell here; if so it is kept."""
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        if not (self._xs[0] <= x <= self._xs[-1] and self._ys[0] <= y <= self._ys[-1]):
            return False
        column = bisect_right(self._xs, x) - 1
        row = bisect_right(self._ys, y) - 1
        number = self._at.get((row, column))
        if number is None:
            return False
        self._words[number].append(word)
        return True

    def taken(self) -> list[Word]:
        """All the words in the grid's cells."""
        return [word for words in self._words.values() for word in words]

    def is_table(self) -> bool:
        """Whether words stand in two columns or more."""
        return len({self.boxes[number].x0 for number in self._words}) > 1

    def is_row(self) -> bool:
        """Whether there is but one row."""
        return len({box.top for box in self.boxes}) == 1

    def lines_up(self, other: _Grid) -> bool:
        """Whether another grid has its columns at the same places."""
        return len(self._xs) == len(other._xs) and all(
            abs(x - y) <= TOLERANCE_PT for x, y in zip(self._xs, other._xs, strict=True)
        )

    def table(self, shades: Sequence[CellBox], work: Frame, shown: Frame) -> Table:
        """The table, its cells by row and column."""
        lefts = self._starts([(box.x0, box.x1) for box in self.boxes])
        tops = self._starts([(box.top, box.bottom) for box in self.boxes])
        placed: dict[tuple[int, int], tuple[int, int, int]] = {}
        for number, box in enumerate(self.boxes):
            row, rows = _span(tops, box.top, box.bottom)
            column, columns = _span(lefts, box.x0, box.x1)
            if rows and columns:
                placed[row, column] = (number, rows, columns)
        heads = self._header_rows(placed, shades)
        cells = [
            Cell(
                text=cell_text(self._words.get(number, ())),
                row=row,
                column=column,
                rows=rows,
                columns=columns,
                header=row < heads,
                box=work.box_in(shown, *self.boxes[number]),
            )
            for (row, column), (number, rows, columns) in sorted(placed.items())
        ]
        around = (self._xs[0], self._ys[0], self._xs[-1], self._ys[-1])
        return Table(cells=tuple(cells), box=work.box_in(shown, *around))

    def _starts(self, extents: list[tuple[float, float]]) -> list[float]:
        """Where rows or columns start; those that are slivers between two rulings are left out."""
        return sorted(
            {
                start
                for number, (start, end) in enumerate(extents)
                if number in self._words or end - start >= _SLIVER_PT
            }
        )

    def _header_rows(
        self, placed: dict[tuple[int, int], tuple[int, int, int]], shades: Sequence[CellBox]
    ) -> int:
        """How many rows at the top are bold or shaded throughout, where others are not."""
        rows: dict[int, list[int]] = defaultdict(list)
        for (row, _), (number, _, _) in placed.items():
            if number in self._words:
                rows[row].append(number)
        # A shade over most of the table is its ground, and marks no row of it.
        height = 0.8 * (self._ys[-1] - self._ys[0])
        marks = [shade for shade in shades if shade.bottom - shade.top < height]
        for marked in (self._is_bold, lambda number: _is_shaded(self.boxes[number], marks)):
            heads = [all(marked(number) for number in rows[row]) for row in sorted(rows)]
            if heads and heads[0] and not all(heads):
                return sorted(rows)[heads.index(False)]
        return 0

    def _is_bold(self, number: int) -> bool:
        return all(word.type.bold for word in self._words[number])


def _span(starts: list[float], start: float, end: float) -> tuple[int, int]:
    """The first of the rows (or columns) from `start` to `end`, and how many; none for a sliver."""
    first = bisect_right(starts, start - 0.01)
    last = bisect_right(starts, end - 0.01)
    return first, last - first


def _is_shaded(box: CellBox, shades: Iterable[CellBox]) -> bool:
    """Whether a rectangle lies behind the cell."""
    return any(
        shade.x0 <= box.x0 + TOLERANCE_PT
        and shade.x1 >= box.x1 - TOLERANCE_PT
        and shade.top <= box.top + TOLERANCE_PT
        and shade.bottom >= box.bottom - TOLERANCE_PT
        for shade in shades
    )


def cell_text(words: Iterable[Word]) -> str:
    """The text of a cell, one line of the page a line; raised digits as Unicode superscripts."""
    lines: list[list[Word]] = []
    for word in words:
        if lines and _same_line(lines[-1][-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return "\n".join(_marked(*join_words(line)) for line in lines)


def _same_line(before: Word, word: Word) -> bool:
    if before.sideways or word.sideways:
        return before.line == word.line
    overlap = min(before.bottom, word.bottom) - max(before.top, word.top)
    lower = min(before.bottom - before.top, word.bottom - word.top)
    return not before.breaks and overlap >= 0.5 * lower and word.x0 >= before.x0


def _marked(text: str, marks: Iterable[tuple[int, int]]) -> str:
    for start, end in marks:
        text = text[:start] + text[start:end].translate(_SUPERSCRIPT) + text[end:]
    return text


def _text_boxes(
    boxes: Iterable[CellBox], unseen: Sequence[CellBox], lines: Iterable[Piece], frame: Frame
) -> list[CellBox]:
    """Boxes that frame whole lines of text.

    Not the `unseen` ones, white on white, nor highlights as high as a line, bars, or the page's
    background.
    """
    found: list[CellBox] = []
    largest = _LARGEST_BOX * frame.width * frame.height
    for box in sorted(set(boxes), key=lambda box: (box.top, box.x0)):
        across, down = box.x1 - box.x0, box.bottom - box.top
        if (
            across >= _SMALLEST_BOX_PT
            and across * down <= largest
            and not any(_near(box, other) for other in (*found, *unseen))
            and _frames(box, lines)
        ):
            found.append(box)
    return found


def _near(box: CellBox, other: CellBox) -> bool:
    return (
        abs(box.x0 - other.x0) < _NEAR_PT
        and abs(box.top - other.top) < _NEAR_PT
        and abs(box.x1 - other.x1) < _NEAR_PT
        and abs(box.bottom - other.bottom) < _NEAR_PT
    )


def _frames(box: CellBox, lines: Iterable[Piece]) -> bool:
    """Whether lines of text stand in a box, with room for more than their height, and none is cut
    by its sides.
    """
    heights: list[float] = []
    words = 0
    for line in lines:
        if not box.top <= (line.top + line.bottom) / 2 <= box.bottom:
            continue
        if line.x1 < box.x0 or line.x0 > box.x1:
            continue
        if line.x0 < box.x0 - 2 or line.x1 > box.x1 + 2:
            return False
        heights.append(line.bottom - line.top)
        words += len(line.words)
    return words > 1 and box.bottom - box.top >= 1.5 * sorted(heights)[len(heights) // 2]
