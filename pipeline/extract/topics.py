"""What each requirement is about: the lexicon's terms in its words and around them, weighed by a
fitted model.

The terms of models/topics.yml are looked for in the quote, its passage, stem and headings, the
document's title, and in the requirements beside it. How much each of these tells is learned from
the labelled documents (`mustdo train`), alike for all topics, so that no topic must be seen often.
Without a model `Topics.best` decides by fixed weights.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline.fitted import dump_fitted, load_fitted
from pipeline.lexicon import Measures, Topics
from pipeline.records import Passage, Requirement, StructuredDocument

FILE_NAME: Final = "topics.skops"
_NEAR: Final = 3  # requirements before and after that count as beside
_ENOUGH: Final = 4.0  # a source says no more of a topic than this
Scores = Mapping[str, float]
Evidence = Mapping[str, Scores]  # how much each source has of each topic


@dataclass(frozen=True, slots=True)
class TopicModel:
    """How much each source of evidence tells, as it is and as its share among the topics."""

    weights: Mapping[str, float]

    def best(self, evidence: Evidence) -> str | None:
        """The topic that the evidence speaks for most; None where it speaks for none."""
        weighed: dict[str, float] = {}
        for name, scores in evidence.items():
            weight, of_share = self.weights.get(name, 0.0), self.weights.get(f"{name}_share", 0.0)
            total = sum(scores.values())
            for topic, value in scores.items():
                if value:
                    gain = weight * min(_ENOUGH, value) + of_share * value / total
                    weighed[topic] = weighed.get(topic, 0.0) + gain
        return max(sorted(weighed), key=weighed.__getitem__, default=None)


def features(evidence: Evidence, totals: Scores, topic: str) -> dict[str, float]:
    """What each source has of one topic, up to a limit, and its share of all the source has."""
    found: dict[str, float] = {}
    for name, scores in evidence.items():
        value = scores.get(topic, 0.0)
        if value:
            found[name] = min(_ENOUGH, value)
            found[f"{name}_share"] = value / totals[name]
    return found


def with_topics(
    requirements: Sequence[Requirement],
    structured: StructuredDocument,
    *,
    topics: Topics,
    measures: Measures,
    model: TopicModel | None,
) -> list[Requirement]:
    """The requirements of one document, in their order, with their topics."""
    evidence = gather(requirements, structured, topics=topics, measures=measures)
    if model is None:
        passages = {p.id: p for p in structured.passages}
        return [
            replace(r, topic=_by_rules(r, passages[r.passage_id], topics, measures))
            for r in requirements
        ]
    return [replace(r, topic=model.best(e)) for r, e in zip(requirements, evidence, strict=True)]


def gather(
    requirements: Sequence[Requirement],
    structured: StructuredDocument,
    *,
    topics: Topics,
    measures: Measures,
) -> list[Evidence]:
    """For each requirement of a document what every source has of every topic."""
    passages = {p.id: p for p in structured.passages}
    read: dict[str, Scores] = {}

    def scores(text: str) -> Scores:
        if text not in read:
            read[text] = topics.score([(text, 1.0)]) if text else {}
        return read[text]

    own = [scores(_words(r, passages[r.passage_id])) for r in requirements]
    sections: dict[str, list[int]] = defaultdict(list)
    for n, requirement in enumerate(requirements):
        sections[requirement.section].append(n)
    of_section = {path: _total(own[n] for n in members) for path, members in sections.items()}
    of_document = _total(own)
    found: list[Evidence] = []
    for n, r in enumerate(requirements):
        beside = [*own[max(0, n - _NEAR) : n], *own[n + 1 : n + 1 + _NEAR]]
        members = len(sections[r.section])
        found.append(
            {
                "quote": own[n],
                "passage": scores(passages[r.passage_id].text),
                "stem": scores(r.stem or ""),
                "heading": scores(r.section.rsplit(" > ", 1)[-1]),
                "title": scores(structured.document.title or ""),
                "measure": Counter(_measured(r, measures)),
                "section": _mean(_less(of_section[r.section], own[n]), members - 1),
                "near": _mean(_total(beside), len(beside)),
                "document": _mean(_less(of_document, own[n]), len(own) - 1),
            }
        )
    return found


def _words(requirement: Requirement, passage: Passage) -> str:
    return " ".join((*passage.labels, requirement.quote))


def _measured(requirement: Requirement, measures: Measures) -> Iterable[str]:
    """The topics of the measures that a requirement has numbers for."""
    for quantity in requirement.quantities:
        measure = measures.get(quantity.measure) if quantity.measure is not None else None
        if measure is not None:
            yield measure.topic


def _by_rules(
    requirement: Requirement, passage: Passage, topics: Topics, measures: Measures
) -> str | None:
    return topics.best(
        _words(requirement, passage),
        requirement.stem,
        requirement.section or None,
        measured=list(_measured(requirement, measures)),
    )


def _total(of: Iterable[Scores]) -> Scores:
    total: dict[str, float] = {}
    for scores in of:
        for topic, value in scores.items():
            total[topic] = total.get(topic, 0.0) + value
    return total


def _less(total: Scores, own: Scores) -> Scores:
    left = {topic: value - own.get(topic, 0.0) for topic, value in total.items()}
    return {topic: value for topic, value in left.items() if value > 1e-9}


def _mean(total: Scores, n: int) -> Scores:
    return {topic: value / n for topic, value in total.items()} if n > 0 else {}


def fit_topics(
    evidence: Sequence[Evidence], labels: Sequence[str], ids: Iterable[str], *, c: float = 0.1
) -> TopicModel:
    """Logistic regression over (requirement, topic) pairs: is this its topic? Deterministic."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows: list[dict[str, float]] = []
    right: list[bool] = []
    for each, label in zip(evidence, labels, strict=True):
        totals = {name: sum(scores.values()) for name, scores in each.items()}
        for topic in sorted(ids):
            rows.append(features(each, totals, topic))
            right.append(topic == label)
    vectorizer = DictVectorizer(sparse=True)
    regression = LogisticRegression(C=c, max_iter=2000, random_state=0)
    regression.fit(vectorizer.fit_transform(rows), right)
    names = vectorizer.get_feature_names_out()
    return TopicModel(
        weights={
            str(name): round(float(weight), 6)
            for name, weight in zip(names, regression.coef_[0], strict=True)
        }
    )


def load_topic_model(directory: Path) -> TopicModel | None:
    """The model stored in a models folder; None where there is none."""
    path = directory / FILE_NAME
    return TopicModel(**load_fitted(path)) if path.exists() else None


def save_topic_model(model: TopicModel, directory: Path) -> Path:
    """Store the weights by name."""
    path = directory / FILE_NAME
    dump_fitted({"weights": dict(sorted(model.weights.items()))}, path)
    return path
