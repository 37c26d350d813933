"""PDFs written for the tests, one feature each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.read.pdf import read_pdf
from pipeline.records import Page, Source, Table

A4 = (595.0, 842.0)


def make(path: Path, *draw: Callable[[Canvas], None], size: tuple[float, float] = A4) -> Path:
    """A PDF with one page for each function that draws one."""
    canvas = Canvas(str(path), pagesize=size, invariant=True)
    for draw_page in draw:
        canvas.setFont("Helvetica", 11)
        draw_page(canvas)
        canvas.showPage()
    canvas.save()
    return path


def read_one(path: Path, *draw: Callable[[Canvas], None], size: tuple[float, float] = A4) -> Page:
    """The first page of such a PDF, as it is read."""
    return read_pdf(make(path / "made.pdf", *draw, size=size)).pages[0]


def texts(page: Page) -> list[str]:
    """The text of each line."""
    return [line.text for line in page.lines]


def rows(table: Table) -> list[list[str]]:
    """The texts of a table by row, white space folded."""
    found: dict[int, list[str]] = {}
    for cell in table.cells:
        found.setdefault(cell.row, []).append(" ".join(cell.text.split()))
    return [found[row] for row in sorted(found)]


def write_lines(
    canvas: Canvas, lines: Sequence[str], *, x: float = 72, top: float = 100, leading: float = 14
) -> None:
    """Lines one under the other; `top` is the distance of the first baseline from the top of an A4
    page.
    """
    for number, line in enumerate(lines):
        canvas.drawString(x, A4[1] - top - number * leading, line)


def draw_grid(canvas: Canvas, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Ruling lines at each x and y (from the bottom), right across."""
    for x in xs:
        canvas.line(x, ys[0], x, ys[-1])
    for y in ys:
        canvas.line(xs[0], y, xs[-1], y)


def rotated(path: Path, degrees: int, to: Path) -> Path:
    """A copy whose pages have another /Rotate."""
    return _changed(path, to, lambda page: page.set_rotation(degrees))


def moved(path: Path, left: float, bottom: float, to: Path) -> Path:
    """A copy whose sheet starts somewhere else: its boxes moved, its content not."""

    def move(page: Any) -> None:
        x0, y0, x1, y1 = page.get_mediabox()
        page.set_mediabox(x0 - left, y0 - bottom, x1 + left, y1 + bottom)

    return _changed(path, to, move)


def cropped(path: Path, box: tuple[float, float, float, float], to: Path) -> Path:
    """A copy of which only a part is shown."""
    return _changed(path, to, lambda page: page.set_cropbox(*box))


def _changed(path: Path, to: Path, change: Callable[[Any], None]) -> Path:
    with pdfium.PdfDocument(path) as document:
        for page in document:
            change(page)
            page.close()
        document.save(to)
    return to


def scan(canvas: Canvas) -> None:
    """A page that is a picture."""
    picture = BytesIO()
    Image.new("L", (200, 280), 200).save(picture, "PNG")
    picture.seek(0)
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)


def words_of(source: Source) -> list[str]:
    """All the words of a source, those in cells too."""
    found: list[str] = []
    for page in source.pages:
        for line in page.lines:
            found += line.text.split()
        for table in page.tables:
            for cell in table.cells:
                found += cell.text.split()
    return found
