"""Candidates: what each unit might require, by its own cue, its stem's, an imperative, or a bare target."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import Bearer, BearerFinder, Discourse
from pipeline.extract.cue_rules import CueRules
from pipeline.extract.cues import Cue, find_cues
from pipeline.extract.judge import judge
from pipeline.extract.quantities import Measurement
from pipeline.extract.stems import StemReading
from pipeline.extract.units import Unit
from pipeline.records import Kind, Modality, PassageKind

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A requirement in the making: `modality` None where the rules say that it is none.

    `origin` is cue, stem, imperative or target. `head` is the token of the verb to be done.
    """

    origin: str
    modality: Modality | None
    cue_text: str
    confidence: float
    bearer: Bearer | None
    head: int | None
    cue: Cue | None = None
    stem: str | None = None
    governing: tuple[str, ...] = ()
    evidence: dict[str, float | str] = field(default_factory=dict)


_TARGET_NOUN: Final = r"(?:targets?|standards?|ambitions?|goals?|requirements?|expectations?|limits?|ceilings?|caps?|trajector(?:y|ies)|thresholds?|floors?)"
_TARGET_STATED: Final = re.compile(
    rf"\b{_TARGET_NOUN}\b[^.;]{{0,80}}?\b(?:is|are|remains?|stays?|rises?|moves?|becomes?|stands?)\b(?!\sbeing\b)"
    rf"|\b(?:is|are|with|has|have|set|sets|include|includes|including)\s(?:set\s)?(?:an?|the)?\s?(?:[\w’'-]+\s){{0,4}}?{_TARGET_NOUN}\s(?:of|for|to|that|at)\b"
    rf"|%\s(?:[\w-]+\s){{0,3}}?{_TARGET_NOUN}\b",
    re.IGNORECASE,
)
_AGAINST: Final = re.compile(
    r"\b(?:against|compared|missed?|missing|met|below|above|short\sof|exceed\w*|achieved|performance\swas|was|were|had|fell|rose|last\syear)\b",
    re.IGNORECASE,
)
_ACTION: Final = re.compile(r"^(?:\**\s?(?:agreed\s)?actions?(?:\spoint)?s?\s?(?:\d+)?\**\s?[:–-]\s?)", re.IGNORECASE)
_TARGET_LABEL: Final = re.compile(r"\b(?:target|ambition|trajectory|standard|goal|plan for|by march|objective|expected|required)\b|20\d\d/\d\d", re.IGNORECASE)
_GERUND_STEM: Final = re.compile(r"\b(?:by|through|via|including|include|includes|focus(?:ing)?\son|on|of|for)\s*:?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CandidateFinder:
    """Finds the candidates of one document's units."""

    kind: Kind
    rules: CueRules
    verbs: frozenset[str]
    bearers: BearerFinder

    def find(
        self, unit: Unit, doc: Doc, stems: tuple[StemReading, ...], numbers: list[Measurement], discourse: Discourse, *, imperative: bool
    ) -> list[Candidate]:
        """The candidates of a unit, the leading one first; those with modality None were turned down."""
        own = self._own_cues(unit, doc, discourse)
        accepted = [c for c in own if c.modality is not None]
        governed = self._from_stems(unit, doc, stems, discourse, imperative=imperative)
        strong = [c for c in accepted if self._outranks_stem(c, doc)]
        if governed is not None:
            return [*strong, *own] if strong else [governed, *own]
        if accepted:
            leading = _leading(accepted)
            return [*leading, *(c for c in own if c not in leading)]
        if imperative and (found := self._imperative(unit, doc, stems, discourse)) is not None:
            return [found, *own]
        target = self._target(unit, doc, numbers, discourse)
        return [target, *own] if target is not None else own

    # ------------------------------------------------------------------------------------ own cues

    def _own_cues(self, unit: Unit, doc: Doc, discourse: Discourse) -> list[Candidate]:
        found = []
        for cue in find_cues(doc, self.rules):
            bearer = self.bearers.find(doc, cue, discourse)
            verdict = judge(cue, doc, bearer, kind=self.kind, rules=self.rules, text=unit.text)
            found.append(
                Candidate(
                    origin="cue", modality=verdict.modality, cue_text=cue.text, confidence=verdict.confidence,
                    bearer=bearer, head=cue.head, cue=cue, evidence=verdict.evidence,
                )  # fmt: skip
            )
        return found

    @staticmethod
    def _outranks_stem(candidate: Candidate, doc: Doc) -> bool:
        """An item's own cue counts before its stem's where it binds a body in a clause of its own."""
        cue = candidate.cue
        if cue is None or candidate.bearer is None or candidate.bearer.source not in ("subject", "author", "agent"):
            return False
        if cue.rule.startswith("passive") and cue.clause not in ("relative", "conditional"):
            return True
        return cue.clause == "main" and cue.subject is not None and cue.subject < cue.anchor

    # --------------------------------------------------------------------------------------- stems

    def _from_stems(
        self, unit: Unit, doc: Doc, stems: tuple[StemReading, ...], discourse: Discourse, *, imperative: bool
    ) -> Candidate | None:
        """What the nearest stem with a cue makes of a list item."""
        if not stems or any(s.conditional for s in stems[-1:]):
            return None
        for depth in range(len(stems) - 1, -1, -1):
            reading = stems[depth]
            if reading.cue is None:
                if depth == len(stems) - 1 and not imperative and not _GERUND_STEM.search(reading.stem) and len(stems) == 1:
                    return None
                continue
            return self._govern(unit, doc, reading, tuple(s.stem for s in stems[depth:]), discourse)
        return self._imperative_stem(unit, stems, discourse) if len(stems) > 1 else None

    def _govern(
        self, unit: Unit, doc: Doc, reading: StemReading, governing: tuple[str, ...], discourse: Discourse
    ) -> Candidate | None:
        cue = reading.cue
        if cue is None:
            return None
        bearer = self.bearers.find(reading.doc, cue, discourse)
        verdict = judge(cue, reading.doc, bearer, kind=self.kind, rules=self.rules, text=reading.stem)
        if verdict.modality is None:
            return None
        if reading.leads_to_that or bearer is None or bearer.source in ("context", "thing") or bearer.text.lower() == "they":
            bearer = self._item_subject(doc) or bearer
        if bearer is not None and bearer.source == "subject":
            bearer = Bearer(text=bearer.text, source="stem")
        root = next((t.i for t in doc if t.dep_ == "ROOT"), None)
        return Candidate(
            origin="stem", modality=verdict.modality, cue_text=cue.text, confidence=verdict.confidence, bearer=bearer,
            head=root, stem=unit.stems[-1], governing=governing,
            evidence={**verdict.evidence, "origin": "stem", "item_tag": doc[0].tag_ if len(doc) else ""},
        )  # fmt: skip

    def _item_subject(self, doc: Doc) -> Bearer | None:
        """ "all providers deploy ..." under "We expect that:": all providers."""
        for token in doc:
            if token.dep_ in ("nsubj", "nsubjpass") and token.head.dep_ == "ROOT":
                cue = Cue(rule="stem", modality="", strength=1, text="", start=0, end=0, anchor=token.head.i,
                          head=token.head.i, subject=token.i, clause="main")  # fmt: skip
                found = self.bearers.find(doc, cue, Discourse())
                return found if found is not None and found.source == "subject" else None
        return None

    # --------------------------------------------------------------------------------- imperatives

    def _imperative_stem(self, unit: Unit, stems: tuple[StemReading, ...], discourse: Discourse) -> Candidate | None:
        """An item under stems that are imperatives themselves: "Reduce delays by:" > "working with councils"."""
        first = stems[-1].stem.split(None, 1)[0].lower()
        if first not in self.verbs and not first.endswith("ing"):
            return None
        return self._command(unit, discourse, governing=tuple(s.stem for s in stems), confidence=0.7)

    def _imperative(self, unit: Unit, doc: Doc, stems: tuple[StemReading, ...], discourse: Discourse) -> Candidate | None:
        if self.kind is not Kind.GUIDANCE and not (unit.is_item and unit.passage.kind is PassageKind.LIST_ITEM):
            return None
        return self._command(unit, discourse, governing=tuple(s.stem for s in stems[-1:]), confidence=0.75 if unit.is_item else 0.6)

    def _command(self, unit: Unit, discourse: Discourse, *, governing: tuple[str, ...], confidence: float) -> Candidate:
        context = Bearer(text=discourse.bearer, source="context") if discourse.bearer and discourse.age <= 12 else None
        return Candidate(
            origin="imperative", modality=Modality.OBLIGATION, cue_text="imperative", confidence=confidence,
            bearer=context, head=0, stem=unit.stems[-1] if unit.stems else None, governing=governing,
            evidence={"origin": "imperative", "kind": self.kind.value, "item": float(unit.is_item)},
        )  # fmt: skip

    # ------------------------------------------------------------------------------------- targets

    def _target(self, unit: Unit, doc: Doc, numbers: list[Measurement], discourse: Discourse) -> Candidate | None:
        """A target that is stated without a modality: "The standard is that 78% ..."; a row of a table of targets."""
        if not numbers or unit.text.rstrip().endswith("?"):
            return None
        row = unit.passage.kind is PassageKind.TABLE_ROW
        stated = _TARGET_STATED.search(unit.text) and not _AGAINST.search(unit.text)
        labelled = row and self.kind is Kind.GUIDANCE and bool(_TARGET_LABEL.search(" ".join(unit.passage.labels)))
        if not stated and not labelled:
            return None
        context = Bearer(text=discourse.bearer, source="context") if discourse.bearer and discourse.age <= 4 else None
        return Candidate(
            origin="target", modality=Modality.NONE, cue_text="target" if row else _target_words(unit.text),
            confidence=0.55, bearer=context, head=None, evidence={"origin": "target", "kind": self.kind.value},
        )  # fmt: skip


def _target_words(text: str) -> str:
    """The noun that says that a number is a target, as written."""
    found = re.search(rf"\b{_TARGET_NOUN}\b", text, re.IGNORECASE)
    return found.group() if found else "target"


def _leading(accepted: list[Candidate]) -> list[Candidate]:
    """The cues that make requirements of their own: those of main clauses, or the best one where there are none."""
    main = [c for c in accepted if c.cue is not None and c.cue.clause in ("main", "complement")]
    if not main:
        return [max(accepted, key=lambda c: c.confidence)]
    return main


def strip_action_mark(text: str) -> tuple[int, str]:
    """Minutes mark what was asked of whom: "Action: COO to report". The length of the mark, and the rest."""
    found = _ACTION.match(text)
    return (found.end(), text[found.end() :]) if found else (0, text)
