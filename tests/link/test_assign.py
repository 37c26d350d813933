"""From chances of pairs to matches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from pipeline.link import assign as assignment
from pipeline.link.assign import Match, Matching, assign
from pipeline.link.candidates import Candidates
from pipeline.link.model import LinkModel, Logistic
from pipeline.link.text import Vocabulary, read_wordings
from tests.link.build import need, needs, percent

MODEL = LinkModel(
    kind="logistic",
    classifier=Logistic(weights={}, intercept=0.0),
    accept=0.5,
    extra=0.9,
    common={},
)
SEVEN = ("oaks", "elms", "larches", "beeches", "willows", "alders", "maples")


def run(
    before: Sequence[str],
    after: Sequence[str],
    chances: Mapping[tuple[int, int], float],
    vocabulary: Vocabulary,
    groups: tuple[Sequence[int], Sequence[int]] | None = None,
) -> list[Match]:
    ends = sorted(chances)
    pairs = Candidates(before=np.array([i for i, _ in ends]), after=np.array([j for _, j in ends]))
    scores = np.array([chances[end] for end in ends], dtype=np.float32)
    own = groups or (range(len(before)), range(len(after)))
    return assign(
        read_wordings(needs("a", before), vocabulary),
        read_wordings(needs("b", after), vocabulary),
        pairs,
        scores,
        (np.array(own[0]), np.array(own[1])),
        MODEL,
    )


def ends(matches: Sequence[Match]) -> dict[tuple[int, int], Matching]:
    return {(m.before, m.after): m.matching for m in matches}


def test_competing_words_are_settled_together(vocabulary: Vocabulary) -> None:
    # Best first would take 0-0 and leave 1 alone.
    chances = {(0, 0): 0.80, (0, 1): 0.75, (1, 0): 0.78, (1, 1): 0.20}
    found = ends(run(["Prune oaks", "Prune elms"], ["Cut oaks", "Cut elms"], chances, vocabulary))
    assert found == {(0, 1): Matching.ONE, (1, 0): Matching.ONE}


def test_settling_greedily_leaves_no_end_twice(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignment, "_MOST_CELLS", 1)
    chances = {(0, 0): 0.80, (0, 1): 0.75, (1, 0): 0.78, (1, 1): 0.60}
    found = ends(run(["Prune oaks", "Prune elms"], ["Cut oaks", "Cut elms"], chances, vocabulary))
    assert found == {(0, 0): Matching.ONE, (1, 1): Matching.ONE}


def test_unlikely_pairs_are_left(vocabulary: Vocabulary) -> None:
    assert run(["Prune oaks"], ["Feed swans"], {(0, 0): 0.49}, vocabulary) == []


def test_split_found_where_parts_cover_the_whole(vocabulary: Vocabulary) -> None:
    whole = "Wardens must prune oaks and larches, feed swans and herons"
    parts = ["Wardens must prune oaks and larches", "Swans and herons must be fed by wardens"]
    chances = {(0, 0): 0.9, (0, 1): 0.6}
    found = ends(run([whole], parts, chances, vocabulary))
    assert found == {(0, 0): Matching.SPLIT, (0, 1): Matching.SPLIT}
    turned = {(j, i): p for (i, j), p in chances.items()}
    merged = ends(run(parts, [whole], turned, vocabulary))
    assert merged == {(0, 0): Matching.MERGED, (1, 0): Matching.MERGED}


def test_second_best_that_says_nothing_new_is_no_part(vocabulary: Vocabulary) -> None:
    whole = "Wardens must prune oaks and larches"
    chances = {(0, 0): 0.9, (0, 1): 0.6}
    found = ends(run([whole], [whole, "Prune the oaks"], chances, vocabulary))
    assert found == {(0, 0): Matching.ONE}


def test_a_sure_pair_outweighs_two_that_hardly_pass(vocabulary: Vocabulary) -> None:
    before, after = ["Prune oaks", "Feed herons"], ["Cut oaks", "Count herons"]
    chances = {(0, 0): 0.90, (0, 1): 0.52, (1, 0): 0.51}
    assert ends(run(before, after, chances, vocabulary)) == {(0, 0): Matching.ONE}


def test_further_place_of_one_ask_is_linked(vocabulary: Vocabulary) -> None:
    before = ["Wardens must prune oaks"]
    after = ["Wardens must prune oaks soon", "Prune oaks, says the table of wardens"]
    found = ends(run(before, after, {(0, 0): 0.97, (0, 1): 0.95}, vocabulary))
    assert found == {(0, 0): Matching.ONE, (0, 1): Matching.FURTHER}


def test_further_with_another_number_is_left(vocabulary: Vocabulary) -> None:
    quotes = ["Prune 90% of oaks in parks", "Prune 95% of oaks in streets"]
    found = assign(
        read_wordings([need("Prune 85% of oaks", quantities=[percent(85)])], vocabulary),
        read_wordings(
            [
                need(quote, document="b", ordinal=n, quantities=[percent(90 + 5 * n)])
                for n, quote in enumerate(quotes)
            ],
            vocabulary,
        ),
        Candidates(before=np.array([0, 0]), after=np.array([0, 1])),
        np.array([0.97, 0.95], dtype=np.float32),
        (np.array([0]), np.array([0, 1])),
        MODEL,
    )
    assert ends(found) == {(0, 0): Matching.ONE}


def test_split_found_in_other_words(vocabulary: Vocabulary) -> None:
    before = ["Look after trees and water birds"]
    after = ["Oaks and larches must be pruned", "Herons need food in winter"]
    found = ends(run(before, after, {(0, 0): 0.97, (0, 1): 0.95}, vocabulary))
    assert found == {(0, 0): Matching.SPLIT, (0, 1): Matching.SPLIT}


def test_repeats_compete_as_one(vocabulary: Vocabulary) -> None:
    before = ["Prune oaks", "Oaks: prune", "Prune elms"]
    after = ["Prune all oaks", "Prune elms now"]
    chances = {(0, 0): 0.9, (1, 0): 0.8, (2, 1): 0.9, (1, 1): 0.7}
    found = ends(run(before, after, chances, vocabulary, groups=([0, 0, 2], [0, 1])))
    assert found == dict.fromkeys([(0, 0), (1, 0), (2, 1)], Matching.ONE)


def test_many_places_are_not_all_linked_with_all(vocabulary: Vocabulary) -> None:
    before, after = ([f"Prune {tree} {side}" for tree in SEVEN] for side in "ab")
    chances = {(i, j): 0.9 if i == j else 0.6 for i in range(7) for j in range(7)}
    found = ends(run(before, after, chances, vocabulary, groups=([0] * 7, [0] * 7)))
    assert set(found) == {(n, n) for n in range(7)}


def test_order_of_pairs_does_not_matter(vocabulary: Vocabulary) -> None:
    chances = {(0, 0): 0.7, (0, 1): 0.7, (1, 0): 0.7, (1, 1): 0.7}
    once = run(["Prune oaks", "Prune elms"], ["Cut oaks", "Cut elms"], chances, vocabulary)
    turned = dict(reversed(chances.items()))
    assert once == run(["Prune oaks", "Prune elms"], ["Cut oaks", "Cut elms"], turned, vocabulary)
