"""Commands behind a label or in a later cell of a row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.extract import ExtractionModels, extract
from pipeline.records import Modality, PassageKind, Requirement
from tests.extract.helpers import document_of, read


def _row(models: ExtractionModels, text: str) -> tuple[Requirement, ...]:
    document = document_of(text)
    rows = tuple(replace(p, kind=PassageKind.TABLE_ROW) for p in document.passages)
    return extract(replace(document, passages=rows), models=models).requirements


@pytest.mark.parametrize(
    ("row", "modality"),
    [
        pytest.param(
            "Discharge | Increase weekend discharges to 80% of weekdays by March 2026",
            "obligation",
            id="command-in-second-cell",
        ),
        pytest.param(
            "14 May 2025 | Send the signed return to the regional office",
            "obligation",
            id="command-behind-a-date",
        ),
        pytest.param(
            "Estates | Do not sign new leases | All trusts", "prohibition", id="forbidding-cell"
        ),
        pytest.param(
            "Workforce | To be completed by every trust | Spreadsheet",
            "obligation",
            id="to-be-completed-by",
        ),
    ],
)
def test_row_commands(row: str, modality: str, models: ExtractionModels) -> None:
    found = _row(models, row)
    assert [r.modality for r in found] == [Modality(modality)]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("Access to care | Good | Poor", id="noun-that-is-a-verb"),
        pytest.param("14 May 2025 | Report published", id="what-happens"),
        pytest.param("Ability to recruit | Fair", id="ability"),
    ],
)
def test_rows_without_commands(row: str, models: ExtractionModels) -> None:
    assert not _row(models, row)


def test_label_is_no_part_of_the_command(models: ExtractionModels) -> None:
    found = read(
        models,
        ("We ask trusts to:", "Safety and quality – keep a record of every fall on a ward"),
    ).requirements
    assert [(r.modality, r.bearer) for r in found] == [(Modality.OBLIGATION, "trusts")]


def test_label_alone_is_no_command(models: ExtractionModels) -> None:
    found = read(models, ("These are the themes:", "Support. Wards were full in May.")).requirements
    assert not found


@pytest.mark.parametrize(
    ("item", "bearer"),
    [
        pytest.param("Trusts to publish a summary for the public", "Trusts", id="body-to-do"),
        pytest.param(
            "Templates to be returned by every council", "every council", id="thing-to-be-done"
        ),
    ],
)
def test_headline_items(item: str, bearer: str, models: ExtractionModels) -> None:
    found = read(models, ("These are the actions:", item)).requirements
    assert [(r.modality, r.bearer) for r in found] == [(Modality.OBLIGATION, bearer)]


@pytest.mark.parametrize(
    "item",
    [
        pytest.param("Ability to recruit nurses in rural areas", id="ability-to-do"),
        pytest.param("A plan to open two wards was dropped", id="noun-to-do-was"),
    ],
)
def test_infinitives_that_are_no_headlines(item: str, models: ExtractionModels) -> None:
    assert not read(models, ("These are the themes:", item)).requirements


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param(
            "Minimise delays between ambulance and ward, seeing that 65% of them take a quarter of "
            "an hour.",
            "obligation",
            id="taken-for-a-noun",
        ),
        pytest.param("Thank you for the work that you do.", None, id="near-miss-thanks"),
        pytest.param("Staff plans cover the year.", None, id="near-miss-a-noun-that-is-a-verb"),
        pytest.param("Delivering it well takes time.", None, id="near-miss-gerund"),
    ],
)
def test_what_can_be_nothing_but_a_verb_commands(
    text: str, modality: str | None, models: ExtractionModels
) -> None:
    found = read(models, text).requirements
    assert [r.modality.value for r in found] == ([modality] if modality else [])


def test_an_item_that_opens_with_a_mere_verb_has_no_subject(models: ExtractionModels) -> None:
    items = ("Systems are asked to do the following:", "Accelerate plans to train more staff.")
    (found,) = read(models, items).requirements
    assert (found.modality, found.bearer) == (Modality.OBLIGATION, "Systems")
