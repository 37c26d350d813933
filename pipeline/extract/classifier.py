"""The fitted classifier: weighs the rules' evidence for whether a candidate is a requirement.

Logistic regression over named features, trained on the labelled documents in corpus/gold by `mustdo
train` and stored with skops, never pickle. Its probabilities are calibrated by its own fit (log
loss) and checked on the card.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any, Final

from pipeline.fitted import dump_fitted, load_fitted

FILE_NAME: Final = "requirements.skops"
_LEAST_SEEN: Final = 3
Evidence = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class RequirementClassifier:
    """A fitted pipeline (DictVectorizer, LogisticRegression) as weights by feature name."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float

    def probability(self, evidence: Evidence) -> float:
        """How likely a candidate with this evidence is a requirement, 0..1."""
        score = self.intercept
        for name, value in features(evidence):
            score += self.weights.get(name, 0.0) * value
        return round(1 / (1 + exp(-max(-30.0, min(30.0, score)))), 4)


def features(evidence: Evidence) -> Iterable[tuple[str, float]]:
    """Named features of one candidate's evidence: words as name=word, numbers as they are, and
    telling pairs.
    """
    for name, given in evidence.items():
        if isinstance(given, str):
            yield f"{name}={given}", 1.0
        elif given:
            yield name, given
    rule, kind = evidence.get("rule"), evidence.get("kind")
    for other in (
        "kind",
        "subject",
        "clause",
        "passive",
        "verb",
        "outcome_verb",
        "stative",
        "perfect",
        "past",
        "root_tag",
        "governor",
    ):
        value = evidence.get(other)
        if rule is not None and value not in (None, 0.0, ""):
            yield f"rule={rule}&{other}={value}", 1.0
    for other in (
        "subject",
        "origin",
        "first_person",
        "stated",
        "against",
        "opening_tag",
        "if",
        "proposed",
        "pronoun",
        "past_verbs",
    ):
        value = evidence.get(other)
        if value not in (None, 0.0):
            yield f"kind={kind}&{other}={value}", 1.0


def fit(evidence: Sequence[Evidence], labels: Sequence[int], *, c: float = 0.5) -> Any:
    """A scikit-learn pipeline fitted to candidates (n) and whether each is a requirement (n).
    Deterministic.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(
        DictVectorizer(sparse=True), LogisticRegression(C=c, max_iter=2000, random_state=0)
    )
    rows = [dict(features(e)) for e in evidence]
    seen = Counter(name for row in rows for name in row)
    # A feature seen once tells of one sentence, not of the language.
    rows = [
        {name: value for name, value in row.items() if seen[name] >= _LEAST_SEEN} for row in rows
    ]
    pipeline.fit(rows, list(labels))
    return pipeline


def from_pipeline(pipeline: Any, *, threshold: float = 0.5) -> RequirementClassifier:
    """The weights of a fitted pipeline, by name: scoring a candidate then needs no scikit-learn."""
    vectorizer, regression = pipeline[0], pipeline[-1]
    names = vectorizer.get_feature_names_out()
    weights = {str(n): float(w) for n, w in zip(names, regression.coef_[0], strict=True) if w}
    return RequirementClassifier(
        weights=weights, intercept=float(regression.intercept_[0]), threshold=threshold
    )


def load_classifier(directory: Path) -> RequirementClassifier | None:
    """The classifier stored in a models folder; None where there is none, and the rules decide
    alone.
    """
    path = directory / FILE_NAME
    return RequirementClassifier(**load_fitted(path)) if path.exists() else None


def save_classifier(classifier: RequirementClassifier, directory: Path) -> Path:
    """Store a classifier; its weights by feature name, so that it does not depend on a version of
    scikit-learn.
    """
    path = directory / FILE_NAME
    dump_fitted(
        {
            "weights": {
                name: round(weight, 6) for name, weight in sorted(classifier.weights.items())
            },
            "intercept": round(classifier.intercept, 6),
            "threshold": classifier.threshold,
        },
        path,
    )
    return path
