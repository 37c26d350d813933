"""Streaming a table sorted by any of its columns gives every row once."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from benchmarks.generate import generate
from pipeline.store.schema import TABLES, TableDefinition
from pipeline.web.paging import _with_keys
from pipeline.web.serve import make_datasette
from tests.web.conftest import Reader

_PAGE = 40  # rows a page, so that every table of some size takes several


@pytest.fixture(scope="module")
def pager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    path = tmp_path_factory.mktemp("pages") / "many.db"
    generate(path, requirements=300, passages=500, years=3, seed=7)
    someone = Reader(make_datasette(path, metadata={}, settings={"default_page_size": _PAGE}))
    yield someone
    someone.close()


@pytest.mark.parametrize(
    "table", [pytest.param(t, id=t.name) for t in TABLES if t.name != "sources"]
)
def test_every_sorting_streams_every_row_once(pager: Reader, table: TableDefinition) -> None:
    path = pager.datasette.databases["many"].path
    with closing(sqlite3.connect(path)) as connection:
        keys = ", ".join(table.key)
        wanted = sorted(
            tuple(str(value) for value in row)
            for row in connection.execute(f"SELECT {keys} FROM {table.name}")
        )
    for column in table.columns:
        for order in ("_sort", "_sort_desc"):
            text = pager.page(f"/many/{table.name}.csv?_stream=on&{order}={column.name}")
            rows = csv.DictReader(io.StringIO(text))
            found = sorted(tuple(row[key] for key in table.key) for row in rows)
            assert found == wanted, f"{table.name} by {order}={column.name}"


@pytest.mark.parametrize(
    ("sql", "keys", "expected"),
    [
        pytest.param(
            "select * from t order by year limit 51",
            ("id",),
            "select * from t order by year, id limit 51",
            id="ascending",
        ),
        pytest.param(
            "select * from t order by [from] desc limit 51",
            ("a", "b"),
            "select * from t order by [from] desc, a, b limit 51",
            id="descending-with-two-keys",
        ),
        pytest.param(
            "select * from t order by id limit 51",
            ("id",),
            "select * from t order by id limit 51",
            id="by-the-key-itself",
        ),
        pytest.param(
            "select * from t where x = 'order by a limit 5' order by year, id limit 51",
            ("id",),
            "select * from t where x = 'order by a limit 5' order by year, id limit 51",
            id="ordered-by-the-key-already",
        ),
        pytest.param(
            "select count(*) from t", ("id",), "select count(*) from t", id="not-a-page-of-rows"
        ),
        pytest.param(
            "select * from t order by year limit 51",
            (),
            "select * from t order by year limit 51",
            id="outside-a-table-page",
        ),
    ],
)
def test_the_key_breaks_ties(sql: str, keys: tuple[str, ...], expected: str) -> None:
    assert _with_keys(sql, keys) == expected
