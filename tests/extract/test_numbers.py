"""Numerals in digits and words, and their values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.numbers import next_numeral, parse_number

VALUES = [
    pytest.param("7", 7, id="digit"),
    pytest.param("1,150", 1150, id="grouped"),
    pytest.param("1,234,567", 1_234_567, id="twice-grouped"),
    pytest.param("0.25", 0.25, id="decimal"),
    pytest.param("2½", 2.5, id="half-sign"),
    pytest.param("¾", None, id="sign-alone"),
    pytest.param("zero", 0, id="zero"),
    pytest.param("eleven", 11, id="teen"),
    pytest.param("twenty-five", 25, id="hyphen"),
    pytest.param("twenty five", 25, id="no-hyphen"),
    pytest.param("a hundred", 100, id="a-hundred"),
    pytest.param("two hundred and six", 206, id="and"),
    pytest.param("one thousand two hundred and six", 1206, id="thousand"),
    pytest.param("two hundred and fifty thousand", 250_000, id="hundreds-of-thousands"),
    pytest.param("one million two hundred thousand", 1_200_000, id="million"),
    pytest.param("half a million", 500_000, id="half-a-million"),
    pytest.param("a dozen", 12, id="dozen"),
    pytest.param("three dozen", 36, id="dozens"),
    pytest.param("half a dozen", 6, id="half-a-dozen"),
    pytest.param("three and a half", 3.5, id="and-a-half"),
    pytest.param("two-and-a-half", 2.5, id="hyphened-half"),
    pytest.param("six and three quarters", 6.75, id="and-three-quarters"),
    pytest.param("twenty-three point four", 23.4, id="spoken-decimal"),
    pytest.param("a couple of", 2, id="couple"),
    pytest.param("half", 0.5, id="half"),
    pytest.param("a third", 1 / 3, id="third"),
    pytest.param("two thirds", 2 / 3, id="thirds"),
    pytest.param("four-fifths", 0.8, id="fifths"),
    pytest.param("£2.5bn", 2.5e9, id="billions"),
    pytest.param("£1.15bn", 1_150_000_000, id="no-binary-dust"),
    pytest.param("£ 12 m", 12e6, id="spaced"),
    pytest.param("£900k", 900_000, id="thousands"),
    pytest.param("5 million", 5e6, id="scale-word"),
    pytest.param("GBP 5", 5, id="currency-code"),
    pytest.param("", None, id="nothing"),
    pytest.param("seven score", None, id="no-scale"),
    pytest.param("hundred", None, id="scale-alone"),
    pytest.param("1,2", None, id="bad-group"),
    pytest.param("1234567890123", None, id="reference-number"),
    pytest.param("twentyfive", None, id="run-together"),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_reads_a_number(text: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(ValueError, match="not a number"):
            parse_number(text)
    else:
        assert parse_number(text) == pytest.approx(value)


STRETCHES = [
    pytest.param("Open 1,150 homes", "1,150", id="grouped"),
    pytest.param("Save £2.5 billion now", "£2.5 billion", id="currency-and-scale"),
    pytest.param("Walls over 18m tall", "18", id="metres"),
    pytest.param("It serves 5m people", "5m", id="millions"),
    pytest.param("It costs £1-2m now", "£1", id="range"),
    pytest.param("Core20PLUS5", None, id="inside-a-word"),
    pytest.param("Someone phoned", None, id="words-inside-words"),
    pytest.param("the poorest tenth of areas", "tenth", id="superlative-share"),
    pytest.param("the tenth of May", None, id="ordinal"),
    pytest.param("over an hour", "an", id="article-of-time"),
    pytest.param("over an orchard", None, id="article"),
    pytest.param("two hundred and three hundred", "two hundred", id="two-numbers"),
]


@pytest.mark.parametrize(("text", "written"), STRETCHES)
def test_finds_the_stretch_of_a_numeral(text: str, written: str | None) -> None:
    numeral = next_numeral(text)
    assert (text[numeral.start : numeral.end] if numeral else None) == written


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_whole_numbers_come_back(value: int) -> None:
    assert parse_number(str(value)) == value
    assert parse_number(f"{value:,}") == value


ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


@given(st.integers(min_value=1, max_value=99))
def test_numbers_in_words_come_back(value: int) -> None:
    if value < 10:
        words = ONES[value]
    elif value < 20:
        words = TEENS[value - 10]
    else:
        words = TENS[value // 10] + (f"-{ONES[value % 10]}" if value % 10 else "")
    assert parse_number(words) == value
    assert parse_number(f"{words} thousand") == value * 1000


@given(st.text(max_size=60))
def test_a_numeral_lies_within_any_text(text: str) -> None:
    numeral = next_numeral(text)
    assert numeral is None or 0 <= numeral.start < numeral.end <= len(text)
