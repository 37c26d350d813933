"""A small database for the tests of the pages: three years of invented guidance, a paper, a
comment, hostile text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from pipeline.errors import DocumentError, Outcome
from pipeline.records import (
    Box,
    Change,
    Deadline,
    Document,
    Extraction,
    Figure,
    Format,
    Kind,
    Link,
    Modality,
    Passage,
    PassageKind,
    Place,
    PlanningYears,
    Quantity,
    QuantityKind,
    Relation,
    Requirement,
    Section,
    StructuredDocument,
    TargetPoint,
    Thread,
    stable_id,
)
from pipeline.store.database import open_for_writing
from pipeline.store.save import (
    SavedSource,
    finish,
    save_quarantined,
    save_source,
    save_spanning,
)

PDF_ID: Final = "guide-2025-26"
HOSTILE_ID: Final = "hostile"
HOSTILE: Final = (
    '<script>document.title = "run"</script>',
    '"><img src=x onerror="document.title = 1">',
    "=cmd|' /C calc'!A0",
    "\u202etfel ot thgir\u202c and \u200f marks",
    "w" * 10_000,
    "{{ 7 * 7 }} {% raw %}",
    "&lt;b&gt; & <b>bold</b>",
)
_LINES: Final = (
    "1. Urgent care must come first this year. The months since April were hard for every",
    "department. ICBs must make sure that at least 78% of patients in A&E are seen within",
    "4 hours by March 2026.",
    "Trusts should publish their waiting times every month.",
    "Systems may set further aims of their own, provided that these cost nothing more.",
)
_LEADING: Final = 16
_TOP: Final = 120.0


def build(folder: Path) -> Path:
    """Write the database and the files behind it into a folder; returns the database's path."""
    path = folder / "small.db"
    db = open_for_writing(path)
    db.table("organisations").insert_all(
        {"id": name, "line": name, "level": "any", "aliases": "[]", "successors": "[]"}
        for name in ("integrated care board", "NHS trust", "system")
    )
    db.table("measures").insert(
        {
            "id": "ae-4h",
            "name": "A&E within 4 hours",
            "topic": "urgent care",
            "unit": "%",
            "better": "higher",
        }
    )
    made = [
        _guide(2023, 76, "should", Format.TEXT),
        _guide(2024, 78, "must", Format.HTML),
        _guide(2025, 78, "must", Format.PDF),
        _paper(),
        _hostile(),
    ]
    draw_pdf(folder / f"{PDF_ID}.pdf")
    for structured, extraction in made:
        document = structured.document
        file = folder / document.file
        if document.format is Format.PDF:
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            structured = replace(structured, document=replace(document, sha256=digest))
        save_source(db, _source(file, structured.document), [(structured, extraction)])
    broken = DocumentError(
        folder / "broken.pdf", Outcome.CORRUPT, "It breaks off", remedy="Fetch it again", page=2
    )
    save_quarantined(db, _source(folder / "broken.pdf", made[0][0].document), broken)
    guides = [extraction.requirements for _, extraction in made[:3]]
    _span(db, guides, made[3][1].requirements[0])
    finish(
        db,
        {
            "id": 1,
            "started": "2025-02-03T09:00:00Z",
            "finished": "2025-02-03T09:01:00Z",
            "version": "0.0",
            "read": 5,
            "unchanged": 0,
            "removed": 0,
            "quarantined": 1,
        },
    )
    db.conn.close()
    return path


def draw_pdf(path: Path) -> None:
    """The guide of the last year as a PDF of two pages, the lines at known places."""
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for page in range(2):
        canvas.setFont("Helvetica", 12)
        for number, line in enumerate(_LINES if page == 0 else ("Annex", "Nothing more.")):
            canvas.drawString(72, A4[1] - _TOP - _LEADING * number, line)
        canvas.showPage()
    canvas.save()


def _source(file: Path, document: Document) -> SavedSource:
    return SavedSource(
        path=file,
        sha256=document.sha256,
        size=1,
        modified_ns=1,
        key=document.sha256,
        document_ids=(document.id,),
    )


def _document(identifier: str, kind: Kind, format_: Format, year: int | None) -> Document:
    ending = {
        Format.PDF: "pdf",
        Format.HTML: "html",
        Format.TEXT: "txt",
        Format.DOCX: "docx",
        Format.MARKDOWN: "md",
    }[format_]
    return Document(
        id=identifier,
        file=f"{identifier}.{ending}",
        sha256=stable_id(identifier) * 4,
        format=format_,
        kind=kind,
        title=f"Invented {identifier}",
        publisher="The testing desk",
        planning_years=PlanningYears(first=year, last=year) if year else None,
        published=date(year, 1, 30) if year else date(2025, 6, 1),
        pages=2 if format_ is Format.PDF else None,
        inferred=("published",),
    )


def _guide(
    year: int, percent: int, force: str, format_: Format
) -> tuple[StructuredDocument, Extraction]:
    """One year's guide: an A&E target, advice to trusts, a freedom; in 2023 also a duty that is
    dropped later.
    """
    document = _document(f"guide-{year}-{(year + 1) % 100}", Kind.GUIDANCE, format_, year)
    target = (
        f"ICBs {force} make sure that at least {percent}% of patients in A&E are seen within"
        f" 4 hours by March {year + 1}."
    )
    lead = (
        "Urgent care must come first this year."
        " The months since April were hard for every department."
    )
    texts = [
        f"{lead} {target}",
        "Trusts should publish their waiting times every month.",
        "Systems may set further aims of their own, provided that these cost nothing more.",
    ]
    if year == 2023:
        texts.append("Trusts must count their fax machines by June 2023.")
    section = _section(document, 0, "Urgent care", 1)
    passages = [_passage(document, section, number, text) for number, text in enumerate(texts)]
    if format_ is Format.PDF:
        passages = [_with_places(passage) for passage in passages]
    specs: list[tuple[int, str, str, Modality, str, str | None]] = [
        (0, target, "ICBs", _modality(force), force, "integrated care board"),
        (1, texts[1], "Trusts", Modality.RECOMMENDATION, "should", "NHS trust"),
        (2, texts[2], "Systems", Modality.PERMISSION, "may", "system"),
    ]
    if year == 2023:
        specs.append((3, texts[3], "Trusts", Modality.OBLIGATION, "must", "NHS trust"))
    requirements = [
        _requirement(
            document, section, passages[place], ordinal, quote, bearer, modality, cue, body
        )
        for ordinal, (place, quote, bearer, modality, cue, body) in enumerate(specs)
    ]
    words = f"by March {year + 1}"
    start = passages[0].text.index(f"{percent}%")
    quantity = Quantity(
        text=f"at least {percent}%",
        kind=QuantityKind.PERCENTAGE,
        value=float(percent),
        unit="%",
        comparator=">=",
        metric="patients in A&E seen within 4 hours",
        measure="ae-4h",
        start=start,
        end=start + len(f"{percent}%"),
    )
    requirements[0] = replace(
        requirements[0],
        quantities=(quantity,),
        deadline=Deadline(text=words, date=date(year + 1, 3, 31)),
    )
    requirements[2] = replace(requirements[2], condition="provided that these cost nothing more")
    figure = Figure(
        id=stable_id(document.id, "figure"),
        document_id=document.id,
        passage_id=passages[0].id,
        section=section.path,
        page=passages[0].page,
        quote=target,
        quantity=quantity,
        deadline=date(year + 1, 3, 31),
        requirement_id=requirements[0].id,
    )
    return (
        StructuredDocument(document=document, sections=(section,), passages=tuple(passages)),
        Extraction(requirements=tuple(requirements), figures=(figure,)),
    )


def _paper() -> tuple[StructuredDocument, Extraction]:
    document = _document("board-2025-11", Kind.BOARD_PAPER, Format.DOCX, 2025)
    section = _section(document, 0, "Performance", 1)
    text = "ICBs must make sure that 75% of patients in A&E are seen within 4 hours by March 2026."
    passage = _passage(document, section, 0, text)
    requirement = _requirement(
        document,
        section,
        passage,
        0,
        text,
        "ICBs",
        Modality.OBLIGATION,
        "must",
        "integrated care board",
    )
    requirement = replace(requirement, reported=True, reported_by="the board")
    return (
        StructuredDocument(document=document, sections=(section,), passages=(passage,)),
        Extraction(requirements=(requirement,), figures=()),
    )


def _hostile() -> tuple[StructuredDocument, Extraction]:
    """A document whose every field holds what must come out as text."""
    text = f"Trusts must {' '.join(HOSTILE)}."
    document = replace(
        _document(HOSTILE_ID, Kind.COMMENTARY, Format.MARKDOWN, 2025),
        title=f"Hostile {' '.join(HOSTILE[:3])}",
        publisher=HOSTILE[1],
        source_url="javascript:document.title=1",
        warnings=(HOSTILE[0],),
    )
    section = _section(document, 0, HOSTILE[0], 1)
    passage = replace(_passage(document, section, 0, text), marker=HOSTILE[1], stems=(HOSTILE[0],))
    requirement = _requirement(
        document, section, passage, 0, text, HOSTILE[1], Modality.OBLIGATION, "must", "NHS trust"
    )
    return (
        StructuredDocument(document=document, sections=(section,), passages=(passage,)),
        Extraction(
            requirements=(replace(requirement, topic="urgent care", condition=HOSTILE[0]),),
            figures=(),
        ),
    )


def _section(document: Document, ordinal: int, heading: str, page: int) -> Section:
    return Section(
        id=stable_id(document.id, "section", ordinal),
        document_id=document.id,
        ordinal=ordinal,
        level=1,
        heading=heading,
        path=heading,
        page=page,
    )


def _passage(document: Document, section: Section, ordinal: int, text: str) -> Passage:
    return Passage(
        id=stable_id(document.id, "passage", ordinal),
        document_id=document.id,
        section_id=section.id,
        ordinal=ordinal,
        kind=PassageKind.PARAGRAPH,
        text=text,
        page=1 if document.format is Format.PDF else None,
    )


def _with_places(passage: Passage) -> Passage:
    """The passage with the lines that it stands on in the PDF."""
    places = []
    for number, line in enumerate(_LINES):
        words = line.removeprefix("1. ")
        start = passage.text.find(words)
        if start >= 0:
            top = _TOP - 12 + _LEADING * number
            box = Box(x0=72, top=top, x1=520, bottom=top + 14)
            places.append(Place(start=start, end=start + len(words), page=1, box=box))
    return replace(passage, places=tuple(places))


def _requirement(
    document: Document,
    section: Section,
    passage: Passage,
    ordinal: int,
    quote: str,
    bearer: str,
    modality: Modality,
    cue: str,
    body: str | None,
) -> Requirement:
    start = passage.text.index(quote)
    box = next((place.box for place in passage.places if place.end > start), None)
    return Requirement(
        id=stable_id(document.id, quote),
        document_id=document.id,
        passage_id=passage.id,
        ordinal=ordinal,
        section=section.path,
        page=passage.page,
        bbox=box,
        quote=quote,
        start=start,
        end=start + len(quote),
        stem=None,
        statement=quote,
        modality=modality,
        cue=cue,
        reported=False,
        reported_by=None,
        bearer=bearer,
        bearer_canonical=(body,) if body else (),
        action=None,
        condition=None,
        deadline=None,
        quantities=(),
        topic="urgent care" if ordinal != 2 else None,
        confidence=0.9,
    )


def _modality(force: str) -> Modality:
    return Modality.OBLIGATION if force == "must" else Modality.RECOMMENDATION


def _span(db: object, guides: Sequence[Sequence[Requirement]], mention: Requirement) -> None:
    """Links, threads, changes and target lines of the three years."""
    links, changes = [], []
    labels = ("2023/24", "2024/25", "2025/26")
    relations = (
        (Relation.TARGET_CHANGED, Relation.SAME, Relation.SAME),
        (Relation.REWORDED, Relation.SAME, Relation.SAME),
    )
    for number, (before, after) in enumerate(pairwise(guides)):
        years: dict[str, Any] = {"from_year": labels[number], "to_year": labels[number + 1]}
        for place, relation in enumerate(relations[number]):
            moved = relation is Relation.TARGET_CHANGED
            links.append(
                Link(
                    from_id=before[place].id,
                    to_id=after[place].id,
                    relation=relation,
                    score=0.95,
                    evidence="the same measure; much the same words",
                    from_value=76.0 if moved else None,
                    to_value=78.0 if moved else None,
                    unit="%" if moved else None,
                    ambition="harder" if moved else None,
                    **years,
                )
            )
            changes.append(
                Change(
                    relation=relation.value,
                    from_id=before[place].id,
                    to_id=after[place].id,
                    topic=after[place].topic,
                    **years,
                )
            )
    changes.append(
        Change(
            from_year="2023/24",
            to_year="2024/25",
            relation="dropped",
            from_id=guides[0][3].id,
            to_id=None,
            topic="urgent care",
        )
    )
    links.append(
        Link(
            from_id=mention.id,
            to_id=guides[2][0].id,
            from_year="2025/26",
            to_year="2025/26",
            relation=Relation.MENTIONS,
            score=0.8,
            evidence="the same measure",
            stance="misstates",
        )
    )
    threads = [
        Thread(
            id=stable_id("thread", place),
            requirement_ids=tuple(guide[place].id for guide in guides),
        )
        for place in range(3)
    ]
    lines = [
        TargetPoint(
            measure="ae-4h",
            year=label,
            document_id=guide[0].document_id,
            requirement_id=guide[0].id,
            value=value,
            high=None,
            kind="percentage",
            unit="%",
            comparator=">=",
            role="target",
            deadline=guide[0].deadline.date if guide[0].deadline else None,
            dropped=False,
        )
        for label, guide, value in zip(labels, guides, (76.0, 78.0, 78.0), strict=True)
    ]
    save_spanning(
        db,  # type: ignore[arg-type]
        links=links,
        threads=threads,
        changes=changes,
        target_lines=lines,
        superseded=[],
    )
