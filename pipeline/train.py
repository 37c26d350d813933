"""`mustdo train`: fit the models again from the labelled documents. The same data give the same
models.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from threadpoolctl import threadpool_limits

from pipeline.errors import UsageError
from pipeline.extract.candidate import Candidate
from pipeline.extract.classifier import (
    FILE_NAME,
    RequirementClassifier,
    fit,
    from_pipeline,
    save_classifier,
)
from pipeline.extract.document import propose
from pipeline.extract.models import ExtractionModels, load_models
from pipeline.extract.topics import FILE_NAME as TOPIC_FILE
from pipeline.extract.topics import save_topic_model
from pipeline.gold import GoldDocument, GoldUnit, default_gold, load_gold
from pipeline.lexicon.load import default_directory
from pipeline.link.model import MODEL_FILE
from pipeline.link.project import CARD_FILE, train_from_project
from pipeline.train_card import CARD_FILE as EXTRACTION_CARD
from pipeline.train_card import write_card
from pipeline.train_topics import fit_topic_model, gather_topic_examples, score_topics

REGULARISATION: Final = 0.2  # C, the best of 0.1 to 1.0 with each document held out
FOLDS: Final = 10


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate of a labelled unit, and whether it is a requirement."""

    document_id: str
    candidate: Candidate
    label: int


def train(
    *, directory: Path | None = None, progress: Callable[[str, int, int], None] | None = None
) -> str:
    """Fit the requirement classifier and the link model, store them with their cards, and say what
    was done.
    """
    tell = progress or (lambda _stage, _done, _total: None)
    directory = directory or default_directory()
    _check_writable(directory)
    # The problems are small: threads would wait for one another.
    with threadpool_limits(limits=1):
        return "\n".join([*_train_extraction(directory, tell), train_from_project(directory)])


def _train_extraction(directory: Path, tell: Callable[[str, int, int], None]) -> list[str]:
    """Fit the requirement classifier, then the topic model on what it lets through."""
    documents = load_gold(default_gold())
    examples = gather_examples(documents, load_models(directory, with_classifier=False), tell)
    pipeline = fit(
        [e.candidate.evidence for e in examples], [e.label for e in examples], c=REGULARISATION
    )
    classifier = from_pipeline(pipeline)
    path = save_classifier(classifier, directory)
    models = load_models(directory)
    about = gather_topic_examples(documents, models)
    topic_model = fit_topic_model(about, models)
    topic_path = save_topic_model(topic_model, directory)
    topic_scores = score_topics(about, models)
    card = write_card(
        documents,
        examples,
        classifier,
        held_out_classifiers(examples),
        topic_model,
        topic_scores=topic_scores,
        topics=len(models.lexicon.topics.ids),
        folds=FOLDS,
    )
    (directory / EXTRACTION_CARD).write_text(card, encoding="utf-8")
    right, by_rules, n = topic_scores
    return [
        f"{path.name}: {len(examples)} candidates of"
        f" {sum(len(d.units) for d in documents)} labelled units in {len(documents)} documents.",
        f"{topic_path.name}: {n} requirements with a labelled topic; with their document held out"
        f" {right / n:.0%} right, by the rules alone {by_rules / n:.0%}.",
    ]


def _check_writable(directory: Path) -> None:
    """Raise UsageError where the models may not be written, before minutes go into fitting them."""
    fixed = [
        name
        for name in (FILE_NAME, TOPIC_FILE, MODEL_FILE, CARD_FILE, EXTRACTION_CARD)
        if (directory / name).exists()
    ]
    if not all(os.access(path, os.W_OK) for path in (directory, *(directory / n for n in fixed))):
        raise UsageError(
            f"The models in {directory} may not be written. Train in a checkout of mustdo, or in an"
            " installation of your own (python -m venv, then pip install)."
        )


def gather_examples(
    documents: Sequence[GoldDocument],
    models: ExtractionModels,
    tell: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> list[Example]:
    """The candidates of every labelled unit. Of a unit's candidates those of its modality are
    requirements.

    A candidate of another modality in a unit that is a requirement is left out: it may be one too.
    """
    examples: list[Example] = []
    for number, document in enumerate(documents, 1):
        gold = {" ".join(u.quote.split()): u for u in document.units}
        for unit, candidates in propose(document.structured(), models=models):
            labelled = gold.get(unit.passage.text)
            if labelled is not None and not labelled.unsure:
                examples += _label(document.id, labelled, candidates)
        tell("training", number, len(documents))
    return examples


def _label(document_id: str, unit: GoldUnit, candidates: Iterable[Candidate]) -> list[Example]:
    candidates = [c for c in candidates if c.origin != "carried"]  # these are not weighed
    right = [c for c in candidates if c.modality.value == unit.modality]
    kept = right if unit.modality and right else candidates
    return [Example(document_id, c, int(unit.modality is not None)) for c in kept]


def held_out_classifiers(
    examples: Sequence[Example], *, folds: int = FOLDS
) -> dict[str, RequirementClassifier]:
    """For each document a classifier that has not seen it, nor the others of its fold."""
    ids = sorted({e.document_id for e in examples})
    found: dict[str, RequirementClassifier] = {}
    for fold in range(min(folds, len(ids))):
        held_out = set(ids[fold::folds])
        known = [e for e in examples if e.document_id not in held_out]
        classifier = from_pipeline(
            fit([e.candidate.evidence for e in known], [e.label for e in known], c=REGULARISATION)
        )
        found |= dict.fromkeys(held_out, classifier)
    return found
