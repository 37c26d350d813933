"""Draws pictures of PDF pages in a process of its own: pdfium is not made for threads, and a bad
file may end it.

Speaks over standard input and output: one JSON object a line asks for a picture, one JSON object a
line answers, followed by as many bytes of PNG as it says. It is run by its path and needs nothing
of mustdo's.
"""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from collections.abc import Sequence
from typing import IO, Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageChops, ImageDraw

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom, in pixels

_WIDTH: Final = 1200  # of the picture, in pixels
_MAX_HEIGHT: Final = 3200
_MEMORY_LIMIT: Final = 3 << 30
_WIDEST_GAP: Final = 4  # between the middles of two characters of a line, in heights of one
_FILL: Final = (255, 231, 133)
_LINE: Final = (156, 88, 0)


def main() -> int:
    """Answer requests until the input ends."""
    _limit_memory()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    for line in requests:
        _answer(json.loads(line), answers)
    return 0


def draw_page(path: str, page_number: int, fragments: Sequence[dict[str, Any]]) -> bytes:
    """A PNG of a 1-based page with the words of each fragment boxed; raises IndexError for a page
    that is not there.

    A fragment is {"text": ..., "box": [x0, top, x1, bottom] in points or null}: its words are
    looked for on the page, of several places the one nearest its box is taken, and where they are
    not found the box itself.
    """
    document = pdfium.PdfDocument(path)
    try:
        if not 1 <= page_number <= len(document):
            raise IndexError(f"page {page_number} of {len(document)}")
        page = document[page_number - 1]
        width, height = page.get_size()
        scale = min(_WIDTH / width, _MAX_HEIGHT / height)
        image = page.render(scale=scale).to_pil().convert("RGB")
        boxes = find_boxes(page, fragments, image.size, scale)
        if boxes:
            image = _box(image, boxes)
        stream = io.BytesIO()
        # Few colours and light compression: a page of text stays sharp, and half the time goes.
        image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            stream, "PNG", compress_level=4
        )
        return stream.getvalue()
    finally:
        document.close()


def find_boxes(
    page: pdfium.PdfPage, fragments: Sequence[dict[str, Any]], size: tuple[int, int], scale: float
) -> list[Rectangle]:
    """A rectangle for each line of words that the fragments stand on, in pixels of a picture of
    this size.
    """
    if not fragments:
        return []
    text = page.get_textpage()
    letters, owners = _letters(text)
    boxes: list[Rectangle] = []
    for fragment in fragments:
        wanted = "".join(_fold(letter) for letter in fragment["text"])
        stored: Rectangle | None = None
        if fragment["box"]:
            x0, top, x1, bottom = (value * scale for value in fragment["box"])
            stored = (x0, top, x1, bottom)
        places = [
            lines
            for start in _find_all(letters, wanted)
            if (lines := _lines(page, text, owners[start : start + len(wanted)], size))
        ]
        if places:
            boxes += _nearest(places, stored)
        elif stored:
            boxes.append(stored)
    return boxes


def _nearest(places: Sequence[list[Rectangle]], stored: Rectangle | None) -> list[Rectangle]:
    """Of several places of the same words the one nearest to where they were read."""
    return min(places, key=lambda lines: _distance(lines, stored))


def _letters(text: pdfium.PdfTextPage) -> tuple[str, list[int]]:
    """The page's letters and digits, folded, and for each the number of the character that it comes
    from.
    """
    letters: list[str] = []
    owners: list[int] = []
    for number in range(text.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(text, number)
        folded = _fold(chr(code)) if 0 < code < 0x110000 else ""
        letters.append(folded)
        owners += [number] * len(folded)
    return "".join(letters), owners


def _fold(letter: str) -> str:
    """A character as it is compared: ligatures taken apart, case gone, nothing left of spaces and
    signs.
    """
    return "".join(c for c in unicodedata.normalize("NFKC", letter).casefold() if c.isalnum())


def _find_all(letters: str, wanted: str) -> list[int]:
    starts: list[int] = []
    start = letters.find(wanted) if wanted else -1
    while start >= 0:
        starts.append(start)
        start = letters.find(wanted, start + 1)
    return starts


def _lines(
    page: pdfium.PdfPage, text: pdfium.PdfTextPage, characters: Sequence[int], size: tuple[int, int]
) -> list[Rectangle]:
    """The rectangles of these characters, joined line by line."""
    lines: list[Rectangle] = []
    last: Rectangle | None = None
    for number in characters:
        left, bottom, right, top = text.get_charbox(number)
        if right <= left or top <= bottom:
            continue
        box = _to_pixels(page, size, (left, bottom, right, top))
        if last is not None and _follows(last, box):
            line = lines[-1]
            lines[-1] = (
                min(line[0], box[0]),
                min(line[1], box[1]),
                max(line[2], box[2]),
                max(line[3], box[3]),
            )
        else:
            lines.append(box)
        last = box
    return lines


def _to_pixels(page: pdfium.PdfPage, size: tuple[int, int], box: Rectangle) -> Rectangle:
    """A box of the page's own space on the picture, whatever the page's rotation and crop."""
    corners = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        left, top = pdfium_c.c_int(), pdfium_c.c_int()
        pdfium_c.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, left, top)
        corners.append((float(left.value), float(top.value)))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _follows(last: Rectangle, box: Rectangle) -> bool:
    """Whether a character stands in line with the one before it, across the page or, on a turned
    page, along it.
    """
    across = abs(box[0] + box[2] - last[0] - last[2]) / 2
    along = abs(box[1] + box[3] - last[1] - last[3]) / 2
    height = max(last[3] - last[1], box[3] - box[1])
    width = max(last[2] - last[0], box[2] - box[0])
    return (along <= height / 2 and across <= _WIDEST_GAP * height) or (
        across <= width / 2 and along <= _WIDEST_GAP * width
    )


def _distance(lines: Sequence[Rectangle], stored: Rectangle | None) -> float:
    """How far a place is from where the words were when they were read, in pixels, squared."""
    if stored is None:
        return 0.0
    box = lines[0]
    across = (box[0] + box[2] - stored[0] - stored[2]) / 2
    down = (box[1] + box[3] - stored[1] - stored[3]) / 2
    return across * across + down * down


def _box(image: Image.Image, boxes: Sequence[Rectangle]) -> Image.Image:
    """The picture with a highlighter's colour over these boxes, a line around each, and a bar in
    the margin.
    """
    sheet = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(sheet)
    grown = [(x0 - 4, y0 - 4, x1 + 4, y1 + 4) for x0, y0, x1, y1 in boxes]
    for box in grown:
        pen.rectangle(box, fill=_FILL)
    marked = ImageChops.multiply(image, sheet)
    pen = ImageDraw.Draw(marked)
    for box in grown:
        pen.rectangle(box, outline=_LINE, width=2)
    left = max(6.0, min(box[0] for box in grown) - 26)
    top, bottom = min(box[1] for box in grown), max(box[3] for box in grown)
    pen.rectangle((left, top, left + 7, bottom), fill=_LINE)
    return marked


def _answer(request: dict[str, Any], answers: IO[bytes]) -> None:
    try:
        picture = draw_page(request["path"], request["page"], request["fragments"])
    except (pdfium.PdfiumError, OSError, IndexError, MemoryError) as error:
        head, picture = {"error": f"{type(error).__name__}: {error}"}, b""
    else:
        head = {"size": len(picture)}  # type: ignore[dict-item]
    answers.write(json.dumps(head).encode("ascii") + b"\n" + picture)
    answers.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on this system; the time limit of the asking side holds everywhere
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT, _MEMORY_LIMIT))


if __name__ == "__main__":
    sys.exit(main())
