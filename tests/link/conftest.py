"""What the tests of linking share."""

from __future__ import annotations

import pytest

from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.link import LinkModel, load_link_model
from pipeline.link.text import Vocabulary, load_concepts


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def model() -> LinkModel:
    return load_link_model()


@pytest.fixture(scope="session")
def vocabulary(lexicon: Lexicon) -> Vocabulary:
    return Vocabulary(lexicon, load_concepts())
