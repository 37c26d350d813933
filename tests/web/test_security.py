"""What readers may not see or do, and what every answer carries."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.web.security import OWN_POLICY, is_loopback, secured
from pipeline.web.serve import make_datasette
from tests.web.conftest import Reader
from tests.web.small import PDF_ID, build


@pytest.fixture
def open_with(small_database: Path) -> Iterator[Callable[..., Reader]]:
    opened: list[Reader] = []

    def open_one(**more: Any) -> Reader:
        opened.append(Reader(make_datasette(small_database, **more)))
        return opened[-1]

    yield open_one
    for reader in opened:
        reader.close()


@pytest.mark.parametrize(
    "address", ["/", "/search?q=x", "/compare", "/review", "/requirement/none"]
)
def test_our_pages_let_no_foreign_thing_run(reader: Reader, address: str) -> None:
    headers = reader.get(address).headers
    assert headers["content-security-policy"] == OWN_POLICY
    assert "unsafe" not in OWN_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "address",
    [
        "/small",
        "/small/requirements",
        "/small?sql=select+1",
        "/small/documents/hostile",
        "/nowhere",
        "/-/versions",
    ],
)
def test_datasette_s_pages_run_no_script_of_the_page(reader: Reader, address: str) -> None:
    response = reader.get(address)
    policy = dict(
        part.split(" ", 1) for part in response.headers["content-security-policy"].split("; ")
    )
    assert policy["script-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    for script in response.text.split("<script")[1:]:
        assert " src=" in script.partition(">")[0], address


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("select * from sources", id="plain"),
        pytest.param("select path from sources where 1", id="column"),
        pytest.param("select group_concat(s.path) from (select * from [sources]) s", id="nested"),
        pytest.param("with x as (select * from main.sources) select * from x", id="with"),
        pytest.param("select count(*) from requirements, sources", id="join"),
    ],
)
def test_paths_of_the_building_machine_cannot_be_asked_for(
    reader: Reader, small_database: Path, sql: str
) -> None:
    response = reader.get("/small.json", params={"sql": sql})
    assert response.status_code == 400
    assert str(small_database.parent) not in response.text


@pytest.mark.parametrize("address", ["/small/sources", "/small/sources.json", "/small/sources.csv"])
def test_the_table_of_paths_is_closed(reader: Reader, address: str) -> None:
    assert reader.get(address).status_code == 403


def test_paths_are_on_no_page(reader: Reader, small_database: Path) -> None:
    for address in ("/small", "/documents", f"/document/{PDF_ID}", "/small/quarantine", "/"):
        assert str(small_database.parent) not in reader.page(address)


def test_the_built_database_cannot_be_changed(reader: Reader, small_database: Path) -> None:
    before = small_database.read_bytes()
    for sql in ("delete from requirements", "update documents set title = 'x'", "drop table links"):
        assert reader.get("/small.json", params={"sql": sql}).status_code == 400
    assert not reader.datasette.databases["small"].is_mutable
    assert small_database.read_bytes() == before


@pytest.mark.parametrize(
    "allow",
    [
        pytest.param({"allow": {"id": "root"}}, id="instance"),
        pytest.param({"databases": {"small": {"allow": {"id": "root"}}}}, id="database"),
        pytest.param(
            {"databases": {"small": {"tables": {"requirements": {"allow": False}}}}}, id="table"
        ),
    ],
)
def test_permissions_hold_on_our_pages(
    open_with: Callable[..., Reader], small_database: Path, allow: dict[str, Any]
) -> None:
    reader = open_with(metadata=allow)
    with closing(sqlite3.connect(small_database)) as connection:
        identifier = connection.execute("SELECT id FROM requirements").fetchone()[0]
    for address in (
        "/",
        "/search?q=patients",
        "/compare",
        "/targets",
        "/documents",
        f"/document/{PDF_ID}",
        "/checklist",
        "/review",
        f"/requirement/{identifier}",
        f"/requirement/{identifier}.json",
        f"/page-image/{PDF_ID}/1.png",
        "/export/checklist.csv",
        "/export/compare.html?from=2023/24&to=2024/25",
    ):
        response = reader.get(address)
        assert response.status_code == 403, address
        assert "patients" not in response.text


def test_a_server_for_one_machine_answers_to_no_other_name(
    open_with: Callable[..., Reader],
) -> None:
    here = open_with()
    assert here.get("http://127.0.0.1:8001/").status_code == 200
    refused = here.get("http://evil.example/", headers={"host": "evil.example"})
    assert refused.status_code == 421
    assert refused.headers["content-security-policy"]
    shared = open_with(host="0.0.0.0")
    assert (
        shared.get("http://planning.example/", headers={"host": "planning.example"}).status_code
        == 200
    )


def test_a_shared_server_does_not_give_the_file_away(open_with: Callable[..., Reader]) -> None:
    assert open_with(host="0.0.0.0").get("/small.db").status_code == 403
    assert open_with().get("/small.db").status_code == 200


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        pytest.param("localhost", True, id="localhost"),
        pytest.param("127.0.0.1", True, id="v4"),
        pytest.param("127.8.9.1", True, id="v4-other"),
        pytest.param("::1", True, id="v6"),
        pytest.param("[::1]", True, id="v6-brackets"),
        pytest.param("app.localhost", True, id="below-localhost"),
        pytest.param("0.0.0.0", False, id="every-address"),
        pytest.param("localhost.example.org", False, id="looks-like-it"),
        pytest.param("127.0.0.1.example.org", False, id="looks-like-v4"),
        pytest.param("", False, id="none"),
    ],
)
def test_is_loopback(host: str, answer: bool) -> None:
    assert is_loopback(host) is answer


def test_an_answer_s_own_policy_stays() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"Content-Security-Policy", b"sandbox")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {}

    wrapped = secured(application, policy="default-src 'none'", only_loopback=False)

    async def ask() -> None:
        await wrapped({"type": "http", "headers": []}, receive, send)

    asyncio.run(ask())
    names = [name.lower() for name, _ in sent[0]["headers"]]
    assert names.count(b"content-security-policy") == 1
    assert b"x-frame-options" in names


def test_only_a_database_of_ours_is_served(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(UsageError, match="another program"):
        make_datasette(other)
    assert not (tmp_path / "other-reviews.db").exists()


def test_a_name_with_a_dot_or_a_space_is_served(tmp_path: Path) -> None:
    path = build(tmp_path).rename(tmp_path / "our guidance 1.2.db")
    reader = Reader(make_datasette(path))
    try:
        assert "Who must do what" in reader.page("/")
        link = reader.datasette.urls.table("our guidance 1.2", "requirements")
        assert "Requirements" in reader.page(str(link))
        assert str(link) in reader.page("/")
    finally:
        reader.close()
