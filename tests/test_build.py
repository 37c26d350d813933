"""The build: what is done again, what goes to quarantine, and that nothing is ever half done."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import build as build_module
from pipeline.build import BuildOptions, BuildReport, build
from pipeline.errors import Outcome, UsageError

ONE = BuildOptions(workers=1)
FIRST = """# Planning guidance 2024/25

## Urgent care

All systems must:

- publish a plan for winter by October 2024
- ensure that at least 78% of patients are seen within 4 hours by March 2025

Trusts should review their bed base.
"""
SECOND = (
    FIRST.replace("2024/25", "2025/26")
    .replace("2024", "2025")
    .replace("March 2025", "March 2026")
    .replace("78%", "80%")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "guidance-2024-25.md").write_text(FIRST, encoding="utf-8")
    (documents / "guidance-2025-26.md").write_text(SECOND, encoding="utf-8")
    (documents / "documents.yml").write_text(
        "documents:\n"
        "  - {path: guidance-2024-25.md, kind: guidance, planning_year: 2024/25,"
        " published: 2024-03-01}\n"
        "  - {path: guidance-2025-26.md, kind: guidance, planning_year: 2025/26,"
        " published: 2025-01-30}\n",
        encoding="utf-8",
    )
    return documents


def rows(db: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(query).fetchall()


def built(folder: Path, **settings: Any) -> tuple[Path, BuildReport]:
    db = folder.parent / "test.db"
    return db, build([folder], db, options=BuildOptions(workers=1, **settings))


def test_build_gives_requirements_links_and_changes(folder: Path) -> None:
    db, report = built(folder)
    assert (report.read, report.documents, report.quarantined) == (2, 2, ())
    statements = [
        s
        for (s,) in rows(
            db,
            "SELECT statement FROM requirements WHERE document_id = 'guidance-2024-25' ORDER BY"
            " ordinal",
        )
    ]
    assert statements[0] == "All systems must publish a plan for winter by October 2024."
    changed = rows(
        db, "SELECT from_value, to_value, ambition FROM links WHERE relation = 'target_changed'"
    )
    assert (78.0, 80.0, "harder") in changed
    assert not rows(db, "PRAGMA foreign_key_check")


def test_second_build_does_nothing_and_keeps_ids(folder: Path) -> None:
    db, _ = built(folder)
    ids = rows(db, "SELECT id FROM requirements ORDER BY id")
    report = build([folder], db, options=ONE)
    assert (report.read, report.unchanged) == (0, 2)
    again = build([folder], db, options=BuildOptions(workers=1, rebuild=True))
    assert again.read == 2
    assert rows(db, "SELECT id FROM requirements ORDER BY id") == ids


def test_changed_manifest_entry_is_built_again(folder: Path) -> None:
    db, _ = built(folder)
    manifest = folder / "documents.yml"
    manifest.write_text(
        manifest.read_text().replace(
            "kind: guidance, planning_year: 2025/26",
            "title: New, kind: guidance, planning_year: 2025/26",
        )
    )
    assert build([folder], db, options=ONE).read == 1
    assert rows(db, "SELECT title FROM documents WHERE id = 'guidance-2025-26'") == [("New",)]


def test_file_that_is_gone_takes_its_rows_and_links_along(folder: Path) -> None:
    db, _ = built(folder)
    assert rows(db, "SELECT count(*) FROM links")[0][0] > 0
    (folder / "guidance-2024-25.md").unlink()
    (folder / "documents.yml").unlink()
    report = build([folder], db, options=ONE)
    assert (report.removed, report.documents) == (1, 1)
    assert rows(db, "SELECT count(*) FROM links") == [(0,)]
    assert not rows(db, "PRAGMA foreign_key_check")


def test_unreadable_files_go_to_quarantine_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    db, report = built(folder)
    assert report.documents == 2
    outcomes = {q.path.name: q.outcome for q in report.quarantined}
    assert outcomes == {"empty.pdf": Outcome.EMPTY, "broken.pdf": Outcome.CORRUPT}
    assert all(
        name in q.message
        for name, q in zip(
            sorted(outcomes), sorted(report.quarantined, key=lambda q: q.path.name), strict=True
        )
    )
    assert build([folder], db, options=ONE).unchanged == 4
    (folder / "empty.pdf").unlink()
    assert [q.path.name for q in build([folder], db, options=ONE).quarantined] == ["broken.pdf"]


def test_zeros_named_pdf_are_refused_at_once(folder: Path) -> None:
    with (folder / "zeros.pdf").open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    _, report = built(folder)
    assert [q.path.name for q in report.quarantined] == ["zeros.pdf"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda d: d / "nowhere", "does not exist", id="no-such-path"),
        pytest.param(
            lambda d: _made(d / "hollow"), "holds no documents", id="folder-with-no-documents"
        ),
        pytest.param(
            lambda d: _manifest(d, "documents:\n  - {path: a.md, knid: guidance}\n"),
            "knid",
            id="wrong-field",
        ),
        pytest.param(
            lambda d: _manifest(d, "documents:\n  - {path: a.md, kind: novel}\n"),
            "novel",
            id="wrong-kind",
        ),
        pytest.param(
            lambda d: _manifest(d, "documents:\n  - {path: a.md, planning_year: 2025/27}\n"),
            "2025/27",
            id="wrong-year",
        ),
        pytest.param(lambda d: _manifest(d, "documents: [\n"), "documents.yml", id="not-yaml"),
        pytest.param(
            lambda d: _manifest(d, "documents:\n  - {path: b.md}\n"),
            "b.md",
            id="lists-a-missing-file",
        ),
    ],
)
def test_wrong_input_is_named_and_changes_nothing(make: Any, words: str, tmp_path: Path) -> None:
    db = tmp_path / "test.db"
    with pytest.raises(UsageError, match=words):
        build([make(tmp_path)], db, options=ONE)
    assert not db.exists()
    assert not list(tmp_path.glob("*.building*"))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _manifest(folder: Path, text: str) -> Path:
    documents = _made(folder / "listed")
    (documents / "a.md").write_text("Trusts must act.", encoding="utf-8")
    (documents / "documents.yml").write_text(text, encoding="utf-8")
    return documents


def test_a_file_that_is_no_database_is_left_alone(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "notes.db"
    db.write_text("my notes", encoding="utf-8")
    with pytest.raises(UsageError, match="not a database"):
        build([folder], db, options=ONE)
    assert db.read_text(encoding="utf-8") == "my notes"


def test_another_programs_database_is_left_alone(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "other.db"
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("CREATE TABLE mine (x)")
    before = db.read_bytes()
    with pytest.raises(UsageError, match="another program"):
        build([folder], db, options=ONE)
    assert db.read_bytes() == before


def test_no_right_to_write_is_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # as it is for anybody but root
    with pytest.raises(UsageError, match="may not be written"):
        build([folder], tmp_path / "test.db", options=ONE)


def test_a_folder_that_is_not_there_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Make it first"):
        build([folder], tmp_path / "nowhere" / "test.db", options=ONE)


def test_a_stopped_build_changes_nothing_and_the_next_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, _ = built(folder)
    before = db.read_bytes()
    for name in ("guidance-2024-25.md", "guidance-2025-26.md"):
        path = folder / name
        path.write_text(path.read_text() + "\nICBs must name a lead.\n")
    real = build_module.understand
    calls: list[str] = []

    def stop_at_the_second(source: Any, stated: Any) -> Any:
        calls.append(stated.id)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(source, stated)

    monkeypatch.setattr(build_module, "understand", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        build([folder], db, options=ONE)
    assert db.read_bytes() == before
    monkeypatch.setattr(build_module, "understand", real)
    report = build([folder], db, options=ONE)
    assert report.documents == 2
    assert rows(db, "SELECT count(*) FROM requirements WHERE quote = 'ICBs must name a lead.'") == [
        (2,)
    ]
    assert not list(db.parent.glob("*.building*"))


def test_workers_and_order_of_files_do_not_matter(folder: Path, tmp_path: Path) -> None:
    db, _ = built(folder)
    two = tmp_path / "two.db"
    turned = tmp_path / "turned"
    turned.mkdir()
    for name in ("guidance-2025-26.md", "guidance-2024-25.md", "documents.yml"):
        shutil.copy(folder / name, turned / name)
    build([turned / "guidance-2025-26.md", turned], two, options=BuildOptions(workers=2))
    for table in ("requirements", "links", "changes", "quantities", "threads", "target_lines"):
        query = f"SELECT * FROM {table} ORDER BY id"
        assert rows(two, query) == rows(db, query), table


def test_every_requirement_quotes_its_passage(folder: Path) -> None:
    db, _ = built(folder)
    for text, start, end, quote in rows(
        db,
        "SELECT text, quote_start, quote_end, quote FROM requirements"
        " JOIN passages ON passages.id = passage_id",
    ):
        assert text[start:end] == quote


def test_places_are_stored_as_json(folder: Path) -> None:
    db, _ = built(folder)
    assert all(isinstance(json.loads(p), list) for (p,) in rows(db, "SELECT places FROM passages"))
