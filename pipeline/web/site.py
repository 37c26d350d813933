"""The place where pages meet Datasette: which database is ours, who may see it, what is kept
between requests.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlencode

from datasette.utils import sqlite_timelimit, tilde_encode
from datasette.utils.asgi import NotFound, Request, Response

from pipeline.store.schema import APPLICATION_ID, SCHEMA_VERSION
from pipeline.web.pictures import PictureMaker
from pipeline.web.security import OWN_POLICY

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

T = TypeVar("T")
Row = sqlite3.Row

# What our own reading may take; a page that needs longer has a fault that a longer wait would hide.
_TIME_LIMIT_MS: Final = 4000
_TABLES: Final = (
    "documents",
    "document_years",
    "sections",
    "passages",
    "requirements",
    "quantities",
    "organisations",
    "requirement_organisations",
    "measures",
    "threads",
    "links",
    "changes",
    "target_lines",
    "builds",
    "quarantine",
)


@dataclass(slots=True)
class _Kept:
    """What was worked out from one state of a file; `stamp` tells that state."""

    stamp: Hashable
    values: dict[Hashable, Any] = field(default_factory=dict)


class Site:
    """One Datasette that serves a database of ours.

    Pages take what they show from `read`, which runs a function with a connection in Datasette's
    threads, and answer with `page`. `keep` holds what is worked out from the whole database until
    its file changes.
    """

    def __init__(self, datasette: Datasette, database: Database) -> None:
        self.datasette = datasette
        self.database = database
        self.pictures = PictureMaker(Path(database.path))
        self.opened_inode = Path(database.path).stat().st_ino
        self.kept_book: tuple[Hashable, Any] | None = None
        self._kept = _Kept(stamp=None)
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The database's name in addresses."""
        return str(self.database.name)

    @property
    def path(self) -> Path:
        """Where the database's file is."""
        return Path(self.database.path)

    @property
    def stamp(self) -> Hashable:
        """What tells one state of the database's file from another; a built one never changes while
        it is served.
        """
        if not self.database.is_mutable:
            return "built"
        status = self.path.stat()
        return status.st_ino, status.st_mtime_ns, status.st_size

    def setting(self, name: str, default: Any = None) -> Any:
        """One of the plugin's settings from metadata (plugins: mustdo: ...)."""
        return (self.datasette.plugin_config("mustdo") or {}).get(name, default)

    async def check(self, request: Request, tables: Iterable[str] = _TABLES) -> None:
        """Raise Forbidden unless the reader may see each of these tables of the database."""
        for table in tables:
            await self.datasette.ensure_permissions(
                request.actor,
                [("view-table", (self.name, table)), ("view-database", self.name), "view-instance"],
            )

    async def read(self, load: Callable[[sqlite3.Connection], T]) -> T:
        """What `load` returns when given a connection that may only read; raises when it takes too
        long.
        """

        def run(connection: sqlite3.Connection) -> T:
            with sqlite_timelimit(connection, _TIME_LIMIT_MS):
                return load(connection)

        result: T = await self.database.execute_fn(run)
        return result

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returned the first time for this key and this state of the file."""
        stamp = self.stamp
        with self._lock:
            if self._kept.stamp != stamp:
                self._kept = _Kept(stamp=stamp)
            values = self._kept.values
        if key not in values:
            values[key] = make()
        result: T = values[key]
        return result

    async def page(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
    ) -> Response:
        """The page of this template, with what every page needs."""
        html = await self.datasette.render_template(
            f"mustdo/{template}",
            {**context, "site": self, "database_name": self.name},
            request=request,
        )
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": OWN_POLICY}
        return Response.html(html, status=status, headers=headers)

    def link(
        self, path: str, query: Mapping[str, Any] | Sequence[tuple[str, Any]] | None = None
    ) -> str:
        """An address on this site, below the base address that Datasette serves from."""
        address = str(self.datasette.urls.path(path))
        pairs = list(query.items()) if isinstance(query, Mapping) else list(query or ())
        wanted = [(key, value) for key, value in pairs if value not in (None, "", False)]
        # "2025/26" stays readable in an address; a slash is allowed in a query.
        return f"{address}?{urlencode(wanted, safe='/')}" if wanted else address

    def to_requirement(self, identifier: str) -> str:
        """The address of a requirement's page."""
        return self.link(f"/requirement/{quote(identifier, safe='')}")

    def to_document(self, identifier: str) -> str:
        """The address of a document's page."""
        return self.link(f"/document/{quote(identifier, safe='')}")

    def to_table(self, table: str, query: Mapping[str, Any] | None = None) -> str:
        """The address of a table in Datasette."""
        return self.link(f"/{tilde_encode(self.name)}/{table}", query)

    def to_row(self, table: str, identifier: str, form: str = "") -> str:
        """The address of a row in Datasette; `form` is "", ".json" and so on."""
        return self.link(f"/{tilde_encode(self.name)}/{table}/{tilde_encode(identifier)}{form}")


_sites: weakref.WeakKeyDictionary[Datasette, Site] = weakref.WeakKeyDictionary()


def find_site(datasette: Datasette) -> Site | None:
    """The site over the first database of ours that this Datasette serves; None where it serves
    none.
    """
    site = _sites.get(datasette)
    if site is not None:
        return site
    for database in datasette.databases.values():
        if database.path and is_ours(Path(database.path)):
            site = _sites[datasette] = Site(datasette, database)
            return site
    return None


def site_of(datasette: Datasette) -> Site:
    """The site of this Datasette; raises NotFound where it serves no database of ours."""
    site = find_site(datasette)
    if site is None:
        raise NotFound("There is no mustdo database here. Build one with: mustdo build FOLDER")
    return site


def is_ours(path: Path) -> bool:
    """Whether a file is a database that this version of mustdo built."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError:
        return False
    return bool(application == APPLICATION_ID and version == SCHEMA_VERSION)
