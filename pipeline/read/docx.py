"""Word files to blocks."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from lxml import etree

from pipeline.errors import DocumentError, Outcome
from pipeline.read.docx_guard import MAX_BYTES, check_package, damaged
from pipeline.read.docx_numbering import Numbering, read_numbering
from pipeline.read.docx_styles import Styles, read_styles
from pipeline.read.docx_table import read_grid
from pipeline.read.docx_text import MC, ParagraphText, W, read_paragraph
from pipeline.read.text_blocks import with_offsets
from pipeline.read.text_bytes import load_bytes
from pipeline.read.text_markers import parse_marker
from pipeline.records import Block, BlockKind, Format, Source

_UNWRAPPED: Final = frozenset(
    [f"{W}{name}" for name in ["sdtContent", "ins", "moveTo", "customXml", "smartTag"]]
    + [f"{MC}AlternateContent", f"{MC}Choice"]
)
_CONTENTS: Final = "Table of Contents"  # the gallery that Word's own contents come from
_CONTENTS_STYLE: Final = re.compile(
    r"(?:toc|table of (?:figures|authorities|contents))(?: heading| \d)?", re.I
)
_NOTE_STYLE: Final = re.compile(r"(?:foot|end)note ?text", re.I)


def read_docx(path: Path) -> Source:
    """The document as blocks in order, with the numbers that Word would show.

    Insertions that are tracked are kept, deletions are not; headers, footers, comments, hidden text
    and the table of contents are left out; text boxes come as boxed blocks after the paragraph that
    they hang from, and footnotes after the paragraph that refers to them. `start` of a block counts
    in the document's own text, its blocks and cells one a line. Raises DocumentError for files that
    are locked, damaged or made to swell.
    """
    _, checksum = load_bytes(path, limit=MAX_BYTES)
    check_package(path)
    try:
        document = docx.Document(str(path))
        blocks = _read_blocks(document)
        metadata = _read_metadata(document)
    except (etree.XMLSyntaxError, OpcError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise damaged(path, str(error)) from error
    except RecursionError as error:
        raise DocumentError(
            path,
            Outcome.TOO_LARGE,
            "its parts are nested more deeply than is read",
            remedy="Copy the text into a new document and save that",
        ) from error
    if not blocks:
        raise DocumentError(
            path, Outcome.EMPTY, "the document holds no text", remedy="Check the file in Word"
        )
    return Source(
        file=path.name,
        sha256=checksum,
        format=Format.DOCX,
        blocks=with_offsets(blocks),
        metadata=metadata,
    )


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Gathers the blocks of one document; the numbering's counters run along."""

    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], etree._Element]
    by_hand: frozenset[str]
    titled: bool  # a paragraph is set as the title, so that headings stand one level below it
    blocks: list[Block] = field(default_factory=list)
    _note_count: int = 0
    _boxed: bool = False

    def read(self, element: etree._Element) -> None:
        """Adds the blocks of a body, cell or text box."""
        for child in element:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag == f"{W}sdt":
                gallery = child.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
                if gallery is None or gallery.get(f"{W}val") != _CONTENTS:
                    self.read(child)
            elif child.tag in _UNWRAPPED:
                self.read(child)

    def _paragraph(self, element: etree._Element) -> None:
        found = read_paragraph(element, notes_by_hand=self.by_hand)
        style = self.styles.of(element)
        if _CONTENTS_STYLE.fullmatch(style.name) is None:
            self._emit_paragraph(element, found)
        for kind, key in found.notes:
            self._note(kind, key)
        for box in found.boxes:
            boxed, self._boxed = self._boxed, True
            self.read(box)
            self._boxed = boxed

    def _emit_paragraph(self, element: etree._Element, found: ParagraphText) -> None:
        style = self.styles.of(element)
        text = found.text.replace("\n", " ")
        number = self.styles.numbering_of(element, self.numbering)
        # A numbered paragraph counts even where it is empty: Word shows its number.
        marker = self.numbering.next_marker(*number) if number is not None else None
        if not text:
            return
        if style.level:
            level = 1 if style.is_title else min(style.level + self.titled, 6)
            self._emit(BlockKind.HEADING, text, level=level, marker=marker)
        elif _NOTE_STYLE.fullmatch(style.name) or (
            found.raised is not None and found.raised in self.by_hand
        ):
            self._emit(BlockKind.FOOTNOTE, text, marker=found.raised)
        elif style.name.lower() == "caption":
            self._emit(BlockKind.CAPTION, text)
        elif marker is not None and number is not None:
            level = max(number[1] + 1, style.list_level)
            self._emit(BlockKind.LIST_ITEM, text, level=level, marker=marker)
        elif style.list_level and parse_marker(text) is None:
            self._emit(BlockKind.LIST_ITEM, text, level=style.list_level, marker=None)
        else:
            self._emit(BlockKind.PARAGRAPH, text)

    def _note(self, kind: str, key: str) -> None:
        """Emits a footnote or endnote after the paragraph that refers to it; each once."""
        element = self.notes.pop((kind, key), None)
        if element is None:
            return
        self._note_count += 1
        parts = [read_paragraph(p, notes_by_hand=frozenset()).text for p in element.iter(f"{W}p")]
        text = " ".join(part.replace("\n", " ") for part in parts if part)
        if text:
            self._emit(BlockKind.FOOTNOTE, text, marker=str(self._note_count))

    def _table(self, element: etree._Element) -> None:
        table = read_grid(element, self._cell)
        if len(table.cells) == 1:  # a frame drawn around text
            boxed, self._boxed = self._boxed, True
            for cell in element.iterfind(f"{W}tr/{W}tc"):
                self.read(cell)
            self._boxed = boxed
        elif any(cell.text for cell in table.cells):
            self.blocks.append(Block(kind=BlockKind.TABLE, text="", table=table, boxed=self._boxed))

    def _cell(self, element: etree._Element) -> str:
        """A cell's paragraphs and list items, one a line, items with their markers."""
        outer, self.blocks = self.blocks, []
        self.read(element)
        inner, self.blocks = self.blocks, outer
        lines: list[str] = []
        for block in inner:
            if block.kind is BlockKind.FOOTNOTE:
                self.blocks.append(block)
            elif block.table is not None:
                lines.extend(cell.text for cell in block.table.cells if cell.text)
            else:
                lines.append(f"{block.marker} {block.text}" if block.marker else block.text)
        return "\n".join(lines)

    def _emit(
        self, kind: BlockKind, text: str, *, level: int = 0, marker: str | None = None
    ) -> None:
        self.blocks.append(
            Block(kind=kind, text=text, level=level, marker=marker, boxed=self._boxed)
        )


def _read_blocks(document: WordDocument) -> list[Block]:
    body = document.element.body
    styles = read_styles(document.styles.element)
    reader = _Reader(
        styles=styles,
        numbering=read_numbering(_part(document, RELATIONSHIP_TYPE.NUMBERING)),
        notes=_read_notes(document),
        by_hand=_notes_by_hand(body),
        titled=any(styles.of(element).is_title for element in body.iter(f"{W}p")),
    )
    reader.read(body)
    return reader.blocks


def _notes_by_hand(body: etree._Element) -> frozenset[str]:
    """The marks of footnotes that are set as paragraphs, which start with a raised mark."""
    marks = set()
    for element in body.iter(f"{W}p"):
        found = read_paragraph(element, notes_by_hand=frozenset())
        if found.raised is not None and found.text:
            marks.add(found.raised)
    return frozenset(marks)


def _read_notes(document: WordDocument) -> dict[tuple[str, str], etree._Element]:
    """Footnotes and endnotes by kind and id, without the lines that part them from the text."""
    notes: dict[tuple[str, str], etree._Element] = {}
    for kind, relation in (
        ("footnote", RELATIONSHIP_TYPE.FOOTNOTES),
        ("endnote", RELATIONSHIP_TYPE.ENDNOTES),
    ):
        root = _part(document, relation)
        for element in root.iterfind(f"{W}{kind}") if root is not None else ():
            if element.get(f"{W}type") in (None, "normal"):
                notes[kind, element.get(f"{W}id", "")] = element
    return notes


def _part(document: WordDocument, relation: str) -> etree._Element | None:
    """The root of the part that the document is related to in a way; None where there is none."""
    for related in document.part.rels.values():
        if related.reltype == relation and not related.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            return etree.fromstring(related.target_part.blob, parser)
    return None


def _read_metadata(document: WordDocument) -> tuple[tuple[str, str], ...]:
    """Title, author, created and modified (ISO dates), as far as the file says them."""
    said = document.core_properties
    found = {
        "title": said.title,
        "author": said.author,
        "subject": said.subject,
        "created": said.created.date().isoformat() if said.created is not None else "",
        "modified": said.modified.date().isoformat() if said.modified is not None else "",
    }
    return tuple((key, value.strip()) for key, value in found.items() if value and value.strip())
