"""Duties without a finite verb, as tables and lists have them: "ICBs to publish a plan"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_record import AUXILIARIES, Cue, make_cue
from pipeline.extract.cue_rules import CueRules
from pipeline.extract.lookup import Words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_PHRASE: Final = frozenset(
    "DT PDT JJ JJR JJS NN NNS NNP NNPS CC IN CD POS PRP$ , -LRB- -RRB-".split()
)
_TO: Final = Words({"to"})
_BARS: Final = Words({"|"})
_NOUNS: Final = ("NOUN", "PROPN")
_LONGEST: Final = 14  # words of whoever is to do it


def find_headlines(doc: Doc, rules: CueRules) -> Iterator[Cue]:
    """A cue for each cell or whole unit that opens with a name and goes on with "to do"."""
    rule = rules.verb_to_of.get("be")
    if rule is None or not _TO.stand_in(doc):
        return
    starts = [0, *(place + 1 for place in _BARS.places(doc))]
    for n, start in enumerate(starts):
        stop = starts[n + 1] - 1 if n + 1 < len(starts) else len(doc)
        to = _infinitive_mark(doc, start, stop)
        if to is None or _is_finite(doc, start, to, stop):
            continue
        passive = doc[to.i + 1].lower_ == "be"
        verb = _participle(doc, to.i + 1) if passive else doc[to.i + 1]
        subject = _subject(doc, start, to)
        if subject is None and not (passive and start):
            continue
        cue = make_cue(
            doc,
            rule="verb:be",
            modality=rule.modality,
            strength=rule.strength,
            first=to,
            last=to,
            anchor=verb,
            head=verb,
            subject=subject,
        )
        yield replace(cue, clause="main", headline=True)


def _infinitive_mark(doc: Doc, start: int, stop: int) -> Token | None:
    """The "to" right after the noun phrase with which [start, stop) opens."""
    if start < stop and doc[start].tag_ == "IN":
        return None  # "For boards to manage this, money is needed"
    for token in doc[start : min(stop, start + _LONGEST)]:
        if token.lower_ == "to" and token.tag_ == "TO":
            follows = token.i + 1 < stop and doc[token.i + 1].tag_ == "VB"
            return token if follows else None
        if token.tag_ not in _PHRASE:
            return None
    return None


def _participle(doc: Doc, at: int) -> Token:
    """What "to be" is the passive of, else "be" itself."""
    return next((t for t in doc[at + 1 : at + 4] if t.tag_ == "VBN"), doc[at])


def _subject(doc: Doc, start: int, to: Token) -> Token | None:
    """The head of the opening noun phrase."""
    nouns = [t for t in doc[start : to.i] if t.pos_ in _NOUNS]
    inside = {t.i for t in nouns}
    return next((t for t in nouns if t.head.i not in inside), nouns[-1] if nouns else None)


def _is_finite(doc: Doc, start: int, to: Token, stop: int) -> bool:
    """Whether the phrase is the subject of a finite verb: "The decision to close was taken"."""
    for noun in doc[start : to.i]:
        verb = noun.head
        if noun.dep_ in ("nsubj", "nsubjpass") and to.i < verb.i < stop:
            marks = [verb, *(c for c in verb.children if c.dep_ in AUXILIARIES)]
            if any(m.tag_ in ("VBZ", "VBP", "VBD", "MD") for m in marks):
                return True
    root = next((t for t in doc[start:stop] if t.dep_ == "ROOT"), None)
    return root is not None and root.i > to.i and root.tag_ in ("VBZ", "VBP", "VBD", "MD")
