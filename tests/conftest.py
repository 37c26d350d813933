"""What several test folders share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.extract import ExtractionModels, load_models

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared"


@pytest.fixture(scope="session")
def models() -> ExtractionModels:
    """The parser, lexicon, rules and classifier, loaded once."""
    return load_models()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared corpus beside the project; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared corpus beside the project, which is not there")
    return SHARED
