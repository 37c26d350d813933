"""From a unit's candidates and numbers to its requirements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import BearerFinder
from pipeline.extract.candidate import Candidate, UnitView
from pipeline.extract.clauses import find_action, find_condition
from pipeline.extract.deadlines import DateContext, find_date_phrases
from pipeline.extract.due import find_deadline, find_same_date, is_firm
from pipeline.extract.parse import ParseCache, text_of
from pipeline.extract.reported import find_speaker, is_reported
from pipeline.extract.row_statements import state_row
from pipeline.extract.split import split_actions
from pipeline.extract.statements import join_stem, plain, replace_pronoun
from pipeline.extract.table_rows import find_row_deadline
from pipeline.records import (
    Box,
    Deadline,
    Document,
    Passage,
    Quantity,
    Requirement,
    Section,
    stable_id,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc


_CONDITION: Final = "condition"


@dataclass(slots=True, kw_only=True)
class Composer:
    """Makes the requirements of one document, in order; it remembers which ids it has given, and
    which date came last in each section.
    """

    document: Document
    sections: dict[str, Section]
    bearers: BearerFinder
    cache: ParseCache
    context: DateContext
    ids: Counter[str] = field(default_factory=Counter)
    ordinals: Iterator[int] = field(default_factory=count)
    last_due: dict[str | None, date] = field(default_factory=dict)

    def compose(
        self, view: UnitView, kept: Sequence[Candidate], quantities: Sequence[Quantity]
    ) -> list[Requirement]:
        """The requirements that a unit's accepted candidates make, with their shares of its
        numbers: of each one, or one for each of its verbs where each has a target of its own.
        """
        requirements: list[Requirement] = []
        for n, candidate in enumerate(kept):
            deadline = self._deadline(view, candidate)
            if deadline is not None and deadline.date is not None:
                self.last_due[view.unit.passage.section_id] = deadline.date
            mine = _share(quantities, view.doc, candidate, kept, n)
            parts: Sequence[tuple[str | None, Sequence[Quantity]]]
            parts = split_actions(view.doc, candidate, mine) or [(_action(view, candidate), mine)]
            composed = [self._requirement(view, candidate, a, q, deadline) for a, q in parts]
            requirements += state_row(composed, view, candidate)
        return requirements

    def _requirement(
        self,
        view: UnitView,
        candidate: Candidate,
        action: str | None,
        quantities: Sequence[Quantity],
        deadline: Deadline | None,
    ) -> Requirement:
        unit, doc = view.unit, view.doc
        bearer = candidate.bearer.text if candidate.bearer else None
        section = self.sections.get(unit.passage.section_id or "")
        page, box = locate(unit.passage, unit.start, unit.end)
        reported = is_reported(
            candidate,
            doc,
            kind=self.document.kind,
            quoted=unit.quoted,
            quantities=len(quantities),
            dated=deadline is not None,
        )
        return Requirement(
            id=self._new_id(unit.text, candidate.stem),
            document_id=self.document.id,
            passage_id=unit.passage.id,
            ordinal=next(self.ordinals),
            section=section.path if section else "",
            page=page,
            bbox=box,
            quote=unit.text,
            start=unit.start,
            end=unit.end,
            stem=candidate.stem or (unit.stems[-1] if unit.stems else None),
            statement=_statement(view, candidate),
            modality=candidate.modality,
            cue=candidate.cue_text,
            reported=reported,
            reported_by=find_speaker(candidate, doc, self.bearers) if reported else None,
            bearer=bearer,
            bearer_canonical=self.bearers.canonical(bearer, self.document.publisher),
            action=action,
            condition=find_condition(unit.text, doc) or _stem_condition(view),
            deadline=deadline,
            quantities=tuple(quantities),
            topic=None,  # told at the end, when all that stands beside it is known
            confidence=round(candidate.confidence, 3),
        )

    def _new_id(self, quote: str, stem: str | None) -> str:
        """The same words in the same document give the same id; a repeat is numbered."""
        key = stable_id(self.document.id, " ".join(quote.split()), stem)
        self.ids[key] += 1
        return key if self.ids[key] == 1 else stable_id(key, self.ids[key])

    def _deadline(self, view: UnitView, candidate: Candidate) -> Deadline | None:
        """The unit's own deadline, else its nearest stem's that has one, else that of a row's
        headings.
        """
        unit, doc, stems = view.unit, view.doc, view.stems
        own = find_deadline(unit.text, doc, context=self.context, head=candidate.head)
        if own is None or own.date is None:
            own = find_same_date(unit.text, self.last_due.get(unit.passage.section_id)) or own
        if own is not None:
            return own
        for reading in reversed(stems):
            head = reading.cue.head if reading.cue else None
            found = find_deadline(reading.stem, reading.doc, context=self.context, head=head)
            # "Our aims for 2025/26:" further up sets the scene, "By March 2029 we will:" a date.
            if found is not None and (reading is stems[-1] or is_firm(found)):
                return found
        by_row = find_row_deadline(view.row, context=self.context) if view.row else None
        if by_row is not None:
            return by_row
        for label in view.row.timely if view.row else unit.passage.labels:
            if not find_date_phrases(label, context=self.context):
                continue  # most labels: to parse them would cost much
            found = find_deadline(label, self.cache[label], context=self.context)
            if found is not None:
                return found
        return None


def _action(view: UnitView, candidate: Candidate) -> str | None:
    if candidate.cue is not None:
        return find_action(view.doc, candidate.cue)
    return view.unit.text.rstrip(" .;:,") or None


def _statement(view: UnitView, candidate: Candidate) -> str:
    text, cue = view.unit.text, candidate.cue
    if candidate.governing:
        return join_stem(candidate.governing, text)
    if (
        cue is not None
        and cue.subject is not None
        and candidate.bearer is not None
        and candidate.bearer.source == "pronoun"
    ):
        token = view.doc[cue.subject]
        if token.pos_ in ("PRON", "DET"):
            return replace_pronoun(text, token.idx, token.idx + len(token), candidate.bearer.text)
    return plain(text)


def _stem_condition(view: UnitView) -> str | None:
    """The condition in a unit's lead-in, read once for all of its items."""
    if not view.stems:
        return None
    stem = view.stems[-1]
    if _CONDITION not in stem.doc.user_data:
        stem.doc.user_data[_CONDITION] = find_condition(stem.stem, stem.doc)
    condition: str | None = stem.doc.user_data[_CONDITION]
    return condition


def _share(
    quantities: Sequence[Quantity],
    doc: Doc,
    candidate: Candidate,
    kept: Sequence[Candidate],
    n: int,
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
