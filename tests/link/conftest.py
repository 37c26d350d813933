"""What the tests of linking share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.build import BuildOptions, build
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.link import LinkModel, load_link_model
from pipeline.link.text import Vocabulary, load_concepts
from tests.conftest import SAMPLE


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def model() -> LinkModel:
    return load_link_model()


@pytest.fixture(scope="session")
def vocabulary(lexicon: Lexicon) -> Vocabulary:
    return Vocabulary(lexicon, load_concepts())


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, built; to be read only."""
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    build([SAMPLE], path, options=BuildOptions(workers=2))
    return path
