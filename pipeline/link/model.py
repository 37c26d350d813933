"""The model that says how likely two requirements are one: kept with skops, next to a card with its figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import skops.io

from pipeline.errors import UsageError
from pipeline.lexicon.load import default_directory
from pipeline.link.candidates import Floats
from pipeline.link.features import FEATURES

MODEL_FILE: Final = "link.skops"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkModel:
    """A fitted classifier over FEATURES; `kind` is its name in `pipeline.link.train.CLASSIFIERS`.

    `accept` is the probability from which a pair is linked one to one, `extra` that for a further link of a
    requirement that matches another one better.
    """

    kind: str
    estimator: Any
    accept: float
    extra: float

    def score(self, features: Floats) -> Floats:
        """The probability that each pair, a row of features, is one requirement."""
        if not len(features):
            return np.zeros(0, dtype=np.float32)
        return np.asarray(self.estimator.predict_proba(features)[:, 1], dtype=np.float32)


def save_link_model(model: LinkModel, path: Path) -> None:
    """Write a model; the same model gives the same bytes of content."""
    skops.io.dump(
        {
            "kind": model.kind,
            "estimator": model.estimator,
            "features": list(FEATURES),
            "accept": model.accept,
            "extra": model.extra,
        },
        path,
    )


def load_link_model(directory: Path | None = None) -> LinkModel:
    """The model of a folder, by default mustdo's own; raises UsageError where it is missing or of another version."""
    return _load((directory or default_directory()) / MODEL_FILE)


@lru_cache(maxsize=4)
def _load(path: Path) -> LinkModel:
    if not path.is_file():
        raise UsageError(f"{path.name}: there is no fitted model there. Run: mustdo train")
    try:
        untrusted = skops.io.get_untrusted_types(file=path)
        if untrusted:
            raise UsageError(f"{path.name}: holds types that are not trusted: {untrusted}. Run: mustdo train")
        content = skops.io.load(path)
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path.name}: not a model that can be read ({error}). Run: mustdo train") from error
    if content.get("features") != list(FEATURES):
        raise UsageError(f"{path.name}: was fitted for other features than this version's. Run: mustdo train")
    return LinkModel(
        kind=content["kind"],
        estimator=content["estimator"],
        accept=content["accept"],
        extra=content["extra"],
    )
