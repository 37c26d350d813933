"""Reviews are kept, found again after a rebuild, applied, undone; and no more than that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.export.filters import Decisions
from pipeline.records import Deadline, Modality, Requirement
from pipeline.web.reviews import (
    Action,
    Review,
    ReviewError,
    Wording,
    create_reviews,
    load_reviews,
    record_review,
    reviews_path,
)
from pipeline.web.settling import apply_reviews, likeness, load_decisions, place_reviews, settle

_NOW = datetime(2025, 6, 2, 9, 30, tzinfo=UTC)
_WORDS = (
    "ICBs must make sure that at least 78% of patients in A&E are seen within 4 hours"
    " by March 2026."
)
_WORDING = Wording(id="a1", document_id="guide", quote=_WORDS, statement=_WORDS)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(create_reviews(tmp_path / "x-reviews.db"))) as connection:
        yield connection


def _review(number: int, action: Action, *, wording: Wording = _WORDING, **more: object) -> Review:
    review = Review(
        id=number,
        requirement_id=wording.id,
        document_id=wording.document_id,
        action=action,
        field=None,
        old_value=None,
        new_value=None,
        note=None,
        reviewer="Ann",
        at="2025-06-02T09:30:00Z",
        undoes=None,
        quote=wording.quote,
        statement=wording.statement,
        stamp=wording.stamp,
    )
    return replace(review, **more)  # type: ignore[arg-type]


def _requirement(**more: object) -> Requirement:
    requirement = Requirement(
        id="a1",
        document_id="guide",
        passage_id="p1",
        ordinal=0,
        section="",
        page=None,
        bbox=None,
        quote=_WORDS,
        start=0,
        end=len(_WORDS),
        stem=None,
        statement=_WORDS,
        modality=Modality.OBLIGATION,
        cue="must",
        reported=False,
        reported_by=None,
        bearer="ICBs",
        bearer_canonical=("integrated care board",),
        action=None,
        condition=None,
        deadline=Deadline(text="by March 2026", date=date(2026, 3, 31)),
        quantities=(),
        topic="urgent care",
        confidence=0.9,
    )
    return replace(requirement, **more)  # type: ignore[arg-type]


def test_what_is_recorded_is_read_back(book: sqlite3.Connection) -> None:
    number = record_review(
        book, _WORDING, action=Action.ACCEPT, reviewer="  Ann\n Lee ", at=_NOW, note=" As agreed. "
    )
    (review,) = load_reviews(book)
    assert review == _review(number, Action.ACCEPT, reviewer="Ann Lee", note="As agreed.")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param({"action": Action.ACCEPT, "reviewer": " "}, "needs a name", id="no-name"),
        pytest.param({"action": Action.NOTE}, "note is empty", id="empty-note"),
        pytest.param(
            {"action": Action.CORRECT, "field": "id", "new_value": "x"},
            "cannot be corrected",
            id="field",
        ),
        pytest.param(
            {"action": Action.CORRECT, "field": "statement"},
            "cannot be empty",
            id="empty-statement",
        ),
        pytest.param(
            {"action": Action.CORRECT, "field": "modality", "new_value": "shall"},
            "no force",
            id="modality",
        ),
        pytest.param(
            {"action": Action.CORRECT, "field": "deadline_date", "new_value": "March"},
            "not a date",
            id="date",
        ),
        pytest.param(
            {"action": Action.CORRECT, "field": "topic", "old_value": "x", "new_value": "x"},
            "Nothing was changed",
            id="same-value",
        ),
        pytest.param({"action": Action.NOTE, "note": "x" * 5000}, "too long", id="too-long"),
        pytest.param({"action": Action.UNDO, "undoes": 99}, "nothing to undo", id="undo-nothing"),
    ],
)
def test_what_makes_no_sense_is_refused(
    book: sqlite3.Connection, fields: dict[str, object], says: str
) -> None:
    with pytest.raises(ReviewError, match=says):
        record_review(book, _WORDING, **{"reviewer": "Ann", "at": _NOW, **fields})  # type: ignore[arg-type]
    assert load_reviews(book) == ()


def test_an_act_is_undone_once_and_kept(book: sqlite3.Connection) -> None:
    first = record_review(book, _WORDING, action=Action.REJECT, reviewer="Ann", at=_NOW)
    record_review(book, _WORDING, action=Action.UNDO, reviewer="Bob", at=_NOW, undoes=first)
    with pytest.raises(ReviewError, match="undone already"):
        record_review(book, _WORDING, action=Action.UNDO, reviewer="Bob", at=_NOW, undoes=first)
    reviews = load_reviews(book)
    assert [review.action for review in reviews] == [Action.REJECT, Action.UNDO]
    (reviewed,) = apply_reviews([_requirement()], reviews)
    assert reviewed.state.status == "unreviewed"


@pytest.mark.parametrize(
    "content",
    [pytest.param(b"not a database", id="no-database"), pytest.param(None, id="another-database")],
)
def test_another_file_is_left_alone(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x-reviews.db"
    if content is None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE mine (x)")
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(UsageError):
        create_reviews(path)
    assert path.read_bytes() == before


_MOVED = _WORDS.replace("make sure that", "ensure that")
_OTHER_NUMBER = _WORDS.replace("78%", "82%")
_MUCH_CHANGED = (
    "ICBs must make sure that most patients in A&E are seen within 4 hours, month by month."
)
_ANOTHER = "Trusts should publish their waiting times."


@pytest.mark.parametrize(
    ("now", "where", "stale", "moved"),
    [
        pytest.param([("a1", _WORDS)], "a1", False, False, id="same-id-same-words"),
        pytest.param([("a1", _MOVED)], "a1", False, False, id="same-id-slightly-other-words"),
        pytest.param([("a1", _OTHER_NUMBER)], "a1", True, False, id="same-id-other-number"),
        pytest.param([("a1", _ANOTHER)], "a1", True, False, id="same-id-other-words"),
        pytest.param([("b2", _MOVED), ("c3", _ANOTHER)], "b2", False, True, id="moved-along"),
        pytest.param([("b2", _OTHER_NUMBER)], "b2", True, True, id="moved-with-another-number"),
        pytest.param([("b2", _MUCH_CHANGED)], "b2", True, True, id="moved-much-changed"),
        pytest.param([("c3", _ANOTHER)], None, True, False, id="gone"),
        pytest.param([], None, True, False, id="document-gone"),
    ],
)
def test_a_review_is_found_again_after_a_rebuild(
    now: list[tuple[str, str]], where: str | None, stale: bool, moved: bool
) -> None:
    wordings = [
        Wording(id=i, document_id="guide", quote=words, statement=words) for i, words in now
    ]
    review = _review(1, Action.ACCEPT)
    placed = place_reviews(
        [review], by_id={w.id: w for w in wordings}, of_document=lambda document: wordings
    )
    assert (placed[1].requirement_id, placed[1].stale, placed[1].moved) == (where, stale, moved)


def test_a_review_does_not_move_to_another_document() -> None:
    elsewhere = Wording(id="z9", document_id="other", quote=_WORDS, statement=_WORDS)
    placed = place_reviews(
        [_review(1, Action.ACCEPT)],
        by_id={},
        of_document=lambda document: [elsewhere] if document == "other" else [],
    )
    assert placed[1].requirement_id is None


def test_likeness_goes_by_words_in_order() -> None:
    assert likeness(_WORDS, _WORDS) == 1
    assert likeness("a b c d", "a b x d") == 0.75
    assert likeness("one two", "three four") == 0


@pytest.mark.parametrize(
    ("acts", "status"),
    [
        pytest.param([("accept", {})], "accepted", id="accepted"),
        pytest.param([("accept", {}), ("reject", {})], "rejected", id="the-last-word-counts"),
        pytest.param([("note", {"note": "x"})], "unreviewed", id="a-note-decides-nothing"),
        pytest.param(
            [("assign", {"new_value": "Bob"})], "unreviewed", id="an-assignment-decides-nothing"
        ),
        pytest.param(
            [("correct", {"field": "topic", "new_value": "cancer"}), ("accept", {})],
            "corrected",
            id="corrected-then-accepted",
        ),
        pytest.param([("accept", {}), ("undo", {"undoes": 1})], "unreviewed", id="undone"),
        pytest.param(
            [("accept", {}), ("reject", {}), ("undo", {"undoes": 2})],
            "accepted",
            id="undone-to-the-one-before",
        ),
    ],
)
def test_what_stands_of_several_acts(acts: list[tuple[str, dict[str, Any]]], status: str) -> None:
    reviews = [_review(n, Action(action), **more) for n, (action, more) in enumerate(acts, start=1)]
    (reviewed,) = apply_reviews([_requirement()], reviews)
    assert reviewed.state.status == status


def test_corrections_are_applied_and_named() -> None:
    values = {
        "statement": "ICBs must see 78% in time.",
        "modality": "recommendation",
        "bearer": "",
        "bearer_canonical": "NHS trust",
        "deadline_date": "2026-06-30",
        "topic": "finance",
    }
    reviews = [
        _review(n, Action.CORRECT, field=field, new_value=value or None)
        for n, (field, value) in enumerate(values.items(), start=1)
    ]
    before = _requirement()
    (reviewed,) = apply_reviews([before], reviews)
    after = reviewed.requirement
    assert reviewed.corrected == tuple(sorted(values))
    assert after.statement == values["statement"]
    assert after.modality is Modality.RECOMMENDATION
    assert after.bearer is None
    assert after.bearer_canonical == ("NHS trust",)
    assert after.deadline == Deadline(text="by March 2026", date=date(2026, 6, 30))
    assert after.topic == "finance"
    assert after.quote == before.quote
    assert before == _requirement(), "the requirement that came in was changed"


def test_a_stale_correction_is_not_applied_until_somebody_looks_again() -> None:
    correction = _review(1, Action.CORRECT, field="topic", new_value="finance")
    now = _requirement(quote=_OTHER_NUMBER, statement=_OTHER_NUMBER)
    (reviewed,) = apply_reviews([now], [correction])
    assert reviewed.state.status == "stale"
    assert reviewed.requirement == now
    wording = Wording(id="a1", document_id="guide", quote=_OTHER_NUMBER, statement=_OTHER_NUMBER)
    (again,) = apply_reviews([now], [correction, _review(2, Action.ACCEPT, wording=wording)])
    assert again.state.status == "accepted"
    assert again.requirement.topic == "urgent care"


def test_assignments_and_notes_outlive_changed_words() -> None:
    reviews = [
        _review(1, Action.ASSIGN, new_value="Bob"),
        _review(2, Action.NOTE, note="Ask the region."),
    ]
    (reviewed,) = apply_reviews([_requirement(quote=_ANOTHER, statement=_ANOTHER)], reviews)
    assert reviewed.state.assigned_to == "Bob"
    assert reviewed.state.notes == ("Ask the region.",)


def test_rejected_requirements_stay_marked() -> None:
    (reviewed,) = apply_reviews([_requirement()], [_review(1, Action.REJECT)])
    assert reviewed.rejected
    assert reviewed.requirement == _requirement()


def test_settle_leaves_out_what_is_gone() -> None:
    review = _review(1, Action.ACCEPT)
    placed = place_reviews([review], by_id={}, of_document=lambda document: [])
    assert settle([review], placed) == {}


def test_exports_are_given_the_corrections(small_database: Path, tmp_path: Path) -> None:
    database = tmp_path / "copy.db"
    database.write_bytes(small_database.read_bytes())
    assert load_decisions(database) == Decisions()
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute(
            "SELECT id, document_id, quote, statement FROM requirements"
        ).fetchone()
    wording = Wording(id=row[0], document_id=row[1], quote=row[2], statement=row[3])
    with closing(sqlite3.connect(create_reviews(reviews_path(database)))) as connection:
        for field, value in (
            ("bearer_canonical", "NHS trust"),
            ("topic", None),
            ("bearer", "Trusts"),
        ):
            record_review(
                connection,
                wording,
                action=Action.CORRECT,
                reviewer="Ann",
                at=_NOW,
                field=field,
                old_value="something",
                new_value=value,
            )
    assert load_decisions(database).corrections == {
        row[0]: {"bearer_canonical": ["NHS trust"], "topic": None, "bearer": "Trusts"}
    }
