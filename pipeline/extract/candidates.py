"""Candidates: what each unit might require, by its own cue, its stem's, an imperative, or a bare
target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import Bearer, BearerFinder, context_body
from pipeline.extract.bearers_context import Discourse
from pipeline.extract.candidate import Candidate, UnitView
from pipeline.extract.choose import choose_candidates, is_mere_talk, is_promised, is_vetoed
from pipeline.extract.classifier import RequirementClassifier
from pipeline.extract.continuations import Asked
from pipeline.extract.cue_record import Cue
from pipeline.extract.cue_rules import CueRules
from pipeline.extract.cues import find_cues
from pipeline.extract.judge import Verdict, as_said, judge
from pipeline.extract.lookup import SUBJECTS, root_of, root_place, token_from
from pipeline.extract.milestones import handed_in, is_logged_action
from pipeline.extract.parse import text_of
from pipeline.extract.requests import find_request, is_pointer
from pipeline.extract.stems import StemReading
from pipeline.extract.targets import find_target, unit_evidence
from pipeline.extract.units import Unit
from pipeline.records import Kind, Modality, PassageKind

if TYPE_CHECKING:
    from spacy.tokens import Doc


# "Action 22/61: director of estates to write to all staff".
_ACTION: Final = re.compile(
    r"^.{0,40}?\baction(?:\s?point)?s?\b[^:]{0,12}[:–-]\s*(?P<who>[^:.;]{2,80}?)\s+to\s+(?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)
_GERUND_STEM: Final = re.compile(
    r"\b(?:by|through|via|including|include|includes|focus(?:ing)?\son|on|of|for)\s*:?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CandidateFinder:
    """Finds the candidates of one document's units."""

    kind: Kind
    rules: CueRules
    verbs: frozenset[str]
    bearers: BearerFinder
    classifier: RequirementClassifier | None = None
    minutes: bool = False
    stem_verdicts: dict[str, tuple[Bearer | None, Verdict]] = field(default_factory=dict)
    asked: Asked = field(default_factory=Asked)

    def find(self, view: UnitView, discourse: Discourse) -> list[Candidate]:
        """The accepted candidates of a unit, the leading one first."""
        return self.choose(self.find_all(view, discourse), view)

    def find_all(self, view: UnitView, discourse: Discourse) -> list[Candidate]:
        """Every candidate of a unit with the rules' verdict and the evidence for it."""
        unit, doc = view.unit, view.doc
        action = _ACTION.match(unit.text)
        if action is not None and action["verb"].lower() in self.verbs:
            found: list[Candidate | None] = [self._from_minutes(doc, action)]
        else:
            found = [
                *self._own_cues(unit, doc, discourse),
                self._from_stems(view, discourse),
                self._imperative(view, discourse) if view.command is not None else None,
                self.asked.carry(unit, doc),
                self._request(unit, doc, discourse, command=view.command is not None),
                self._step(unit, doc),
                find_target(view, self.bearers, discourse, kind=self.kind),
            ]
        candidates = [c for c in found if c is not None]
        about = unit_evidence(unit, doc, view.numbers) if candidates else {}
        return [
            replace(c, evidence={**about, "origin": c.origin, **c.evidence}) for c in candidates
        ]

    def choose(self, candidates: list[Candidate], view: UnitView) -> list[Candidate]:
        """Those that make requirements, by the classifier where there is one, else by the rules."""
        weighed = [self._weigh(c) for c in candidates]
        kept = choose_candidates([c for c in weighed if c.accepted], view)
        self.asked.note(view.unit, kept)
        return kept

    def _weigh(self, candidate: Candidate) -> Candidate:
        """The candidate with the classifier's verdict in the place of the rules'."""
        if self.classifier is None or candidate.origin == "carried":
            return candidate  # what is carried over has been weighed where it was asked
        probability = self.classifier.probability(candidate.evidence)
        if candidate.cue is not None and (
            is_vetoed(candidate.cue) or is_mere_talk(candidate.cue, candidate.evidence)
        ):
            probability = min(probability, 0.1)  # no weight can make a rule of these
        elif is_promised(candidate.evidence):
            probability = max(probability, 0.6)  # nor unmake one of these
        return replace(
            candidate, accepted=probability >= self.classifier.threshold, confidence=probability
        )

    # ------------------------------------------------------------------------------------ own cues

    def _own_cues(self, unit: Unit, doc: Doc, discourse: Discourse) -> list[Candidate]:
        found = []
        for found_cue in find_cues(doc, self.rules):
            cue = as_said(found_cue, doc, kind=self.kind, minutes=self.minutes)
            bearer = self.bearers.find(doc, cue, discourse)
            if cue.rule == "falls:job" and bearer is not None:
                bearer = replace(bearer, text=re.sub(r"['’]s?$", "", bearer.text))
            if cue.headline:
                bearer = _named_before(bearer, doc, cue)
                passive = any(c.dep_ == "auxpass" for c in doc[cue.head].children)
                if not passive and not self._is_doer(bearer, doc, cue):
                    continue  # "Ability to deliver", "Plan to open wards": no duty of anybody
            verdict = judge(cue, doc, bearer, kind=self.kind, rules=self.rules, text=unit.text)
            found.append(
                Candidate(
                    origin="cue",
                    modality=verdict.modality,
                    accepted=verdict.accepted,
                    cue_text=_as_written(cue.text, unit),
                    confidence=verdict.confidence,
                    bearer=bearer,
                    head=cue.head,
                    cue=cue,
                    evidence=verdict.evidence,
                )
            )
        return found

    def _is_doer(self, bearer: Bearer | None, doc: Doc, cue: Cue) -> bool:
        """Whether who is "to do" it is a body, and no verb itself: "Support boards to"."""
        if bearer is None or bearer.source != "subject" or cue.subject is None:
            return False
        if not self.bearers.is_agent(doc[cue.subject], bearer.text):
            return False
        return bearer.text.split(None, 1)[0].lower() not in self.verbs

    def _from_minutes(self, doc: Doc, action: re.Match[str]) -> Candidate:
        """Minutes mark what was asked of whom: the verb after "to" is the duty."""
        verb = token_from(doc, action.start("verb"))
        head = None if verb is None else verb.i
        return Candidate(
            origin="action",
            modality=Modality.OBLIGATION,
            accepted=True,
            cue_text="Action",
            confidence=0.85,
            bearer=Bearer(text=" ".join(action["who"].split()), source="subject"),
            head=head,
            evidence={"kind": self.kind.value},
        )

    # --------------------------------------------------------------------------------------- stems

    def _from_stems(
        self,
        view: UnitView,
        discourse: Discourse,
    ) -> Candidate | None:
        """What the nearest stem with a cue makes of a list item."""
        unit, doc, stems = view.unit, view.doc, view.stems
        if not stems or any(s.conditional for s in stems[-1:]):
            return None
        for depth in range(len(stems) - 1, -1, -1):
            reading = stems[depth]
            if reading.cue is None and reading.stem in self.asked.lead_ins:
                return self._from_lead_in(unit, doc, self.asked.lead_ins[reading.stem])
            if reading.cue is None:
                if (
                    depth == len(stems) - 1
                    and not view.imperative
                    and not _GERUND_STEM.search(reading.stem)
                    and len(stems) == 1
                ):
                    return None
                continue
            return self._govern(view, reading, tuple(s.stem for s in stems[depth:]), discourse)
        return self._imperative_stem(unit, doc, stems, discourse) if len(stems) > 1 else None

    def _govern(
        self,
        view: UnitView,
        reading: StemReading,
        governing: tuple[str, ...],
        discourse: Discourse,
    ) -> Candidate | None:
        unit, doc, cue = view.unit, view.doc, reading.cue
        words = unit.text[view.command[0] :] if view.command is not None else unit.text
        clause = _is_clause(doc) and view.command is None
        if cue is None or (clause and not reading.leads_to_that):
            return None
        bearer, verdict = self._judge_stem(reading, cue, discourse)
        if not verdict.accepted:
            return None
        if (
            reading.leads_to_that
            or bearer is None
            or bearer.source in ("context", "thing")
            or bearer.text.lower() == "they"
        ):
            bearer = self._item_subject(doc, clause=reading.leads_to_that) or bearer
        if bearer is not None and bearer.source == "subject":
            bearer = Bearer(text=bearer.text, source="stem")
        root = root_place(doc)
        modality = verdict.modality
        forbids = _NEGATIVE_ITEM.match(words) or (
            reading.leads_to_that and _NONE_OF_ITEM.match(words)
        )
        if forbids and modality in (Modality.OBLIGATION, Modality.RECOMMENDATION):
            modality = Modality.PROHIBITION
        return Candidate(
            origin="stem",
            modality=modality,
            accepted=True,
            cue_text=cue.text,
            confidence=verdict.confidence,
            bearer=bearer,
            head=root,
            stem=unit.stems[-1],
            governing=governing,
            evidence={**verdict.evidence, "clause_item": float(_is_clause(doc))},
        )

    @staticmethod
    def _from_lead_in(unit: Unit, doc: Doc, asked: Candidate) -> Candidate:
        """An item under "These include:": what the sentence before that asks."""
        root = root_place(doc)
        return replace(asked, head=root, stem=unit.stems[-1], governing=unit.stems[-1:])

    def _judge_stem(
        self, reading: StemReading, cue: Cue, discourse: Discourse
    ) -> tuple[Bearer | None, Verdict]:
        """Whom a lead-in binds, and to what: told once, at its first item, for all of them."""
        if reading.stem not in self.stem_verdicts:
            # Whatever clause its cue stands in, a lead-in is there to govern ("Actions that boards
            # should take:").
            cue = replace(cue, clause="main")
            bearer = self.bearers.find(reading.doc, cue, discourse)
            verdict = judge(
                cue, reading.doc, bearer, kind=self.kind, rules=self.rules, text=reading.stem
            )
            self.stem_verdicts[reading.stem] = bearer, verdict
        return self.stem_verdicts[reading.stem]

    def _item_subject(self, doc: Doc, *, clause: bool) -> Bearer | None:
        """ "all providers deploy ..." under "We expect that:": all providers."""
        if clause and (opening := self.bearers.find_opening(doc)) is not None:
            return opening
        for token in SUBJECTS.tokens(doc):
            if token.head.dep_ == "ROOT":
                cue = Cue(
                    rule="stem",
                    modality="",
                    strength=1,
                    text="",
                    start=0,
                    end=0,
                    anchor=token.head.i,
                    head=token.head.i,
                    subject=token.i,
                    clause="main",
                )
                found = self.bearers.find(doc, cue, Discourse())
                return found if found is not None and found.source == "subject" else None
        return None

    # --------------------------------------------------------------------------------- imperatives

    def _imperative_stem(
        self, unit: Unit, doc: Doc, stems: tuple[StemReading, ...], discourse: Discourse
    ) -> Candidate | None:
        """An item under stems that are imperatives themselves: "Reduce delays by:" > "working with
        councils".
        """
        first = stems[-1].stem.split(None, 1)[0].lower()
        if first not in self.verbs and not first.endswith("ing"):
            return None
        return self._command(
            unit,
            doc,
            discourse,
            governing=tuple(s.stem for s in stems),
            confidence=0.7,
            stems=stems,
        )

    def _imperative(self, view: UnitView, discourse: Discourse) -> Candidate | None:
        unit, doc = view.unit, view.doc
        if view.command is None or (not unit.is_item and is_pointer(unit.text)):
            return None
        if self.kind is not Kind.GUIDANCE and not (
            unit.is_item
            and (unit.passage.kind is PassageKind.LIST_ITEM or is_logged_action(unit.text))
        ):
            return None  # but for requests, prose that opens with a verb is rhetoric
        command = self._command(
            unit,
            doc,
            discourse,
            governing=tuple(s.stem for s in view.stems[-1:]),
            confidence=0.75 if unit.is_item else 0.6,
            start=view.command[0],
            stems=view.stems,
        )
        start, parsed = view.command
        if not start:
            return command
        # The label in front says nothing of the form of the words behind it.
        opening = {"opening": parsed[0].lemma_.lower(), "opening_tag": parsed[0].tag_}
        first = token_from(doc, start)
        head = 0 if first is None else first.i
        return replace(command, head=head, evidence={**command.evidence, **opening})

    def _request(
        self, unit: Unit, doc: Doc, discourse: Discourse, *, command: bool
    ) -> Candidate | None:
        """What prose asks of its reader: "Please send it by Friday". What opens with the command
        itself is one of guidance's imperatives.
        """
        if unit.is_item or is_pointer(unit.text):
            return None
        request = find_request(doc)
        if request is None or (
            self.kind is Kind.GUIDANCE and (request.form not in ("polite", "case") or command)
        ):
            return None
        found = self._command(unit, doc, discourse, governing=(), confidence=0.7)
        modality = Modality.PROHIBITION if request.negated else found.modality
        if modality is Modality.OBLIGATION and doc[request.verb].lemma_.lower() in _WEIGHED:
            modality = Modality.RECOMMENDATION
        asked = request.addressee
        return replace(
            found,
            origin="request",
            modality=modality,
            cue_text=_as_written(request.cue, unit),
            head=request.verb,
            bearer=Bearer(text=asked, source="subject") if asked else found.bearer,
            evidence={
                "kind": self.kind.value,
                "proposed": modality.value,
                "request": request.form,
            },
        )

    def _addressed(self, stems: tuple[StemReading, ...]) -> Bearer | None:
        """Whom a lead-in without a cue speaks to: "For trusts:", "Would all practices please:"."""
        for reading in reversed(stems):
            requested = self.bearers.find_requested(reading.doc)
            if requested is not None:
                return replace(requested, source="stem")
            addressee = self.bearers.find_addressee(reading.stem)
            if addressee is not None:
                return Bearer(text=addressee, source="stem")
        return None

    def _command(
        self,
        unit: Unit,
        doc: Doc,
        discourse: Discourse,
        *,
        governing: tuple[str, ...],
        confidence: float,
        start: int = 0,
        stems: tuple[StemReading, ...] = (),
    ) -> Candidate:
        words = unit.text[start:]
        context = self._addressed(stems) or self.bearers.find_named(doc) or context_body(discourse)
        modality = Modality.OBLIGATION
        if _NEGATIVE_ITEM.match(words):
            modality = Modality.PROHIBITION
        elif _CONSIDER.match(words):
            modality = Modality.RECOMMENDATION
        return Candidate(
            origin="imperative",
            modality=modality,
            accepted=True,
            cue_text="imperative",
            confidence=confidence,
            bearer=context,
            head=0,
            stem=unit.stems[-1] if unit.stems else None,
            governing=governing,
            evidence={"kind": self.kind.value, "proposed": modality.value},
        )

    # ------------------------------------------------------------------------------------- targets

    def _step(self, unit: Unit, doc: Doc) -> Candidate | None:
        """A step of a timetable that somebody has to take by its day: "27 March | Plans
        submitted".
        """
        if self.kind is not Kind.GUIDANCE or unit.passage.kind is not PassageKind.TABLE_ROW:
            return None
        words = handed_in(unit.text, doc)
        if words is None:
            return None
        return Candidate(
            origin="step",
            modality=Modality.OBLIGATION,
            accepted=True,
            cue_text=words,
            confidence=0.7,
            bearer=self.bearers.find_named(doc),
            head=None,
            evidence={"kind": self.kind.value},
        )


_NEGATIVE_ITEM: Final = re.compile(
    r"^\W*(?:please\s)?(?:do\snot|don['’]t|not|never|under\sno\scircumstances?|on\sno\saccount|"
    r"(?:make|take|allow|permit|accept)\sno)\b(?!\sonly)",
    re.IGNORECASE,
)
_NONE_OF_ITEM: Final = re.compile(r"^\W*(?:no|none|nobody|neither)\b(?!\slater)", re.IGNORECASE)
_WEIGHED: Final = frozenset({"consider", "try"})
_CONSIDER: Final = re.compile(r"^\W*(?:please\s)?(?:also\s)?(?:consider|try)\b", re.IGNORECASE)


def _as_written(words: str, unit: Unit) -> str:
    """A cue's words as the unit has them: the parse has read other apostrophes."""
    return words if "'" in unit.text else words.replace("'", "’")


def _named_before(bearer: Bearer | None, doc: Doc, cue: Cue) -> Bearer | None:
    """A bearer whose name ends where the cue begins: the parse hangs the duty on the name."""
    if bearer is None or bearer.source not in ("subject", "agent"):
        return bearer
    # A day may stand in the cell before, a format in the one behind.
    cells = [cell for cell in map(str.strip, bearer.text.split("|")) if cell] or [bearer.text]
    cell = cells[-1 if bearer.source == "subject" else 0]
    name = cell.split(f" {text_of(doc)[cue.start : doc[cue.head].idx]}", 1)[0]
    return replace(bearer, text=name)


def _is_clause(doc: Doc) -> bool:
    """Whether an item is a sentence of its own, with a subject and a finite verb, and so goes on
    from no stem.
    """
    root = root_of(doc)
    if root is None or root.tag_ not in ("VBZ", "VBP", "VBD", "VBN"):
        return False
    subject = next(
        (c for c in root.children if c.dep_ in ("nsubj", "nsubjpass") and c.i < root.i), None
    )
    finite = root.tag_ in ("VBZ", "VBP", "VBD") or any(
        c.tag_ in ("VBZ", "VBP", "VBD", "MD") for c in root.children if c.dep_ in ("aux", "auxpass")
    )
    return subject is not None and finite and doc[0].text[:1].isupper()
