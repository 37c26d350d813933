"""Passive infinitives beside another clause as cues: "with 40 features to be shown in plans"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_record import Cue, make_cue
from pipeline.extract.lookup import Tags, Words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_TO: Final = Words({"to"})
_PARTICIPLES: Final = Tags({"VBN"})
# "Savings yet to be found", "more still to be done": what is open, not what is asked.
_OPEN: Final = frozenset({"yet", "still", "left", "only", "just", "likely", "about"})


def find_infinitives(doc: Doc) -> Iterator[Cue]:
    """Cues of nouns that something is to be done with; the doer is not named by them."""
    for token in _PARTICIPLES.tokens(doc) if _TO.stand_in(doc) else ():
        to = next((c for c in token.children if c.lower_ == "to" and c.dep_ == "aux"), None)
        be = next((c for c in token.children if c.dep_ == "auxpass" and c.lower_ == "be"), None)
        noun = _thing(token)
        if to is None or be is None or noun is None or not noun.i < to.i < be.i < token.i:
            continue
        if any(t.lower_ in _OPEN for t in doc[noun.i + 1 : to.i]):
            continue
        cue = make_cue(
            doc,
            rule="infinitive:be",
            modality="obligation",
            strength=2,
            first=to,
            last=token,
            anchor=token,
            head=token,
            subject=noun,
        )
        yield replace(cue, clause="main")  # no other verb governs it


def _thing(verb: Token) -> Token | None:
    """What something is to be done with in a clause of its own: "with 40 features to be shown"."""
    marks = [c.lower_ for c in verb.children if c.dep_ == "mark"]
    after_with = verb.dep_ == "pcomp" and verb.head.lower_ == "with"
    if after_with or (verb.dep_ == "advcl" and all(m == "with" for m in marks)):
        return next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    return None
