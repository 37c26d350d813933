"""Whose requirement it is: the document's own, or somebody else's that it reports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import BearerFinder
from pipeline.extract.cue_record import Cue
from pipeline.extract.parse import noun_phrase, subject_of, text_of
from pipeline.records import Kind, Modality

if TYPE_CHECKING:
    from spacy.tokens import Doc

_SPEECH: Final = frozenset(
    """
    say tell state announce argue warn claim write report suggest explain confirm insist stress
    mandate require instruct outline urge recommend promise dictate demand order set specify
    stipulate ask expect call propose
    """.split()
)
_SOURCE: Final = re.compile(
    r"\b(?:guidance|framework|document|letter|mandate|white "
    r"paper|act|bill|contract|paper|plan|report|according to|as reported|"
    r"operating framework|planning guidance|rules?|requirements?|job "
    r"description|centre|regulator)\b",
    re.IGNORECASE,
)
_ATTRIBUTED: Final = re.compile(
    r"\baccording to\s+(?:the\s+)?(?P<who>[A-Z][\w’'& ]{2,60}?)(?=[,.(]|$)"
)


def is_reported(
    cue_rule: str, modality: Modality, doc: Doc, *, kind: Kind, quoted: bool, cue: Cue | None
) -> bool:
    """Whether the document reports the requirement of another; guidance speaks for itself."""
    if kind is Kind.GUIDANCE:
        return False
    if quoted or modality is Modality.NONE:
        return True
    if cue_rule.startswith(("passive:", "speaker:")):
        return not (cue is not None and cue.speaker and _first_person(doc, cue))
    if any(
        t.lemma_.lower() in _SPEECH and t.pos_ == "VERB" and not (cue and t.i == cue.head)
        for t in doc
    ):
        return True
    return bool(_SOURCE.search(text_of(doc))) and modality in (
        Modality.OBLIGATION,
        Modality.COMMITMENT,
        Modality.PERMISSION,
    )


def _first_person(doc: Doc, cue: Cue) -> bool:
    issuer = subject_of(doc[cue.anchor])
    return issuer is not None and issuer.lower_ in ("we", "i")


def find_speaker(doc: Doc, finder: BearerFinder) -> str | None:
    """Who says it: the subject of the verb of saying, or the source it is attributed to; None where
    none is named.
    """
    attributed = _ATTRIBUTED.search(text_of(doc))
    if attributed is not None:
        return " ".join(attributed["who"].split())
    for token in doc:
        if token.pos_ == "VERB" and token.lemma_.lower() in _SPEECH:
            subject = subject_of(token)
            if subject is not None and subject.pos_ in ("NOUN", "PROPN") and subject.i < token.i:
                start, end = noun_phrase(subject)
                phrase = " ".join(text_of(doc)[start:end].split())
                if (
                    subject.pos_ == "PROPN"
                    or finder.is_agent(subject, phrase)
                    or _SOURCE.search(phrase)
                ):
                    return phrase
    return None
