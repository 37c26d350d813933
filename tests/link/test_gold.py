"""The labelled pairs, training on them, and the floors under what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.lexicon import Lexicon
from pipeline.link import (
    LabelledPair,
    LinkModel,
    evaluate_links,
    load_labelled_pairs,
    load_link_model,
    save_link_model,
)
from pipeline.link.evaluate import LinkScores
from pipeline.link.model import MODEL_FILE
from pipeline.link.project import labelled_pairs_directory
from pipeline.link.text import Vocabulary
from pipeline.link.train import CLASSIFIERS, fit, read_examples
from pipeline.records import Relation

# Each pair is linked by a model that has not seen it. Lowering a floor is a visible edit.
F1 = 0.88
RELATION_ACCURACY = 0.73
TARGET_CHANGED = 0.86


@pytest.fixture(scope="module")
def labelled() -> Sequence[LabelledPair]:
    return load_labelled_pairs(labelled_pairs_directory())


@pytest.fixture(scope="module")
def scores(labelled: Sequence[LabelledPair], lexicon: Lexicon, model: LinkModel) -> LinkScores:
    return evaluate_links(labelled, lexicon=lexicon, model=model)


def test_there_are_enough(labelled: Sequence[LabelledPair]) -> None:
    assert len(labelled) >= 5
    assert sum(len(pair.links) + len(pair.distinct) for pair in labelled) >= 600
    assert {link.relation for pair in labelled for link in pair.links} == set(Relation) - {
        Relation.MENTIONS
    }


def test_nothing_is_both_a_link_and_a_look_alike(labelled: Sequence[LabelledPair]) -> None:
    for pair in labelled:
        links = [(link.from_id, link.to_id) for link in pair.links]
        assert len(set(links)) == len(links)
        assert not set(links) & set(pair.distinct)


def test_links_on_pairs_held_out(scores: LinkScores) -> None:
    assert scores.links.f1 >= F1


def test_relations_on_pairs_held_out(scores: LinkScores) -> None:
    assert scores.relation_accuracy >= RELATION_ACCURACY
    assert scores.by_relation[Relation.TARGET_CHANGED].f1 >= TARGET_CHANGED


def test_every_pair_beats_half(scores: LinkScores) -> None:
    assert min(score.f1 for score in scores.by_pair.values()) >= 0.7


@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_training_twice_gives_one_file(
    kind: str, labelled: Sequence[LabelledPair], vocabulary: Vocabulary, tmp_path: Path
) -> None:
    few = [pair for pair in labelled if pair.name in ("borough-plan", "water-rules")]
    for name, pairs in (("one", few), ("two", few[::-1])):
        (tmp_path / name).mkdir()
        model = fit(kind, read_examples(pairs, vocabulary), accept=0.4, extra=0.8)
        save_link_model(model, tmp_path / name / MODEL_FILE)
    one, two = ((tmp_path / name / MODEL_FILE).read_bytes() for name in ("one", "two"))
    assert one == two


def test_stored_model_scores_as_before(
    labelled: Sequence[LabelledPair], vocabulary: Vocabulary, tmp_path: Path
) -> None:
    examples = read_examples(labelled[:2], vocabulary)
    model = fit("logistic", examples)
    save_link_model(model, tmp_path / MODEL_FILE)
    again = load_link_model(tmp_path)
    features = examples[0].features
    assert abs(model.score(features) - again.score(features)).max() < 1e-4


def test_no_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="mustdo train"):
        load_link_model(tmp_path)


def test_damaged_model_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).write_bytes(b"not a model")
    with pytest.raises(UsageError, match="mustdo train"):
        load_link_model(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param('{"type": "unit"}\n', "line 1", id="bad-line"),
        pytest.param(
            '{"type":"document","id":"a","planning_year":"2024/25","title":"A","publisher":"B"}\n',
            "names 1 documents",
            id="one-document",
        ),
    ],
)
def test_wrong_labels_are_named(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "pair.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load_labelled_pairs(tmp_path)


def test_no_labels_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no labelled pairs"):
        load_labelled_pairs(tmp_path)
