"""Topics learned from the labelled documents as they are read, headings and all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.extract import extract
from pipeline.extract.models import ExtractionModels
from pipeline.extract.topics import Evidence, TopicModel, fit_topics, gather
from pipeline.gold import GoldDocument
from pipeline.read import read
from pipeline.records import Stated
from pipeline.structure import structure

FOLDS: Final = 10


@dataclass(frozen=True, slots=True)
class TopicExample:
    """A requirement of a labelled document: what speaks for its topics, what it was given without
    the fitted model, and what it is.
    """

    document_id: str
    evidence: Evidence
    by_rules: str | None
    topic: str


def gather_topic_examples(
    documents: Sequence[GoldDocument], models: ExtractionModels
) -> list[TopicExample]:
    """The requirements that extraction finds in the documents' own texts and that have a labelled
    topic; documents of which only units are there give none.
    """
    rules_alone = replace(models, topic_model=None)
    examples: list[TopicExample] = []
    for document in documents:
        labelled = {
            _plain(u.quote): u.topic
            for u in document.units
            if u.topic and u.modality and not u.unsure and u.topic in models.lexicon.topics.ids
        }
        if document.text_path is None:
            continue
        stated = Stated(id=document.id, kind=document.kind)
        for structured in structure(read(document.text_path), stated):
            found = extract(structured, models=rules_alone).requirements
            evidence = gather(
                found,
                structured,
                topics=models.lexicon.topics,
                measures=models.lexicon.measures,
            )
            examples += [
                TopicExample(document.id, e, r.topic, topic)
                for e, r in zip(evidence, found, strict=True)
                if (topic := labelled.get(_plain(r.quote))) is not None
            ]
    return examples


def fit_topic_model(examples: Sequence[TopicExample], models: ExtractionModels) -> TopicModel:
    """The topic model of these examples."""
    return fit_topics(
        [e.evidence for e in examples], [e.topic for e in examples], models.lexicon.topics.ids
    )


def score_topics(
    examples: Sequence[TopicExample], models: ExtractionModels, *, folds: int = FOLDS
) -> tuple[int, int, int]:
    """How many topics are right by a model that has not seen the document, how many by the rules
    alone, and of how many.
    """
    ids = sorted({e.document_id for e in examples})
    right = 0
    for fold in range(min(folds, len(ids))):
        held_out = set(ids[fold::folds])
        model = fit_topic_model([e for e in examples if e.document_id not in held_out], models)
        right += sum(
            model.best(e.evidence) == e.topic for e in examples if e.document_id in held_out
        )
    return right, sum(e.by_rules == e.topic for e in examples), len(examples)


def _plain(quote: str) -> str:
    return " ".join(quote.replace("**", "").split())
