"""What changed between two planning years or two documents, as the compare page and the home page
show it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlite_utils

from pipeline.export.compared import Pair, find_pairs, find_sides, load_pairs, tell_stories
from pipeline.export.redline import Piece, redline
from pipeline.lexicon import load_lexicon
from pipeline.store.database import open_for_reading
from pipeline.wording import RELATIONS, amount_words, value_words

_ORDER: Final = {relation: place for place, relation in enumerate(RELATIONS)}
_TARGET_ROLES: Final = frozenset({"target", "change"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change without its words, for counting and choosing: bodies and topic of either side.

    `pairs` of sentences tell it, the best first: two documents that each say a thing three times
    have nine pairs of it, and it is one change.
    """

    relation: str
    topic: str | None
    bodies: frozenset[str]
    has_target: bool
    order: tuple[str, int]  # document and reading order of the later side, else of the earlier
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A requirement on one side of a change."""

    id: str
    statement: str
    document_id: str
    title: str
    page: int | None
    section: str
    modality: str
    bearer: str | None
    bodies: tuple[str, ...]
    reported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A number that moved: "65%" to "92%", harder; `before` or `after` is "" where it was added or
    taken out.
    """

    before: str
    after: str
    ambition: str | None
    metric: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One change with its words: a redline where both sides are there."""

    relation: str
    topic: str | None
    before: Side | None
    after: Side | None
    pieces: tuple[Piece, ...]
    chips: tuple[Chip, ...]
    evidence: str | None


def latest_pair(connection: sqlite3.Connection) -> tuple[str, str] | None:
    """The two planning years that were compared last; None where nothing was compared."""
    row = connection.execute(
        "SELECT from_year, to_year FROM changes GROUP BY to_year, from_year"
        " ORDER BY to_year DESC, from_year DESC LIMIT 1"
    ).fetchone()
    return (row[0], row[1]) if row else None


def list_pairs(connection: sqlite3.Connection) -> tuple[tuple[str, str], ...]:
    """The pairs of planning years that were compared, latest first."""
    rows = connection.execute(
        "SELECT from_year, to_year FROM changes GROUP BY to_year, from_year"
        " ORDER BY to_year DESC, from_year DESC"
    )
    return tuple((row[0], row[1]) for row in rows)


def load_year_changes(
    connection: sqlite3.Connection, from_year: str, to_year: str
) -> tuple[Change, ...]:
    """Every change between two planning years as the build found them, by topic, then in reading
    order.
    """
    return complete_pairs(
        connection, load_pairs(sqlite_utils.Database(connection), from_year, to_year)
    )


def compare_now(database: Path, before: str, after: str) -> tuple[Pair, ...]:
    """What changed between two years or documents that the build did not compare; seconds, the
    first time.

    Raises UsageError for what cannot be compared.
    """
    lexicon = load_lexicon()
    with open_for_reading(database) as db:
        return find_pairs(db, find_sides(db, before, after), lexicon).pairs


def show_changes(
    connection: sqlite3.Connection,
    from_year: str,
    to_year: str,
    *,
    relations: Collection[str],
    limit: int,
) -> tuple[int, tuple[ChangeView, ...]]:
    """How many changes of these relations there are between two years, and some of them, of all
    topics, with words.
    """
    wanted = [
        c for c in load_year_changes(connection, from_year, to_year) if c.relation in relations
    ]
    # One of each topic before a second of any: four of the first topic would say little of the
    # year.
    seen: Counter[str | None] = Counter()
    turns: list[tuple[int, int, Change]] = []
    for change in wanted:
        turns.append((seen[change.topic], len(turns), change))
        seen[change.topic] += 1
    first = [change.pairs[0] for _, _, change in sorted(turns, key=lambda turn: turn[:2])[:limit]]
    return len(wanted), word_changes(connection, first)


def word_changes(connection: sqlite3.Connection, changes: Sequence[Pair]) -> tuple[ChangeView, ...]:
    """These pairs of sentences with their words, in the order given."""
    ids = [
        identifier
        for change in changes
        for identifier in (change.from_id, change.to_id)
        if identifier
    ]
    sides = load_sides(connection, ids)
    numbers = _load_numbers(connection, ids)
    views = []
    for change in changes:
        before = sides.get(change.from_id or "")
        after = sides.get(change.to_id or "")
        link = change.link
        views.append(
            ChangeView(
                relation=change.relation,
                topic=change.topic,
                before=before,
                after=after,
                pieces=redline(before.statement, after.statement) if before and after else (),
                chips=_chips(
                    link, numbers.get(change.from_id or "", []), numbers.get(change.to_id or "", [])
                ),
                evidence=link["evidence"] if link else None,
            )
        )
    return tuple(views)


def chips_between(connection: sqlite3.Connection, link: Mapping[str, Any]) -> tuple[Chip, ...]:
    """The number that moved along one link, where one did."""
    numbers = _load_numbers(connection, [link["from_id"], link["to_id"]])
    return _chips(link, numbers.get(link["from_id"], []), numbers.get(link["to_id"], []))


def load_sides(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Side]:
    """The requirements of these ids, each with its document's title."""
    sides = {}
    bodies = load_bodies(connection, ids := list(dict.fromkeys(ids)))
    for row in select_in(
        connection,
        "SELECT r.id, r.statement, r.document_id, d.title, r.page, r.section, r.modality,"
        " r.bearer, r.reported"
        " FROM requirements r JOIN documents d ON d.id = r.document_id"
        " WHERE r.id IN (SELECT value FROM json_each(?))",
        ids,
    ):
        sides[row[0]] = Side(
            id=row[0],
            statement=row[1],
            document_id=row[2],
            title=row[3],
            page=row[4],
            section=row[5],
            modality=row[6],
            bearer=row[7],
            bodies=tuple(sorted(bodies.get(row[0], ()))),
            reported=bool(row[8]),
        )
    return sides


def load_bodies(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, set[str]]:
    """The types of body that each of these requirements binds; those that bind none left out."""
    bodies: dict[str, set[str]] = defaultdict(set)
    for identifier, body in select_in(
        connection,
        "SELECT requirement_id, organisation_id FROM requirement_organisations WHERE"
        " requirement_id IN (SELECT value FROM json_each(?))",
        ids,
    ):
        bodies[identifier].add(body)
    return bodies


def select_in(
    connection: sqlite3.Connection, sql: str, values: Iterable[str]
) -> Iterable[sqlite3.Row]:
    """The rows of a statement with "IN (SELECT value FROM json_each(?))" for these values."""
    return connection.execute(sql, (json.dumps(list(dict.fromkeys(values))),))


def complete_pairs(connection: sqlite3.Connection, pairs: Iterable[Pair]) -> tuple[Change, ...]:
    """The changes that pairs of sentences tell, with what choosing and sorting need; by topic, then
    in reading order.
    """
    stories = tell_stories(pairs)
    ids = [
        identifier
        for story in stories
        for pair in (*story.told, *story.again)
        for identifier in (pair.from_id, pair.to_id)
        if identifier
    ]
    bodies = load_bodies(connection, ids)
    about = {
        row[0]: row[1:]
        for row in select_in(
            connection,
            "SELECT id, topic, has_target, document_id, ordinal FROM requirements"
            " WHERE id IN (SELECT value FROM json_each(?))",
            ids,
        )
    }
    changes = []
    for story in stories:
        told = (*story.told, *story.again)
        ends = [end for pair in told for end in (pair.to_id, pair.from_id) if end is not None]
        ends = [end for end in ends if end in about]
        if not ends or not story.told:
            continue
        changes.append(
            Change(
                relation=story.relation,
                topic=story.topic or next((about[end][0] for end in ends if about[end][0]), None),
                bodies=frozenset().union(*(bodies.get(end, ()) for end in ends)),
                has_target=any(about[end][1] for end in ends),
                order=(about[ends[0]][2], about[ends[0]][3]),
                pairs=told,
            )
        )
    changes.sort(
        key=lambda c: (
            c.topic or "~",
            _ORDER.get(c.relation, len(_ORDER)),
            c.order,
            c.pairs[0].from_id or "",
        )
    )
    return tuple(changes)


def _load_numbers(
    connection: sqlite3.Connection, ids: Iterable[str]
) -> dict[str, list[Mapping[str, Any]]]:
    """The targets and changes by so much of each requirement, in reading order."""
    numbers: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in select_in(
        connection,
        "SELECT requirement_id, role, value, high, comparator, unit, kind, metric, measure FROM"
        " quantities"
        " WHERE requirement_id IN (SELECT value FROM json_each(?))"
        " ORDER BY requirement_id, char_start",
        ids,
    ):
        if row["role"] in _TARGET_ROLES:
            numbers[row["requirement_id"]].append(dict(row))
    return numbers


def _chips(
    link: Mapping[str, Any] | None,
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
) -> tuple[Chip, ...]:
    """The number that the link says moved; of a requirement that is new or dropped, its targets."""
    if link is not None:
        if link["from_value"] == link["to_value"]:
            return ()
        return (
            Chip(
                before=_worded(link["from_value"], link["unit"], before),
                after=_worded(link["to_value"], link["unit"], after),
                ambition=link["ambition"],
                metric=None,
            ),
        )
    if before and after:
        return ()
    chips = [
        Chip(before=_target(row), after="", ambition=None, metric=row["metric"]) for row in before
    ]
    chips += [
        Chip(before="", after=_target(row), ambition=None, metric=row["metric"]) for row in after
    ]
    return tuple(chips[:3])


def _worded(value: float | None, unit: str | None, numbers: Sequence[Mapping[str, Any]]) -> str:
    """A value as its own requirement words it, with comparator, where it holds that number; else
    with the unit.
    """
    for row in numbers:
        if row["value"] == value:
            return _target(row)
    return amount_words(value, unit=unit)


def _target(row: Mapping[str, Any]) -> str:
    return value_words(
        row["value"], row["high"], row["comparator"], kind=row["kind"], unit=row["unit"]
    )
