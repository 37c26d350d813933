"""A row of a table of figures, cell by cell: what each figure is for, and by when.

"Patients seen within 4 hours | 78% | 82%" under "Measure", "2025/26" and "2026/27" is one
requirement with two targets, each due in the year over it. Where the years stand down the side
("2025/26 | 78% | 65%"), the headings name the measures, and the row's first cell the time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import Bearer
from pipeline.extract.deadlines import DateContext, parse_deadline
from pipeline.extract.due import is_firm
from pipeline.extract.quantities import Heads, Measurement, find_measurements
from pipeline.extract.quantity_rules import any_of, quantity_rules
from pipeline.extract.table_heads import ColumnHead, heads_marks, is_head, is_time, read_head
from pipeline.extract.units import Unit
from pipeline.records import Deadline, Kind, PassageKind, Quantity, QuantityKind, Role, RowCell

if TYPE_CHECKING:
    from pipeline.extract.candidate import Candidate

_BEFORE_FIGURE: Final = 3  # words
_AFTER_FIGURE: Final = 5
_METRIC_WORDS: Final = 16
_LONGEST_OWNER: Final = 8  # words
_LEAD: Final = re.compile(r"(?:[\w’'-]+\s)*(?:of|at|to|is|by)\s|", re.IGNORECASE)
_BLANK: Final = re.compile(r"\W*(?:n/?a|not\sapplicable)?\W*", re.IGNORECASE)
_ADDED: Final = re.compile(r"\W*(?:additional|extra|further)\b", re.IGNORECASE)
_BY_SO_MUCH: Final = re.compile(r"\W*by\s", re.IGNORECASE)
_BY: Final = re.compile(r"\bby\W*$", re.IGNORECASE)
_TO_FINISH: Final = (Role.TARGET, Role.CHANGE)
_SHARES: Final = (QuantityKind.PERCENTAGE, QuantityKind.PERCENTAGE_POINTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCell:
    """A cell at [start, end) of the unit's text (None: a carried label) and what its headings say.

    `figure` tells that it gives a number and little else, `blank` that it gives nothing (a dash),
    `dated` that it is a time and no more. `number` is where its first number begins. `label` is
    what a figure measures: the row's own words, or the heading over it.
    """

    text: str
    head: ColumnHead
    heads: tuple[str, ...]
    start: int | None
    figure: bool = False
    blank: bool = False
    dated: bool = False
    number: int | None = None
    label: str | None = None

    @property
    def end(self) -> int:
        """Where it ends in the row's text; 0 for a carried label."""
        return 0 if self.start is None else self.start + len(self.text)

    @property
    def to_do(self) -> bool:
        """Whether it holds words under a heading that is a time to come and no more: "2026/27"."""
        words = not (self.figure or self.blank or self.dated) and self.start is not None
        return words and self.head.bare and self.head.role is Role.TARGET


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReading:
    """A row's cells from left to right. `side` is its first cell, where that is a heading too:
    years down the side.
    """

    cells: tuple[ReadCell, ...]
    labels: tuple[str, ...]
    side: ReadCell | None = None

    @property
    def figures(self) -> tuple[ReadCell, ...]:
        """The cells that give figures."""
        return tuple(cell for cell in self.cells if cell.figure)

    @property
    def targets(self) -> tuple[ReadCell, ...]:
        """The figures that are to be reached, or changed by."""
        return tuple(cell for cell in self.figures if cell.head.role in _TO_FINISH)

    @property
    def is_record(self) -> bool:
        """Whether all of its figures are facts."""
        figures = self.figures
        return bool(figures) and all(cell.head.role is Role.STATISTIC for cell in figures)

    def cell_at(self, offset: int) -> ReadCell | None:
        """The cell that an offset in the row's text stands in; None between cells."""
        return next(
            (c for c in self.cells if c.start is not None and c.start <= offset < c.end), None
        )

    def figure_at(self, offset: int) -> ReadCell | None:
        """The figure whose number begins at an offset in the row's text. Of two numbers in a cell
        the first is the figure: "9% of those over 12 hours".
        """
        cell = self.cell_at(offset)
        return cell if cell is not None and cell.figure and cell.number == offset else None

    def labels_over(self, offset: int) -> tuple[str, ...]:
        """The labels that an offset in the row's text stands under: those carried, its cell's own
        headings, the table's caption.
        """
        cell = self.cell_at(offset)
        carried = (c.text for c in self.cells if c.start is None)
        return (*carried, *(cell.heads if cell is not None else ()), *self.labels)

    def words_at(self, offset: int) -> tuple[int, int] | None:
        """The [start, end) of a cell of words around a number at an offset; None where that is a
        figure, or part of the name of what the row's figures measure.
        """
        cell = self.cell_at(offset)
        if cell is None or cell.start is None or self.figure_at(offset) is not None:
            return None
        names = bool(self.figures) and not cell.figure and not cell.to_do
        return None if names else (max(0, cell.start), cell.end)

    @property
    def timely(self) -> tuple[str, ...]:
        """What may say when the row's words are due: labels carried, and headings over words."""
        carried = tuple(cell.text for cell in self.cells if cell.start is None)
        if self.figures:
            return carried
        return (*carried, *(text for c in self.cells if c.start is not None for text in c.heads))

    def label_at(self, offset: int) -> str | None:
        """What the figure at an offset measures, in the words of its row or its heading."""
        cell = self.figure_at(offset)
        return cell.label if cell is not None else None

    def end_of(self, offset: int) -> int | None:
        """Where the cell ends that an offset in the row's text stands in."""
        cell = self.cell_at(offset)
        return cell.end if cell is not None else None

    def names_at(self, offset: int) -> bool:
        """Whether the words at an offset are a name, though a verb may open them, of what the row
        gives figures of: "Rise in productivity | 2%", "Target 2026/27 | 80%".
        """
        cell = self.cell_at(offset)
        if cell is None or cell.figure or not self.figures or cell.start is None:
            return False
        if self.side is not None and cell.start == self.side.start:
            return True
        return _change_in().match(cell.text[offset - cell.start :]) is not None


def find_row_measurements(unit: Unit) -> list[Measurement]:
    """The numbers of a unit; in a table's row, with the units that the headings over them tell."""
    passage = unit.passage
    if not passage.cells:
        return find_measurements(unit.text, labels=passage.labels)
    cells = [cell for cell in _cells_of(unit) if cell.start is not None]
    heads = [
        Heads(start=cell.start, end=cell.start + len(cell.text), texts=cell.heads)
        for cell in cells
        if cell.start is not None
    ]
    others = {text for cell in cells[1:] for text in cell.heads}
    labels = [label for label in passage.labels if label not in others]
    found = find_measurements(unit.text, labels=labels, heads=heads)
    marks = [head for head in heads if heads_marks(head.texts)]
    return [m for m in found if not any(_fills(m, mark) for mark in marks)]


def _fills(m: Measurement, cell: Heads) -> bool:
    """Whether a number is all that a cell holds."""
    return m.start == cell.start and m.end == cell.end


def read_row(
    unit: Unit,
    numbers: Sequence[Measurement],
    *,
    context: DateContext,
    kind: Kind,
    verbs: Collection[str],
) -> RowReading | None:
    """The reading of a table's row whose `numbers` have been found; None for any other unit."""
    passage = unit.passage
    if passage.kind is not PassageKind.TABLE_ROW or not passage.cells:
        return None
    cells: list[ReadCell] = []
    for cell in _cells_of(unit):
        head = read_head(cell.heads, context=context, kind=kind)
        # A first cell "Under 18 weeks" names what is measured.
        names = head.role is None and all(c.start is None for c in cells)
        figure = not names and _is_figure(cell, numbers, verbs)
        cells.append(
            ReadCell(
                text=cell.text,
                head=head,
                heads=cell.heads,
                start=cell.start,
                figure=figure,
                blank=_BLANK.fullmatch(cell.text) is not None,
                dated=not figure and is_time(cell.text, context=context),
                number=next((m.number_start for m in numbers if _is_inside(m, cell)), None),
            )
        )
    told = {text for cell in passage.cells for text in (cell.text, *cell.heads)}
    labels = tuple(label for label in passage.labels if label not in told)
    side = _find_side(cells, context)
    if side is not None:
        head = read_head((side.text,), context=context, kind=kind)
        cells = [
            replace(cell, head=head, figure=False) if cell is side else _on_the_side(cell, head)
            for cell in cells
        ]
        side = replace(side, head=head, figure=False)
    else:
        label = _label_of(cells)
        cells = [replace(cell, label=label) if cell.figure else cell for cell in cells]
    cells = [replace(c, head=_settled(c, cells)) if c.figure else c for c in cells]
    return RowReading(cells=tuple(cells), labels=labels, side=side)


def _cells_of(unit: Unit) -> list[RowCell]:
    """A row's cells, counted from where the unit starts; one that lies outside it is a label."""
    cells = []
    for cell in unit.passage.cells:
        start = None if cell.start is None else cell.start - unit.start
        inside = start is not None and start < len(unit.text) and start + len(cell.text) > 0
        cells.append(replace(cell, start=start if inside else None))
    return cells


def find_row_deadline(row: RowReading, *, context: DateContext) -> Deadline | None:
    """When the last of a row's targets is due, in figures or in words, by the headings over them;
    else by a column of dates, or by what the table's caption says firmly ("by March 2026").
    """
    dated = [
        cell.head.due
        for cell in (*row.targets, *(cell for cell in row.cells if cell.to_do))
        if cell.head.due is not None and cell.head.due.date is not None
    ]
    if dated:
        return max(dated, key=lambda due: (due.date is not None, due.date))
    for cell in row.cells:
        if cell.head.deadline and not cell.figure:
            found = parse_deadline(f"by {cell.text}", context=context)
            if found is not None:
                return Deadline(text=cell.text, date=found.date)
    for label in row.labels:
        found = parse_deadline(label, context=context)
        if found is not None and is_firm(found):
            return found
    return None


def figure_in_row(quantity: Quantity, m: Measurement, row: RowReading | None) -> Quantity:
    """A number with what its headings say: what it is for, what it measures, when it is due."""
    cell = row.figure_at(m.number_start) if row is not None else None
    if row is not None and cell is None:
        around = row.cell_at(m.number_start)
        told = around.head.due if around is not None and around.to_do else None
        if told is not None and quantity.deadline is None and quantity.role in _TO_FINISH:
            return replace(quantity, deadline=told.date)
    if cell is None:
        return quantity
    role = _role_in(cell, m, quantity.role)
    due = quantity.deadline or (cell.head.due.date if cell.head.due is not None else None)
    if role not in _TO_FINISH:
        due = None
    return replace(
        quantity,
        role=role,
        metric=" ".join((cell.label or quantity.metric or "").split()[:_METRIC_WORDS]) or None,
        deadline=due,
    )


def moved(m: Measurement, by: int) -> Measurement:
    """A number with its offsets moved."""
    return replace(
        m,
        start=m.start + by,
        end=m.end + by,
        number_start=m.number_start + by,
        number_end=m.number_end + by,
    )


def with_owner(candidate: Candidate, row: RowReading | None) -> Candidate:
    """A candidate with the owner that its row names in a column of owners, where it names nobody
    itself. A bearer lies within one cell: of "Risk | Contractor" it is the latter.
    """
    if row is None:
        return candidate
    if candidate.bearer is not None and candidate.bearer.source != "context":
        name = candidate.bearer.text.strip(" |").rpartition("|")[2].strip()
        return replace(candidate, bearer=replace(candidate.bearer, text=name))
    owner = next((cell.text for cell in row.cells if cell.head.owner and not cell.blank), None)
    if owner is None or len(owner.split()) > _LONGEST_OWNER:
        return candidate
    return replace(candidate, bearer=Bearer(text=owner, source="subject"))


def _role_in(cell: ReadCell, m: Measurement, told: Role) -> Role:
    """What a figure is for by its headings; `told` by its own words, which tell a change."""
    role = cell.head.role
    if role is not Role.TARGET:
        return told if role is None else role
    by = _BY_SO_MUCH.match(cell.text) is not None
    if told is Role.CHANGE or by or _tells_change(cell.label or "", m):
        return Role.CHANGE
    return Role.ALLOCATION if told is Role.ALLOCATION else Role.TARGET


def _tells_change(label: str, m: Measurement) -> bool:
    """Whether the words that a figure stands beside make it one of change: "Fall in waits"."""
    if _ADDED.match(label) or _BY.search(label):
        return True
    return m.kind in _SHARES and _change_in().match(label) is not None


@cache
def _change_in() -> re.Pattern[str]:
    nouns = any_of(quantity_rules().change_nouns.words)
    return re.compile(rf"\W*{nouns}\sin\b", re.IGNORECASE)


def _is_figure(cell: RowCell, numbers: Sequence[Measurement], verbs: Collection[str]) -> bool:
    """Whether a cell gives a number with few words around it, and no command to reach one."""
    first = next((m for m in numbers if _is_inside(m, cell)), None)
    if first is None or cell.start is None:
        return False
    before = cell.text[: first.start - cell.start]
    after = cell.text[first.end - cell.start :]
    if len(before.split()) > _BEFORE_FIGURE or len(after.split()) > _AFTER_FIGURE:
        return False
    opening = before.split()[:1]
    return _LEAD.fullmatch(before) is not None and not (
        opening and opening[0].lower() in verbs and not before.endswith("of ")
    )


def _is_inside(m: Measurement, cell: RowCell) -> bool:
    return cell.start is not None and cell.start <= m.start < cell.start + len(cell.text)


def _find_side(cells: Sequence[ReadCell], context: DateContext) -> ReadCell | None:
    """A row's first cell, where it is a heading for the figures beside it."""
    first = next((cell for cell in cells if cell.start is not None), None)
    if first is None or not is_head(first.text, context=context):
        return None
    others = [cell for cell in cells if cell.figure and cell.start != first.start and cell.heads]
    naming = any(not is_head(" ".join(cell.heads), context=context) for cell in others)
    return first if naming else None


def _on_the_side(cell: ReadCell, side: ColumnHead) -> ReadCell:
    """A cell with its heading as what it measures and the row's first cell as its time."""
    if not cell.figure:
        return cell
    head = ColumnHead(
        text=cell.head.text,
        role=side.role,
        due=side.due or cell.head.due,
        when=side.when or cell.head.when,
    )
    return replace(cell, head=head, label=" ".join(cell.heads) or None)


def _label_of(cells: Sequence[ReadCell]) -> str | None:
    """What a row's figures measure: its first cell that is none, else the label nearest to it."""
    own = [cell for cell in cells if cell.start is not None]
    words = next((c for c in own if not (c.figure or c.blank or c.dated)), None)
    carried = [cell for cell in cells if cell.start is None]
    if words is not None:
        return words.text
    return carried[-1].text if carried else None


def _settled(cell: ReadCell, cells: Sequence[ReadCell]) -> ColumnHead:
    """The heading of a figure; beside a target a figure of which nothing is said is a fact."""
    head = cell.head
    if head.role is not None or not any(c.figure and c.head.role in _TO_FINISH for c in cells):
        return head
    return ColumnHead(text=head.text, role=Role.STATISTIC, due=head.due, when=head.when)
