"""Whole requirements: bearer, statement, stems, splitting, numbers, reported speech."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.extract import ExtractionModels, extract
from pipeline.extract.statements import plain
from pipeline.records import Kind, Modality
from tests.extract.helpers import document_of, only, read


@pytest.mark.parametrize(
    ("passages", "bearer"),
    [
        pytest.param(("Every trust must publish a plan.",), "Every trust", id="subject"),
        pytest.param(
            ("ICBs and providers must agree a plan.",), "ICBs and providers", id="coordinated"
        ),
        pytest.param(("Plans must be signed off by boards.",), "boards", id="agent-of-passive"),
        pytest.param(
            ("We expect all councils to publish a plan.",), "all councils", id="object-of-speaker"
        ),
        pytest.param((("All systems must:", "publish a plan"),), "All systems", id="from-the-stem"),
        pytest.param(
            (("We expect that:", "all providers publish a plan"),),
            "all providers",
            id="subject-of-the-item",
        ),
        pytest.param(("Trusts' plans must set out the risks.",), "Trusts", id="possessive"),
        pytest.param(("The role of NHS England has to change.",), "NHS England", id="of-phrase"),
    ],
)
def test_bearer(
    passages: tuple[str | tuple[str, ...], ...], bearer: str, models: ExtractionModels
) -> None:
    assert only(models, *passages).bearer == bearer


def test_pronoun_is_resolved_to_the_sentence_before(models: ExtractionModels) -> None:
    found = read(
        models, "ICBs should review their plans. They must also publish them."
    ).requirements
    assert [r.bearer for r in found] == ["ICBs", "ICBs"]
    assert found[1].statement == "ICBs must also publish them."
    assert found[1].bearer_canonical == ("integrated care board",)


def test_bearer_of_we_is_the_publisher(models: ExtractionModels) -> None:
    found = only(models, "We will publish a toolkit in May 2025.")
    assert (found.bearer, found.bearer_canonical) == ("We", ("NHS England",))
    assert found.modality is Modality.COMMITMENT
    assert found.deadline is not None
    assert found.deadline.date == date(2025, 5, 31)


def test_abbreviation_is_learned_from_the_document(models: ExtractionModels) -> None:
    found = read(
        models,
        "Combined health partnerships (CHPs) bring trusts together.",
        "Integrated care boards (ICBs) must lead.",
    ).requirements
    assert found[-1].bearer_canonical == ("integrated care board",)


@pytest.mark.parametrize(
    ("stems", "item", "statement"),
    [
        pytest.param(
            ("All systems must:",), "publish a plan", "All systems must publish a plan.", id="plain"
        ),
        pytest.param(
            ("Systems are expected to improve flow by:",),
            "opening earlier;",
            "Systems are expected to improve flow by opening earlier.",
            id="gerund",
        ),
        pytest.param(
            ("Systems must:", "reduce delays by:"),
            "working with councils",
            "Systems must reduce delays by working with councils.",
            id="nested",
        ),
        pytest.param(
            ("NHS England will:",),
            "publish a toolkit, and",
            "NHS England will publish a toolkit.",
            id="trailing-and",
        ),
    ],
)
def test_statement_joins_stem_and_item(
    stems: tuple[str, ...], item: str, statement: str, models: ExtractionModels
) -> None:
    found = only(models, (*stems, item))
    assert found.statement == statement
    assert found.quote == item
    assert found.stem == stems[-1]


def test_a_lead_in_with_an_object_further_on_says_something(models: ExtractionModels) -> None:
    found = only(models, "We are asking each ICB, working with its councils, to set a goal for:")
    assert (found.modality, found.bearer) == (Modality.OBLIGATION, "each ICB")


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param(
            "This does not mean that every ward has to open all night.", None, id="denied"
        ),
        pytest.param(
            "This means that every ward has to open all night.", "obligation", id="near-miss-meant"
        ),
        pytest.param(
            "We would expect to see a plan for each site.",
            "obligation",
            id="would-expect-to-see",
        ),
        pytest.param("ICBs will receive growth of 1%.", "commitment", id="promised-to-receive"),
        pytest.param("ICBs must receive the returns by May.", "obligation", id="near-miss-must"),
        pytest.param("Read the list of “must dos” first.", "obligation", id="a-word-that-is-named"),
        pytest.param("Each site must do “more”.", "obligation", id="near-miss-a-word-that-is-used"),
        pytest.param("Your drafts are due with us by 8 June.", "obligation", id="due-with-us"),
        pytest.param("Delays are due with few exceptions to snow.", None, id="near-miss-due-to"),
        pytest.param("Trusts are told to plan to spend less.", "obligation", id="told-to-intend"),
        pytest.param(
            "They would expect to see a quieter winter.", None, id="near-miss-somebody-else-would"
        ),
    ],
)
def test_what_is_denied_or_politely_expected(
    text: str, modality: str | None, models: ExtractionModels
) -> None:
    found = read(models, text).requirements
    assert [r.modality.value for r in found] == ([modality] if modality else [])


def test_stem_that_says_nothing_by_itself_is_no_unit(models: ExtractionModels) -> None:
    assert not read(models, "All systems must:").requirements
    assert read(models, "Systems must meet the standard and work with councils to:").requirements


def test_sentence_with_several_targets_becomes_several_requirements(
    models: ExtractionModels,
) -> None:
    found = read(
        models,
        "Each group must post a 1% surplus, open a 2% fund and keep a 0.5% contingency.",
    ).requirements
    assert [[q.value for q in r.quantities] for r in found] == [[1.0], [2.0], [0.5]]
    assert len({r.quote for r in found}) == 1
    assert len({r.id for r in found}) == 3


def test_condition_is_kept(models: ExtractionModels) -> None:
    found = only(models, "Trusts may carry forward the sum, provided that the region agrees.")
    assert found.modality is Modality.PERMISSION
    assert found.condition == "provided that the region agrees"


def test_outer_stem_and_sentence_before_give_the_date(models: ExtractionModels) -> None:
    found = only(models, ("By March 2029 trusts must:", "In every ward:", "publish the rota"))
    assert found.deadline is not None
    assert found.deadline.date == date(2029, 3, 31)
    scene = only(models, ("Our aims for 2025/26:", "Trusts must:", "publish the rota"))
    assert scene.deadline is None
    later = read(
        models,
        "Trusts must open the hub by 10 February 2026.",
        "Councils must close the old ward by the same date.",
    ).requirements
    assert [r.deadline.date for r in later if r.deadline] == [date(2026, 2, 10)] * 2


def test_numbers_are_tied_to_their_measure(models: ExtractionModels) -> None:
    found = only(
        models,
        "Trusts must ensure that at least 78% of patients in A&E are seen within 4 hours by March"
        " 2026.",
    )
    target = next(q for q in found.quantities if q.kind == "percentage")
    assert (target.value, target.comparator, target.role.value, target.measure) == (
        78.0,
        ">=",
        "target",
        "ae-4-hour",
    )
    assert found.topic == "urgent care"


def test_numbers_in_narrative_are_figures_without_a_requirement(models: ExtractionModels) -> None:
    extraction = read(models, "Last year 74.1% of patients left within 4 hours.")
    assert not extraction.requirements
    assert next((f.quantity.value, f.requirement_id) for f in extraction.figures) == (74.1, None)


def test_commentary_reports_the_requirements_of_others(models: ExtractionModels) -> None:
    found = only(
        models,
        "The guidance says that every CCG must set aside 2% of its budget.",
        kind=Kind.COMMENTARY,
    )
    assert found.reported
    assert found.reported_by == "The guidance"
    own = only(models, "CCGs must resist the temptation to give in.", kind=Kind.COMMENTARY)
    assert not own.reported


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param(
            "I think we need to open the register again.", Modality.OBLIGATION, id="opinion-need"
        ),
        pytest.param(
            "I think that trusts should keep a register of loans.",
            Modality.RECOMMENDATION,
            id="opinion-should",
        ),
        pytest.param("I think demand will rise again.", None, id="guess"),
        pytest.param(
            "Rota gaps will continue to be reported to the committee.",
            Modality.COMMITMENT,
            id="goes-on-being-done",
        ),
        pytest.param("Rota gaps will continue to grow.", None, id="goes-on-by-itself"),
    ],
)
def test_what_frames_a_verb_is_seen_through(
    text: str, modality: Modality | None, models: ExtractionModels
) -> None:
    found = read(models, text, kind=Kind.BOARD_PAPER).requirements
    assert [r.modality for r in found] == ([] if modality is None else [modality])


def test_holder_of_duties_is_bound(models: ExtractionModels) -> None:
    found = only(models, "The company secretary's duties include keeping the register.")
    assert found.bearer == "The company secretary"


@pytest.mark.parametrize(
    ("stem", "item", "governed"),
    [
        pytest.param(
            "Trusts were asked to join the scheme and the following groups have been formed:",
            "Care of children",
            False,
            id="items-name-what-was-formed",
        ),
        pytest.param(
            "Trusts were asked to join the scheme and to name the following:",
            "a lead for children",
            True,
            id="items-are-what-is-asked",
        ),
        pytest.param(
            "Trusts must agree a plan, and the following must be in it:",
            "the number of beds",
            True,
            id="later-clause-binds-as-well",
        ),
    ],
)
def test_stem_that_turns_to_other_things_governs_no_item(
    stem: str, item: str, governed: bool, models: ExtractionModels
) -> None:
    found = read(models, (stem, item), kind=Kind.BOARD_PAPER).requirements
    assert bool(found) is governed


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param("If not, we will have to close a ward.", Modality.OBLIGATION, id="if-not"),
        pytest.param("Trusts will not have to close a ward.", Modality.PERMISSION, id="will-not"),
    ],
)
def test_not_denies_the_verb_it_stands_by(
    text: str, modality: Modality, models: ExtractionModels
) -> None:
    assert only(models, text).modality is modality


def test_minutes_mark_actions(models: ExtractionModels) -> None:
    found = only(
        models,
        "Action: director of estates to write to all staff by 12 August.",
        kind=Kind.BOARD_PAPER,
    )
    assert (found.modality, found.bearer) == (Modality.OBLIGATION, "director of estates")


def test_ids_depend_on_words_alone(models: ExtractionModels) -> None:
    first = read(models, "Trusts must act.", "Boards must meet.").requirements
    second = read(models, "A word first.", "Boards must meet.", "Trusts must act.").requirements
    assert {r.id for r in first} == {r.id for r in second}
    twice = read(models, "Trusts must act.", "Trusts must act.").requirements
    assert len({r.id for r in twice}) == 2


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(
        alphabet=st.sampled_from("abc MUST must 2% £5m by 2026/27 .,;:()’“”\n\t<&=…–éß\u202e"),
        max_size=120,
    )
)
def test_quotes_are_verbatim_whatever_the_text(text: str, models: ExtractionModels) -> None:
    structured = document_of(f"Trusts must act. {text}")
    extraction = extract(structured, models=models)
    whole = structured.passages[0].text
    for requirement in extraction.requirements:
        assert whole[requirement.start : requirement.end] == requirement.quote
    for figure in extraction.figures:
        assert whole[figure.quantity.start : figure.quantity.end] == figure.quantity.text


@pytest.mark.parametrize(
    ("lead_in", "says"),
    [
        pytest.param("Do this, in particular by:", "Do this.", id="in-particular-by"),
        pytest.param(
            "Meet the rule and work with councils to:",
            "Meet the rule and work with councils.",
            id="to",
        ),
        pytest.param(
            "They answer to whom they report to.",
            "They answer to whom they report to.",
            id="no-lead-in",
        ),
    ],
)
def test_a_lead_in_by_itself_says_no_more_than_it_says(lead_in: str, says: str) -> None:
    assert plain(lead_in) == says
