"""Where sentences end: enough to tell a list's lead-in from what stands before it."""

from __future__ import annotations

import re
from typing import Final

_ABBREVIATIONS_TEXT: Final = (
    "e.g i.e etc cf vs viz al dr mr mrs ms prof rev hon st no nos p pp para paras fig figs ch "
    "vol ed eds approx est inc ltd plc dept govt u.s u.k a.m p.m jan feb mar apr jun jul aug "
    "sep sept oct nov dec s ss art reg"
)
_ABBREVIATIONS: Final = frozenset(_ABBREVIATIONS_TEXT.split())
_END: Final = re.compile(r"[.!?…]+[)\]’”'\"»]*\s+(?=[‘“\"'(\[]*[A-Z0-9£])")
_TERMINAL: Final = re.compile(r"[.!?…][)\]’”'\"»]*$")
# What is told apart by letters, so that one may end a sentence: "Annex B."
_LETTERED: Final = re.compile(
    r"\b(?:annex|appendix|schedule|part|section|table|figure|chart|box|type|tier|band|category|group"
    r"|grade|class|option|phase|plan|model|hepatitis|vitamin|influenza|and|or)s? [A-Z]$",
    re.IGNORECASE,
)
_LAST_WORD: Final = re.compile(r"([\w.]+)$")


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, white space between them left out.

    A full stop after an abbreviation or a single capital (an initial) ends none.

    >>> split_sentences("Plans are due, e.g. Annex B. All systems must:")
    ['Plans are due, e.g. Annex B.', 'All systems must:']
    """
    sentences = []
    start = 0
    for found in _END.finditer(text):
        if text[found.start()] == "." and _is_abbreviated(text[start : found.start()]):
            continue
        sentences.append(text[start : found.end()].rstrip())
        start = found.end()
    if start < len(text):
        sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]


def _is_abbreviated(text: str) -> bool:
    """Whether a full stop after a text would be an abbreviation's or an initial's."""
    before = _LAST_WORD.search(text)
    word = before[1] if before is not None else ""
    if len(word) == 1 and word.isupper():
        return _LETTERED.search(text) is None
    return word.lower().rstrip(".") in _ABBREVIATIONS


def is_ended(text: str) -> bool:
    """Whether a text ends as a sentence does: full stop, question or exclamation mark, and closing
    signs.
    """
    return _TERMINAL.search(text.rstrip()) is not None


def find_lead_in(text: str, *, least_words: int = 3) -> str | None:
    """The sentence of a paragraph that a list right after it completes; None where it ends as a
    sentence does.

    It is the last sentence, ending with a colon, a comma or a dash, or with nothing at all if it
    has `least_words`.
    """
    if not text or is_ended(text):
        return None
    sentence = split_sentences(text)[-1]
    named = sentence.endswith((":", ",", "–", "—", "-"))
    return sentence if named or len(sentence.split()) >= least_words else None
