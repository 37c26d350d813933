"""Rows back to records, for linking, export and evaluation."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import sqlite_utils

from pipeline.records import (
    Box,
    Deadline,
    Document,
    Figure,
    Format,
    Kind,
    Link,
    Modality,
    PairLinks,
    PlanningYears,
    Quantity,
    QuantityKind,
    Relation,
    Requirement,
    Role,
)
from pipeline.store.save import SavedSource

Row = dict[str, Any]


def load_documents(db: sqlite_utils.Database) -> list[Document]:
    """Every document, by id."""
    return [_document(row) for row in db.query("SELECT * FROM documents ORDER BY id")]


def load_requirements(
    db: sqlite_utils.Database, document_id: str | None = None
) -> list[Requirement]:
    """Requirements with their quantities, by document and reading order; of one document where
    named.
    """
    where, values = ("WHERE document_id = ?", [document_id]) if document_id else ("", [])
    quantities: dict[str, list[Quantity]] = defaultdict(list)
    for row in db.query(
        "SELECT * FROM quantities"
        + (f" {where} AND" if where else " WHERE")
        + " requirement_id IS NOT NULL ORDER BY document_id, rowid",
        values,
    ):
        quantities[row["requirement_id"]].append(_quantity(row))
    rows = db.query(f"SELECT * FROM requirements {where} ORDER BY document_id, ordinal, id", values)
    return [_requirement(row, tuple(quantities[row["id"]])) for row in rows]


def load_figures(db: sqlite_utils.Database, document_id: str | None = None) -> Iterator[Figure]:
    """Every number of every passage, by document and reading order; of one document where named."""
    where, values = ("WHERE document_id = ?", [document_id]) if document_id else ("", [])
    for row in db.query(f"SELECT * FROM quantities {where} ORDER BY document_id, rowid", values):
        yield Figure(
            id=row["id"],
            document_id=row["document_id"],
            passage_id=row["passage_id"],
            section=row["section"],
            page=row["page"],
            quote=row["quote"],
            quantity=_quantity(row),
            deadline=_date(row["deadline"]),
            requirement_id=row["requirement_id"],
        )


def load_links(db: sqlite_utils.Database) -> list[Link]:
    """Every link, by the ids of its ends."""
    return [
        Link(
            from_id=row["from_id"],
            to_id=row["to_id"],
            from_year=row["from_year"],
            to_year=row["to_year"],
            relation=Relation(row["relation"]),
            score=row["score"],
            evidence=row["evidence"],
            from_value=row["from_value"],
            to_value=row["to_value"],
            unit=row["unit"],
            ambition=row["ambition"],
            stance=row["stance"],
        )
        for row in db.query("SELECT * FROM links ORDER BY from_id, to_id, relation")
    ]


def load_comparisons(db: sqlite_utils.Database, engine: str) -> dict[str, PairLinks]:
    """What linking compared before with this very program and knowledge, by key."""
    return {
        row["id"]: PairLinks(
            links=msgspec.json.decode(row["links"], type=tuple[Link, ...]),
            repeats=msgspec.json.decode(row["repeats"], type=tuple[tuple[str, ...], ...]),
        )
        for row in db.query("SELECT * FROM comparisons WHERE engine = ? ORDER BY id", [engine])
    }


def has_comparisons_of_others(db: sqlite_utils.Database, engine: str) -> bool:
    """Whether anything was compared with another program or knowledge than this."""
    return bool(list(db.query("SELECT 1 FROM comparisons WHERE engine <> ? LIMIT 1", [engine])))


def load_sources(db: sqlite_utils.Database) -> dict[Path, SavedSource]:
    """What is remembered of each file."""
    return {
        Path(row["path"]): SavedSource(
            path=Path(row["path"]),
            sha256=row["sha256"],
            size=row["size"],
            modified_ns=row["modified_ns"],
            key=row["key"],
            document_ids=tuple(json.loads(row["document_ids"])),
        )
        for row in db.query("SELECT * FROM sources ORDER BY path")
    }


def _document(row: Row) -> Document:
    return Document(
        id=row["id"],
        file=row["file"],
        sha256=row["sha256"],
        format=Format(row["format"]),
        kind=Kind(row["kind"]),
        title=row["title"],
        publisher=row["publisher"],
        planning_years=PlanningYears.parse(row["planning_year"]) if row["planning_year"] else None,
        published=_date(row["published"]),
        source_url=row["source_url"],
        licence=row["licence"],
        supersedes=tuple(json.loads(row["supersedes"])),
        pages=row["pages"],
        inferred=tuple(json.loads(row["inferred"])),
        warnings=tuple(json.loads(row["warnings"])),
    )


def _requirement(row: Row, quantities: tuple[Quantity, ...]) -> Requirement:
    box = json.loads(row["bbox"]) if row["bbox"] else None
    deadline = None
    if row["deadline_text"] is not None:
        deadline = Deadline(text=row["deadline_text"], date=_date(row["deadline_date"]))
    return Requirement(
        id=row["id"],
        document_id=row["document_id"],
        passage_id=row["passage_id"],
        ordinal=row["ordinal"],
        section=row["section"],
        page=row["page"],
        bbox=Box(x0=box[0], top=box[1], x1=box[2], bottom=box[3]) if box else None,
        quote=row["quote"],
        start=row["quote_start"],
        end=row["quote_end"],
        stem=row["stem"],
        statement=row["statement"],
        modality=Modality(row["modality"]),
        cue=row["cue"],
        reported=bool(row["reported"]),
        reported_by=row["reported_by"],
        bearer=row["bearer"],
        bearer_canonical=tuple(json.loads(row["bearer_canonical"])),
        action=row["action"],
        condition=row["condition"],
        deadline=deadline,
        quantities=quantities,
        topic=row["topic"],
        confidence=row["confidence"],
    )


def _quantity(row: Row) -> Quantity:
    return Quantity(
        text=row["text"],
        kind=QuantityKind(row["kind"]),
        value=row["value"],
        high=row["high"],
        unit=row["unit"],
        comparator=row["comparator"],
        role=Role(row["role"]),
        metric=row["metric"],
        measure=row["measure"],
        deadline=_date(row["own_deadline"]),
        start=row["char_start"],
        end=row["char_end"],
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
