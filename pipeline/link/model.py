"""The model that says how likely two requirements are one: kept with skops, next to a card with its
figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from pipeline.errors import UsageError
from pipeline.fitted import dump_fitted, load_fitted
from pipeline.lexicon.load import default_directory
from pipeline.link.candidates import Floats
from pipeline.link.features import FEATURES

MODEL_FILE: Final = "link.skops"
_DIGITS: Final = 6  # enough, and the same on machines that add up in another order


class Classifier(Protocol):
    """What can tell how likely each row of features is one requirement."""

    def predict_proba(self, features: Any, /) -> Any:
        """Probabilities of no and yes, shape (rows, 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """Logistic regression by its weights alone, so that neither loading nor scoring needs
    scikit-learn.
    """

    weights: Mapping[str, float]
    intercept: float

    def predict_proba(self, features: Any, /) -> Any:
        """Probabilities of no and yes, shape (rows, 2)."""
        vector = np.array([self.weights[name] for name in FEATURES], dtype=np.float64)
        # Row by row, so that a pair's score does not depend on what else is scored with it.
        logits = (np.asarray(features, dtype=np.float64) * vector).sum(axis=1) + self.intercept
        likely = 1.0 / (1.0 + np.exp(-logits))
        return np.stack([1.0 - likely, likely], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkModel:
    """A fitted classifier over FEATURES; `kind` is its name in `pipeline.link.train.CLASSIFIERS`.

    `accept` is the probability from which a pair is linked one to one, `extra` that for a further
    link of a requirement that matches another one better.
    """

    kind: str
    classifier: Classifier
    accept: float
    extra: float
    common: Mapping[str, float]

    def score(self, features: Floats) -> Floats:
        """The probability that each pair, a row of features, is one requirement."""
        if not len(features):
            return np.zeros(0, dtype=np.float32)
        return np.asarray(self.classifier.predict_proba(features)[:, 1], dtype=np.float32)


def save_link_model(model: LinkModel, path: Path) -> None:
    """Write a model; the same model gives the same bytes."""
    content: dict[str, Any] = {
        "kind": model.kind,
        "features": list(FEATURES),
        "accept": model.accept,
        "extra": model.extra,
        "common": {term: round(share, _DIGITS) for term, share in sorted(model.common.items())},
    }
    if isinstance(model.classifier, Logistic):
        weights = model.classifier.weights
        content["weights"] = {name: round(float(weights[name]), _DIGITS) for name in FEATURES}
        content["intercept"] = round(float(model.classifier.intercept), _DIGITS)
    else:
        content["classifier"] = model.classifier
    dump_fitted(content, path)


def load_link_model(directory: Path | None = None) -> LinkModel:
    """The model of a folder, by default mustdo's own; raises UsageError where it is missing or of
    another version.
    """
    return _load((directory or default_directory()) / MODEL_FILE)


@lru_cache(maxsize=4)
def _load(path: Path) -> LinkModel:
    if not path.is_file():
        raise UsageError(f"{path.name}: there is no fitted model there. Run: mustdo train")
    content = load_fitted(path)
    if not isinstance(content, dict) or content.get("features") != list(FEATURES):
        raise UsageError(
            f"{path.name}: was fitted for another version of mustdo. Run: mustdo train"
        )
    classifier = content.get("classifier")
    if classifier is None:
        classifier = Logistic(weights=content["weights"], intercept=content["intercept"])
    return LinkModel(
        kind=content["kind"],
        classifier=classifier,
        accept=content["accept"],
        extra=content["extra"],
        common=content["common"],
    )
