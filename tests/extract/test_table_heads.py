"""What headings say of the figures below them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.extract.deadlines import DateContext
from pipeline.extract.quantity_rules import WordList, quantity_rules
from pipeline.extract.table_heads import heads_marks, is_head, is_time, read_head
from pipeline.records import Kind, PlanningYears, Role

_CONTEXT = DateContext(published=date(2025, 1, 30), planning_years=PlanningYears.parse("2025/26"))
_TARGET, _FACT, _CHANGE = Role.TARGET, Role.STATISTIC, Role.CHANGE


@pytest.mark.parametrize(
    ("texts", "role", "due"),
    [
        pytest.param(("2025/26",), _TARGET, "2026-03-31", id="year-planned-for"),
        pytest.param(("2024/25",), _FACT, "2025-03-31", id="year-before"),
        pytest.param(("2024/25 target",), _TARGET, "2025-03-31", id="old-target"),
        pytest.param(("2028/29",), _TARGET, "2029-03-31", id="later-year"),
        pytest.param(("March 2026",), _TARGET, "2026-03-31", id="month"),
        pytest.param(("Mar-26",), _TARGET, "2026-03-31", id="short-month"),
        pytest.param(("Aug 24",), _FACT, "2024-08-31", id="short-month-past"),
        pytest.param(("FY27",), _TARGET, "2027-03-31", id="fy"),
        pytest.param(("2026/27 to 2028/29",), _TARGET, "2029-03-31", id="span-of-years"),
        pytest.param(("Required by March 2028",), _TARGET, "2028-03-31", id="required-by"),
        pytest.param(("Position at November 2024",), _FACT, "2024-11-30", id="position"),
        pytest.param(("Baseline (July 2024)",), _FACT, "2024-07-31", id="baseline"),
        pytest.param(("Target (baseline 2023/24)",), _TARGET, None, id="near-miss-baseline-aside"),
        pytest.param(("Forecast outturn 2025/26",), _FACT, "2026-03-31", id="forecast"),
        pytest.param(("Ambition", "2026/27"), _TARGET, "2027-03-31", id="two-rows"),
        pytest.param(("2025/26", "Q3"), _TARGET, "2025-12-31", id="quarter-under-year"),
        pytest.param(("2026/27", "Feb"), _TARGET, "2027-02-28", id="month-under-year"),
        pytest.param(("2026/27", "June"), _TARGET, "2026-06-30", id="month-early-in-year"),
        pytest.param(("2025/26", "Actual"), _FACT, "2026-03-31", id="actual-under-year"),
        pytest.param(("Operating standard",), _TARGET, None, id="standard"),
        pytest.param(("Distance from target",), _FACT, None, id="against-target"),
        pytest.param(("Improvement required",), _CHANGE, None, id="improvement"),
        pytest.param(("Measure",), None, None, id="near-miss-measure"),
        pytest.param(("Four-hour performance",), None, None, id="near-miss-name-of-measure"),
        pytest.param(("Patients seen",), None, None, id="near-miss-seen"),
    ],
)
def test_headings_of_guidance(texts: tuple[str, ...], role: Role | None, due: str | None) -> None:
    head = read_head(texts, context=_CONTEXT, kind=Kind.GUIDANCE)
    assert head.role is role
    found = head.due.date.isoformat() if head.due is not None and head.due.date else None
    assert found == due


@pytest.mark.parametrize(
    ("text", "role"),
    [
        pytest.param("Ambition", _TARGET, id="ambition"),
        pytest.param("Oct 24", _FACT, id="month-past"),
        pytest.param("2025/26 plan", _TARGET, id="plan"),
        pytest.param("2025/26", None, id="near-miss-year-to-come"),
    ],
)
def test_headings_of_a_board_paper(text: str, role: Role | None) -> None:
    assert read_head((text,), context=_CONTEXT, kind=Kind.BOARD_PAPER).role is role


@pytest.mark.parametrize(
    ("text", "when"),
    [
        pytest.param("2026/27", "in 2026/27", id="year"),
        pytest.param("March 2026", "by March 2026", id="month"),
        pytest.param("Required by March 2028", "by March 2028", id="own-words"),
        pytest.param("Measure", None, id="none"),
    ],
)
def test_the_time_of_a_heading_in_words(text: str, when: str | None) -> None:
    assert read_head((text,), context=_CONTEXT, kind=Kind.GUIDANCE).when == when


@pytest.mark.parametrize(
    ("text", "head", "time"),
    [
        pytest.param("2026/27", True, True, id="year"),
        pytest.param("Target for March 2026", True, True, id="target-and-month"),
        pytest.param("Baseline", True, False, id="standing-without-time"),
        pytest.param("27 March 2026 (noon)", False, True, id="day-with-hour"),
        pytest.param("Waits in March 2026", False, False, id="near-miss-measure"),
        pytest.param("Elective care", False, False, id="near-miss-words"),
    ],
)
def test_cells_that_are_headings_or_times(text: str, head: bool, time: bool) -> None:
    assert is_head(text, context=_CONTEXT) is head
    assert is_time(text, context=_CONTEXT) is time


@pytest.mark.parametrize(
    ("name", "role"),
    [("target_heads", _TARGET), ("fact_heads", _FACT), ("change_heads", _CHANGE)],
)
def test_words_of_headings(name: str, role: Role) -> None:
    words: WordList = getattr(quantity_rules(), name)
    assert read_head((words.hit,), context=_CONTEXT, kind=Kind.GUIDANCE).role is role
    assert read_head((words.near_miss,), context=_CONTEXT, kind=Kind.GUIDANCE).role is not role


def test_words_of_owners_dates_and_marks() -> None:
    rules = quantity_rules()

    def owner(text: str) -> bool:
        return read_head((text,), context=_CONTEXT, kind=Kind.GUIDANCE).owner

    def deadline(text: str) -> bool:
        return read_head((text,), context=_CONTEXT, kind=Kind.GUIDANCE).deadline

    assert owner(rules.owner_heads.hit)
    assert not owner(rules.owner_heads.near_miss)
    assert deadline(rules.due_heads.hit)
    assert not deadline(rules.due_heads.near_miss)
    assert heads_marks((rules.mark_heads.hit,))
    assert not heads_marks((rules.mark_heads.near_miss,))
