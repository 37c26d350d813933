"""Search over requirements and passages together, with facets; whatever is typed, an answer."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from datasette.utils.asgi import Request, Response

from pipeline.web.downloads import Download, list_downloads
from pipeline.web.filters import Address, Chosen, Facet, list_chosen, make_facet
from pipeline.web.pages.compare import paginate
from pipeline.web.review_book import open_book
from pipeline.web.search_index import NO_TOPIC, Mask, Numbers, SearchIndex, Table, load_index
from pipeline.web.search_query import to_match
from pipeline.web.search_results import Result, load_passages, load_requirements
from pipeline.web.site import Site, site_of
from pipeline.wording import KINDS, MODALITIES, REVIEW_STATUSES

if TYPE_CHECKING:
    from datasette.app import Datasette

_KEYS: Final = (
    "q",
    "what",
    "year",
    "kind",
    "body",
    "topic",
    "modality",
    "target",
    "review",
    "page",
)
_SHARED: Final = ("year", "kind")
_OWN: Final = ("body", "topic", "modality", "target", "review")
_PER_PAGE: Final = 20
# Ranking looks at every find: beyond so many it costs more than it helps, since a word so common
# says little.
_MOST_RANKED: Final = 20_000
_REQUIREMENTS: Final = "SELECT rowid FROM requirements_fts WHERE requirements_fts MATCH ?"
_PASSAGES: Final = "SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?"
_TITLES: Final = {
    "what": "Show",
    "year": "Planning year",
    "kind": "Kind of document",
    "body": "Who is bound",
    "topic": "Topic",
    "modality": "Force",
    "target": "Numbers",
    "review": "Review",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search shows: `total` finds pass the filters, `results` are those of this page."""

    typed: str
    total: int
    requirements: int
    passages: int
    results: tuple[Result, ...]
    facets: tuple[Facet, ...]
    chosen: tuple[Chosen, ...]
    page: int
    pages: int
    ranked: bool


async def search(datasette: Datasette, request: Request) -> Response:
    """The page of a search."""
    site = site_of(datasette)
    await site.check(request)
    address = Address.of(site, request, "/search", _KEYS)
    states = (await open_book(site, request)).statuses
    found = await site.read(lambda connection: find(site, connection, address, states))
    downloads: tuple[Download, ...] = ()
    if not found.typed:
        downloads = _downloads(site, address)
    return await site.page(
        request,
        "search.html",
        {"found": found, "address": address, "downloads": downloads},
    )


async def search_elsewhere(datasette: Datasette, request: Request) -> Response:
    """Leads from the address where a search over all tables may be looked for to this one."""
    return Response.redirect(site_of(datasette).link("/search", {"q": request.args.get("q")}))


def find(
    site: Site, connection: sqlite3.Connection, address: Address, states: Mapping[str, str]
) -> Found:
    """What a search with these filters finds; `states` are review states by requirement's id."""
    index = site.keep("search", lambda: load_index(connection))
    typed = " ".join(address.values("q"))
    match = to_match(typed)
    if typed.strip() and not match:
        requirement_hits, passage_hits = _none(index.requirements), _none(index.passages)
        requirement_order, ranked = index.requirements.order, True
        passage_order = index.passages.order
    elif match:
        requirement_hits, requirement_order, first = _match(
            connection, _REQUIREMENTS, index.requirements, match
        )
        passage_hits, passage_order, second = _none(index.passages), index.passages.order, True
        if not any(
            address.values(name) for name in _OWN
        ):  # only requirements have a body, a topic, ...
            passage_hits, passage_order, second = _match(
                connection, _PASSAGES, index.passages, match
            )
        ranked = first and second
    else:
        # Without words to look for, a list of all requirements; every passage would help nobody.
        requirement_hits, passage_hits = (
            np.ones(index.requirements.size, dtype=bool),
            _none(index.passages),
        )
        requirement_order, passage_order, ranked = (
            index.requirements.order,
            index.passages.order,
            True,
        )
    passed, counts, passage_mask = _filter(index, address, requirement_hits, passage_hits, states)
    shown = set(address.values("what")) or {"requirement", "passage"}
    nothing = np.zeros(0, dtype=np.int64)
    requirement_rows = _sorted(passed, requirement_order) if "requirement" in shown else nothing
    passage_rows = _sorted(passage_mask, passage_order) if "passage" in shown else nothing
    total = len(requirement_rows) + len(passage_rows)
    page, pages = paginate(address, total, _PER_PAGE)
    start, end = (page - 1) * _PER_PAGE, page * _PER_PAGE
    shift = len(requirement_rows)
    results = [
        *load_requirements(connection, index, requirement_rows[start:end], match, states),
        *load_passages(
            connection, index, passage_rows[max(0, start - shift) : max(0, end - shift)], match
        ),
    ]
    counts["what"] = Counter({"requirement": int(passed.sum()), "passage": int(passage_mask.sum())})
    facets = _make_facets(address, counts)
    return Found(
        typed=typed,
        total=total,
        requirements=counts["what"]["requirement"],
        passages=counts["what"]["passage"],
        results=tuple(results),
        facets=facets,
        chosen=list_chosen(facets),
        page=page,
        pages=pages,
        ranked=ranked,
    )


def _none(table: Table) -> Mask:
    return np.zeros(table.size, dtype=bool)


def _match(
    connection: sqlite3.Connection, sql: str, table: Table, match: str
) -> tuple[Mask, Numbers, bool]:
    """The rows that a query finds, the order to list rows in, and whether that is by rank."""
    rowids = _rowids(connection, sql, match)
    if len(rowids) > _MOST_RANKED:
        return table.mask_of(rowids), table.order, False
    ranked = _rowids(connection, f"{sql} ORDER BY rank, rowid", match)
    order = np.zeros(table.size, dtype=np.int64)
    order[table.places[ranked]] = np.arange(len(ranked))
    return table.mask_of(ranked), order, True


def _rowids(connection: sqlite3.Connection, sql: str, match: str) -> Numbers:
    return np.fromiter((row[0] for row in connection.execute(sql, (match,))), dtype=np.int64)


def _sorted(mask: Mask, order: Numbers) -> Numbers:
    rows = np.flatnonzero(mask)
    return rows[np.argsort(order[rows], kind="stable")]


def _filter(
    index: SearchIndex,
    address: Address,
    requirement_hits: Mask,
    passage_hits: Mask,
    states: Mapping[str, str],
) -> tuple[Mask, dict[str, Counter[str]], Mask]:
    """Which finds pass the filters, and for each facet how many each value would let pass, others
    being as they are.
    """
    requirements, passages = index.requirements, index.passages
    size = requirements.size
    columns = dict(requirements.columns)
    filters: dict[str, Mask] = {}
    for name in (*_SHARED, "body", "topic", "modality", "target"):
        if wanted := address.values(name):
            filters[name] = columns[name].mask(wanted, size)
    review = _review_codes(index, states)
    if wanted := address.values("review"):
        filters["review"] = np.isin(
            review,
            [list(REVIEW_STATUSES).index(state) for state in wanted if state in REVIEW_STATUSES],
        )

    def others(name: str | None) -> Mask:
        mask = requirement_hits.copy()
        for key, passed in filters.items():
            if key != name:
                mask &= passed
        return mask

    passed = others(None)
    counts = {
        name: columns[name].count(others(name))
        for name in (*_SHARED, "body", "topic", "modality", "target")
    }
    by_state = np.bincount(review[others("review")], minlength=len(REVIEW_STATUSES))
    counts["review"] = Counter(
        {state: int(by_state[code]) for code, state in enumerate(REVIEW_STATUSES)}
    )

    passage_mask = passage_hits.copy()
    # A passage that is found as a requirement need not be listed a second time.
    known = index.passage_of[passed]
    passage_mask[known[known >= 0]] = False
    shared = {
        name: passages.columns[name].mask(wanted, passages.size)
        for name in _SHARED
        if (wanted := address.values(name))
    }
    for name in _SHARED:
        mask = passage_mask.copy()
        for key, mine in shared.items():
            if key != name:
                mask &= mine
        counts[name] += passages.columns[name].count(mask)
    for mine in shared.values():
        passage_mask &= mine
    return passed, counts, passage_mask


def _review_codes(index: SearchIndex, states: Mapping[str, str]) -> Numbers:
    """For each requirement's row the number of its state in REVIEW_STATUSES; the first is for those
    without one.
    """
    codes = np.zeros(index.requirements.size, dtype=np.int64)
    names = {state: code for code, state in enumerate(REVIEW_STATUSES)}
    for identifier, state in states.items():
        row = index.row_of.get(identifier)
        if row is not None:
            codes[row] = names[state]
    return codes


def _make_facets(address: Address, counts: Mapping[str, Counter[str]]) -> tuple[Facet, ...]:
    labels: dict[str, Mapping[str, str]] = {
        "what": {"requirement": "Requirements", "passage": "Other passages"},
        "kind": KINDS,
        "topic": {NO_TOPIC: "No topic"},
        "modality": MODALITIES,
        "target": {"1": "Only with a target"},
        "review": REVIEW_STATUSES,
    }
    years = sorted({*counts["year"], *address.values("year")}, reverse=True)
    orders: dict[str, Sequence[str]] = {
        "what": ("requirement", "passage"),
        "kind": list(KINDS),
        "modality": list(MODALITIES),
        "year": years,
        "review": list(REVIEW_STATUSES),
    }
    facets = []
    for name, title in _TITLES.items():
        facet = make_facet(
            address, name, title, counts[name], labels.get(name), order=orders.get(name)
        )
        # One answer that says nothing new is no question.
        if name in ("what", "review") and len(facet.options) < 2 and not address.values(name):
            continue
        facets.append(facet)
    return tuple(facets)


def _downloads(site: Site, address: Address) -> tuple[Download, ...]:
    """A list without words to look for can be had as a checklist, where its filters are those of
    exports.
    """
    pairs = [pair for pair in address.pairs if pair[0] in ("year", "body", "topic", "modality")]
    if len({key for key, _ in pairs}) != len(pairs) or set(dict(address.pairs)) - set(
        dict(pairs)
    ) - {"page"}:
        return ()
    return list_downloads(
        site, [("bearer" if key == "body" else key, value) for key, value in pairs]
    )
