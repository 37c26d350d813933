"""How planning guidance and the letters and notes beside it tell bodies what to do, each way with
a sentence that only looks like it. The rules decide alone here, without the classifier.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.extract import ExtractionModels, extract
from pipeline.extract.document import propose
from pipeline.extract.parse import clause_kind, own_clause
from pipeline.extract.requests import is_pointer
from pipeline.records import Kind
from tests.extract.helpers import document_of


def _told(
    models: ExtractionModels, text: str, kind: Kind = Kind.GUIDANCE
) -> list[tuple[str, str | None]]:
    """Modality and bearer of each requirement that the rules find in a sentence."""
    alone = replace(models, classifier=None)
    return [
        (c.modality.value, c.bearer.text if c.bearer else None)
        for _, candidates in propose(document_of(text, kind=kind), models=alone)
        for c in candidates
        if c.accepted
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "Boards will want to read the log.", [("recommendation", "Boards")], id="will-want-to"
        ),
        pytest.param("Patients' families will want the truth.", [], id="will-want-a-thing"),
        pytest.param("Returns are due in early June.", [("obligation", None)], id="due-in-a-month"),
        pytest.param("The delay is due in part to snow.", [], id="due-in-part"),
        pytest.param("The new boards are due in April.", [], id="bodies-due"),
        pytest.param(
            "It is the duty of each board to keep a log.",
            [("obligation", "each board")],
            id="duty-of-a-body",
        ),
        pytest.param("It is the colour of each board.", [], id="colour-of-a-board"),
        pytest.param(
            "The clerk has authority to sign it.", [("permission", "The clerk")], id="authority-to"
        ),
        pytest.param("The clerk has a local authority to thank.", [], id="an-authority"),
        pytest.param(
            "Responsibility for the log lies with the board.",
            [("obligation", "the board")],
            id="lies-with",
        ),
        pytest.param("Responsibility for it lay with the board.", [], id="lay-with"),
        pytest.param(
            "It will be for boards to choose.", [("obligation", "boards")], id="will-be-for"
        ),
        pytest.param("It will be fine for the fair.", [], id="fine-for"),
        pytest.param("It is a shame to have to close it.", [], id="to-have-to"),
        pytest.param("They will have to close it.", [("obligation", "They")], id="will-have-to"),
        pytest.param(
            "No return is required from boards.", [("permission", "boards")], id="none-required"
        ),
        pytest.param(
            "There is no need for boards to reply.", [("permission", "boards")], id="no-need-for"
        ),
        pytest.param("There is no need for alarm.", [], id="no-need-of-a-thing"),
        pytest.param(
            "Boards are no longer able to carry it over.",
            [("prohibition", "Boards")],
            id="no-longer-able",
        ),
        pytest.param(
            "Boards are no longer required to reply.",
            [("permission", "Boards")],
            id="no-longer-required",
        ),
        pytest.param(
            "It remains our ambition to halve the list.", [("commitment", "we")], id="our-ambition"
        ),
        pytest.param("It remains a distant ambition.", [], id="an-ambition"),
        pytest.param(
            "Delivering this will require boards to act.",
            [("obligation", "boards")],
            id="doing-it-requires",
        ),
        pytest.param("Delivering this will require patience.", [], id="requires-a-thing"),
        pytest.param(
            "Performance is expected to rise to 78%.", [("obligation", None)], id="level-to-reach"
        ),
        pytest.param("Demand is expected to rise to 78,000 calls.", [], id="level-foreseen"),
        pytest.param("Boards cannot cope with another winter.", [], id="inability"),
        pytest.param("Fewer people will be asking twice.", [], id="fewer-people"),
        pytest.param("One adult in six will have the illness.", [], id="one-in-six"),
        pytest.param(
            "Practices will see nine in ten patients within a day.",
            [("obligation", "Practices")],
            id="see-patients",
        ),
        pytest.param("Practices will see the difference within a day.", [], id="see-a-difference"),
        pytest.param("One tank should be sufficient.", [], id="should-be-sufficient"),
        pytest.param(
            "Boards will be told the result in June.", [("commitment", None)], id="will-be-told"
        ),
        pytest.param("Boards will receive a grant.", [("commitment", None)], id="will-receive"),
        pytest.param(
            "If the roof leaks, please ring the porter.", [("obligation", None)], id="case-please"
        ),
        pytest.param(
            "If the roof leaks, consider a new one.", [("recommendation", None)], id="case-consider"
        ),
        pytest.param("For details, please see annex C.", [], id="see-an-annex"),
        pytest.param("This note sets out what boards need to do.", [], id="what-they-need-to-do"),
        pytest.param("We describe what we ask, and how we intend to help.", [], id="how-we-intend"),
        pytest.param("They leave open the question of who should lead.", [], id="who-should"),
        pytest.param(
            "Where the rota changes, the owner shall tell staff.",
            [("obligation", "the owner")],
            id="where-no-question",
        ),
        pytest.param("Five practices agreed that nobody should wait.", [], id="settled-by-others"),
        pytest.param(
            "Use of the form is recommended.", [("recommendation", None)], id="is-recommended"
        ),
        pytest.param("We are encouraged by the results.", [], id="we-are-encouraged"),
        pytest.param("We recommend an early start.", [("recommendation", None)], id="advice"),
        pytest.param(
            "We do not recommend an early start.", [("prohibition", None)], id="advised-against"
        ),
        pytest.param(
            "We advise boards against closing it.", [("prohibition", "boards")], id="against-doing"
        ),
        pytest.param("It recommends an early start.", [], id="advice-of-others"),
        pytest.param(
            "The grant cannot be carried forward.", [("prohibition", None)], id="cannot-be-carried"
        ),
        pytest.param("The cause cannot be known.", [], id="cannot-be-known"),
        pytest.param(
            "The grant can be spent on either.", [("permission", None)], id="can-be-spent"
        ),
        pytest.param("The tower can be seen from here.", [], id="can-be-seen"),
        pytest.param(
            "Trusts will be inspected by the regulator.",
            [("commitment", "the regulator")],
            id="by-whom",
        ),
        pytest.param("Others are encouraged to join.", [("recommendation", "Others")], id="others"),
    ],
)
def test_told(text: str, told: list[tuple[str, str | None]], models: ExtractionModels) -> None:
    assert _told(models, text) == told


def test_want_outside_guidance_is_a_guess(models: ExtractionModels) -> None:
    assert _told(models, "Boards will want to read it.") != []
    document = document_of("Boards will want to read it.", kind=Kind.COMMENTARY)
    assert extract(document, models=models).requirements == ()


def test_what_is_expected_is_one_requirement(models: ExtractionModels) -> None:
    document = document_of("We expect that boards will wish to review the log.")
    (found,) = extract(document, models=models).requirements
    assert (found.modality.value, found.bearer) == ("obligation", "boards")


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        pytest.param("See annex B for the list.", True, id="see"),
        pytest.param("For more detail, please refer to the note.", True, id="refer"),
        pytest.param("Please contact your lead with any questions.", True, id="contact"),
        pytest.param("Contact every family on the list.", False, id="contact-as-a-duty"),
        pytest.param("Send the form to your lead.", False, id="send"),
    ],
)
def test_pointer(text: str, pointer: bool) -> None:
    assert is_pointer(text) is pointer


@pytest.mark.parametrize(
    ("text", "word", "verb"),
    [
        pytest.param("Waits rose, and boards should act.", "should", "act", id="second-of-two"),
        pytest.param("Boards should act and report.", "should", "act", id="shared-subject"),
        pytest.param("We know that boards should act.", "should", "know", id="below-another"),
    ],
)
def test_own_clause(text: str, word: str, verb: str, models: ExtractionModels) -> None:
    doc = models.nlp(text)
    assert own_clause(next(t for t in doc if t.text == word)).text == verb


@pytest.mark.parametrize(
    ("text", "verb", "clause"),
    [
        pytest.param("Where it changes, boards should act.", "act", "main", id="circumstance"),
        pytest.param("how boards should act", "act", "question", id="question"),
    ],
)
def test_clause(text: str, verb: str, clause: str, models: ExtractionModels) -> None:
    assert clause_kind(next(t for t in models.nlp(text) if t.text == verb)) == clause
