"""Every rule of models/cues.yml finds its hit and leaves its near miss."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.extract import ExtractionModels
from pipeline.extract.cue_rules import load_cue_rules
from pipeline.extract.document import propose
from pipeline.lexicon.load import default_directory
from pipeline.records import Modality
from tests.extract.helpers import document_of

RULES = load_cue_rules(default_directory() / "cues.yml")
GROUPS = {
    "modal": RULES.modals,
    "verb": RULES.verb_to,
    "passive": RULES.passives,
    "speaker": RULES.speakers,
    "predicate": RULES.adjectives,
    "noun": RULES.nouns,
    "status": RULES.status,
}
ALL = [
    pytest.param(
        group, rule, id=f"{group}:{getattr(rule, 'word', None) or getattr(rule, 'lemma', '')}"
    )
    for group, rules in GROUPS.items()
    for rule in rules
]


@pytest.mark.parametrize(("group", "rule"), ALL)
def test_rule_finds_its_hit(group: str, rule: object, models: ExtractionModels) -> None:
    candidates = _candidates(models, rule.hit)  # type: ignore[attr-defined]
    found = {c.modality.value for c in candidates if c.cue is not None}
    wanted = rule.modality  # type: ignore[attr-defined]
    if " not " in rule.hit:  # type: ignore[attr-defined]
        wanted = rule.negated  # type: ignore[attr-defined]
    if wanted == "future":  # promise, instruction or forecast: the subject tells
        assert found & {"obligation", "commitment"}
    elif wanted == "possibility":  # seen, and turned down
        assert candidates
        assert not any(c.accepted for c in candidates)
    else:
        assert wanted in found


@pytest.mark.parametrize(("group", "rule"), ALL)
def test_rule_leaves_its_near_miss(group: str, rule: object, models: ExtractionModels) -> None:
    name = f"{group}:{getattr(rule, 'word', None) or getattr(rule, 'lemma', '')}"
    accepted = [c for c in _candidates(models, rule.near_miss) if c.accepted]  # type: ignore[attr-defined]
    assert not [c for c in accepted if c.cue is not None and c.cue.rule == name]


def _candidates(models: ExtractionModels, text: str) -> list:  # type: ignore[type-arg]
    rules_alone = replace(models, classifier=None)
    return [
        c for _, candidates in propose(document_of(text), models=rules_alone) for c in candidates
    ]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        pytest.param("Trusts must publish a plan.", "obligation", id="must"),
        pytest.param("Trusts must not close a ward without consent.", "prohibition", id="must-not"),
        pytest.param("No trust may close a ward without consent.", "prohibition", id="no-x-may"),
        pytest.param(
            "Trusts must under no circumstances close a ward.",
            "prohibition",
            id="under-no-circumstances",
        ),
        pytest.param("Trusts must not only plan but also deliver.", "obligation", id="not-only"),
        pytest.param("Plans need not be long.", "permission", id="need-not"),
        pytest.param(
            "ICBs will need to agree a plan with each trust.", "obligation", id="will-need-to"
        ),
        pytest.param(
            "ICBs will be expected to agree a plan with each trust.",
            "obligation",
            id="will-be-expected",
        ),
        pytest.param(
            "ICBs will be able to keep half of any surplus.", "permission", id="will-be-able"
        ),
        pytest.param("We will publish a toolkit in May.", "commitment", id="we-will"),
        pytest.param("NHS England will publish a toolkit in May.", "commitment", id="issuer-will"),
        pytest.param("ICBs will lead the planning of services.", "obligation", id="body-will"),
        pytest.param(
            "ICBs should review the register each quarter.", "recommendation", id="should"
        ),
        pytest.param(
            "ICBs are encouraged to share data with councils.", "recommendation", id="encouraged"
        ),
        pytest.param(
            "We expect all boards to approve their plans.", "obligation", id="we-expect-x-to"
        ),
        pytest.param(
            "We expect that all boards approve their plans.", "obligation", id="we-expect-that"
        ),
        pytest.param(
            "Boards are responsible for approving the plan.", "obligation", id="responsible"
        ),
        pytest.param("It is vital that boards approve the plan.", "obligation", id="it-is-vital"),
        pytest.param(
            "Recruitment to these posts is not permitted.", "prohibition", id="status-not-permitted"
        ),
        pytest.param(
            "Trusts may wish to share a store with neighbours.", "recommendation", id="may-wish"
        ),
        pytest.param("Do not send paper copies of the form.", "prohibition", id="do-not"),
        pytest.param(
            "Each governor has sole responsibility for one site.",
            "obligation",
            id="has-responsibility-for",
        ),
        pytest.param(
            "The panel has a statutory requirement to publish its minutes.",
            "obligation",
            id="has-a-requirement-to",
        ),
        pytest.param(
            "The duties of the clerk include keeping the register.",
            "obligation",
            id="duties-include",
        ),
        pytest.param(
            "Consider a joint store with neighbouring trusts.", "recommendation", id="consider"
        ),
        pytest.param("Managers are asked not to print the pack.", "prohibition", id="asked-not-to"),
        pytest.param(
            "We expect trusts not to cancel clinics at short notice.",
            "prohibition",
            id="expect-not-to",
        ),
        pytest.param(
            "Boards are asked not only to plan but to deliver.", "obligation", id="not-only-to"
        ),
        pytest.param(
            "Nobody should have to queue outside.", "prohibition", id="nobody-should-have-to"
        ),
        pytest.param(
            "The final plans are to be returned to the regional office.",
            "obligation",
            id="plans-are-to-be-returned",
        ),
        pytest.param(
            "There are to be no closures of beds in winter.", "prohibition", id="there-are-to-be-no"
        ),
        pytest.param(
            "I would be grateful if councils could confirm their leads.",
            "obligation",
            id="grateful-if",
        ),
        pytest.param(
            "Checks are mandatory where a visitor stays overnight.",
            "obligation",
            id="mandatory-where",
        ),
    ],
)
def test_modality(text: str, modality: str, models: ExtractionModels) -> None:
    found = [
        c.modality
        for _, candidates in propose(document_of(text), models=replace(models, classifier=None))
        for c in candidates
        if c.accepted
    ]
    assert found
    assert found[0] is Modality(modality)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Must trusts publish a plan?", id="question"),
        pytest.param("Trusts were required to publish a plan in 2019.", id="history-passive"),
        pytest.param("Trusts had to publish a plan in 2019.", id="history-had-to"),
        pytest.param("If trusts must borrow, costs rise.", id="condition"),
        pytest.param("The new wards should result in fewer delays.", id="should-of-expectation"),
        pytest.param("Demand is expected to rise in winter.", id="forecast"),
        pytest.param("Waiting lists may grow again.", id="may-of-possibility"),
        pytest.param("2025 will be a hard year for everybody.", id="will-of-forecast"),
        pytest.param("The plan is to open two wards.", id="what-a-plan-is"),
        pytest.param("For trusts to recover takes a mild winter.", id="for-body-to-do"),
        pytest.param("The decision to merge was taken in May.", id="noun-to-do-was"),
        pytest.param("We are grateful if somewhat tired.", id="grateful-alone"),
        pytest.param(
            "Most of us believe that clinicians should lead the service.", id="what-is-believed"
        ),
        pytest.param("The pilot found that trusts will share their data.", id="what-was-found"),
        pytest.param("The clerk had responsibility for two sites.", id="past-responsibility"),
        pytest.param(
            "Funds are there to carry out the responsibilities for the site.",
            id="responsibilities-carried-out",
        ),
        pytest.param("The panel has few requirements to meet.", id="requirements-to-meet"),
        pytest.param("Import duties include a levy on sugar.", id="duties-of-nobody"),
        pytest.param(
            "The clerk's duties do not include the payroll.", id="duties-that-are-not-included"
        ),
    ],
)
def test_near_misses_are_no_requirements(text: str, models: ExtractionModels) -> None:
    proposed = propose(document_of(text), models=replace(models, classifier=None))
    assert not [c for _, candidates in proposed for c in candidates if c.accepted]
