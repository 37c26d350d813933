"""What changed between years and documents, and how each format tells it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from pipeline.errors import UsageError
from pipeline.export import DiffFilters, render_diff
from pipeline.export.diff import DIFF_FORMATS, Diff, load_diff
from pipeline.lexicon import load_lexicon
from pipeline.store.database import open_for_reading, open_for_writing
from pipeline.wording import places_words

COUNTS = {
    "new": 2, "dropped": 1, "target_changed": 1, "strengthened": 1, "reworded": 1, "split": 1,
    "merged": 1, "same": 1,
}  # fmt: skip


def diff_of(database: Path, from_: str = "2024/25", to: str = "2025/26", **filters: Any) -> Diff:
    """What changed between two years, or documents."""
    with open_for_reading(database) as db:
        return load_diff(db, from_, to, filters=DiffFilters(**filters), lexicon=load_lexicon())


def ends_of(diff: Diff) -> list[tuple[str, str, str]]:
    """(relation, ids before, ids after) of each change."""
    return [
        (
            entry.relation,
            " ".join(row["id"] for row in entry.before),
            " ".join(row["id"] for row in entry.after),
        )
        for entry in diff.entries
    ]


def test_a_change_is_told_once_with_all_its_parts(database: Path) -> None:
    diff = diff_of(database)
    assert list(diff.counts.items()) == list(COUNTS.items())
    assert ends_of(diff) == [
        ("new", "", "b9"),
        ("new", "", "b8"),
        ("dropped", "a8", ""),
        ("target_changed", "a1", "b1"),
        ("strengthened", "a2", "b2"),
        ("reworded", "a3", "b3"),
        ("split", "a4", "b4 b5"),
        ("merged", "a5 a6", "b6"),
        ("same", "a7", "b7"),
    ]
    assert diff.same_by_topic == {"Urgent care": 1}


def test_sides_are_the_guidance_in_force(database: Path) -> None:
    diff = diff_of(database)
    assert [d.id for d in diff.before] == ["guidance-2024-25"]
    assert [d.id for d in diff.after] == ["guidance-2025-26"]  # no draft, paper or blog
    assert diff_of(database, "2025-26", "2026/27").to == "2026/27"


def test_a_change_shows_words_numbers_and_why(database: Path) -> None:
    entry = next(e for e in diff_of(database).entries if e.relation == "target_changed")
    assert entry.numbers == "at least 76% → at least 78% (harder)"
    assert entry.evidence == "same measure; 76% became 78%"
    assert [(p.kind.value, p.text.strip()) for p in entry.pieces if p.text.strip()] == [
        ("same", "ICBs must see at least"),
        ("deleted", "76%"),
        ("inserted", "78%"),
        ("same", "of patients within 4 hours by March"),
        ("deleted", "2025"),
        ("inserted", "2026"),
        ("same", "."),
    ]


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        pytest.param({"topic": "Workforce"}, ["split"], id="topic"),
        pytest.param({"topic": ["workforce", "estates"]}, ["dropped", "split"], id="topics"),
        pytest.param({"bearer": "Trusts"}, ["strengthened"], id="bearer"),
        pytest.param({"relation": "Target changed"}, ["target_changed"], id="relation-in-words"),
        pytest.param({"relation": ("new", "same")}, ["new", "new", "same"], id="relations"),
        pytest.param({"only_targets": True}, ["target_changed"], id="only-targets"),
        pytest.param({"topic": "workforce", "bearer": "trusts"}, [], id="nothing-answers"),
    ],
)
def test_filters(database: Path, filters: dict[str, Any], wanted: list[str]) -> None:
    diff = diff_of(database, **filters)
    assert [entry.relation for entry in diff.entries] == wanted
    assert diff.about.filters == DiffFilters(**filters).in_words() != ()


@pytest.mark.parametrize(
    ("from_", "to", "filters", "message"),
    [
        pytest.param(
            "2024/25", "2031/32", {}, "No documents for 2031/32. The database has", id="year"
        ),
        pytest.param("2025/26", "2024/25", {}, "Name the earlier first", id="backwards"),
        pytest.param("2024/25", "2024/25", {}, "is compared with itself", id="same"),
        pytest.param(
            "2024/25", "2024-25", {}, "is compared with itself", id="same-otherwise-written"
        ),
        pytest.param("2024/25", "board", {}, "are a document and a year", id="year-and-document"),
        pytest.param(
            "gone", "board", {}, "No document 'gone'. The database has: blog", id="document"
        ),
        pytest.param("board", "gone", {}, "No document 'gone'.", id="second-document"),
        pytest.param("2024/25", "2026/27-2028/29", {}, "Name one of them: 2026/27", id="several"),
        pytest.param(
            "2024/25", "2025/26", {"topic": "x"}, "No topic 'x'. The database has:", id="topic"
        ),
        pytest.param("2024/25", "2025/26", {"relation": "x"}, "No relation 'x'.", id="relation"),
        pytest.param(
            "2024/25", "2025/26", {"bearer": "quux"}, "No requirements bind 'quux'.", id="bearer"
        ),
    ],
)
def test_what_there_is_not(
    database: Path, from_: str, to: str, filters: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as error:
        diff_of(database, from_, to, **filters)
    assert message in str(error.value)


def test_years_with_nothing_but_papers(
    tmp_path: Path, make_database: Callable[[Path], Path]
) -> None:
    path = make_database(tmp_path / "own.db")
    db = open_for_writing(path)
    db.execute("UPDATE documents SET kind = 'board_paper' WHERE id = 'guidance-2024-25'")
    db.conn.close()
    with pytest.raises(UsageError, match="no guidance for 2024/25"):
        diff_of(path)


def test_years_of_one_framework_change_nothing_and_say_so(database: Path) -> None:
    diff = diff_of(database, "2027/28", "2028/29")
    assert diff.entries == ()
    assert diff.note == "The same documents count for 2027/28 and 2028/29: nothing changes."
    for form in DIFF_FORMATS:
        assert render_diff(database, "2027/28", "2028/29", form)


@pytest.mark.parametrize(
    ("from_", "to"),
    [
        pytest.param("2024/25", "2026/27", id="years-that-are-no-neighbours"),
        pytest.param("guidance-2024-25", "guidance-2025-26", id="documents"),
    ],
)
def test_what_the_build_has_not_compared_is_compared_now(
    database: Path, from_: str, to: str
) -> None:
    diff = diff_of(database, from_, to)
    linked = {
        (a["id"], b["id"]): e.relation for e in diff.entries for a in e.before for b in e.after
    }
    later = "c1" if to == "2026/27" else "b1"
    assert linked["a1", later] == "target_changed"
    both = [row["id"] for e in diff.entries for row in e.rows]
    with open_for_reading(database) as db:
        documents = {d.id for d in (*diff.before, *diff.after)}
        wanted = {
            row["id"]
            for row in db.query("SELECT id, document_id FROM requirements")
            if row["document_id"] in documents
        }
    assert set(both) == wanted  # each requirement of either side is told of


@pytest.mark.parametrize("form", DIFF_FORMATS)
def test_every_format_tells_every_change(database: Path, form: str) -> None:
    content = render_diff(database, "2024/25", "2025/26", form)
    assert render_diff(database, "2024/25", "2025/26", form) == content
    words = read_words(content, form)
    for wanted in (
        "Providers may pool spare capital.",
        "ICBs must keep a register of estates.",
        "ICBs must publish a workforce plan.",
        "at least 76% → at least 78% (harder)",
        "Invented guidance 2024/25",
        "with partners",
    ):
        assert wanted in words, wanted
    assert "\x1b" not in words


def read_words(content: bytes, form: str) -> str:
    """All words of a file."""
    if form == "xlsx":
        sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
        return "\n".join(
            str(value) for s in sheets for row in s.iter_rows(values_only=True) for value in row
        )
    if form == "docx":
        document = docx.Document(io.BytesIO(content))
        cells = [cell.text for t in document.tables for row in t.rows for cell in row.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells])
    return re.sub(r"\n\s+", " ", content.decode("utf-8-sig"))


@pytest.fixture
def repeated(tmp_path: Path, make_database: Callable[[Path], Path]) -> Path:
    """A database in which b9 says b8 again, on page 7, and nobody linked b5, which repeats b2."""
    path = make_database(tmp_path / "own.db")
    db = open_for_writing(path)
    db.execute("UPDATE requirements SET repeat_of = 'b8', page = 7 WHERE id = 'b9'")
    db.execute("UPDATE requirements SET repeat_of = 'b2', page = 9 WHERE id = 'b5'")
    db.execute("DELETE FROM changes WHERE to_id = 'b5'")
    db.execute(
        "UPDATE changes SET again = 1, story = (SELECT story FROM changes WHERE to_id = 'b8')"
        " WHERE to_id = 'b9'"
    )
    db.conn.close()
    return path


def test_what_a_document_says_again_is_listed_and_not_counted(repeated: Path) -> None:
    diff = diff_of(repeated)
    assert diff.counts == COUNTS | {"new": 1}
    told = {entry.again: entry for entry in diff.entries if entry.again}
    assert set(told) == {"after on page 7", "after on page 9"}
    new, strengthened = told["after on page 7"], told["after on page 9"]
    assert [row["id"] for row in new.after] == ["b8"]
    assert [row["id"] for row in new.again_after] == ["b9"]
    assert [row["id"] for row in strengthened.again_after] == ["b5"]  # though nothing links it
    assert diff.repeats == 2


@pytest.mark.parametrize("form", DIFF_FORMATS)
def test_every_format_lists_repeats(repeated: Path, form: str) -> None:
    words = read_words(render_diff(repeated, "2024/25", "2025/26", form), form)
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(words)))
        assert {(r["to_id"], r["to_again"]) for r in rows if r["to_again"]} == {
            ("b8", "b9"), ("b2", "b5"),
        }  # fmt: skip
    elif form == "json":
        content = json.loads(words)
        assert content["repeats"] == 2
        again = [[row["id"] for row in change["to_again"]] for change in content["changes"]]
        assert [ids for ids in again if ids] == [["b9"], ["b5"]]
    else:
        assert "on page 7" in words
        assert "2 requirements repeat another of the same document" in words


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        pytest.param([(4, "A")], "on page 4", id="page"),
        pytest.param([(7, "A"), (4, "A"), (7, "B")], "on pages 4 and 7", id="pages-once-each"),
        pytest.param(
            [(None, "Urgent care > Beds"), (None, "")], "under Beds and Plan", id="headings"
        ),
    ],
)
def test_where_something_is_said_again(rows: list[tuple[int | None, str]], words: str) -> None:
    given = [{"page": p, "section": s, "title": "Plan", "document": "plan"} for p, s in rows]
    assert places_words(given) == words


def test_text_opens_with_the_counts_and_ends_with_what_stayed(database: Path) -> None:
    lines = render_diff(database, "2024/25", "2025/26").decode("utf-8").splitlines()
    assert lines[0] == "What changed: 2024/25 to 2025/26"
    assert lines[3] == (
        "New 2 · Dropped 1 · Target changed 1 · Strengthened 1 · Reworded 1 · Split 1 · Merged 1"
        " · Same 1"
    )
    assert lines[-1] == "  Urgent care: 1"
    assert "  * Trusts [-should-] {+must+} review ward rounds weekly." in lines


def test_json_is_complete(database: Path) -> None:
    content = json.loads(render_diff(database, "2024/25", "2025/26", "json"))
    assert content["counts"] == COUNTS
    change = next(c for c in content["changes"] if c["relation"] == "target_changed")
    assert change["from"][0]["id"] == "a1"
    assert change["to"][0]["quantities"][0]["value"] == 78
    assert change["links"][0]["from_value"] == 76
    assert ["deleted", "76%"] in change["redline"]


def test_csv_has_a_row_for_each_pair(database: Path) -> None:
    text = render_diff(database, "2024/25", "2025/26", "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [
        (r["relation"], r["from_id"], r["to_id"]) for r in rows if r["relation"] == "split"
    ] == [
        ("split", "a4", "b4"),
        ("split", "a4", "b5"),
    ]
    assert not [c for row in rows for c in row.values() if c.startswith(("=", "+", "-", "@"))]


class _Page(HTMLParser):
    """Collects the tags of a page with their attributes, and checks that they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_one_page_that_runs_and_fetches_nothing(database: Path) -> None:
    text = render_diff(database, "2024/25", "2025/26", "html").decode("utf-8")
    page = _Page()
    page.feed(text)
    assert page.open == []
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "link", "iframe", "form", "b"}
    assert {"h1", "main", "caption", "ins", "del"} <= names
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        href = attributes.get("href") or "#"
        assert href.startswith(("#", "https://guidance.example/"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    anchors = {str(a["href"])[1:] for _, a in page.tags if str(a.get("href")).startswith("#")}
    assert anchors <= set(ids)
    assert 'lang="en-GB"' in text
    assert "default-src 'none'" in text


def test_hostile_words_in_a_redline_stay_words(
    tmp_path: Path, make_database: Callable[[Path], Path], hostile: str
) -> None:
    path = make_database(tmp_path / "own.db")
    db = open_for_writing(path)
    for identifier, ending in (("a3", "once <i>before</i>"), ("b3", "then <u>after</u>")):
        db.execute(
            "UPDATE requirements SET statement = ? WHERE id = ?",
            [f"{hostile} {ending}", identifier],
        )
    db.conn.close()
    page = _Page()
    page.feed(render_diff(path, "2024/25", "2025/26", "html").decode("utf-8"))
    assert page.open == []
    assert not {tag for tag, _ in page.tags} & {"script", "i", "u"}
    text = render_diff(path, "2024/25", "2025/26", "md").decode("utf-8")
    tags = set(re.findall(r"(?<!\\)<(?!https)[^>]*>", text))
    assert tags == {"<del>", "</del>", "<ins>", "</ins>", "<br>"}
    for form in ("docx", "xlsx"):
        assert "<u>after</u>" in read_words(render_diff(path, "2024/25", "2025/26", form), form)


def test_excel_redline_is_struck_and_underlined(database: Path) -> None:
    content = render_diff(database, "2024/25", "2025/26", "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)["Changes"]
    cells: dict[Any, Any] = {row[0].value: row[2].value for row in sheet.iter_rows()}
    runs = {str(run): run.font for run in cells["Strengthened"] if hasattr(run, "font")}
    assert runs["should"].strike
    assert runs["must"].u
    assert not runs["Trusts "].strike
    assert all(
        cell.data_type != "f" for row in sheet.iter_rows() for cell in row
    )  # fmt: skip


def test_word_redline_is_struck_and_underlined(database: Path) -> None:
    document = docx.Document(io.BytesIO(render_diff(database, "2024/25", "2025/26", "docx")))
    runs = {
        run.text: run.font
        for table in document.tables
        for row in table.rows
        for paragraph in row.cells[0].paragraphs
        for run in paragraph.runs
    }
    assert runs["should"].strike
    assert runs["must"].underline


def test_markdown_redline_marks_words_and_nothing_else(database: Path) -> None:
    text = render_diff(database, "2024/25", "2025/26", "md").decode("utf-8")
    assert "- Trusts <del>should</del> <ins>must</ins> review ward rounds weekly." in text
    tags = set(re.findall(r"(?<!\\)<(?!https)[^>]*>", text))
    assert tags == {"<del>", "</del>", "<ins>", "</ins>", "<br>"}


def test_a_format_that_there_is_not(database: Path) -> None:
    with pytest.raises(UsageError, match="There is no format 'pdf' for changes"):
        render_diff(database, "2024/25", "2025/26", "pdf")
