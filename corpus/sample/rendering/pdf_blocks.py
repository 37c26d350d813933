"""Blocks of a sample document as reportlab flowables."""

from collections.abc import Iterator
from itertools import groupby, zip_longest
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.platypus import Flowable, NextPageTemplate, PageBreak, Spacer, TableStyle
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from .pdf_styles import ACCENT, STYLES, TINT, add_breaks
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

TEXT_WIDTH = A4[0] - 48 * mm
CELL_PADDING = 4.0


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
        words = escape(add_breaks(run.text))
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
    kind = "numbered-item" if numbered else "item" if block.marker == "-" else "lettered-item"
    return Text(to_markup(block.text), STYLES[f"{kind}-{block.depth}"], bulletText=bullet)


def _flow_container(block: Container) -> list[Flowable]:
    match block.name:
        case "signature":
            return [
                Text(to_markup(inner.text), STYLES["signature"])
                for inner in block.blocks
                if isinstance(inner, Paragraph)
            ]
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
    """A ruled table; its header repeats, and its joined cells may run on over a page break.

    reportlab will not break a spanned cell over pages. So the cells stay apart, their words are
    dealt out line by line to the rows, and no rule is drawn between: on paper they are one cell.
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
