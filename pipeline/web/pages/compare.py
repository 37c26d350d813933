"""Two planning years, or two documents, side by side: what is new, dropped and changed, word by
word.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from datasette.utils.asgi import NotFound, Request, Response

from pipeline.errors import UsageError
from pipeline.export.compared import Pair
from pipeline.web.changes import (
    Change,
    ChangeView,
    compare_now,
    complete_pairs,
    latest_pair,
    list_pairs,
    load_year_changes,
    word_changes,
)
from pipeline.web.downloads import Download, diff_downloads
from pipeline.web.filters import (
    Address,
    Chosen,
    Facet,
    count_options,
    first_year,
    list_chosen,
    make_facet,
)
from pipeline.web.site import Site, site_of
from pipeline.wording import KINDS, RELATIONS

if TYPE_CHECKING:
    from datasette.app import Datasette

_KEYS: Final = ("from", "to", "topic", "body", "change", "targets", "page")
_PER_PAGE: Final = 40
_NO_TOPIC: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """What is compared: two planning years, or two documents by id; names are for the heading."""

    before: str
    after: str
    before_name: str
    after_name: str
    are_documents: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the page shows of a comparison: `total` changes pass the filters, `views` are those of
    this page.
    """

    ends: Ends
    counts: tuple[
        tuple[str, str, int, str, bool], ...
    ]  # relation, its name, count, address, chosen
    total: int
    views: tuple[tuple[ChangeView, ...], ...]  # groups that tell the same story, the surest first
    facets: tuple[Facet, ...]
    chosen: tuple[Chosen, ...]
    page: int
    pages: int


async def compare(datasette: Datasette, request: Request) -> Response:
    """The page that compares two planning years or two documents."""
    site = site_of(datasette)
    await site.check(request)
    address = Address.of(site, request, "/compare", _KEYS)
    pairs = await site.read(lambda connection: site.keep("pairs", lambda: list_pairs(connection)))
    documents = await site.read(
        lambda connection: site.keep("documents", lambda: list_documents(connection))
    )
    ends = await site.read(
        lambda connection: find_ends(connection, address.values("from"), address.values("to"))
    )
    content: Comparison | None = None
    if ends is not None:
        changes = await load_changes(site, ends)
        content = await site.read(
            lambda connection: load_comparison(connection, address, ends, changes)
        )
    years = sorted({year for pair in pairs for year in pair})
    downloads: tuple[Download, ...] = ()
    if content is not None:
        downloads = diff_downloads(site, content.ends.before, content.ends.after, address)
    return await site.page(
        request,
        "compare.html",
        {
            "comparison": content,
            "address": address,
            "years": years,
            "pairs": pairs,
            "documents": documents,
            "downloads": downloads,
        },
    )


async def load_changes(site: Site, ends: Ends) -> Sequence[Change]:
    """Every change between two ends: as the build found them, else found now and kept."""
    if not ends.are_documents:
        stored = await site.read(
            lambda connection: site.keep(
                ("changes", ends.before, ends.after),
                lambda: load_year_changes(connection, ends.before, ends.after),
            )
        )
        if stored:
            return stored
    try:
        pairs = await asyncio.to_thread(
            lambda: site.keep(
                ("pairs", ends.before, ends.after),
                lambda: compare_now(site.path, ends.before, ends.after),
            )
        )
    except UsageError as error:
        raise NotFound(str(error)) from error
    return await site.read(lambda connection: complete_pairs(connection, pairs))


def load_comparison(
    connection: sqlite3.Connection, address: Address, ends: Ends, changes: Sequence[Change]
) -> Comparison:
    """What the page shows of these changes for an address."""
    tests = make_tests(address)
    chosen = [change for change in changes if all(test(change) for test in tests.values())]
    page, pages = paginate(address, len(chosen), _PER_PAGE)
    shown = [change.pairs for change in chosen[(page - 1) * _PER_PAGE : page * _PER_PAGE]]
    facets = _make_facets(address, changes, tests)
    relations = count_options(changes, tests, lambda change: (change.relation,), "change")
    return Comparison(
        ends=ends,
        counts=_count_relations(address, relations),
        total=len(chosen),
        views=_word_groups(connection, shown),
        facets=facets,
        chosen=list_chosen(facets),
        page=page,
        pages=pages,
    )


def _word_groups(
    connection: sqlite3.Connection, groups: Sequence[Sequence[Pair]]
) -> tuple[tuple[ChangeView, ...], ...]:
    views = iter(word_changes(connection, [pair for group in groups for pair in group]))
    return tuple(tuple(islice(views, len(group))) for group in groups)


def find_ends(
    connection: sqlite3.Connection, before: Sequence[str], after: Sequence[str]
) -> Ends | None:
    """What is to be compared, the two latest years where nothing is named; raises NotFound for what
    is not there.
    """
    if not before and not after:
        pair = latest_pair(connection)
        if pair is None:
            return None
        before, after = (pair[0],), (pair[1],)
    elif not (before and after):
        pair = next((p for p in list_pairs(connection) if (*before, *after)[0] in p), None)
        if pair is None:
            raise NotFound(
                "Name two planning years, such as 2024/25 and 2025/26, or two documents."
            )
        before, after = (pair[0],), (pair[1],)
    before, after = (_meant(connection, before[0]),), (_meant(connection, after[0]),)
    if before[0] == after[0]:
        raise NotFound(f"{before[0]} was to be compared with itself. Choose two.")
    names = [_name(connection, value) for value in (before[0], after[0])]
    if names[0][1] != names[1][1]:
        raise NotFound("Compare two planning years or two documents, not one of each.")
    if not names[0][1] and before[0] > after[0]:
        before, after, names = after, before, names[::-1]
    return Ends(
        before=before[0],
        after=after[0],
        before_name=names[0][0],
        after_name=names[1][0],
        are_documents=names[0][1],
    )


def _meant(connection: sqlite3.Connection, value: str) -> str:
    """A document's id as it is; of a span of years the first, which its document is compared by."""
    known = connection.execute("SELECT 1 FROM documents WHERE id = ?", (value,)).fetchone()
    return value if known else first_year(value)


def _name(connection: sqlite3.Connection, value: str) -> tuple[str, bool]:
    """The name of a planning year or document, and whether it is a document."""
    year = connection.execute(
        "SELECT 1 FROM document_years WHERE year = ? LIMIT 1", (value,)
    ).fetchone()
    if year:
        return value, False
    row = connection.execute("SELECT title FROM documents WHERE id = ?", (value,)).fetchone()
    if row is None:
        raise NotFound(f"“{value}” is neither a planning year nor a document of this database.")
    return row[0], True


def list_documents(connection: sqlite3.Connection) -> tuple[dict[str, Any], ...]:
    """Every document with what a list of choices shows, guidance first, latest year first."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    rows = [
        dict(row)
        for row in connection.execute(
            "SELECT id, title, kind, planning_year, published FROM documents"
        )
    ]
    rows.sort(key=lambda row: row["title"])
    rows.sort(key=lambda row: row["planning_year"] or row["published"] or "", reverse=True)
    rows.sort(key=lambda row: order.get(row["kind"], len(order)))
    return tuple(rows)


def make_tests(address: Address) -> dict[str, Callable[[Change], bool]]:
    """For each filter that is on, whether a change passes it."""
    topics, bodies = set(address.values("topic")), set(address.values("body"))
    relations = set(address.values("change"))
    tests: dict[str, Callable[[Change], bool]] = {}
    if topics:
        tests["topic"] = lambda change: (change.topic or _NO_TOPIC) in topics
    if bodies:
        tests["body"] = lambda change: not bodies.isdisjoint(change.bodies)
    if relations:
        tests["change"] = lambda change: change.relation in relations
    if address.values("targets"):
        tests["targets"] = lambda change: change.has_target
    return tests


def paginate(address: Address, total: int, size: int) -> tuple[int, int]:
    """The page that an address asks for, brought within the pages there are, and how many there
    are.
    """
    pages = max(1, ceil(total / size))
    asked = address.values("page")
    number = int(asked[-1]) if asked and asked[-1].isdecimal() and len(asked[-1]) < 7 else 1
    return min(max(1, number), pages), pages


def _make_facets(
    address: Address, changes: Sequence[Change], tests: Mapping[str, Callable[[Change], bool]]
) -> tuple[Facet, ...]:
    counts = {
        "change": count_options(changes, tests, lambda c: (c.relation,), "change"),
        "topic": count_options(changes, tests, lambda c: (c.topic or _NO_TOPIC,), "topic"),
        "body": count_options(changes, tests, lambda c: c.bodies, "body"),
        "targets": count_options(
            changes, tests, lambda c: ("1",) if c.has_target else (), "targets"
        ),
    }
    return (
        make_facet(
            address, "change", "Kind of change", counts["change"], RELATIONS, order=list(RELATIONS)
        ),
        make_facet(address, "targets", "Numbers", counts["targets"], {"1": "Only with a target"}),
        make_facet(address, "body", "Who is bound", counts["body"]),
        make_facet(address, "topic", "Topic", counts["topic"], {_NO_TOPIC: "No topic"}),
    )


def _count_relations(
    address: Address, counts: Counter[str]
) -> tuple[tuple[str, str, int, str, bool], ...]:
    """Every relation with its count under the other filters, and the address that shows it alone or
    all again.
    """
    chosen = address.values("change")
    return tuple(
        (
            relation,
            name,
            counts.get(relation, 0),
            address.without("change")
            if chosen == (relation,)
            else address.replaced("change", relation),
            chosen == (relation,),
        )
        for relation, name in RELATIONS.items()
    )
