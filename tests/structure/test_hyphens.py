"""Line ends into running text."""

from __future__ import annotations

import pytest

from pipeline.records import Box, Line
from pipeline.structure.footnotes import strip_raised
from pipeline.structure.hyphens import Stretch, join_lines, join_stretches, learn_vocabulary

BROKEN = [
    "The manage-",
    "ment of hospi-",
    "tals and their governance",
    "is for management in hospitals.",
]
WHOLE = [
    "Plans for long-term care and patient-",
    "initiated follow-up are due. The patient",
    "may have initiated it.",
]


@pytest.mark.parametrize(
    ("learned", "lines", "joined"),
    [
        pytest.param(BROKEN, ["manage-", "ment"], "management", id="known-whole"),
        pytest.param(BROKEN, ["recov-", "ery"], "recovery", id="unknown-where-words-are-broken"),
        pytest.param(WHOLE, ["recov-", "ery"], "recov-ery", id="unknown-where-words-are-not"),
        pytest.param(WHOLE, ["long-", "term"], "long-term", id="known-with-its-hyphen"),
        pytest.param(WHOLE, ["patient-", "initiated"], "patient-initiated", id="two-words"),
        pytest.param(BROKEN, ["non-", "frontline"], "non-frontline", id="prefix"),
        pytest.param(BROKEN, ["62-", "day"], "62-day", id="figures"),
        pytest.param(BROKEN, ["mid-", "May"], "mid-May", id="capital"),
        pytest.param(BROKEN, ["short-", "and long-term"], "short- and long-term", id="hanging"),
        pytest.param(BROKEN, ["the end", "of it"], "the end of it", id="no-hyphen"),
        pytest.param(BROKEN, ["in 2031/", "32"], "in 2031/32", id="slash"),
        pytest.param(BROKEN, ["soft\u00ad", "ware"], "software", id="soft-hyphen"),
    ],
)
def test_line_ends(learned: list[str], lines: list[str], joined: str) -> None:
    assert join_lines(lines, learn_vocabulary(learned)) == joined


def test_places_cover_the_text() -> None:
    vocabulary = learn_vocabulary(BROKEN)
    lines = [
        Line(text=text, box=Box(x0=0, top=10 * n, x1=90, bottom=10 * n + 9), size=9)
        for n, text in enumerate(["The manage-", "ment  of", " it all"])
    ]
    stretches = [Stretch(text=line.text, page=1, line=line) for line in lines]
    text, places = join_stretches(stretches, vocabulary)
    assert text == "The management of it all"
    assert [text[place.start : place.end] for place in places] == [
        "The manage",
        "ment of",
        "it all",
    ]


def test_raised_figures_in_cells() -> None:
    assert strip_raised("a 5% rise² of 10 m² in care³,⁴") == "a 5% rise of 10 m² in care"
