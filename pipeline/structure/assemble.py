"""Pieces to sections and passages, with ids that last."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.records import (
    BlockKind,
    Document,
    Passage,
    PassageKind,
    Place,
    RowCell,
    Section,
    StructuredDocument,
    stable_id,
)
from pipeline.structure.headings import find_number
from pipeline.structure.hyphens import Vocabulary
from pipeline.structure.lists import Governed, govern
from pipeline.structure.pieces import Grid, Piece
from pipeline.structure.rows import read_rows

_KINDS: Final = {
    BlockKind.PARAGRAPH: PassageKind.PARAGRAPH,
    BlockKind.LIST_ITEM: PassageKind.LIST_ITEM,
    BlockKind.FOOTNOTE: PassageKind.FOOTNOTE,
    BlockKind.CAPTION: PassageKind.CAPTION,
}


@dataclass(slots=True, kw_only=True)
class _Open:
    """A section that text may still come under."""

    id: str
    level: int
    heading: str


@dataclass(slots=True, kw_only=True)
class Assembler:
    """Gathers a document's sections and passages in reading order; ids number what repeats."""

    document_id: str
    vocabulary: Vocabulary | None = None
    sections: list[Section] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _seen: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def open_section(self, heading: str, level: int, page: int | None) -> None:
        """Starts a section; sections as deep or deeper end. A level is never more than one below
        the one it stands in.
        """
        while self._open and self._open[-1].level >= level:
            self._open.pop()
        path = " > ".join([*(section.heading for section in self._open), heading])
        key = self._key("section", path)
        self._open.append(_Open(id=key, level=level, heading=heading))
        self.sections.append(
            Section(
                id=key,
                document_id=self.document_id,
                ordinal=len(self.sections),
                level=len(self._open),
                heading=heading,
                path=path,
                page=page,
            )
        )

    def add_passage(
        self,
        kind: PassageKind,
        text: str,
        *,
        stems: tuple[str, ...] = (),
        labels: tuple[str, ...] = (),
        marker: str | None = None,
        level: int = 0,
        speaker: str | None = None,
        page: int | None = None,
        offset: int | None = None,
        boxed: bool = False,
        places: tuple[Place, ...] = (),
        cells: tuple[RowCell, ...] = (),
    ) -> None:
        """Adds a passage to the section that is open, if one is."""
        self.passages.append(
            Passage(
                id=self._key(kind.value, text, *labels),
                document_id=self.document_id,
                section_id=self._open[-1].id if self._open else None,
                ordinal=len(self.passages),
                kind=kind,
                text=text,
                stems=stems,
                labels=labels,
                marker=marker,
                level=level,
                speaker=speaker,
                page=page,
                offset=offset,
                boxed=boxed,
                places=places,
                cells=cells,
            )
        )

    def add_pieces(self, pieces: Sequence[Piece]) -> None:
        """Adds pieces: headings open sections, tables give a passage a row, all else one each.

        Notes at the foot of a page that a table runs over come between its rows.
        """
        waiting = deque(govern(pieces))
        caption: str | None = None  # right before what comes
        while waiting:
            governed = waiting.popleft()
            piece = governed.piece
            if piece.kind is BlockKind.HEADING:
                self.open_section(piece.text, piece.level, piece.page)
            elif piece.grid is not None:
                self._add_rows(piece, piece.grid, caption, waiting)
            else:
                self._add_text(governed)
            caption = piece.text if piece.kind is BlockKind.CAPTION else None

    def finish(self, document: Document) -> StructuredDocument:
        """The document with what has been gathered."""
        return StructuredDocument(
            document=document, sections=tuple(self.sections), passages=tuple(self.passages)
        )

    def _add_text(self, governed: Governed) -> None:
        piece = governed.piece
        self.add_passage(
            _KINDS[piece.kind],
            piece.text,
            stems=governed.stems,
            marker=piece.marker,
            level=governed.depth,
            page=piece.page,
            offset=piece.offset,
            boxed=piece.boxed,
            places=piece.places,
        )

    def _add_rows(
        self, piece: Piece, grid: Grid, caption: str | None, waiting: deque[Governed]
    ) -> None:
        for row in read_rows(grid, self.vocabulary):
            while waiting and _stands_before(waiting[0].piece, row.page):
                self._add_text(waiting.popleft())
            self.add_passage(
                PassageKind.TABLE_ROW,
                row.text,
                labels=(*row.labels, caption) if caption else row.labels,
                marker=row.marker,
                page=row.page,
                offset=piece.offset,
                boxed=piece.boxed,
                places=row.places,
                cells=row.cells,
            )

    def _key(self, *parts: str) -> str:
        """A key made of what is said, not of where: the same words keep theirs through rebuilds."""
        self._seen[parts] += 1
        return stable_id(self.document_id, *parts, self._seen[parts])


def _stands_before(piece: Piece, page: int | None) -> bool:
    """Whether a note that follows a table stands on a page before one of its rows."""
    if piece.kind not in (BlockKind.FOOTNOTE, BlockKind.CAPTION):
        return False
    return piece.page is not None and page is not None and piece.page < page


def level_headings(pieces: Sequence[Piece], title: str | None) -> tuple[list[Piece], str | None]:
    """The pieces with their headings' levels counted from 1 without gaps at the top, and the title
    they gave.

    The title itself heads no section: it is the heading that says the stated title, or the only one
    of the highest level if it comes before all others.
    """
    headings = [piece for piece in pieces if piece.kind is BlockKind.HEADING]
    own = _find_title(headings, title)
    kept = [piece for piece in pieces if piece is not own]
    top = min((piece.level for piece in kept if piece.kind is BlockKind.HEADING), default=1)
    levelled = [
        replace(piece, level=piece.level - top + 1) if piece.kind is BlockKind.HEADING else piece
        for piece in kept
    ]
    return levelled, own.text if own is not None else None


def _find_title(headings: Sequence[Piece], title: str | None) -> Piece | None:
    if not headings:
        return None
    first = headings[0]
    set_apart = next((heading for heading in headings if heading.level == 0), None)
    if set_apart is not None:
        return set_apart  # on a cover
    wanted = fold(title or "").lower()
    for heading in headings[:3]:
        if wanted and fold(heading.text).lower() == wanted:
            return heading
    others = [heading.level for heading in headings[1:]]
    if others and first.level < min(others) and find_number(first.text) is None:
        return first
    return None
