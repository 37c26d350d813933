"""One document's passages to its requirements and numbers, in reading order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import BearerFinder
from pipeline.extract.bearers_context import Discourse
from pipeline.extract.candidate import Candidate, UnitView
from pipeline.extract.candidates import CandidateFinder
from pipeline.extract.clauses import find_action, find_condition
from pipeline.extract.continuations import may_go_on
from pipeline.extract.deadlines import DateContext, find_date_phrases
from pipeline.extract.due import find_deadline, find_same_date, is_firm
from pipeline.extract.imperatives import ImperativeTest
from pipeline.extract.minutes import is_minutes
from pipeline.extract.models import ExtractionModels
from pipeline.extract.parse import ParseCache, text_of
from pipeline.extract.quantities import Measurement
from pipeline.extract.reported import find_speaker, is_reported
from pipeline.extract.roles import metric_of, role_of
from pipeline.extract.row_statements import state_row
from pipeline.extract.split import split_actions
from pipeline.extract.statements import join_stem, plain, replace_pronoun
from pipeline.extract.stems import StemReading, complete_stem, read_stem
from pipeline.extract.table_rows import (
    RowReading,
    figure_in_row,
    find_row_deadline,
    find_row_measurements,
    moved,
    read_row,
    with_owner,
)
from pipeline.extract.topics import with_topics
from pipeline.extract.units import Unit, may_hold_requirement, split_units
from pipeline.lexicon import learn_abbreviations
from pipeline.records import (
    Box,
    Deadline,
    Extraction,
    Figure,
    Kind,
    Passage,
    Quantity,
    Requirement,
    Role,
    Section,
    StructuredDocument,
    stable_id,
)
from pipeline.sentences import split_sentences

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


@dataclass(slots=True)
class _Found:
    """A unit's numbers and requirements before they get their ids."""

    unit: Unit
    quantities: list[Quantity]
    requirements: list[Requirement]
    deadline: Deadline | None


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
        self._imperatives = ImperativeTest(self._cache, models.verbs, self._document.kind)
        self._stems: dict[str, StemReading] = {}
        self._ids: Counter[str] = Counter()
        self._last_due: dict[str | None, date] = {}  # of each section, so far
        self._ordinals = count()

    def read(self) -> Extraction:
        requirements: list[Requirement] = []
        figures: list[Figure] = []
        discourse = Discourse()
        for unit, worthwhile in self._units():
            self._enter(unit, discourse)
            if worthwhile:
                found = self._read_unit(unit, discourse)
                requirements += found.requirements
                figures += self._figures(found)
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

    def _read_unit(self, unit: Unit, discourse: Discourse) -> _Found:
        view = self._view(unit)
        doc, numbers = view.doc, view.numbers
        kept = [with_owner(c, view.row) for c in self._finder.find(view, discourse)]
        if unit.leads and kept and not self._is_complete(unit, kept[0], doc):
            self._note(doc, discourse, kept)
            return _Found(unit=unit, quantities=[], requirements=[], deadline=None)
        binding = bool(kept)
        quantities = [
            figure_in_row(self._quantity(m, view, binding=binding), m, view.row) for m in numbers
        ]
        requirements: list[Requirement] = []
        deadline: Deadline | None = None
        for n, candidate in enumerate(kept):
            deadline = self._deadline(view, candidate)
            if deadline is not None and deadline.date is not None:
                self._last_due[unit.passage.section_id] = deadline.date
            mine = _share(quantities, doc, candidate, kept, n)
            composed = self._compose(unit, doc, candidate, mine, deadline)
            requirements += state_row(composed, view, candidate)
        if not (
            kept and kept[0].origin in ("stem", "imperative")
        ):  # a list's items are about its stem's bearer
            self._note(doc, discourse, kept)
        return _Found(
            unit=unit, quantities=quantities, requirements=requirements, deadline=deadline
        )

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
        verbs = [doc[candidate.head], *doc[candidate.head].conjuncts]
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

    # --------------------------------------------------------------------------------- composition

    def _compose(
        self,
        unit: Unit,
        doc: Doc,
        candidate: Candidate,
        quantities: list[Quantity],
        deadline: Deadline | None,
    ) -> list[Requirement]:
        """The requirement of a candidate, or one for each of its verbs where each has a target of
        its own.
        """
        parts = split_actions(doc, candidate, quantities)
        if not parts:
            action = self._action(unit, doc, candidate)
            return [self._requirement(unit, doc, candidate, action, quantities, deadline)]
        return [
            self._requirement(unit, doc, candidate, action, numbers, deadline)
            for action, numbers in parts
        ]

    def _action(self, unit: Unit, doc: Doc, candidate: Candidate) -> str | None:
        if candidate.cue is not None:
            return find_action(doc, candidate.cue)
        return unit.text.rstrip(" .;:,") or None

    def _requirement(
        self,
        unit: Unit,
        doc: Doc,
        candidate: Candidate,
        action: str | None,
        quantities: list[Quantity],
        deadline: Deadline | None,
    ) -> Requirement:
        bearer = candidate.bearer.text if candidate.bearer else None
        modality = candidate.modality
        section = self._sections.get(unit.passage.section_id or "")
        path = section.path if section else ""
        page, box = locate(unit.passage, unit.start, unit.end)
        reported = is_reported(
            candidate,
            doc,
            kind=self._document.kind,
            quoted=unit.quoted,
            quantities=len(quantities),
            dated=deadline is not None,
        )
        return Requirement(
            id=self._new_id(unit.text, candidate.stem),
            document_id=self._document.id,
            passage_id=unit.passage.id,
            ordinal=next(self._ordinals),
            section=path,
            page=page,
            bbox=box,
            quote=unit.text,
            start=unit.start,
            end=unit.end,
            stem=candidate.stem or (unit.stems[-1] if unit.stems else None),
            statement=self._statement(unit, doc, candidate),
            modality=modality,
            cue=candidate.cue_text,
            reported=reported,
            reported_by=find_speaker(candidate, doc, self._bearers) if reported else None,
            bearer=bearer,
            bearer_canonical=self._bearers.canonical(bearer, self._document.publisher),
            action=action,
            condition=find_condition(unit.text, doc) or self._stem_condition(unit),
            deadline=deadline,
            quantities=tuple(quantities),
            topic=None,  # told at the end, when all that stands beside it is known
            confidence=round(candidate.confidence, 3),
        )

    def _new_id(self, quote: str, stem: str | None) -> str:
        """The same words in the same document give the same id; a repeat is numbered."""
        key = stable_id(self._document.id, " ".join(quote.split()), stem)
        self._ids[key] += 1
        return key if self._ids[key] == 1 else stable_id(key, self._ids[key])

    def _statement(self, unit: Unit, doc: Doc, candidate: Candidate) -> str:
        if candidate.governing:
            return join_stem(candidate.governing, unit.text)
        cue = candidate.cue
        if (
            cue is not None
            and cue.subject is not None
            and candidate.bearer is not None
            and candidate.bearer.source == "pronoun"
        ):
            token = doc[cue.subject]
            if token.pos_ in ("PRON", "DET"):
                return replace_pronoun(
                    unit.text, token.idx, token.idx + len(token), candidate.bearer.text
                )
        return plain(unit.text)

    def _stem_condition(self, unit: Unit) -> str | None:
        if not unit.stems:
            return None
        reading = self._stems[unit.stems[-1]]
        return find_condition(reading.stem, reading.doc)

    def _deadline(self, view: UnitView, candidate: Candidate) -> Deadline | None:
        """The unit's own deadline, else its nearest stem's that has one, else that of a row's
        headings.
        """
        unit, doc, stems = view.unit, view.doc, view.stems
        own = find_deadline(unit.text, doc, context=self._context, head=candidate.head)
        if own is None or own.date is None:
            own = find_same_date(unit.text, self._last_due.get(unit.passage.section_id)) or own
        if own is not None:
            return own
        for reading in reversed(stems):
            head = reading.cue.head if reading.cue else None
            found = find_deadline(reading.stem, reading.doc, context=self._context, head=head)
            # "Our aims for 2025/26:" further up sets the scene, "By March 2029 we will:" a date.
            if found is not None and (reading is stems[-1] or is_firm(found)):
                return found
        by_row = find_row_deadline(view.row, context=self._context) if view.row else None
        if by_row is not None:
            return by_row
        for label in view.row.timely if view.row else unit.passage.labels:
            if not find_date_phrases(label, context=self._context):
                continue  # most labels: to parse them would cost much
            found = find_deadline(label, self._cache[label], context=self._context)
            if found is not None:
                return found
        return None

    # ------------------------------------------------------------------------------------- numbers

    def _quantity(self, m: Measurement, view: UnitView, *, binding: bool) -> Quantity:
        unit, doc, others = view.unit, view.doc, view.numbers
        section = self._sections.get(unit.passage.section_id or "")
        labels = unit.passage.labels if view.row is None else view.row.labels_over(m.start)
        context = " ".join((*labels, *unit.stems[-1:], section.heading if section else ""))
        own, numbers, cell = (
            (m, others, doc) if view.row is None else self._in_its_cell(m, view, view.row)
        )
        role = role_of(own, cell, numbers, binding=binding)
        return Quantity(
            text=unit.text[m.start : m.end],
            kind=m.kind,
            value=m.value,
            high=m.high,
            unit=m.unit,
            comparator=m.comparator,
            role=role,
            metric=metric_of(own, cell),
            measure=self._measure(m, unit, context)
            or (self._measure(m, unit, _said_before(unit)) if role is Role.TARGET else None)
            or self._measure_of_row(m, view, context),
            deadline=self._own_deadline(m, view),
            start=unit.start + m.start,
            end=unit.start + m.end,
        )

    def _in_its_cell(
        self, m: Measurement, view: UnitView, row: RowReading
    ) -> tuple[Measurement, list[Measurement], Doc]:
        """A number, those beside it and their parse: in a cell of words as if that stood alone."""
        words = row.words_at(m.number_start)
        if words is None:
            return m, view.numbers, view.doc
        start, end = words
        numbers = [moved(o, -start) for o in view.numbers if start <= o.start < end]
        return moved(m, -start), numbers, self._cache[view.unit.text[start:end]]

    def _measure(self, m: Measurement, unit: Unit, context: str) -> str | None:
        return self._models.lexicon.measures.match_near(
            unit.text, m.number_start, m.number_end, kind=m.kind, context=context
        )

    def _measure_of_row(self, m: Measurement, view: UnitView, context: str) -> str | None:
        """The measure that the label of a row's figure names, whatever stands between them."""
        label = view.row.label_at(m.number_start) if view.row is not None else None
        if label is None:
            return None
        return self._models.lexicon.measures.match(label, kind=m.kind, context=context)

    def _own_deadline(self, m: Measurement, view: UnitView) -> date | None:
        """The date that follows a number before the next one does: "by March", "in 2027"."""
        unit = view.unit
        stop = min((o.start for o in view.numbers if o.start >= m.end), default=len(unit.text))
        if view.row is not None and view.row.figures:
            stop = min(stop, view.row.end_of(m.number_start) or stop)
        found = find_deadline(unit.text, view.doc, context=self._context, within=(m.end, stop))
        return found.date if found is not None else None

    def _figures(self, found: _Found) -> list[Figure]:
        """Every number of a unit once, with the requirement that it belongs to."""
        section = self._sections.get(found.unit.passage.section_id or "")
        owner = {(q.start, q.end): r for r in reversed(found.requirements) for q in r.quantities}
        page, _ = locate(found.unit.passage, found.unit.start, found.unit.end)
        figures = []
        for quantity in found.quantities:
            requirement = owner.get((quantity.start, quantity.end))
            due = quantity.deadline
            fact = quantity.role is Role.STATISTIC
            if due is None and not fact and requirement is not None and requirement.deadline:
                due = requirement.deadline.date
            figures.append(
                Figure(
                    id=stable_id(
                        "figure", found.unit.passage.id, quantity.start, quantity.end, quantity.text
                    ),
                    document_id=self._document.id,
                    passage_id=found.unit.passage.id,
                    section=section.path if section else "",
                    page=page,
                    quote=found.unit.text,
                    quantity=quantity,
                    deadline=due,
                    requirement_id=requirement.id if requirement else None,
                )
            )
        return figures


_SENTENCES_BACK: Final = 2


def _said_before(unit: Unit) -> str:
    """The sentences just before in the same passage: a number may be of what they speak of."""
    before = list(split_sentences(unit.passage.text[: unit.start]))
    return unit.passage.text[before[-_SENTENCES_BACK:][0][0] : unit.start] if before else ""


def _share(
    quantities: list[Quantity], doc: Doc, candidate: Candidate, kept: list[Candidate], n: int
) -> list[Quantity]:
    """The numbers of one of several requirements of a unit: those from its cue on, up to the next
    one's.
    """
    if len(kept) == 1 or candidate.cue is None:
        return list(quantities)
    starts = sorted(c.cue.start for c in kept if c.cue is not None)
    mine = candidate.cue.start
    lower = 0 if mine == starts[0] else mine
    later = [s for s in starts if s > mine]
    upper = later[0] if later else len(text_of(doc))
    base = (
        quantities[0].start - text_of(doc).find(quantities[0].text)
        if quantities and quantities[0].start is not None
        else 0
    )
    return [q for q in quantities if q.start is not None and lower <= q.start - base < upper]


def locate(passage: Passage, start: int, end: int) -> tuple[int | None, Box | None]:
    """The page on which [start, end) of a passage begins, and the box of its words there."""
    touched = [p for p in passage.places if p.start < end and start < p.end]
    if not touched:
        return passage.page, None
    page = touched[0].page
    boxes = [p.box for p in touched if p.page == page]
    return page, Box(
        x0=min(b.x0 for b in boxes),
        top=min(b.top for b in boxes),
        x1=max(b.x1 for b in boxes),
        bottom=max(b.bottom for b in boxes),
    )
