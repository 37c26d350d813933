"""One document's passages to its requirements and numbers, in reading order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.extract.bearers import BearerFinder
from pipeline.extract.bearers_context import Discourse
from pipeline.extract.candidate import Candidate, UnitView
from pipeline.extract.candidates import CandidateFinder
from pipeline.extract.compose import Composer
from pipeline.extract.continuations import may_go_on
from pipeline.extract.deadlines import DateContext
from pipeline.extract.figures import FigureReader
from pipeline.extract.imperatives import ImperativeTest
from pipeline.extract.minutes import is_minutes
from pipeline.extract.models import ExtractionModels
from pipeline.extract.parse import ParseCache, text_of
from pipeline.extract.stems import StemReading, complete_stem, read_stem
from pipeline.extract.table_rows import (
    find_row_measurements,
    read_row,
    with_owner,
)
from pipeline.extract.topics import with_topics
from pipeline.extract.units import Unit, may_hold_requirement, split_units
from pipeline.lexicon import learn_abbreviations
from pipeline.records import (
    Extraction,
    Figure,
    Kind,
    Quantity,
    Requirement,
    Section,
    StructuredDocument,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc


def extract(structured: StructuredDocument, *, models: ExtractionModels) -> Extraction:
    """The requirements and numbers of a document; the same document gives the same records."""
    return _Reader(structured, models).read()


def propose(
    structured: StructuredDocument, *, models: ExtractionModels
) -> list[tuple[Unit, list[Candidate]]]:
    """Each unit with all its candidates, accepted or not: what the classifier learns from."""
    return _Reader(structured, models).propose()


class _Reader:
    """State of one reading: the discourse goes along with the sentences."""

    def __init__(self, structured: StructuredDocument, models: ExtractionModels) -> None:
        self._structured = structured
        self._document = structured.document
        self._passages = structured.passages
        self._sections: dict[str, Section] = {s.id: s for s in structured.sections}
        self._models = models
        self._cache = ParseCache(models.nlp)
        self._context = DateContext(
            published=self._document.published, planning_years=self._document.planning_years
        )
        text = "\n".join(p.text for p in self._passages)
        self._abbreviations = learn_abbreviations(text)
        self._bearers = BearerFinder(
            organisations=models.lexicon.organisations,
            rules=models.rules,
            on=self._document.published,
            abbreviations=self._abbreviations,
        )
        self._finder = CandidateFinder(
            kind=self._document.kind,
            rules=models.rules,
            verbs=models.verbs,
            bearers=self._bearers,
            classifier=models.classifier,
            minutes=self._document.kind is Kind.BOARD_PAPER and is_minutes(text),
        )
        self._imperatives = ImperativeTest(
            self._cache, models.verbs, self._document.kind, mere_verbs=models.mere_verbs
        )
        self._stems: dict[str, StemReading] = {}
        self._composer = Composer(
            document=self._document,
            sections=self._sections,
            bearers=self._bearers,
            cache=self._cache,
            context=self._context,
        )
        self._numbers = FigureReader(
            document_id=self._document.id,
            sections=self._sections,
            cache=self._cache,
            context=self._context,
            measures=models.lexicon.measures,
        )

    def read(self) -> Extraction:
        requirements: list[Requirement] = []
        figures: list[Figure] = []
        discourse = Discourse()
        for unit, worthwhile in self._units():
            self._enter(unit, discourse)
            if worthwhile:
                found, numbers = self._read_unit(unit, discourse)
                requirements += found
                figures += self._numbers.figures(unit, numbers, found)
        requirements = with_topics(
            requirements,
            self._structured,
            topics=self._models.lexicon.topics,
            measures=self._models.lexicon.measures,
            model=self._models.topic_model,
        )
        return Extraction(
            requirements=tuple(requirements),
            figures=tuple(figures),
            abbreviations=tuple(sorted(self._abbreviations.items())),
        )

    def propose(self) -> list[tuple[Unit, list[Candidate]]]:
        proposed = []
        discourse = Discourse()
        for unit, worthwhile in self._units():
            self._enter(unit, discourse)
            if worthwhile:
                view = self._view(unit)
                candidates = self._finder.find_all(view, discourse)
                proposed.append((unit, candidates))
                kept = self._finder.choose(candidates, view)
                if not (kept and kept[0].origin in ("stem", "imperative")):
                    self._note(view.doc, discourse, kept)
        return proposed

    def _units(self) -> list[tuple[Unit, bool]]:
        """Every unit, and whether it is worth parsing; those that are have been parsed."""
        gate, verbs = self._models.rules.gate(), self._models.verbs
        units = [
            (u, may_hold_requirement(u, gate, verbs) or may_go_on(u.text))
            for u in split_units(self._passages)
        ]
        wanted = [u for u, worthwhile in units if worthwhile]
        stems = dict.fromkeys(s for u in wanted for s in u.stems)
        self._cache.parse_all([*(u.text for u in wanted), *(complete_stem(s) for s in stems)])
        self._imperatives.prepare(wanted)
        return units

    def _view(self, unit: Unit) -> UnitView:
        numbers = find_row_measurements(unit)
        row = read_row(
            unit,
            numbers,
            context=self._context,
            kind=self._document.kind,
            verbs=self._models.verbs,
        )
        command = self._imperatives.find_command(unit)
        if command is not None and row is not None and row.names_at(command[0]):
            command = None
        return UnitView(
            unit=unit,
            doc=self._cache[unit.text],
            stems=tuple(self._read_stem(s) for s in unit.stems),
            numbers=numbers,
            command=command,
            row=row,
        )

    # ----------------------------------------------------------------------------------- one unit

    def _read_unit(
        self, unit: Unit, discourse: Discourse
    ) -> tuple[list[Requirement], list[Quantity]]:
        view = self._view(unit)
        kept = [with_owner(c, view.row) for c in self._finder.find(view, discourse)]
        if unit.leads and kept and not self._is_complete(unit, kept[0], view.doc):
            self._note(view.doc, discourse, kept)
            return [], []
        quantities = self._numbers.quantities(view, binding=bool(kept))
        requirements = self._composer.compose(view, kept, quantities)
        if not (kept and kept[0].origin in ("stem", "imperative")):
            self._note(view.doc, discourse, kept)  # a list's items are about its stem's bearer
        return requirements, quantities

    def _enter(self, unit: Unit, discourse: Discourse) -> None:
        """Tell the discourse where a unit stands; a heading may say whom it speaks to."""
        if discourse.enter(unit.passage.section_id):
            section = self._sections.get(unit.passage.section_id or "")
            addressee = self._bearers.find_addressee(section.heading) if section else None
            if addressee is not None:
                discourse.bind(addressee)

    def _note(self, doc: Doc, discourse: Discourse, kept: list[Candidate]) -> None:
        """Tell the discourse whom a unit left in mind."""
        bearer = kept[0].bearer if kept else None
        self._bearers.note(doc, discourse, bearer, kept[0].modality if kept else None)

    def _read_stem(self, stem: str) -> StemReading:
        if stem not in self._stems:
            self._stems[stem] = read_stem(
                stem, self._cache[complete_stem(stem)], self._models.rules
            )
        return self._stems[stem]

    @staticmethod
    def _is_complete(unit: Unit, candidate: Candidate, doc: Doc) -> bool:
        """Whether a lead-in says something by itself: its verb has an object that is not "the
        following".
        """
        if candidate.head is None or candidate.head >= len(doc):
            return False
        head = doc[candidate.head]
        inside = (t for t in head.subtree if t.tag_ == "VB" and t.i > head.i)
        verbs = [head, *head.conjuncts, *inside]
        objects = [
            c
            for v in verbs
            for c in v.children
            if c.dep_ in ("dobj", "nsubjpass", "attr", "ccomp", "acomp")
        ]
        objects = [
            o
            for o in objects
            if not any(t.lower_ in ("following", "these") for t in o.subtree)
            and text_of(doc)[o.idx :].strip(" :") != o.text  # "to agree that:", "is asked to note:"
        ]
        return bool(objects)
