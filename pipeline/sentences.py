"""Sentences of a text, by punctuation: structuring and extraction must agree on where they end.

Planning text defeats statistical splitters (list items, "(p25).", "No. 5", quotes inside
sentences), and a sentence is what a reader is shown, so the rule is one that a reader can predict:
a full stop, question mark or exclamation mark, its closing quotes and brackets, white space, then
something that can begin a sentence.
"""

from __future__ import annotations

import re
from typing import Final

_ABBREVIATIONS: Final = frozenset(
    """
    e.g i.e etc eg ie cf vs no nos para paras p pp ch sec art fig approx dr mr mrs ms prof sir
    st rev hon jan feb mar apr jun jul aug sep sept oct nov dec inc ltd plc co dept gov govt u.k
    u.s al viz op ed eds vol figs est s ss reg a.m p.m
    """.split()
)
_BREAK: Final = re.compile(r"""[.!?…]+["'”’)\]]*(?=\s)\s+(?=["'“‘(\[]*[A-Z0-9£•–-])""")
_LETTERED: Final = re.compile(
    r"\b(?:annex|appendix|schedule|part|section|table|figure|chart|box|type|tier|band|category|group"
    r"|grade|class|option|phase|plan|model|hepatitis|vitamin|influenza)s? [A-Z]$"
    r"|(?-i:\b[A-Z] (?:and|or) [A-Z]$)",
    re.IGNORECASE,
)
_LAST_WORD: Final = re.compile(r"([A-Za-z.]+)$")
_OPENERS: Final = {"“": "”", "(": ")", "[": "]"}


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The [start, end) of each sentence, in order, without the white space between them.

    >>> text = "A b. Then c (see p. 5). D"
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['A b.', 'Then c (see p. 5).', 'D']
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for found in _BREAK.finditer(text):
        if _is_abbreviation(text, found.start()) or _inside_brackets(text, start, found.start()):
            continue
        end = found.start() + len(found.group().rstrip())
        spans.append((start, end))
        start = found.end()
    if text[start:].strip():
        spans.append((start, len(text.rstrip())))
    lead = len(text) - len(text.lstrip())
    if spans and spans[0][0] < lead:
        spans[0] = (lead, spans[0][1])
    return spans


def sentences_of(text: str) -> list[str]:
    """The sentences themselves.

    >>> sentences_of("Plans are due, e.g. Annex B. All systems must:")
    ['Plans are due, e.g. Annex B.', 'All systems must:']
    """
    return [text[start:end] for start, end in split_sentences(text)]


def _is_abbreviation(text: str, stop: int) -> bool:
    """Whether the full stop at `stop` ends an abbreviation or an initial, not a sentence."""
    if text[stop] != ".":
        return False
    found = _LAST_WORD.search(text, max(0, stop - 12), stop)
    if found is None:
        return False
    word = found.group(1)
    if word.lower() in _ABBREVIATIONS:
        return True
    # An initial ("J. Smith") ends none; a letter that tells things apart ("Annex B.") may.
    return len(word) == 1 and word.isupper() and _LETTERED.search(text[:stop]) is None


def _inside_brackets(text: str, start: int, stop: int) -> bool:
    """Whether an opening round or square bracket since `start` is still open at `stop` and soon
    closed.
    """
    for opener in "([":
        depth = text.count(opener, start, stop + 1) - text.count(_OPENERS[opener], start, stop + 2)
        if depth > 0 and 0 <= text.find(_OPENERS[opener], stop) - stop < 200:
            return True
    return False
