"""What is required by where it stands, and cues of speech: measures of success, timetables, logs of
actions, contractions.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.extract import ExtractionModels
from pipeline.extract.document import propose
from pipeline.extract.milestones import is_logged_action, is_measure_row, success_words
from pipeline.extract.requests import find_request
from pipeline.records import Kind, PassageKind
from tests.extract.helpers import document_of, read


def _accepted(
    models: ExtractionModels,
    *passage: str,
    kind: Kind = Kind.GUIDANCE,
    row: bool = False,
) -> list[str]:
    """The modalities that the rules alone accept, the classifier set aside."""
    document = document_of(passage if len(passage) > 1 else passage[0], kind=kind)
    if row:
        rows = tuple(replace(p, kind=PassageKind.TABLE_ROW) for p in document.passages)
        document = replace(document, passages=rows)
    return [
        c.modality.value
        for _, candidates in propose(document, models=replace(models, classifier=None))
        for c in candidates
        if c.accepted
    ]


@pytest.mark.parametrize(
    "stem",
    [
        pytest.param("Success in this area means that:", id="means"),
        pytest.param("What good looks like:", id="good"),
        pytest.param("Our success measures for the year are:", id="measures"),
        pytest.param("By the end of March 2027:", id="day-alone"),
    ],
)
def test_lead_in_of_success(stem: str, models: ExtractionModels) -> None:
    assert success_words(stem)
    assert _accepted(models, stem, "every village has a bus at weekends") == ["none"]


@pytest.mark.parametrize(
    "stem",
    [
        pytest.param("Successful bids came from:", id="successful"),
        pytest.param("By contrast:", id="by"),
        pytest.param("In the year to March 2027 we saw:", id="year-past"),
    ],
)
def test_lead_in_of_no_success(stem: str, models: ExtractionModels) -> None:
    assert success_words(stem) is None
    assert _accepted(models, stem, "every village has a bus at weekends") == []


@pytest.mark.parametrize(
    ("row", "modality"),
    [
        pytest.param("14 May 2027 | Draft budgets submitted", ["obligation"], id="submitted"),
        pytest.param("noon on 3 June | Submission of the return", ["obligation"], id="submission"),
        pytest.param("By 30 June 2027 | Leases signed by both sides", ["obligation"], id="signed"),
        pytest.param("14 May 2027 | Results announced", [], id="happens"),
        pytest.param("Final budgets | Budgets submitted last year", [], id="no-day"),
        pytest.param("14 May 2027 | Forms were submitted to us", [], id="told-as-fact"),
    ],
)
def test_step_of_a_timetable(row: str, modality: list[str], models: ExtractionModels) -> None:
    assert _accepted(models, row, row=True) == modality


@pytest.mark.parametrize(
    ("row", "logged"),
    [
        pytest.param("Repaint the porch | Mr Ash | 14 May 2027 | Open", True, id="day"),
        pytest.param("Repaint the porch | Mr Ash | On track", True, id="status"),
        pytest.param("Repaint the porch | Mr Ash | 14 May 2027 | Closed", False, id="closed"),
        pytest.param("Review of the porch | Good | Poor", False, id="no-log"),
    ],
)
def test_row_of_an_action_log(row: str, logged: bool, models: ExtractionModels) -> None:
    assert is_logged_action(row) is logged
    found = _accepted(models, row, kind=Kind.BOARD_PAPER, row=True)
    assert found == (["obligation"] if logged else [])


@pytest.mark.parametrize(
    ("row", "measure"),
    [
        pytest.param("Fire doors checked | 98% | 91%", True, id="figures"),
        pytest.param("Fire doors checked | at least 98% | due", True, id="bound"),
        pytest.param("Fire doors | Check every door by June", False, id="words"),
    ],
)
def test_row_of_figures(row: str, measure: bool) -> None:
    assert is_measure_row(row) is measure


def test_noun_at_the_head_of_figures_is_no_command(models: ExtractionModels) -> None:
    row = "Fire door checks under a year old | not less than 98% | 93.2%"
    assert "obligation" not in _accepted(models, row, row=True)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param("They’ve got to mend the roof.", ["obligation"], id="have-got-to"),
        pytest.param("Every farm’s got to keep a log.", ["obligation"], id="s-got-to"),
        pytest.param("They got to see the play.", [], id="got-to"),
        pytest.param("If it doesn’t fit, we’re going to send it back.", ["commitment"], id="curly"),
        pytest.param("Nor should farms sell the hay.", ["prohibition"], id="nor-should"),
        pytest.param("Should farms sell the hay?", [], id="should-farms"),
        pytest.param("It is the council’s job to mend it.", ["obligation"], id="job-of"),
        pytest.param("It is a hard job to mend it.", [], id="hard-job"),
        pytest.param(
            "The union called on ministers to publish it.", ["recommendation"], id="called-on"
        ),
        pytest.param("The union called on Monday to complain.", [], id="called-on-a-day"),
        pytest.param("Ministers want 90 per cent by May.", ["none"], id="want-a-share"),
        pytest.param("The bar is set at 78 per cent.", ["none"], id="set-at"),
        pytest.param("Boards would do well to read it.", ["recommendation"], id="do-well-to"),
        pytest.param("Boards did well to read it.", [], id="did-well"),
        pytest.param("The trust needs 5 per cent to pay its staff.", [], id="needs-a-sum"),
        pytest.param("It reckons a missed target costs £3m.", [], id="estimate"),
    ],
)
def test_told_in_commentary(text: str, modality: list[str], models: ExtractionModels) -> None:
    assert _accepted(models, text, kind=Kind.COMMENTARY) == modality


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param("Draft plans are to reach us by noon.", ["obligation"], id="plans-reach"),
        pytest.param("Our plans are to open two wards.", [], id="our-plans"),
        pytest.param(
            "Errors found later are to be mended in a week.", ["obligation"], id="split-off"
        ),
        pytest.param("The hall is never to be let on Sundays.", ["prohibition"], id="is-never-to"),
        pytest.param("It is not permissible to let the hall.", ["prohibition"], id="permissible"),
        pytest.param(
            "Farms may take nothing out of the store.", ["prohibition"], id="may-take-nothing"
        ),
        pytest.param("No late form will be accepted.", ["prohibition"], id="will-be-accepted"),
        pytest.param("Each trust will need a plan.", ["obligation"], id="will-need-a-thing"),
        pytest.param("We expect to see a plan for each site.", ["obligation"], id="expect-to-see"),
        pytest.param("We expect to see a rise in demand.", [], id="expect-to-see-a-rise"),
        pytest.param("Trusts should see fewer falls as a result.", [], id="should-see-fewer"),
        pytest.param(
            "Trusts should see every patient in a day.", ["recommendation"], id="should-see-all"
        ),
        pytest.param("The tariff assumes savings of 2% a year.", ["none"], id="tariff-assumes"),
        pytest.param("A saving of 2% is built into prices.", ["none"], id="built-into"),
        pytest.param(
            "It is recommended that each site keep a log.",
            ["recommendation"],
            id="it-is-recommended",
        ),
        pytest.param(
            "It is expected that all boards approve their plans.",
            ["obligation"],
            id="it-is-expected",
        ),
        pytest.param(
            "It is recommended that boards do not publish it.",
            ["prohibition"],
            id="recommended-not",
        ),
        pytest.param(
            "It was agreed that the director write to all tenants.",
            ["obligation"],
            id="it-was-agreed",
        ),
        pytest.param("It was agreed that the plan was good.", [], id="agreed-a-view"),
        pytest.param("It is expected that demand will rise.", [], id="expected-to-come"),
        pytest.param(
            "There is a requirement for boards to publish it.", ["obligation"], id="requirement-for"
        ),
        pytest.param(
            "There is no requirement for boards to publish it.", ["permission"], id="no-requirement"
        ),
        pytest.param("There is no requirement to dwell on it.", [], id="no-requirement-of-anybody"),
        pytest.param("We would like boards to name a lead.", ["obligation"], id="would-like"),
        pytest.param("We would like to name a lead.", [], id="would-like-to"),
        pytest.param("We look to boards to lead the work.", ["obligation"], id="look-to"),
        pytest.param("We look to the future to cheer us.", [], id="look-to-the-future"),
        pytest.param("Work with councils is ongoing.", [], id="work-is-ongoing"),
        pytest.param("Work with councils on this.", ["obligation"], id="work-with"),
        pytest.param("The number of targets is 18, and 2% have moved.", [], id="targets-counted"),
        pytest.param("The former ceiling of 2% is history.", [], id="former-ceiling"),
        pytest.param(
            "It is a matter for the boards, who are free to depart from it.",
            ["permission"],
            id="added-clause",
        ),
    ],
)
def test_told_in_guidance(text: str, modality: list[str], models: ExtractionModels) -> None:
    assert _accepted(models, text) == modality


@pytest.mark.parametrize(
    ("text", "form", "negated"),
    [
        pytest.param("First, read the lease.", "numbered", False, id="first"),
        pytest.param("Second, never sign it blind.", "numbered", True, id="second-never"),
        pytest.param("Never sign it blind.", "ban", True, id="never"),
        pytest.param("First, the lease is long.", None, False, id="first-a-fact"),
        pytest.param("Never mind the lease.", None, False, id="never-mind"),
    ],
)
def test_numbered_advice(
    text: str, form: str | None, negated: bool, models: ExtractionModels
) -> None:
    found = find_request(models.nlp(text))
    assert (found.form if found else None) == form
    assert found is None or found.negated is negated


def test_aside_is_no_advice(models: ExtractionModels) -> None:
    """Whatever the classifier makes of it."""
    found = read(models, "It is important to note that costs have risen.").requirements
    assert not found


TOLD = [
    # targets told by a heading of their own, or beside where things stand
    pytest.param("Standard for the year: 78%.", ["none"], id="target-and-colon"),
    pytest.param("Expected level by March 2027: at least 70%.", ["none"], id="expected-level"),
    pytest.param("Uptake so far in the year: 61%.", [], id="fact-and-colon"),
    pytest.param("The level is set at 74%; in May it was 61%.", ["none"], id="target-then-fact"),
    pytest.param("In May the level was 74%; it is 61% now.", [], id="two-facts"),
    # levels to be reached, and outcomes
    pytest.param(
        "The share of patients seen should rise to a third.", ["recommendation"], id="level"
    ),
    pytest.param("The share of patients seen should rise as a result.", [], id="outcome"),
    # what is told elsewhere
    pytest.param("This note describes what trusts will need to do.", [], id="describes-what"),
    pytest.param("It explains how boards have to report.", [], id="explains-how"),
    pytest.param("We can tell you that boards have to report.", ["obligation"], id="tells-that"),
    # turned round by a ban
    pytest.param("Nowhere may the fund be used for pay.", ["prohibition"], id="nowhere-may"),
    pytest.param("Trusts should be nowhere near it.", ["recommendation"], id="nowhere-near"),
    pytest.param("No firm is allowed to open it.", ["prohibition"], id="no-firm-is-allowed"),
    pytest.param("Each firm is allowed to open it.", ["permission"], id="each-firm-is-allowed"),
    pytest.param("We suggest pairing doctors.", ["recommendation"], id="suggest-doing"),
    pytest.param("They suggest pairing doctors.", [], id="others-suggested-doing"),
    pytest.param("There is no expectation that boards will open it.", [], id="no-expectation"),
    pytest.param("The rate sought is 66.7%.", ["none"], id="rate-sought"),
    pytest.param("The rate reported is 66.7%.", [], id="rate-reported"),
    pytest.param("By video, 25% is the level aimed at.", ["none"], id="level-aimed-at"),
    pytest.param(
        "The measure of success is a fall of 10%, against 2024/25.", ["none"], id="success-is"
    ),
    pytest.param("The measure of sickness is a count of days.", [], id="measure-is"),
    pytest.param("8 March 2025: draft plans to be sent in", ["obligation"], id="behind-a-day"),
    pytest.param("8 March 2025: results of the vote", [], id="nothing-to-do-behind-a-day"),
    # what is done with advice, and what it says
    pytest.param("Advice and guidance is to be used.", ["obligation"], id="advice-used"),
    pytest.param("Our advice is to begin in May.", ["recommendation"], id="advice-is-to"),
]
TOLD_ROWS = [
    pytest.param("4 April 2025 | Final plans due, with the return", ["obligation"], id="due"),
    pytest.param("4 April 2025 | Ward closed due to works", [], id="due-to"),
    pytest.param("4 April 2025 | Boards to submit plans", ["obligation"], id="body-behind-a-day"),
    pytest.param("4 April 2025 | Ability to submit plans", [], id="no-body-behind-a-day"),
    pytest.param("Uptake | 80% | to be set", [], id="figure-left-open"),
    pytest.param("Uptake | 80% | to be checked by boards", ["obligation"], id="task-in-a-cell"),
    pytest.param("Mean response | 31 minutes | 25 minutes", [], id="mean-of-times"),
]


@pytest.mark.parametrize(("text", "expected"), TOLD)
def test_what_is_told(text: str, expected: list[str], models: ExtractionModels) -> None:
    assert _accepted(models, text) == expected


@pytest.mark.parametrize(("text", "expected"), TOLD_ROWS)
def test_what_rows_tell(text: str, expected: list[str], models: ExtractionModels) -> None:
    assert _accepted(models, text, row=True) == expected


@pytest.mark.parametrize(
    ("text", "bearer"),
    [
        pytest.param("4 April 2025 | All systems to submit plans", "All systems", id="cell-before"),
        pytest.param(
            "Staff | To be completed by every trust, including specialist trusts | Form, version 4",
            "every trust, including specialist trusts",
            id="cell-behind",
        ),
    ],
)
def test_bearer_of_a_row_is_of_one_cell(text: str, bearer: str, models: ExtractionModels) -> None:
    document = document_of(text)
    rows = tuple(replace(p, kind=PassageKind.TABLE_ROW) for p in document.passages)
    (_, candidates), *_ = propose(replace(document, passages=rows), models=models)
    named = [c.bearer.text for c in candidates if c.origin == "cue" and c.bearer is not None]
    assert named == [bearer]
