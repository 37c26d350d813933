"""A sample document as PDF: cover, contents, running header and footer, footnotes, columns.

Page numbers in the contents and the room for footnotes depend on where the text falls, and the text
falls where they leave room: so a document is laid out again until nothing moves.
"""

import io
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageBreak, PageTemplate
from reportlab.platypus import Paragraph as Text

from .pdf_blocks import flow_blocks
from .pdf_styles import ACCENT, BOLD, FURNITURE, REGULAR, STYLES
from .source import NOTICE, Heading, SampleDocument, SourceError, plain_text

MARGIN = 24 * mm
GUTTER = 8 * mm
HEAD_ROOM = 12 * mm
FOOT_ROOM = 14 * mm
PAGE_WIDTH, PAGE_HEIGHT = A4
NOTE_RULE = 4 * mm  # between the text and a page's first footnote
MAX_PASSES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one pass put things; the next pass plans with it."""

    heading_pages: dict[str, int] = field(default_factory=dict)  # slug -> page
    note_pages: dict[str, int] = field(default_factory=dict)  # footnote mark -> page
    note_room: dict[int, float] = field(default_factory=dict)  # page -> points kept for footnotes
    page_count: int = 0


def render_pdf(document: SampleDocument) -> bytes:
    """The document as PDF, the same bytes each time: no date, no compression to differ by zlib."""
    layout = Layout()
    for _ in range(MAX_PASSES):
        content, found = _lay_out(document, layout)
        if found == layout:
            return content
        layout = found
    raise SourceError(f"{document.name}: page layout does not settle; move a footnote or a heading")


def _lay_out(document: SampleDocument, layout: Layout) -> tuple[bytes, Layout]:
    target = io.BytesIO()
    template = _Template(target, document, layout)
    story: list[Any] = [NextPageTemplate(f"body-{document.meta.columns}"), PageBreak()]
    story += flow_blocks(document.blocks, contents=_contents(document, layout))
    template.build(story)
    found = Layout(
        heading_pages=template.heading_pages,
        note_pages=template.note_pages,
        note_room=_plan_note_room(document, template.note_pages, layout.note_room),
        page_count=template.page,
    )
    return target.getvalue(), found


def _plan_note_room(
    document: SampleDocument, note_pages: dict[str, int], kept: dict[int, float]
) -> dict[int, float]:
    """Room for each page's footnotes. It never shrinks: a note could wander to and fro for ever."""
    needed: dict[int, float] = defaultdict(float)
    for mark, page in note_pages.items():
        needed[page] += _wrap_height(_set_note(document, mark))
    return {
        page: max(kept.get(page, 0.0), needed[page] + NOTE_RULE if page in needed else 0.0)
        for page in sorted(needed.keys() | kept.keys())
    }


def _set_note(document: SampleDocument, mark: str) -> Text:
    words = escape(plain_text(document.notes[mark]))
    return Text(f"<super>{mark}</super> {words}", STYLES["note"])


def _wrap_height(note: Text) -> float:
    return float(note.wrap(PAGE_WIDTH - 2 * MARGIN, PAGE_HEIGHT)[1])


def _contents(document: SampleDocument, layout: Layout) -> list[tuple[int, str, int]]:
    """The lines of the contents page: level, heading, page."""
    return [
        (block.level, block.text, layout.heading_pages.get(block.slug, 0))
        for block in document.blocks
        if isinstance(block, Heading)
    ]


class _Page(PageTemplate):  # type: ignore[misc]
    """A page of columns, with room at its foot for the footnotes that fell on it last time."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        super().__init__(
            id=f"body-{columns}",
            frames=self._frames(0),
            onPage=lambda canvas, template: template.draw_furniture(canvas),
        )

    def _frames(self, note_height: float) -> list[Frame]:
        bottom = MARGIN + FOOT_ROOM - 8 * mm + note_height
        height = PAGE_HEIGHT - MARGIN - HEAD_ROOM - bottom + 8 * mm
        width = (PAGE_WIDTH - 2 * MARGIN - (self.columns - 1) * GUTTER) / self.columns
        return [
            Frame(MARGIN + n * (width + GUTTER), bottom, width, height, 0, 0, 0, 0)
            for n in range(self.columns)
        ]

    def beforeDrawPage(self, canvas: Canvas, template: "_Template") -> None:  # noqa: N802
        canvas.setNamedCB("note_reference", template.note_reference)
        self.frames = self._frames(template.layout.note_room.get(template.page, 0.0))


class _Template(BaseDocTemplate):  # type: ignore[misc]
    """Draws covers and furniture; collects where headings and footnotes fell."""

    def __init__(self, target: io.BytesIO, document: SampleDocument, layout: Layout) -> None:
        self.document = document
        self.layout = layout
        self.heading_pages: dict[str, int] = {}
        self.note_pages: dict[str, int] = {}
        meta = document.meta
        super().__init__(
            target,
            pagesize=A4,
            pageCompression=0,
            invariant=1,
            title=f"{meta.title}: {meta.subtitle}",
            author="mustdo sample corpus",
            subject=NOTICE,
            lang="en-GB",
        )
        cover = Frame(MARGIN, MARGIN, PAGE_WIDTH - 2 * MARGIN, PAGE_HEIGHT - 2 * MARGIN, id="cover")
        self.addPageTemplates(
            [
                PageTemplate(id="cover", frames=[cover], onPage=lambda c, _: self._draw_cover(c)),
                _Page(1),
                _Page(2),
            ]
        )

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802
        heading = getattr(flowable, "heading", None)
        if not isinstance(heading, Heading):
            return
        self.heading_pages[heading.slug] = self.page
        if self.document.meta.outline:
            self.canv.bookmarkPage(heading.slug)
            self.canv.addOutlineEntry(heading.text, heading.slug, heading.level - 1)
            self.canv.showOutline()

    def note_reference(self, canvas: Canvas, _kind: str, mark: str) -> None:
        """Called back by reportlab where a paragraph that it draws refers to a footnote."""
        self.note_pages[mark] = canvas.getPageNumber()

    def draw_furniture(self, canvas: Canvas) -> None:
        meta = self.document.meta
        canvas.saveState()
        canvas.setFont(REGULAR, 8.5)
        canvas.setFillColor(FURNITURE)
        top, bottom = PAGE_HEIGHT - MARGIN + 2 * mm, MARGIN - 6 * mm
        canvas.drawString(MARGIN, top, meta.running_title)
        canvas.drawRightString(PAGE_WIDTH - MARGIN, top, meta.reference)
        canvas.setFont(REGULAR, 7.5)
        canvas.drawString(MARGIN, bottom, NOTICE)
        canvas.drawRightString(
            PAGE_WIDTH - MARGIN, bottom, f"Page {self.page} of {self.layout.page_count}"
        )
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, top - 2.5 * mm, PAGE_WIDTH - MARGIN, top - 2.5 * mm)
        self._draw_notes(canvas)
        canvas.restoreState()

    def _draw_notes(self, canvas: Canvas) -> None:
        marks = [mark for mark, page in self.layout.note_pages.items() if page == self.page]
        notes = [_set_note(self.document, mark) for mark in marks]
        heights = [_wrap_height(note) for note in notes]
        y = MARGIN + FOOT_ROOM - 10 * mm + sum(heights)
        if notes:
            canvas.line(MARGIN, y + 1.5 * mm, MARGIN + 40 * mm, y + 1.5 * mm)
        for note, height in zip(notes, heights, strict=True):
            y -= height
            note.drawOn(canvas, MARGIN, y)

    def _draw_cover(self, canvas: Canvas) -> None:
        meta = self.document.meta
        canvas.saveState()
        canvas.setFillColor(ACCENT)
        canvas.rect(0, PAGE_HEIGHT - 62 * mm, PAGE_WIDTH, 62 * mm, stroke=0, fill=1)
        canvas.setFillColor(colors.white)
        canvas.setFont(BOLD, 11)
        canvas.drawString(MARGIN, PAGE_HEIGHT - 30 * mm, "SAMPLE DOCUMENT")
        canvas.setFont(REGULAR, 10)
        canvas.drawString(MARGIN, PAGE_HEIGHT - 37 * mm, meta.reference)
        y = PAGE_HEIGHT - 100 * mm
        for text, style, gap in (
            (meta.title, "title", 6),
            (meta.subtitle, "subtitle", 10),
            (meta.audience, "cover", 4),
            (meta.date, "cover", 0),
        ):
            paragraph = Text(escape(text), STYLES[style])
            _, height = paragraph.wrap(PAGE_WIDTH - 2 * MARGIN, PAGE_HEIGHT)
            y -= height
            paragraph.drawOn(canvas, MARGIN, y)
            y -= gap * mm
        self._draw_notice(canvas)
        canvas.restoreState()

    def _draw_notice(self, canvas: Canvas) -> None:
        notice = Text(f"<b>{NOTICE}</b>", STYLES["cover"])
        width = PAGE_WIDTH - 2 * MARGIN - 10 * mm
        _, height = notice.wrap(width, PAGE_HEIGHT)
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1)
        canvas.rect(MARGIN, 40 * mm, PAGE_WIDTH - 2 * MARGIN, height + 8 * mm, fill=0)
        notice.drawOn(canvas, MARGIN + 5 * mm, 44 * mm)
