"""Abbreviations that a text defines for itself, as in "urgent community response (UCR)".

After A. S. Schwartz and M. A. Hearst, A simple algorithm for identifying abbreviation
definitions in biomedical text, Pacific Symposium on Biocomputing 8 (2003), 451-462: the same
candidates and window, with plurals ("integrated care boards (ICBs)"), and of the long forms that
spell a short one, the best.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import inf
from typing import Final

MAX_LENGTH: Final = 10
MAX_WORDS: Final = 2
LOOK_BACK: Final = 200  # characters before a bracket; no long form is longer
WORST_SPELLING: Final = (
    1  # letters from within words, and words without a letter, that are forgiven
)

_ONE_WORD: Final = 0.5  # the cost of a single word, whatever letters within it ("MSK")
_BRACKETS: Final = re.compile(r"\(([^()]{1,120})\)")
_SHORT: Final = re.compile(r"[A-Za-z0-9](?:[\w&/.+’'-]*[\w+])?(?: [\w&/+-]*[A-Z][\w&/+-]*)?")
_MARKS: Final = "‘’“”\"'*_\\ "  # quotation marks, and what Markdown leaves behind
_LEAD_IN: Final = re.compile(
    r"^(?:also known as|known as|or|hereafter|henceforth|the|abbreviated to)\s+", re.IGNORECASE
)
_STOP: Final = re.compile(r"[.;:?!|()•]\s|[()|\[\]•]")
_LETTERLESS: Final = frozenset(
    {"of", "and", "the", "for", "to", "in", "on", "at", "with", "a", "an"}
)
_LEGAL_FORMS: Final = frozenset({"nhs", "foundation", "trust", "limited", "ltd", "programme"})


def learn_abbreviations(text: str) -> dict[str, str]:
    """The short forms that the text defines, in the singular, with the long form as first written.

    >>> learn_abbreviations("Integrated care boards (ICBs) and the Faster Diagnosis Standard (FDS)")
    {'ICB': 'Integrated care boards', 'FDS': 'Faster Diagnosis Standard'}
    """
    learned: dict[str, str] = {}
    for short, long in _definitions(text):
        learned.setdefault(singular(short), long)
    return learned


def singular(short: str) -> str:
    """A short form without the small s of its plural: "ICBs" -> "ICB"."""
    bare = re.sub(r"['’]s$", "", short)
    return bare[:-1] if len(bare) > 2 and bare[-1] == "s" and bare[-2].isupper() else bare


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    for bracket in _BRACKETS.finditer(text):
        inside = re.split(r"[;,]", bracket[1])[0].strip(_MARKS)
        inside = _LEAD_IN.sub("", inside).strip(_MARKS)
        start = bracket.start()
        before = _STOP.split(text[max(0, start - LOOK_BACK) : start])[-1].rstrip(_MARKS)
        if _is_short_form(inside):
            long = _long_form(inside, before)
            if long is not None:
                yield inside, long
            continue
        # The other way about: "ICBs (integrated care boards)".
        outside = before.rpartition(" ")[2].strip(_MARKS)
        if _is_short_form(outside) and _long_form(outside, inside) == inside:
            yield outside, inside


def _is_short_form(form: str) -> bool:
    """Whether a form can abbreviate: short, of one or two words, with more than one capital."""
    if not 2 <= len(form) <= MAX_LENGTH or len(form.split()) > MAX_WORDS:
        return False
    if not _SHORT.fullmatch(form) or form.split()[0].isdigit():
        return False
    capitals = sum(c.isupper() for c in form)
    return capitals >= 2 or (capitals == 1 and len(form) <= 4 and any(c.isdigit() for c in form))


def _long_form(short: str, before: str) -> str | None:
    """The fewest words at the end of `before` that spell `short` best; None where none do."""
    letters = "".join(c.lower() for c in singular(short) if c.isalnum())
    words = [(m.start(), m[0]) for m in re.finditer(r"\S+", before)]
    words = words[-min(len(letters) + 5, len(letters) * 2) :]
    best: tuple[float, int] | None = None
    for number in range(1, len(words) + 1):
        spelt = [word.strip(_MARKS + ",") for _, word in words[-number:]]
        if spelt[0][:1].lower() != letters[0] or spelt[0].lower() in _LETTERLESS:
            continue
        # A short form spells something longer than itself, which does not hold it.
        if len(" ".join(spelt)) <= len(short) or short in spelt:
            continue
        cost = _spells(letters, spelt)
        if number == 1 and cost < inf:
            cost = _ONE_WORD
        if cost <= WORST_SPELLING and (best is None or cost < best[0]):
            best = (cost, number)
    if best is None:
        return None
    return " ".join(before[words[-best[1]][0] :].split()).strip(_MARKS + ",")


def _spells(letters: str, words: list[str]) -> float:
    """What it costs to spell letters from words in order; infinite where they cannot be.

    A letter from within a word costs 1, and so does a word without a letter, but for small words.
    """
    costs = [
        0.0,
        *([inf] * len(letters)),
    ]  # costs[i]: of the first i letters, from the words so far
    for word in words:
        small = word.lower() in _LETTERLESS or word.lower() in _LEGAL_FORMS
        following = [cost + (0.0 if small else 1.0) for cost in costs]
        for done, cost in enumerate(costs):
            if cost == inf:
                continue
            for upto in range(done + 1, len(letters) + 1):
                within = _spells_in_word(letters[done:upto], word)
                if within == inf:
                    break
                following[upto] = min(following[upto], cost + within)
        costs = following
    return costs[-1]


def _spells_in_word(letters: str, word: str) -> float:
    """What it costs to find letters in order in a word: a first letter or capital 0, others 1."""
    costs = [0.0, *([inf] * len(letters))]
    for index, character in enumerate(word):
        starts = index == 0 or not word[index - 1].isalnum() or character.isupper()
        for i in range(len(letters), 0, -1):
            if letters[i - 1] == character.lower():
                costs[i] = min(costs[i], costs[i - 1] + (0.0 if starts else 1.0))
    return costs[-1]
