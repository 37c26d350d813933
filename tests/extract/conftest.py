"""spaCy as it is, to compare with."""

from __future__ import annotations

import pytest
from spacy.language import Language

from pipeline.extract.parse import load_plain_parser


@pytest.fixture(scope="module")
def plain() -> Language:
    return load_plain_parser()
