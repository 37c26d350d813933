"""The first page: what is in the database, the years side by side, and the ways in."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from pipeline.web.changes import ChangeView, latest_pair, show_changes
from pipeline.web.site import Site, site_of
from pipeline.wording import CHANGED, KINDS, KINDS_OF_SEVERAL

if TYPE_CHECKING:
    from datasette.app import Datasette


@dataclass(frozen=True, slots=True, kw_only=True)
class YearColumn:
    """One planning year of guidance; the counts of change are against the year before, None for the
    first.
    """

    year: str
    documents: int
    requirements: int
    targets: int
    new: int | None
    dropped: int | None
    changed: int | None
    same: int | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What the first page shows; `most` is the largest count of requirements in a year, for the
    bars.
    """

    years: tuple[YearColumn, ...]
    most: int
    kinds: tuple[tuple[str, int, int], ...]  # name, documents, requirements
    passages: int
    requirements: int
    pair: tuple[str, str] | None
    moved: tuple[ChangeView, ...]
    moved_count: int
    built: dict[str, Any] | None
    quarantined: tuple[dict[str, Any], ...]
    topics: tuple[str, ...]
    bodies: tuple[str, ...]


async def home(datasette: Datasette, request: Request) -> Response:
    """The first page."""
    site = site_of(datasette)
    await site.check(request)
    content = await site.read(lambda connection: site.keep("home", lambda: load_home(connection)))
    return await site.page(request, "home.html", {"home": content, "stale": _is_replaced(site)})


def load_home(connection: sqlite3.Connection) -> Home:
    """What the first page shows, counted from the whole database."""
    years = _load_years(connection)
    kinds = connection.execute(
        "SELECT kind, count(*), coalesce(sum(requirements), 0), coalesce(sum(passages), 0)"
        " FROM documents GROUP BY kind"
    ).fetchall()
    order = {kind: place for place, kind in enumerate(KINDS)}
    pair = latest_pair(connection)
    moved: tuple[ChangeView, ...] = ()
    moved_count = 0
    if pair:
        moved_count, moved = show_changes(connection, *pair, relations=("target_changed",), limit=4)
    built = connection.execute("SELECT * FROM builds ORDER BY id DESC LIMIT 1").fetchone()
    return Home(
        years=years,
        most=max((year.requirements for year in years), default=0),
        kinds=tuple(
            (KINDS_OF_SEVERAL.get(kind, kind), documents, requirements)
            for kind, documents, requirements, _ in sorted(
                kinds, key=lambda row: order.get(row[0], 9)
            )
        ),
        passages=sum(row[3] for row in kinds),
        requirements=sum(row[2] for row in kinds),
        pair=pair,
        moved=moved,
        moved_count=moved_count,
        built=dict(built) if built else None,
        quarantined=tuple(
            dict(row) for row in connection.execute("SELECT * FROM quarantine ORDER BY file")
        ),
        topics=_column(
            connection,
            "SELECT DISTINCT topic FROM changes WHERE topic IS NOT NULL ORDER BY topic",
        ),
        bodies=_column(
            connection,
            "SELECT organisation_id FROM requirement_organisations"
            " GROUP BY organisation_id ORDER BY count(*) DESC, organisation_id LIMIT 40",
        ),
    )


def _load_years(connection: sqlite3.Connection) -> tuple[YearColumn, ...]:
    """The planning years that guidance covers, oldest first; drafts that were replaced do not
    count.
    """
    rows = connection.execute(
        "SELECT y.year, count(DISTINCT d.id), count(r.id), coalesce(sum(r.has_target), 0)"
        " FROM document_years y JOIN documents d ON d.id = y.document_id"
        " LEFT JOIN requirements r ON r.document_id = d.id"
        " WHERE d.kind = 'guidance' AND d.superseded_by IS NULL GROUP BY y.year ORDER BY y.year"
    ).fetchall()
    changes: dict[str, Counter[str]] = defaultdict(Counter)
    before: dict[str, str] = {}
    for from_year, to_year, relation, number in connection.execute(
        "SELECT from_year, to_year, relation, count(DISTINCT story) FROM changes WHERE again = 0"
        " GROUP BY from_year, to_year, relation ORDER BY from_year"
    ):
        # Where a year is compared with several, the nearest one before it is the one to show.
        if before.get(to_year) != from_year:
            changes[to_year].clear()
        before[to_year] = from_year
        changes[to_year][relation] += number
    columns = []
    for year, documents, requirements, targets in rows:
        counts = changes.get(year)
        columns.append(
            YearColumn(
                year=year,
                documents=documents,
                requirements=requirements,
                targets=targets,
                new=counts["new"] if counts else None,
                dropped=counts["dropped"] if counts else None,
                changed=sum(counts[name] for name in CHANGED) if counts else None,
                same=counts["same"] if counts else None,
                previous=before.get(year),
            )
        )
    return tuple(columns)


def _column(connection: sqlite3.Connection, sql: str) -> tuple[str, ...]:
    return tuple(row[0] for row in connection.execute(sql))


def _is_replaced(site: Site) -> bool:
    """Whether a newer build has taken the place of the file that is being served."""
    return site.path.stat().st_ino != site.opened_inode
