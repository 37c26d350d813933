"""What several test folders share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.extract import ExtractionModels, load_models

# No clock in the tests, and the same examples on every run: a failure can be repeated.
settings.register_profile("project", deadline=None, derandomize=True, database=None)
settings.load_profile("project")

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared"
SAMPLE = PROJECT / "corpus" / "sample"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files again (make golden), to be read before they are committed",
    )


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
