"""The parts of a requirement besides its bearer: the action, and the condition that limits it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_record import Cue
from pipeline.extract.lookup import token_from
from pipeline.extract.parse import text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CONDITION: Final = re.compile(
    r"\b(?:if|unless|where(?:ver)?|when(?:ever)?|provided(?:\sthat)?|providing(?:\sthat)?|"
    r"subject\sto|as\slong\sas|so\slong\sas|"
    r"in\sthe\sevent\s(?:of|that)|in\scases\swhere|except\s(?:where|when|for|in|if|that)|"
    r"in\sexceptional\scircumstances|"
    r"on\scondition\sthat|until|once|before|after|without\sthe\s(?:written\s|"
    r"prior\s)?(?:agreement|consent|approval))\b",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(
    r"\b(?:where(?:ver)?|when|if|as)\s(?:clinically\s)?(?:appropriate|possible|feasible|"
    r"necessary|applicable|relevant|needed|practicable|required|available)\b",
    re.IGNORECASE,
)
_BEFORE_EVENT: Final = re.compile(r"\b(?:before|after|until|once)\b", re.IGNORECASE)


def find_action(doc: Doc, cue: Cue) -> str | None:
    """The verb phrase that the cue governs, as written, up to the end of its clause."""
    head = doc[cue.head]
    last = next(
        (t for t in reversed([*head.subtree]) if t.i <= head.i or not _other_clause(t, head)), head
    )
    first = next(
        (
            t
            for t in doc[max(cue.head - 3, 0) : cue.head]
            if t.dep_ == "auxpass" and t.head.i == head.i
        ),
        head,
    )
    text = text_of(doc)[first.idx : last.idx + len(last)]
    return " ".join(text.split()).strip(" .;:,") or None


def _other_clause(token: Token, head: Token) -> bool:
    """Whether `token` belongs to a further clause with a subject of its own."""
    while token.i != head.i:
        if (
            token.dep_ == "conj"
            and token.pos_ in ("VERB", "AUX")
            and any(c.dep_ in ("nsubj", "nsubjpass") for c in token.children)
        ):
            return True
        if token.head.i == token.i:
            return True
        token = token.head
    return False


def find_condition(text: str, doc: Doc) -> str | None:
    """The clause that says when, where or whether a requirement holds, verbatim; None where there
    is none.

    A relative "where" ("a system where trusts can ...") and a plain date ("before March") are no
    conditions.
    """
    for match in _CONDITION.finditer(text):
        token = token_from(doc, match.start())
        if token is None:
            continue
        word = token.lower_
        if word in ("where", "when", "wherever") and _is_relative(token):
            short = _SHORT.match(text, match.start())
            if short is None:
                continue
            return short.group()
        if _BEFORE_EVENT.fullmatch(match.group()) and not any(
            t.pos_ in ("VERB", "AUX") for t in _clause(token)
        ):
            continue
        end = _clause_end(text, match.start(), token)
        condition = text[match.start() : end].strip(" ,;.")
        if len(condition.split()) >= 2:
            return condition
    return None


def _is_relative(token: Token) -> bool:
    return (
        token.head.dep_ == "relcl"
        and token.i > 0
        and token.doc[token.i - 1].pos_ in ("NOUN", "PROPN")
    )


def _clause(token: Token) -> list[Token]:
    head = token.head if token.dep_ in ("mark", "advmod") else token
    return [t for t in head.subtree if t.i >= token.i]


def _clause_end(text: str, start: int, token: Token) -> int:
    """Where the condition that starts at `start` ends: at its clause's end, or the comma that
    closes it off.
    """
    tail = _clause(token)
    end = tail[-1].idx + len(tail[-1]) if tail else start
    if start == 0 or text[:start].rstrip().endswith((",", ";")) or end <= start:
        comma = text.find(",", max(end - 1, start))
        return comma if start == 0 and comma >= 0 else max(end, start + 1)
    return end
