"""What the columns of a table are for, and when what stands in them is due."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.extract.deadlines import DateContext
from pipeline.extract.table_columns import Use, column_at, is_of_facts, row_deadline
from pipeline.records import PlanningYears

ONE_YEAR = DateContext(published=date(2025, 1, 30), planning_years=PlanningYears.parse("2025/26"))
THREE_YEARS = DateContext(
    published=date(2025, 1, 30), planning_years=PlanningYears.parse("2025/26-2027/28")
)

HEADINGS = [
    pytest.param("Baseline", Use.FACT, None, id="baseline"),
    pytest.param("Baseline (target year 2024)", Use.FACT, None, id="baseline-with-an-aside"),
    pytest.param("Position at December 2024", Use.FACT, None, id="position"),
    pytest.param("Performance against standard", Use.FACT, None, id="against-a-standard"),
    pytest.param("Forecast outturn", Use.FACT, None, id="forecast"),
    pytest.param("2023/24", Use.FACT, None, id="year-before-the-plan"),
    pytest.param("Target", Use.AIM, None, id="target"),
    pytest.param("Current target", Use.AIM, None, id="current-target"),
    pytest.param("Expected level by March 2026", Use.AIM, "2026-03-31", id="by"),
    pytest.param("Plan 2026/27", Use.AIM, "2027-03-31", id="plan-of-a-year"),
    pytest.param("2026/27", Use.AIM, "2027-03-31", id="year-alone"),
    pytest.param("Q3", Use.AIM, "2025-12-31", id="quarter-alone"),
    pytest.param("Improvement by March 2026", Use.CHANGE, "2026-03-31", id="improvement"),
    pytest.param("Measure", Use.UNTOLD, None, id="measure"),
    pytest.param("Lead", Use.UNTOLD, None, id="lead"),
]

ROWS = [
    pytest.param(
        "Uptake | 61% | 70% | 80%",
        ("Measure", "Baseline", "By March 2026", "By March 2027"),
        ("By March 2027", "2027-03-31"),
        id="last-of-several",
    ),
    pytest.param(
        "Uptake | 61% | 70% | to be set",
        ("Measure", "Baseline", "By March 2026", "By March 2027"),
        ("By March 2026", "2026-03-31"),
        id="last-with-a-number",
    ),
    pytest.param(
        "Uptake | 61% | 70%",
        ("Elective care", "Measure", "Position in March 2024", "Q4"),
        ("Q4", "2026-03-31"),
        id="labels-before-the-headings",
    ),
    pytest.param(
        "Uptake | 61%", ("Measure", "Position in March 2024"), None, id="no-date-of-a-fact"
    ),
    pytest.param("Uptake | 61% | 70%", ("By March 2026",), None, id="fewer-labels-than-cells"),
    pytest.param("Report it", ("By March 2026",), None, id="one-cell"),
    pytest.param("Uptake | 70%", ("Measure", "2025/26"), None, id="year-of-the-plan-alone"),
    pytest.param(
        "Uptake | 70% | 80%",
        ("Measure", "2025/26", "2026/27"),
        ("2026/27", "2027-03-31"),
        id="years-of-the-plan",
    ),
]


@pytest.mark.parametrize(("heading", "use", "due"), HEADINGS)
def test_reads_a_heading(heading: str, use: Use, due: str | None) -> None:
    column = column_at("Uptake | 70%", ("Measure", heading), 10, context=ONE_YEAR)
    assert column is not None
    assert column.use is use
    day = column.due.date if column.due else None
    assert (day.isoformat() if day else None) == due
    assert is_of_facts(heading, context=ONE_YEAR) == (use is Use.FACT)


@pytest.mark.parametrize(("text", "labels", "expected"), ROWS)
def test_dates_a_row_by_its_headings(
    text: str, labels: tuple[str, ...], expected: tuple[str, str] | None
) -> None:
    found = row_deadline(text, labels, context=ONE_YEAR)
    assert (found and (found.text, found.date and found.date.isoformat())) == expected


def test_a_year_of_a_longer_plan_is_a_date() -> None:
    found = row_deadline("Uptake | 70%", ("Measure", "2025/26"), context=THREE_YEARS)
    assert found is not None
    assert found.date == date(2026, 3, 31)


CELLS = [
    pytest.param("Uptake | Reach 70% | 52% at present", Use.FACT, id="at-present"),
    pytest.param("Uptake | Reach 70% | 52% in 2023/24", Use.FACT, id="year-gone-by"),
    pytest.param("Uptake | Reach 70% | 52% in 2026/27", Use.UNTOLD, id="year-to-come"),
    pytest.param("Uptake | Reach 70% | 52% of wards", Use.UNTOLD, id="no-time"),
]


@pytest.mark.parametrize(("text", "use"), CELLS)
def test_a_cell_may_say_itself_that_it_tells_a_fact(text: str, use: Use) -> None:
    labels = ("Area", "Deliverable", "Measure")
    column = column_at(text, labels, text.index("52%"), context=ONE_YEAR)
    assert column is not None
    assert column.use is use


def test_the_first_cell_has_no_column() -> None:
    assert column_at("65 and over | 70%", ("Group", "Target"), 0, context=ONE_YEAR) is None
