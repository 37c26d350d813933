"""What goes on from the sentence before: "These include ...", "This means bringing ...".

Such a sentence has no cue of its own. It lists what the one before asks, so it asks it too, of the
same body and with the same force; a lead-in of this kind passes that on to its list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import Bearer
from pipeline.extract.candidate import Candidate
from pipeline.extract.lookup import root_of
from pipeline.extract.parse import text_of
from pipeline.extract.units import Unit
from pipeline.records import Modality

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LISTING: Final = frozenset({"include", "comprise", "cover", "involve", "mean", "entail"})
_BACK: Final = frozenset({"this", "these", "those", "they", "it"})
_GOING_ON: Final = re.compile(
    rf"\W*(?:{'|'.join(sorted(_BACK))})\b.*\b(?:{'|'.join(sorted(v[:-1] for v in _LISTING))})",
    re.IGNORECASE,
)
_SURE: Final = 0.9  # of what the sentence before asks, so sure is what goes on from it
_OF_ITS_OWN: Final = frozenset({Modality.NONE, Modality.PERMISSION})


@dataclass(slots=True)
class Asked:
    """What was asked last, for the sentence after it; one for each document."""

    unit: Unit | None = None
    candidate: Candidate | None = None
    lead_ins: dict[str, Candidate] = field(default_factory=dict)

    def note(self, unit: Unit, kept: list[Candidate]) -> None:
        """Remember what a unit asks, where it asks anything that can go on."""
        asked = next((c for c in kept if c.modality not in _OF_ITS_OWN), None)
        self.unit, self.candidate = unit, asked

    def carry(self, unit: Unit, doc: Doc) -> Candidate | None:
        """The candidate that a unit takes over from the one just before it; None where it does not
        go on from it. A lead-in keeps its candidate for its list and has none itself.
        """
        verb = listing_verb(doc) if may_go_on(unit.text) else None
        if verb is None or self.candidate is None or not self._follows(unit):
            return None
        carried = _taken_over(self.candidate, unit, verb)
        if unit.leads:
            self.lead_ins[unit.text.strip()] = carried
            return None
        return carried

    def _follows(self, unit: Unit) -> bool:
        before = self.unit
        if before is None or before.passage.section_id != unit.passage.section_id:
            return False
        if before.passage is unit.passage:
            return not unit.passage.text[before.end : unit.start].strip()
        last = not before.passage.text[before.end :].strip()
        return unit.first and last and unit.passage.ordinal == before.passage.ordinal + 1


def may_go_on(text: str) -> bool:
    """A cheap test that lets through every text that `listing_verb` would find one in."""
    return _GOING_ON.match(text) is not None


def listing_verb(doc: Doc) -> Token | None:
    """The verb with which a sentence goes on from the one before; None where it does not."""
    root = root_of(doc)
    if root is None or root.lemma_.lower() not in _LISTING or root.tag_ == "VBD":
        return None
    auxiliaries = [c for c in root.children if c.dep_ in ("aux", "auxpass", "neg")]
    if any(c.lower_ not in ("will", "also") for c in auxiliaries):
        return None
    subject = next((c for c in root.children if c.dep_ == "nsubj" and c.i < root.i), None)
    if subject is None:
        return None
    opener = doc[min(t.i for t in subject.subtree)]
    if opener.lower_ not in _BACK or subject.i - opener.i > 2:
        return None
    return root if _tells_what_to_do(root, auxiliaries) else None


_DEEDS: Final = frozenset({"xcomp", "pcomp", "ccomp", "advcl"})


def _tells_what_to_do(verb: Token, auxiliaries: list[Token]) -> bool:
    """Whether deeds are listed, or numbers, or a list follows; "these include beds and chairs" only
    tells of what.
    """
    after = [c for c in verb.children if c.i > verb.i]
    if text_of(verb.doc).rstrip().endswith(":") or any(a.lower_ == "will" for a in auxiliaries):
        return True
    # The parser takes "agreeing terms" for terms that agree.
    opening = next((t for t in verb.doc[verb.i + 1 :] if t.pos_ != "ADV"), None)
    if opening is not None and opening.tag_ == "VBG":
        return True
    if any(c.dep_ in _DEEDS or c.tag_ == "VBG" for c in after):
        return True
    return any(t.like_num for c in after for t in c.subtree)


def _taken_over(asked: Candidate, unit: Unit, verb: Token) -> Candidate:
    bearer = None
    if asked.bearer is not None:
        bearer = Bearer(text=asked.bearer.text, source="context", national=asked.bearer.national)
    return replace(
        asked,
        origin="carried",
        accepted=True,
        cue_text=verb.text,
        confidence=asked.confidence * _SURE,
        bearer=bearer,
        head=verb.i,
        cue=None,
        stem=None,
        governing=(),
        evidence={},
    )
