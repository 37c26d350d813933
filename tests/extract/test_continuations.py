"""Sentences and lead-ins that go on from the one before ask what it asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.extract import ExtractionModels
from pipeline.extract.continuations import listing_verb, may_go_on
from pipeline.extract.document import propose
from pipeline.records import Kind, Modality
from tests.extract.helpers import document_of, read

ASKED = "Systems must work with their providers on winter plans."


@pytest.mark.parametrize(
    ("before", "text", "modality"),
    [
        pytest.param(
            ASKED,
            "This includes agreeing surge capacity.",
            Modality.OBLIGATION,
            id="includes-doing",
        ),
        pytest.param(
            ASKED,
            "This means bringing forward the opening of beds.",
            Modality.OBLIGATION,
            id="means-doing",
        ),
        pytest.param(
            "Boards should review their risks each quarter.",
            "It also involves publishing what was found.",
            Modality.RECOMMENDATION,
            id="recommended-too",
        ),
        pytest.param(
            "We will support every board.",
            "This will include a new set of tools.",
            Modality.COMMITMENT,
            id="will-include",
        ),
        pytest.param(
            "Groups must keep to the rules on money.",
            "These include a 4% reserve.",
            Modality.OBLIGATION,
            id="a-number",
        ),
    ],
)
def test_what_goes_on_asks_the_same(
    before: str, text: str, modality: Modality, models: ExtractionModels
) -> None:
    first, second = read(models, f"{before} {text}").requirements
    assert (first.modality, second.modality) == (modality, modality)
    assert second.quote == text
    assert second.bearer == first.bearer


@pytest.mark.parametrize(
    ("before", "text"),
    [
        pytest.param(
            "The winter was a hard one.", "This includes agreeing surge capacity.", id="not-asked"
        ),
        pytest.param(ASKED, "These include beds, chairs and lamps.", id="only-things"),
        pytest.param(ASKED, "Last year this included opening a ward.", id="past"),
        pytest.param(ASKED, "This may mean opening a ward.", id="possible"),
        pytest.param(ASKED, "The estate includes a hall built in 1904.", id="no-pronoun"),
    ],
)
def test_what_does_not_go_on_asks_nothing(before: str, text: str, models: ExtractionModels) -> None:
    assert text not in [r.quote for r in read(models, f"{before} {text}").requirements]


def test_a_sentence_between_breaks_it_off(models: ExtractionModels) -> None:
    found = read(models, ASKED, "It was cold.", "This includes agreeing surge capacity.")
    assert [r.quote for r in found.requirements] == [ASKED]


def test_a_lead_in_passes_it_on_to_its_list(models: ExtractionModels) -> None:
    stem = "These plans include:"
    found = read(
        models,
        f"{ASKED} {stem}",
        (stem, "how wards will be staffed"),
        (stem, "when the last bed opens"),
    )
    assert [(r.modality, r.stem) for r in found.requirements] == [
        (Modality.OBLIGATION, None),
        (Modality.OBLIGATION, stem),
        (Modality.OBLIGATION, stem),
    ]


def test_the_cheap_test_loses_nothing(models: ExtractionModels) -> None:
    for text in (
        "These features include:",
        "“This will mean moving.”",
        "They comprise two halves.",
    ):
        doc = models.nlp(text)
        assert may_go_on(text) >= (listing_verb(doc) is not None)
        assert may_go_on(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "There are twelve tests, with 40 features to be shown in plans.", True, id="with"
        ),
        pytest.param("They want the plans to be published.", False, id="wanted"),
        pytest.param("There is much to be gained from this.", False, id="there-is"),
        pytest.param("It was a place to be treated with care.", False, id="place"),
        pytest.param(
            "The system to be introduced next year has been welcomed.", False, id="inside-a-subject"
        ),
        pytest.param("With savings still to be found, the trust worries.", False, id="open"),
    ],
)
def test_passive_infinitive(text: str, found: bool, models: ExtractionModels) -> None:
    candidates = [
        c
        for _, of in propose(document_of(text), models=replace(models, classifier=None))
        for c in of
        if c.cue is not None and c.cue.rule == "infinitive:be"
    ]
    assert bool(candidates) is found
    assert all(c.accepted and c.modality is Modality.OBLIGATION for c in candidates)


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        pytest.param(
            "It may come to a floor of 2% of budgets, as reported on Monday.",
            True,
            id="as-reported",
        ),
        pytest.param(
            "The sum could be £4m for each group (as first announced in May).", True, id="announced"
        ),
        pytest.param("Sales rose by 2%, as reported on Monday.", False, id="told-of-the-past"),
    ],
)
def test_a_rule_that_others_told(text: str, measured: bool, models: ExtractionModels) -> None:
    rules_alone = replace(models, classifier=None)
    structured = document_of(text, kind=Kind.COMMENTARY)
    told = [
        c
        for _, of in propose(structured, models=rules_alone)
        for c in of
        if c.origin == "target" and c.accepted
    ]
    assert bool(told) is measured


def test_a_number_is_of_what_the_sentences_before_speak_of(models: ExtractionModels) -> None:
    told = "The second part is a contingency that groups are expected to hold. It must be 0.5%."
    found = read(models, told).requirements
    assert [q.measure for r in found for q in r.quantities] == ["contingency"]
    apart = read(models, *told.split(". ")).requirements
    assert [q.measure for r in apart for q in r.quantities] == [None]
