"""A table element's cells, with what they span."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from selectolax.lexbor import LexborNode

from pipeline.records import Cell, Table

MAX_SPAN: Final = 1_000
MAX_CELLS: Final = 200_000


def read_table(node: LexborNode, read_cell: Callable[[LexborNode], str]) -> Table:
    """The table with its cells in reading order, each once at its first row and column.

    `read_cell` gives a cell's text, its paragraphs and list items one a line. Columns that a cell
    above still spans are skipped, as browsers do.
    """
    cells: list[Cell] = []
    # Column -> the first row that is free again below a cell that spans rows.
    taken: dict[int, int] = {}
    rows = _rows(node)
    for row, (element, in_head) in enumerate(rows):
        column = 0
        for part in element.iter():
            if part.tag not in ("td", "th") or len(cells) >= MAX_CELLS:
                continue
            while taken.get(column, 0) > row:
                column += 1
            wide = _span(part, "colspan")
            high = _span(part, "rowspan") or len(rows) - row
            high = min(high, len(rows) - row)
            cells.append(
                Cell(
                    text=read_cell(part),
                    row=row,
                    column=column,
                    rows=high,
                    columns=max(wide, 1),
                    header=in_head or part.tag == "th",
                )
            )
            for spanned in range(column, column + max(wide, 1)):
                taken[spanned] = row + high
            column += max(wide, 1)
    return Table(cells=tuple(cells))


def is_layout(node: LexborNode) -> bool:
    """Whether a table only places things: it says so, or has but one cell or a table inside each of
    its rows.
    """
    if node.attributes.get("role") in ("presentation", "none"):
        return True
    cells = [part for row, _ in _rows(node) for part in row.iter() if part.tag in ("td", "th")]
    return len(cells) <= 1 or all(cell.css_first("table") is not None for cell in cells)


def _rows(node: LexborNode) -> list[tuple[LexborNode, bool]]:
    """The rows of this table, not of tables inside it, each with whether it stands in the head;
    foot last.
    """
    head: list[tuple[LexborNode, bool]] = []
    body: list[tuple[LexborNode, bool]] = []
    foot: list[tuple[LexborNode, bool]] = []
    for part in node.iter():
        if part.tag == "tr":
            body.append((part, False))
        elif part.tag in ("thead", "tbody", "tfoot"):
            rows = [(row, part.tag == "thead") for row in part.iter() if row.tag == "tr"]
            {"thead": head, "tbody": body, "tfoot": foot}[part.tag].extend(rows)
    return head + body + foot


def _span(cell: LexborNode, name: str) -> int:
    """A span as stated; 1 where it is absent or makes no sense, 0 for "to the end"."""
    value = (cell.attributes.get(name) or "").strip()
    return min(int(value), MAX_SPAN) if value.isdecimal() and len(value) < 9 else 1
