"""CSV (RFC 4180) that opens in a spreadsheet and does nothing there but show its text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, Final

from pipeline.export.about import About
from pipeline.export.text import csv_text
from pipeline.wording import target_words

Row = Mapping[str, Any]

_REQUIREMENT: Final = (
    "id", "document", "file", "planning_year", "kind", "page", "bbox", "section", "quote", "stem",
    "statement", "modality", "cue", "reported", "bearer", "bearer_canonical", "action", "condition",
    "deadline", "deadline_date", "targets", "quantities", "topic", "confidence", "reported_by",
    "thread_id", "title", "publisher", "source_url", "source_link", "superseded_by", "corrected",
    "review",
)  # fmt: skip
_LINK: Final = (
    "from_id", "to_id", "from_year", "to_year", "relation", "score", "evidence", "from_value",
    "to_value", "unit", "ambition", "stance",
)  # fmt: skip
_QUANTITY: Final = (
    "id", "document", "page", "section", "quote", "text", "kind", "value", "high", "unit",
    "comparator", "role", "metric", "measure", "deadline", "requirement_id", "planning_year",
    "file", "title", "source_link",
)  # fmt: skip
_FIELDS: Final = {"requirements": _REQUIREMENT, "links": _LINK, "quantities": _QUANTITY}


def write_csv(
    rows: Iterable[Row], out: BinaryIO, *, about: About, table: str = "requirements"
) -> None:
    """Write rows as CSV in UTF-8, with a byte order mark for Excel, which misreads £ without.

    Lists are joined with "; ", a deadline is two columns, and a requirement's `quantities` are
    JSON, with its targets in words in `targets`.
    """
    fields = _FIELDS[table]
    write_table(out, fields, ([_cell(row, name, table) for name in fields] for row in rows))


def write_table(out: BinaryIO, fields: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a heading and rows of values, with what would be a formula disarmed."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(fields)
    for row in rows:
        writer.writerow([csv_text(value) if isinstance(value, str) else value for value in row])
    text.flush()
    text.detach()  # closing it would close the file it was given


def _cell(row: Row, name: str, table: str) -> object:
    if table == "requirements":
        if name == "targets":
            return "; ".join(target_words(row))
        if name in ("deadline", "deadline_date"):
            key = "text" if name == "deadline" else "date"
            return row["deadline"][key] if row["deadline"] else None
        if name in ("bbox", "quantities"):
            return json.dumps(row[name], ensure_ascii=False) if row[name] else None
    value = row.get(name)
    if isinstance(value, (list, tuple)):
        return "; ".join(str(part) for part in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
