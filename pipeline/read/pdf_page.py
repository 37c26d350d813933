"""One page of a PDF: lines, tables and boxes."""

from __future__ import annotations

from pipeline.read import pdf_native as native
from pipeline.read.pdf_frame import Frame, shown_frame
from pipeline.read.pdf_lines import build_lines
from pipeline.read.pdf_rulings import covers, read_rulings
from pipeline.read.pdf_tables import find_layout
from pipeline.read.pdf_words import PageText
from pipeline.records import Page


def read_page(document: native.Handle, index: int) -> tuple[Page, Frame, str | None]:
    """The page at this index (from 0), its frame as shown, and a warning where something was left
    alone.

    Raises LookupError where pdfium cannot load the page.
    """
    page = native.load_page(document, index)
    if not page:
        raise LookupError(index)
    text = PageText(page)
    try:
        shown = shown_frame(page)
        work = text.upright(shown)
        words = text.words(work)
        rulings = read_rulings(page, work)
    finally:
        text.close()
        native.close_page(page)
    layout = find_layout(words, rulings, work, shown)
    warning = None
    if rulings.too_many:
        warning = "too much drawing to look for ruled tables"
    return (
        Page(
            number=index + 1,
            width=round(shown.width, 2),
            height=round(shown.height, 2),
            lines=tuple(build_lines(layout.lines, work, shown)),
            tables=layout.tables,
            rules=layout.boxes,
            covering_image=covers(rulings, work),
        ),
        shown,
        warning,
    )
