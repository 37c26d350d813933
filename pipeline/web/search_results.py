"""What a search found, with its words: the requirements and passages of one page of results."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.web.changes import load_bodies
from pipeline.web.marks import Segment
from pipeline.web.search_index import Numbers, SearchIndex

_OPEN, _CLOSE = "\x02", "\x03"  # around found words, in what FTS5 returns
_STATEMENT: Final = (
    "SELECT highlight(requirements_fts, 0, ?, ?) FROM requirements_fts"
    " WHERE requirements_fts MATCH ? AND rowid = ?"
)
_SNIPPET: Final = (
    "SELECT snippet(passages_fts, 0, ?, ?, ' … ', 48) FROM passages_fts"
    " WHERE passages_fts MATCH ? AND rowid = ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A requirement or passage that was found; `runs` are its words, those looked for "found"."""

    is_requirement: bool
    id: str
    runs: tuple[Segment, ...]
    document_id: str
    title: str
    year: str | None
    kind: str
    page: int | None
    section: str | None
    modality: str | None
    topic: str | None
    bodies: tuple[str, ...]
    review: str | None


def load_requirements(
    connection: sqlite3.Connection,
    index: SearchIndex,
    rows: Numbers,
    match: str,
    states: Mapping[str, str],
) -> list[Result]:
    rowids = [int(rowid) for rowid in index.requirements.rowids[rows]]
    marked = _highlight(connection, _STATEMENT, match, rowids)
    found = {
        row["rowid"]: row
        for row in connection.execute(
            "SELECT r.rowid, r.id, r.statement, r.document_id, d.title, r.planning_year, r.kind,"
            " r.page, r.section,"
            " r.modality, r.topic FROM requirements r JOIN documents d ON d.id = r.document_id"
            " WHERE r.rowid IN (SELECT value FROM json_each(?))",
            (json.dumps(rowids),),
        )
    }
    bodies = load_bodies(connection, [row["id"] for row in found.values()])
    return [
        Result(
            is_requirement=True,
            id=row["id"],
            runs=_split(marked.get(rowid, row["statement"])),
            document_id=row["document_id"],
            title=row["title"],
            year=row["planning_year"],
            kind=row["kind"],
            page=row["page"],
            section=row["section"],
            modality=row["modality"],
            topic=row["topic"],
            bodies=tuple(sorted(bodies.get(row["id"], ()))),
            review=states.get(row["id"]),
        )
        for rowid in rowids
        if (row := found[rowid])
    ]


def load_passages(
    connection: sqlite3.Connection, index: SearchIndex, rows: Numbers, match: str
) -> list[Result]:
    rowids = [int(rowid) for rowid in index.passages.rowids[rows]]
    marked = _highlight(connection, _SNIPPET, match, rowids)
    found = {
        row["rowid"]: row
        for row in connection.execute(
            "SELECT p.rowid, p.id, p.text, p.document_id, d.title, d.planning_year, d.kind,"
            " p.page, s.path"
            " FROM passages p JOIN documents d ON d.id = p.document_id LEFT JOIN sections s ON"
            " s.id = p.section_id"
            " WHERE p.rowid IN (SELECT value FROM json_each(?))",
            (json.dumps(rowids),),
        )
    }
    return [
        Result(
            is_requirement=False,
            id=row["id"],
            runs=_split(marked.get(rowid, row["text"])),
            document_id=row["document_id"],
            title=row["title"],
            year=row["planning_year"],
            kind=row["kind"],
            page=row["page"],
            section=row["path"],
            modality=None,
            topic=None,
            bodies=(),
            review=None,
        )
        for rowid in rowids
        if (row := found[rowid])
    ]


def _highlight(
    connection: sqlite3.Connection, sql: str, match: str, rowids: Sequence[int]
) -> dict[int, str]:
    """The texts of these rows with the words found between marks; nothing without a query."""
    marked = {}
    for rowid in rowids if match else ():
        row = connection.execute(sql, (_OPEN, _CLOSE, match, rowid)).fetchone()
        if row:
            marked[rowid] = row[0]
    return marked


def _split(text: str) -> tuple[Segment, ...]:
    """A text with marks around found words, in runs."""
    runs = []
    for part in text.split(_OPEN):
        inside, closed, outside = part.partition(_CLOSE)
        if closed:
            runs.append(Segment(text=inside, kinds=("found",)))
            runs.append(Segment(text=outside, kinds=()))
        else:
            runs.append(Segment(text=part, kinds=()))
    return tuple(run for run in runs if run.text)
