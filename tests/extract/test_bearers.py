"""Who is bound: each rule with an example, and with a near miss beside it."""

from __future__ import annotations

import pytest

from pipeline.extract import ExtractionModels
from pipeline.extract.bearers_agents import is_thing, names_doer
from pipeline.extract.bearers_context import Discourse
from pipeline.records import Kind
from tests.extract.helpers import read

Passages = tuple[str | tuple[str, ...], ...]
TRUSTS = "Trusts must publish their rotas by May."


@pytest.mark.parametrize(
    ("passages", "bearer"),
    [
        pytest.param(
            (TRUSTS, "Prescribers should check the list first."), "Prescribers", id="doer-by-suffix"
        ),
        pytest.param(
            (TRUSTS, "The role of each director is to visit every ward."),
            "each director",
            id="whose-role",
        ),
        pytest.param(
            (TRUSTS, "The role of each letter is to inform."), "Trusts", id="role-of-a-thing"
        ),
        pytest.param((TRUSTS, "Letters should be sent in May."), "Trusts", id="letters-do-nothing"),
        pytest.param(
            (TRUSTS, "Registrars are asked to reply within a week."),
            "Registrars",
            id="only-people-are-asked",
        ),
        pytest.param(
            (TRUSTS, "Rotas must be kept for six years."), "Trusts", id="thing-in-the-passive"
        ),
        pytest.param(
            (TRUSTS, "Mr Odell must report to the committee in June."), "Mr Odell", id="title"
        ),
        pytest.param(
            (TRUSTS, "No patient should be moved at night."), "Trusts", id="patient-undergoes"
        ),
        pytest.param(
            (TRUSTS, "Patients are entitled to a second opinion."),
            "Patients",
            id="patient-entitled",
        ),
        pytest.param(
            (
                TRUSTS,
                "Patients are entitled to a second opinion.",
                "The opinion must be given in writing.",
            ),
            "Trusts",
            id="granted-to-patients-owed-by-trusts",
        ),
        pytest.param(
            (TRUSTS, "We will publish a list.", "Rotas must be kept for six years."),
            "Trusts",
            id="promise-binds-nobody-after",
        ),
        pytest.param(
            (TRUSTS, "We will publish a list.", "Comments will be published in July."),
            "We",
            id="promise-goes-on",
        ),
        pytest.param(
            ("Trusts have been told that the list must be no longer by June.",),
            "Trusts",
            id="told-that",
        ),
        pytest.param(
            ("Boards must act.", "A shared record must be in place in all practices by May."),
            "all practices",
            id="setting",
        ),
        pytest.param(
            ("Boards must act.", "A shared record must be agreed with all practices by May."),
            "Boards",
            id="partners-are-no-setting",
        ),
        pytest.param(
            ("A landlord shall not require tenants to pay in advance.",),
            "A landlord",
            id="told-what-to-ask",
        ),
        pytest.param(
            (("Please would all practices:", "return the form by May"),),
            "all practices",
            id="polite-request",
        ),
        pytest.param(
            (("For trusts:", "Return the form by May"),), "trusts", id="lead-in-addresses"
        ),
        pytest.param(
            (TRUSTS, ("In talks with trusts:", "Return the form by May")),
            "Trusts",
            id="lead-in-mentions",
        ),
        pytest.param(
            ("To all finance directors: by May you should return the form.",),
            "all finance directors",
            id="you-as-addressed",
        ),
        pytest.param(
            ("To keep costs down, you should return the form.",), "you", id="to-with-a-verb"
        ),
        pytest.param(
            (("Landlords must show in their plans that:", "no tenant is asked to move twice"),),
            "Landlords",
            id="stem-binds-to-show",
        ),
        pytest.param(
            ("Managers of teams below 70% must report monthly.",),
            "Managers of teams below 70%",
            id="percent-sign",
        ),
        pytest.param(
            (TRUSTS, "In some areas it is essential to plan early."), "Trusts", id="empty-it"
        ),
    ],
)
def test_bearer_of_last(passages: Passages, bearer: str, models: ExtractionModels) -> None:
    found = read(models, *passages).requirements
    assert found[-1].bearer == bearer, [(r.quote, r.bearer) for r in found]


def test_bare_target_takes_no_bearer_from_before(models: ExtractionModels) -> None:
    found = read(models, TRUSTS, "The target is 85% by March 2026.").requirements
    assert found[-1].bearer is None


def test_them_stays_with_those_spoken_of(models: ExtractionModels) -> None:
    found = read(
        models,
        "Ministers must publish the figures.",
        "They should let local areas try it.",
        "They must stop.",
        kind=Kind.COMMENTARY,
    ).requirements
    assert [r.bearer for r in found] == ["Ministers"] * 3


@pytest.mark.parametrize(
    ("word", "doer", "thing"),
    [
        pytest.param("promoters", True, False, id="er"),
        pytest.param("councillors", True, False, id="or"),
        pytest.param("optometrists", True, False, id="ist"),
        pytest.param("infants", True, False, id="listed"),
        pytest.param("letters", False, True, id="er-but-no-doer"),
        pytest.param("corridors", False, True, id="or-but-no-doer"),
        pytest.param("checklists", False, True, id="ist-but-no-doer"),
        pytest.param("appraisals", False, True, id="listed-thing"),
        pytest.param("arrangements", False, True, id="thing-by-suffix"),
        pytest.param("organisations", False, False, id="suffix-but-no-thing"),
    ],
)
def test_kind_of_noun(word: str, doer: bool, thing: bool, models: ExtractionModels) -> None:
    (noun,) = (t for t in models.nlp(f"The {word} must change.") if t.text == word)
    assert (names_doer(noun), is_thing(noun)) == (doer, thing)


def test_discourse_forgets_across_headings_and_in_time() -> None:
    discourse = Discourse()
    assert discourse.enter("a")
    discourse.bind("trusts")
    assert not discourse.enter("a")
    assert discourse.foremost() == "trusts"
    for _ in range(4):
        discourse.enter("a")
    assert discourse.foremost() is None
    discourse.bind("boards")
    assert discourse.enter("b")
    assert discourse.foremost() is None


@pytest.mark.parametrize(
    ("heading", "addressee"),
    [
        pytest.param("Actions for trusts", "trusts", id="for"),
        pytest.param("Trusts must:", "Trusts", id="binding"),
        pytest.param("What providers need to do", "providers", id="what"),
        pytest.param("Relations between trusts", None, id="about"),
        pytest.param("Trusts and their estates", None, id="goes-on"),
    ],
)
def test_addressee_of_heading(
    heading: str, addressee: str | None, models: ExtractionModels
) -> None:
    from pipeline.extract.bearers import BearerFinder

    finder = BearerFinder(
        organisations=models.lexicon.organisations, rules=models.rules, on=None, abbreviations={}
    )
    assert finder.find_addressee(heading) == addressee
