"""Codes, numbers and dates in plain words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.export.wording import amount_words, date_words, quantity_words, target_words


def quantity(**given: Any) -> dict[str, Any]:
    """A Quantity as a row has it."""
    common = {
        "text": "x", "kind": "percentage", "value": 78, "high": None, "unit": None,
        "comparator": "=", "role": "target", "metric": None, "measure": None, "deadline": None,
    }  # fmt: skip
    return common | given


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        pytest.param({}, "78%", id="percentage"),
        pytest.param({"comparator": ">="}, "at least 78%", id="at-least"),
        pytest.param({"comparator": "<=", "value": 7.5}, "at most 7.5%", id="at-most"),
        pytest.param({"comparator": "range", "high": 80}, "78% to 80%", id="range"),
        pytest.param(
            {"kind": "count", "comparator": "range", "value": 40, "high": 50, "unit": "beds"},
            "40 to 50 beds",
            id="range-with-unit",
        ),
        pytest.param(
            {"kind": "percentage_points", "value": 5, "role": "change", "comparator": ">="},
            "by at least 5 percentage points",
            id="change",
        ),
        pytest.param({"kind": "percentage_points", "value": 1}, "1 percentage point", id="one"),
        pytest.param({"kind": "money", "value": 30_000_000_000, "unit": "GBP"}, "£30bn", id="bn"),
        pytest.param({"kind": "money", "value": 2_500_000}, "£2.5m", id="million"),
        pytest.param({"kind": "money", "value": 450}, "£450", id="pounds"),
        pytest.param({"kind": "money", "value": 5, "unit": "per head"}, "£5 per head", id="per"),
        pytest.param({"kind": "duration", "value": 4, "unit": "hours"}, "4 hours", id="hours"),
        pytest.param({"kind": "duration", "value": 1, "unit": "hours"}, "1 hour", id="one-hour"),
        pytest.param({"kind": "rate", "value": 12, "unit": "per 1,000"}, "12 per 1,000", id="rate"),
        pytest.param({"kind": "count", "value": 100_000}, "100,000", id="count"),
        pytest.param({"value": None, "text": "a great deal"}, "a great deal", id="no-value"),
    ],
)
def test_quantity_words(given_: dict[str, Any], wanted: str) -> None:
    assert quantity_words(quantity(**given_)) == wanted


@pytest.mark.parametrize(
    ("value", "unit", "wanted"),
    [(65, "%", "65%"), (2e6, "£", "£2m"), (30, "minutes", "30 minutes"), (7, None, "7")],
)
def test_amounts_whose_kind_the_unit_tells(value: float, unit: str | None, wanted: str) -> None:
    assert amount_words(value, unit=unit) == wanted


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("2026-03-31", "31 March 2026"),
        ("2025-02-03T10:00:00", "3 February 2025"),
        (date(2025, 12, 1), "1 December 2025"),
        ("by Easter", "by Easter"),
        (None, ""),
    ],
)
def test_date_words(given_: str | date | None, wanted: str) -> None:
    assert date_words(given_) == wanted


def test_targets_name_their_dates_and_measures() -> None:
    row = {
        "deadline": {"text": "by March 2026", "date": "2026-03-31"},
        "quantities": [
            quantity(comparator=">=", metric="seen in 4 hours"),
            quantity(value=5, role="change", metric="long waits", deadline="2025-09-30"),
            quantity(value=4, role="threshold", metric="hours"),
            quantity(value=71, role="statistic"),
        ],
    }
    assert target_words(row) == (
        "at least 78% (seen in 4 hours) by 31 March 2026",
        "by 5% (long waits), by 30 September 2025",
    )


def test_a_single_target_does_not_repeat_what_it_measures() -> None:
    row = {"deadline": None, "quantities": [quantity(metric="seen in 4 hours")]}
    assert target_words(row) == ("78%",)
