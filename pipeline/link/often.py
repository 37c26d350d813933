"""How often something is to be done, as a text says it: "monthly", "twice a year", "every 12
weeks".
"""

from __future__ import annotations

import re
from typing import Final

_A_YEAR: Final = {
    "day": 365.0, "week": 52.0, "fortnight": 26.0, "month": 12.0, "quarter": 4.0, "term": 3.0,
    "year": 1.0,
}  # fmt: skip
_ADVERBS: Final = {
    "daily": "day", "weekly": "week", "fortnightly": "fortnight", "monthly": "month",
    "quarterly": "quarter", "termly": "term", "yearly": "year", "annual": "year",
    "annually": "year",
}  # fmt: skip
_NUMBERS: Final = {
    "once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "other": 2,
}  # fmt: skip
_NUMBER: Final = rf"(?:\d+|{'|'.join(_NUMBERS)})"
_OFTEN: Final = re.compile(
    rf"""
    (?<![\d.,£])\b                                      # "£1,000 a week" is no frequency
    (?:
        (?:
            (?P<times>once|twice|{_NUMBER}(?=[ ](?:times|days)))(?:[ ](?:times|days))?
            [ ](?:an?|per|each|every|in[ ](?:an?|each|every)|in)[ ]
          | (?:each|every|per)[ ](?:(?:working|school|calendar|financial)[ ])?
        )
        (?P<apart>{_NUMBER}[ ])?(?P<period>{"|".join(_A_YEAR)})s?
      | (?P<adverb>{"|".join(_ADVERBS)})
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def times_a_year(text: str) -> float | None:
    """The most frequent of what a text says; None where it says nothing.

    >>> times_a_year("reported to the board each quarter"), times_a_year("twice a year")
    (4.0, 2.0)
    """
    return max((_rate(match) for match in _OFTEN.finditer(text)), default=None)


def _rate(match: re.Match[str]) -> float:
    if match["adverb"]:
        return _A_YEAR[_ADVERBS[match["adverb"].lower()]]
    times = _read(match["times"]) if match["times"] else 1.0
    apart = _read(match["apart"].strip()) if match["apart"] else 1.0
    return times * _A_YEAR[match["period"].lower()] / max(apart, 1.0)


def _read(number: str) -> float:
    return float(number) if number.isdigit() else float(_NUMBERS[number.lower()])
