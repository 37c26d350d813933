"""Speech that is passed on: promises of others, minutes, resolutions, what papers require."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.extract import ExtractionModels, extract
from pipeline.extract.minutes import is_minutes
from pipeline.records import Kind
from tests.extract.helpers import document_of

_MEETING = (
    "The chair welcomed the new steward.",
    "Mrs Quill said that the pond was dry.",
    "Mr Reed reported that the boats had been sold.",
    "The committee noted the report.",
    "He thanked the staff.",
)


def _found(
    models: ExtractionModels,
    *passages: str | tuple[str, ...],
    kind: Kind = Kind.BOARD_PAPER,
    last: str | tuple[str, ...],
) -> list[str]:
    """The modalities that the rules find in the last passage."""
    words = last if isinstance(last, str) else last[-1]
    source = document_of(*passages, last, kind=kind)
    found = extract(source, models=replace(models, classifier=None)).requirements
    return [r.modality.value for r in found if r.quote == words]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        pytest.param(" ".join(_MEETING), True, id="minutes"),
        pytest.param("The pond was dry. " * 9 + "Mrs Quill said so.", False, id="a-tale"),
        pytest.param("Boards must say what they asked for. " * 9, False, id="rules"),
        pytest.param(" ".join(_MEETING) + " The boats were old." * 200, False, id="seldom"),
    ],
)
def test_is_minutes(text: str, minutes: bool) -> None:
    assert is_minutes(text) is minutes


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param("Marinas had to keep a log.", "obligation", id="had-to"),
        pytest.param("Marinas were to keep a log.", "obligation", id="were-to"),
        pytest.param("Marinas had until May to send a log.", "obligation", id="had-until"),
        pytest.param("The steward would write to the mayor.", "commitment", id="would"),
        pytest.param("Marinas would have to keep a log.", "obligation", id="would-have-to"),
    ],
)
def test_past_of_minutes(text: str, modality: str, models: ExtractionModels) -> None:
    assert _found(models, *_MEETING, last=text) == [modality]
    assert _found(models, last=text) == []  # elsewhere it is history


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("In the past marinas had to keep a log.", id="history"),
        pytest.param("If it rained, the steward would write to the mayor.", id="supposed"),
        pytest.param("The steward was next to the mayor.", id="was-next-to"),
    ],
)
def test_past_that_minutes_only_tell(text: str, models: ExtractionModels) -> None:
    assert _found(models, *_MEETING, last=text) == []


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param("She said that marinas had to keep a log.", ["obligation"], id="said-had-to"),
        pytest.param("She knew that marinas had to keep a log.", [], id="knew-had-to"),
        pytest.param(
            "The regulator said it would publish a table.", ["commitment"], id="said-it-would"
        ),
        pytest.param("The regulator said it would be ill.", [], id="said-it-would-be"),
        pytest.param(
            "The regulator said it would not close the gate.",
            ["commitment"],
            id="said-it-would-not",
        ),
        pytest.param(
            "She said that staff would be able to claim the fare.", ["permission"], id="would-able"
        ),
        pytest.param("With luck staff would be able to claim the fare.", [], id="able-in-luck"),
        pytest.param(
            "The regulator wrote to marinas, asking them to keep a log.",
            ["obligation"],
            id="asking",
        ),
        pytest.param("Boats came past, asking for tea.", [], id="asking-for-tea"),
    ],
)
def test_speech(text: str, modality: list[str], models: ExtractionModels) -> None:
    assert _found(models, kind=Kind.COMMENTARY, last=text) == modality


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param(
            "The board agreed that the plan be published in May.", ["obligation"], id="agreed"
        ),
        pytest.param("The board agreed that the plan was good.", [], id="agreed-a-view"),
        pytest.param(("Resolved, that:", "the plan be published"), ["obligation"], id="resolved"),
        pytest.param(
            ("The board resolved that:", "no plan be published"), ["prohibition"], id="resolved-no"
        ),
        pytest.param(("The board heard that:", "the plan is good"), [], id="heard"),
        pytest.param("Mrs Quill advised that the club already did.", [], id="advised-a-fact"),
    ],
)
def test_resolution(
    text: str | tuple[str, ...], modality: list[str], models: ExtractionModels
) -> None:
    assert _found(models, last=text) == modality


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param("Travel by air requires approval in advance.", ["obligation"], id="approval"),
        pytest.param("Travel by air requires no approval.", [], id="no-approval"),
        pytest.param("Travel by air requires courage.", [], id="courage"),
        pytest.param("The rules require a log of every boat.", ["obligation"], id="rules"),
        pytest.param("The boats require a coat of paint.", [], id="boats"),
        pytest.param("Marinas remain obliged to keep a log.", ["obligation"], id="remain-obliged"),
        pytest.param("They feared having to keep a log.", [], id="having-to"),
        pytest.param("Firms undertake audits to learn from them.", [], id="undertake-audits"),
        pytest.param("The code calls for 95% of logs to be kept.", ["none"], id="code-calls-for"),
        pytest.param("The clerk calls for 95 porters.", [], id="clerk-calls-for"),
    ],
)
def test_thing_required(text: str, modality: list[str], models: ExtractionModels) -> None:
    assert _found(models, last=text) == modality


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("I'll hand over to Grace.", False, id="hand-over"),
        pytest.param("We'll move on to the accounts.", False, id="move-on"),
        pytest.param("We will move the boats to the yard in May.", True, id="move-boats"),
        pytest.param("I'll ask Grace to say a word.", False, id="ask-grace"),
        pytest.param("I will ask the clerk to publish the accounts.", True, id="ask-clerk"),
        pytest.param("On current form we will lose the cup.", False, id="on-form"),
        pytest.param("Please tick one box.", False, id="form"),
        pytest.param("Please send us one box.", True, id="please-send"),
    ],
)
def test_conduct_of_a_meeting(text: str, found: bool, models: ExtractionModels) -> None:
    source = document_of(text, kind=Kind.BOARD_PAPER)
    assert bool(extract(source, models=models).requirements) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("There is a risk that the clerk will not publish it.", False, id="risk"),
        pytest.param("The clerk will publish the risk register in May.", True, id="risk-register"),
        pytest.param(
            "If the club fails to recruit, then the clerk will close the bar.", False, id="if-fails"
        ),
        pytest.param("It should be noted that the pond is dry.", False, id="noted"),
        pytest.param("The pond should be drained by May.", True, id="drained"),
        pytest.param("We expect to see an improvement in the spring.", False, id="see-gain"),
        pytest.param("We expect to see a plan for each pond.", True, id="see-plan"),
        pytest.param("That would require members to dig.", False, id="would-require"),
        pytest.param("We would ask members to dig in May.", True, id="would-ask"),
        pytest.param("It is unlikely that we will publish it in May.", False, id="unlikely"),
        pytest.param("We will publish it in May.", True, id="will"),
        pytest.param("You will see from the table that it leaks.", False, id="you-will-see"),
        pytest.param("The new gate allows members to come in late.", False, id="gate-allows"),
        pytest.param("The rules allow members to come in late.", True, id="rules-allow"),
        pytest.param("Should members drain the pond this year.", False, id="turned-round"),
        pytest.param("Members should drain the pond this year.", True, id="not-turned-round"),
        pytest.param("That should be a comfort to them.", False, id="that-should"),
    ],
)
def test_what_may_come(text: str, found: bool, models: ExtractionModels) -> None:
    source = document_of(text, kind=Kind.BOARD_PAPER)
    assert bool(extract(source, models=models).requirements) is found
