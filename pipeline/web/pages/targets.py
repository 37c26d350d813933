"""The measures and their targets, year by year, with drops shown as drops."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasette.utils.asgi import Request, Response

from pipeline.web.charts import MeasureLine, load_measure_lines
from pipeline.web.filters import Address, Facet, make_facet
from pipeline.web.site import Site, site_of

if TYPE_CHECKING:
    from datasette.app import Datasette

_KEYS: Final = ("topic", "show")


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The lines that pass the filter, each over the same `years`."""

    years: tuple[str, ...]
    lines: tuple[MeasureLine, ...]
    topics: Facet
    dropped: int


async def targets(datasette: Datasette, request: Request) -> Response:
    """The page of targets."""
    site = site_of(datasette)
    await site.check(request)
    address = Address.of(site, request, "/targets", _KEYS)
    content = await site.read(lambda connection: load_targets(site, connection, address))
    return await site.page(
        request,
        "targets.html",
        {"targets": content, "address": address, "show": address.values("show")},
    )


def load_targets(site: Site, connection: sqlite3.Connection, address: Address) -> Targets:
    """The targets of the topics that an address names, or of all."""
    lines: Sequence[MeasureLine] = site.keep("lines", lambda: load_measure_lines(connection))
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.topic or "none"] = counts.get(line.topic or "none", 0) + 1
    chosen = address.values("topic")
    wanted = tuple(line for line in lines if not chosen or (line.topic or "none") in chosen)
    return Targets(
        years=tuple(cell.year for cell in lines[0].cells) if lines else (),
        lines=wanted,
        topics=make_facet(address, "topic", "Topic", counts, {"none": "No topic"}),
        dropped=sum(cell.dropped for line in wanted for cell in line.cells),
    )
