"""Redlines: nothing is lost, nothing runs, and what did not change stays unmarked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.redline import PieceKind, redline, redline_html, redline_text


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        pytest.param("Cut waits.", "Cut waits.", "Cut waits.", id="same"),
        pytest.param(
            "At least 65% by March 2026.",
            "At least 92% by March 2029.",
            "At least [-65%-] {+92%+} by March [-2026-] {+2029+}.",
            id="numbers-stay-whole",
        ),
        pytest.param(
            "in 2024/25", "in 2025/26", "in [-2024/25-] {+2025/26+}", id="years-stay-whole"
        ),
        pytest.param(
            "spend £2.5bn now", "spend £3bn now", "spend [-£2.5bn-] {+£3bn+} now", id="money"
        ),
        pytest.param(
            "a 62-day wait", "a 31-day wait", "a [-62-day-] {+31-day+} wait", id="hyphens"
        ),
        pytest.param("Cut waits", "Cut waits, too.", "Cut waits{+, too.+}", id="put-in-at-the-end"),
        pytest.param("Do it now.", "now.", "[-Do it-] now.", id="taken-out-at-the-start"),
        pytest.param(
            "plans of the local boards",
            "aims in the regional trusts",
            "[-plans of the local boards-] {+aims in the regional trusts+}",
            id="small-words-alone-are-no-confetti",
        ),
        pytest.param(
            "alpha beta", "gamma delta", "[-alpha beta-] {+gamma delta+}", id="nothing-in-common"
        ),
        pytest.param("", "New duty.", "{+New duty.+}", id="from-nothing"),
        pytest.param("Old duty.", "", "[-Old duty.-]", id="to-nothing"),
        pytest.param("two  spaces", "two spaces", "two spaces", id="white-space-is-no-change"),
    ],
)
def test_redline(old: str, new: str, shown: str) -> None:
    assert redline_text(redline(old, new)) == shown


def test_every_word_is_escaped() -> None:
    html = redline_html(redline("<b>old</b> & same", "<script>x</script> & same"))
    assert set(re.findall(r"</?(\w+)", html)) == {"del", "ins"}
    assert "&amp; same" in html


_TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(["a", "the", "65%", "92%", "£2bn", ".", ",", "boards", "must"]), max_size=14
    ).map(" ".join),
)


@given(_TEXTS, _TEXTS)
def test_both_wordings_can_be_read_out_of_it(old: str, new: str) -> None:
    pieces = redline(old, new)

    def without(kind: PieceKind) -> str:
        return "".join("".join(piece.text for piece in pieces if piece.kind is not kind).split())

    assert without(PieceKind.INSERTED) == "".join(old.split())
    assert without(PieceKind.DELETED) == "".join(new.split())


@given(_TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(piece.kind is PieceKind.SAME for piece in redline(text, text))
