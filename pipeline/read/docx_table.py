"""A Word table's cells, merged ones once with what they span."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from pipeline.read.docx_numbering import W
from pipeline.records import Cell, Table

MAX_SPAN: Final = 1_000


@dataclass(slots=True, kw_only=True)
class _Open:
    """A cell that may still be continued in the rows below it."""

    text: str
    row: int
    column: int
    columns: int
    header: bool
    rows: int = 1


def read_grid(table: etree._Element, read_cell: Callable[[etree._Element], str]) -> Table:
    """The table with its cells in reading order; rows deleted with tracking on are left out.

    `read_cell` gives a cell's text, its paragraphs one a line. A cell that goes on from the row
    above (`w:vMerge`) adds a row to the one above and is not read, since its text is hidden.
    """
    cells: list[_Open] = []
    above: dict[int, _Open] = {}
    for row, element in enumerate(_rows(table)):
        column = _number(element, f"{W}trPr/{W}gridBefore", 0)
        header = element.find(f"{W}trPr/{W}tblHeader") is not None
        for part in _cells(element):
            wide = max(_number(part, f"{W}tcPr/{W}gridSpan", 1), 1)
            merge = part.find(f"{W}tcPr/{W}vMerge")
            continued = merge is not None and merge.get(f"{W}val") != "restart"
            if continued and column in above:
                above[column].rows += 1
            else:
                cell = _Open(
                    text=read_cell(part), row=row, column=column, columns=wide, header=header
                )
                cells.append(cell)
                above[column] = cell
            column += wide
    return Table(
        cells=tuple(
            Cell(
                text=cell.text,
                row=cell.row,
                column=cell.column,
                rows=cell.rows,
                columns=cell.columns,
                header=cell.header,
            )
            for cell in cells
        )
    )


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == f"{W}tr" and child.find(f"{W}trPr/{W}del") is None:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml"):
            yield from _cells(child)


def _number(element: etree._Element, path: str, default: int) -> int:
    found = element.find(path)
    value = found.get(f"{W}val", "") if found is not None else ""
    return min(int(value), MAX_SPAN) if re.fullmatch(r"\d{1,6}", value) else default
