"""Candidates: what each unit might require, by its own cue, its stem's, an imperative, or a bare
target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import Bearer, BearerFinder
from pipeline.extract.bearers_context import Discourse
from pipeline.extract.candidate import Candidate, UnitView
from pipeline.extract.choose import choose_candidates, is_vetoed
from pipeline.extract.classifier import RequirementClassifier
from pipeline.extract.cue_record import Cue
from pipeline.extract.cue_rules import CueRules
from pipeline.extract.cues import find_cues
from pipeline.extract.judge import judge
from pipeline.extract.quantities import Measurement
from pipeline.extract.stems import StemReading
from pipeline.extract.units import Unit
from pipeline.records import Kind, Modality, PassageKind, QuantityKind

if TYPE_CHECKING:
    from spacy.tokens import Doc


_TARGET_NOUN: Final = (
    r"(?:aims?|objectives?|allowances?|milestones?|benchmarks?|tolerances?|quotas?|targets?|"
    r"standards?|ambitions?|goals?|requirements?|expectations?|limits?|ceilings?|caps?|"
    r"trajector(?:y|ies)|thresholds?|floors?)"
)
_TARGET_STATED: Final = re.compile(
    rf"\b{_TARGET_NOUN}\b[^.;]{{0,80}}?\b(?:is|are|remains?|stays?|rises?|moves?|becomes?|"
    rf"stands?)\b(?!\sbeing\b)"
    rf"|\b(?:is|are|with|has|have|set|sets|include|includes|including)\s(?:set\s)?(?:an?|"
    rf"the)?\s?(?:[\w’'-]+\s){{0,4}}?{_TARGET_NOUN}\s(?:of|for|to|that|at)\b"
    rf"|%\s(?:[\w-]+\s){{0,3}}?{_TARGET_NOUN}\b",
    re.IGNORECASE,
)
_MEASURED: Final = frozenset(QuantityKind) - {QuantityKind.COUNT}
_TARGET_WORD: Final = re.compile(rf"\b{_TARGET_NOUN}\b", re.IGNORECASE)
_AGAINST: Final = re.compile(
    r"\b(?:against|compared|missed?|missing|met|below|above|short\sof|exceed\w*|achieved|"
    r"performance\swas|was|were|had|fell|rose|last\syear)\b",
    re.IGNORECASE,
)
# "Action 22/61: director of estates to write to all staff".
_ACTION: Final = re.compile(
    r"^.{0,40}?\baction(?:\s?point)?s?\b[^:]{0,12}[:–-]\s*(?P<who>[^:.;]{2,80}?)\s+to\s+(?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)
_TARGET_LABEL: Final = re.compile(
    r"\b(?:target|ambition|trajectory|standard|goal|plan for|by "
    r"march|objective|expected|required)\b|20\d\d/\d\d",
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
    stem_bearers: dict[str, Bearer | None] = field(default_factory=dict)

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
                self._from_stems(unit, doc, view.stems, discourse, imperative=view.imperative),
                self._imperative(unit, doc, view.stems, discourse) if view.imperative else None,
                self._target(unit, doc, view.numbers, discourse),
            ]
        about = unit_evidence(unit, doc, view.numbers)
        return [
            replace(c, evidence={**about, "origin": c.origin, **c.evidence})
            for c in found
            if c is not None
        ]

    def choose(self, candidates: list[Candidate], view: UnitView) -> list[Candidate]:
        """Those that make requirements, by the classifier where there is one, else by the rules."""
        weighed = [self._weigh(c) for c in candidates]
        return choose_candidates([c for c in weighed if c.accepted], view)

    def _weigh(self, candidate: Candidate) -> Candidate:
        """The candidate with the classifier's verdict in the place of the rules'."""
        if self.classifier is None:
            return candidate
        probability = self.classifier.probability(candidate.evidence)
        if candidate.cue is not None and is_vetoed(candidate.cue):
            probability = min(probability, 0.1)  # no weight can make a rule of these
        return replace(
            candidate, accepted=probability >= self.classifier.threshold, confidence=probability
        )

    # ------------------------------------------------------------------------------------ own cues

    def _own_cues(self, unit: Unit, doc: Doc, discourse: Discourse) -> list[Candidate]:
        found = []
        for cue in find_cues(doc, self.rules):
            bearer = self.bearers.find(doc, cue, discourse)
            verdict = judge(cue, doc, bearer, kind=self.kind, rules=self.rules, text=unit.text)
            found.append(
                Candidate(
                    origin="cue",
                    modality=verdict.modality,
                    accepted=verdict.accepted,
                    cue_text=cue.text,
                    confidence=verdict.confidence,
                    bearer=bearer,
                    head=cue.head,
                    cue=cue,
                    evidence=verdict.evidence,
                )
            )
        return found

    def _from_minutes(self, doc: Doc, action: re.Match[str]) -> Candidate:
        """Minutes mark what was asked of whom: the verb after "to" is the duty."""
        head = next((t.i for t in doc if t.idx >= action.start("verb")), None)
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
        unit: Unit,
        doc: Doc,
        stems: tuple[StemReading, ...],
        discourse: Discourse,
        *,
        imperative: bool,
    ) -> Candidate | None:
        """What the nearest stem with a cue makes of a list item."""
        if not stems or any(s.conditional for s in stems[-1:]):
            return None
        for depth in range(len(stems) - 1, -1, -1):
            reading = stems[depth]
            if reading.cue is None:
                if (
                    depth == len(stems) - 1
                    and not imperative
                    and not _GERUND_STEM.search(reading.stem)
                    and len(stems) == 1
                ):
                    return None
                continue
            return self._govern(unit, doc, reading, tuple(s.stem for s in stems[depth:]), discourse)
        return self._imperative_stem(unit, doc, stems, discourse) if len(stems) > 1 else None

    def _govern(
        self,
        unit: Unit,
        doc: Doc,
        reading: StemReading,
        governing: tuple[str, ...],
        discourse: Discourse,
    ) -> Candidate | None:
        cue = reading.cue
        if cue is None or (_is_clause(doc) and not reading.leads_to_that):
            return None
        # Whatever clause its cue stands in, a lead-in is there to govern ("Actions that boards
        # should take:").
        cue = replace(cue, clause="main")
        bearer = self._stem_bearer(reading, cue, discourse)
        verdict = judge(
            cue, reading.doc, bearer, kind=self.kind, rules=self.rules, text=reading.stem
        )
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
        root = next((t.i for t in doc if t.dep_ == "ROOT"), None)
        modality = verdict.modality
        if _NEGATIVE_ITEM.match(unit.text) and modality in (
            Modality.OBLIGATION,
            Modality.RECOMMENDATION,
        ):
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

    def _stem_bearer(self, reading: StemReading, cue: Cue, discourse: Discourse) -> Bearer | None:
        """Whom a lead-in binds: told once, at its first item, for all of them."""
        if reading.stem not in self.stem_bearers:
            self.stem_bearers[reading.stem] = self.bearers.find(reading.doc, cue, discourse)
        return self.stem_bearers[reading.stem]

    def _item_subject(self, doc: Doc, *, clause: bool) -> Bearer | None:
        """ "all providers deploy ..." under "We expect that:": all providers."""
        if clause and (opening := self.bearers.find_opening(doc)) is not None:
            return opening
        for token in doc:
            if token.dep_ in ("nsubj", "nsubjpass") and token.head.dep_ == "ROOT":
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

    def _imperative(
        self, unit: Unit, doc: Doc, stems: tuple[StemReading, ...], discourse: Discourse
    ) -> Candidate | None:
        if self.kind is not Kind.GUIDANCE and not (
            unit.is_item and unit.passage.kind is PassageKind.LIST_ITEM
        ):
            return None
        return self._command(
            unit,
            doc,
            discourse,
            governing=tuple(s.stem for s in stems[-1:]),
            confidence=0.75 if unit.is_item else 0.6,
            stems=stems,
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
        stems: tuple[StemReading, ...],
    ) -> Candidate:
        context = self._addressed(stems) or self.bearers.find_named(doc) or _context_body(discourse)
        modality = Modality.OBLIGATION
        if _NEGATIVE_ITEM.match(unit.text):
            modality = Modality.PROHIBITION
        elif _CONSIDER.match(unit.text):
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

    def _target(
        self, unit: Unit, doc: Doc, numbers: list[Measurement], discourse: Discourse
    ) -> Candidate | None:
        """A target that is stated without a modality: "The standard is that 78% ..."; a row of a
        table of targets.
        """
        if not numbers or unit.text.rstrip().endswith("?"):
            return None
        row = unit.passage.kind is PassageKind.TABLE_ROW
        stated = _TARGET_STATED.search(unit.text) and not _AGAINST.search(unit.text)
        labelled = (
            row
            and self.kind is Kind.GUIDANCE
            and bool(_TARGET_LABEL.search(" ".join(unit.passage.labels)))
        )
        measured = any(n.kind in _MEASURED or n.high is not None for n in numbers)
        hinted = measured and bool(_TARGET_WORD.search(unit.text))
        in_table = row and measured and self.kind is Kind.GUIDANCE
        if not (stated or labelled or hinted or in_table):
            return None
        return Candidate(
            origin="target",
            modality=Modality.NONE,
            accepted=bool(stated or labelled),
            cue_text="target" if row else _target_words(unit.text),
            confidence=0.55,
            bearer=self.bearers.find_named(doc) or _continued(doc, discourse),
            head=None,
            evidence={
                "kind": self.kind.value,
                "stated": float(bool(stated)),
                "labelled": float(labelled),
                "subject_target": float(_is_target_subject(doc)),
            },
        )


_NEGATIVE_ITEM: Final = re.compile(
    r"^\W*(?:please\s)?(?:do\snot|don['’]t|not|never|under\sno\scircumstances?|on\sno\saccount|"
    r"(?:make|take|allow|permit|accept)\sno)\b(?!\sonly)",
    re.IGNORECASE,
)
_CONSIDER: Final = re.compile(r"^\W*(?:please\s)?(?:also\s)?(?:consider|try)\b", re.IGNORECASE)


def _context_body(discourse: Discourse) -> Bearer | None:
    """The body that the passage is about; never the issuer, for a command is to somebody else."""
    foremost = discourse.foremost()
    return Bearer(text=foremost, source="context") if foremost else None


def _continued(doc: Doc, discourse: Discourse) -> Bearer | None:
    """ "They include ...": a sentence that goes on about the last one has its bearer."""
    pronoun = any(
        t.dep_ == "nsubj" and t.head.dep_ == "ROOT" and t.lower_ in ("they", "these") for t in doc
    )
    return _context_body(discourse) if pronoun else None


def _is_clause(doc: Doc) -> bool:
    """Whether an item is a sentence of its own, with a subject and a finite verb, and so goes on
    from no stem.
    """
    root = next((t for t in doc if t.dep_ == "ROOT"), None)
    if root is None or root.tag_ not in ("VBZ", "VBP", "VBD", "VBN"):
        return False
    subject = next(
        (c for c in root.children if c.dep_ in ("nsubj", "nsubjpass") and c.i < root.i), None
    )
    finite = root.tag_ in ("VBZ", "VBP", "VBD") or any(
        c.tag_ in ("VBZ", "VBP", "VBD", "MD") for c in root.children if c.dep_ in ("aux", "auxpass")
    )
    return subject is not None and finite and doc[0].text[:1].isupper()


def _is_target_subject(doc: Doc) -> bool:
    """Whether a word for a target is the subject of the sentence, or what its subject is said to
    be.
    """
    return any(
        t.dep_ in ("nsubj", "attr") and t.head.dep_ == "ROOT" and _TARGET_WORD.fullmatch(t.text)
        for t in doc
    )


def _target_words(text: str) -> str:
    """The noun that says that a number is a target, as written."""
    found = re.search(rf"\b{_TARGET_NOUN}\b", text, re.IGNORECASE)
    return found.group() if found else "target"


def unit_evidence(unit: Unit, doc: Doc, numbers: list[Measurement]) -> dict[str, float | str]:
    """What a unit as a whole has to say on whether it holds a requirement."""
    root = next((t for t in doc if t.dep_ == "ROOT"), None)
    words = unit.text.lower().split()
    return {
        "passage": unit.passage.kind.value,
        "item": float(unit.is_item),
        "stem": float(bool(unit.stems)),
        "opening": doc[0].lemma_.lower() if len(doc) else "",
        "opening_tag": doc[0].tag_ if len(doc) else "",
        "root": root.lemma_.lower() if root is not None else "",
        "root_tag": root.tag_ if root is not None else "",
        "numbers": float(min(len(numbers), 4)) / 4,
        "percentage": float(any(n.kind is QuantityKind.PERCENTAGE for n in numbers)),
        "bounded": float(any(n.comparator in (">=", "<=") for n in numbers)),
        "target_word": float(bool(_TARGET_WORD.search(unit.text))),
        "against": float(bool(_AGAINST.search(unit.text))),
        "past_verbs": float(min(sum(t.tag_ == "VBD" for t in doc), 3)) / 3,
        "quoted": float(unit.quoted),
        "mentioned": float(
            "“must”" in unit.text or "“should”" in unit.text or '"must"' in unit.text
        ),
        "length": float(min(len(words), 60)) / 60,
        "question_word": float(
            bool(words) and words[0] in ("what", "why", "how", "who", "whether", "which")
        ),
    }
