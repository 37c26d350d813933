"""The published fields, filters and corrections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.export.filters import Decisions, Filters
from pipeline.export.rows import link_rows, quantity_rows, requirement_rows, requirements_by_id
from pipeline.lexicon import load_lexicon
from pipeline.store.database import open_for_reading, open_for_writing
from pipeline.store.load import load_requirements

REQUIREMENT = (
    "id", "document", "file", "planning_year", "kind", "page", "bbox", "section", "quote", "stem",
    "statement", "modality", "cue", "reported", "bearer", "bearer_canonical", "action", "condition",
    "deadline", "quantities", "topic", "confidence",
)  # fmt: skip
QUANTITY = (
    "text", "kind", "value", "high", "unit", "comparator", "role", "metric", "measure", "deadline",
)  # fmt: skip
LINK = (
    "from_id", "to_id", "from_year", "to_year", "relation", "score", "evidence", "from_value",
    "to_value", "unit",
)  # fmt: skip


def rows_of(database: Path, **filters: Any) -> list[dict[str, Any]]:
    """The requirements that filters keep."""
    with open_for_reading(database) as db:
        return list(requirement_rows(db, filters=Filters(**filters), lexicon=load_lexicon()))


def ids(rows: list[dict[str, Any]]) -> list[str]:
    """The ids of rows in their order."""
    return [row["id"] for row in rows]


def test_requirement_has_the_published_fields_first_and_in_order(database: Path) -> None:
    for row in rows_of(database):
        assert tuple(row)[: len(REQUIREMENT)] == REQUIREMENT
        for quantity in row["quantities"]:
            assert tuple(quantity) == QUANTITY


def test_every_requirement_comes_once_in_reading_order(database: Path) -> None:
    with open_for_reading(database) as db:
        wanted = [r.id for r in load_requirements(db)]
    assert ids(rows_of(database)) == wanted
    assert len(set(wanted)) == 23


def test_values_are_those_of_the_record(database: Path) -> None:
    row = next(row for row in rows_of(database) if row["id"] == "b1")
    assert row["document"] == "guidance-2025-26"
    assert row["file"] == "guidance-2025-26.pdf"
    assert row["planning_year"] == "2025/26"
    assert row["bbox"] == [72, 100.5, 520, 130]
    assert row["deadline"] == {"text": "by March 2026", "date": "2026-03-31"}
    assert row["reported"] is False
    assert [q["role"] for q in row["quantities"]] == ["target", "change", "threshold"]
    assert [q["deadline"] for q in row["quantities"]] == [None, "2025-09-30", None]
    assert isinstance(row["quantities"][0]["value"], int)
    assert row["source_link"] == "https://guidance.example/guidance-2025-26.pdf#page=3"


def test_absent_is_null(database: Path) -> None:
    row = next(row for row in rows_of(database) if row["id"] == "b8")
    assert row["page"] is None
    assert row["topic"] is None
    assert row["deadline"] == {"text": "during this Parliament", "date": None}
    assert row["source_link"] == "https://guidance.example/guidance-2025-26.pdf"


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        pytest.param({"year": "2027/28"}, ["c1", "c2"], id="a-year-inside-a-framework"),
        pytest.param({"year": "2026-27"}, ["c1", "c2"], id="a-year-otherwise-written"),
        pytest.param({"year": "2026/27-2028/29"}, ["c1", "c2"], id="the-whole-framework"),
        pytest.param({"document": "BOARD"}, ["p1", "p2"], id="document-in-another-case"),
        pytest.param({"topic": "Finance"}, ["m1", "b9"], id="topic"),
        pytest.param({"topic": ["finance", "estates"]}, ["m1", "a8", "b9"], id="any-of-several"),
        pytest.param({"topic": "none", "year": "2025/26"}, ["b8"], id="no-topic"),
        pytest.param({"modality": "prohibition"}, ["a7", "b7"], id="modality"),
        pytest.param({"modality": "Must not"}, ["a7", "b7"], id="modality-as-pages-call-it"),
        pytest.param({"year": "2025/26", "bearer": "acute trust"}, ["b2"], id="bearer-by-alias"),
        pytest.param({"year": "2025/26", "bearer": "trusts"}, ["b2"], id="bearer-in-the-plural"),
        pytest.param({"bearer": "the board"}, ["p2"], id="bearer-as-written"),
        pytest.param(
            {"year": "2024/25", "bearer": "icb"},
            ["a1", "a3", "a4", "a5", "a6", "a7", "a8"],
            id="bearer-by-abbreviation-in-lower-case",
        ),
        pytest.param(
            {"year": "2024/25", "bearer": "Integrated Care Boards", "topic": "mental health"},
            ["a5", "a6"],
            id="filters-together",
        ),
        pytest.param({"year": "2024/25", "topic": "finance"}, [], id="each-there-but-not-both"),
        pytest.param({"topic": "  "}, None, id="blank-is-no-filter"),
    ],
)
def test_filters(database: Path, filters: dict[str, Any], wanted: list[str] | None) -> None:
    found = ids(rows_of(database, **filters))
    assert found == (wanted if wanted is not None else ids(rows_of(database)))


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        pytest.param(
            {"year": "2031/32"},
            "No documents for 2031/32. "
            "The database has 2024/25, 2025/26, 2026/27, 2027/28, 2028/29.",
            id="year",
        ),
        pytest.param(
            {"year": "next year"},
            "'next year' is not a planning year. Write it like this: 2025/26.",
            id="no-year",
        ),
        pytest.param(
            {"document": "guidance"},
            "No document 'guidance'. The database has: blog, board, draft, framework, "
            "guidance-2024-25, guidance-2025-26.",
            id="document",
        ),
        pytest.param(
            {"topic": "dentistry"},
            "No topic 'dentistry'. The database has: estates, finance, mental health, none, "
            "urgent care, workforce.",
            id="topic",
        ),
        pytest.param(
            {"modality": "advice"},
            "No modality 'advice'. The database has: commitment, obligation, permission, "
            "prohibition, recommendation.",
            id="modality",
        ),
        pytest.param(
            {"bearer": "pharmacies"},
            "No requirements bind 'pharmacies'. The database has: integrated care board, "
            "NHS trust, provider.",
            id="bearer",
        ),
    ],
)
def test_a_value_that_is_not_there_is_an_error_that_says_what_is(
    database: Path, filters: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as error:
        rows_of(database, **filters)
    assert str(error.value) == message


def test_filters_read_back_from_their_words() -> None:
    filters = Filters(year="2025/26", topic=("cancer", "finance"), bearer="ICB")
    words = filters.in_words()
    assert Filters.from_words([*words, ("Something else", "x")]).in_words() == words


def test_corrections_take_their_place_and_filters_go_by_them(database: Path) -> None:
    corrections: dict[str, dict[str, Any]] = {
        "b3": {"topic": "estates", "bearer": "Pharmacies", "deadline_date": "2025-10-01"},
        "b4": {"statement": "ICBs must agree a workforce plan."},
        "gone": {"topic": "finance"},
    }
    decided = Decisions(corrections=corrections)
    with open_for_reading(database) as db:
        moved = list(
            requirement_rows(
                db,
                filters=Filters(year="2025/26", topic="estates"),
                decisions=decided,
            )
        )
        by_bearer = list(
            requirement_rows(
                db,
                filters=Filters(bearer="pharmacies"),
                decisions=decided,
            )
        )
        alone = requirements_by_id(db, ["b3", "b4", "unknown"], decisions=decided)
    assert ids(moved) == ids(by_bearer) == ["b3"]
    assert moved[0]["corrected"] == ["topic", "bearer", "deadline_date"]
    assert moved[0]["deadline"] == {"text": None, "date": "2025-10-01"}
    assert alone["b3"] == moved[0]
    assert alone["b4"]["corrected"] == []  # a correction to what stands there already is none
    assert set(alone) == {"b3", "b4"}


def test_links_have_the_published_fields_and_follow_filters(database: Path) -> None:
    with open_for_reading(database) as db:
        everything = list(link_rows(db))
        finance = list(link_rows(db, filters=Filters(topic="finance")))
        paper = list(link_rows(db, filters=Filters(document="board")))
    assert all(tuple(row)[: len(LINK)] == LINK for row in everything)
    assert len(everything) == 11
    assert everything == sorted(everything, key=lambda row: (row["from_id"], row["to_id"]))
    assert finance == []
    assert [(row["from_id"], row["relation"], row["stance"]) for row in paper] == [
        ("p1", "mentions", "repeats")
    ]


def test_quantities_are_all_numbers_with_their_due_dates(database: Path) -> None:
    with open_for_reading(database) as db:
        everything = list(quantity_rows(db))
        year = list(quantity_rows(db, filters=Filters(document="guidance-2025-26")))
        care = list(quantity_rows(db, filters=Filters(topic="urgent care", year="2024/25")))
    assert len(everything) == 10
    loose = next(row for row in everything if row["id"] == "loose")
    assert (loose["requirement_id"], loose["role"], loose["value"]) == (None, "statistic", 71)
    assert [row["deadline"] for row in year[:3]] == ["2026-03-31", "2025-09-30", "2026-03-31"]
    assert [row["requirement_id"] for row in care] == ["a1"]


def test_a_number_too_large_to_write_is_null(
    tmp_path: Path, make_database: Callable[[Path], Path]
) -> None:
    path = make_database(tmp_path / "own.db")
    db = open_for_writing(path)
    db.execute("UPDATE quantities SET value = 9e999 WHERE requirement_id = 'b1'")
    db.conn.close()
    row = next(row for row in rows_of(path) if row["id"] == "b1")
    assert [quantity["value"] for quantity in row["quantities"]] == [None, None, None]
