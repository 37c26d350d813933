"""A table's row as one self-contained sentence: its label, its figures with their times, and what
else it tells.

"Patients seen within 4 hours | 78% | 82%" under years is "Patients seen within 4 hours: 78% in
2025/26 and 82% in 2026/27."
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.extract.candidate import Candidate, UnitView
from pipeline.extract.statements import finish, lower_first
from pipeline.extract.table_rows import ReadCell, RowReading
from pipeline.records import Requirement, Role

_LONGEST_LABEL: Final = 10  # words of a spanning cell that is put before a row's own label
_ENDS: Final = re.compile(r"[\s.;,:]+$")
_IN_BRACKETS: Final = re.compile(r"\s*\(([^)]*)\)")
_UPPER: Final = re.compile(r"[A-Z][a-z]")


def state_row(
    requirements: Sequence[Requirement], view: UnitView, candidate: Candidate
) -> list[Requirement]:
    """The requirements of a row with its statement, and the deadline that stands only in its
    headings; others, and those of a stem, as they are.
    """
    if view.row is None or candidate.governing:
        return list(requirements)
    at = None
    if candidate.origin == "imperative" and view.command is not None:
        at = view.command[0]
    elif candidate.head is not None and candidate.head < len(view.doc):
        at = view.doc[candidate.head].idx
    stated = []
    for requirement in requirements:
        parted = len(requirements) > 1 and candidate.origin == "target"
        row = _share(view, view.row, requirement) if parted else view.row
        statement = row_statement(row, (0, len(view.unit.text)), at)
        statement = _with_deadline(statement or requirement.statement, requirement)
        stated.append(replace(requirement, statement=statement))
    return stated


def _share(view: UnitView, row: RowReading, requirement: Requirement) -> RowReading:
    """The row without the targets that belong to other requirements made of it."""
    mine = {quantity.start for quantity in requirement.quantities}
    others = {
        cell.start
        for m in view.numbers
        if view.unit.start + m.start not in mine
        and (cell := row.figure_at(m.number_start)) is not None
        and _is_target(cell)
    }
    return replace(row, cells=tuple(c for c in row.cells if c.start not in others or not c.figure))


def _with_deadline(statement: str, requirement: Requirement) -> str:
    due = requirement.deadline
    if due is None or due.text.lower() in statement.lower():
        return statement
    bare = _bare(statement)
    if bare.endswith(")"):
        return finish(f"{bare[:-1]}; {due.text})")
    return finish(f"{bare} ({due.text})")


def row_statement(row: RowReading, span: tuple[int, int], at: int | None = None) -> str | None:
    """The part [start, end) of a row as a sentence; None where it is one cell and no more.

    `at` is an offset in the cell that says what is to be done, where one does.
    """
    cells = _within(row, span)
    if row.side is not None and row.figures:
        return _from_the_side(row.side, cells)
    figures = any(cell.figure for cell in cells)
    carried = [cell for cell in row.cells if cell.start is None]
    main = _main_cell(cells, at)
    if main is None:
        if not carried or not figures:
            return None
        main, carried = carried[-1], carried[:-1]
    others = [cell for cell in cells if cell is not main and not cell.blank]
    if not others:
        return None
    label = next((c for c in others if _is_before(c, main) and not c.figure), None)
    if figures and label is None:
        label = next((c for c in carried[-1:] if len(c.text.split()) <= _LONGEST_LABEL), None)
    words = _bare(main.text)
    rest = [cell for cell in others if cell is not label]
    if label is not None:
        mark = " –" if any(_is_target(cell) for cell in rest) else ":"
        words = f"{_bare(label.text)}{mark} {lower_first(words)}"
    return finish(words + _figures(rest) + _asides(rest))


def _main_cell(cells: Sequence[ReadCell], at: int | None) -> ReadCell | None:
    """The cell that says what the row is about: that with what is to be done, else the first with
    words, or with a number among them where no cell is a mere figure.
    """
    worded = [cell for cell in cells if _is_words(cell)]
    worded = [cell for cell in worded if not cell.to_do] or worded
    values = [cell for cell in cells if cell.figure or (cell.to_do and cell not in worded)]
    doing = (c for c in cells if at is not None and c not in values and _holds(c, at))
    counting = (
        c for c in worded if c.number is not None and not any(cell.figure for cell in cells)
    )
    return next(doing, None) or next(counting, None) or next(iter(worded), None)


def _holds(cell: ReadCell, at: int) -> bool:
    return cell.start is not None and cell.start <= at < cell.end


def _is_before(cell: ReadCell, main: ReadCell) -> bool:
    return main.start is not None and cell.start is not None and cell.start < main.start


def _within(row: RowReading, span: tuple[int, int]) -> list[ReadCell]:
    """The row's own cells in a part of its text, those at its ends cut to it."""
    start, end = span
    found = []
    for cell in row.cells:
        if cell.start is None or cell.end <= start or end <= cell.start:
            continue
        first = max(start, cell.start)
        text = cell.text[first - cell.start : end - cell.start].strip()
        found.append(replace(cell, text=text, start=first))
    return found


def _is_words(cell: ReadCell) -> bool:
    """Whether a cell is neither a figure nor a date nor a dash, but says what the row is about."""
    head = cell.head
    return not (cell.figure or cell.blank or cell.dated or head.owner or head.deadline)


def _from_the_side(side: ReadCell, cells: Sequence[ReadCell]) -> str | None:
    """ "Cancer 62 days: 80% in 2026/27.", "In 2026/27: cancer 62 days, 80%; long waits, 1%."."""
    figures = [cell for cell in cells if cell.figure]
    if not figures:
        return None
    when = side.head.when if side.head.when and side.head.role is Role.TARGET else side.text
    if len(figures) == 1 and figures[0].label:
        time = when if when == side.head.when else f"({_as_words(side)})"
        return finish(f"{_bare(figures[0].label)}: {_value(figures[0])} {time}")
    told = [f"{c.label}, {_bare(c.text)}" if c.label else _bare(c.text) for c in figures]
    return finish(f"{when}: {'; '.join(told)}")


def _figures(cells: Sequence[ReadCell]) -> str:
    """The targets of a row with their times, after a colon."""
    targets = [c for c in cells if _is_target(c)]
    if not targets:
        return ""
    if any(cell.to_do for cell in targets):
        return f": {'; '.join(_in_words(cell) for cell in targets)}"
    first = targets[0]
    if len(targets) > 1 and all(_is_same(first, other) for other in targets):
        years = [(cell.head.when or "").removeprefix("in ") for cell in targets]
        return f": {_value(first)} in each of {_listed(years)}"
    return f": {_listed([_figure(cell, alone=len(targets) == 1) for cell in targets])}"


def _is_target(cell: ReadCell) -> bool:
    """Whether a cell says what is to be reached, in a figure or in words under a time to come."""
    return cell.to_do or (cell.figure and cell.head.role is not Role.STATISTIC)


def _in_words(cell: ReadCell) -> str:
    """ "in 2026/27, every trust to reach 65%": a target that may be a sentence, its time first."""
    return f"{cell.head.when or _as_words(cell)}, {_value(cell)}"


def _is_same(one: ReadCell, other: ReadCell) -> bool:
    """Whether two figures are the same, each in its own year."""
    times = (one.head.when or "", other.head.when or "")
    timed = _is_timed(one) and _is_timed(other)
    return timed and one.text == other.text and all(time.startswith("in ") for time in times)


def _listed(texts: Sequence[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last


def _figure(cell: ReadCell, *, alone: bool) -> str:
    """A figure with its time; with its heading where that says more, or others stand beside it."""
    if _is_timed(cell):
        return f"{_value(cell)} {cell.head.when}"
    return _value(cell) if alone or not cell.heads else f"{_value(cell)} ({_as_words(cell)})"


def _is_timed(cell: ReadCell) -> bool:
    """Whether the heading over a figure says when it is due, and nothing else that matters."""
    return cell.head.when is not None and cell.head.bare


def _value(cell: ReadCell) -> str:
    return lower_first(_bare(cell.text))


def _asides(cells: Sequence[ReadCell]) -> str:
    """What else a row tells, in brackets: facts, owners, how an action stands."""
    targets = [cell for cell in cells if _is_target(cell)]
    told = [_as_words(cell) for cell in targets if len(targets) == 1 and not _is_timed(cell)]
    told += [
        f"{_as_words(cell)}: {_bare(cell.text)}" if cell.heads else _bare(cell.text)
        for cell in cells
        if not _is_target(cell)
    ]
    return f" ({'; '.join(text for text in told if text)})" if any(told) else ""


def _as_words(cell: ReadCell) -> str:
    """A cell's heading inside a sentence: "Position (July)" is "position, July"."""
    heading = _IN_BRACKETS.sub(r", \1", cell.head.text)
    return lower_first(heading) if _UPPER.match(heading) else heading


def _bare(text: str) -> str:
    return _ENDS.sub("", text)
