"""Tables that nothing but their white space shows: text in columns that line up, row after row.

Two columns of prose line up as well. What tells them apart is the file's order: a table is written
row by row, so that its text jumps to the right and back again and again, where prose runs down one
column and then the next. The finder is cautious: three rows or more, cells apart by a gutter, no
column of prose, no table of contents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pipeline.read.pdf_frame import Frame
from pipeline.read.pdf_grid import Edge
from pipeline.read.pdf_lines import LABEL, Piece, make_piece
from pipeline.read.pdf_words import Word
from pipeline.records import Box, Cell, Table

_LEAST_ROWS: Final = 3
_LONGEST_ROW: Final = 40  # lines of text in a row of a table, all its cells together
_GUTTER_EM: Final = 0.8
_LEADING_EM: Final = 0.75  # lines of one cell are no farther apart, bottom to top
_NEXT_ROW_EM: Final = 3.0  # rows are no farther apart
_FULL: Final = 0.8  # of its column's width: a line this long is prose
_EDGE_PT: Final = 2.0  # how far from its column's edge a cell may start
_PAGE_NUMBER: Final = re.compile(r"[.…\s]*(?:\d{1,4}|[ivxlc]{1,6})")
_LEADERS: Final = re.compile(r"(?:\.\s?){4,}|…{2,}")


@dataclass(slots=True)
class _Block:
    """Lines one under the other that may be a cell."""

    words: list[Word]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    lines: int = 1

    def add(self, other: _Block) -> None:
        self.words += other.words
        self.x0, self.x1 = min(self.x0, other.x0), max(self.x1, other.x1)
        self.top, self.bottom = min(self.top, other.top), max(self.bottom, other.bottom)
        self.lines += other.lines


@dataclass(slots=True)
class _Row:
    blocks: list[_Block]
    top: float = field(init=False)
    bottom: float = field(init=False)

    def __post_init__(self) -> None:
        self.top = min(block.top for block in self.blocks)
        self.bottom = max(block.bottom for block in self.blocks)


def find_aligned(
    pieces: Sequence[Piece], rules: Sequence[Edge], work: Frame, shown: Frame
) -> tuple[list[Table], set[int]]:
    """The tables that the page's pieces of text form, and the `id`s of the words in them.

    `rules` are horizontal rulings, which part cells that stand one under the other.
    """
    tables: list[Table] = []
    used: set[int] = set()
    if not _may_hold_rows(pieces):
        return tables, used
    rows = _rows(_blocks(pieces, rules))
    if sum(len(row.blocks) > 1 for row in rows) < _LEAST_ROWS:
        return tables, used
    for run in _runs(rows, rules):
        whole = _merge_wrapped(run, rules)
        columns = _columns(whole)
        if (
            columns is None
            or _is_prose(whole, columns)
            or _is_contents(whole, columns)
            or _is_list(whole, columns)
        ):
            continue
        apart = [_part_at_columns(row, columns) for row in whole]
        tables.append(_table(apart, columns, rules, work, shown))
        used.update(id(word) for row in run for block in row.blocks for word in block.words)
    return tables, used


def _may_hold_rows(pieces: Sequence[Piece]) -> bool:
    """Whether the text goes on to the right of where it was, and no lower, often and soon again.

    A quick look that spares most pages the search: text after a bullet does not count, nor does the
    step from one column of prose to the next, a page's length after the one before.
    """
    rows = 0
    last = -_LONGEST_ROW
    for number, (before, after) in enumerate(pairwise(pieces)):
        if after.x0 > before.x1 and after.top < before.bottom and not _is_label(before.words):
            rows = rows + 1 if number - last <= _LONGEST_ROW else 1
            last = number
            if rows >= _LEAST_ROWS:
                return True
    return False


def _is_label(words: Sequence[Word]) -> bool:
    return len(words) == 1 and LABEL.fullmatch(words[0].text) is not None


def _blocks(pieces: Sequence[Piece], rules: Sequence[Edge]) -> list[_Block]:
    """Lines in the file's order, those that go on below the one before joined to it."""
    blocks: list[_Block] = []
    for piece in pieces:
        block = _Block(list(piece.words), *piece[2:7])
        if blocks and _goes_on(blocks[-1], block) and not _ruled_off(blocks[-1], block, rules):
            blocks[-1].add(block)
        else:
            blocks.append(block)
    return blocks


def _block(words: Sequence[Word]) -> _Block:
    return _Block(list(words), *make_piece(list(words))[2:7])


def _goes_on(above: _Block, below: _Block) -> bool:
    """Whether a line stands right under a block, in its type, at the distance of lines."""
    size = max(above.size, below.size)
    overlap = min(above.x1, below.x1) - max(above.x0, below.x0)
    return (
        abs(above.size - below.size) < 0.15 * size
        and -0.5 * size < below.top - above.bottom < _LEADING_EM * size
        and overlap > 0.5 * min(above.x1 - above.x0, below.x1 - below.x0)
    )


def _ruled_off(above: _Block, below: _Block, rules: Sequence[Edge]) -> bool:
    if not rules:
        return False
    middle = (above.bottom + below.top) / 2
    return any(
        abs(rule.at - middle) <= max(2.0, (below.top - above.bottom) / 2 + 1.0)
        and rule.start <= above.x0 + 2
        and rule.end >= min(above.x1, below.x1) - 2
        for rule in rules
    )


def _rows(blocks: Sequence[_Block]) -> list[_Row]:
    """Blocks that follow each other in the file from left to right, side by side."""
    rows: list[list[_Block]] = []
    for block in blocks:
        if rows and _beside(rows[-1], block):
            rows[-1].append(block)
        else:
            rows.append([block])
    return [_Row(row) for row in rows]


def _beside(row: list[_Block], block: _Block) -> bool:
    """Whether a block goes on a row to the right: past its last cell, level with some of it."""
    last = row[-1]
    size = max(last.size, block.size)
    if block.x0 - last.x1 < _GUTTER_EM * size:
        return False
    top = min(cell.top for cell in row)
    bottom = max(cell.bottom for cell in row)
    overlap = min(bottom, block.bottom) - max(top, block.top)
    return overlap > 0.5 * min(bottom - top, block.bottom - block.top)


def _runs(rows: Sequence[_Row], rules: Sequence[Edge]) -> list[list[_Row]]:
    """Rows of two cells or more that follow right below each other, three or more of them.

    A single cell between two such rows belongs to them where rules part it from both, as a heading
    inside a table is parted.
    """
    runs: list[list[_Row]] = [[]]
    alone: _Row | None = None
    for row in rows:
        run = runs[-1]
        if len(row.blocks) < 2:
            if run and alone is None and _ruled_next(run[-1], row, rules):
                alone = row
            else:
                runs.append([])
                alone = None
        elif alone is not None and _ruled_next(alone, row, rules):
            run += (alone, row)
            alone = None
        elif run and alone is None and _follows(run[-1], row):
            run.append(row)
        else:
            runs.append([row])
            alone = None
    return [run for run in runs if sum(len(row.blocks) > 1 for row in run) >= _LEAST_ROWS]


def _ruled_next(above: _Row, below: _Row, rules: Sequence[Edge]) -> bool:
    return _follows(above, below) and _rule_between(above, below, rules)


def _follows(above: _Row, below: _Row) -> bool:
    size = max(block.size for row in (above, below) for block in row.blocks)
    return -0.5 * size < below.top - above.bottom < _NEXT_ROW_EM * size


def _merge_wrapped(rows: list[_Row], rules: Sequence[Edge]) -> list[_Row]:
    """Rows as the eye sees them, where a file gives the lines of cells side by side.

    Rulings between some of the rows, or a clear step between narrow and wide gaps, tell which
    belong together.
    """
    gaps = [below.top - above.bottom for above, below in pairwise(rows)]
    size = max(block.size for row in rows for block in row.blocks)
    ruled = [_rule_between(above, below, rules) for above, below in pairwise(rows)]
    if sum(ruled) >= 2 and not all(ruled[1:]):
        apart = ruled
    elif sum(gap > 0.6 * size for gap in gaps) >= 2 and any(gap < 0.35 * size for gap in gaps):
        apart = [gap > 0.6 * size for gap in gaps]
    else:
        return rows
    columns = _columns(rows)
    if columns is None:
        return rows
    merged = [list(rows[0].blocks)]
    for row, new in zip(rows[1:], apart, strict=True):
        if new:
            merged.append(list(row.blocks))
        else:
            for block in row.blocks:
                _into(merged[-1], block, columns)
    return [_Row(sorted(blocks, key=lambda block: block.x0)) for blocks in merged]


def _into(row: list[_Block], block: _Block, columns: Sequence[tuple[float, float]]) -> None:
    """Put a block into the cell of its column, or start that cell."""
    column = _column_of(block, columns)
    for cell in row:
        if _column_of(cell, columns) == column:
            cell.add(block)
            return
    row.append(block)


def _rule_between(above: _Row, below: _Row, rules: Iterable[Edge]) -> bool:
    left = min(block.x0 for block in above.blocks)
    right = max(block.x1 for block in above.blocks)
    return any(
        above.bottom - 2 <= rule.at <= below.top + 2
        and rule.start <= left + 4
        and rule.end >= right - 4
        for rule in rules
    )


def _columns(rows: Sequence[_Row]) -> list[tuple[float, float]] | None:
    """The [x0, x1] of each column, from the left; None where the rows do not agree on two or more.

    Columns are what is left between the gutters that run through all rows; most rows must fill most
    columns.
    """
    full = [row for row in rows if len(row.blocks) > 1]
    extents = sorted((block.x0, block.x1) for row in full for block in row.blocks)
    columns: list[tuple[float, float]] = []
    for x0, x1 in extents:
        if columns and x0 <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], x1))
        else:
            columns.append((x0, x1))
    if len(columns) < 2:
        return None
    cells = sum(len(row.blocks) for row in full)
    doubled = any(
        len({_column_of(block, columns) for block in row.blocks}) < len(row.blocks) for row in full
    )
    if doubled or cells < 0.6 * len(columns) * len(full):
        return None
    return columns


def _column_of(block: _Block, columns: Sequence[tuple[float, float]]) -> int:
    """The first column that a block lies over, or the nearest."""
    return min(
        range(len(columns)),
        key=lambda i: max(columns[i][0] - block.x1, block.x0 - columns[i][1], 0.0),
    )


def _columns_of(block: _Block, columns: Sequence[tuple[float, float]]) -> int:
    """How many columns a cell lies over; more than one for a heading inside the table."""
    return max(1, sum(block.x0 < x1 and block.x1 > x0 for x0, x1 in columns))


def _part_at_columns(row: _Row, columns: Sequence[tuple[float, float]]) -> _Row:
    """The row with a cell over two columns parted, where its words start anew at the second one's
    edge.

    The gutter was too narrow there to see without the other rows.
    """
    if len(row.blocks) > 1 or _columns_of(row.blocks[0], columns) < 2:
        return row
    block = row.blocks[0]
    parts: dict[int, list[Word]] = {}
    line_starts: set[tuple[int, int]] = set()
    for word in block.words:
        column = sum(x0 - _EDGE_PT <= word.x0 for x0, _ in columns) - 1
        if column < 0:
            return row
        if (word.line, column) not in line_starts:
            if abs(word.x0 - columns[column][0]) > _EDGE_PT:
                return row
            line_starts.add((word.line, column))
        parts.setdefault(column, []).append(word)
    return _Row([_block(parts[column]) for column in sorted(parts)]) if len(parts) > 1 else row


def _is_prose(rows: Sequence[_Row], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether two columns or more are full of text, line for line: prose written across its
    columns.
    """
    full = 0
    for number, (x0, x1) in enumerate(columns):
        cells = [b for row in rows for b in row.blocks if _column_of(b, columns) == number]
        long = [cell for cell in cells if cell.x1 - cell.x0 > _FULL * (x1 - x0)]
        words = sum(len(cell.words) for cell in cells) / max(1, sum(cell.lines for cell in cells))
        full += len(long) > 0.6 * len(cells) and words > 3.5 and max(c.lines for c in cells) < 2
    return full >= 2


def _is_contents(rows: Sequence[_Row], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether this is a table of contents: leaders, or titles with page numbers that rise."""
    texts = [" ".join(word.text for word in block.words) for row in rows for block in row.blocks]
    if sum(_LEADERS.search(text) is not None for text in texts) > 0.3 * len(rows):
        return True
    last = [
        " ".join(word.text for word in block.words)
        for row in rows
        for block in row.blocks
        if _column_of(block, columns) == len(columns) - 1
    ]
    if len(columns) > 3 or not all(_PAGE_NUMBER.fullmatch(text) for text in last):
        return False
    numbers = [int(text.strip(" .…")) for text in last if text.strip(" .…").isdigit()]
    return numbers == sorted(numbers) and (not numbers or numbers[-1] < 2000)


def _cell_box(
    block: _Block,
    row: _Row,
    columns: Sequence[tuple[float, float]],
    work: Frame,
    shown: Frame,
) -> Box:
    """The cell's part of its row and columns, so that cells of one column start at one place."""
    first = _column_of(block, columns)
    last = first + _columns_of(block, columns) - 1
    x0, x1 = min(columns[first][0], block.x0), max(columns[last][1], block.x1)
    return work.box_in(shown, x0, row.top, x1, row.bottom)


def _is_list(rows: Sequence[_Row], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether this is bullets or numbers with their text."""
    first = [b for row in rows for b in row.blocks if _column_of(b, columns) == 0]
    labels = sum(_is_label(block.words) for block in first)
    return len(columns) == 2 and labels > 0.6 * len(first)


def _table(
    rows: Sequence[_Row],
    columns: Sequence[tuple[float, float]],
    rules: Sequence[Edge],
    work: Frame,
    shown: Frame,
) -> Table:
    from pipeline.read.pdf_tables import cell_text  # that module asks this one for its columns

    bold = [all(word.type.bold for block in row.blocks for word in block.words) for row in rows]
    ruled = [_rule_between(above, below, rules) for above, below in pairwise(rows)]
    head = (bold[0] and not all(bold)) or (ruled[0] and not any(ruled[1:]))
    cells = [
        Cell(
            text=cell_text(block.words),
            row=number,
            column=_column_of(block, columns),
            columns=_columns_of(block, columns),
            header=head and number == 0,
            box=_cell_box(block, row, columns, work, shown),
        )
        for number, row in enumerate(rows)
        for block in row.blocks
    ]
    around = (
        columns[0][0],
        min(row.top for row in rows),
        columns[-1][1],
        max(row.bottom for row in rows),
    )
    return Table(cells=tuple(cells), box=work.box_in(shown, *around))
