"""How near a number in a sentence is to other words of it, and which way it leans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipeline.lexicon.words import CLAUSE, COMMA, JOINED, SENTENCE, Words

# In words of distance; fitted to the lexicon's own example sentences, not to any document.
# A label stands before its number ("surplus: 1%", "surplus | 1%"): what follows a bar is further.
_PARTINGS_BEFORE: Final[Mapping[int, float]] = {COMMA: 1.0, CLAUSE: 4.0, SENTENCE: 14.0}
_PARTINGS_AFTER: Final[Mapping[int, float]] = {COMMA: 1.0, CLAUSE: 7.0, SENTENCE: 20.0}
_COORDINATION: Final = 1.0
_OTHER_NUMBER: Final = 6.0
_LEAN: Final = 2.0

_COORDINATORS: Final = frozenset({"and", "or", "but", "while", "with"})
_UNITS: Final = {
    "minute": ("minutes", 1), "hour": ("minutes", 60), "day": ("days", 1), "week": ("days", 7),
    "month": ("months", 1), "year": ("months", 12),
}  # fmt: skip
_OF_A_NUMBER: Final = frozenset({"%", "million", "billion"})
# Bare numbers below it are limits and names as often: "category 2", "4 hours", "111".
_LARGE: Final = 150
_ARTICLES: Final = frozenset({"a", "an"})
_NO_NOUN: Final = frozenset({
    "and", "or", "but", "by", "in", "to", "for", "on", "with", "from", "at", "per", "as",
    "than", "then", "if", "where", "when", "which", "that", "is", "was", "be", "compared",
    "against", "during", "over", "across", "each", "a", "an", "the", "until", "before", "after",
    "between", "while", "respectively", "it", "this",
})  # fmt: skip
_LEADS_TO_A_NUMBER: Final = frozenset({
    "to", "at", "of", "by", "is", "was", "were", "be", "reach", "below", "under", "above",
    "than", "least", "exceed", "hit",
})  # fmt: skip
_IN_A_LIST: Final = frozenset({
    "%", "and", "or", "to", "at", "of", "by", "up", "a", "least", "minimum", "£", "million",
    "billion",
})  # fmt: skip


def word_range(words: Words, start: int, end: int) -> tuple[int, int]:
    """The words [first, last) that the code points [start, end) touch; (0, 0) for none."""
    touched = [i for i in range(len(words)) if words.starts[i] < end and words.ends[i] > start]
    return (touched[0], touched[-1] + 1) if touched else (0, 0)


def duration(words: Words, first: int, last: int) -> tuple[float, str] | None:
    """The first duration in the words [first, last), in minutes, days or months, or None.

    "2 hours" is (120.0, "minutes"), "2 weeks" (14.0, "days"), "an hour" (60.0, "minutes").
    """
    for index in range(first, min(last, len(words) - 1)):
        form, unit = words.forms[index], _UNITS.get(words.forms[index + 1])
        if unit is not None and (form[0].isdigit() or form in _ARTICLES):
            return (1.0 if form in _ARTICLES else float(form)) * unit[1], unit[0]
    return None


def as_duration(value: float, unit: str) -> tuple[float, str]:
    """A value of a unit ("hours") in the units that `duration` gives."""
    base, factor = _UNITS[unit.removesuffix("s")]
    return value * factor, base


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two runs of words [first, last) share a word."""
    return one[0] < other[1] and other[0] < one[1]


def distance(words: Words, number: tuple[int, int], place: tuple[int, int]) -> float:
    """How far a number is from a place: the words between, and what parts them; 0 inside it.

    A number before a noun ("a 2% fund") leans to what follows, one after "to" or "of" to what
    goes before. Another number between is a wall.
    """
    if overlap(number, place):
        return 0.0
    (first, last), (from_, to) = number, place
    before = to <= first
    low, high = (to, first) if before else (last, from_)
    partings = _PARTINGS_BEFORE if before else _PARTINGS_AFTER
    cost = 0.0
    for index in range(low, high):
        cost += 1.0 + (_COORDINATION if words.forms[index] in _COORDINATORS else 0.0)
        cost += _OTHER_NUMBER if is_principal(words, index) else 0.0
    for index in range(low, min(high + 1, len(words))):
        cost += partings.get(words.breaks[index], 0.0)
    lean = _lean(words, first, last)
    return cost + (lean if before else -lean)


def _lean(words: Words, first: int, last: int) -> float:
    """Which way a number leans: above 0 to what follows, below 0 to what goes before."""
    following = words.forms[last] if last < len(words) and words.breaks[last] == JOINED else None
    if following is not None and following not in _NO_NOUN:
        return _LEAN
    before = words.forms[first - 1] if first and words.breaks[first] == JOINED else None
    inside = words.forms[first]
    return -_LEAN if before in _LEADS_TO_A_NUMBER or inside in _LEADS_TO_A_NUMBER else 0.0


def is_principal(words: Words, index: int) -> bool:
    """Whether a word is a number in its own right: no year, no "4 hours", no "category 2"."""
    form = words.forms[index]
    if not form[0].isdigit():
        return False
    if _is_year(form):
        return False
    following = words.forms[index + 1] if index + 1 < len(words) else ""
    return (
        following in _OF_A_NUMBER
        or words.forms[index - 1 : index] == ("£",)
        or float(form) >= _LARGE
    )


def walled(words: Words, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether something new starts between two places, as in "92% of A and 95% of B"."""
    low, high = min(one[1], other[1]), max(one[0], other[0])
    numbers = any(is_principal(words, index) for index in range(low, high))
    return numbers and any(
        words.breaks[index] != JOINED or words.forms[index] in _COORDINATORS
        for index in range(low, high)
    )


def _is_year(form: str) -> bool:
    return len(form) == 4 and form[:2] in ("19", "20")


def number_list(words: Words, number: int, closes: int) -> list[int]:
    """The words that are numbers of one list, as in "75%, 80% and 85% respectively".

    The list holds the word `number` and ends before the word `closes`; empty where there is none.
    """
    numbers: list[int] = []
    for index in range(closes - 1, -1, -1):
        form = words.forms[index]
        if form[0].isdigit() and not _is_year(form):
            numbers.insert(0, index)
        elif form not in _IN_A_LIST:
            if index < number:
                break
            numbers.clear()
    return numbers if number in numbers else []


def following_nouns(words: Words, last: int, *, reach: int = 4) -> tuple[str, ...]:
    """What follows a number and can be what it counts: high, impact, action after "10"."""
    nouns: list[str] = []
    for index in range(last, min(last + reach, len(words))):
        if (
            words.breaks[index] != JOINED
            or words.forms[index] in _NO_NOUN
            or words.forms[index] == "of"
        ):
            break
        nouns.append(words.forms[index])
    return tuple(nouns)
