"""Reviewing in the pages: who may, what it leaves behind, and that a rebuild leaves it be."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from pipeline.web.serve import make_datasette
from tests.web.conftest import Reader, text_of
from tests.web.small import build

Open = Callable[..., Reader]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return build(tmp_path)


@pytest.fixture
def open_as(database: Path) -> Iterator[Open]:
    """Opens a reader of a database of its own: `host` is where it is served, `actor` who has logged
    in.
    """
    opened: list[Reader] = []

    def open_one(
        *, host: str = "127.0.0.1", actor: Mapping[str, Any] | None = None, **more: Any
    ) -> Reader:
        reader = Reader(make_datasette(database, host=host, **more), actor=actor)
        opened.append(reader)
        return reader

    yield open_one
    for reader in opened:
        reader.close()


def _first(database: Path, where: str = "1") -> str:
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute(
            f"SELECT id FROM requirements WHERE {where} ORDER BY document_id, ordinal"
        )
        return str(row.fetchone()[0])


def _rows(database: Path) -> list[tuple[str, str, str | None]]:
    path = database.with_name("small-reviews.db")
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT action, reviewer, new_value FROM reviews ORDER BY id"
        ).fetchall()


def _status(reader: Reader, identifier: str) -> str:
    page = HTMLParser(reader.page(f"/requirement/{identifier}"))
    found = page.css_first("#review .status")
    assert found is not None
    return found.text()


def test_accept_shows_who_and_is_undone(open_as: Open, database: Path) -> None:
    reader, identifier = open_as(), _first(database)
    address = f"/requirement/{identifier}/review"
    response = reader.post(
        address, {"action": "accept", "reviewer": "Ann", "note": "Agreed <b>twice</b>"}
    )
    assert response.status_code == 303
    assert response.headers["location"] == f"/requirement/{identifier}#review"
    page = reader.page(f"/requirement/{identifier}")
    assert "Accepted." in page  # said once, after the form was sent
    assert "Agreed &lt;b&gt;twice&lt;/b&gt;" in page
    assert _status(reader, identifier) == "Accepted"
    assert 'id="reviewer" name="reviewer" value="Ann"' in page  # remembered
    undone = reader.post(address, {"action": "undo", "undoes": "1", "reviewer": "Ann"})
    assert undone.status_code == 303
    assert _status(reader, identifier) == "Not reviewed"
    assert [row[0] for row in _rows(database)] == ["accept", "undo"]


def test_a_correction_shows_in_the_lists_and_the_export(open_as: Open, database: Path) -> None:
    reader = open_as()
    identifier = _first(database, "document_id = 'guide-2023-24' AND ordinal = 3")
    sent = {"action": "", "reviewer": "Ann", "field": "statement"}
    sent |= {"value_statement": "Trusts must count nothing at all.", "action": "correct"}
    reader.post(f"/requirement/{identifier}/review", sent)
    checklist = reader.page("/checklist?year=2023/24")
    assert "Trusts must count nothing at all." in checklist
    exported = reader.page("/export/checklist.jsonl?year=2023/24")
    assert "Trusts must count nothing at all." in exported
    assert "fax machines" in exported  # the quote stays the document's own


def test_saving_a_field_needs_no_more_than_its_button(open_as: Open, database: Path) -> None:
    reader, identifier = open_as(), _first(database)
    page = HTMLParser(reader.page(f"/requirement/{identifier}"))
    button = next(b for b in page.css("button[name=field]") if b.attributes["value"] == "modality")
    assert button is not None
    response = reader.post(
        f"/requirement/{identifier}/review",
        {"reviewer": "Ann", "field": "modality", "value_modality": "permission"},
    )
    assert response.status_code == 303
    assert _rows(database) == [("correct", "Ann", "permission")]


def test_rejected_items_leave_the_checklist(open_as: Open, database: Path) -> None:
    reader = open_as()
    identifier = _first(database, "document_id = 'guide-2023-24' AND ordinal = 3")
    reader.post(f"/requirement/{identifier}/review", {"action": "reject", "reviewer": "Ann"})
    page = reader.page("/checklist?year=2023/24")
    assert "fax machines" not in page
    assert "1 item that a reviewer rejected is left out" in page
    shown = reader.page("/checklist?year=2023/24&rejected=keep")
    assert "fax machines" in shown
    assert "1 item that a reviewer rejected is shown" in shown


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("year=2023/24", id="year"),
        pytest.param("year=2024/25&bearer=NHS+trust", id="body"),
        pytest.param("year=2023/24&rejected=keep", id="rejected-too"),
        pytest.param("year=2023/24&topic=none", id="no-topic"),
        pytest.param("year=2024/25&modality=obligation&topic=urgent+care", id="force-and-topic"),
        pytest.param("document=guide-2023-24", id="document"),
    ],
)
def test_the_checklist_and_its_file_hold_the_same(
    open_as: Open, database: Path, query: str
) -> None:
    reader = open_as()
    acts: tuple[tuple[int, dict[str, str]], ...] = (
        (3, {"action": "reject"}),
        (0, {"field": "modality", "value_modality": "permission"}),
        (1, {"field": "topic", "value_topic": ""}),
        (2, {"field": "bearer_canonical", "value_bearer_canonical": "NHS trust"}),
    )
    for ordinal, act in acts:
        identifier = _first(database, f"document_id = 'guide-2023-24' AND ordinal = {ordinal}")
        sent = reader.post(f"/requirement/{identifier}/review", {"reviewer": "Ann", **act})
        assert sent.status_code == 303
    page = HTMLParser(reader.page(f"/checklist?{query}"))
    listed = sorted(str(item.id).removeprefix("r-") for item in page.css(".checklist > li"))
    book = openpyxl.load_workbook(io.BytesIO(reader.get(f"/export/checklist.xlsx?{query}").content))
    rows = list(book["Checklist"].values)
    assert listed == sorted(str(row[-1]) for row in rows[1:])
    assert listed


def test_search_filters_by_review(open_as: Open, database: Path) -> None:
    reader, identifier = open_as(), _first(database)
    reader.post(f"/requirement/{identifier}/review", {"action": "accept", "reviewer": "Ann"})
    accepted = HTMLParser(reader.page("/search?review=accepted"))
    assert len(accepted.css("li.result")) == 1
    unreviewed = HTMLParser(reader.page("/search?review=unreviewed"))
    assert len(unreviewed.css("li.result")) == 11


def test_assigned_items_wait_on_the_review_page(open_as: Open, database: Path) -> None:
    reader, identifier = open_as(), _first(database)
    reader.post(
        f"/requirement/{identifier}/review",
        {"action": "assign", "assignee": "Ann", "reviewer": "Ann"},
    )
    page = HTMLParser(reader.page("/review"))
    assert text_of(page, "#list-1") == "Assigned to Ann"
    waiting = page.css("#list-1 ~ ul .review-item")
    assert len(waiting) == 1


def test_a_form_without_the_token_is_refused(open_as: Open, database: Path) -> None:
    reader, identifier = open_as(), _first(database)
    reader.page(f"/requirement/{identifier}")
    response = reader.post(
        f"/requirement/{identifier}/review", {"action": "accept", "reviewer": "Ann"}, token=False
    )
    assert response.status_code == 403
    assert _rows(database) == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param({"action": "accept", "reviewer": ""}, "needs a name", id="no-name"),
        pytest.param({"action": "explode", "reviewer": "Ann"}, "Say what to do", id="no-such-act"),
        pytest.param({"reviewer": "Ann"}, "Say what to do", id="no-act"),
        pytest.param(
            {"action": "correct", "field": "id", "reviewer": "Ann"},
            "cannot be corrected",
            id="no-such-field",
        ),
        pytest.param(
            {"action": "undo", "undoes": "x", "reviewer": "Ann"},
            "nothing to undo",
            id="undo-nothing",
        ),
    ],
)
def test_a_wrong_form_says_why_and_writes_nothing(
    open_as: Open, database: Path, fields: dict[str, str], says: str
) -> None:
    reader, identifier = open_as(), _first(database)
    reader.post(f"/requirement/{identifier}/review", fields)
    assert says in reader.page(f"/requirement/{identifier}")
    assert _rows(database) == []


def test_on_another_host_reviewing_needs_a_login(open_as: Open, database: Path) -> None:
    reader, identifier = open_as(host="0.0.0.0"), _first(database)
    page = reader.page(f"/requirement/{identifier}")
    assert "Log in to review" in page
    assert 'name="reviewer"' not in page
    response = reader.post(
        f"/requirement/{identifier}/review", {"action": "accept", "reviewer": "Somebody"}
    )
    assert response.status_code == 403
    assert _rows(database) == []


def test_who_has_logged_in_reviews_under_that_name(open_as: Open, database: Path) -> None:
    reader, identifier = open_as(host="0.0.0.0", actor={"id": "ann"}), _first(database)
    response = reader.post(
        f"/requirement/{identifier}/review", {"action": "accept", "reviewer": "Somebody else"}
    )
    assert response.status_code == 303
    assert _rows(database) == [("accept", "ann", None)]


def test_reviews_can_be_closed_to_readers(open_as: Open, database: Path) -> None:
    identifier = _first(database)
    writer = open_as()
    writer.post(
        f"/requirement/{identifier}/review", {"action": "note", "note": "secret", "reviewer": "Ann"}
    )
    closed = {"databases": {"small-reviews": {"allow": {"id": "ann"}}}}
    outsider = open_as(metadata=closed)
    assert "secret" not in outsider.page(f"/requirement/{identifier}")
    assert "secret" not in outsider.page("/review")
    assert "secret" in open_as(metadata=closed, actor={"id": "ann"}).page(
        f"/requirement/{identifier}"
    )


def test_a_rebuild_leaves_reviews_be_and_they_move_along(
    open_as: Open, database: Path, tmp_path: Path
) -> None:
    reader = open_as()
    target = _first(database, "document_id = 'guide-2025-26' AND has_target")
    other = _first(database, "document_id = 'guide-2025-26' AND ordinal = 1")
    dropped = _first(database, "document_id = 'guide-2023-24' AND ordinal = 3")
    for identifier in (target, other, dropped):
        reader.post(f"/requirement/{identifier}/review", {"action": "accept", "reviewer": "Ann"})
    reviews = database.with_name("small-reviews.db")
    before = reviews.read_bytes()
    # A build with other words: new ids, one sentence slightly changed, one with another number, one
    # gone.
    changes = (
        ("every month", "each month", other),
        ("78%", "79%", target),
        ("fax machines by June", "stars in", dropped),
    )
    with closing(sqlite3.connect(database)) as connection:
        for number, (old, new, identifier) in enumerate(changes):
            connection.execute(
                "UPDATE requirements SET id = ?, statement = replace(statement, ?, ?), quote ="
                " replace(quote, ?, ?)"
                " WHERE id = ?",
                (f"rebuilt{number}", old, new, old, new, identifier),
            )
        connection.execute(
            "UPDATE requirements SET statement = 'Nothing of the kind.', quote = 'Nothing of the"
            " kind.'"
            " WHERE id = 'rebuilt2'"
        )
        connection.commit()
    rebuilt = open_as()
    assert reviews.read_bytes() == before
    assert _status(rebuilt, "rebuilt0") == "Accepted"
    assert "moved along from an earlier build" in rebuilt.page("/requirement/rebuilt0")
    assert _status(rebuilt, "rebuilt1") == "To look at again"
    page = rebuilt.page("/review")
    assert "Requirement no longer found" in page
    assert "fax machines" in page
