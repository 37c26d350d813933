"""Whose requirement it is, and who is named as wanting it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.extract import ExtractionModels
from pipeline.records import Kind, Requirement
from tests.extract.helpers import read


def _first(models: ExtractionModels, *passages: str | tuple[str, ...], kind: Kind) -> Requirement:
    """The first requirement, by the rules alone: no weight of the classifier is tested here."""
    return read(replace(models, classifier=None), *passages, kind=kind).requirements[0]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        pytest.param("The rules say that marinas must keep a log.", True, id="rules-say"),
        pytest.param("We say that marinas must keep a log.", False, id="we-say"),
        pytest.param("Marinas are required to keep a log.", True, id="passive"),
        pytest.param("You are required to keep a log.", False, id="reader"),
        pytest.param("Marinas should have 5% of berths free.", True, id="should-with-number"),
        pytest.param("Marinas should look again at their berths.", False, id="should-without"),
        pytest.param("Marinas need to find 5% more berths.", True, id="need-with-number"),
        pytest.param("Marinas need to find their nerve.", False, id="need-without"),
        pytest.param("Ministers must publish the table by May 2026.", False, id="told-to-powers"),
        pytest.param("Marinas must publish the table by May 2026.", True, id="told-to-others"),
        pytest.param("“Marinas must tidy their sheds,” she wrote.", True, id="quoted"),
        pytest.param("My advice is that marinas must tidy their sheds.", False, id="my-advice"),
        pytest.param("The department will publish a table in May.", True, id="their-promise"),
        pytest.param("We will publish a table in May.", False, id="own-promise"),
        pytest.param("Please send us your table by Friday.", False, id="request"),
        pytest.param("Marinas that propose cuts must say so.", False, id="bearer-says"),
    ],
)
def test_commentary(text: str, reported: bool, models: ExtractionModels) -> None:
    assert _first(models, text, kind=Kind.COMMENTARY).reported is reported


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        pytest.param("Every council must publish its table.", True, id="everybody"),
        pytest.param("Team leaders must publish the table.", False, id="own-house"),
        pytest.param("The board is asked to note the table.", False, id="meeting"),
        pytest.param("The regulator has asked us to publish the table.", True, id="asked-of-us"),
        pytest.param("The chair has asked us to publish the table.", False, id="asked-inside"),
        pytest.param("It was agreed that the clerk would write to the mayor.", False, id="agreed"),
        pytest.param(
            "The regulator said that every site must have a lead.", True, id="said-outside"
        ),
        pytest.param(
            "Under the new regulations the clerk must keep a log.", True, id="under-regulations"
        ),
        pytest.param("The regulations mean that staff must keep a log.", True, id="rules-mean"),
        pytest.param("The leak means that staff must mop the floor.", False, id="leak-means"),
        pytest.param("Under the new roof the clerk must keep a log.", False, id="under-a-roof"),
        pytest.param("Ward teams are reminded that logs must be kept.", False, id="reminded"),
        pytest.param(
            "Team leaders should tidy 90% of their sheds.", False, id="own-house-with-number"
        ),
        pytest.param("We must listen to crews who say that it leaks.", False, id="relative"),
        pytest.param("The parish has promised to mend it.", True, id="promise-outside"),
        pytest.param("The sports division aims to mend it.", False, id="aim-inside"),
        pytest.param("The council must keep a log.", True, id="house-bound"),
        pytest.param("The council should keep a log.", False, id="house-advised"),
        pytest.param("At least 90% of sheds should be tidy.", True, id="standard-of-no-one"),
        pytest.param("The sheds should be tidy.", False, id="advice-of-no-one"),
    ],
)
def test_board_paper(text: str, reported: bool, models: ExtractionModels) -> None:
    assert _first(models, text, kind=Kind.BOARD_PAPER).reported is reported


@pytest.mark.parametrize(
    ("passage", "by"),
    [
        pytest.param("The rulebook says that marinas must keep a log.", None, id="no-body"),
        pytest.param(
            "The regulator says that marinas must keep a log.", "The regulator", id="body"
        ),
        pytest.param(
            "Marinas have been told by the regulator to keep a log.", "the regulator", id="agent"
        ),
        pytest.param("Marinas have been told to keep a log.", None, id="nobody-named"),
        pytest.param(
            "The level set last year by the council must hold.", "the council", id="participle"
        ),
        pytest.param(
            ("NHS England says that marinas must:", "keep a log"), "NHS England", id="lead-in"
        ),
        pytest.param(("Marinas must:", "keep a log"), None, id="bare-lead-in"),
        pytest.param(("The regulator is asked to:", "keep a log"), None, id="asked-itself"),
        pytest.param("Marinas must listen to crews who say that it leaks.", None, id="aside"),
    ],
)
def test_reported_by(
    passage: str | tuple[str, ...], by: str | None, models: ExtractionModels
) -> None:
    assert _first(models, passage, kind=Kind.COMMENTARY).reported_by == by
