"""A unit's numbers as quantities, each with its role, measure and date; and as figures of the
document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from pipeline.extract.candidate import UnitView
from pipeline.extract.compose import locate
from pipeline.extract.deadlines import DateContext, DatePhrase
from pipeline.extract.due import find_deadline, find_due
from pipeline.extract.parse import ParseCache
from pipeline.extract.quantities import Measurement
from pipeline.extract.roles import metric_of, role_of
from pipeline.extract.table_rows import RowReading, figure_in_row, moved
from pipeline.extract.units import Unit
from pipeline.lexicon import Measures
from pipeline.records import Figure, Quantity, QuantityKind, Requirement, Role, Section, stable_id
from pipeline.sentences import split_sentences

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureReader:
    """Reads the numbers of one document's units."""

    document_id: str
    sections: dict[str, Section]
    cache: ParseCache
    context: DateContext
    measures: Measures

    def quantities(self, view: UnitView, *, binding: bool) -> list[Quantity]:
        """The unit's numbers in order; `binding` tells that it is a requirement."""
        return [
            figure_in_row(self._quantity(m, view, binding=binding), m, view.row)
            for m in view.numbers
        ]

    def figures(
        self, unit: Unit, quantities: Sequence[Quantity], requirements: Sequence[Requirement]
    ) -> list[Figure]:
        """Every number of a unit once, with the requirement that it belongs to."""
        section = self.sections.get(unit.passage.section_id or "")
        owner = {(q.start, q.end): r for r in reversed(requirements) for q in r.quantities}
        page, _ = locate(unit.passage, unit.start, unit.end)
        figures = []
        for quantity in quantities:
            requirement = owner.get((quantity.start, quantity.end))
            due = quantity.deadline
            fact = quantity.role is Role.STATISTIC
            if due is None and not fact and requirement is not None and requirement.deadline:
                due = requirement.deadline.date
            figures.append(
                Figure(
                    id=stable_id(
                        "figure", unit.passage.id, quantity.start, quantity.end, quantity.text
                    ),
                    document_id=self.document_id,
                    passage_id=unit.passage.id,
                    section=section.path if section else "",
                    page=page,
                    quote=unit.text,
                    quantity=quantity,
                    deadline=due,
                    requirement_id=requirement.id if requirement else None,
                )
            )
        return figures

    def _quantity(self, m: Measurement, view: UnitView, *, binding: bool) -> Quantity:
        unit, doc, others = view.unit, view.doc, view.numbers
        section = self.sections.get(unit.passage.section_id or "")
        labels = unit.passage.labels if view.row is None else view.row.labels_over(m.start)
        context = " ".join((*labels, *unit.stems[-1:], section.heading if section else ""))
        own, numbers, cell = (
            (m, others, doc) if view.row is None else self._in_its_cell(m, view, view.row)
        )
        around = view.row.cell_at(m.number_start) if view.row is not None else None
        column = around.head.role if around is not None else None
        role = role_of(own, cell, numbers, binding=binding, column=column)
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
            or (self._measure(m, unit, _said_before(unit)) if _goes_on(unit, m, role) else None)
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
        return moved(m, -start), numbers, self.cache[view.unit.text[start:end]]

    def _measure(self, m: Measurement, unit: Unit, context: str) -> str | None:
        return self.measures.match_near(
            unit.text, m.number_start, m.number_end, kind=m.kind, context=context
        )

    def _measure_of_row(self, m: Measurement, view: UnitView, context: str) -> str | None:
        """The measure that the label of a row's figure names, whatever stands between them."""
        label = view.row.label_at(m.number_start) if view.row is not None else None
        if label is None:
            return None
        return self.measures.match(label, kind=m.kind, context=context)

    def _own_deadline(self, m: Measurement, view: UnitView) -> date | None:
        """The date that follows a number before the next one does: "by March", "in 2027"; the one
        before it where dates lead: "By March, 70%; by June 80%".
        """
        unit = view.unit
        if view.row is None:
            due = find_due(unit.text, view.doc, context=self.context)
            if _lead(due, view.numbers):
                before = [phrase.date for phrase in due if phrase.start < m.start]
                return before[-1] if before else None
        stop = min((o.start for o in view.numbers if o.start >= m.end), default=len(unit.text))
        if view.row is not None and view.row.figures:
            stop = min(stop, view.row.end_of(m.number_start) or stop)
        found = find_deadline(unit.text, view.doc, context=self.context, within=(m.end, stop))
        return found.date if found is not None else None


def _lead(due: Sequence[DatePhrase], numbers: Sequence[Measurement]) -> bool:
    """Whether each of several dates stands before numbers of its own, and the first before all."""
    places = [m.start for m in numbers if m.kind is not QuantityKind.DURATION]
    if len(due) < 2 or not places or places[0] < due[0].start:
        return False
    ends = [*(phrase.start for phrase in due[1:]), places[-1] + 1]
    return all(
        any(phrase.start < place < end for place in places)
        for phrase, end in zip(due, ends, strict=True)
    )


_SENTENCES_BACK: Final = 2


# "It must reach 85%", "uptake must reach 85%": a pronoun, or a bare word for how a measure stands.
_BACK: Final = re.compile(
    r"\b(?:uptake|take-up|coverage|performance|compliance|utilisation|it|its|they|them|their|this"
    r"|these|those|such|the(?:\s[\w-]+)?\s(?:rates?|shares?|figures?|standards?|limits?|levels?"
    r"|targets?|ambitions?|averages?|numbers?|proportions?|same))\b",
    re.IGNORECASE,
)


def _goes_on(unit: Unit, m: Measurement, role: Role) -> bool:
    """Whether a number may be of what the sentences before speak of: the unit refers back to them.
    A count has its own noun.
    """
    target = role is Role.TARGET and m.kind is not QuantityKind.COUNT
    return target and _BACK.search(unit.text) is not None


def _said_before(unit: Unit) -> str:
    """The sentences just before in the same passage: a number may be of what they speak of."""
    before = list(split_sentences(unit.passage.text[: unit.start]))
    return unit.passage.text[before[-_SENTENCES_BACK:][0][0] : unit.start] if before else ""
