"""Records: planning years and stable keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import PlanningYears, stable_id


@pytest.mark.parametrize(
    ("text", "label"),
    [
        pytest.param("2025/26", "2025/26", id="slash"),
        pytest.param("2025-26", "2025/26", id="hyphen"),
        pytest.param("2025–2026", "2025/26", id="four-digits"),
        pytest.param("2026/27-2028/29", "2026/27-2028/29", id="several"),
        pytest.param("2026/27 to 2028/29", "2026/27-2028/29", id="to"),
    ],
)
def test_planning_year_is_read(text: str, label: str) -> None:
    assert str(PlanningYears.parse(text)) == label


@pytest.mark.parametrize("text", ["2025", "2025/27", "25/26", "2028/29-2026/27", "next year", ""])
def test_what_is_no_planning_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"planning year|financial year"):
        PlanningYears.parse(text)


@given(st.integers(1990, 2090), st.integers(0, 5))
def test_planning_years_read_what_they_write(first: int, more: int) -> None:
    years = PlanningYears(first=first, last=first + more)
    assert PlanningYears.parse(str(years)) == years
    assert len(years.labels) == more + 1


def test_keys_of_different_parts_differ() -> None:
    assert stable_id("ab", "c") != stable_id("a", "bc")
    assert stable_id("a", None) != stable_id("a", "None")
    assert stable_id("a", 1) == stable_id("a", 1)
