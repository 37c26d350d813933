"""Rows of tables: what each figure is for and by when, and the row as a sentence."""

from __future__ import annotations

import pytest

from pipeline.extract import ExtractionModels
from pipeline.records import Kind, Passage, QuantityKind
from tests.extract.helpers import read_row_of, row_of

_YEARS = ("Measure", "2025/26", "2026/27", "2028/29")
_WAITS = "Patients waiting under 18 weeks"

Told = list[tuple[str, str, str | None]]


def _told(models: ExtractionModels, row: Passage, kind: Kind = Kind.GUIDANCE) -> Told:
    """Each number with its role and its own deadline."""
    return [
        (
            figure.quantity.text,
            figure.quantity.role.value,
            figure.quantity.deadline.isoformat() if figure.quantity.deadline else None,
        )
        for figure in read_row_of(models, row, kind=kind).figures
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param(
            row_of(_WAITS, "65%", "70%", "92%", heads=_YEARS),
            [
                ("under 18 weeks", "threshold", None),
                ("65%", "target", "2026-03-31"),
                ("70%", "target", "2027-03-31"),
                ("92%", "target", "2029-03-31"),
            ],
            id="a-target-a-year",
        ),
        pytest.param(
            row_of(_WAITS, "65%", "–", "92%", heads=_YEARS),
            [
                ("under 18 weeks", "threshold", None),
                ("65%", "target", "2026-03-31"),
                ("92%", "target", "2029-03-31"),
            ],
            id="dash",
        ),
        pytest.param(
            row_of(_WAITS, "", "70%", "92%", heads=_YEARS),
            [
                ("under 18 weeks", "threshold", None),
                ("70%", "target", "2027-03-31"),
                ("92%", "target", "2029-03-31"),
            ],
            id="empty-cell-keeps-columns",
        ),
        pytest.param(
            row_of("Dementia diagnosis rate", "65.1%", "66.7%", heads=("", "2024/25", "2025/26")),
            [("65.1%", "statistic", None), ("66.7%", "target", "2026-03-31")],
            id="year-before-is-a-fact",
        ),
        pytest.param(
            row_of(
                "Dementia diagnosis rate",
                "66.7%",
                "65.1%",
                heads=("Measure", "Required", "Sector average, 2023/24"),
            ),
            [("66.7%", "target", None), ("65.1%", "statistic", None)],
            id="target-before-fact",
        ),
        pytest.param(
            row_of(
                "Calls answered",
                "90%",
                "95%",
                heads=("Measure", ("Ambition", "Q2"), ("Ambition", "March 2026")),
            ),
            [
                ("90%", "target", "2025-09-30"),
                ("95%", "target", "2026-03-31"),
            ],
            id="two-header-rows",
        ),
        pytest.param(
            row_of("Fall in sickness", "1%", "2%", heads=("Measure", "2025/26", "2026/27")),
            [("1%", "change", "2026-03-31"), ("2%", "change", "2027-03-31")],
            id="change-named-in-the-label",
        ),
        pytest.param(
            row_of("Falls on wards", "1%", "2%", heads=("Measure", "2025/26", "2026/27")),
            [("1%", "target", "2026-03-31"), ("2%", "target", "2027-03-31")],
            id="near-miss-falls",
        ),
        pytest.param(
            row_of("2026/27", "82%", "80%", heads=("Year", "Seen on time", "Told on time")),
            [("82%", "target", "2027-03-31"), ("80%", "target", "2027-03-31")],
            id="years-down-the-side",
        ),
        pytest.param(
            row_of("Baseline 2024/25", "74%", "70%", heads=("", "Seen on time", "Told on time")),
            [("74%", "statistic", None), ("70%", "statistic", None)],
            id="baseline-down-the-side",
        ),
        pytest.param(
            row_of("National standard", "82%", "85%", heads=("Measure", "2025/26", "2026/27")),
            [("82%", "target", "2026-03-31"), ("85%", "target", "2027-03-31")],
            id="near-miss-standing-beside-years",
        ),
        pytest.param(
            row_of("Workforce", "Reduce agency spending by a third", heads=("Area", "2025/26")),
            [("a third", "change", "2026-03-31")],
            id="a-cell-of-words-is-a-sentence",
        ),
        pytest.param(
            row_of(
                "Improve waiting times",
                "Under 9% of patients over 12 hours",
                "Reach 85% on average across all trusts and every month of the year",
                heads=("Measure", "2026/27 target", "2028/29 target"),
            ),
            [
                ("Under 9%", "target", "2027-03-31"),
                ("over 12 hours", "threshold", None),
                ("85%", "target", "2029-03-31"),
            ],
            id="words-and-figures-under-years",
        ),
        pytest.param(
            row_of("Trusts must cut spending", "by 30%", heads=("Measure", "2025/26")),
            [("30%", "change", "2026-03-31")],
            id="by-so-much",
        ),
        pytest.param(
            row_of(
                "Improve waiting times",
                "Reach 85% on average across all trusts and every month of the year",
                heads=("Measure", "Comment"),
            ),
            [("85%", "target", None)],
            id="near-miss-words-under-no-year",
        ),
        pytest.param(
            row_of("3", "Minutes of the last meeting", "9.45", heads=("Item", "Subject", "Time")),
            [],
            id="marks-and-hours",
        ),
        pytest.param(
            row_of("Northfield", "3", "9.45", heads=("System", "Sites", "Beds per ward")),
            [("3", "statistic", None), ("9.45", "target", None)],
            id="near-miss-no-marks",
        ),
    ],
)
def test_numbers_of_a_row(row: Passage, told: Told, models: ExtractionModels) -> None:
    assert _told(models, row) == told


def test_a_board_papers_months_are_facts_beside_the_target(models: ExtractionModels) -> None:
    row = row_of("Seen on time", "78%", "74%", "75%", heads=("", "Ambition", "Aug 24", "Sep 24"))
    assert _told(models, row, Kind.BOARD_PAPER) == [
        ("78%", "target", None),
        ("74%", "statistic", None),
        ("75%", "statistic", None),
    ]
    assert read_row_of(models, row, kind=Kind.BOARD_PAPER).requirements == ()


def test_a_fact_is_due_at_no_time(models: ExtractionModels) -> None:
    row = row_of("Dementia diagnosis rate", "65%", "67%", heads=("", "Baseline", "March 2026"))
    fact, target = read_row_of(models, row).figures
    assert fact.deadline is None
    assert target.deadline is not None


@pytest.mark.parametrize(
    ("label", "head", "kind", "value", "unit"),
    [
        pytest.param(
            "Mean response, minutes", "2025/26", QuantityKind.DURATION, 24, "minutes", id="label"
        ),
        pytest.param(
            "Northfield", "Efficiency target (£m)", QuantityKind.MONEY, 24e6, "GBP", id="own-head"
        ),
        pytest.param("Waits", "Target (%)", QuantityKind.PERCENTAGE, 24, None, id="per-cent"),
        pytest.param(
            "Minutes of meetings kept", "2025/26", QuantityKind.COUNT, 24, None, id="near-miss"
        ),
    ],
)
def test_units_that_headings_tell(
    label: str,
    head: str,
    kind: QuantityKind,
    value: float,
    unit: str | None,
    models: ExtractionModels,
) -> None:
    (figure,) = read_row_of(models, row_of(label, "24", heads=("Measure", head))).figures
    quantity = figure.quantity
    assert (quantity.kind, quantity.value, quantity.unit) == (kind, value, unit)


def test_a_unit_belongs_to_the_column_that_it_heads(models: ExtractionModels) -> None:
    row = row_of("Northfield", "24", "7", heads=("System", "Target (£m)", "Sites planned"))
    kinds = [figure.quantity.kind for figure in read_row_of(models, row).figures]
    assert kinds == [QuantityKind.MONEY, QuantityKind.COUNT]


@pytest.mark.parametrize(
    ("row", "due"),
    [
        pytest.param(row_of(_WAITS, "65%", "70%", "92%", heads=_YEARS), "2029-03-31", id="last"),
        pytest.param(
            row_of("Plans", "Submit them to the region", heads=("What", "Needed by 20 March 2025")),
            "2025-03-20",
            id="heading-over-words",
        ),
        pytest.param(
            row_of("Publish a winter plan", "Trusts", "Q3 2025/26", heads=("", "Lead", "By when")),
            "2025-12-31",
            id="column-of-dates",
        ),
        pytest.param(
            row_of(
                "Tests within six weeks",
                "95%",
                heads=("Standard", "Level"),
                caption="Table 4: standards to be met by March 2026",
            ),
            "2026-03-31",
            id="caption",
        ),
        pytest.param(
            row_of(
                "Tests within six weeks",
                "95%",
                heads=("Standard", "Level"),
                caption="Table 4: standards in the guidance for 2025/26",
            ),
            None,
            id="near-miss-caption-names-the-plan",
        ),
        pytest.param(
            row_of("Tests within six weeks", "95%", heads=("Standard", "Level")), None, id="none"
        ),
    ],
)
def test_deadline_of_a_row(row: Passage, due: str | None, models: ExtractionModels) -> None:
    (requirement,) = read_row_of(models, row).requirements
    found = requirement.deadline
    assert (found.date.isoformat() if found is not None and found.date else None) == due


@pytest.mark.parametrize(
    ("row", "bearer"),
    [
        pytest.param(
            row_of("Publish a winter plan", "Chief nurse", "May", heads=("Action", "Owner", "Due")),
            "Chief nurse",
            id="owner",
        ),
        pytest.param(
            row_of(
                "Trusts must publish a plan", "Chief nurse", heads=("Action", "Owner of the risk")
            ),
            "Trusts",
            id="near-miss-owner-of-something",
        ),
    ],
)
def test_bearer_of_a_row(row: Passage, bearer: str, models: ExtractionModels) -> None:
    (requirement,) = read_row_of(models, row).requirements
    assert requirement.bearer == bearer


@pytest.mark.parametrize(
    ("row", "statement"),
    [
        pytest.param(
            row_of(_WAITS, "65%", "–", "92%", heads=_YEARS),
            "Patients waiting under 18 weeks: 65% in 2025/26 and 92% in 2028/29.",
            id="years",
        ),
        pytest.param(
            row_of("Patients told in time", "80%", "80%", "80%", heads=_YEARS),
            "Patients told in time: 80% in each of 2025/26, 2026/27 and 2028/29.",
            id="the-same-every-year",
        ),
        pytest.param(
            row_of(
                "Seen on time",
                "74%",
                "78%",
                heads=("Measure", "Baseline (July 2024)", "Target for March 2026"),
                carried=("Urgent care",),
            ),
            "Urgent care – seen on time: 78% by March 2026 (baseline, July 2024: 74%).",
            id="baseline-and-carried-label",
        ),
        pytest.param(
            row_of("Seen on time", "Under 5%", heads=("Measure", "Operating standard")),
            "Seen on time: under 5% (operating standard).",
            id="no-time",
        ),
        pytest.param(
            row_of("Cancer", "Treat 75% of patients in 62 days", heads=("Area", "Objective")),
            "Cancer: treat 75% of patients in 62 days.",
            id="label-and-words",
        ),
        pytest.param(
            row_of(
                "Publish a plan",
                "Chief nurse",
                "May 2025",
                "On track",
                heads=("Action", "Owner", "Due", "Status"),
            ),
            "Publish a plan (owner: Chief nurse; due: May 2025; status: On track).",
            id="action-log",
        ),
        pytest.param(
            row_of("2026/27", "82%", "70%", heads=("Year", "Seen on time", "Told on time")),
            "In 2026/27: Seen on time, 82%; Told on time, 70%.",
            id="years-down-the-side",
        ),
        pytest.param(
            row_of(
                "Improve waiting times",
                "Every trust to reach 65% or gain seven points, whichever is more",
                "85%",
                heads=("Measure", "2026/27 target", "2028/29 target"),
            ),
            "Improve waiting times: in 2026/27, every trust to reach 65% or gain seven points, "
            "whichever is more; in 2028/29, 85%.",
            id="words-under-years",
        ),
        pytest.param(
            row_of("Submit plans to the region", heads=("What is needed by 20 March 2025",)),
            "Submit plans to the region (by 20 March 2025).",
            id="deadline-only-in-the-heading",
        ),
        pytest.param(
            row_of("Submit plans to the region by 20 March 2025", heads=("What is needed",)),
            "Submit plans to the region by 20 March 2025.",
            id="near-miss-deadline-in-the-words",
        ),
    ],
)
def test_statement_of_a_row(row: Passage, statement: str, models: ExtractionModels) -> None:
    found = read_row_of(models, row).requirements
    assert {requirement.statement for requirement in found} == {statement}


def test_measures_across_a_row_are_a_requirement_each(models: ExtractionModels) -> None:
    heads = ("Year", "A&E patients seen in 4 hours", "Cancer patients treated in 62 days")
    found = read_row_of(models, row_of("2026/27", "82%", "80%", heads=heads)).requirements
    assert [requirement.statement for requirement in found] == [
        "A&E patients seen in 4 hours: 82% in 2026/27.",
        "Cancer patients treated in 62 days: 80% in 2026/27.",
    ]


def test_a_noun_of_change_is_no_command(models: ExtractionModels) -> None:
    row = row_of("Rise in productivity", "2%", "2%", heads=("Measure", "2025/26", "2026/27"))
    assert [r.cue for r in read_row_of(models, row).requirements] == ["target"]
    row = row_of("Raise productivity", "2%", "2%", heads=("Measure", "2025/26", "2026/27"))
    assert [r.cue for r in read_row_of(models, row).requirements] == ["imperative"]
