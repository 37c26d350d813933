"""Codes, numbers and dates in plain words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.wording import (
    CHANGED,
    RELATIONS,
    amount_words,
    count_words,
    date_words,
    quantity_words,
    relation_words,
    target_words,
    value_words,
    year_words,
)


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


def test_targets_of_one_measure_do_not_repeat_it() -> None:
    row = {
        "deadline": None,
        "quantities": [
            quantity(value=70, metric="seen in 4 hours", deadline="2026-03-31"),
            quantity(value=80, metric="seen in 4 hours", deadline="2027-03-31"),
        ],
    }
    assert target_words(row) == ("70% by 31 March 2026", "80% by 31 March 2027")


@pytest.mark.parametrize(
    ("value", "unit", "kind", "words"),
    [
        pytest.param(3.2, None, "percentage", "3.2%", id="decimals"),
        pytest.param(30e9, None, "money", "£30bn", id="billions"),
        pytest.param(1.0, "hours", None, "1 hour", id="one-hour-of-no-kind"),
        pytest.param(50.0, "per 100,000", "rate", "50 per 100,000", id="rate"),
        pytest.param(1250.0, None, "count", "1,250", id="whole-number"),
        pytest.param(None, "%", None, "", id="none"),
        pytest.param(-0.00001, None, None, "0", id="nearly-nothing"),
    ],
)
def test_amount_words(value: float | None, unit: str | None, kind: str | None, words: str) -> None:
    assert amount_words(value, unit=unit, kind=kind) == words


@pytest.mark.parametrize(
    ("value", "high", "comparator", "unit", "words"),
    [
        pytest.param(78.0, None, ">=", "%", "at least 78%", id="at-least"),
        pytest.param(92.0, None, "<=", "%", "at most 92%", id="at-most"),
        pytest.param(6.0, 7.0, "range", "%", "6% to 7%", id="range"),
        pytest.param(40.0, 50.0, "range", "beds", "40 to 50 beds", id="range-with-unit"),
        pytest.param(None, None, None, None, "", id="none"),
    ],
)
def test_value_words(
    value: float | None, high: float | None, comparator: str | None, unit: str | None, words: str
) -> None:
    assert value_words(value, high, comparator, kind=None, unit=unit) == words


@pytest.mark.parametrize(
    ("years", "words"),
    [("2025/26", "2025/26"), ("2026/27-2028/29", "2026/27 to 2028/29"), (None, "")],
)
def test_year_words(years: str | None, words: str) -> None:
    assert year_words(years) == words


def test_a_count_agrees_with_its_noun() -> None:
    assert [count_words(n, "reply", "replies") for n in (0, 1, 12_345)] == [
        "0 replies",
        "1 reply",
        "12,345 replies",
    ]


def test_every_relation_has_words() -> None:
    assert [relation_words(name) for name in ("target_changed", "same", "mentions")] == [
        "Target changed",
        "Same",
        "Mentions",
    ]
    assert set(CHANGED) < set(RELATIONS)
