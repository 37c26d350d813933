"""What holds for any document: nothing lost, nothing doubled, every quote on its page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import ListFlowable, Paragraph, SimpleDocTemplate

from pipeline.read.pdf import read_pdf
from pipeline.read.text_markers import letters
from pipeline.records import (
    Block,
    BlockKind,
    Box,
    Cell,
    Format,
    Kind,
    Line,
    Page,
    Source,
    Stated,
    StructuredDocument,
    Table,
)
from pipeline.structure import structure

TEXT = "boards plan beds winter staff money agree report waits care trusts must reduce time each"
WORDS = st.sampled_from(TEXT.split())
SENTENCE = st.lists(WORDS, min_size=6, max_size=30).map(
    lambda words: " ".join(words).capitalize() + "."
)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=5).map(" ".join)
ITEM = st.lists(WORDS, min_size=3, max_size=25).map(" ".join)
PART = st.one_of(
    PARAGRAPH.map(lambda text: ("paragraph", [text])),
    st.lists(ITEM, min_size=2, max_size=4).map(lambda items: ("list", items)),
    st.lists(WORDS, min_size=2, max_size=5).map(
        lambda words: ("heading", [" ".join(words).capitalize()])
    ),
)


def _block(part: tuple[str, list[str]]) -> list[Block]:
    kind, texts = part
    if kind == "list":
        return [Block(kind=BlockKind.LIST_ITEM, text=text, level=1, marker="•") for text in texts]
    if kind == "heading":
        return [Block(kind=BlockKind.HEADING, text=texts[0], level=2)]
    return [Block(kind=BlockKind.PARAGRAPH, text=texts[0])]


def _check(document: StructuredDocument) -> None:
    """Ids are unique, sections exist, places cover the text in order, passages are in order."""
    passages = document.passages
    assert len({p.id for p in passages}) == len(passages)
    assert len({s.id for s in document.sections}) == len(document.sections)
    assert [p.ordinal for p in passages] == list(range(len(passages)))
    known = {s.id for s in document.sections}
    assert {p.section_id for p in passages} - {None} <= known
    # Once a section has ended, nothing comes under it any more.
    ended: list[str | None] = []
    for passage in passages:
        if not ended or ended[-1] != passage.section_id:
            assert passage.section_id not in ended
            ended.append(passage.section_id)
    for passage in passages:
        ends = [0]
        for place in passage.places:
            assert place.start >= ends[-1]
            assert place.end > place.start
            ends.append(place.end)
        assert ends[-1] <= len(passage.text)


@given(parts=st.lists(PART, min_size=1, max_size=12))
def test_no_word_of_marked_up_text_is_lost_or_doubled(parts: list[tuple[str, list[str]]]) -> None:
    blocks = [block for part in parts for block in _block(part)]
    source = Source(file="a.html", sha256="0", format=Format.HTML, blocks=tuple(blocks))
    (document,) = structure(source, Stated(id="a", kind=Kind.GUIDANCE, title="Another title"))
    _check(document)
    written = Counter(word for block in blocks for word in block.text.split())
    kept = Counter(word for p in document.passages for word in p.text.split())
    kept += Counter(word for s in document.sections for word in s.heading.split())
    title = [block for block in blocks if block.kind is BlockKind.HEADING][:1]
    dropped = written - kept
    # A single heading of the highest level is the title and heads no section.
    assert not kept - written
    assert not dropped or dropped == Counter(word for b in title for word in b.text.split())


@given(parts=st.lists(PART, min_size=1, max_size=8), other=PARAGRAPH)
def test_ids_stay_when_text_is_added_elsewhere(
    parts: list[tuple[str, list[str]]], other: str
) -> None:
    blocks = [block for part in parts for block in _block(part)]
    added = Block(kind=BlockKind.PARAGRAPH, text=f"Quite another remark: {other}")
    stated = Stated(id="a", kind=Kind.GUIDANCE, title="Another title")
    source = Source(file="a.html", sha256="0", format=Format.HTML, blocks=tuple(blocks))
    (before,) = structure(source, stated)
    (after,) = structure(replace(source, blocks=(added, *blocks)), stated)
    assert {p.id for p in before.passages} <= {p.id for p in after.passages}


NUMBER = st.floats(min_value=0, max_value=560)
ANY_TEXT = st.lists(
    st.sampled_from(
        [*TEXT.split(), "1.", "2.1", "•", "(a)", "Table", "Contents", "...", "12", "-"]
    ),
    min_size=1,
    max_size=9,
).map(" ".join)


@st.composite
def any_line(draw: st.DrawFn) -> Line:
    """A line anywhere on a page, in any size."""
    text, x, top = draw(ANY_TEXT), draw(NUMBER), draw(NUMBER)
    size = draw(st.sampled_from([7.0, 10.0, 10.0, 14.0, 22.0]))
    return Line(
        text=text,
        box=Box(x0=x, top=top, x1=x + 0.5 * size * len(text), bottom=top + size),
        size=size,
        bold=draw(st.booleans()),
        superscripts=draw(st.sampled_from([(), (), ((0, 1),)])),
    )


@st.composite
def any_table(draw: st.DrawFn) -> Table:
    """A table with holes, and cells that reach over others."""
    top, wide, high = draw(NUMBER), draw(st.integers(1, 4)), draw(st.integers(1, 5))
    texts = st.sampled_from(["", "a plan", "• beds\n• staff", "lower\nlines", "1. vote"])
    cells = [
        Cell(
            text=draw(texts),
            row=row,
            column=column,
            rows=draw(st.sampled_from([1, 1, 2])),
            header=draw(st.booleans()),
            box=Box(
                x0=50 + 80 * column,
                top=top + 20 * row,
                x1=130 + 80 * column,
                bottom=top + 20 * row + 20,
            ),
        )
        for row in range(high)
        for column in range(wide)
        if draw(st.integers(0, 6))
    ]
    return Table(
        cells=tuple(cells), box=Box(x0=50, top=top, x1=50 + 80 * wide, bottom=top + 20 * high)
    )


@settings(max_examples=60, deadline=None)
@given(
    sheets=st.lists(
        st.tuples(st.lists(any_line(), max_size=25), st.lists(any_table(), max_size=2)),
        min_size=1,
        max_size=4,
    )
)
def test_any_pages_are_structured(sheets: list[tuple[list[Line], list[Table]]]) -> None:
    pages = tuple(
        Page(number=number, width=595, height=842, lines=tuple(lines), tables=tuple(tables))
        for number, (lines, tables) in enumerate(sheets, start=1)
    )
    source = Source(file="a.pdf", sha256="0", format=Format.PDF, pages=pages)
    (document,) = structure(source, Stated(id="a"))
    _check(document)
    shown = [passage.page or 0 for passage in document.passages]
    assert shown == sorted(shown)
    assert structure(source, Stated(id="a")) == (document,)


def _distinct(parts: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """The parts with a word of its own at either end of each text: no document says the same on
    every line.
    """
    count = iter(range(1, 10_000))

    def own(text: str) -> str:
        word = f"{letters(next(count))}ing"
        end = "." if text.endswith(".") else ""
        first = word.capitalize() if text[0].isupper() else word
        return f"{first} {text[0].lower()}{text[1:].removesuffix('.')} {word}{end}"

    return [(kind, [own(text) for text in texts]) for kind, texts in parts]


def _write(path: Path, parts: list[tuple[str, list[str]]]) -> None:
    text = ParagraphStyle("text", fontName="Helvetica", fontSize=11, leading=14, spaceAfter=8)
    heading = ParagraphStyle(
        "heading", parent=text, fontName="Helvetica-Bold", fontSize=15, leading=19
    )
    flow = []
    for kind, texts in parts:
        if kind == "list":
            items = [Paragraph(item, text) for item in texts]
            flow.append(ListFlowable(items, bulletType="bullet", start="•", leftIndent=18))
        else:
            flow.append(Paragraph(texts[0], heading if kind == "heading" else text))
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1).build(flow)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=st.lists(PART, min_size=3, max_size=25))
def test_quotes_of_a_pdf_stand_on_their_pages_in_order(
    tmp_path: Path, parts: list[tuple[str, list[str]]]
) -> None:
    path = tmp_path / "made.pdf"
    parts = _distinct(parts)
    _write(path, parts)
    source = read_pdf(path)
    (document,) = structure(source, Stated(id="a", kind=Kind.GUIDANCE))
    _check(document)
    check_places(source, document)
    written = [text for kind, texts in parts for text in texts if kind == "paragraph"]
    kept = {p.text for p in document.passages}
    assert sum(text in kept for text in written) >= 0.9 * len(written)


def check_places(source: Source, document: StructuredDocument) -> None:
    """Every place's words stand on its page, and passages follow one another down the pages."""
    on_page = {
        page.number: _letters(
            " ".join(
                [
                    *(line.text for line in page.lines),
                    *(cell.text for table in page.tables for cell in table.cells),
                ]
            )
        )
        for page in source.pages
    }
    for passage in document.passages:
        assert passage.places, passage.text
        assert passage.page == passage.places[0].page
        for place in passage.places:
            assert _letters(passage.text[place.start : place.end]) in on_page[place.page]
    pages = [passage.page for passage in document.passages]
    assert pages == sorted(pages, key=lambda page: page or 0)


def _letters(text: str) -> str:
    """A text's letters and figures only, raised figures left out."""
    return re.sub(r"[^A-Za-z0-9]", "", text)


def test_quotes_of_real_pages_stand_on_them(shared: Path) -> None:
    for name in ("guidance-2025-26.pdf", "guidance-2025-26-twocol.pdf"):
        source = read_pdf(shared / "formats" / name)
        (document,) = structure(source, Stated(id="a"))
        _check(document)
        pages = {page.number: page for page in source.pages}
        for passage in document.passages:
            assert passage.places
            for place in passage.places:
                page = pages[place.page]
                assert 0 <= place.box.x0 < place.box.x1 <= page.width
                assert 0 <= place.box.top < place.box.bottom <= page.height
