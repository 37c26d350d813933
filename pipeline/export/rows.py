"""Rows of the database as other programs know them: the fields of requirements, links and numbers.

Fields come in the published order; those that mustdo adds of its own follow at the end.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import sqlite_utils

from pipeline.export.filters import UNDECIDED, Decisions, Filters, Selection, select
from pipeline.export.text import web_link
from pipeline.lexicon import Lexicon

Row = dict[str, Any]

_BATCH: Final = 500  # ids in one IN list
_REQUIREMENTS: Final = (
    "SELECT r.*, d.file, d.title, d.publisher, d.source_url, d.format, d.published, d.superseded_by"
    " FROM requirements r JOIN documents d ON d.id = r.document_id"
)
# A reviewer's field -> the column of `requirements` that it takes the place of.
_CORRECTABLE: Final[Mapping[str, str]] = {
    name: name
    for name in (
        "statement", "modality", "cue", "reported", "reported_by", "bearer", "bearer_canonical",
        "action",
        "condition", "deadline_text", "deadline_date", "topic", "stem",
    )
}  # fmt: skip


def requirement_rows(
    db: sqlite_utils.Database,
    *,
    filters: Filters | None = None,
    lexicon: Lexicon | None = None,
    decisions: Decisions | None = None,
    selection: Selection | None = None,
) -> Iterator[Row]:
    """Requirements by document and reading order, each with every field.

    What reviewers corrected takes the place of what was extracted; a row's `corrected` names the
    fields that changed, `review` what was decided, and filters go by the corrected values.
    `selection` stands in for filters that were looked up before. Raises UsageError at the first
    row for a filter value that the database does not have.
    """
    decided = decisions or UNDECIDED
    if selection is None:
        selection = select(
            db, Filters() if filters is None else filters, lexicon=lexicon, decisions=decided
        )
    for document in _documents(db, selection):
        quantities = _quantities(db, "document_id = ?", [document])
        for columns in db.query(
            f"{_REQUIREMENTS} WHERE r.document_id = ? ORDER BY r.ordinal, r.id", [document]
        ):
            changed = _correct(columns, decided)
            if selection.takes(columns):
                yield _requirement(columns, quantities.get(columns["id"], []), changed, decided)


def count_left_out(
    db: sqlite_utils.Database, selection: Selection, decisions: Decisions | None = None
) -> int:
    """How many requirements that pass all other filters are left out, since a reviewer rejected
    them.
    """
    whole = replace(selection, left_out=frozenset())
    decided = decisions or UNDECIDED
    number = 0
    for columns in db.query(
        "SELECT id, document_id, topic, modality, bearer, bearer_canonical FROM requirements"
        " WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(selection.left_out))],
    ):
        _correct(columns, decided)
        if whole.takes(columns):
            number += whole.documents is None or columns["document_id"] in whole.documents
    return number


def requirements_by_id(
    db: sqlite_utils.Database, ids: Iterable[str], *, decisions: Decisions | None = None
) -> dict[str, Row]:
    """The requirements of these ids as rows; an id that the database does not have is left out."""
    wanted = sorted(set(ids))
    decided = decisions or UNDECIDED
    found: dict[str, Row] = {}
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        marks = ", ".join("?" * len(batch))
        quantities = _quantities(db, f"requirement_id IN ({marks})", batch)
        for columns in db.query(f"{_REQUIREMENTS} WHERE r.id IN ({marks})", batch):
            changed = _correct(columns, decided)
            numbers = quantities.get(columns["id"], [])
            found[columns["id"]] = _requirement(columns, numbers, changed, decided)
    return found


def link_rows(
    db: sqlite_utils.Database,
    *,
    filters: Filters | None = None,
    lexicon: Lexicon | None = None,
    decisions: Decisions | None = None,
) -> Iterator[Row]:
    """Links by the ids of their ends; with filters those of which either end is kept."""
    kept = _kept_ids(db, filters, lexicon, decisions)
    for columns in db.query("SELECT * FROM links ORDER BY from_id, to_id, relation"):
        if kept is None or columns["from_id"] in kept or columns["to_id"] in kept:
            yield link_row(columns)


def link_row(columns: Mapping[str, Any]) -> Row:
    """A link's columns as its published fields, then those that mustdo adds."""
    return {
        "from_id": columns["from_id"],
        "to_id": columns["to_id"],
        "from_year": columns["from_year"],
        "to_year": columns["to_year"],
        "relation": str(columns["relation"]),
        "score": columns["score"],
        "evidence": columns["evidence"],
        "from_value": _number(columns["from_value"]),
        "to_value": _number(columns["to_value"]),
        "unit": columns["unit"],
        "ambition": columns["ambition"],
        "stance": columns["stance"],
    }


def quantity_rows(
    db: sqlite_utils.Database,
    *,
    filters: Filters | None = None,
    lexicon: Lexicon | None = None,
    decisions: Decisions | None = None,
) -> Iterator[Row]:
    """Every number by document and reading order, in requirements or not.

    Filters by bearer, topic or modality keep the numbers of the requirements that they keep.
    """
    selection = select(
        db, Filters() if filters is None else filters, lexicon=lexicon, decisions=decisions
    )
    kept = _kept_ids(db, filters, lexicon, decisions) if selection.by_requirement else None
    for document in _documents(db, selection):
        for columns in db.query(
            "SELECT q.*, d.file, d.title, d.source_url, d.format"
            " FROM quantities q JOIN documents d ON d.id = q.document_id"
            " WHERE q.document_id = ? ORDER BY q.rowid",
            [document],
        ):
            if kept is None or columns["requirement_id"] in kept:
                yield {
                    "id": columns["id"],
                    "document": columns["document_id"],
                    "page": columns["page"],
                    "section": columns["section"],
                    "quote": columns["quote"],
                    **_quantity(columns),
                    "deadline": columns["deadline"],
                    "requirement_id": columns["requirement_id"],
                    "planning_year": columns["planning_year"],
                    "file": columns["file"],
                    "title": columns["title"],
                    "source_link": source_link(columns, columns["page"]),
                }


def source_link(document: Mapping[str, Any], page: int | None) -> str | None:
    """The address of a page, from its document's columns; None where none is safe."""
    url = web_link(document["source_url"])
    if url and page is not None and document["format"] == "pdf" and "#" not in url:
        return f"{url}#page={page}"
    return url


def _documents(db: sqlite_utils.Database, selection: Selection) -> list[str]:
    ids = [row["id"] for row in db.query("SELECT id FROM documents ORDER BY id")]
    return [i for i in ids if selection.documents is None or i in selection.documents]


def _kept_ids(
    db: sqlite_utils.Database,
    filters: Filters | None,
    lexicon: Lexicon | None,
    decisions: Decisions | None,
) -> frozenset[str] | None:
    """Ids of the requirements that filters keep; None where nothing is filtered by."""
    if not filters:
        return None
    decided = decisions or UNDECIDED
    selection = select(db, filters, lexicon=lexicon, decisions=decided)
    kept = set()
    for columns in db.query(
        "SELECT id, document_id, topic, modality, bearer, bearer_canonical FROM requirements"
    ):
        if selection.documents is None or columns["document_id"] in selection.documents:
            _correct(columns, decided)
            if selection.takes(columns):
                kept.add(columns["id"])
    return frozenset(kept)


def _correct(columns: Row, decided: Decisions) -> list[str]:
    """Put a reviewer's values into a row just read; the names of fields that changed."""
    changed = []
    for field, value in decided.corrections.get(columns["id"], {}).items():
        column = _CORRECTABLE.get(field)
        if column is None or column not in columns:
            continue
        if column == "bearer_canonical" and not isinstance(value, str):
            value = json.dumps(list(value or ()))
        if columns[column] != value:
            columns[column] = value
            changed.append(field)
    return changed


def _requirement(
    columns: Row, quantities: list[Row], corrected: list[str], decided: Decisions
) -> Row:
    deadline = None
    if columns["deadline_text"] is not None or columns["deadline_date"] is not None:
        deadline = {"text": columns["deadline_text"], "date": columns["deadline_date"]}
    return {
        "id": columns["id"],
        "document": columns["document_id"],
        "file": columns["file"],
        "planning_year": columns["planning_year"],
        "kind": columns["kind"],
        "page": columns["page"],
        "bbox": json.loads(columns["bbox"]) if columns["bbox"] else None,
        "section": columns["section"],
        "quote": columns["quote"],
        "stem": columns["stem"],
        "statement": columns["statement"],
        "modality": columns["modality"],
        "cue": columns["cue"],
        "reported": bool(columns["reported"]),
        "bearer": columns["bearer"],
        "bearer_canonical": json.loads(columns["bearer_canonical"]),
        "action": columns["action"],
        "condition": columns["condition"],
        "deadline": deadline,
        "quantities": quantities,
        "topic": columns["topic"],
        "confidence": columns["confidence"],
        # Beyond the published fields:
        "reported_by": columns["reported_by"],
        "thread_id": columns["thread_id"],
        "ordinal": columns["ordinal"],
        "title": columns["title"],
        "publisher": columns["publisher"],
        "published": columns["published"],
        "source_url": columns["source_url"],
        "source_link": source_link(columns, columns["page"]),
        "superseded_by": columns["superseded_by"],
        "corrected": corrected,
        "review": decided.statuses.get(columns["id"], "unreviewed"),
    }


def _quantities(db: sqlite_utils.Database, where: str, values: list[str]) -> dict[str, list[Row]]:
    """The numbers of requirements in reading order, by requirement id."""
    found: dict[str, list[Row]] = defaultdict(list)
    for columns in db.query(
        f"SELECT * FROM quantities WHERE {where}"  # noqa: S608 -- `where` is written in this module
        " AND requirement_id IS NOT NULL ORDER BY document_id, rowid",
        values,
    ):
        found[columns["requirement_id"]].append(
            {**_quantity(columns), "deadline": columns["own_deadline"]}
        )
    return found


def _quantity(columns: Row) -> Row:
    return {
        "text": columns["text"],
        "kind": columns["kind"],
        "value": _number(columns["value"]),
        "high": _number(columns["high"]),
        "unit": columns["unit"],
        "comparator": columns["comparator"],
        "role": columns["role"],
        "metric": columns["metric"],
        "measure": columns["measure"],
    }


def _number(value: float | None) -> float | int | None:
    """A whole number as an int: 30bn is 30000000000, not 3e10; None for one too large to write."""
    if value is None or not math.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else value
