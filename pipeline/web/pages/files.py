"""Files that pages offer: pictures of pages, and exports."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from datasette.utils.asgi import NotFound, Request, Response

from pipeline.errors import MustdoError
from pipeline.export import CONTENT_TYPES, Filters, export_bytes, render_diff
from pipeline.export.filters import DiffFilters
from pipeline.web.downloads import DIFF_FORMATS, LIST_FORMATS
from pipeline.web.pictures import PictureError
from pipeline.web.settling import load_decisions
from pipeline.web.site import site_of

if TYPE_CHECKING:
    from datasette.app import Datasette

_DIFF_FILTERS: Final = ("topic", "body", "change", "targets")
_LIST_FILTERS: Final = ("year", "document", "bearer", "topic", "modality")


async def page_image(datasette: Datasette, request: Request) -> Response:
    """A picture of a page of a document in the database, with the words of a requirement boxed
    where one is named.
    """
    site = site_of(datasette)
    await site.check(request, ("documents", "passages", "requirements"))
    identifier = unquote(request.url_vars["document"])
    page = int(request.url_vars["page"])
    wanted = request.args.get("requirement")
    found = await site.read(lambda connection: find_fragments(connection, identifier, page, wanted))
    if found is None:
        raise NotFound("There is no such document or requirement in this database.")
    document, fragments = found
    try:
        picture = await site.pictures.picture(document, page, fragments)
    except PictureError as error:
        raise NotFound(str(error)) from error
    return Response(
        picture, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"}
    )


def find_fragments(
    connection: sqlite3.Connection, document_id: str, page: int, requirement_id: str | None
) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """A document's row, and the pieces of a requirement that stand on a page, each {"text", "box"}.

    None where there is no such document, or no such requirement in it.
    """
    document = connection.execute("SELECT * FROM documents WHERE id = ?", (document_id,)).fetchone()
    if document is None:
        return None
    if not requirement_id:
        return dict(document), []
    row = connection.execute(
        "SELECT r.page, r.bbox, r.quote, r.quote_start, r.quote_end, p.text, p.places FROM"
        " requirements r"
        " LEFT JOIN passages p ON p.id = r.passage_id WHERE r.id = ? AND r.document_id = ?",
        (requirement_id, document_id),
    ).fetchone()
    if row is None:
        return None
    fragments = []
    for start, end, number, *box in json.loads(row["places"] or "[]"):
        first, last = max(start, row["quote_start"]), min(end, row["quote_end"])
        if number == page and first < last and (text := row["text"][first:last].strip()):
            fragments.append({"text": text, "box": box})
    if not fragments and row["page"] == page:
        fragments = [
            {"text": row["quote"], "box": json.loads(row["bbox"]) if row["bbox"] else None}
        ]
    return dict(document), fragments


async def export_compare(datasette: Datasette, request: Request) -> Response:
    """What changed between two years or documents, as a file."""
    site = site_of(datasette)
    await site.check(request)
    form = request.url_vars["format"]
    if form not in DIFF_FORMATS:
        raise NotFound("This comparison cannot be had in that form here.")
    before, after = request.args.get("from"), request.args.get("to")
    if not (before and after):
        raise NotFound("Name two planning years or two documents to compare.")
    chosen = _filters(request, _DIFF_FILTERS)
    filters = DiffFilters(
        topic=[topic for topic in chosen.get("topic", ()) if topic != "none"],
        bearer=chosen.get("body"),
        relation=chosen.get("change"),
        only_targets="targets" in chosen,
    )
    return await _file(
        f"changes-{before}-to-{after}.{form}",
        form,
        lambda: render_diff(site.path, before, after, form, filters),
    )


async def export_checklist(datasette: Datasette, request: Request) -> Response:
    """Requirements as a checklist or as data, with what reviewers corrected, as a file."""
    site = site_of(datasette)
    await site.check(request)
    form = request.url_vars["format"]
    if form not in LIST_FORMATS:
        raise NotFound("This list cannot be had in that form here.")
    chosen = _filters(request, _LIST_FILTERS)
    name = "-".join(["checklist", *(value for values in chosen.values() for value in values)])
    return await _file(
        f"{name}.{form}",
        form,
        lambda: export_bytes(
            site.path,
            format=form,
            filters=Filters(**chosen, keep_rejected=request.args.get("rejected") == "keep"),
            decisions=load_decisions(site.path),
        ),
    )


async def _file(name: str, form: str, write: Callable[[], bytes]) -> Response:
    """The file that an export makes, to be saved under a name."""
    try:
        content = await asyncio.to_thread(write)
    except MustdoError as error:
        raise NotFound(str(error)) from error
    stem, _, ending = name.rpartition(".")
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", stem)[:100]
    return Response(
        content,
        content_type=CONTENT_TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="{safe}.{ending}"',
            # A page that was written to be saved must not run as one of this site's.
            "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
            "Cache-Control": "private, no-cache",
        },
    )


def _filters(request: Request, names: tuple[str, ...]) -> dict[str, list[str]]:
    """What these arguments of a request are given, those without a value left out."""
    return {
        name: values
        for name in names
        if (values := [v for v in request.args.getlist(name) if v.strip()])
    }
