"""Abbreviations that a text defines for itself, as in "urgent community response (UCR)".

After A. S. Schwartz and M. A. Hearst, A simple algorithm for identifying abbreviation definitions in biomedical
text, Pacific Symposium on Biocomputing 8 (2003), 451-462; with plurals ("integrated care boards (ICBs)").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_BRACKETS: Final = re.compile(r"\(([^()]{1,120})\)")
_SHORT: Final = re.compile(r"[A-Za-z0-9](?:[\w&/.+’'-]*[\w+])?(?: [\w&/+-]+)?")
_QUOTES: Final = "‘’“”\"' "
_LEAD_IN: Final = re.compile(r"^(?:also known as|known as|or|hereafter|henceforth|the|abbreviated to)\s+", re.I)
_STOP_BEFORE: Final = re.compile(r"[.;:?!|()•]\s|[()|\[\]•]")
MAX_LENGTH: Final = 10
MAX_WORDS: Final = 2


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
        inside = _LEAD_IN.sub("", re.split(r"[;,]", bracket[1])[0].strip(_QUOTES)).strip(_QUOTES)
        before = _STOP_BEFORE.split(text[: bracket.start()])[-1].rstrip(_QUOTES)
        if _is_short_form(inside):
            long = _long_form(inside, before)
            if long is not None:
                yield inside, long
            continue
        # The other way about: "ICBs (integrated care boards)".
        outside = before.rpartition(" ")[2].strip(_QUOTES)
        if _is_short_form(outside):
            long = _long_form(outside, inside)
            if long is not None and long == inside:
                yield outside, long


def _is_short_form(form: str) -> bool:
    """Whether a form can abbreviate: two words and ten characters at most, and capitals beyond a first one."""
    if not 2 <= len(form) <= MAX_LENGTH or len(form.split()) > MAX_WORDS or not _SHORT.fullmatch(form):
        return False
    capitals = sum(c.isupper() for c in form)
    return capitals >= 2 or (capitals == 1 and len(form) <= 4 and any(c.isdigit() for c in form))


def _long_form(short: str, before: str) -> str | None:
    """The shortest ending of `before` that spells `short` letter by letter, its first at the start of a word."""
    letters = [c.lower() for c in singular(short) if c.isalnum()]
    words = before.split()
    window = " ".join(words[-min(len(letters) + 5, len(letters) * 2) :])
    at = len(window)
    for position in range(len(letters) - 1, -1, -1):
        at = _seek(window, letters[position], before=at, at_word_start=position == 0)
        if at < 0:
            return None
    long = window[at:].rstrip(" ,")
    if len(long) <= len(short) or short in long.split() or len(long.split()) > len(letters) * 2:
        return None
    return long


def _seek(window: str, letter: str, *, before: int, at_word_start: bool) -> int:
    for index in range(before - 1, -1, -1):
        if window[index].lower() != letter:
            continue
        if not at_word_start or index == 0 or not window[index - 1].isalnum():
            return index
    return -1
