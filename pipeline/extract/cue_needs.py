"""Verbs that require a thing as cues: "travel needs approval", "the rules require a surplus"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_record import AUXILIARIES, Cue, make_cue
from pipeline.extract.cue_rules import LEAVE
from pipeline.extract.lookup import Words
from pipeline.extract.parse import subject_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_REQUIRING: Final = Words({"require", "demand", "need"})
# What lays down a thing by requiring it, where it is no body that needs it.
LAYING_DOWN: Final = frozenset(
    """
    guidance framework rule contract code act law regulation standard policy mandate constitution
    regulator government department minister treasury centre inspector inspectorate commissioner
    scheme licence agreement legislation provision flexibility board committee trust council
    """.split()
)
_BODIES: Final = frozenset(
    "england wales scotland improvement monitor commission authority treasury office".split()
)


def find_needs(doc: Doc) -> Iterator[Cue]:
    """The cues of a parsed unit in which something is required to be had."""
    for token in _REQUIRING.tokens(doc):
        lemma = token.lemma_.lower()
        if token.pos_ != "VERB" or token.tag_ in ("VB", "VBG"):
            continue
        if any(c.dep_ in ("auxpass", "xcomp", "ccomp") for c in token.children):
            continue
        issuer = subject_of(token)
        thing = next((c for c in token.children if c.dep_ == "dobj" and c.i > token.i), None)
        if issuer is None or thing is None or issuer.dep_ == "nsubjpass":
            continue
        if any(c.lower_ in ("no", "more") for c in thing.children):
            continue
        if thing.lemma_.lower() in LEAVE and lemma != "demand":
            # "Travel needs the prior approval of the board": to be had before.
            yield _cue(doc, token, rule="needs:leave", subject=issuer)
        elif lemma != "need" and _lays_down(issuer) and thing.pos_ in ("NOUN", "PROPN"):
            yield _cue(doc, token, rule="asked:thing", subject=None)


def _lays_down(issuer: Token) -> bool:
    """Whether who requires a thing lays it down for others: "the rules", "we", "NHS England"."""
    if issuer.lower_ == "we" or issuer.lemma_.lower() in LAYING_DOWN:
        return True
    return issuer.pos_ == "PROPN" and issuer.lower_ in _BODIES


def _cue(doc: Doc, token: Token, *, rule: str, subject: Token | None) -> Cue:
    auxiliaries = [c for c in token.children if c.dep_ in AUXILIARIES and c.i < token.i]
    return make_cue(
        doc,
        rule=rule,
        modality="obligation",
        strength=2,
        first=min([token, *auxiliaries], key=lambda t: t.i),
        last=token,
        anchor=token,
        head=token,
        subject=subject,
        negated=any(c.dep_ == "neg" for c in token.children),
        past=token.tag_ == "VBD" and not auxiliaries,
    )
