"""Where sentences end: enough to tell a list's lead-in from what stands before it."""

from __future__ import annotations

import re
from typing import Final

from pipeline.sentences import sentences_of

_TERMINAL: Final = re.compile(r"[.!?…][)\]’”'\"»]*$")

# Words that no paragraph, item or heading ends with.
_DANGLING: Final = re.compile(
    r"(?:^|\s)(?:the|an?|of|to|in|for|with|by|and|or|at|on|from|as|their|its|our|that|which|this|"
    r"these|into|per)$"
)


def is_cut(text: str) -> bool:
    """Whether a text ends with a word that more must follow: an article, a preposition, "and"."""
    return _DANGLING.search(text) is not None


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
    sentence = sentences_of(text)[-1]
    named = sentence.endswith((":", ",", "–", "—", "-"))
    return sentence if named or len(sentence.split()) >= least_words else None
