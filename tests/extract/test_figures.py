"""Numbers as quantities: whose measure they are, and which date is theirs."""

from __future__ import annotations

import pytest

from pipeline.extract import ExtractionModels
from tests.extract.helpers import read

_FLU = "Vaccination against flu begins in September."


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        pytest.param(
            "By March 2027 the share must reach 70%; by March 2029 a share of 92% must be met.",
            ["2027-03-31", "2029-03-31"],
            id="dates-lead",
        ),
        pytest.param(
            "By June 2025 trusts must have 20% in place, and by March 2026 all 50%.",
            ["2025-06-30", "2026-03-31"],
            id="dates-lead-with-and",
        ),
        pytest.param(
            "By March 2027, systems must see 70% and treat 60%, and by March 2029 92%.",
            ["2027-03-31", "2027-03-31", "2029-03-31"],
            id="one-date-for-two-numbers",
        ),
        pytest.param(
            "Systems must reach 70% by March 2027 and 92% by March 2029.",
            ["2027-03-31", "2029-03-31"],
            id="near-miss-dates-follow",
        ),
        pytest.param(
            "Trusts must publish a plan by May 2025 and reach 80% by March 2026.",
            ["2026-03-31"],
            id="near-miss-first-date-without-a-number",
        ),
    ],
)
def test_which_date_is_a_numbers_own(text: str, dates: list[str], models: ExtractionModels) -> None:
    found = [f.quantity.deadline for f in read(models, text).figures]
    assert [day.isoformat() if day else None for day in found] == dates


@pytest.mark.parametrize(
    ("text", "tied"),
    [
        pytest.param("Trusts must see that uptake is no lower than 85%.", True, id="bare-word"),
        pytest.param("It must reach at least 85% of staff.", True, id="pronoun"),
        pytest.param(
            "At least 85% of consultants must have a job plan.",
            False,
            id="near-miss-another-matter",
        ),
        pytest.param(
            "Trusts must have at least two clinics on each site, and keep them open.",
            False,
            id="near-miss-count-has-its-noun",
        ),
    ],
)
def test_a_measure_of_the_sentence_before_is_gone_on_about(
    text: str, tied: bool, models: ExtractionModels
) -> None:
    (figure,) = read(models, f"{_FLU} {text}").figures
    assert (figure.quantity.measure == "flu-vaccination") is tied
