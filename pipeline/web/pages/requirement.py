"""One requirement: its words marked, the page it stands on, its life through the years, who speaks
of it.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import sqlite_utils
from datasette.utils.asgi import NotFound, Request, Response

from pipeline.export.rows import requirements_by_id
from pipeline.web.changes import Side, load_sides
from pipeline.web.charts import MeasureLine, load_measure_lines
from pipeline.web.marks import Segment, Span, find_words, legend, split_at_marks
from pipeline.web.pages.review import load_panel
from pipeline.web.settling import load_decisions
from pipeline.web.site import Site, site_of
from pipeline.web.thread import Step, load_steps
from pipeline.wording import value_words

if TYPE_CHECKING:
    from datasette.app import Datasette

_SPEAKS_OF_IT: Final = (
    "SELECT from_id AS other, stance, evidence FROM links"
    " WHERE to_id = ? AND relation = 'mentions' ORDER BY score DESC, from_id"
)
_SPOKEN_OF: Final = (
    "SELECT to_id AS other, stance, evidence FROM links"
    " WHERE from_id = ? AND relation = 'mentions' ORDER BY score DESC, to_id"
)
_NARRATIVE_SPEAKS_OF_IT: Final = (
    "SELECT q.id, q.quote, q.document_id, q.page, q.section, q.passage_id, q.planning_year,"
    " d.title, m.stance, m.evidence FROM figure_mentions m"
    " JOIN quantities q ON q.id = m.quantity_id JOIN documents d ON d.id = q.document_id"
    " WHERE m.to_id = ? ORDER BY m.score DESC, m.id"
)
_GONE: Final = (
    "There is no requirement {} in this database. Its words may have changed in a rebuild."
)
_AROUND: Final = 3  # passages shown before and after the one that holds the requirement ...
# ... but beside a picture of the page no more letters of them than this, nearest first.
_ROOM: Final = 450


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A paper or comment that speaks of a requirement, and how; `passage_id` is given where it does
    so in a sentence that is no requirement.
    """

    side: Side
    year: str | None
    stance: str | None
    evidence: str
    passage_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextPassage:
    """A passage near the requirement; `is_here` for the one that holds it."""

    id: str
    kind: str
    marker: str | None
    level: int
    segments: tuple[Segment, ...]
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementPage:
    """All that a requirement's page shows."""

    row: dict[str, Any]
    document: dict[str, Any]
    bodies: tuple[str, ...]
    statement: tuple[Segment, ...]
    context: tuple[ContextPassage, ...]
    stems: tuple[str, ...]
    labels: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    numbers: tuple[dict[str, Any], ...]
    pages: tuple[int, ...]
    steps: tuple[Step, ...]
    charts: tuple[MeasureLine, ...]
    mentioned_by: tuple[Mention, ...]
    speaks_of: tuple[Mention, ...]
    place: tuple[int, int] | None  # its number in its year's list, and how many there are
    previous_id: str | None
    next_id: str | None


async def requirement(datasette: Datasette, request: Request) -> Response:
    """The page of one requirement."""
    site = site_of(datasette)
    await site.check(request)
    page = await _find(site, request)
    context = {
        "page": page,
        "picture_pages": await site.pictures.pages_of(page.document, page.pages),
        "panel": await load_panel(site, request, page.row, page.bodies),
    }
    return await site.page(request, "requirement.html", context)


async def requirement_json(datasette: Datasette, request: Request) -> Response:
    """The requirement as `mustdo export --format jsonl` gives it, as reviewers corrected it."""
    site = site_of(datasette)
    await site.check(request)
    identifier = unquote(request.url_vars["id"])
    decisions = await asyncio.to_thread(load_decisions, site.path)
    rows = await site.read(
        lambda connection: requirements_by_id(
            sqlite_utils.Database(connection), [identifier], decisions=decisions
        )
    )
    if identifier not in rows:
        raise NotFound(_GONE.format(identifier))
    return Response.json(rows[identifier])


async def _find(site: Site, request: Request) -> RequirementPage:
    identifier = unquote(request.url_vars["id"])
    page = await site.read(lambda connection: load_requirement(connection, identifier))
    if page is None:
        raise NotFound(_GONE.format(identifier))
    return page


def load_requirement(connection: sqlite3.Connection, identifier: str) -> RequirementPage | None:
    """All that the page of this requirement shows; None where there is no such requirement."""
    row = connection.execute("SELECT * FROM requirements WHERE id = ?", (identifier,)).fetchone()
    if row is None:
        return None
    document = connection.execute(
        "SELECT * FROM documents WHERE id = ?", (row["document_id"],)
    ).fetchone()
    passage = connection.execute(
        "SELECT * FROM passages WHERE id = ?", (row["passage_id"],)
    ).fetchone()
    numbers = connection.execute(
        "SELECT q.*, m.name AS measure_name FROM quantities q LEFT JOIN measures m ON m.id ="
        " q.measure"
        " WHERE q.requirement_id = ? ORDER BY q.char_start, q.rowid",
        (identifier,),
    ).fetchall()
    measures = [number["measure"] for number in numbers if number["measure"]]
    statement = split_at_marks(row["statement"], _statement_spans(row, numbers))
    context = _load_context(connection, row, passage, numbers)
    steps = load_steps(connection, row)
    neighbours = connection.execute(
        "SELECT max(CASE WHEN ordinal < :here THEN ordinal END), min(CASE WHEN ordinal > :here"
        " THEN ordinal END)"
        " FROM requirements WHERE document_id = :document AND ordinal BETWEEN :here - 1 AND :here"
        " + 1",
        {"here": row["ordinal"], "document": row["document_id"]},
    ).fetchone()
    by_ordinal = {
        ordinal: found
        for found, ordinal in connection.execute(
            "SELECT id, ordinal FROM requirements WHERE document_id = ? AND ordinal IN (?, ?)",
            (row["document_id"], *neighbours),
        )
    }
    marks = [*statement, *(segment for near in context for segment in near.segments)]
    return RequirementPage(
        row=dict(row),
        document=dict(document),
        bodies=tuple(json.loads(row["bearer_canonical"] or "[]")),
        statement=statement,
        context=context,
        stems=_stems(passage, context),
        labels=tuple(json.loads(passage["labels"] or "[]")) if passage else (),
        legend=legend(marks),
        numbers=tuple(_worded(number) for number in numbers),
        pages=_pages(row, passage),
        steps=steps,
        charts=load_measure_lines(connection, measures) if measures else (),
        mentioned_by=(
            *_load_mentions(connection, identifier, incoming=True),
            *_load_narrative(connection, identifier),
        ),
        speaks_of=_load_mentions(connection, identifier, incoming=False),
        place=_load_place(connection, row),
        previous_id=by_ordinal.get(neighbours[0]),
        next_id=by_ordinal.get(neighbours[1]),
    )


def requirement_spans(
    row: Mapping[str, Any], numbers: Sequence[Mapping[str, Any]], text: str
) -> tuple[Span, ...]:
    """What is marked of a requirement within its passage's text."""
    start, end = row["quote_start"], row["quote_end"]
    spans = [
        span
        for name, kind in (
            ("condition", "condition"),
            ("bearer", "bearer"),
            ("cue", "cue"),
            ("deadline_text", "deadline"),
        )
        for span in find_words(text, row[name], kind, start=start, end=end)
    ]
    spans += [
        Span(start=number["char_start"], end=number["char_end"], kind="number")
        for number in numbers
        if number["char_start"] is not None and number["char_end"] is not None
    ]
    return tuple(spans)


def _statement_spans(row: Mapping[str, Any], numbers: Sequence[Mapping[str, Any]]) -> list[Span]:
    text = row["statement"]
    spans = []
    for name, kind in (
        ("condition", "condition"),
        ("bearer", "bearer"),
        ("cue", "cue"),
        ("deadline_text", "deadline"),
    ):
        spans += find_words(text, row[name], kind)
    for number in numbers:
        spans += find_words(text, number["text"], "number")
    return spans


def _load_context(
    connection: sqlite3.Connection,
    row: Mapping[str, Any],
    passage: Mapping[str, Any] | None,
    numbers: Sequence[Mapping[str, Any]],
) -> tuple[ContextPassage, ...]:
    """The passage that holds the requirement with those around it, of the same section only."""
    if passage is None:
        return ()
    near = connection.execute(
        "SELECT * FROM passages WHERE document_id = ? AND ordinal BETWEEN ? AND ? ORDER BY ordinal",
        (passage["document_id"], passage["ordinal"] - _AROUND, passage["ordinal"] + _AROUND),
    ).fetchall()
    if row["page"] is not None:
        near = _nearest(near, passage["ordinal"])
    context = []
    for other in near:
        if other["section_id"] != passage["section_id"]:
            continue
        is_here = other["id"] == passage["id"]
        spans: tuple[Span, ...] = ()
        if is_here:
            spans = (
                Span(start=row["quote_start"], end=row["quote_end"], kind="requirement"),
                *requirement_spans(row, numbers, other["text"]),
            )
        context.append(
            ContextPassage(
                id=other["id"],
                kind=other["kind"],
                marker=other["marker"],
                level=other["level"] or 0,
                segments=split_at_marks(other["text"], spans),
                is_here=is_here,
            )
        )
    return tuple(context)


def _nearest(near: Sequence[sqlite3.Row], here: int) -> list[sqlite3.Row]:
    """Of passages in order those near the one at an ordinal, as far as there is room for them."""
    kept = [other for other in near if other["ordinal"] == here]
    before = [other for other in near if other["ordinal"] < here]
    after = [other for other in near if other["ordinal"] > here]
    for side in (before[::-1], after):
        room = _ROOM
        for other in side:
            room -= len(other["text"])
            if room < 0:
                break
            kept.append(other)
    return sorted(kept, key=lambda other: other["ordinal"])


def _load_mentions(
    connection: sqlite3.Connection, identifier: str, *, incoming: bool
) -> tuple[Mention, ...]:
    """Who speaks of a requirement, or with `incoming` false what it speaks of; the surest first."""
    links = connection.execute(_SPEAKS_OF_IT if incoming else _SPOKEN_OF, (identifier,)).fetchall()
    sides = load_sides(connection, [link["other"] for link in links])
    years = {
        row[0]: row[1]
        for row in connection.execute(
            "SELECT id, planning_year FROM requirements WHERE id IN (SELECT value FROM"
            " json_each(?))",
            (json.dumps(list(sides)),),
        )
    }
    return tuple(
        Mention(
            side=sides[link["other"]],
            year=years.get(link["other"]),
            stance=link["stance"],
            evidence=link["evidence"],
        )
        for link in links
        if link["other"] in sides
    )


def _load_narrative(connection: sqlite3.Connection, identifier: str) -> tuple[Mention, ...]:
    """The sentences that speak of a requirement with a number and are none; the surest first."""
    return tuple(
        Mention(
            side=Side(
                id=row["id"],
                statement=row["quote"],
                document_id=row["document_id"],
                title=row["title"],
                page=row["page"],
                section=row["section"],
                modality="",
                bearer=None,
                bodies=(),
                reported=False,
            ),
            year=row["planning_year"],
            stance=row["stance"],
            evidence=row["evidence"],
            passage_id=row["passage_id"],
        )
        for row in connection.execute(_NARRATIVE_SPEAKS_OF_IT, (identifier,))
    )


def _load_place(connection: sqlite3.Connection, row: Mapping[str, Any]) -> tuple[int, int] | None:
    """The requirement's number in its document's checklist, from 1, and how many that holds; None
    outside guidance.
    """
    if row["kind"] != "guidance" or row["reported"] or row["modality"] == "permission":
        return None
    total, before = connection.execute(
        "SELECT count(*), coalesce(sum(ordinal < ?), 0) FROM requirements WHERE document_id = ?"
        " AND NOT reported AND modality <> 'permission'",
        (row["ordinal"], row["document_id"]),
    ).fetchone()
    return before + 1, total


def _stems(passage: Mapping[str, Any] | None, context: Sequence[ContextPassage]) -> tuple[str, ...]:
    """The lead-in sentences of a passage, those left out that stand near it on the page anyway."""
    near = {"".join(segment.text for segment in other.segments) for other in context}
    stems = json.loads(passage["stems"] or "[]") if passage else []
    return tuple(stem for stem in stems if stem not in near)


def _pages(row: Mapping[str, Any], passage: Mapping[str, Any] | None) -> tuple[int, ...]:
    """The pages that the quote stands on, in order; where the lines are not known, the page it
    starts on.
    """
    places = json.loads(passage["places"] or "[]") if passage else []
    pages = [
        place[2]
        for place in places
        if place[0] < row["quote_end"] and place[1] > row["quote_start"]
    ]
    return tuple(dict.fromkeys(pages)) or ((row["page"],) if row["page"] else ())


def _worded(number: sqlite3.Row) -> dict[str, Any]:
    words = value_words(
        number["value"],
        number["high"],
        number["comparator"],
        kind=number["kind"],
        unit=number["unit"],
    )
    by = "by " if words and number["role"] == "change" else ""
    return {**dict(number), "words": by + (words or number["text"])}
