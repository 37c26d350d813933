"""Fitted models: the same training gives the same bytes, and what can run code is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from pipeline.errors import UsageError
from pipeline.extract.classifier import load_classifier, save_classifier
from pipeline.fitted import dump_fitted, load_fitted
from pipeline.lexicon.load import default_directory


def test_same_model_gives_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        model = LogisticRegression().fit(np.array([[0.0], [1.0], [2.0]]), [0, 1, 1])
        dump_fitted({"model": model, "names": ["a", "b"]}, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    loaded = load_fitted(tmp_path / "one")
    assert loaded["names"] == ["a", "b"]
    assert loaded["model"].predict([[2.0]])[0] == 1


def test_types_that_could_run_code_are_refused(tmp_path: Path) -> None:
    dump_fitted({"path": Path("x")}, tmp_path / "model")
    with pytest.raises(UsageError, match="not trusted"):
        load_fitted(tmp_path / "model")


def test_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(UsageError, match="mustdo train"):
        load_fitted(tmp_path / "model")


def test_shipped_classifier_survives_a_round_trip(tmp_path: Path) -> None:
    shipped = load_classifier(default_directory())
    assert shipped is not None
    save_classifier(shipped, tmp_path)
    assert load_classifier(tmp_path) == shipped
