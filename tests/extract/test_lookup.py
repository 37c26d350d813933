"""Tokens found by number are those that a look at each would find; quick tests lose nothing."""

from __future__ import annotations

import pytest

from pipeline.extract import ExtractionModels, targets
from pipeline.extract.lookup import (
    Dependencies,
    Tags,
    Words,
    root_of,
    root_place,
    token_from,
    tokens_within,
)
from pipeline.extract.numbers import may_hold_numeral, next_numeral
from pipeline.extract.parse import ParseCache, _batches
from pipeline.extract.quantities import find_measurements
from pipeline.extract.quantity_multiples import find_multiples, may_hold_multiple
from pipeline.extract.topics import TopicModel, features
from pipeline.gold import default_gold, load_gold

TEXT = "Trusts were told that two boards must publish their plans by March."


@pytest.mark.parametrize(
    ("lookup", "expected"),
    [
        pytest.param(Words({"must"}), ["must"], id="word"),
        pytest.param(Words({"plan"}), ["plans"], id="lemma"),
        pytest.param(Words({"tell", "publish"}), ["told", "publish"], id="in-order"),
        pytest.param(Words({"ward"}), [], id="none"),
        pytest.param(Tags({"MD"}), ["must"], id="tag"),
        pytest.param(Dependencies({"nsubj", "nsubjpass"}), ["Trusts", "boards"], id="dependency"),
    ],
)
def test_tokens(
    lookup: Words | Tags | Dependencies, expected: list[str], models: ExtractionModels
) -> None:
    doc = models.nlp(TEXT)
    assert [t.text for t in lookup.tokens(doc)] == expected
    assert lookup.stand_in(doc) is bool(expected)


def test_an_empty_parse_holds_nothing(models: ExtractionModels) -> None:
    doc = models.nlp("")
    assert not Words({"must"}).stand_in(doc)
    assert (root_of(doc), root_place(doc), token_from(doc, 0)) == (None, None, None)
    assert tokens_within(doc, 0, 4) == []


def test_root_and_places_are_those_of_a_look_at_each_token(models: ExtractionModels) -> None:
    for text in (TEXT, "Plan.", "On 3 May, boards (all of them) meet; they decide."):
        doc = models.nlp(text)
        root = root_of(doc)
        assert root is not None
        assert root.dep_ == "ROOT"
        for start in range(len(text) + 1):
            first = next((t for t in doc if t.idx >= start), None)
            found = token_from(doc, start)
            assert (found is None) == (first is None)
            assert found is None or first is None or found.i == first.i
            for end in (start + 1, start + 9):
                shared = [t.i for t in doc if t.idx < end and t.idx + len(t) > start]
                assert [t.i for t in tokens_within(doc, start, end)] == shared


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1,150 beds", id="digits"),
        pytest.param("Twenty-five wards", id="words"),
        pytest.param("a third of them", id="fraction"),
        pytest.param("a couple of weeks", id="couple"),
        pytest.param("within an hour", id="article"),
        pytest.param("half a million", id="scale"),
        pytest.param("Halving the waits", id="halve"),
        pytest.param("a twofold rise", id="fold"),
        pytest.param("ten times the rate", id="times"),
    ],
)
def test_what_holds_a_number_passes_the_quick_test(text: str) -> None:
    assert next_numeral(text) is not None or find_multiples(text)
    assert may_hold_numeral(text) or may_hold_multiple(text)


def test_quick_tests_lose_no_number_of_the_labelled_documents() -> None:
    skipped = 0
    for document in load_gold(default_gold()):
        for unit in document.units:
            if may_hold_numeral(unit.quote):
                continue
            assert next_numeral(unit.quote) is None, unit.quote
            if may_hold_multiple(unit.quote):
                continue
            skipped += 1
            assert not find_multiples(unit.quote), unit.quote
            assert find_measurements(unit.quote) == []
    assert skipped > 500, "the test skips what has no number"


def test_texts_are_parsed_in_batches_of_a_size() -> None:
    texts = ["a" * 9_000, "b" * 9_000, "c" * 3_000, "d" * 40_000, "e"]
    assert [[t[0] for t in batch] for batch in _batches(texts)] == [
        ["a"],
        ["b", "c"],
        ["d"],
        ["e"],
    ]
    assert list(_batches([])) == []


def test_a_cache_parses_a_text_once(models: ExtractionModels) -> None:
    cache = ParseCache(models.nlp)
    cache.parse_all([TEXT, TEXT])
    assert cache[TEXT] is cache[TEXT]


def test_the_topic_that_weighs_most_is_the_sum_of_its_features() -> None:
    evidence = {
        "quote": {"finance": 3.0, "cancer": 1.5},
        "near": {"cancer": 6.0},
        "title": {"estates": 0.25},
    }
    model = TopicModel(weights={"quote": 0.3, "near": 0.2, "near_share": 0.9, "title": -1.0})
    totals = {name: sum(scores.values()) for name, scores in evidence.items()}
    weighed = {
        topic: sum(
            model.weights.get(name, 0.0) * value
            for name, value in features(evidence, totals, topic).items()
        )
        for topic in ("finance", "cancer", "estates")
    }
    assert model.best(evidence) == max(weighed, key=weighed.__getitem__) == "cancer"
    assert model.best({"quote": {}}) is None


def test_what_may_state_a_target_passes_the_quick_test(models: ExtractionModels) -> None:
    patterns = (targets._TARGET_STATED, targets._ABOLISHED, targets._TARGET_WORD)
    found = 0
    texts = [u.quote for d in load_gold(default_gold())[::6] for u in d.units]
    for text in texts:
        if any(pattern.search(text) for pattern in patterns):
            found += 1
            assert targets._HINTS.stand_in(models.nlp(text)), text
    assert 30 < found < len(texts) / 2
