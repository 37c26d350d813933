"""Is a cue a requirement, and of which modality: the rules' verdict, with the evidence that led to
it.

The verdict keeps ambiguous readings at a low confidence; the fitted classifier weighs the evidence
anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import Bearer
from pipeline.extract.cue_record import Cue
from pipeline.extract.cue_rules import CueRules
from pipeline.extract.decide import decide, propose
from pipeline.extract.evidence import HISTORY, gather_evidence
from pipeline.extract.governors import (
    governor_kind,
    governor_of,
    is_told,
)
from pipeline.extract.lookup import Words
from pipeline.extract.parse import text_of
from pipeline.records import Kind, Modality

if TYPE_CHECKING:
    from spacy.tokens import Doc

_CONDITIONS: Final = Words({"if", "unless"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rules make of a cue: its modality if it is a requirement, whether it is, how sure,
    and why.
    """

    modality: Modality
    accepted: bool
    confidence: float
    evidence: dict[str, float | str]


def judge(
    cue: Cue, doc: Doc, bearer: Bearer | None, *, kind: Kind, rules: CueRules, text: str
) -> Verdict:
    """The rules' verdict on one cue of a unit; `text` is the unit's own words."""
    evidence = gather_evidence(cue, doc, bearer, kind=kind, rules=rules, text=text)
    modality, confidence = decide(cue, evidence, kind)
    accepted = modality is not None
    modality = modality or propose(cue, evidence)
    evidence |= {"rules": str(accepted), "rules_confidence": confidence, "proposed": modality.value}
    return Verdict(modality=modality, accepted=accepted, confidence=confidence, evidence=evidence)


def as_said(cue: Cue, doc: Doc, *, kind: Kind, minutes: bool) -> Cue:
    """The cue as the speaker had it: in "she said that they had to", and in minutes, "have to".

    `minutes` tells that the document tells of the present in the past tense.
    """
    would = cue.rule == "modal:would" or cue.text.lower().startswith("would ")
    if kind is Kind.GUIDANCE or not (cue.past or would) or HISTORY.search(text_of(doc)):
        return cue
    told = governor_of(doc[cue.anchor])
    said = told is not None and governor_kind(told) in ("speech", "promise") and is_told(told)
    if cue.past:
        return replace(cue, past=False) if said or minutes else cue
    supposed = _CONDITIONS.stand_in(doc)
    if not minutes or cue.modality != "possibility" or supposed:
        return cue
    if cue.rule in ("verb:have", "verb:need") and not cue.negated:
        return replace(cue, modality="obligation")  # "would have to"
    if cue.rule == "modal:would" and cue.clause == "main":
        return replace(cue, modality="future")
    return cue
