"""Requirements that are told by where they stand: measures of success under their lead-in, steps of
a timetable, actions in a log.

None has a cue of its own: "94% of schools are covered" is a target under "Success means that:", and
"27 March | Final plans submitted" a duty in a table of dates.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.tokens import Doc

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# What a lead-in says of items that tell how things will then be.
_SUCCESS: Final = re.compile(
    r"\b(?P<means>success\b[^.;]{0,60}\b(?:means?|is\s(?:when|that)|(?:would|will)\s(?:mean|be)|"
    r"looks?\slike)|what\s(?:good|success)\s(?:looks?\slike|means?)|good\slooks?\slike|"
    r"(?:success\s(?:measures?|criteria)|measures?\sof\ssuccess)\b|"
    r"(?:we|you)\s(?:will|shall)\s(?:know|have\ssucceeded))\b",
    re.IGNORECASE,
)
# A lead-in that is no more than a day: "By March 2029:".
_BY_THEN: Final = re.compile(
    rf"^\W*(?P<means>by)\s(?:the\send\sof\s)?(?:\d{{1,2}}\s)?(?:{_MONTH}\s)?20\d\d"
    r"(?:[/–-]\d\d)?\W*$",
    re.IGNORECASE,
)


def success_words(stem: str) -> str | None:
    """The words with which a lead-in makes targets of its items; None for any other lead-in."""
    found = _SUCCESS.search(stem) or _BY_THEN.match(stem)
    return found["means"] if found else None


_CELL: Final = re.compile(r"\s\|\s")
_DAY: Final = re.compile(
    rf"^\W*(?:(?:by|on|before|from|noon|midday|w/c|week\scommencing|end(?:\sof)?|early|mid|late|"
    rf"mon|tue|wed|thu|fri)\w*\s)*(?:noon\s(?:on\s)?)?(?:\d{{1,2}}(?:st|nd|rd|th)?"
    rf"(?:\s?(?:to|–|-)\s?\d{{1,2}})?\s)?{_MONTH}\b(?:\s20\d\d)?(?:\W*(?:noon|midday|\d{{1,2}}(?:am|pm)))?\W*$",
    re.IGNORECASE,
)
# "Final plans due, with the return"; not "closed due to works", "report due for review".
_FALLS_DUE: Final = re.compile(
    r"\b(?:(?:plan|return|submission|response|draft|template|statement|report|bid|comment|narrative"
    r"|trajector(?:y|ie)|contract|payment)s?|feedback)(?:\s\([^)]*\))?\s(?P<due>due)\b(?!\s(?:to|for)\b)",
    re.IGNORECASE,
)
_HANDED_IN: Final = frozenset(
    """
    submit sign return file lodge approve agree finalise finalize complete upload send
    """.split()
)
_HANDING_IN: Final = frozenset({"submission", "deadline", "signature"})


def handed_in(text: str, doc: Doc) -> str | None:
    """What a row of a timetable wants done by its day, in the row's word for it ("submitted");
    None for rows without a day, and for what merely happens on one ("Results announced").
    """
    cells = _CELL.split(text)
    if len(cells) < 2 or not any(_DAY.match(cell) for cell in cells):
        return None
    for cell in cells:
        if (due := _FALLS_DUE.search(cell)) is not None:
            return due["due"]
    for token in doc:
        word = token.lemma_.lower()
        if word in _HANDING_IN and token.pos_ in ("NOUN", "PROPN"):
            return token.text
        finite = any(c.dep_ in ("aux", "auxpass") for c in token.children)
        after_thing = token.i > 0 and token.nbor(-1).pos_ in ("NOUN", "PROPN", "PUNCT")
        if word in _HANDED_IN and token.tag_ in ("VBN", "VBD") and after_thing and not finite:
            return token.text
    return None


_OPEN: Final = re.compile(
    r"^\W*(?:open|on\strack|overdue|in\sprogress|ongoing|not\s(?:yet\s)?(?:started|due)|amber|red|"
    r"green|outstanding|pending)\W*$",
    re.IGNORECASE,
)
_CLOSED: Final = re.compile(
    r"^\W*(?:complete[d]?|closed|done|discharged|superseded|withdrawn)\W*$", re.IGNORECASE
)


def is_logged_action(text: str) -> bool:
    """Whether a row has the form of an open action: its words, and a day or how it stands."""
    cells = _CELL.split(text)[1:]
    if any(_CLOSED.match(cell) for cell in cells):
        return False
    return any(_DAY.match(cell) or _OPEN.match(cell) for cell in cells)


_FIGURE: Final = re.compile(
    r"^\W*(?:(?:at\sleast|no\s(?:more|less|fewer)\sthan|not\s(?:more|less)\sthan|up\sto|under|over|"
    r"below|above|minimum|maximum)\s)*£?\d[\d.,]*\s?(?:%|per\scent|k|m|bn|million|billion"
    r"|(?:minutes?|hours?|days?|weeks?|months?|years?))?\W*$",
    re.IGNORECASE,
)


def is_measure_row(text: str) -> bool:
    """Whether a row gives figures of a measure: a cell of it is a number and no more."""
    return any(_FIGURE.match(cell) for cell in _CELL.split(text)[1:])
