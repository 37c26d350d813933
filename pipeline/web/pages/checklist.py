"""What one kind of body must do in one year, by topic: to read, to print, and to take away."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from datasette.utils.asgi import Request, Response

from pipeline.web.changes import load_bodies
from pipeline.web.downloads import list_downloads
from pipeline.web.filters import Address, Chosen, Facet, first_year, list_chosen, make_facet
from pipeline.web.review_book import ReviewBook, open_book
from pipeline.web.site import Site, site_of
from pipeline.wording import MODALITIES, topic_words, value_words

if TYPE_CHECKING:
    from datasette.app import Datasette

_KEYS: Final = ("year", "bearer", "document", "topic", "modality", "rejected")
_MOST: Final = 1000  # items on one page; who has more takes the file
# What a paper reports is somebody else's.
_OF_DOCUMENT: Final = (
    "SELECT r.*, d.title FROM requirements r JOIN documents d ON d.id = r.document_id"
    " WHERE NOT r.reported AND r.document_id = :document"
    " ORDER BY r.ordinal"
)
_OF_YEAR: Final = (
    "SELECT r.*, d.title FROM requirements r JOIN documents d ON d.id = r.document_id"
    " WHERE NOT r.reported AND r.document_id IN"
    " (SELECT y.document_id FROM document_years y JOIN documents e ON e.id = y.document_id"
    " WHERE y.year = :year AND e.kind = 'guidance' AND e.superseded_by IS NULL)"
    " ORDER BY r.document_id, r.ordinal"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a checklist, as reviewers corrected it."""

    id: str
    statement: str
    modality: str
    bodies: tuple[str, ...]
    due: str | None
    targets: tuple[str, ...]
    title: str
    page: int | None
    status: str
    assigned_to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """A checklist by topic; `total` items pass the filters, of which the first are in `topics`."""

    topics: tuple[tuple[str, tuple[Item, ...]], ...]
    total: int
    shown: int
    rejected: int
    keeps_rejected: bool
    facets: tuple[Facet, ...]
    chosen: tuple[Chosen, ...]
    years: tuple[str, ...]
    bodies: tuple[tuple[str, int], ...]
    year: str | None
    bearer: str | None
    document: Mapping[str, Any] | None
    is_of_one: bool  # all its items stand in one document


async def checklist(datasette: Datasette, request: Request) -> Response:
    """The page of a checklist."""
    site = site_of(datasette)
    await site.check(request)
    address = Address.of(site, request, "/checklist", _KEYS)
    book = await open_book(site, request)
    content = await site.read(lambda connection: load_checklist(site, connection, address, book))
    pairs = [(key, value) for key, value in address.pairs if key in _KEYS]
    if not address.values("year") and content.year:
        pairs.append(("year", content.year))
    return await site.page(
        request,
        "checklist.html",
        {"list": content, "address": address, "downloads": list_downloads(site, pairs)},
    )


def load_checklist(
    site: Site, connection: sqlite3.Connection, address: Address, book: ReviewBook
) -> Checklist:
    """The checklist that an address asks for: of a document, or of a year's guidance, the latest
    where none is named.
    """
    years = site.keep("checklist years", lambda: _years(connection))
    document = None
    if address.values("document"):
        found = connection.execute(
            "SELECT id, title FROM documents WHERE id = ?", (address.values("document")[0],)
        ).fetchone()
        document = dict(found) if found else None
    year = first_year(next(iter(address.values("year")), "")) or (
        None if document else site.keep("checklist year", lambda: _current_year(connection))
    )
    found = _rows(connection, year, document["id"] if document else None)
    bodies = load_bodies(connection, [row["id"] for row in found])
    corrected = [_corrected(row, bodies, book) for row in found]
    # A freedom is nothing to tick off.
    rows = [row for row in corrected if row["modality"] != "permission"]
    bearer = next(iter(address.values("bearer")), None)
    tally = Counter(body for row in rows for body in bodies.get(row["id"], ()))
    if bearer:
        rows = [row for row in rows if bearer in bodies.get(row["id"], ())]
    rejected = {row["id"] for row in rows if book.state_of(row["id"]).status == "rejected"}
    keeps_rejected = address.values("rejected") == ("keep",)
    kept = [row for row in rows if keeps_rejected or row["id"] not in rejected]
    facets = _facets(address, kept)
    rows, kept = _narrowed(address, rows), _narrowed(address, kept)
    shown = kept[:_MOST]
    numbers = _targets(connection, [row["id"] for row in shown])
    items = [_item(row, bodies, numbers, book) for row in shown]
    by_topic = sorted(
        zip(shown, items, strict=True),
        key=lambda pair: (pair[0]["topic"] is None, pair[0]["topic"] or ""),
    )
    return Checklist(
        topics=tuple(
            (topic_words(topic), tuple(item for _, item in of_topic))
            for topic, of_topic in groupby(by_topic, key=lambda pair: pair[0]["topic"])
        ),
        total=len(kept),
        shown=len(shown),
        rejected=sum(row["id"] in rejected for row in rows),
        keeps_rejected=keeps_rejected,
        facets=facets,
        chosen=list_chosen(facets),
        years=years,
        bodies=tuple(sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))),
        year=year,
        bearer=bearer,
        document=document,
        is_of_one=len({row["document_id"] for row in kept}) == 1,
    )


def _narrowed(address: Address, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows whose topic and force are among those asked for."""
    wanted = {name: address.values(name) for name in ("topic", "modality")}
    return [
        row
        for row in rows
        if all(not values or (row[name] or "none") in values for name, values in wanted.items())
    ]


def _corrected(row: Any, bodies: dict[str, set[str]], book: ReviewBook) -> dict[str, Any]:
    """A row as reviewers corrected it, and its bodies with it."""
    state = book.state_of(row["id"])
    fields = {} if state.status == "stale" else dict(state.corrections)
    if "bearer_canonical" in fields:
        body = fields.pop("bearer_canonical")
        bodies[row["id"]] = {body} if body else set()
    return dict(row) | {name: value or None for name, value in fields.items()}


def _years(connection: sqlite3.Connection) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT DISTINCT y.year FROM document_years y JOIN documents d ON d.id = y.document_id"
        " WHERE d.kind = 'guidance' AND d.superseded_by IS NULL ORDER BY y.year DESC"
    )
    return tuple(row[0] for row in rows)


def _current_year(connection: sqlite3.Connection) -> str | None:
    """The year to show first: the first one that the latest guidance plans for."""
    row = connection.execute(
        "SELECT max(first) FROM (SELECT min(y.year) AS first FROM document_years y"
        " JOIN documents d ON d.id = y.document_id"
        " WHERE d.kind = 'guidance' AND d.superseded_by IS NULL GROUP BY d.id)"
    ).fetchone()
    return row[0] if row else None


def _rows(connection: sqlite3.Connection, year: str | None, document: str | None) -> list[Any]:
    """What binds somebody, in reading order: of one document, or of a year's guidance."""
    return connection.execute(
        _OF_DOCUMENT if document else _OF_YEAR, {"document": document, "year": year}
    ).fetchall()


def _facets(address: Address, rows: list[Any]) -> tuple[Facet, ...]:
    counts: dict[str, dict[str, int]] = {"topic": {}, "modality": {}}
    for row in rows:
        for name, other in (("topic", "modality"), ("modality", "topic")):
            wanted = address.values(other)
            if wanted and (row[other] or "none") not in wanted:
                continue
            value = row[name] or "none"
            counts[name][value] = counts[name].get(value, 0) + 1
    return (
        make_facet(
            address, "modality", "Force", counts["modality"], MODALITIES, order=list(MODALITIES)
        ),
        make_facet(address, "topic", "Topic", counts["topic"], {"none": "No topic"}),
    )


def _targets(connection: sqlite3.Connection, ids: list[str]) -> dict[str, list[str]]:
    numbers: dict[str, list[str]] = {}
    marks = connection.execute(
        "SELECT requirement_id, value, high, comparator, unit, kind FROM quantities"
        " WHERE requirement_id IN (SELECT value FROM json_each(?)) AND role IN ('target', 'change')"
        " ORDER BY requirement_id, char_start",
        (json.dumps(ids),),
    )
    for row in marks:
        words = value_words(
            row["value"], row["high"], row["comparator"], kind=row["kind"], unit=row["unit"]
        )
        if words and words not in numbers.setdefault(row["requirement_id"], []):
            numbers[row["requirement_id"]].append(words)
    return numbers


def _item(
    row: Any, bodies: Mapping[str, set[str]], numbers: Mapping[str, list[str]], book: ReviewBook
) -> Item:
    state = book.state_of(row["id"])
    return Item(
        id=row["id"],
        statement=row["statement"],
        modality=row["modality"],
        bodies=tuple(sorted(bodies.get(row["id"], ()))),
        due=row["deadline_date"],
        targets=tuple(numbers.get(row["id"], ())),
        title=row["title"],
        page=row["page"],
        status=state.status,
        assigned_to=state.assigned_to,
    )
