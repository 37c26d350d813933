"""One requirement through the years: each document's wording of it against the one before."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from pipeline.export.redline import Piece, redline
from pipeline.web.changes import Chip, Side, chips_between, load_sides


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One document's place in a thread: the requirement that stands for it, compared with the one
    before it.

    `side` is None for a year of guidance that leaves the requirement out; `others` say the same in
    that document.
    """

    year: str
    side: Side | None
    others: tuple[Side, ...]
    relation: str | None
    pieces: tuple[Piece, ...]
    chips: tuple[Chip, ...]
    evidence: str | None
    is_here: bool
    replaced: bool = False  # a later document stands in for this one


def load_steps(connection: sqlite3.Connection, row: Mapping[str, Any]) -> tuple[Step, ...]:
    """The thread document by document; years of guidance after its first that it leaves out come as
    gaps.
    """
    if row["thread_id"] is None:
        return ()
    members = connection.execute(
        "SELECT id, planning_year, document_id FROM requirements WHERE thread_id = ?"
        " ORDER BY planning_year, document_id, ordinal",
        (row["thread_id"],),
    ).fetchall()
    links = connection.execute(
        "SELECT l.* FROM links l JOIN requirements a ON a.id = l.from_id"
        " WHERE a.thread_id = ? AND l.relation <> 'mentions' ORDER BY l.score DESC, l.id",
        (row["thread_id"],),
    ).fetchall()
    sides = load_sides(connection, [member["id"] for member in members])
    chain = _chain(row["id"], links)
    replaced = {
        found[0]
        for found in connection.execute("SELECT id FROM documents WHERE superseded_by IS NOT NULL")
    }
    steps = []
    for (year, document), group in groupby(
        members, key=lambda member: (member["planning_year"], member["document_id"])
    ):
        ids = [member["id"] for member in group]
        first = next((identifier for identifier in ids if identifier in chain), ids[0])
        link = chain.get(first) or next((link for link in links if link["to_id"] == first), None)
        before = sides.get(link["from_id"]) if link else None
        steps.append(
            Step(
                year=year or "",
                side=sides[first],
                others=tuple(sides[identifier] for identifier in ids if identifier != first),
                relation=link["relation"] if before and link else None,
                pieces=redline(before.statement, sides[first].statement) if before else (),
                chips=chips_between(connection, link) if before and link else (),
                evidence=link["evidence"] if before and link else None,
                is_here=first == row["id"],
                replaced=document in replaced,
            )
        )
    return tuple(sorted([*steps, *_gaps(connection, steps)], key=lambda step: step.year))


def _chain(
    identifier: str, links: Sequence[Mapping[str, Any]]
) -> dict[str, Mapping[str, Any] | None]:
    """The requirements that lead to this one and from it, by the surest links, each with the link
    that leads to it.
    """
    chain: dict[str, Mapping[str, Any] | None] = {identifier: None}
    here = identifier
    while (link := next((x for x in links if x["to_id"] == here), None)) and link[
        "from_id"
    ] not in chain:
        chain[here] = link
        here = link["from_id"]
        chain[here] = None
    here = identifier
    while (link := next((x for x in links if x["from_id"] == here), None)) and link[
        "to_id"
    ] not in chain:
        here = link["to_id"]
        chain[here] = link
    return chain


def _gaps(connection: sqlite3.Connection, steps: Sequence[Step]) -> list[Step]:
    """Years of guidance after the thread's first that no member speaks of; only the first of a run
    of them.
    """
    years = [
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT y.year FROM document_years y JOIN documents d ON d.id = y.document_id"
            " WHERE d.kind = 'guidance' AND d.superseded_by IS NULL ORDER BY y.year"
        )
    ]
    covered = {year for step in steps for year in years if _covers(step.year, year)}
    if not covered:
        return []
    gaps = []
    for before, year in pairwise(years):
        if year > min(covered) and year not in covered and before in covered:
            gaps.append(
                Step(
                    year=year,
                    side=None,
                    others=(),
                    relation="dropped",
                    pieces=(),
                    chips=(),
                    evidence=None,
                    is_here=False,
                )
            )
    return gaps


def _covers(label: str, year: str) -> bool:
    """Whether a document's planning year, one or a span of them, holds a single year."""
    first, _, last = label.partition("-")
    return first <= year <= (last or first)
