"""Labelled documents: a text with its header beside a .jsonl of units, as corpus/gold/README.md
describes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.errors import UsageError
from pipeline.read.text_markdown import read_markdown_blocks
from pipeline.records import (
    Document,
    Format,
    Kind,
    Passage,
    PassageKind,
    PlanningYears,
    RowCell,
    Section,
    StructuredDocument,
)
from pipeline.structure.blocks import pieces_of
from pipeline.structure.rows import Row, read_rows

_HEADER: Final = re.compile(r"\A---\n(?P<fields>.*?)\n---\n", re.DOTALL)
_SECTION: Final = "gold"
_FEWEST_WORDS: Final = 4  # of a cell that is a unit by itself


class GoldQuantity(msgspec.Struct, frozen=True, kw_only=True):
    """A labelled number."""

    text: str
    kind: str
    value: float | None
    high: float | None = None
    unit: str | None = None
    comparator: str = "="
    role: str = "target"
    metric: str | None = None


class GoldDeadline(msgspec.Struct, frozen=True, kw_only=True):
    """A labelled deadline."""

    text: str | None = None
    date: str | None = None


class GoldUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A labelled unit; `modality` null says that it is no requirement."""

    doc: str
    quote: str
    n: int | None = None
    stem: str | None = None
    modality: str | None = None
    cue: str | None = None
    bearer: str | None = None
    condition: str | None = None
    deadline: GoldDeadline | None = None
    quantities: list[GoldQuantity] = []
    reported: bool = False
    topic: str | None = None
    unsure: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """A labelled document: `text_path` is the document itself, None where the units alone are
    there.
    """

    id: str
    units: tuple[GoldUnit, ...]
    text_path: Path | None
    kind: Kind
    published: date | None
    planning_years: PlanningYears | None

    def structured(self) -> StructuredDocument:
        """The units as passages, in their order: labelled text with its structure given.

        A table's row has the labels that stand over it in the document itself.
        """
        passages = []
        seen: set[str] = set()
        rows = _read_table_rows(self.text_path) if self.text_path is not None else {}
        for n, unit in enumerate(self.units):
            text = " ".join(unit.quote.split())
            if text in seen:
                continue
            seen.add(text)
            kind = PassageKind.LIST_ITEM if unit.stem else PassageKind.PARAGRAPH
            row = rows.get(text)
            passages.append(
                Passage(
                    id=f"{self.id}-{n}",
                    document_id=self.id,
                    section_id=_SECTION,
                    ordinal=n,
                    kind=PassageKind.TABLE_ROW if row is not None or " | " in text else kind,
                    text=text,
                    stems=(" ".join(unit.stem.split()),) if unit.stem else (),
                    labels=row.labels if row is not None else (),
                    cells=row.cells if row is not None else (),
                )
            )
        section = Section(
            id=_SECTION, document_id=self.id, ordinal=0, level=1, heading="", path="", page=None
        )
        return StructuredDocument(
            document=self.document(), sections=(section,), passages=tuple(passages)
        )

    def document(self) -> Document:
        """The document's record."""
        return Document(
            id=self.id,
            file=f"{self.id}.txt",
            sha256="",
            format=Format.TEXT,
            kind=self.kind,
            title=self.id,
            planning_years=self.planning_years,
            published=self.published,
        )


def default_gold() -> Path:
    """The project's own labelled documents."""
    packed = Path(__file__).parent / "_gold"
    return packed if packed.is_dir() else Path(__file__).parent.parent / "corpus" / "gold"


def load_gold(folder: Path) -> list[GoldDocument]:
    """Every labelled document below a folder, by id; raises UsageError where a line is not what it
    should be.
    """
    if not folder.exists():
        raise UsageError(f"{folder} does not exist. Name a folder of labelled .jsonl files.")
    paths = sorted(folder.rglob("*.jsonl")) if folder.is_dir() else [folder]
    documents: list[GoldDocument] = []
    for path in paths:
        if path.parent.name == "links":
            continue
        by_document: dict[str, list[GoldUnit]] = {}
        for unit in _read_units(path):
            by_document.setdefault(unit.doc, []).append(unit)
        documents += [_document(name, units, path) for name, units in by_document.items()]
    if not documents:
        raise UsageError(
            f"{folder} holds no labelled documents (.jsonl). See corpus/gold/README.md for their"
            f" form."
        )
    return sorted(documents, key=lambda d: d.id)


def _read_units(path: Path) -> Sequence[GoldUnit]:
    units = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            units.append(msgspec.json.decode(line, type=GoldUnit))
        except msgspec.MsgspecError as error:
            raise UsageError(f"{path.name}, line {number}: {error}. Mend the line.") from error
    return units


def _document(name: str, units: list[GoldUnit], path: Path) -> GoldDocument:
    text_path = path.with_name(f"{name}.txt")
    header = _read_header(text_path) if text_path.exists() else {}
    kind = header.get("kind") or (
        "commentary" if "commentary" in (path.stem, path.parent.name) else "guidance"
    )
    return GoldDocument(
        id=name,
        units=tuple(units),
        text_path=text_path if text_path.exists() else None,
        kind=Kind(kind),
        published=date.fromisoformat(header["published"]) if "published" in header else None,
        planning_years=PlanningYears.parse(header["planning_year"])
        if "planning_year" in header
        else None,
    )


def _read_table_rows(path: Path) -> dict[str, Row]:
    """The rows of a document's tables by their words; where a unit is one cell of a row, the row's
    other cells are labels, as those that span rows are.
    """
    text = _HEADER.sub("", path.read_text(encoding="utf-8"))
    found: dict[str, Row] = {}
    for piece in pieces_of(read_markdown_blocks(text)):
        for row in read_rows(piece.grid, None) if piece.grid is not None else ():
            found[row.text] = row
            for cell in row.cells:
                if len(cell.text.split()) >= _FEWEST_WORDS:
                    found.setdefault(cell.text, _row_of_cell(row, cell))
    return found


def _row_of_cell(row: Row, own: RowCell) -> Row:
    others = tuple(replace(cell, start=None) for cell in row.cells if cell is not own)
    return replace(
        row,
        text=own.text,
        labels=(*(cell.text for cell in others), *row.labels),
        cells=(*others, replace(own, start=0)),
    )


def _read_header(path: Path) -> dict[str, Any]:
    found = _HEADER.match(path.read_text(encoding="utf-8"))
    if found is None:
        return {}
    pairs = (line.split(":", 1) for line in found["fields"].splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}
