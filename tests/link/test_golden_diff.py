"""The whole diff of the sample corpus, word by word, beside this file in `golden/`.

After a change that is meant, `make golden` writes the files again: read what differs, then commit
it with the change.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from pipeline.export import render_diff
from pipeline.export.diff import load_diff
from pipeline.store.database import open_for_reading
from pipeline.web.changes import load_year_changes

GOLDEN: Final = Path(__file__).parent / "golden"
# Successive years of the sample's guidance; and a draft with its final.
PAIRS: Final = [
    ("2023/24", "2024/25"),
    ("2024/25", "2025/26"),
    ("2025/26", "2026/27"),
    ("sample-guidance-2024-25-draft", "sample-guidance-2024-25"),
]
# When and with which version the database was built is no part of what changed.
_BUILT: Final = re.compile(r"Database built [^\n]*?(?=\. Filters|\n)")


def golden_file(from_: str, to: str) -> Path:
    names = [name.removeprefix("sample-guidance-").replace("/", "-") for name in (from_, to)]
    return GOLDEN / f"diff-{names[0]}-to-{names[1]}.txt"


@pytest.mark.parametrize(("from_", "to"), [pytest.param(a, b, id=f"{a}-{b}") for a, b in PAIRS])
def test_diff_is_as_it_was_read(
    sample_database: Path, from_: str, to: str, request: pytest.FixtureRequest
) -> None:
    shown = render_diff(sample_database, from_, to, "text").decode("utf-8")
    text = _BUILT.sub("Database built on some day", shown)
    path = golden_file(from_, to)
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    changed = list(difflib.unified_diff(before, text.splitlines(), "golden", "now", lineterm=""))
    assert not changed, "\n".join(
        [*changed[:40], f"{len(changed)} lines differ. If they are meant to: make golden"]
    )


@pytest.mark.parametrize(("from_", "to"), [pytest.param(a, b, id=a) for a, b in PAIRS[:3]])
def test_the_compare_page_counts_the_same(sample_database: Path, from_: str, to: str) -> None:
    with open_for_reading(sample_database) as db:
        counted = load_diff(db, from_, to).counts
        db.conn.row_factory = sqlite3.Row
        shown = Counter(c.relation for c in load_year_changes(db.conn, from_, to))
    assert counted == shown


@pytest.mark.parametrize(("from_", "to"), [pytest.param(a, b, id=a) for a, b in PAIRS])
def test_each_requirement_and_its_successor_are_told_once(
    sample_database: Path, from_: str, to: str
) -> None:
    """However many places say them; and whatever stands in the documents is told of somewhere."""
    with open_for_reading(sample_database) as db:
        diff = load_diff(db, from_, to)
        rows = list(db.query("SELECT id, document_id, repeat_of FROM requirements"))
    first = {row["id"]: row["repeat_of"] or row["id"] for row in rows}
    told = [
        tuple(frozenset(first[r["id"]] for r in side) for side in (e.before, e.after))
        for e in diff.entries
    ]
    assert len(told) == len(set(told))
    assert any(e.again_before or e.again_after for e in diff.entries)
    sides = {d.id for d in (*diff.before, *diff.after)}
    assert {r["id"] for e in diff.entries for r in e.rows} == {
        row["id"] for row in rows if row["document_id"] in sides
    }


def test_there_is_a_file_for_each_pair_of_years(sample_database: Path) -> None:
    with open_for_reading(sample_database) as db:
        years = {
            (row["from_year"], row["to_year"])
            for row in db.query("SELECT DISTINCT from_year, to_year FROM changes")
        }
    assert years == {pair for pair in PAIRS if "/" in pair[0]}
    assert {path.name for path in GOLDEN.iterdir()} == {golden_file(*pair).name for pair in PAIRS}
