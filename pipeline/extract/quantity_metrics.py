"""What a number measures, in a few of the text's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.extract.lookup import token_from
from pipeline.extract.parse import text_of
from pipeline.extract.quantities import Measurement
from pipeline.extract.quantity_standing import governor

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_PRONOUNS: Final = frozenset(
    "i you he she it we they them us this that these those who which what there one".split()
)


def metric_of(m: Measurement, doc: Doc) -> str | None:
    """What is measured: the noun that the number counts, or the object or subject of its verb."""
    token = token_from(doc, m.number_start)
    if token is None:
        return None
    inside = [t for t in doc if m.number_start <= t.idx < m.number_end]
    for t in reversed(inside):
        if t.head.i > inside[-1].i and t.head.pos_ in ("NOUN", "PROPN"):
            return _phrase(t.head, m, doc)
    following = doc[inside[-1].i + 1] if inside and inside[-1].i + 1 < len(doc) else None
    if following is not None and following.lower_ == "of":
        noun = next((c for c in following.children if c.dep_ == "pobj"), None)
        if noun is not None:
            return _phrase(noun, m, doc)
    verb = governor(token)
    if verb is not None:
        for dep in ("dobj", "nsubjpass", "nsubj"):
            noun = next(
                (c for c in verb.children if c.dep_ == dep and not m.start <= c.idx < m.end), None
            )
            if noun is not None:
                return _phrase(noun, m, doc)
    return None


def _phrase(noun: Token, m: Measurement, doc: Doc) -> str | None:
    tokens = [t for t in noun.subtree if not (m.start <= t.idx < m.end)]
    run = [t for t in tokens if t.i >= noun.left_edge.i]
    if not run:
        return None
    first, last = run[0], run[-1]
    text = text_of(doc)[first.idx : last.idx + len(last)]
    if first.idx < m.end <= last.idx:
        text = text_of(doc)[m.end : last.idx + len(last)]
    words = " ".join(text.split()).strip(" ,;:.()")
    words = re.sub(r"^(?:the|an?|of|their|its|our)\s+", "", words)
    if words.lower() in _PRONOUNS:
        return None  # it says nothing of what is measured
    return " ".join(words.split()[:16]) or None
