"""Blocks of a sample document as reportlab flowables: headings, numbered paragraphs, lists, boxes, tables."""

from collections.abc import Iterator
from itertools import groupby, zip_longest
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.platypus import Flowable, NextPageTemplate, PageBreak, Spacer, TableStyle
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from .source import (
    Block,
    Container,
    Heading,
    Item,
    Mark,
    Paragraph,
    SourceError,
    Table,
    plain_text,
    split_runs,
)

ACCENT = colors.HexColor("#0b4f5c")
TINT = colors.HexColor("#e6f0f1")
TEXT_WIDTH = A4[0] - 48 * mm
CELL_PADDING = 4.0
INDENT = 12.0
# Where long words may break in a narrow column.
SYLLABLES = {
    word.replace("-", ""): word.replace("-", "\xad")
    for word in [
        "accord-ingly",
        "appoint-ment",
        "appoint-ments",
        "assess-ment",
        "author-ities",
        "avail-able",
        "capa-city",
        "children",
        "commis-sion",
        "commis-sioning",
        "com-munity",
        "com-parison",
        "contin-uing",
        "depart-ment",
        "depart-ments",
        "depri-vation",
        "diag-nostic",
        "diag-nosis",
        "direct-ory",
        "discour-aged",
        "employ-ers’",
        "equal-ity",
        "estab-lished",
        "experi-ence",
        "finan-cial",
        "general",
        "guid-ance",
        "hos-pital",
        "hos-pitals",
        "immediate",
        "improve-ment",
        "independ-ent",
        "inequal-ities",
        "integ-rated",
        "main-tenance",
        "manage-ment",
        "maternity",
        "measure-ments",
        "neigh-bourhoods",
        "operat-ing",
        "organ-isation",
        "organ-isations",
        "out-patient",
        "partic-ular",
        "patient-initiated",
        "perform-ance",
        "physio-therapy",
        "practi-tioner",
        "pre-scriptions",
        "prior-ities",
        "product-ivity",
        "psych-iatric",
        "refer-ral",
        "referred",
        "screen-ing",
        "secondary",
        "special-ist",
        "stand-ard",
        "sub-mission",
        "sus-pected",
        "tech-nical",
        "telecare",
        "treat-ment",
        "vaccin-ated",
        "work-force",
    ]
}


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    settings = {"fontName": "Helvetica", "spaceAfter": 5, "embeddedHyphenation": 1} | more
    return ParagraphStyle(name, fontSize=size, leading=leading, **settings)


STYLES = {
    style.name: style
    for style in (
        _style("title", 30, 35, fontName="Helvetica-Bold", textColor=ACCENT),
        _style("subtitle", 17, 22),
        _style("cover", 11, 15),
        _style("body", 10, 13.2),
        _style("signature", 10, 13.2, fontName="Helvetica-Bold", spaceBefore=4, spaceAfter=10),
        _style("numbered", 10, 13.2, leftIndent=24, bulletIndent=0),
        _style("item-0", 10, 13.2, leftIndent=INDENT + 2, bulletIndent=2, spaceAfter=3),
        _style(
            "item-1", 10, 13.2, leftIndent=2 * INDENT + 6, bulletIndent=INDENT + 6, spaceAfter=3
        ),
        _style("numbered-item-0", 10, 13.2, leftIndent=42, bulletIndent=24, spaceAfter=3),
        _style("numbered-item-1", 10, 13.2, leftIndent=58, bulletIndent=44, spaceAfter=3),
        _style("cell", 9, 11.6, spaceAfter=0, embeddedHyphenation=0),
        _style(
            "header-cell", 9, 11.6, spaceAfter=0, fontName="Helvetica-Bold", textColor=colors.white
        ),
        _style("note", 8, 10, spaceAfter=2),
        _style("contents-1", 10.5, 14, spaceAfter=0),
        _style("contents-2", 9.5, 14, leftIndent=12, spaceAfter=0),
        _style("contents-page", 10.5, 14, alignment=TA_RIGHT, spaceAfter=0),
        _style("verbatim", 9.5, 12.5, spaceAfter=0),
        _style(
            "heading-1",
            16,
            20,
            fontName="Helvetica-Bold",
            textColor=ACCENT,
            spaceBefore=12,
            spaceAfter=6,
            keepWithNext=1,
        ),
        _style(
            "heading-2",
            12,
            15,
            fontName="Helvetica-Bold",
            spaceBefore=8,
            spaceAfter=4,
            keepWithNext=1,
        ),
        _style(
            "heading-3",
            10.5,
            13.5,
            fontName="Helvetica-Bold",
            spaceBefore=6,
            spaceAfter=3,
            keepWithNext=1,
        ),
        _style(
            "box-title", 10.5, 13.5, fontName="Helvetica-Bold", textColor=ACCENT, keepWithNext=1
        ),
    )
}


def flow_blocks(
    blocks: tuple[Block, ...], *, contents: list[tuple[int, str, int]]
) -> list[Flowable]:
    """The flowables of the blocks; `contents` is (level, heading, page) for a contents page."""
    flowables: list[Flowable] = []
    numbered = False
    for block, following in zip_longest(blocks, blocks[1:]):
        match block:
            case Heading():
                flowables.append(_flow_heading(block))
                numbered = False
            case Paragraph():
                flowables.append(_flow_paragraph(block))
                numbered = block.number is not None
            case Item():
                flowables.append(_flow_item(block, numbered=numbered))
                if not isinstance(following, Item):
                    flowables.append(Spacer(1, 4))
            case Table():
                flowables += [Spacer(1, 4), _flow_table(block), Spacer(1, 8)]
            case Container():
                flowables += _flow_container(block)
            case Mark():
                flowables += _flow_mark(block, contents)
    return flowables


def to_markup(text: str) -> str:
    """A marked-up text in reportlab's own markup, long words with their break points."""
    parts = []
    for run in split_runs(text):
        if run.note:
            parts.append(
                f'<onDraw name="note_reference" label="{run.note}"/><super>{run.note}</super>'
            )
            continue
        words = escape(" ".join(SYLLABLES.get(word, word) for word in run.text.split(" ")))
        parts.append(f"<b>{words}</b>" if run.bold else words)
    return "".join(parts)


def _flow_heading(block: Heading) -> Flowable:
    heading = Text(escape(block.text), STYLES[f"heading-{block.level}"])
    heading.heading = block  # the page template notes where it falls
    return heading


def _flow_paragraph(block: Paragraph) -> Flowable:
    style = STYLES["numbered" if block.number else "body"]
    paragraph = Text(to_markup(block.text), style, bulletText=block.number)
    paragraph.keepWithNext = block.text.endswith(":")  # a stem stays with its first item
    return paragraph


def _flow_item(block: Item, *, numbered: bool) -> Flowable:
    bullet = block.marker if block.marker != "-" else ("•", "–")[block.depth]
    style = f"numbered-item-{block.depth}" if numbered else f"item-{block.depth}"
    return Text(to_markup(block.text), STYLES[style], bulletText=bullet)


def _flow_container(block: Container) -> list[Flowable]:
    match block.name:
        case "signature":
            return [
                Text(to_markup(inner.text), STYLES["signature"])
                for inner in block.blocks
                if isinstance(inner, Paragraph)
            ]
        case "verbatim":
            return [Text(escape(line) or "&nbsp;", STYLES["verbatim"]) for line in block.lines]
        case "box":
            return [Spacer(1, 4), _flow_box(block), Spacer(1, 8)]
    raise SourceError(f"a PDF has no place for :::{block.name}")


def _flow_box(block: Container) -> Flowable:
    inside = [
        Text(escape(block.title), STYLES["box-title"]),
        *flow_blocks(block.blocks, contents=[]),
    ]
    box = Grid([[inside]], colWidths=["100%"])
    box.setStyle(TableStyle([
        ("BACKGROUND", (0, 0), (-1, -1), TINT),
        ("BOX", (0, 0), (-1, -1), 0.8, ACCENT),
        ("LEFTPADDING", (0, 0), (-1, -1), 7),
        ("RIGHTPADDING", (0, 0), (-1, -1), 7),
    ]))  # fmt: skip
    return box


def _flow_mark(block: Mark, contents: list[tuple[int, str, int]]) -> list[Flowable]:
    match block.name:
        case "columns":
            return [NextPageTemplate(f"body-{block.argument}"), PageBreak()]
        case "contents":
            rows = [
                [
                    Text(escape(text), STYLES[f"contents-{level}"]),
                    Text(str(page), STYLES["contents-page"]),
                ]
                for level, text, page in contents
            ]
            title = Text("Contents", STYLES["heading-1"])
            lines = Grid(rows, colWidths=["90%", "10%"])
            lines.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0)]))
            return [title, lines, PageBreak()]
    return []


def _flow_table(table: Table) -> Flowable:
    """A ruled table whose header repeats; a joined cell's words run on beside its rows, over a page break too.

    reportlab will not break a spanned cell over pages. So the cells stay apart, their words are dealt out
    line by line to the rows, and no rule is drawn between them: on paper they are one cell.
    """
    widths = [TEXT_WIDTH * width / 100 for width in table.widths]
    header = [Text(to_markup(cell), STYLES["header-cell"]) for cell in table.header]
    rows: list[list[Flowable]] = [header]
    rules: list[tuple[Any, ...]] = []
    for group in _groups(table):
        first = len(rows)
        rows += _deal_out_label(group, widths)
        last = len(rows) - 1
        rules.append(("BOX", (0, first), (0, last), 0.5, colors.grey))
        rules.append(("GRID", (1, first), (-1, last), 0.5, colors.grey))
    grid = Grid(rows, colWidths=widths, repeatRows=1)
    grid.setStyle(TableStyle([
        ("BACKGROUND", (0, 0), (-1, 0), ACCENT),
        ("GRID", (0, 0), (-1, 0), 0.5, ACCENT),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), CELL_PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), CELL_PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        *rules,
    ]))  # fmt: skip
    return grid


def _groups(table: Table) -> Iterator[list[tuple[str | None, ...]]]:
    """The table's rows in the groups that share a first cell."""
    number = 0
    numbers = []
    for row in table.rows:
        number += row[0] is not None
        numbers.append(number)
    for _, pairs in groupby(zip(numbers, table.rows, strict=True), key=lambda pair: pair[0]):
        yield [row for _, row in pairs]


def _deal_out_label(
    group: list[tuple[str | None, ...]], widths: list[float]
) -> list[list[Flowable]]:
    style = STYLES["cell"]
    label = plain_text(group[0][0] or "")
    lines = simpleSplit(label, style.fontName, style.fontSize, widths[0] - 2 * CELL_PADDING)
    rows = []
    for row in group:
        cells = [Text(to_markup(cell or ""), style) for cell in row[1:]]
        heights = [
            cell.wrap(width - 2 * CELL_PADDING, A4[1])[1]
            for cell, width in zip(cells, widths[1:], strict=True)
        ]
        take = round(max(heights) / style.leading) if row is not group[-1] else len(lines)
        rows.append([Text("<br/>".join(map(escape, lines[:take])), style), *cells])
        lines = lines[take:]
    return rows
