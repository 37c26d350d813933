"""Modal cues: "must publish", "may not", "no trust should"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_record import AUXILIARIES, Cue, has_negative_subject, left_noun, make_cue
from pipeline.extract.cue_rules import CONTRACTED_MODALS, CueRules
from pipeline.extract.governors import governor_kind, governor_of, is_told
from pipeline.extract.lookup import Words
from pipeline.extract.parse import subject_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_NEGATIONS: Final = frozenset({"not", "n't", "n’t", "never"})
_ALWAYS_MODAL: Final = frozenset({"ought", "must", "shall", "should"})


def find_modals(doc: Doc, rules: CueRules) -> Iterator[Cue]:
    for token in rules.modal_words.tokens(doc):
        word = CONTRACTED_MODALS.get(token.lower_, token.lower_)
        rule = rules.modal(word)
        if (
            rule is None
            or token.tag_ not in ("MD", "VB", "VBP", "VBZ", "TO")
            or token.pos_ in ("NOUN", "PROPN")
        ):
            continue
        if (
            token.tag_ != "MD"
            and not (word == "need" and token.dep_ == "aux")
            and word not in _ALWAYS_MODAL
        ):
            continue
        if (word == "need" and token.dep_ != "aux") or _is_mentioned(token):
            continue
        head = (
            token.head
            if token.dep_ in AUXILIARIES or (token.dep_ == "ROOT" and token.head.i != token.i)
            else None
        )
        if head is None or head.i < token.i:
            head = _following_verb(token) or head
        if word == "ought":
            head = next((c for c in token.children if c.dep_ in ("xcomp", "ccomp")), head) or head
        if head is None:
            continue
        modality, name = rule.modality, ""
        if word == "would" and (told := governor_of(head)) is not None:
            kind = governor_kind(told)
            # "Said that it would publish": what was said is "it will".
            if kind in ("speech", "promise") and is_told(told):
                modality = "future"
        elif word == "could" and _is_said(head):
            # "Said that boards could no longer": what was said is "they can no longer".
            word, rule = "can", rules.modal("can") or rule
            modality = rule.modality
        if word == "will" and _needs_thing(head):
            # "Each site will need a plan" binds as "will need to have" does.
            modality, name = "obligation", "verb:need"
        negation = _negation(token, head)
        negated = (
            negation is not None
            or has_negative_subject(head)
            or _never(token, head)
            or _is_added_ban(token)
            or (word in ("may", "can") and _has_negative_object(head))
        )
        end = negation if negation is not None and negation.i > token.i else token
        yield make_cue(
            doc,
            rule=name or f"modal:{word}",
            modality=rule.negated if negated and modality == rule.modality else modality,
            strength=rule.strength,
            first=token,
            last=doc[end.i + 1]
            if word == "ought" and end.i + 1 < len(doc) and doc[end.i + 1].lower_ == "to"
            else end,
            anchor=token,
            head=head,
            subject=subject_of(head) or left_noun(token),
            negated=negated,
            perfect=any(
                c.lemma_ == "have" and c.dep_ == "aux" and c.i > token.i for c in head.children
            )
            and head.tag_ in ("VBN", "VBD"),
        )


_OPENING: Final = frozenset({"'", '"', "‘", "“"})
_CLOSING: Final = frozenset({"'", '"', "’", "”"})


def _is_mentioned(token: Token) -> bool:
    """ "Nine ‘must dos’": a word that is named between quotation marks and not used."""
    doc, place = token.doc, token.i
    named = place > 0 and doc[place - 1].text in _OPENING
    return named and any(t.text in _CLOSING for t in doc[place + 1 : place + 3])


def _following_verb(token: Token) -> Token | None:
    """The verb after a modal that the parser left alone."""
    for other in token.doc[token.i + 1 : token.i + 8]:
        if other.pos_ in ("VERB", "AUX") and other.tag_ in ("VB", "VBN"):
            return other.head if other.dep_ == "auxpass" else other
    return token.head if token.head.i != token.i else None


def _negation(token: Token, head: Token) -> Token | None:
    for other in (*head.children, *token.children):
        if other.dep_ == "neg" and other.lower_ in _NEGATIONS and token.i < other.i <= head.i:
            # "must not only X but Y" is no prohibition.
            following = other.doc[other.i + 1] if other.i + 1 < len(other.doc) else None
            return (
                None
                if following is not None
                and following.lower_ in ("only", "just", "merely", "simply")
                else other
            )
    following = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    if following is not None and following.lower_ in _NEGATIONS | {"no"}:
        after = token.doc[token.i + 2].lower_ if token.i + 2 < len(token.doc) else ""
        if following.lower_ == "no" or after in ("only", "just", "merely", "simply"):
            return None
        return following
    return None


def _is_said(head: Token) -> bool:
    """Whether a clause is what somebody said, told in the past."""
    told = governor_of(head)
    return told is not None and governor_kind(told) in ("speech", "promise") and is_told(told)


def _needs_thing(head: Token) -> bool:
    """Whether a verb is "need" with an object and no infinitive."""
    return head.lemma_.lower() == "need" and any(
        c.dep_ == "dobj" and c.pos_ in ("NOUN", "PROPN") for c in head.children
    )


_ADDED_BAN: Final = frozenset({"nor", "neither"})


def _is_added_ban(token: Token) -> bool:
    """ "Nor should boards sign": turned round, and forbidden."""
    return token.i > 0 and token.nbor(-1).lower_ in _ADDED_BAN


def _has_negative_object(head: Token) -> bool:
    """ "May carry nothing forward": leave to do nothing is none."""
    return any(
        c.dep_ == "dobj" and (c.lower_ in ("nothing", "nobody", "none"))
        for c in head.children
        if c.i > head.i
    )


_NEVER: Final = re.compile(
    r"\b(?:under no circumstances?|in no (?:case|circumstances?)|on no account|no longer|at no "
    r"(?:time|point)|nowhere(?! near))\b",
    re.IGNORECASE,
)


_NO: Final = Words({"no", "nowhere"})


def _never(token: Token, head: Token) -> bool:
    """ "Must under no circumstances", "should no longer": a negation in several words."""
    if not _NO.stand_in(token.doc):
        return False
    first, last = sorted((token.i, head.i))
    window = token.doc[max(0, first - 5) : last + 1].text
    return _NEVER.search(window) is not None
