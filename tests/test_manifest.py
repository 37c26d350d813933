"""Which files are read, their ids, and what documents.yml states."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.manifest import find_documents, read_manifest
from pipeline.records import Kind, PlanningYears


def _write(folder: Path, **files: str) -> None:
    """Writes files whose names come with "__" for "/" and "_" for "."."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def _ids(*paths: Path) -> list[str]:
    return [found.stated.id for found in find_documents(paths)]


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    _write(
        tmp_path,
        b_txt="b",
        a__z_md="z",
        a__y_htm="y",
        c_PDF="c",
        d_doc="d",
        README_md="no",
        x_yml="x",
    )
    (tmp_path / ".hidden.txt").write_text("h", encoding="utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "e.txt").write_text("e", encoding="utf-8")
    (tmp_path / "~$open.docx").write_text("w", encoding="utf-8")
    assert [found.path.name for found in find_documents([tmp_path])] == [
        "y.htm",
        "z.md",
        "b.txt",
        "c.PDF",
    ]


def test_files_named_by_the_user_are_read_whatever_their_name(tmp_path: Path) -> None:
    _write(tmp_path, README_md="one", a_dat="two")
    assert _ids(tmp_path / "README.md", tmp_path / "a.dat") == ["README", "a"]


def test_ids(tmp_path: Path) -> None:
    _write(tmp_path, plan_docx="1", plan_html="2", sub__plan_html="3")
    (tmp_path / "A plan, of beds (v2).txt").write_text("4", encoding="utf-8")
    assert sorted(_ids(tmp_path)) == ["A-plan-of-beds-v2", "plan", "plan.html", "plan.html-2"]
    by_id = {found.stated.id: found.path.name for found in find_documents([tmp_path])}
    assert by_id["plan"] == "plan.docx"


def test_identical_bytes_are_one_document(tmp_path: Path) -> None:
    _write(tmp_path, a_txt="same", b_txt="same", c_txt="other")
    assert _ids(tmp_path) == ["a", "c"]
    (tmp_path / "documents.yml").write_text(
        "documents:\n  - path: b.txt\n    title: B\n", encoding="utf-8"
    )
    assert _ids(tmp_path) == ["b", "c"]  # what somebody described stays


def test_a_path_given_twice_is_read_once(tmp_path: Path) -> None:
    _write(tmp_path, a_txt="a")
    assert _ids(tmp_path, tmp_path / "a.txt", tmp_path) == ["a"]


MANIFEST = """
documents:
  - path: ./a.txt
    title: A plan
    publisher: A board
    kind: guidance
    planning_year: 2031/32-2033/34
    published: 2030-12-20
    source_url: https://example.org/a
    licence: OGL-UK-3.0
    supersedes: [draft]
  - path: sub/b.txt
"""


def test_what_a_manifest_states(tmp_path: Path) -> None:
    _write(tmp_path, a_txt="a", sub__b_txt="b", c_txt="c")
    (tmp_path / "documents.yml").write_text(MANIFEST, encoding="utf-8")
    stated = {found.path.name: found.stated for found in find_documents([tmp_path])}
    assert set(stated) == {"a.txt", "b.txt", "c.txt"}  # files that it does not list are read too
    a = stated["a.txt"]
    assert (a.title, a.publisher, a.kind) == ("A plan", "A board", Kind.GUIDANCE)
    assert a.planning_years == PlanningYears(first=2031, last=2033)
    assert a.published == date(2030, 12, 20)
    assert (a.source_url, a.licence, a.supersedes) == (
        "https://example.org/a",
        "OGL-UK-3.0",
        ("draft",),
    )
    assert stated["b.txt"].title is None
    assert stated["c.txt"].title is None


def test_a_manifest_counts_for_a_file_given_by_name(tmp_path: Path) -> None:
    _write(tmp_path, a_txt="a", sub__b_txt="b")
    (tmp_path / "documents.yml").write_text(MANIFEST, encoding="utf-8")
    (found,) = find_documents([tmp_path / "a.txt"])
    assert found.stated.title == "A plan"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "documents:\n  - path: a.txt\n    titel: x\n",
            ("a.txt", "titel", "title"),
            id="unknown-field",
        ),
        pytest.param(
            "documents:\n  - path: a.txt\n    kind: memo\n",
            ("a.txt", "memo", "kind"),
            id="unknown-kind",
        ),
        pytest.param(
            "documents:\n  - path: a.txt\n    published: soon\n",
            ("a.txt", "published"),
            id="no-date",
        ),
        pytest.param(
            "documents:\n  - path: a.txt\n    planning_year: 2031/45\n",
            ("a.txt", "planning_year"),
            id="no-year",
        ),
        pytest.param("documents:\n  - title: x\n", ("path",), id="no-path"),
        pytest.param("documents:\n  - path: b.txt\n", ("b.txt", "not there"), id="no-such-file"),
        pytest.param("documents: [\n", ("YAML",), id="no-yaml"),
        pytest.param("- a\n", ("object",), id="a-list"),
    ],
)
def test_faults_of_a_manifest_are_named(tmp_path: Path, text: str, said: tuple[str, ...]) -> None:
    _write(tmp_path, a_txt="a")
    (tmp_path / "documents.yml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_manifest(tmp_path / "documents.yml")
    for word in ("documents.yml", *said):
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("nowhere", "does not exist", id="no-such-path"),
        pytest.param(".", "no documents", id="empty-folder"),
    ],
)
def test_paths_with_nothing_to_read(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        find_documents([tmp_path / name])
