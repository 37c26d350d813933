"""Numbers as English planning text writes them, read into values.

`NUMBER` is a pattern for one number, digits or words, for use inside larger patterns.
"""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL: Final[dict[str, int]] = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
}
SCALES: Final[dict[str, float]] = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
FRACTIONS: Final[dict[str, float]] = {
    "half": 1 / 2,
    "third": 1 / 3,
    "quarter": 1 / 4,
    "fifth": 1 / 5,
    "tenth": 1 / 10,
    "two thirds": 2 / 3,
    "three quarters": 3 / 4,
    "two fifths": 2 / 5,
    "three fifths": 3 / 5,
    "four fifths": 4 / 5,
    "nine tenths": 9 / 10,
}

_WORD: Final = "(?:" + "|".join(sorted(_SMALL, key=len, reverse=True)) + ")"
DIGITS: Final = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
WORDS: Final = (
    rf"(?:{_WORD}(?:[- ]{_WORD})?(?:\s(?:hundred|thousand|million|billion))*"
    rf"|an?\s(?:hundred|thousand|million|billion))"
)
NUMBER: Final = rf"(?:{DIGITS}|\b{WORDS}\b)"


def parse_number(text: str) -> float:
    """The value of one number as `NUMBER` matches it; raises ValueError for anything else.

    >>> parse_number("250,000"), parse_number("twenty-five"), parse_number("two hundred")
    (250000.0, 25.0, 200.0)
    """
    folded = text.strip().lower().replace(",", "")
    try:
        return float(folded)
    except ValueError:
        pass
    total, seen = 0.0, False
    for word in re.split(r"[\s-]+", folded):
        if word in ("a", "an"):
            total = max(total, 1.0)
        elif word in _SMALL:
            total, seen = total + _SMALL[word], True
        elif word in SCALES and (seen or total):
            total, seen = total * SCALES[word], True
        else:
            raise ValueError(f"not a number: {text!r}")
    if not seen:
        raise ValueError(f"not a number: {text!r}")
    return total


def parse_scaled(number: str, scale: str | None) -> float:
    """A number times its scale word: ("2.5", "bn") is 2.5e9; rounded to whole where a scale was given.

    >>> parse_scaled("1.15", "bn")
    1150000000.0
    """
    value = parse_number(number)
    if scale is None:
        return value
    return float(round(value * SCALES[scale.lower().rstrip(".")], 2))
