"""Commentary and board papers: requests, promises that are passed on, duties without an
infinitive.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.extract import ExtractionModels, extract
from pipeline.extract.document import propose
from pipeline.extract.governors import governor_kind, governor_of
from pipeline.extract.requests import find_request
from pipeline.extract.stems import complete_stem
from pipeline.records import Kind
from tests.extract.helpers import document_of


@pytest.mark.parametrize(
    ("text", "form", "addressee"),
    [
        pytest.param("Please let me have your figures.", "polite", None, id="please"),
        pytest.param(
            "If your surgery has moved, please write to us.", "polite", "your surgery", id="case"
        ),
        pytest.param(
            "Please would all porters sign the rota.", "polite", "all porters", id="inverted"
        ),
        pytest.param("If you see a wasp, tell the caretaker.", "case", "you", id="case-alone"),
        pytest.param("Do not park on the grass.", "ban", None, id="ban"),
    ],
)
def test_request(text: str, form: str, addressee: str | None, models: ExtractionModels) -> None:
    request = find_request(models.nlp(text))
    assert request is not None
    assert (request.form, request.addressee) == (form, addressee)
    assert request.negated == (form == "ban")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Remember who pays for it.", id="rhetoric"),
        pytest.param("Please note that the lift is old.", id="aside"),
        pytest.param("Do not get me wrong.", id="turn-of-phrase"),
        pytest.param("The menu was meant to please everyone.", id="to-please"),
        pytest.param("Come on Friday, if you please.", id="if-you-please"),
        pytest.param("When it rains, the roof leaks.", id="no-command"),
        pytest.param("Would you please sign the rota?", id="question"),
    ],
)
def test_no_request(text: str, models: ExtractionModels) -> None:
    assert find_request(models.nlp(text)) is None


def _rules(models: ExtractionModels, text: str) -> dict[str, tuple[str, bool]]:
    """Each rule that finds something in a commentary: modality, and whether the rules accept it."""
    alone = replace(models, classifier=None)
    return {
        c.cue.rule if c.cue else c.origin: (c.modality.value, c.accepted)
        for _, candidates in propose(document_of(text, kind=Kind.COMMENTARY), models=alone)
        for c in candidates
    }


@pytest.mark.parametrize(
    ("text", "rule", "modality"),
    [
        pytest.param(
            "The region has asked us for a list of vacancies.", "asked:for", "obligation", id="for"
        ),
        pytest.param(
            "Savings of 3% are required of every college.", "asked:of", "obligation", id="of"
        ),
        pytest.param(
            "Schools have until 3 May to publish their accounts.",
            "have:until",
            "obligation",
            id="until",
        ),
        pytest.param(
            "It is for governors to weigh the risks.", "falls:for", "obligation", id="is-for"
        ),
        pytest.param(
            "It is up to governors to weigh the risks.", "falls:up", "obligation", id="task"
        ),
        pytest.param(
            "How they do so is up to the governors.", "falls:up", "permission", id="choice"
        ),
        pytest.param(
            "The charter forbids any sale of the land.", "bans:thing", "prohibition", id="forbids"
        ),
        pytest.param(
            "The strategy promises £4m for libraries.", "promised:thing", "commitment", id="sum"
        ),
        pytest.param(
            "A reply has been promised by Friday.", "promised:thing", "commitment", id="passive"
        ),
        pytest.param(
            "It was agreed that the treasurer would write to the bank.",
            "modal:would",
            "commitment",
            id="agreed-would",
        ),
        pytest.param(
            "Ministers said that they would publish the review.",
            "modal:would",
            "commitment",
            id="said-would",
        ),
        pytest.param(
            "The promise was that every village would have a bus.",
            "modal:would",
            "commitment",
            id="promise-was",
        ),
    ],
)
def test_cue_of_commentary(text: str, rule: str, modality: str, models: ExtractionModels) -> None:
    assert _rules(models, text).get(rule) == (modality, True)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("We asked the region for comment.", "asked:for", id="newspaper"),
        pytest.param("Parents were asked for their views.", "asked:for", id="views"),
        pytest.param("Nobody asked for it.", "asked:for", id="nobody-bound"),
        pytest.param("Much is expected of the new head.", "asked:of", id="much"),
        pytest.param("The shop has cakes until noon.", "have:until", id="no-duty"),
        pytest.param("It is for sale.", "falls:for", id="sale"),
        pytest.param("The number is up to 40.", "falls:up", id="number"),
        pytest.param("The council once forbade it.", "bans:thing", id="past"),
        pytest.param("The morning promised rain.", "promised:thing", id="weather"),
        pytest.param("They thought that the bus would come.", "modal:would", id="thought"),
        pytest.param("I promise you that the bus would come.", "modal:would", id="my-belief"),
        pytest.param("A new bus would help.", "modal:would", id="would-alone"),
    ],
)
def test_near_miss_of_commentary(text: str, rule: str, models: ExtractionModels) -> None:
    assert not _rules(models, text).get(rule, ("", False))[1]


@pytest.mark.parametrize(
    ("text", "verb", "kind"),
    [
        pytest.param("She said that it will open.", "open", "speech", id="said"),
        pytest.param("The pledge is that it will open.", "open", "promise", id="pledge"),
        pytest.param("She doubts that it will open.", "open", "belief", id="doubts"),
        pytest.param("It will open in May.", "open", "", id="own-clause"),
    ],
)
def test_governor(text: str, verb: str, kind: str, models: ExtractionModels) -> None:
    token = next(t for t in models.nlp(text) if t.text == verb)
    assert governor_kind(governor_of(token)) == kind


@pytest.mark.parametrize(
    ("stem", "completed"),
    [
        pytest.param(
            "We suggest that each school:", "We suggest that each school do this.", id="whose-task"
        ),
        pytest.param(
            "Here are the rules that apply:", "Here are the rules that apply.", id="relative"
        ),
    ],
)
def test_lead_in_that_names_the_doer(stem: str, completed: str) -> None:
    assert complete_stem(stem) == completed


def test_action_needs_no_other_cue(models: ExtractionModels) -> None:
    found = _rules(models, "ACTION: Mrs Price to amend and recirculate.")
    assert found == {"action": ("obligation", True)}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("How should boards respond?", id="question"),
        pytest.param("Boards may find that nobody minds.", id="comes-about"),
        pytest.param("That may not sound like much.", id="sounds"),
        pytest.param("To mend it the school would need to close.", id="would-need"),
        pytest.param("Economists expect the gap to reach £3bn.", id="forecasters-expect"),
    ],
)
def test_mere_talk(text: str, models: ExtractionModels) -> None:
    source = document_of(text, kind=Kind.COMMENTARY)
    assert extract(source, models=models).requirements == ()
