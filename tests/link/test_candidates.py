"""Candidates: the right ones, never all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link import candidates
from pipeline.link.candidates import TOP, find_candidates, search_terms, weigh_terms
from pipeline.link.text import Vocabulary, read_wordings
from tests.link.build import need, needs, percent

_VERBS = ("publish", "review", "cut", "extend", "measure", "close", "open", "train", "repair")
_NOUNS = ("kitchen", "roof", "library", "bridge", "garden", "archive", "stable", "boiler", "canal")


def many(side: str, count: int) -> list[str]:
    return [
        f"Owners must {_VERBS[n % 9]} the {_NOUNS[n // 9 % 9]} of house {side} number {n}"
        for n in range(count)
    ]


def pairs_of(before: list[str], after: list[str], vocabulary: Vocabulary) -> set[tuple[int, int]]:
    sides = [read_wordings(needs(d, q), vocabulary) for d, q in (("a", before), ("b", after))]
    terms = weigh_terms([search_terms(w) for w in sides[0]], [search_terms(w) for w in sides[1]])
    found = find_candidates(sides[0], sides[1], terms)
    return set(zip(found.before.tolist(), found.after.tolist(), strict=True))


def test_like_words_meet_among_many(vocabulary: Vocabulary) -> None:
    before = [*many("west", 80), "Wardens must count the herons on the reservoir every spring"]
    after = ["Each spring the herons of the reservoir are to be counted", *many("east", 80)]
    assert (80, 0) in pairs_of(before, after, vocabulary)


def test_not_all_pairs(vocabulary: Vocabulary) -> None:
    found = pairs_of(many("west", 120), many("east", 120), vocabulary)
    assert len(found) < 120 * (2 * TOP + candidates.PER_BLOCK * 2)
    assert len(found) < 120 * 120 / 2


def test_one_measure_meets_without_shared_words(vocabulary: Vocabulary) -> None:
    before = read_wordings([need("Reach 76%", quantities=[percent(76, "ae-4-hour")])], vocabulary)
    after = read_wordings(
        [need("Four fifths leave in time", quantities=[percent(80, "ae-4-hour")])], vocabulary
    )
    empty = weigh_terms([[]], [[]])
    found = find_candidates(before, after, empty)
    assert (found.before.tolist(), found.after.tolist()) == ([0], [0])


def test_large_years_keep_the_right_pairs(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [
        f"{a}{b}gull" for a in ("bar", "den", "kit", "lor", "mar", "pol") for b in "aeioubdfgk"
    ]
    before = [f"Keepers must feed the {name} at dawn" for name in names]
    after = [f"At dawn feed every {name}" for name in names]
    monkeypatch.setattr(candidates, "_PRUNE_ABOVE", 10)
    monkeypatch.setattr(candidates, "_MOST_HOLDERS", 20)
    found = pairs_of(before, after, vocabulary)
    assert {(n, n) for n in range(60)} <= found


@given(
    before=st.lists(st.sampled_from(many("w", 30)), max_size=12),
    after=st.lists(st.sampled_from(many("e", 30)), max_size=12),
)
@settings(max_examples=25, deadline=None)
def test_pairs_are_sorted_and_within(before: list[str], after: list[str]) -> None:
    rows = [[q.split() for q in side] for side in (before, after)]
    terms = weigh_terms(rows[0], rows[1])
    lengths = np.sqrt(np.asarray(terms.before.multiply(terms.before).sum(axis=1)).ravel())
    assert np.allclose(lengths, 1.0, atol=1e-5)
