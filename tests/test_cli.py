"""The command line as its users meet it: help with examples, exit codes, messages."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pipeline.cli import cli
from pipeline.web.reviews import Action, Wording, create_reviews, record_review, reviews_path

TEXT = "All systems must publish a plan by March 2026.\n\nTrusts must cut agency spending by 30%.\n"


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words), prog_name="mustdo")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "guidance-2025-26.md").write_text(TEXT, encoding="utf-8")
    (folder / "guidance-2024-25.md").write_text(
        TEXT.replace("2026", "2025").replace("30%", "20%"), encoding="utf-8"
    )
    for year in ("2024-25", "2025-26"):
        path = folder / f"guidance-{year}.md"
        path.write_text(
            f"# Planning guidance {year.replace('-', '/')}\n\n{path.read_text()}", encoding="utf-8"
        )
    database = folder / "test.db"
    result = run("build", str(folder), "--db", str(database), "--workers", "1")
    assert result.exit_code == 0, result.output
    return database


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.output
    assert f"mustdo {name}" in result.output.split("Examples:")[1]


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_takes_a_database(name: str) -> None:
    assert any(isinstance(p, click.Option) and "--db" in p.opts for p in cli.commands[name].params)


def test_export_gives_the_fields_of_the_contract(db: Path) -> None:
    result = run("export", "--db", str(db), "--year", "2025/26")
    rows = [json.loads(line) for line in result.output.splitlines()]
    fields = (
        "id document file planning_year kind page bbox section quote stem statement modality cue "
        "reported bearer "
        "bearer_canonical action condition deadline quantities topic confidence"
    ).split()
    assert rows
    for row in rows:
        assert set(fields) <= set(row)
        for quantity in row["quantities"]:
            assert set(
                "text kind value high unit comparator role metric measure deadline".split()
            ) <= set(quantity)


def test_diff_says_what_changed(db: Path) -> None:
    result = run("diff", "2024/25", "2025/26", "--db", str(db))
    assert result.exit_code == 0
    assert "20%" in result.output
    assert "30%" in result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["build", "nowhere"], "does not exist", id="no-such-path"),
        pytest.param(["export", "--db", "nowhere.db"], "does not exist", id="no-such-database"),
        pytest.param(["serve", "--db", "nowhere.db"], "does not exist", id="serve-no-database"),
        pytest.param(
            ["diff", "2024/25", "2031/32", "--db", "DB"], "2031/32", id="diff-unknown-year"
        ),
        pytest.param(
            ["export", "--year", "2031/32", "--db", "DB"], "2031/32", id="export-unknown-year"
        ),
        pytest.param(
            ["export", "--modality", "wish", "--db", "DB"], "wish", id="export-unknown-modality"
        ),
        pytest.param(
            ["export", "--out", "/nowhere/x.jsonl", "--db", "DB"],
            "/nowhere/x.jsonl",
            id="cannot-write",
        ),
        pytest.param(["evaluate", "nowhere"], "nowhere", id="evaluate-no-folder"),
        pytest.param(["fetch", "nowhere.yml"], "nowhere.yml", id="fetch-no-catalogue"),
        pytest.param(
            ["carry-forward", "nowhere.xlsx", "--to", "2025/26", "--out", "x.xlsx", "--db", "DB"],
            "nowhere.xlsx",
            id="carry-no-file",
        ),
    ],
)
def test_wrong_use_is_told_in_a_sentence_and_exits_with_2(
    words: list[str], says: str, db: Path
) -> None:
    result = run(*[str(db) if w == "DB" else w for w in words])
    assert result.exit_code == 2, result.output
    assert says in result.output
    assert "Traceback" not in result.output


def test_quarantine_exits_with_1_and_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "damaged.pdf").write_bytes(b"%PDF-1.4 and no more")
    result = run("build", str(tmp_path), "--db", str(tmp_path / "t.db"), "--workers", "1")
    assert result.exit_code == 1
    assert "damaged.pdf" in result.output


def test_demo_keeps_away_from_ones_own_documents(db: Path) -> None:
    result = run("demo", "--no-serve", "--db", str(db))
    assert result.exit_code == 2
    assert "demo.db" in result.output


def test_export_leaves_out_what_a_reviewer_rejected_and_says_so(db: Path, tmp_path: Path) -> None:
    database = tmp_path / "own.db"
    database.write_bytes(db.read_bytes())
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute(
            "SELECT id, document_id, quote, statement FROM requirements LIMIT 1"
        ).fetchone()
    wording = Wording(id=row[0], document_id=row[1], quote=row[2], statement=row[3])
    with closing(sqlite3.connect(create_reviews(reviews_path(database)))) as connection:
        record_review(
            connection, wording, action=Action.REJECT, reviewer="Ann", at=datetime(2026, 1, 2)
        )
    out = tmp_path / "out.jsonl"
    words = ("export", "--db", str(database), "--out", str(out))
    result = run(*words)
    assert "Left out 1 requirement that a reviewer rejected; --keep-rejected" in result.output
    assert row[0] not in out.read_text()
    kept = run(*words, "--keep-rejected")
    assert "Left out" not in kept.output
    assert row[0] in out.read_text()
