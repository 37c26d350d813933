"""Units: sentences, list items and table rows, each a requirement, several, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.extract.numbers import may_hold_numeral, next_numeral
from pipeline.records import Passage, PassageKind
from pipeline.sentences import split_sentences

_FRACTION: Final = re.compile(
    r"\b(?:half|halv\w+|thirds?|quarters?|doubl\w*|trebl\w*|tripl\w*|twice|dozen|fortnight)\b",
    re.IGNORECASE,
)
# What asks or is minuted without a cue word: "Please let us have", "Action: Mrs Price to write",
# "If you cannot come, send word".
_ASKING: Final = re.compile(
    r"\b(?:please|actions?)\b|^\W*(?:if|should|when|where|once|unless|do(?:\snot|n['’]t)|never)\b|"
    r"^\W*(?:first|second|third|fourth|fifth|last)(?:ly)?,|^\W*finally,",
    re.IGNORECASE,
)
_ENDS_OPEN: Final = re.compile(
    r"[:–—]\s*$|\b(?:to|by|that|must|should|will|may|include|including)\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One sentence, list item or row: `text` is [start, end) of its passage's text.

    `stems` govern it, outermost first: only the first sentence of a list item has any. `leads`
    tells that it ends open, as the lead-in of a list does. `first` tells the first sentence of its
    passage, `alone` the only one.
    """

    passage: Passage
    start: int
    end: int
    text: str
    stems: tuple[str, ...]
    leads: bool
    first: bool
    alone: bool
    quoted: bool = False

    @property
    def is_item(self) -> bool:
        """Whether it is (the head of) a list item or a table row."""
        return self.first and self.passage.kind in (PassageKind.LIST_ITEM, PassageKind.TABLE_ROW)


def split_units(passages: Sequence[Passage]) -> Iterator[Unit]:
    """The units of passages in reading order; captions hold none."""
    for passage in passages:
        if passage.kind is PassageKind.CAPTION or not passage.text.strip():
            continue
        spans = split_sentences(passage.text)
        open_quote = False
        for n, (start, end) in enumerate(spans):
            text = passage.text[start:end]
            quoted = open_quote or text[0] in '“‘"'
            open_quote = _quote_open(text, open_quote)
            yield Unit(
                passage=passage,
                start=start,
                end=end,
                text=text,
                stems=passage.stems if n == 0 else (),
                leads=n == len(spans) - 1 and bool(_ENDS_OPEN.search(text)),
                first=n == 0,
                alone=len(spans) == 1,
                quoted=quoted,
            )


def _quote_open(text: str, before: bool) -> bool:
    """Whether a double quotation that opened in or before `text` is still open at its end."""
    opened = text.rfind("“")
    closed = text.rfind("”")
    if opened == closed:
        return before
    return opened > closed


def may_hold_requirement(unit: Unit, gate: re.Pattern[str], verbs: frozenset[str]) -> bool:
    """A cheap test that lets through every unit worth parsing: a cue word, a number, a stem, or a
    verb up front.
    """
    if unit.stems or unit.passage.kind is PassageKind.TABLE_ROW:
        return True
    if gate.search(unit.text) or _ASKING.search(unit.text) or _may_count(unit.text):
        return True
    if unit.is_item and " to " in unit.text:
        return True  # "Trusts to publish a summary"
    return unit.text.split(None, 1)[0].lower().strip("“‘\"'(") in verbs


def _may_count(text: str) -> bool:
    """Whether a text may hold a quantity."""
    numeral = may_hold_numeral(text) and next_numeral(text) is not None
    return numeral or _FRACTION.search(text) is not None
