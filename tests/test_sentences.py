"""Sentences: where they end, and where they do not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("One. Two.", ["One.", "Two."], id="plain"),
        pytest.param(
            "Act (see p. 5). Then stop.", ["Act (see p. 5).", "Then stop."], id="page-number"
        ),
        pytest.param(
            "Use tests, e.g. FIT, first. Then act.",
            ["Use tests, e.g. FIT, first.", "Then act."],
            id="eg",
        ),
        pytest.param("It rose by 2.5%. It fell.", ["It rose by 2.5%.", "It fell."], id="decimal"),
        pytest.param("“We must act.” She left.", ["“We must act.”", "She left."], id="quote"),
        pytest.param(
            "Mr. Smith and J. Jones agreed.", ["Mr. Smith and J. Jones agreed."], id="initials"
        ),
        pytest.param("Do it now! Why? Because.", ["Do it now!", "Why?", "Because."], id="marks"),
        pytest.param("No full stop", ["No full stop"], id="open-end"),
        pytest.param("  ", [], id="blank"),
    ],
)
def test_split(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@given(st.text(max_size=300))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    spans = split_sentences(text)
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
