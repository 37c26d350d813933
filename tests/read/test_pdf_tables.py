"""Tables of a PDF page, ruled or not, and the boxes around its text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib import colors
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle

from pipeline.read.pdf import read_pdf
from pipeline.records import Cell
from tests.read.made_pdfs import draw_grid, make, read_one, rotated, rows, texts, write_lines

_MEASURES = [
    ["Priority", "Measure", "By"],
    ["Access", "78% of patients within four hours", "March 2026"],
    ["", "30 minutes for category two calls", "March 2026"],
    ["Money", "A balanced plan", "each year"],
]


def _table(
    style: list[tuple[object, ...]], cells: list[list[str]] | None = None
) -> Callable[[Canvas], None]:
    """A table in this style with a line of text above and below."""

    def draw(canvas: Canvas) -> None:
        write_lines(canvas, ["Text before the table."], top=80)
        body = getSampleStyleSheet()["BodyText"]
        made = Table(
            [[Paragraph(text, body) for text in row] for row in cells or _MEASURES],
            colWidths=[90, 220, 90],
            style=TableStyle(style),
        )
        _, height = made.wrapOn(canvas, 460, 600)
        made.drawOn(canvas, 72, 740 - height)
        write_lines(canvas, ["Text after the table."], top=842 - 740 + height + 30)

    return draw


_GRID = ("GRID", (0, 0), (-1, -1), 0.75, colors.black)
_SPAN = ("SPAN", (0, 1), (0, 2))
_OUTSIDE = ["Text before the table.", "Text after the table."]


def test_a_ruled_table(tmp_path: Path) -> None:
    page = read_one(tmp_path, _table([_GRID]))
    (table,) = page.tables
    assert rows(table) == _MEASURES
    assert texts(page) == _OUTSIDE


def test_a_cell_over_two_rows_stands_once(tmp_path: Path) -> None:
    (table,) = read_one(tmp_path, _table([_GRID, _SPAN])).tables
    first = [cell for cell in table.cells if cell.column == 0]
    assert [(c.text, c.row, c.rows) for c in first] == [
        ("Priority", 0, 1),
        ("Access", 1, 2),
        ("Money", 3, 1),
    ]
    assert len(table.cells) == 11


def test_a_cell_over_two_columns_stands_once(tmp_path: Path) -> None:
    (table,) = read_one(tmp_path, _table([_GRID, ("SPAN", (0, 0), (1, 0))])).tables
    head = [cell for cell in table.cells if cell.row == 0]
    assert [(c.text, c.column, c.columns) for c in head] == [("Priority", 0, 2), ("By", 2, 1)]


@pytest.mark.parametrize(
    "style",
    [
        pytest.param([("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.black)], id="lines-below-rows"),
        pytest.param(
            [
                ("INNERGRID", (0, 0), (-1, -1), 0.5, colors.black),
                ("LINEABOVE", (0, 0), (-1, 0), 0.5, colors.black),
                ("LINEBELOW", (0, -1), (-1, -1), 0.5, colors.black),
            ],
            id="open-at-the-sides",
        ),
        pytest.param(
            [("ROWBACKGROUNDS", (0, 0), (-1, -1), [colors.white, colors.lightblue])],
            id="every-other-row-shaded",
        ),
        pytest.param(
            [
                ("BACKGROUND", (c, r), (c, r), colors.HexColor(0xEEEEEE + c * 7 + r))
                for c in range(3)
                for r in range(4)
            ],
            id="shaded-cells",
        ),
        pytest.param([], id="nothing-drawn"),
        pytest.param([_GRID, ("LINEABOVE", (0, 1), (-1, 1), 3, colors.black)], id="a-thick-rule"),
    ],
)
def test_tables_however_drawn(tmp_path: Path, style: list[tuple[object, ...]]) -> None:
    cells = [row if row[0] else ["Calls", *row[1:]] for row in _MEASURES]
    page = read_one(tmp_path, _table(style, cells))
    (table,) = page.tables
    assert rows(table) == cells
    assert texts(page) == _OUTSIDE


def test_a_table_on_its_side_is_read_upright(tmp_path: Path) -> None:
    path = rotated(make(tmp_path / "a.pdf", _table([_GRID, _SPAN])), 90, tmp_path / "b.pdf")
    page = read_pdf(path).pages[0]
    (table,) = page.tables
    assert [c.text for c in table.cells if c.row == 3] == ["Money", "A balanced plan", "each year"]
    assert table.box is not None
    assert 0 < table.box.x0 < table.box.x1 < page.width == 842
    assert 0 < table.box.top < table.box.bottom < page.height == 595
    boxes = {cell.text: cell.box for cell in table.cells}
    first, last = boxes["Priority"], boxes["Money"]
    assert first is not None
    assert last is not None
    assert first.x0 > last.x1  # what was the top is now at the right


@pytest.mark.parametrize(
    ("style", "heads"),
    [
        pytest.param([_GRID], 0, id="all-alike"),
        pytest.param([_GRID, ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey)], 1, id="shaded"),
        pytest.param(
            [_GRID, ("BACKGROUND", (0, 0), (-1, 1), colors.lightgrey)], 2, id="two-rows-shaded"
        ),
        pytest.param(
            [_GRID, ("BACKGROUND", (0, 0), (0, -1), colors.lightgrey)], 0, id="a-column-shaded"
        ),
    ],
)
def test_header_rows(tmp_path: Path, style: list[tuple[object, ...]], heads: int) -> None:
    (table,) = read_one(tmp_path, _table(style)).tables
    assert {cell.row for cell in table.cells if cell.header} == set(range(heads))


def test_bold_rows_at_the_top_are_header(tmp_path: Path) -> None:
    cells = [[f"<b>{text}</b>" for text in _MEASURES[0]], *_MEASURES[1:]]
    (table,) = read_one(tmp_path, _table([_GRID], cells)).tables
    assert [cell.text for cell in table.cells if cell.header] == ["Priority", "Measure", "By"]


def test_a_mark_in_a_cell_is_a_superscript(tmp_path: Path) -> None:
    cells = [["Measure", "Target"], ["Waits", "92%<super>12</super> of patients"]]
    (table,) = read_one(tmp_path, _table([_GRID], cells)).tables
    assert _cell(table.cells, 1, 1).text == "92%¹² of patients"


def _cell(cells: tuple[Cell, ...], row: int, column: int) -> Cell:
    return next(cell for cell in cells if (cell.row, cell.column) == (row, column))


def test_lines_of_a_cell(tmp_path: Path) -> None:
    cells = [["Measure", "Target"], ["Waits", "one line of the cell<br/>and the next one"]]
    (table,) = read_one(tmp_path, _table([_GRID], cells)).tables
    assert _cell(table.cells, 1, 1).text == "one line of the cell\nand the next one"


# --------------------------------------------------------------------------------- what is no table


def _prose_in_columns(canvas: Canvas) -> None:
    """Two columns written line by line across the page, as the worst programs do."""
    left = [
        "Boards should agree their plans",
        "by the end of March and make",
        "them known to everyone who",
    ]
    right = [
        "works for them. The plans are",
        "looked at by the region, which",
        "says what it thinks of them at",
    ]
    for number, (one, other) in enumerate(zip(left * 3, right * 3, strict=True)):
        write_lines(canvas, [one], x=72, top=100 + 14 * number)
        write_lines(canvas, [other], x=320, top=100 + 14 * number)


def _contents(canvas: Canvas) -> None:
    for number, (title, page) in enumerate(
        [("Foreword", "3"), ("Our plan", "5"), ("Money", "9"), ("Annex", "12")]
    ):
        write_lines(canvas, [title], x=72, top=100 + 16 * number)
        write_lines(canvas, [page], x=500, top=100 + 16 * number)


def _leaders(canvas: Canvas) -> None:
    for number, title in enumerate(["Foreword", "Our plan", "Money", "Annex"]):
        write_lines(canvas, [f"{title} {'. ' * 30}"], x=72, top=100 + 16 * number)
        write_lines(canvas, [str(number)], x=500, top=100 + 16 * number)


def _list(canvas: Canvas) -> None:
    for number in range(5):
        write_lines(canvas, ["•"], x=72, top=100 + 16 * number)
        write_lines(canvas, [f"item {number} of the list"], x=90, top=100 + 16 * number)


def _underlined(canvas: Canvas) -> None:
    write_lines(canvas, ["A heading with a rule under it", "and some text"], leading=30)
    for y in (738, 708, 40):
        canvas.line(72, y, 523, y)


def _boxed(canvas: Canvas) -> None:
    canvas.rect(60, 690, 400, 70)
    write_lines(canvas, ["All systems must:", "publish a plan", "and keep to it"])


def _stacked_boxes(canvas: Canvas) -> None:
    draw_grid(canvas, [60, 460], [640, 690, 760])
    write_lines(canvas, ["First box has this text", "in two lines"])
    write_lines(canvas, ["Second box has that"], top=170)


def _chart(canvas: Canvas) -> None:
    for number in range(8):
        canvas.rect(100 + 30 * number, 300, 30, 40 + 20 * number, fill=1)
    write_lines(canvas, ["2019", "2020"], top=560)


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(_prose_in_columns, id="prose-across-columns"),
        pytest.param(_contents, id="contents"),
        pytest.param(_leaders, id="contents-with-leaders"),
        pytest.param(_list, id="list"),
        pytest.param(_underlined, id="rules-under-headings"),
        pytest.param(_boxed, id="box"),
        pytest.param(_stacked_boxes, id="stacked-boxes"),
        pytest.param(_chart, id="bars-of-a-chart"),
    ],
)
def test_no_table(tmp_path: Path, draw: Callable[[Canvas], None]) -> None:
    assert read_one(tmp_path, draw).tables == ()


# -------------------------------------------------------------------------------------------- boxes


def test_a_box_around_text(tmp_path: Path) -> None:
    page = read_one(tmp_path, _boxed)
    (box,) = page.rules
    assert [box.x0, box.x1] == pytest.approx([60, 460], abs=1)
    assert [box.top, box.bottom] == pytest.approx([82, 152], abs=1)
    assert len(page.lines) == 3


def test_two_boxes_one_upon_the_other(tmp_path: Path) -> None:
    page = read_one(tmp_path, _stacked_boxes)
    assert len(page.rules) == 2


def _fill(
    colour: object, x: float, y: float, width: float, height: float
) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(colour)
        canvas.rect(x, y, width, height, stroke=0, fill=1)
        canvas.setFillColor(colors.black)
        write_lines(canvas, ["Words on a coloured ground", "in two lines of text"])

    return draw


@pytest.mark.parametrize(
    ("draw", "boxes"),
    [
        pytest.param(_fill(colors.lightblue, 60, 700, 400, 60), 1, id="filled-box"),
        pytest.param(_fill(colors.white, 60, 700, 400, 60), 0, id="white-on-white"),
        pytest.param(_fill(colors.lightblue, 0, 0, 595, 842), 0, id="the-pages-background"),
        pytest.param(_fill(colors.yellow, 72, 738, 140, 14), 0, id="a-highlight"),
        pytest.param(_fill(colors.lightblue, 60, 100, 400, 60), 0, id="nothing-in-it"),
        pytest.param(_fill(colors.lightblue, 100, 700, 400, 60), 0, id="through-the-words"),
    ],
)
def test_which_fills_are_boxes(tmp_path: Path, draw: Callable[[Canvas], None], boxes: int) -> None:
    assert len(read_one(tmp_path, draw).rules) == boxes


def test_rulings_inside_a_form(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("grid")
        draw_grid(canvas, [0, 60, 160], [0, 20, 40])
        canvas.endForm()
        canvas.translate(100, 600)
        canvas.scale(1.5, 1.5)
        canvas.doForm("grid")
        canvas.setFont("Helvetica", 8)
        for x, y, text in [(4, 24, "Beds"), (64, 24, "Calls"), (4, 4, "92%"), (64, 4, "78%")]:
            canvas.drawString(x, y, text)

    (table,) = read_one(tmp_path, draw).tables
    assert rows(table) == [["Beds", "Calls"], ["92%", "78%"]]
    assert table.box is not None
    assert [table.box.x0, table.box.x1] == pytest.approx([100, 340], abs=1)
