"""Exports: rows of the database as files for people and for other programs.

Each format is a module of its own that is loaded when it is asked for.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, cast

from pipeline.errors import UsageError
from pipeline.export.about import About, export_title, load_about
from pipeline.export.filters import Choice, Decisions, DiffFilters, Filters, select
from pipeline.export.rows import count_left_out, link_rows, quantity_rows, requirement_rows
from pipeline.lexicon import load_lexicon
from pipeline.store.database import open_for_reading

__all__ = [
    "CONTENT_TYPES",
    "FORMATS",
    "TABLES",
    "Choice",
    "Decisions",
    "DiffFilters",
    "Filters",
    "carry_forward",
    "export_bytes",
    "export_to",
    "render_diff",
]

TABLES: Final = ("requirements", "links", "quantities")
# Format -> tables that it can hold.
FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "jsonl": TABLES,
    "csv": TABLES,
    "md": TABLES,
    "xlsx": TABLES,
    "docx": TABLES,
    "reqif": ("requirements",),
    "ics": ("requirements",),
}
CONTENT_TYPES: Final[Mapping[str, str]] = {
    "jsonl": "application/x-ndjson; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "reqif": "application/xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
_ROWS: Final = {"requirements": requirement_rows, "links": link_rows, "quantities": quantity_rows}


class Writer(Protocol):
    """Writes rows of a table in one format."""

    def __call__(
        self,
        rows: Iterable[Mapping[str, Any]],
        out: BinaryIO,
        *,
        about: About,
        table: str,
        **more: Any,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a format's writer is."""

    module: str
    function: str


_WRITERS: Final[Mapping[str, _Place]] = {
    "jsonl": _Place("pipeline.export.jsonl", "write_jsonl"),
    "csv": _Place("pipeline.export.csv", "write_csv"),
    "md": _Place("pipeline.export.markdown", "write_markdown"),
    "xlsx": _Place("pipeline.export.xlsx", "write_xlsx"),
    "docx": _Place("pipeline.export.docx", "write_docx"),
    "reqif": _Place("pipeline.export.reqif", "write_reqif"),
    "ics": _Place("pipeline.export.ics", "write_ics"),
}


def export_bytes(
    db_path: Path,
    *,
    table: str = "requirements",
    format: str = "jsonl",  # noqa: A002 -- the word that users know it by
    filters: Filters | None = None,
    decisions: Decisions | None = None,
) -> bytes:
    """A table of a database as a file of a format; raises UsageError for what there is not."""
    out = io.BytesIO()
    export_to(db_path, out, table=table, format=format, filters=filters, decisions=decisions)
    return out.getvalue()


def export_to(
    db_path: Path,
    out: BinaryIO,
    *,
    table: str = "requirements",
    format: str = "jsonl",  # noqa: A002 -- the word that users know it by
    filters: Filters | None = None,
    decisions: Decisions | None = None,
) -> int:
    """Write a table of a database to `out` in a format; nothing where a UsageError is raised.

    Returns how many requirements were left out, since a reviewer rejected them.
    """
    _check(table, format)
    wanted = Filters() if filters is None else filters
    lexicon = load_lexicon()
    with open_for_reading(db_path) as db:
        selection = select(db, wanted, lexicon=lexicon, decisions=decisions)
        left_out = count_left_out(db, selection, decisions) if table == "requirements" else 0
        about = load_about(
            db,
            title=export_title(table, wanted),
            filters=wanted,
            selection=selection,
            left_out=left_out,
            topics=[topic.id for topic in lexicon.topics],
        )
        rows = _ROWS[table](db, filters=wanted, lexicon=lexicon, decisions=decisions)
        place = _WRITERS[format]
        write = cast(Writer, getattr(importlib.import_module(place.module), place.function))
        more = {"links": link_rows(db)} if format == "reqif" else {}
        write(rows, out, about=about, table=table, **more)
    return left_out


def render_diff(
    db_path: Path,
    from_: str,
    to: str,
    format: str = "text",  # noqa: A002 -- the word that users know it by
    filters: DiffFilters | None = None,
    *,
    topic: Choice = None,
    bearer: Choice = None,
    relation: Choice = None,
    only_targets: bool = False,
) -> bytes:
    """What changed between two planning years, or two documents, as a file of a format.

    Formats: text, md, html, json, csv, xlsx, docx. `filters` holds what else the keywords say.
    Raises UsageError for what the database does not have.
    """
    from pipeline.export.diff import find_renderer, load_diff

    render = find_renderer(format)
    given = DiffFilters(topic=topic, bearer=bearer, relation=relation, only_targets=only_targets)
    out = io.BytesIO()
    with open_for_reading(db_path) as db:
        render(load_diff(db, from_, to, filters=filters or given), out)
    return out.getvalue()


def carry_forward(
    checklist: Path, db_path: Path, to_year: str, *, decisions: Decisions | None = None
) -> bytes:
    """Next year's checklist as an Excel file, with what people noted on last year's.

    Raises UsageError for a file that is no checklist of ours, and a year the database lacks.
    """
    from pipeline.export.carry import carry_checklist

    with open_for_reading(db_path) as db:
        return carry_checklist(checklist, db, to_year, decisions=decisions)


def _check(table: str, wanted: str) -> None:
    if table not in TABLES:
        raise UsageError(f"There is no table {table!r}. Choose one of: {', '.join(TABLES)}.")
    if wanted not in FORMATS:
        raise UsageError(f"There is no format {wanted!r}. Choose one of: {', '.join(FORMATS)}.")
    if table not in FORMATS[wanted]:
        able = [name for name, tables in FORMATS.items() if table in tables]
        raise UsageError(
            f"{wanted} holds requirements only. For {table} choose one of: {', '.join(able)}."
        )
