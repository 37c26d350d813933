"""What linking sees of a requirement."""

from __future__ import annotations

import pytest

from pipeline.link.text import (
    Vocabulary,
    load_concepts,
    modality_strength,
    read_wordings,
    stem_word,
    word_pairs,
)
from pipeline.records import Modality
from tests.link.build import need


def own_words(quote: str, vocabulary: Vocabulary) -> list[str]:
    wording = read_wordings([need(quote)], vocabulary)[0]
    return [word for word in wording.own if word]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param(
            "PCTs must publish a prospectus", "ICBs must publish a prospectus", id="lineage"
        ),
        pytest.param(
            "Reach 76% of patients by March 2024", "Reach 82% of patients by April 2027", id="years"
        ),
        pytest.param(
            "Trusts are reducing delays", "Each trust must reduce every delay", id="stems"
        ),
    ],
)
def test_what_changes_every_year_is_not_seen(
    earlier: str, later: str, vocabulary: Vocabulary
) -> None:
    assert own_words(earlier, vocabulary) == own_words(later, vocabulary)


def test_other_bodies_are_seen(vocabulary: Vocabulary) -> None:
    assert own_words("Councils must publish", vocabulary) != own_words(
        "ICBs must publish", vocabulary
    )


@pytest.mark.parametrize(
    "group",
    [
        pytest.param(("reducing", "reduction", "reduced", "reduces"), id="reduce"),
        pytest.param(("delivery", "delivering", "delivers"), id="deliver"),
        pytest.param(("implement", "implementation", "implementing"), id="implement"),
    ],
)
def test_endings_come_off(group: tuple[str, ...]) -> None:
    assert len({stem_word(word) for word in group}) == 1


def test_short_words_are_left() -> None:
    assert {stem_word(word) for word in ("bed", "beds", "care")} == {"bed", "beds", "care"}


def test_pairs_of_words_do_not_reach_over_gaps() -> None:
    assert word_pairs(["publish", "", "plan", "ward", "#", "bed"]) == ["plan ward"]


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        pytest.param((Modality.PERMISSION, "may"), (Modality.RECOMMENDATION, "should"), id="may"),
        pytest.param(
            (Modality.RECOMMENDATION, "are encouraged to"),
            (Modality.RECOMMENDATION, "should"),
            id="within-advice",
        ),
        pytest.param(
            (Modality.RECOMMENDATION, "should"), (Modality.OBLIGATION, "must"), id="should-must"
        ),
        pytest.param(
            (Modality.OBLIGATION, "are expected to"),
            (Modality.OBLIGATION, "must"),
            id="within-duty",
        ),
        pytest.param(
            (Modality.PROHIBITION, "should not"), (Modality.PROHIBITION, "must not"), id="ban"
        ),
    ],
)
def test_ladder_of_force(weaker: tuple[Modality, str], stronger: tuple[Modality, str]) -> None:
    low, high = (
        modality_strength(need("Trusts do it", modality=modality, cue=cue))
        for modality, cue in (weaker, stronger)
    )
    assert low < high


def test_nobody_may_is_a_ban() -> None:
    banned = need("No child may wait", modality=Modality.PERMISSION, cue="may")
    assert modality_strength(banned) > modality_strength(
        need("A child may wait", modality=Modality.PERMISSION, cue="may")
    )


def test_concepts_find_what_they_say(vocabulary: Vocabulary) -> None:
    said = need("Cut delays in A&E for children")
    wording = read_wordings([said], vocabulary)[0]
    assert "emergency department" in wording.subjects
    assert wording.populations == {"children"}
    assert "lower" in wording.actions


def test_concepts_have_their_own_ids_and_words() -> None:
    concepts = load_concepts()
    assert len({c.id for c in concepts}) == len(concepts)
    assert all(len(set(c.words)) == len(c.words) for c in concepts)
    assert {c.kind for c in concepts} == {"subject", "population", "action"}


def test_sentence_with_two_duties_is_read_by_each_action(vocabulary: Vocabulary) -> None:
    from dataclasses import replace

    quote = "Trusts must publish waits and should train nurses"
    both = [
        replace(need(quote), id="a", action="publish waits"),
        replace(need(quote), id="b", action="train nurses"),
    ]
    first, second = read_wordings(both, vocabulary)
    assert not first.terms & second.terms
