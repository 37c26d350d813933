"""Brings up the server: Datasette over a built database, with the reviewers' file beside it."""

from __future__ import annotations

import hashlib
import os
import socket
import sqlite3
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Mapping
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

from pipeline.errors import UsageError
from pipeline.store.database import check_database
from pipeline.web import plugin
from pipeline.web.metadata import load_metadata, own_metadata_path
from pipeline.web.reviews import create_reviews, reviews_path
from pipeline.web.security import is_loopback
from pipeline.web.site import site_of

_SETTINGS: Final = {
    "default_page_size": 50,
    "max_returned_rows": 2000,
    "num_sql_threads": 4,
    "sql_time_limit_ms": 2000,
    "facet_time_limit_ms": 1000,
    "default_facet_size": 20,
    # Suggesting facets costs a query for each column of each page; metadata.yml names the ones that
    # help.
    "suggest_facets": False,
    "truncate_cells_html": 400,
    "cache_size_kb": 65536,
    "default_cache_ttl": 0,
}
_BLOCK: Final = 1 << 20


def serve(
    database: Path, *, host: str = "127.0.0.1", port: int = 8001, open_browser: bool = False
) -> None:
    """Serve a built database until interrupted; raises UsageError where it cannot be served.

    On this machine's own address anybody may review under a typed name; elsewhere reviewing needs a
    login.
    """
    datasette = make_datasette(database, host=host)
    _check_port(host, port)
    pictures = site_of(datasette).pictures
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    if open_browser:
        threading.Thread(target=_open_when_up, args=(address,), daemon=True).start()
    pictures.start()
    try:
        uvicorn.run(datasette.app(), host=host, port=port, log_level="warning", lifespan="on")
    finally:
        pictures.close()


def make_datasette(
    database: Path,
    *,
    host: str = "127.0.0.1",
    metadata: dict[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Datasette:
    """A Datasette over a built database, opened so that nothing can change it, and its reviews,
    made where missing.

    `metadata` stands in for metadata.yml, `settings` come on top of ours. Raises UsageError where
    the file is no database of ours.
    """
    check_database(database)
    database = database.resolve()
    # With a name like another database's, Datasette would serve this one under an address nobody
    # expects.
    if database.stem in ("_internal", "_memory"):
        raise UsageError(f"{database.name} has a name that Datasette keeps for itself. Rename it.")
    if set(str(database)) & set("?#%"):
        raise UsageError(
            f"{database} has a sign in its path (?, # or %) that a database's address cannot hold."
            " Move it elsewhere."
        )
    reviews = _find_reviews(database)
    described = deepcopy(metadata) if metadata is not None else _load_metadata(database)
    plugins = described.setdefault("plugins", {})
    own = plugins.setdefault("mustdo", {})
    own.setdefault("reviews", reviews_path(database).stem)
    own.setdefault("review_by", "name" if is_loopback(host) else "login")
    own.setdefault("only_loopback", is_loopback(host))
    # Where rich is installed Datasette prints pages of local variables for each address that is not
    # there.
    sys.modules["datasette.handle_exception"].__dict__["rich"] = None
    if not pm.is_registered(plugin) and pm.get_plugin("mustdo") is None:
        pm.register(plugin, "mustdo")  # a checkout that is not installed has no entry point
    return Datasette(
        files=[str(reviews)] if reviews else [],
        immutables=[str(database)],
        inspect_data={database.stem: inspect(database)},
        metadata=described,
        settings={**_SETTINGS, "allow_download": is_loopback(host), **(settings or {})},
    )


def _find_reviews(database: Path) -> Path | None:
    """The file of reviews beside a database, made where missing; None where none can be made."""
    path = reviews_path(database)
    if not path.exists() and not os.access(path.parent, os.W_OK):
        return None  # a folder to read from, such as a shared disk: everything but reviewing works
    return create_reviews(path)


def _load_metadata(database: Path) -> dict[str, Any]:
    own = own_metadata_path(database)
    return load_metadata(database.stem, own=own if own.exists() else None)


def _check_port(host: str, port: int) -> None:
    """Raise UsageError where nothing can be served at an address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with closing(socket.socket(family)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"Nothing can be served at {host}, port {port} ({reason}). Choose another with --port."
        ) from error


def inspect(database: Path) -> dict[str, Any]:
    """What `datasette inspect` would say of a database: checksum, size and rows of each table."""
    digest = hashlib.sha256()
    with database.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    with closing(sqlite3.connect(f"{database.as_uri()}?immutable=1", uri=True)) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                " AND sql NOT LIKE 'CREATE VIRTUAL%'"
            )
        ]
        # The names are the database's own.
        tables = {
            name: {"count": connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]}  # noqa: S608
            for name in names
        }
    return {
        "hash": digest.hexdigest(),
        "size": database.stat().st_size,
        "file": str(database),
        "tables": tables,
    }


def _open_when_up(address: str) -> None:
    """Show the first page in a browser once the server answers; give up after ten seconds."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5):
                webbrowser.open(address)
                return
        except OSError:
            time.sleep(0.1)
