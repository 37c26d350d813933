"""What `serve` refuses, and what it does without."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.web.serve import make_datasette, serve
from tests.web.conftest import Reader
from tests.web.small import build


def test_a_port_that_is_taken_is_named(small_database: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port}.*--port"):
            serve(small_database, port=port)


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_is_none_is_named(small_database: Path, port: int) -> None:
    with pytest.raises(UsageError, match="--port"):
        serve(small_database, port=port)


def test_a_path_that_datasette_cannot_open_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "50% done?"
    folder.mkdir()
    with pytest.raises(UsageError, match="Move it elsewhere"):
        make_datasette(build(folder))


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write to any folder"
)
def test_a_folder_to_read_from_is_served_without_reviews(tmp_path: Path) -> None:
    database = build(tmp_path)
    tmp_path.chmod(0o555)
    try:
        _check_without_reviews(database)
    finally:
        tmp_path.chmod(0o755)


def test_without_a_place_for_reviews_the_rest_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = build(tmp_path)
    monkeypatch.setattr("pipeline.web.serve.os.access", lambda path, mode: False)
    _check_without_reviews(database)


def _check_without_reviews(database: Path) -> None:
    reader = Reader(make_datasette(database))
    try:
        assert "Who must do what" in reader.page("/")
        assert "Reviewing is not open to you here" in reader.page("/review")
        assert reader.get("/search?review=unreviewed").status_code == 200
    finally:
        reader.close()


def test_metadata_beside_the_database_is_used(tmp_path: Path) -> None:
    database = build(tmp_path)
    (tmp_path / "small-metadata.yml").write_text("allow: {id: ann}\n", encoding="utf-8")
    outsider = Reader(make_datasette(database))
    insider = Reader(make_datasette(database), actor={"id": "ann"})
    try:
        assert outsider.get("/").status_code == 403
        assert insider.get("/").status_code == 200
    finally:
        outsider.close()
        insider.close()
