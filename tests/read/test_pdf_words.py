"""Words and lines of a PDF page: their text, place and type."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.read.pdf import read_pdf
from pipeline.records import Box, Line
from tests.read.made_pdfs import A4, cropped, make, moved, read_one, rotated, texts, write_lines


def _hyphen(canvas: Canvas) -> None:
    write_lines(canvas, ["Boards must publish their long-", "term plan by March."])


def _two_columns(canvas: Canvas) -> None:
    write_lines(canvas, ["The first column", "runs down first."], x=72)
    write_lines(canvas, ["The second one", "comes after it."], x=320)


def _across_columns(canvas: Canvas) -> None:
    for number in range(2):
        write_lines(canvas, [f"Left {number}"], x=72, top=100 + 14 * number)
        write_lines(canvas, [f"Right {number}"], x=320, top=100 + 14 * number)


def _bullets(canvas: Canvas) -> None:
    for number, label in enumerate(["\u2022", "1.", "(a)", "iv."]):
        write_lines(canvas, [label], x=72, top=100 + 14 * number)
        write_lines(canvas, ["an item of the list"], x=100, top=100 + 14 * number)


def _twice(canvas: Canvas) -> None:
    write_lines(canvas, ["Printed with a shadow"], x=72)
    write_lines(canvas, ["Printed with a shadow"], x=72.6, top=100.6)
    write_lines(canvas, ["Printed with a shadow"], x=72, top=140)


def _blocked_out(canvas: Canvas) -> None:
    text = canvas.beginText(72, 700)
    text.setWordSpace(17)
    text.textLine("A line set to its full width")
    canvas.drawText(text)


def _no_spaces(canvas: Canvas) -> None:
    """Words set apart by moving the pen, as some typesetters do."""
    x = 72.0
    for word in ["transformation", "programmes", "are", "interdependent"]:
        canvas.drawString(x, 700, word)
        x += canvas.stringWidth(word) + 3.2


def _subscript(canvas: Canvas) -> None:
    text = canvas.beginText(72, 700)
    text.textOut("Cut CO")
    text.setFont("Helvetica", 7)
    text.setRise(-2)
    text.textOut("2")
    text.setRise(0)
    text.setFont("Helvetica", 11)
    text.textOut(" by a tenth")
    canvas.drawText(text)


def _ligatures(canvas: Canvas) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    canvas.setFont("Vera", 11)
    write_lines(canvas, ["a \ufb02ow of \ufb01les"])


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        pytest.param(
            _hyphen,
            ["Boards must publish their long-", "term plan by March."],
            id="hyphen-at-line-end",
        ),
        pytest.param(
            _two_columns,
            ["The first column", "runs down first.", "The second one", "comes after it."],
            id="columns-in-the-files-order",
        ),
        pytest.param(
            _across_columns,
            ["Left 0", "Right 0", "Left 1", "Right 1"],
            id="columns-on-one-baseline",
        ),
        pytest.param(
            _bullets,
            [f"{label} an item of the list" for label in ["\u2022", "1.", "(a)", "iv."]],
            id="label-stays-with-its-text",
        ),
        pytest.param(_twice, ["Printed with a shadow"] * 2, id="printed-twice-on-one-spot"),
        pytest.param(_blocked_out, ["A line set to its full width"], id="justified"),
        pytest.param(
            _no_spaces, ["transformation programmes are interdependent"], id="spaces-by-moving"
        ),
        pytest.param(_subscript, ["Cut CO2 by a tenth"], id="subscript-does-not-break-the-line"),
        pytest.param(_ligatures, ["a flow of files"], id="ligatures"),
    ],
)
def test_lines(tmp_path: Path, draw: Callable[[Canvas], None], expected: list[str]) -> None:
    assert texts(read_one(tmp_path, draw)) == expected


def _raised(*parts: tuple[str, bool]) -> Callable[[Canvas], None]:
    """A line whose marked parts are small and high."""

    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(72, 700)
        for part, high in parts:
            text.setFont("Helvetica", 7 if high else 11)
            text.setRise(4 if high else 0)
            text.textOut(part)
        canvas.drawText(text)

    return draw


@pytest.mark.parametrize(
    ("parts", "marks"),
    [
        pytest.param(
            [("all calls", False), ("1", True), (" are answered", False)], ["1"], id="after-a-word"
        ),
        pytest.param([("of 2025", False), ("12", True)], ["12"], id="after-a-number"),
        pytest.param(
            [("at home", False), ("3", True), (". Then", False)], ["3"], id="before-a-full-stop"
        ),
        pytest.param([("1", True), ("See the annex", False)], ["1"], id="before-a-word"),
        pytest.param([("3", True), (" See the annex", False)], ["3"], id="before-a-space"),
        pytest.param([("of plans", False), ("2,3", True)], ["2,3"], id="two-notes"),
        pytest.param([("of plans", False), ("*", True)], ["*"], id="asterisk"),
        pytest.param([("of plans", False), ("a", True)], ["a"], id="letter"),
        pytest.param([("the 1", False), ("st", True), (" of May", False)], [], id="ordinal"),
        pytest.param([("nothing raised 1", False)], [], id="none"),
    ],
)
def test_superscripts(tmp_path: Path, parts: list[tuple[str, bool]], marks: list[str]) -> None:
    (line,) = read_one(tmp_path, _raised(*parts)).lines
    assert line.text == "".join(text for text, _ in parts)
    assert [line.text[start:end] for start, end in line.superscripts] == marks
    assert line.size == 11


@pytest.mark.parametrize(
    ("font", "bold", "italic"),
    [
        pytest.param("Helvetica", False, False, id="roman"),
        pytest.param("Helvetica-Bold", True, False, id="bold"),
        pytest.param("Times-Italic", False, True, id="italic"),
        pytest.param("Courier-BoldOblique", True, True, id="bold-oblique"),
    ],
)
def test_type(tmp_path: Path, font: str, *, bold: bool, italic: bool) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.scale(2, 2)
        canvas.setFont(font, 9)
        canvas.drawString(36, 350, "Priorities")

    (line,) = read_one(tmp_path, draw).lines
    assert (line.size, line.bold, line.italic) == (18, bold, italic)


def test_fill_and_stroke_is_bold(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(72, 700)
        text.setTextRenderMode(2)
        text.textLine("Made bold by its outline")
        canvas.drawText(text)

    assert read_one(tmp_path, draw).lines[0].bold


# ------------------------------------------------------------------------------------------- places


def _two_words(canvas: Canvas) -> None:
    canvas.drawString(100, 842 - 200, "Upper left")
    canvas.drawString(300, 842 - 600, "Lower right")


def _around(box: Box, x: float, y: float) -> bool:
    return box.x0 - 1 <= x <= box.x1 + 1 and box.top - 1 <= y <= box.bottom + 1


def test_boxes_are_from_the_top_left(tmp_path: Path) -> None:
    page = read_one(tmp_path, _two_words)
    assert (page.width, page.height) == A4
    upper, lower = (line.box for line in page.lines)
    assert upper.x0 == pytest.approx(100, abs=0.5)
    assert _around(upper, 110, 198)
    assert _around(lower, 310, 598)


@pytest.mark.parametrize(
    ("degrees", "at"),
    [
        pytest.param(90, (842 - 198, 110), id="90"),
        pytest.param(180, (595 - 110, 842 - 198), id="180"),
        pytest.param(270, (198, 595 - 110), id="270"),
    ],
)
def test_boxes_of_a_rotated_page_are_as_shown(
    tmp_path: Path, degrees: int, at: tuple[float, float]
) -> None:
    path = rotated(make(tmp_path / "a.pdf", _two_words), degrees, tmp_path / "b.pdf")
    page = read_pdf(path).pages[0]
    assert (page.width, page.height) == (A4 if degrees == 180 else A4[::-1])
    assert texts(page) == ["Upper left", "Lower right"]
    assert _around(page.lines[0].box, *at)


def test_text_turned_to_be_upright_on_a_rotated_page(tmp_path: Path) -> None:
    """What office programs do for a page on its side: the page is turned, and its text against
    that.
    """

    def draw(canvas: Canvas) -> None:
        canvas.translate(595, 0)
        canvas.rotate(90)
        canvas.drawString(100, 595 - 200, "A wide table")
        canvas.drawString(400, 595 - 200, "in columns")

    path = rotated(make(tmp_path / "a.pdf", draw), 90, tmp_path / "b.pdf")
    page = read_pdf(path).pages[0]
    assert (page.width, page.height) == A4[::-1]
    assert texts(page) == ["A wide table", "in columns"]
    first, second = (line.box for line in page.lines)
    assert _around(first, 110, 198)
    assert _around(second, 410, 198)
    assert first.x1 - first.x0 > 3 * (first.bottom - first.top)


def test_words_on_their_side_stay_together(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        write_lines(canvas, ["Plain text on the page, with enough words to be most of it"])
        canvas.translate(60, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Draft for comment only")

    page = read_one(tmp_path, draw)
    assert texts(page)[1] == "Draft for comment only"
    box = page.lines[1].box
    assert box.bottom - box.top > 5 * (box.x1 - box.x0)


def test_a_sheet_that_does_not_start_at_nought(tmp_path: Path) -> None:
    path = moved(make(tmp_path / "a.pdf", _two_words), 30, 50, tmp_path / "b.pdf")
    page = read_pdf(path).pages[0]
    assert (page.width, page.height) == (595 + 60, 842 + 100)
    assert _around(page.lines[0].box, 110 + 30, 198 + 50)


def test_boxes_count_from_the_part_that_is_shown(tmp_path: Path) -> None:
    path = cropped(make(tmp_path / "a.pdf", _two_words), (50, 40, 550, 800), tmp_path / "b.pdf")
    page = read_pdf(path).pages[0]
    assert (page.width, page.height) == (500, 760)
    assert _around(page.lines[0].box, 110 - 50, 198 - 42)


def test_text_inside_a_form(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("stamp")
        canvas.setFont("Helvetica", 11)
        canvas.drawString(0, 0, "Inside a form")
        canvas.endForm()
        canvas.translate(200, 400)
        canvas.doForm("stamp")

    (line,) = read_one(tmp_path, draw).lines
    assert line.text == "Inside a form"
    assert _around(line.box, 210, 842 - 402)


def test_a_line_is_made_anew_for_each_reading(tmp_path: Path) -> None:
    path = make(tmp_path / "a.pdf", _two_words, _hyphen)
    assert read_pdf(path) == read_pdf(path)
    assert isinstance(read_pdf(path).pages[1].lines[0], Line)
