"""Topics: each source's evidence, the model that weighs it, the rules where there is no model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.extract import ExtractionModels, extract
from pipeline.extract.topics import (
    TopicModel,
    fit_topics,
    gather,
    load_topic_model,
    save_topic_model,
)
from tests.extract.helpers import document_of

CANCER = "Trusts must start chemotherapy within 31 days."
SILENT = "They must publish the figures each month."


def test_what_stands_beside_tells_the_topic_of_a_silent_sentence(models: ExtractionModels) -> None:
    found = extract(document_of(f"{CANCER} {SILENT}"), models=models).requirements
    assert [r.topic for r in found] == ["cancer", "cancer"]


def test_evidence_is_told_by_source(models: ExtractionModels) -> None:
    structured = document_of(CANCER, SILENT)
    found = extract(structured, models=models).requirements
    first, second = gather(
        found, structured, topics=models.lexicon.topics, measures=models.lexicon.measures
    )
    assert first["quote"]["cancer"] > 0
    assert "cancer" not in second["quote"]
    assert second["near"]["cancer"] == second["section"]["cancer"] == first["quote"]["cancer"]
    assert "cancer" not in first["near"]
    assert "cancer" not in first["document"]


def test_without_a_model_the_rules_decide(models: ExtractionModels) -> None:
    by_rules = replace(models, topic_model=None)
    found = extract(document_of(f"{CANCER} {SILENT}"), models=by_rules).requirements
    assert [r.topic for r in found] == ["cancer", None]


def test_what_nothing_speaks_for_has_no_topic() -> None:
    assert TopicModel(weights={"quote": 1.0}).best({"quote": {}, "near": {}}) is None


@pytest.mark.parametrize(
    ("weights", "best"),
    [
        pytest.param({"quote": 1.0, "heading": 0.1}, "cancer", id="quote-counts"),
        pytest.param({"quote": 0.1, "heading": 1.0}, "workforce", id="heading-counts"),
        pytest.param({"quote_share": 1.0}, "cancer", id="share-counts"),
        pytest.param({}, "cancer", id="a-tie-goes-by-name"),
    ],
)
def test_weights_decide(weights: dict[str, float], best: str) -> None:
    evidence = {"quote": {"cancer": 2.0}, "heading": {"workforce": 2.0}}
    assert TopicModel(weights=weights).best(evidence) == best


def test_fitting_finds_the_source_that_tells_and_is_kept(tmp_path: Path) -> None:
    evidence = [
        {"quote": {topic: 2.0}, "heading": {other: 2.0}}
        for topic, other in (("a", "b"), ("b", "c"), ("c", "a"))
    ] * 5
    labels = ["a", "b", "c"] * 5
    model = fit_topics(evidence, labels, "abc")
    assert model == fit_topics(evidence, labels, "abc")
    assert model.weights["quote"] > 0 > model.weights["heading"]
    assert [model.best(e) for e in evidence] == labels
    save_topic_model(model, tmp_path)
    assert load_topic_model(tmp_path) == model
    assert load_topic_model(tmp_path / "none") is None
