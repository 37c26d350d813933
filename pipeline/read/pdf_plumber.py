"""The slow way with pdfplumber, for the few files that pdfium cannot open.

It is slower by a factor of ten and more, so it is only called where pdfium finds nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from pipeline.errors import DocumentError, Outcome
from pipeline.read.pdf_frame import Frame
from pipeline.read.pdf_lines import build_lines, join_pieces, split_pieces
from pipeline.read.pdf_tables import cell_text
from pipeline.read.pdf_words import Type, Word
from pipeline.records import Box, Cell, Page, Table

MOST_PAGES: Final = 300
# What pdfminer raises on damaged files, besides its own errors, as its own test suite shows.
_DAMAGE: Final = (
    PSException,
    PDFException,
    PdfminerException,
    MalformedPDFException,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    UnicodeError,
    ValueError,
    ZeroDivisionError,
)
_BOLD: Final = ("bold", "black", "heavy", "demi")


def read_with_pdfplumber(path: Path, *, password: str | None) -> tuple[Page, ...]:
    """The pages as pdfplumber reads them; raises DocumentError encrypted, corrupt or zero_pages."""
    try:
        with pdfplumber.open(path, password=password or "") as document:
            pages = tuple(_page(page) for page in document.pages[:MOST_PAGES])
    except _DAMAGE as error:
        causes = (error, error.__cause__, error.__context__, *error.args)
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise DocumentError(
                path,
                Outcome.ENCRYPTED,
                "it is encrypted",
                remedy="Give its password with --password",
            ) from error
        if any(isinstance(cause, PDFTextExtractionNotAllowed) for cause in causes):
            raise DocumentError(
                path,
                Outcome.ENCRYPTED,
                "it forbids taking its text",
                remedy="Ask its publisher for an unlocked copy",
            ) from error
        raise DocumentError(
            path,
            Outcome.CORRUPT,
            "its structure is damaged",
            remedy="Open it in a PDF reader and save it anew, or get it again from its publisher",
        ) from error
    if not pages:
        raise DocumentError(
            path,
            Outcome.ZERO_PAGES,
            "it has no pages that can be found",
            remedy="Open it in a PDF reader and save it anew, or get it again from its publisher",
        )
    return pages


def _page(page: Any) -> Page:
    """One page, given back to pdfplumber at once: its cache would keep every page in memory."""
    try:
        tables = page.find_tables()
        found = [_word(word) for word in page.extract_words(extra_attrs=["fontname", "size"])]
        placed = [_table(table, found) for table in tables]
        frame = Frame(left=0, bottom=0, right=float(page.width), top=float(page.height), quarters=0)
        outside = [word for word in found if not any(_within(word, t.bbox) for t in tables)]
        return Page(
            number=page.page_number,
            width=float(page.width),
            height=float(page.height),
            lines=tuple(build_lines(join_pieces(split_pieces(outside)), frame, frame)),
            tables=tuple(placed),
            covering_image=_covered(page),
        )
    finally:
        page.close()


def _word(word: dict[str, Any]) -> Word:
    name = str(word["fontname"]).lower()
    kind = Type(
        round(float(word["size"]), 2),
        any(part in name for part in _BOLD),
        "italic" in name or "oblique" in name,
    )
    box = (float(word["x0"]), float(word["top"]), float(word["x1"]), float(word["bottom"]))
    # pdfplumber knows no lines: words whose tops round to one value are tried as one.
    return Word(str(word["text"]), *box, kind, round(box[1]))


def _within(word: Word, box: tuple[float, float, float, float]) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _table(table: Any, words: list[Word]) -> Table:
    lefts = sorted({cell[0] for cell in table.cells})
    tops = sorted({cell[1] for cell in table.cells})
    cells = [
        Cell(
            text=cell_text(word for word in words if _within(word, (x0, top, x1, bottom))),
            row=tops.index(top),
            column=lefts.index(x0),
            rows=sum(top <= other < bottom for other in tops),
            columns=sum(x0 <= other < x1 for other in lefts),
            box=_box(x0, top, x1, bottom),
        )
        for x0, top, x1, bottom in table.cells
    ]
    return Table(
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), box=_box(*table.bbox)
    )


def _box(x0: float, top: float, x1: float, bottom: float) -> Box:
    return Box(x0=round(x0, 2), top=round(top, 2), x1=round(x1, 2), bottom=round(bottom, 2))


def _covered(page: Any) -> bool:
    area = sum(float(image["width"]) * float(image["height"]) for image in page.images)
    return area >= 0.6 * float(page.width) * float(page.height) > 0
