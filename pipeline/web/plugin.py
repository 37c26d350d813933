"""The Datasette plugin: where its hooks meet our pages. Declared as an entry point; nothing here
does work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from pluggy import HookimplMarker

from pipeline import wording
from pipeline.export.text import web_link
from pipeline.web import assets
from pipeline.web.answers import View, answering
from pipeline.web.pages import (
    checklist,
    compare,
    documents,
    files,
    home,
    requirement,
    review,
    search,
    targets,
)
from pipeline.web.paging import order_by_key, table_routes
from pipeline.web.search_index import load_index
from pipeline.web.security import DATASETTE_POLICY, Application, secured
from pipeline.web.site import find_site

if TYPE_CHECKING:
    from datasette.app import Datasette

hookimpl = HookimplMarker("datasette")

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
# Paths of the machine that built the database stand in it; it is for the build and for pictures of
# pages alone.
_PRIVATE_TABLE: Final = "sources"


@hookimpl(tryfirst=True)
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Our pages, before Datasette's own."""
    pages: list[tuple[str, View]] = [
        (r"/$", home.home),
        (r"/search$", search.search),
        (r"/-/search$", search.search_elsewhere),
        (r"/compare$", compare.compare),
        (r"/targets$", targets.targets),
        (r"/documents$", documents.documents),
        (r"/document/(?P<id>[^/]+)$", documents.document),
        (r"/checklist$", checklist.checklist),
        (r"/review$", review.review_home),
        (r"/requirement/(?P<id>[^/]+)/review$", review.post_review),
        (r"/requirement/(?P<id>[^/]+)\.json$", requirement.requirement_json),
        (r"/requirement/(?P<id>[^/]+)$", requirement.requirement),
        (r"/page-image/(?P<document>[^/]+)/(?P<page>[0-9]{1,5})\.png$", files.page_image),
        (r"/export/compare\.(?P<format>[a-z]+)$", files.export_compare),
        (r"/export/checklist\.(?P<format>[a-z]+)$", files.export_checklist),
    ]
    return [
        *((pattern, answering(view)) for pattern, view in pages),
        (r"/-/mustdo/(?P<version>[0-9a-f]+)/(?P<name>[a-z]+\.[a-z]+)$", assets.asset),
        *table_routes(datasette),
    ]


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Our templates before Datasette's and those of other plugins, but after a --template-dir."""
    own: list[Any] = [FileSystemLoader(_TEMPLATES), env.loader]
    if datasette.template_dir:
        own.insert(0, FileSystemLoader(datasette.template_dir))
    env.loader = ChoiceLoader(own)
    env.globals["describe_review"] = review.describe
    env.globals["words"] = wording
    env.globals["web_link"] = web_link
    env.globals["asset"] = assets.asset_path


@hookimpl
async def startup(datasette: Datasette) -> None:
    """Count once what the pages ask for most, so that the first reader does not wait for it."""
    for database in datasette.databases.values():
        order_by_key(database)
    site = find_site(datasette)
    if site is not None and not site.database.is_mutable:
        await site.read(lambda connection: site.keep("home", lambda: home.load_home(connection)))
        await site.read(lambda connection: site.keep("search", lambda: load_index(connection)))


@hookimpl
def permission_allowed(
    datasette: Datasette, actor: Mapping[str, Any] | None, action: str
) -> bool | None:
    """Whether somebody may review, where no other plugin says so."""
    site = find_site(datasette) if action == review.PERMISSION else None
    return review.may_review(site, actor) if site else None


@hookimpl
def extra_template_vars(datasette: Datasette) -> dict[str, Any]:
    """What Datasette's own pages need for our masthead."""
    return {"site": find_site(datasette)}


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """Keep every query, typed ones included, from the table that holds paths of the building
    machine.
    """
    site = find_site(datasette)
    if site is None or site.name != database:
        return

    def authorize(action: int, first: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and first == _PRIVATE_TABLE:
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    conn.set_authorizer(authorize)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    """Security headers on every answer, and no foreign host names on a server that is meant for one
    machine.
    """
    config = datasette.plugin_config("mustdo") or {}

    def wrap(application: Application) -> Application:
        return secured(
            application,
            policy=str(config.get("content_security_policy", DATASETTE_POLICY)),
            only_loopback=bool(config.get("only_loopback", False)),
        )

    return wrap
