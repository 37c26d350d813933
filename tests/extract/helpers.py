"""Small documents for extraction tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.extract import ExtractionModels, extract
from pipeline.records import (
    Document,
    Extraction,
    Format,
    Kind,
    Passage,
    PassageKind,
    PlanningYears,
    Requirement,
    RowCell,
    Section,
    StructuredDocument,
)


def document_of(
    *passages: str | tuple[str, ...],
    kind: Kind = Kind.GUIDANCE,
    year: str | None = "2025/26",
    published: date | None = date(2025, 1, 30),
    publisher: str | None = "NHS England",
) -> StructuredDocument:
    """A document of paragraphs; a tuple is a list item, its stems first, its own words last."""
    records = []
    for n, passage in enumerate(passages):
        words = (passage,) if isinstance(passage, str) else passage
        records.append(
            Passage(
                id=f"p{n}",
                document_id="d",
                section_id="s",
                ordinal=n,
                text=words[-1],
                stems=words[:-1],
                kind=PassageKind.LIST_ITEM if len(words) > 1 else PassageKind.PARAGRAPH,
            )
        )
    document = Document(
        id="d",
        file="d.txt",
        sha256="",
        format=Format.TEXT,
        kind=kind,
        title="d",
        publisher=publisher,
        planning_years=PlanningYears.parse(year) if year else None,
        published=published,
    )
    section = Section(id="s", document_id="d", ordinal=0, level=1, heading="", path="", page=None)
    return StructuredDocument(document=document, sections=(section,), passages=tuple(records))


def row_of(
    *cells: str,
    heads: Sequence[str | tuple[str, ...]] = (),
    carried: Sequence[str] = (),
    caption: str | None = None,
) -> Passage:
    """A row of a table; `heads` stand over its cells in order, several over one from the top down.

    A cell without words is left out, as structuring does.
    """
    over = [(head,) if isinstance(head, str) else head for head in heads] or [()] * len(cells)
    read_cells = [RowCell(text=text) for text in carried]
    text = ""
    for cell, texts in zip(cells, over, strict=True):
        if not cell:
            continue
        text += " | " if text else ""
        read_cells.append(RowCell(text=cell, heads=tuple(t for t in texts if t), start=len(text)))
        text += cell
    labels = [*carried, *(t for texts in over for t in texts if t)]
    return Passage(
        id="row",
        document_id="d",
        section_id="s",
        ordinal=0,
        kind=PassageKind.TABLE_ROW,
        text=text,
        labels=tuple(dict.fromkeys([*labels, *([caption] if caption else [])])),
        cells=tuple(read_cells),
    )


def read_row_of(
    models: ExtractionModels, row: Passage, *, kind: Kind = Kind.GUIDANCE, year: str = "2025/26"
) -> Extraction:
    """What extraction gives for one row."""
    document = document_of("", kind=kind, year=year)
    return extract(replace(document, passages=(row,)), models=models)


def read(
    models: ExtractionModels, *passages: str | tuple[str, ...], kind: Kind = Kind.GUIDANCE
) -> Extraction:
    """What extraction gives for a few passages."""
    return extract(document_of(*passages, kind=kind), models=models)


def only(
    models: ExtractionModels, *passages: str | tuple[str, ...], kind: Kind = Kind.GUIDANCE
) -> Requirement:
    """The requirement of passages that hold just one."""
    found = read(models, *passages, kind=kind).requirements
    assert len(found) == 1, [r.quote for r in found]
    return found[0]
