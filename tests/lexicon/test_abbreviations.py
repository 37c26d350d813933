"""Abbreviations that a text defines for itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import learn_abbreviations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "All integrated care boards (ICBs) must",
            {"ICB": "integrated care boards"},
            id="plural",
        ),
        pytest.param(
            "ICBs (integrated care boards)", {"ICB": "integrated care boards"}, id="turned-about"
        ),
        pytest.param(
            "the Faster Diagnosis Standard (FDS)",
            {"FDS": "Faster Diagnosis Standard"},
            id="initials",
        ),
        pytest.param(
            "same day emergency care (‘SDEC’)", {"SDEC": "same day emergency care"}, id="quoted"
        ),
        pytest.param(
            "the Department of Health (the DH)", {"DH": "Department of Health"}, id="article"
        ),
        pytest.param(
            "children and young people (CYP)", {"CYP": "children and young people"}, id="small-word"
        ),
        pytest.param(
            "Research and Development (R&D)", {"R&D": "Research and Development"}, id="ampersand"
        ),
        pytest.param("musculoskeletal (MSK) clinics", {"MSK": "musculoskeletal"}, id="one-word"),
        pytest.param(
            "cardiovascular disease (CVD)",
            {"CVD": "cardiovascular disease"},
            id="letter-within-a-word",
        ),
        pytest.param(
            "the General Pharmaceutical Council (GPhC)",
            {"GPhC": "General Pharmaceutical Council"},
            id="small-letter",
        ),
        pytest.param(
            "Northtown Care NHS Trust (NC)",
            {"NC": "Northtown Care NHS Trust"},
            id="legal-form-left-out",
        ),
        pytest.param(
            "antimicrobial resistance (AMR; see annex B)",
            {"AMR": "antimicrobial resistance"},
            id="more-inside",
        ),
        pytest.param(
            "Quality plan. Urgent care (UC)", {"UC": "Urgent care"}, id="stops-at-the-sentence"
        ),
        pytest.param("people (aged 0-25)", {}, id="not-a-name"),
        pytest.param("the plan (2025/26)", {}, id="a-year"),
        pytest.param("sent to Board (TB)", {}, id="begins-with-a-preposition"),
        pytest.param("patients (England only)", {}, id="a-remark"),
        pytest.param("improvement (NHSE)", {}, id="does-not-spell-it"),
        pytest.param(
            "care boards (CB) and care boards again (CB)",
            {"CB": "care boards"},
            id="first-definition-stays",
        ),
    ],
)
def test_definitions(text: str, expected: dict[str, str]) -> None:
    assert learn_abbreviations(text) == expected


@given(
    st.lists(st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True), min_size=3, max_size=6),
    st.booleans(),
)
def test_initials_are_always_learnt(words: list[str], plural: bool) -> None:
    long = " ".join(words)
    short = "".join(word[0] for word in words)
    assert learn_abbreviations(f"the {long} ({short}{'s' if plural else ''}) is") == {short: long}


@given(st.text(alphabet="ABab ().,’NHS-", max_size=60))
def test_long_forms_stand_in_the_text(text: str) -> None:
    folded = " ".join(text.split())
    for short, long in learn_abbreviations(text).items():
        assert short in text
        assert long in folded
        assert len(long) > len(short)
