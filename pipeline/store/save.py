"""Records to rows. A document is one transaction; everything that spans documents is one more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from pipeline.errors import DocumentError
from pipeline.lexicon import Lexicon
from pipeline.records import (
    Change,
    Extraction,
    Link,
    PairLinks,
    StructuredDocument,
    TargetPoint,
    Thread,
    stable_id,
)
from pipeline.store.rows import (
    Row,
    change_row,
    comparison_row,
    document_row,
    figure_mention_row,
    figure_row,
    link_row,
    passage_row,
    requirement_row,
    section_row,
    target_row,
    to_iso,
    to_json,
)

# In the order in which rows may go when a document does: what names others first.
_OF_DOCUMENT = ("quantities", "requirements", "passages", "sections", "document_years")
_SPANNING = ("changes", "target_lines", "figure_mentions", "links", "threads")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSource:
    """What is remembered of a file so that it need not be read again while it stays as it is."""

    path: Path
    sha256: str
    size: int
    modified_ns: int
    key: str
    document_ids: tuple[str, ...] = ()


def save_lexicon(db: sqlite_utils.Database, lexicon: Lexicon) -> None:
    """Write the known bodies and measures, those that are there already included."""
    organisations = lexicon.organisations
    with db.atomic():
        db.table("organisations").upsert_all(
            [
                {
                    "id": o.id,
                    "line": organisations.line_of(o.id),
                    "level": o.level,
                    "aliases": to_json((*o.aliases, *o.abbreviations)),
                    "from_date": to_iso(o.start),
                    "to_date": to_iso(o.to),
                    "successors": to_json([s.id for s in o.successors]),
                    "source": o.source,
                }
                for o in organisations
            ],
            pk="id",
        )
        db.table("measures").upsert_all(
            [
                {"id": m.id, "name": m.name, "topic": m.topic, "unit": m.unit, "better": m.better}
                for m in lexicon.measures
            ],
            pk="id",
        )


def save_source(
    db: sqlite_utils.Database,
    source: SavedSource,
    documents: Sequence[tuple[StructuredDocument, Extraction]],
) -> None:
    """Put a file's documents in the place of what it gave before, in one transaction."""
    with db.atomic():
        remove_source(db, source.path)
        for structured, extraction in documents:
            _insert_document(db, structured, extraction)
        ids = [structured.document.id for structured, _ in documents]
        db.table("sources").insert(
            {
                "path": str(source.path),
                "sha256": source.sha256,
                "size": source.size,
                "modified_ns": source.modified_ns,
                "key": source.key,
                "document_ids": to_json(ids),
            },
            pk="path",
        )


def save_quarantined(db: sqlite_utils.Database, source: SavedSource, error: DocumentError) -> None:
    """Put a file in quarantine with its reason, in the place of what it gave before."""
    with db.atomic():
        remove_source(db, source.path)
        db.table("quarantine").insert(
            {
                "id": stable_id("quarantine", str(source.path)),
                "file": source.path.name,
                "outcome": error.outcome.value,
                "page": error.page,
                "reason": error.reason,
                "remedy": error.remedy,
                "sha256": source.sha256,
            },
            pk="id",
        )
        db.table("sources").insert(
            {
                "path": str(source.path),
                "sha256": source.sha256,
                "size": source.size,
                "modified_ns": source.modified_ns,
                "key": source.key,
                "document_ids": "[]",
            },
            pk="path",
        )


def remove_source(db: sqlite_utils.Database, path: Path) -> None:
    """Take out everything that a file gave: documents, requirements, links, quarantine."""
    rows = list(db.query("SELECT document_ids FROM sources WHERE path = ?", [str(path)]))
    for row in rows:
        for document_id in json.loads(row["document_ids"]):
            _remove_document(db, document_id)
    db.execute("DELETE FROM quarantine WHERE id = ?", [stable_id("quarantine", str(path))])
    db.execute("DELETE FROM sources WHERE path = ?", [str(path)])


def save_spanning(
    db: sqlite_utils.Database,
    *,
    links: Iterable[Link],
    threads: Iterable[Thread],
    changes: Iterable[Change],
    target_lines: Iterable[TargetPoint],
    superseded: Iterable[tuple[str, str]],
    repeats: Mapping[str, str] | None = None,
    figure_mentions: Iterable[Link] = (),
) -> None:
    """Put new links, threads, changes and target lines in the place of the old, in one transaction.

    `superseded` are pairs of document ids (old, new); `repeats` lead from a requirement to the
    first that says the same (ids).
    """
    with db.atomic():
        db.execute(
            "UPDATE requirements SET thread_id = NULL, repeat_of = NULL"
            " WHERE thread_id IS NOT NULL OR repeat_of IS NOT NULL"
        )
        for name in _SPANNING:
            db.execute(f"DELETE FROM {name}")
        db.execute("UPDATE documents SET superseded_by = NULL WHERE superseded_by IS NOT NULL")
        for old, new in superseded:
            db.execute("UPDATE documents SET superseded_by = ? WHERE id = ?", [new, old])
        link_rows = [link_row(link) for link in links]
        db.table("links").insert_all(link_rows, pk="id")
        threads = list(threads)
        db.table("threads").insert_all(_thread_rows(db, threads), pk="id")
        members = [(t.id, requirement) for t in threads for requirement in t.requirement_ids]
        db.conn.executemany("UPDATE requirements SET thread_id = ? WHERE id = ?", members)
        db.table("figure_mentions").insert_all(
            (figure_mention_row(link) for link in figure_mentions), pk="id"
        )
        firsts = [(first, again) for again, first in (repeats or {}).items()]
        db.conn.executemany("UPDATE requirements SET repeat_of = ? WHERE id = ?", firsts)
        known = {row["id"] for row in link_rows}
        db.table("changes").insert_all((change_row(c, known) for c in changes), pk="id")
        db.table("target_lines").insert_all((target_row(p) for p in target_lines), pk="id")


def save_comparisons(
    db: sqlite_utils.Database, comparisons: Mapping[str, PairLinks], engine: str
) -> None:
    """Put what linking compared in the place of what was kept before; what is there stays."""
    with db.atomic():
        there = {row["id"] for row in db.query("SELECT id FROM comparisons")}
        db.execute("DELETE FROM comparisons WHERE engine <> ?", [engine])
        for gone in sorted(there - comparisons.keys()):
            db.execute("DELETE FROM comparisons WHERE id = ?", [gone])
        db.table("comparisons").insert_all(
            (comparison_row(key, found, engine) for key, found in sorted(comparisons.items())),
            pk="id",
            ignore=True,
        )


def finish(db: sqlite_utils.Database, build: Row) -> None:
    """Note the build, count what each document holds, and let SQLite plan well."""
    with db.atomic():
        db.table("builds").insert(build, pk="id")
        db.execute(
            "UPDATE documents SET"
            " passages = (SELECT count(*) FROM passages p WHERE p.document_id = documents.id),"
            " requirements ="
            " (SELECT count(*) FROM requirements r WHERE r.document_id = documents.id)"
        )
    db.execute("ANALYZE")


# ------------------------------------------------------------------------------------------------
# rows


def _insert_document(
    db: sqlite_utils.Database, structured: StructuredDocument, extraction: Extraction
) -> None:
    document = structured.document
    years = document.planning_years
    sections = {section.id: section for section in structured.sections}
    db.table("documents").insert(document_row(document), pk="id")
    if years is not None:
        db.table("document_years").insert_all(
            ({"document_id": document.id, "year": year} for year in years.labels),
            pk=("document_id", "year"),
        )
    db.table("sections").insert_all((section_row(s) for s in structured.sections), pk="id")
    db.table("passages").insert_all(
        (passage_row(p, sections) for p in structured.passages), pk="id"
    )
    db.table("requirements").insert_all(
        (requirement_row(r, document) for r in extraction.requirements), pk="id"
    )
    known = {row["id"] for row in db.query("SELECT id FROM organisations")}
    db.table("requirement_organisations").insert_all(
        (
            {"requirement_id": r.id, "organisation_id": organisation}
            for r in extraction.requirements
            for organisation in r.bearer_canonical
            if organisation in known
        ),
        pk=("requirement_id", "organisation_id"),
    )
    db.table("quantities").insert_all(
        (figure_row(f, document) for f in extraction.figures), pk="id"
    )


def _remove_document(db: sqlite_utils.Database, document_id: str) -> None:
    mine = "(SELECT id FROM requirements WHERE document_id = ?)"
    db.execute(f"DELETE FROM changes WHERE from_id IN {mine} OR to_id IN {mine}", [document_id] * 2)
    db.execute("DELETE FROM target_lines WHERE document_id = ?", [document_id])
    numbers = "(SELECT id FROM quantities WHERE document_id = ?)"
    db.execute(
        f"DELETE FROM figure_mentions WHERE quantity_id IN {numbers} OR to_id IN {mine}",
        [document_id] * 2,
    )
    db.execute(f"DELETE FROM links WHERE from_id IN {mine} OR to_id IN {mine}", [document_id] * 2)
    db.execute(
        f"DELETE FROM requirement_organisations WHERE requirement_id IN {mine}", [document_id]
    )
    for table in _OF_DOCUMENT:
        db.execute(f"DELETE FROM {table} WHERE document_id = ?", [document_id])
    db.execute("UPDATE documents SET superseded_by = NULL WHERE superseded_by = ?", [document_id])
    db.execute("DELETE FROM documents WHERE id = ?", [document_id])


def _thread_rows(db: sqlite_utils.Database, threads: Sequence[Thread]) -> list[Row]:
    """Each thread with what it says in its latest year."""
    query = "SELECT id, statement, topic, planning_year FROM requirements"
    requirements = {row["id"]: row for row in db.query(query)}
    rows = []
    for thread in threads:
        members = [requirements[i] for i in thread.requirement_ids]
        years = [m["planning_year"] for m in members if m["planning_year"]]
        rows.append(
            {
                "id": thread.id,
                "statement": members[-1]["statement"],
                "topic": members[-1]["topic"],
                "first_year": years[0][:7] if years else None,
                "last_year": years[-1] if years else None,
                "requirements": len(members),
            }
        )
    return rows
