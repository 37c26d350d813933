"""A build links only what it touches, and what it leaves alone is as a whole new build makes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from pipeline import build as build_module
from pipeline.build import BuildOptions, BuildReport, build
from pipeline.link import all as all_module
from pipeline.link import mentions as mentions_module
from pipeline.link.pairs import link_pair

GUIDANCE = """# Planning guidance {label}

## Priorities

- See {share}% of patients within 4 hours by March {due}.

## Urgent care

All systems must publish a plan for winter by October {start}. Trusts should review their bed base
each month. Systems must ensure that at least {share}% of patients are seen within 4 hours by March
{due}.

## Staff

{staff}
"""
STAFF = {
    2022: "Trusts must publish a workforce plan for nurses and midwives.",
    2023: "Trusts should publish a workforce plan for nurses and midwives.",
    2024: "Nothing is asked of trusts about their nurses here.",
    2025: "Trusts must publish a workforce plan for nurses, midwives and support workers.",
}
PAPER = """# Board report

The plan requires us to see 76% of patients within 4 hours by March 2024. We must publish a plan for
winter by October 2023.

In July 74.1% of patients in A&E were admitted, discharged or transferred within 4 hours.
"""
FILES = {
    "guidance-2022-23.md": "kind: guidance, planning_year: 2022/23, published: 2022-01-10",
    "guidance-2023-24.md": "kind: guidance, planning_year: 2023/24, published: 2023-01-10",
    "guidance-2023-24-draft.md": "kind: guidance, planning_year: 2023/24, published: 2022-12-10,"
    " title: Draft planning guidance",
    "guidance-2024-25.md": "kind: guidance, planning_year: 2024/25, published: 2024-01-10",
    "guidance-2025-26.md": "kind: guidance, planning_year: 2025/26, published: 2025-01-10",
    "board-2023.md": "kind: board_paper, planning_year: 2023/24, published: 2023-09-10",
}
ALL = tuple(FILES)
TABLES = (
    "documents", "requirements", "links", "changes", "threads", "target_lines", "comparisons",
    "figure_mentions",
)  # fmt: skip


def text_of(name: str) -> str:
    if name.startswith("board"):
        return PAPER
    start = int(name.split("-")[1])
    return GUIDANCE.format(
        label=f"{start}/{start % 100 + 1}",
        start=start,
        due=start + 1,
        share=start - 1947 - ("draft" in name),
        staff=STAFF[start],
    )


class Folder:
    """A folder of documents and its database, built again as files come and go."""

    def __init__(self, path: Path) -> None:
        self.path = path / "documents"
        self.path.mkdir(parents=True)
        self.db = path / "test.db"

    def build(self, names: Sequence[str], **settings: Any) -> BuildReport:
        """Bring the database to where the folder holds these files and no others."""
        for name in FILES:
            path = self.path / name
            if name not in names:
                path.unlink(missing_ok=True)
            elif not path.exists():
                path.write_text(text_of(name), encoding="utf-8")
        entries = "".join(f"  - {{path: {name}, {FILES[name]}}}\n" for name in sorted(names))
        (self.path / "documents.yml").write_text(f"documents:\n{entries}", encoding="utf-8")
        return build([self.path], self.db, options=BuildOptions(workers=1, **settings))

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of what spans documents, and of what it changes in them."""
        with closing(sqlite3.connect(self.db)) as connection:
            assert not connection.execute("PRAGMA foreign_key_check").fetchall()
            return {
                table: connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
                for table in TABLES
            }


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What linking compares, as it does: "2022/23-2023/24", "mentions 2023/24"."""
    calls: list[str] = []
    match = mentions_module._match

    def pair(before: Any, after: Any, **more: Any) -> Any:
        calls.append(f"{more['from_year']}-{more['to_year']}")
        return link_pair(before, after, **more)

    def speak(papers: Any, guidance: Any, year: str, **more: Any) -> Any:
        calls.append(f"mentions {year}")
        return match(papers, guidance, year, **more)

    monkeypatch.setattr(all_module, "link_pair", pair)
    monkeypatch.setattr(mentions_module, "_match", speak)
    return calls


def without(*names: str) -> list[str]:
    return [name for name in ALL if name not in names]


@pytest.mark.parametrize(
    "steps",
    [
        *(
            pytest.param([["board-2023.md", *order[:2]], [*order, "board-2023.md"], ALL], id=f"{n}")
            for n, order in enumerate(permutations(ALL[:4], 3))
            if n % 6 == 0
        ),
        pytest.param([ALL, without("guidance-2023-24.md"), ALL], id="out-and-in-again"),
        pytest.param([list(ALL[: n + 1]) for n in range(len(ALL))], id="one-by-one"),
        pytest.param([[ALL[-1]], ALL], id="paper-first"),
    ],
)
def test_rows_are_those_of_a_new_build(
    steps: Sequence[Sequence[str]], folder: Folder, tmp_path: Path
) -> None:
    for names in steps:
        folder.build(names)
    fresh = Folder(tmp_path / "fresh")
    fresh.build(ALL)
    rows, wanted = folder.rows(), fresh.rows()
    assert wanted["links"]
    assert wanted["changes"]
    assert wanted["figure_mentions"]
    for table in TABLES:
        assert rows[table] == wanted[table], table


@pytest.mark.parametrize(
    ("before", "after", "touched"),
    [
        pytest.param(ALL, ALL, [], id="nothing-changed"),
        pytest.param(
            without("guidance-2025-26.md"),
            ALL,
            # with the year before it, and over the gaps before what earlier years dropped
            ["2024/25-2025/26", "2023/24-2025/26", "2022/23-2025/26"],
            id="a-year-added",
        ),
        pytest.param(
            without("board-2023.md"),
            ALL,
            ["mentions 2023/24"] * 2,  # its requirements and its narrative
            id="a-paper-added",
        ),
        pytest.param(ALL, without("board-2023.md"), [], id="a-paper-removed"),
        pytest.param(
            without("guidance-2023-24-draft.md"), ALL, ["2023/24-2023/24"], id="a-draft-added"
        ),
        pytest.param(ALL, without("guidance-2025-26.md"), [], id="the-last-year-removed"),
    ],
)
def test_only_what_is_touched_is_compared(
    before: Sequence[str],
    after: Sequence[str],
    touched: list[str],
    folder: Folder,
    compared: list[str],
) -> None:
    folder.build(before)
    assert "2022/23-2023/24" in compared
    compared.clear()
    folder.build(after)
    assert sorted(compared) == sorted(touched)


def test_a_document_that_goes_takes_its_links_along(folder: Folder) -> None:
    folder.build(ALL)
    gone = {row[0] for row in folder.rows()["requirements"] if row[1] == "guidance-2023-24"}
    ends = [{row[1], row[2]} for row in folder.rows()["links"]]
    assert any(pair & gone for pair in ends)
    folder.build(without("guidance-2023-24.md"))
    rows = folder.rows()
    words = repr([rows[table] for table in TABLES])
    assert not [end for end in gone if end in words]
    assert rows["links"]


def test_another_linking_links_everything_again(
    folder: Folder, compared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.build(ALL)
    first = list(compared)
    compared.clear()
    monkeypatch.setattr(build_module, "linking_key", lambda: "another model")
    assert folder.build(ALL).read == 0
    assert compared == first
    with closing(sqlite3.connect(folder.db)) as connection:
        engines = connection.execute("SELECT DISTINCT engine FROM comparisons").fetchall()
    assert engines == [("another model",)]


def test_rebuild_compares_everything_again(folder: Folder, compared: list[str]) -> None:
    folder.build(ALL)
    first = list(compared)
    compared.clear()
    folder.build(ALL, rebuild=True)
    assert compared == first
