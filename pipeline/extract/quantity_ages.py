"""Ages: "aged 5 to 16", "over-65s", "everyone over 75", "18 and over"; lengths of time in years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline.extract.numbers import Numeral
from pipeline.extract.quantity_rules import any_of, quantity_rules

_OLDEST: Final = 120
_REACH: Final = 40
_AGED: Final = re.compile(
    r"\b(?:aged?|ages|age\s(?:group|range)s?)(?:\sof)?\s(?:(?:between|from|of|about|around)\s)?"
    r"(?:(?P<word>over|under|above|below)\s)?$",
    re.IGNORECASE,
)
_PLURAL: Final = re.compile(r"\b(?P<word>over|under)[-\s]$", re.IGNORECASE)
_PLURAL_END: Final = re.compile(r"s\b")
_SUFFIX: Final = re.compile(
    r"\s?\+|\splus\b|\s(?:and|or)\s(?P<word>over|above|older|under|below|younger|upwards)\b",
    re.IGNORECASE,
)
# "until they are 18"
_TURNING: Final = re.compile(
    r"\b(?:they|he|she|who|child|person|people|pupils?|children|patients?)"
    r"\s(?:is|are|turns?|reach(?:es)?|were|was)\s$",
    re.IGNORECASE,
)
_YEARS: Final = re.compile(r"\syears?(?:\sof\sage|\sold)?\b", re.IGNORECASE)
# After "everyone over 75" a clause may go on, but no other noun that 75 could count.
_GOES_ON: Final = re.compile(
    r"$|[.,;:)?!”’]|\s(?:a|an|and|are|as|at|attending|be|by|can|could|do|first|for|from|had|has|have"
    r"|if|in|is|living|may|must|need|not|of|on|or|receiving|should|so|than|the|to|waiting|was|were"
    r"|when|where|who|whose|will|with|without|would)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """An age at [start, end) with the words that bound it, and its comparator."""

    start: int
    end: int
    sign: str


@cache
def _people_before() -> re.Pattern[str]:
    return re.compile(
        rf"\b{any_of(quantity_rules().people.words)}\s(?:aged\s)?(?P<word>over|under|above|below)"
        r"\s(?:the\sage\sof\s)?$",
        re.IGNORECASE,
    )


def read_age(text: str, numeral: Numeral, end: int) -> Age | None:
    """The age that a numeral (or the range from it up to `end`) tells; None where it tells none."""
    if numeral.form not in ("digits", "words") or numeral.value > _OLDEST or numeral.currency:
        return None
    start = numeral.start
    opening = max(0, start - _REACH)
    if aged := _AGED.search(text, opening, start):
        return _aged(text, start, end, aged)
    if is_age_plural(text, numeral) and _PLURAL_END.match(text, end):
        plural = _PLURAL.search(text, opening, start)
        return _over(plural, end + 1) if plural else None
    goes_on = _GOES_ON.match(text, end) is not None
    if numeral.value == 0 and end > numeral.end + 1 and numeral.form == "digits":
        return Age(start=start, end=end, sign="=")  # a range from 0: "0-19 services"
    if goes_on and _TURNING.search(text, opening, start):
        return Age(start=start, end=end, sign="=")
    people = _people_before().search(text, opening, start)
    return _over(people, end) if people and goes_on else None


def is_age_plural(text: str, numeral: Numeral) -> bool:
    """Whether the "s" behind a number makes it an age group: "over-65s", not "the late 60s"."""
    return _PLURAL.search(text, max(0, numeral.start - 8), numeral.start) is not None


def _over(match: re.Match[str], end: int) -> Age:
    return Age(start=match.start("word"), end=end, sign=_sign(match["word"]))


def _aged(text: str, start: int, end: int, aged: re.Match[str]) -> Age:
    """ "aged 5 to 16", "aged 18 and over", "the age of 25", "aged under 5"."""
    years = _YEARS.match(text, end)
    end = years.end() if years else end
    suffix = _SUFFIX.match(text, end)
    if suffix:
        young = (suffix["word"] or "").lower() in ("under", "below", "younger")
        return Age(start=start, end=suffix.end(), sign="<=" if young else ">=")
    if aged["word"]:
        return _over(aged, end)
    return Age(start=start, end=end, sign="=")


def _sign(word: str) -> str:
    return ">" if word.lower() in ("over", "above") else "<"
