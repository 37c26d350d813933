"""Excel files that are safe to open: no text acts as a formula or a link.

The same content gives the same bytes.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, Final, Literal

import xlsxwriter

from pipeline.export.about import About, licence_words
from pipeline.export.checklist import FILTER_PREFIX
from pipeline.export.package import fixed_zip
from pipeline.export.text import CELL_LIMIT, cell_text, web_link
from pipeline.wording import KINDS, date_words

CellKind = Literal["text", "date", "number", "percent", "small"]

_LINE: Final = 13.0  # points that a line of text takes in a cell
_TALLEST: Final = 409.0  # points: no row may be taller
_FIRST_DAY: Final = date(1900, 3, 1)  # before it Excel's calendar is a day out
_MOST_LINKS: Final = 60_000  # a sheet holds 65,530
_A4: Final = 9
_INK: Final = "#1F2A37"
_HEADER: Final = "#003D6B"
_RULE: Final = "#C9D3DC"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """A column: its heading, its width in characters, and how its cells look."""

    header: str
    width: float
    kind: CellKind = "text"


class Book:
    """An Excel file in the making, with the looks that its sheets share."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._links = 0

    def look(self, **properties: object) -> Any:
        """The format of these properties on top of the common ones, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            common = {"font_name": "Calibri", "font_size": 10, "font_color": _INK, "valign": "top"}
            self._formats[key] = self.workbook.add_format(common | properties)
        return self._formats[key]

    def add_sheet(self, name: str) -> Any:
        """A new sheet, set up to print on A4 across with page numbers."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8&A&R&8Page &P of &N")
        return sheet

    def write_header(self, sheet: Any, columns: Sequence[SheetColumn], *, row: int = 0) -> None:
        """Headings that stay in sight, on screen and on each printed page, and widths."""
        look = self.look(
            bold=True, font_color="#FFFFFF", bg_color=_HEADER, text_wrap=True, valign="vcenter",
            border=1, border_color=_RULE,
        )  # fmt: skip
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(row, number, cell_text(column.header), look)
        sheet.set_row(row, 24)
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(row)

    def write_cell(
        self,
        sheet: Any,
        row: int,
        column: int,
        value: object,
        kind: CellKind,
        *,
        first: bool = False,
    ) -> None:
        """A value as a cell of its own type: a date, a number, else text.

        `first` draws a stronger line above, where a group of rows begins.
        """
        look: dict[str, object] = {"bottom": 1, "bottom_color": _RULE}
        if first:
            look |= {"top": 2, "top_color": _HEADER}
        if kind == "small":
            look |= {"font_size": 8, "font_color": "#5B6773"}
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.look(**look))
        elif isinstance(value, (date, datetime)) and _in_calendar(value):
            sheet.write_datetime(
                row, column, value, self.look(**look, num_format="d mmm yyyy", align="left")
            )
        elif isinstance(value, (int, float)):
            shown = {"percent": "0%", "number": "#,##0.##"}.get(kind, "General")
            shown = "#,##0" if kind == "number" and float(value).is_integer() else shown
            sheet.write_number(row, column, value, self.look(**look, num_format=shown))
        else:
            text = value.isoformat() if isinstance(value, (date, datetime)) else str(value)
            sheet.write_string(row, column, cell_text(text), self.look(**look, text_wrap=True))

    def fit_row(
        self, sheet: Any, row: int, columns: Sequence[SheetColumn], values: Sequence[object]
    ) -> None:
        """Make a row as tall as its longest text needs."""
        lines = max(
            (_count_lines(str(value), column) for column, value in zip(columns, values, strict=True)
             if value is not None),
            default=1,
        )  # fmt: skip
        sheet.set_row(row, min(lines * _LINE + 3, _TALLEST))

    def write_link(
        self,
        sheet: Any,
        row: int,
        column: int,
        url: str | None,
        words: str,
        kind: CellKind = "text",
        *,
        first: bool = False,
    ) -> None:
        """Words that lead to a web address, or the words alone where there is none."""
        safe = web_link(url)
        if safe is None or self._links >= _MOST_LINKS:
            self.write_cell(sheet, row, column, words, kind, first=first)
            return
        self._links += 1
        look: dict[str, object] = {"bottom": 1, "bottom_color": _RULE}
        if first:
            look |= {"top": 2, "top_color": _HEADER}
        size = 8 if kind == "small" else 10
        link = self.look(**look, text_wrap=True, font_color="#0B5CAD", underline=1, font_size=size)
        sheet.write_url(row, column, safe, link, cell_text(words))

    def write_rows(
        self, sheet: Any, columns: Sequence[SheetColumn], rows: Sequence[Sequence[object]]
    ) -> None:
        """A plain table from the sheet's first row, with filters on its headings."""
        self.write_header(sheet, columns)
        for number, values in enumerate(rows, start=1):
            for at, (column, value) in enumerate(zip(columns, values, strict=True)):
                self.write_cell(sheet, number, at, value, column.kind)
            self.fit_row(sheet, number, columns, values)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)

    def write_about(self, about: About, paragraphs: Sequence[tuple[str, str]]) -> None:
        """The sheet "About": pairs of a heading and a text, then documents with their licences."""
        sheet = self.add_sheet("About")
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 80)
        sheet.set_column(2, 5, 18)
        sheet.write_string(0, 0, cell_text(about.title), self.look(bold=True, font_size=16))
        sheet.set_row(0, 28)
        at = 2
        for heading, words in paragraphs:
            sheet.write_string(at, 0, cell_text(heading), self.look(bold=True))
            sheet.write_string(at, 1, cell_text(words), self.look(text_wrap=True))
            self.fit_row(sheet, at, (SheetColumn(header="", width=80),), (words,))
            at += 1
        self._write_documents(sheet, about, at + 1)

    def _write_documents(self, sheet: Any, about: About, at: int) -> None:
        sheet.write_string(at, 0, "Documents", self.look(bold=True, font_size=12))
        names = ("Publisher", "Title", "Kind", "Planning year", "Published", "Licence")
        for column, name in enumerate(names):
            sheet.write_string(at + 1, column, name, self.look(bold=True, bottom=1))
        for row, document in enumerate(about.documents, start=at + 2):
            self.write_cell(sheet, row, 0, document.publisher, "text")
            self.write_link(sheet, row, 1, document.source_url, document.title)
            self.write_cell(sheet, row, 2, KINDS.get(document.kind, document.kind), "text")
            self.write_cell(sheet, row, 3, document.planning_year, "text")
            self.write_cell(sheet, row, 4, date_words(document.published), "text")
            self.write_cell(sheet, row, 5, document.licence or "not known", "text")


@contextmanager
def open_book(out: BinaryIO, about: About) -> Iterator[Book]:
    """A new Excel file that is written to `out` at the end."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties(
            {
                "title": cell_text(about.title)[:255],
                "author": "mustdo",
                "comments": f"Made from a database built on {about.built_words}.",
                "created": about.date.replace(tzinfo=None),
            }
        )
        workbook.set_size(2400, 1400)
        yield Book(workbook)
    out.write(fixed_zip(buffer.getvalue(), change=_let_rows_fit))


def about_paragraphs(about: About) -> list[tuple[str, str]]:
    """What every workbook says of itself: its source, its filters, its licences."""
    return [
        (
            "What it is",
            "Made by mustdo from the documents listed below; each row names its document and page.",
        ),
        ("Database built", about.built_words[:1].upper() + about.built_words[1:]),
        *(
            [(f"{FILTER_PREFIX}{name}", value) for name, value in about.filters]
            or [("Filters", about.filter_words)]
        ),
        *([("Left out", about.left_out_words)] if about.left_out else []),
        ("Licences", licence_words(about.documents)),
    ]


def _count_lines(text: str, column: SheetColumn) -> int:
    """About how many lines a text takes in a column, letters being narrower than figures."""
    room = max(int(column.width * (1.3 if column.kind == "small" else 1.06)), 4)
    lines = sum(len(textwrap.wrap(part, room)) or 1 for part in text[:CELL_LIMIT].split("\n"))
    return math.ceil(lines * (0.85 if column.kind == "small" else 1))


def _let_rows_fit(name: str, content: bytes) -> bytes:
    """A sheet whose rows are as tall as reckoned, but grow when somebody types more into them."""
    if name.startswith("xl/worksheets/"):
        return content.replace(b' customHeight="1"', b"")
    return content


def _in_calendar(value: date) -> bool:
    return (value.date() if isinstance(value, datetime) else value) >= _FIRST_DAY
