"""Which phrase of time in a unit is its deadline: the parse tells "plans for 2025/26" from "publish in 2025/26"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.extract.deadlines import DateContext, DatePhrase, choose_phrase, find_date_phrases
from pipeline.extract.parse import clause_kind
from pipeline.records import Deadline

if TYPE_CHECKING:
    from spacy.tokens import Doc

_COMPARED: Final = re.compile(
    r"(?:\b(?:compared|relative|against|versus|vs|since|than|baseline|published|announced|issued|launched|introduced|agreed|set\sout|"
    r"spending|outturn|level|levels|figure|figures|seen|achieved|recorded|reported|in\splace)\b[^.;]{0,24})$",
    re.IGNORECASE,
)
_ABOUT_A_YEAR: Final = frozenset(
    "settlement saving savings level levels baseline outturn allocation allocations budget budgets guidance performance spend "
    "spending cost costs pay funding tariff data figures rate rates census survey report review election plan plans framework "
    "contract strategy position objective objectives priority priorities envelope settlement growth demand act".split()
)
_PAST_TAGS: Final = frozenset({"VBD"})


def find_deadline(
    text: str, doc: Doc, *, context: DateContext, head: int | None = None
) -> Deadline | None:
    """The deadline of a parsed unit; `head` is the token of the verb to be done, where there is one."""
    phrase = choose_phrase(
        [p for p in find_date_phrases(text, context=context) if is_due(p, text, doc, head)]
    )
    return None if phrase is None else Deadline(text=phrase.text, date=phrase.date)


def is_due(phrase: DatePhrase, text: str, doc: Doc, head: int | None) -> bool:
    """Whether a phrase of time says when something is due, and not when something else was or is."""
    if _COMPARED.search(text[: phrase.start]) and phrase.strength < 4:
        return False
    token = next((t for t in doc if t.idx >= phrase.start), None)
    if token is None or phrase.lead in ("bare",):
        return True
    governor = token.head
    if governor.pos_ in ("VERB", "AUX"):
        if (
            governor.tag_ in _PAST_TAGS
            or clause_kind(governor) == "relative"
            and phrase.strength < 4
        ):
            return phrase.strength == 4 and governor.tag_ not in _PAST_TAGS
        return True
    if phrase.strength == 4 or token.i == 0:
        return True
    noun = governor
    if phrase.lead == "from":
        return False
    if phrase.lead == "for":
        if noun.lemma_.lower() in ("task", "ask", "aim", "ambition", "target"):
            return True
        return (
            head is not None
            and noun.dep_ in ("dobj", "attr")
            and noun.head.i in (head, *(c.i for c in doc[head].conjuncts))
        )
    return noun.lemma_.lower() not in _ABOUT_A_YEAR and noun.lower_ not in _ABOUT_A_YEAR
