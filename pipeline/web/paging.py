"""Sorted tables page by page without losing a row.

Datasette 0.65 orders the first page of a sorted table by the column alone, the next ones by the
column and the key. Rows that share a value then come in whatever order SQLite finds them first, and
from the second page on those before the last key seen are skipped. Here the first page is ordered
by the key, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from datasette.utils import escape_sqlite, tilde_decode, tilde_encode

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

# The end of the statement that Datasette's table page builds for its first page.
_SORTED: Final = re.compile(r"order by (?P<column>\[[^\]]+\]|\w+)(?: desc)?(?= limit \d+$)")
_keys: ContextVar[tuple[str, ...]] = ContextVar("keys of the table being shown", default=())


def table_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Routes for the tables of the databases that are served, ordered as they should be."""
    # Imported here: Datasette loads its plugins while it is being imported itself.
    from datasette.views.table import TableView

    class KeyedTableView(TableView):  # type: ignore[misc]
        """A table's page; statements that it runs are told the table's key."""

        async def data(self, request: Any, *args: Any, **more: Any) -> Any:
            database = datasette.get_database(route=_decoded(request.url_vars["database"]))
            table = _decoded(request.url_vars["table"])
            keys = await database.primary_keys(table)
            token = _keys.set(tuple(escape_sqlite(key) for key in keys))
            try:
                return await super().data(request, *args, **more)
            finally:
                _keys.reset(token)

    names = "|".join(
        re.escape(tilde_encode(database.route or name))
        for name, database in datasette.databases.items()
        if database.path
    )
    if not names:
        return []
    pattern = rf"/(?P<database>{names})/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$"
    return [(pattern, KeyedTableView.as_view(datasette))]


def order_by_key(database: Database) -> None:
    """Make a database order the statements of table pages by the table's key as well."""
    execute = database.execute

    async def ordered(sql: str, *args: Any, **more: Any) -> Any:
        return await execute(_with_keys(sql, _keys.get()), *args, **more)

    database.execute = ordered


def _with_keys(sql: str, keys: tuple[str, ...]) -> str:
    """A statement of a table page, ordered by the column and then by the keys; others unchanged."""
    if not keys:
        return sql
    return _SORTED.sub(
        lambda found: ", ".join([found[0], *(key for key in keys if key != found["column"])]), sql
    )


def _decoded(text: str) -> str:
    return str(tilde_decode(text))
