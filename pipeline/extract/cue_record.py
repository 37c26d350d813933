"""A cue as a record, and the questions of grammar that all kinds of cue ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.extract.parse import clause_kind, subject_of, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

AUXILIARIES: Final = frozenset({"aux", "auxpass"})
_NO: Final = frozenset({"no", "neither", "nobody", "none", "no-one"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A cue of one unit.

    `head` is the token index of what it governs (the verb to be done), `anchor` of the word that
    carries it, `subject` of the head noun of who is bound. `clause` is where it stands
    (parse.clause_kind).
    """

    rule: str
    modality: str
    strength: int
    text: str
    start: int
    end: int
    anchor: int
    head: int
    subject: int | None
    clause: str
    negated: bool = False
    past: bool = False
    perfect: bool = False
    speaker: bool = False  # the subject is the issuer, the bearer an object
    headline: bool = False  # without a finite verb: "ICBs to publish"


def make_cue(
    doc: Doc,
    *,
    rule: str,
    modality: str,
    strength: int,
    first: Token,
    last: Token,
    anchor: Token,
    head: Token,
    subject: Token | None,
    negated: bool = False,
    forbids: bool = False,
    past: bool = False,
    perfect: bool = False,
    speaker: bool = False,
) -> Cue:
    """A cue from its tokens; `forbids` tells that what it asks for is that something is left."""
    if forbids and modality in ("obligation", "recommendation"):
        modality = "permission" if negated else "prohibition"
        negated, rule_modality = True, modality
    else:
        rule_modality = negate(rule, modality) if negated else modality
    if last.i < first.i:
        first, last = last, first
    start, end = first.idx, last.idx + len(last)
    return Cue(
        rule=rule,
        modality=rule_modality,
        strength=strength,
        text=text_of(doc)[start:end],
        start=start,
        end=end,
        anchor=anchor.i,
        head=head.i,
        subject=None if subject is None else subject.i,
        clause=clause_kind(anchor.head if anchor.dep_ in AUXILIARIES else anchor),
        negated=negated,
        past=past,
        perfect=perfect,
        speaker=speaker,
    )


def negate(rule: str, modality: str) -> str:
    """What a cue other than a modal says with "not": "need not", "are not allowed to", "do not
    expect".
    """
    if rule.startswith(("modal:", "status:")):
        return modality
    return TURNED.get(modality, modality)


TURNED: Final = {
    "permission": "prohibition",
    "obligation": "permission",
    "recommendation": "prohibition",
}


# "May wish to" recommends; "wish to" alone says what somebody would like.


def governed_infinitive(token: Token) -> Token | None:
    """The verb that `token` governs with "to" (or "to" and a gerund after "committed")."""
    for child in token.children:
        if (
            child.dep_ in ("xcomp", "ccomp", "advcl")
            and child.i > token.i
            and any(c.lower_ == "to" and c.dep_ in ("aux", "mark") for c in child.children)
        ):
            return child
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in ("to", "with") and child.i > token.i:
            gerund = next((c for c in child.children if c.dep_ == "pcomp"), None)
            if gerund is not None:
                return gerund
    following = token.doc[token.i + 1 : token.i + 3]
    if len(following) == 2 and following[0].lower_ == "to" and following[1].pos_ in ("VERB", "AUX"):
        return following[1]
    return None


def is_past(token: Token) -> bool:
    """Whether a finite verb or its auxiliaries stand in the simple past."""
    auxiliaries = [c for c in token.children if c.dep_ in AUXILIARIES]
    if any(c.tag_ == "MD" for c in auxiliaries):
        return False
    if any(c.tag_ == "VBD" for c in auxiliaries):
        return True
    if any(c.tag_ in ("VBZ", "VBP") for c in auxiliaries):
        return False
    if token.dep_ == "acomp" or token.dep_ == "attr":
        return token.head.tag_ == "VBD"
    if token.dep_ == "conj" and not auxiliaries:
        return is_past(token.head)
    return token.tag_ == "VBD"


def is_denied(verb: Token) -> bool:
    """Whether a verb is said with "not"; that of "if not, we will have to" denies what goes
    before.
    """
    return any(
        (c.dep_ == "neg" and (c.i == 0 or c.nbor(-1).lower_ not in ("if", "or", "whether")))
        or (c.lower_ == "longer" and any(no.lower_ == "no" for no in c.children))
        for c in verb.children
    )


def left_noun(token: Token) -> Token | None:
    """The noun just before a modal, where the parse gives no subject."""
    for other in reversed(token.doc[max(0, token.i - 6) : token.i]):
        if other.pos_ in ("NOUN", "PROPN", "PRON"):
            return other
        if (other.is_punct and other.text not in (")", "”", "’")) or other.pos_ == "VERB":
            return None
    return None


def has_negative_subject(head: Token) -> bool:
    """ "No trust may ...", "none of them should ..." """
    subject = subject_of(head)
    if subject is None:
        return False
    if subject.dep_ == "expl":  # "there must be no ..."
        return any(t.lower_ == "no" for t in head.subtree if head.i < t.i <= head.i + 2)
    return subject.lower_ in _NO or any(c.lower_ in _NO for c in subject.children)


def promises_ability(cue: Cue) -> bool:
    """Whether "able to" is said of what is to come: "staff will be able to", "she said that they
    would be".
    """
    words = cue.text.lower().split()
    return bool({"will", "'ll", "’ll"} & set(words)) or (
        "would" in words and cue.modality == "permission"
    )
