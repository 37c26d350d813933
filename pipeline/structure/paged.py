"""Pages to pieces: furniture out, columns in order, paragraphs whole, headings and tables told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.records import BlockKind, Bookmark, Line, Page, Place
from pipeline.structure.columns import Run, align_runs, order_page
from pipeline.structure.contents import drop_contents_lines, is_contents_title
from pipeline.structure.cover import read_cover
from pipeline.structure.drafts import Draft, gather
from pipeline.structure.footnotes import find_numbers, strip_marks
from pipeline.structure.furniture import find_body
from pipeline.structure.headings import Heading, find_headings
from pipeline.structure.hyphens import Stretch, Vocabulary, join_stretches, learn_vocabulary
from pipeline.structure.pieces import Piece
from pipeline.structure.tables import grid_of, join_tables, mend_tables
from pipeline.structure.typography import measure

_SAME_INDENT: Final = 4.0  # points
_MAX_HANG: Final = 45.0  # points from a marker to the text that hangs beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """The pieces of a paged source, and the words that its lines were joined by."""

    pieces: tuple[Piece, ...]
    vocabulary: Vocabulary


def read_pages(pages: Sequence[Page], bookmarks: Sequence[Bookmark]) -> Paged:
    """The pieces of a document's pages, in reading order."""
    mended = []
    bodies = []
    for page, lines in zip(pages, find_body(pages), strict=True):
        tables, rest = mend_tables(page, lines)
        mended.append(replace(page, tables=tables))
        bodies.append(rest)
    bodies = drop_contents_lines(bodies)
    runs = align_runs(
        [run for page, lines in zip(mended, bodies, strict=True) for run in order_page(page, lines)]
    )
    typography = measure(runs)
    vocabulary = _learn(runs)
    drafts = gather(runs, typography, {page.number: page.rules for page in pages})
    headings = find_headings(drafts, typography, bookmarks)
    cover = read_cover(drafts, headings, len(pages), typography.body)
    headings = {index: heading for index, heading in headings.items() if index not in cover.others}
    if cover.title is not None:
        headings[cover.title] = replace(headings[cover.title], level=0)
    maker = _Maker(
        vocabulary=vocabulary, numbers=find_numbers(line for lines in bodies for line in lines)
    )
    for index, draft in enumerate(drafts):
        maker.add(draft, headings.get(index))
    return Paged(pieces=tuple(join_tables(maker.pieces)), vocabulary=vocabulary)


def _learn(runs: Sequence[Run]) -> Vocabulary:
    texts: list[str] = []
    for run in runs:
        for element in run.elements:
            if isinstance(element, Line):
                texts.append(element.text)
            else:
                texts.extend(line for cell in element.cells for line in cell.text.split("\n"))
    return learn_vocabulary(texts)


@dataclass(slots=True, kw_only=True)
class _Maker:
    """Makes pieces of drafts one after the other; `indents` are those of the list items that are
    open.
    """

    vocabulary: Vocabulary
    numbers: frozenset[str]
    pieces: list[Piece] = field(default_factory=list)
    indents: list[float] = field(default_factory=list)
    _item: Draft | None = None

    def add(self, draft: Draft, heading: Heading | None) -> None:
        """Adds what a draft is."""
        boxed = draft.frame is not None
        page = draft.run.page
        if draft.table is not None:
            grid = grid_of(draft.table, page=page, lined=True)
            self.pieces.append(
                Piece(kind=BlockKind.TABLE, text="", grid=grid, boxed=boxed, page=page)
            )
            return
        if heading is not None:
            self._close()
            self._append(draft, BlockKind.HEADING, level=heading.level)
        elif draft.footnote is not None:
            self._append(draft, BlockKind.FOOTNOTE, marker=draft.footnote)
        elif draft.caption:
            self._append(draft, BlockKind.CAPTION)
        elif draft.marker is not None:
            decimal = draft.marker.is_decimal
            kind = BlockKind.PARAGRAPH if decimal else BlockKind.LIST_ITEM
            level = self._nest(draft.indent)
            self._append(
                draft,
                kind,
                level=level,
                marker=draft.marker.text,
                cut=draft.marker.width,
                peeled=decimal,
            )
            self._item = draft
        elif self._item is not None and self._hangs(draft, self._item):
            self._extend(draft)
        else:
            self._close()
            self._append(draft, BlockKind.PARAGRAPH)

    def _close(self) -> None:
        self.indents.clear()
        self._item = None

    def _nest(self, indent: float) -> int:
        """The depth of an item by its indent among those open, from 1."""
        while self.indents and indent < self.indents[-1] - _SAME_INDENT:
            self.indents.pop()
        if not self.indents or indent > self.indents[-1] + _SAME_INDENT:
            self.indents.append(indent)
        return len(self.indents)

    def _hangs(self, draft: Draft, item: Draft) -> bool:
        """Whether a paragraph belongs to the item above it: set beside its marker, under its
        text.
        """
        if (item.frame is None) != (draft.frame is None):
            return False
        if item.hang is not None and item.hang > item.indent + _SAME_INDENT:
            return abs(draft.indent - item.hang) <= _SAME_INDENT
        return item.indent + 2 * _SAME_INDENT < draft.indent <= item.indent + _MAX_HANG

    def _extend(self, draft: Draft) -> None:
        last = self.pieces[-1]
        if last.kind is not BlockKind.LIST_ITEM and not last.peeled:
            self._append(draft, BlockKind.PARAGRAPH)
            return
        text, places = self._join(draft, cut=0)
        shift = len(last.text) + 1
        moved = tuple(
            replace(place, start=place.start + shift, end=place.end + shift) for place in places
        )
        self.pieces[-1] = replace(last, text=f"{last.text} {text}", places=last.places + moved)

    def _append(
        self,
        draft: Draft,
        kind: BlockKind,
        *,
        level: int = 0,
        marker: str | None = None,
        cut: int = 0,
        peeled: bool = False,
    ) -> None:
        text, places = self._join(draft, cut=cut)
        if not text or (kind is BlockKind.HEADING and is_contents_title(text)):
            return
        self.pieces.append(
            Piece(
                kind=kind,
                text=text,
                level=level,
                marker=marker,
                peeled=peeled,
                boxed=draft.frame is not None,
                page=draft.lines[0][0].page,
                places=places,
            )
        )

    def _join(self, draft: Draft, *, cut: int) -> tuple[str, tuple[Place, ...]]:
        stretches = []
        for index, (run, line) in enumerate(draft.lines):
            text = strip_marks(line, self.numbers, is_note=draft.footnote is not None)
            if index == 0:
                text = text[cut:]
                if draft.footnote is not None:
                    text = fold(text).removeprefix(draft.footnote).lstrip(".) ")
            stretches.append(Stretch(text=text, page=run.page, line=line))
        return join_stretches(stretches, self.vocabulary)
