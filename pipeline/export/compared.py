"""What is compared with what: two sides, their requirements pair by pair, and what of it is
counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import sqlite_utils

from pipeline.errors import UsageError
from pipeline.export.filters import known_years, match_values, parse_years
from pipeline.export.rows import Row, link_row
from pipeline.lexicon import Lexicon
from pipeline.records import Change, Link
from pipeline.store.load import load_documents, load_requirements


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One row of a comparison: a link's relation, or new, or dropped.

    Pairs of one `story` are counted as one change; those `again` say, between other places of the
    documents, what another of them says.
    """

    relation: str
    from_id: str | None
    to_id: str | None
    topic: str | None
    story: str
    again: bool = False
    link: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One change as it is counted: the pairs that tell it (several of a split or merged one), and
    those that say it again; both the surest first.
    """

    told: tuple[Pair, ...]
    again: tuple[Pair, ...]

    @property
    def relation(self) -> str:
        return self.told[0].relation

    @property
    def topic(self) -> str | None:
        return next((pair.topic for pair in (*self.told, *self.again) if pair.topic), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What became of each requirement of either side; `first_of` leads from one that its document
    said before to the first place that says it (ids); `note` is what is to be said of the whole.
    """

    pairs: tuple[Pair, ...]
    first_of: Mapping[str, str]
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The two sides by name and by the ids of their documents."""

    from_: str
    to: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    are_years: bool


def find_sides(db: sqlite_utils.Database, from_: str, to: str) -> Sides:
    """The sides that a user names: two planning years, the earlier first, or two document ids.

    Raises UsageError for what the database does not have, with what it has.
    """
    ids = [row["id"] for row in db.query("SELECT id FROM documents ORDER BY id")]
    named = [name in ids for name in (from_, to)]
    if all(named):
        return Sides(from_=from_, to=to, before=(from_,), after=(to,), are_years=False)
    if any(named) or not any(_is_year(name) for name in (from_, to)):
        wrong = to if named[0] else from_
        if _is_year(wrong):
            raise UsageError(
                f"{from_} and {to} are a document and a year. Name two documents, or two years."
            )
        match_values("document", [wrong], ids, check=True)
    first, last = _year(db, from_), _year(db, to)
    if first > last:
        raise UsageError(
            f"{from_} comes after {to}. Name the earlier first: mustdo diff {last} {first}"
        )
    if first == last:
        raise UsageError(f"{from_} is compared with itself. Name two different years.")
    before, after = _guidance(db, first), _guidance(db, last)
    for year, found in ((first, before), (last, after)):
        if not found:
            raise UsageError(
                f"The database has no guidance for {year}, only board papers, commentary or drafts."
            )
    return Sides(from_=first, to=last, before=before, after=after, are_years=True)


def _is_year(name: str) -> bool:
    try:
        parse_years(name)
    except UsageError:
        return False
    return True


def _year(db: sqlite_utils.Database, name: str) -> str:
    """The single planning year that a user names, as the database writes it."""
    years = parse_years(name)
    if len(years.labels) > 1:
        raise UsageError(f"{name} is several planning years. Name one of them: {years.labels[0]}.")
    if years.labels[0] not in (known := known_years(db)):
        has = f"has {', '.join(known)}" if known else "names no planning years"
        raise UsageError(f"No documents for {name}. The database {has}.")
    return years.labels[0]


def _guidance(db: sqlite_utils.Database, year: str) -> tuple[str, ...]:
    rows = db.query(
        "SELECT d.id FROM documents d JOIN document_years y ON y.document_id = d.id"
        " WHERE y.year = ? AND d.kind = 'guidance' AND d.superseded_by IS NULL ORDER BY d.id",
        [year],
    )
    return tuple(row["id"] for row in rows)


def find_pairs(db: sqlite_utils.Database, sides: Sides, lexicon: Lexicon) -> Compared:
    """What became of each requirement of either side.

    As the build compared them where it did, else compared now.
    """
    if sides.are_years:
        if sides.before == sides.after:
            note = f"The same documents count for {sides.from_} and {sides.to}: nothing changes."
            return Compared(pairs=(), first_of={}, note=note)
        stored = load_pairs(db, sides.from_, sides.to)
        if stored:
            return Compared(pairs=stored, first_of=_load_repeats(db, sides))
    return _compare(db, sides, lexicon)


def load_pairs(db: sqlite_utils.Database, from_year: str, to_year: str) -> tuple[Pair, ...]:
    """The pairs that the build found between two planning years; none where it compared others."""
    rows = db.query(
        "SELECT c.relation AS change, c.topic, c.from_id AS before, c.to_id AS after, c.story,"
        " c.again, l.* FROM changes c LEFT JOIN links l ON l.id = c.link_id"
        " WHERE c.from_year = ? AND c.to_year = ? ORDER BY c.rowid",
        [from_year, to_year],
    )
    return tuple(
        Pair(
            relation=row["change"],
            from_id=row["before"],
            to_id=row["after"],
            topic=row["topic"],
            story=row["story"],
            again=bool(row["again"]),
            link=link_row(row) if row["relation"] else None,
        )
        for row in rows
    )


def tell_stories(pairs: Iterable[Pair]) -> list[Story]:
    """The changes as they are counted, in the order of each one's first pair."""
    stories: dict[str, list[Pair]] = {}
    for pair in pairs:
        stories.setdefault(pair.story, []).append(pair)
    return [
        Story(
            told=_surest_first(pair for pair in story if not pair.again),
            again=_surest_first(pair for pair in story if pair.again),
        )
        for story in stories.values()
    ]


def _surest_first(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(pairs, key=lambda pair: -(pair.link["score"] if pair.link else 0.0)))


def _load_repeats(db: sqlite_utils.Database, sides: Sides) -> dict[str, str]:
    found: dict[str, str] = {}
    for document in sorted({*sides.before, *sides.after}):
        rows = db.query(
            "SELECT id, repeat_of FROM requirements"
            " WHERE document_id = ? AND repeat_of IS NOT NULL",
            [document],
        )
        found |= {row["id"]: row["repeat_of"] for row in rows}
    return found


def _compare(db: sqlite_utils.Database, sides: Sides, lexicon: Lexicon) -> Compared:
    """Compare documents that the build has not compared."""
    # Loaded only now: the linking model's libraries take seconds, and most comparisons are stored.
    from pipeline.link import YearPair, compare_documents, compare_years, load_link_model

    wanted = {*sides.before, *sides.after}
    requirements = {document: load_requirements(db, document) for document in sorted(wanted)}
    model = load_link_model()
    if sides.are_years:
        pair = YearPair(
            from_year=sides.from_, to_year=sides.to, before=sides.before, after=sides.after
        )
        comparison = compare_years(pair, requirements, lexicon=lexicon, model=model)
    else:
        documents = {document.id: document for document in load_documents(db)}
        comparison = compare_documents(
            documents[sides.from_], documents[sides.to], requirements, lexicon=lexicon, model=model
        )
    return Compared(
        pairs=_pairs_of(comparison.changes, comparison.links), first_of=comparison.repeats
    )


def _pairs_of(changes: Sequence[Change], links: Iterable[Link]) -> tuple[Pair, ...]:
    by_ends = {(link.from_id, link.to_id, link.relation.value): link for link in links}
    pairs = []
    for change in changes:
        link = by_ends.get((change.from_id or "", change.to_id or "", change.relation))
        columns = link_row({name: getattr(link, name) for name in _LINK_FIELDS}) if link else None
        pairs.append(
            Pair(
                relation=change.relation,
                from_id=change.from_id,
                to_id=change.to_id,
                topic=change.topic,
                story=change.story or f"{change.from_id} {change.to_id}",
                again=change.again,
                link=columns,
            )
        )
    return tuple(pairs)


_LINK_FIELDS: Final = (
    "from_id", "to_id", "from_year", "to_year", "relation", "score", "evidence", "from_value",
    "to_value", "unit", "ambition", "stance",
)  # fmt: skip
