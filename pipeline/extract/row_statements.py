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
_UPPER: Final = re.compile(r"[A-Z][a-z]")


def state_row(
    requirements: Sequence[Requirement], view: UnitView, candidate: Candidate
) -> list[Requirement]:
    """The requirements of a row with its statement; others, and those of a stem, as they are."""
    if view.row is None or candidate.governing:
        return list(requirements)
    at = None
    if candidate.origin == "imperative" and view.command is not None:
        at = view.command[0]
    elif candidate.head is not None and candidate.head < len(view.doc):
        at = view.doc[candidate.head].idx
    statement = row_statement(view.row, (0, len(view.unit.text)), at)
    if statement is None:
        return list(requirements)
    return [replace(r, statement=statement) for r in requirements]


def row_statement(row: RowReading, span: tuple[int, int], at: int | None = None) -> str | None:
    """The part [start, end) of a row as a sentence; None where it is one cell and no more.

    `at` is an offset in the cell that says what is to be done, where one does.
    """
    cells = _within(row, span)
    if row.side is not None and row.figures:
        return _from_the_side(row.side, cells)
    main = next(
        (c for c in cells if at is not None and c.start is not None and _holds(c, at)), None
    )
    if main is None or main.figure:
        main = next((cell for cell in cells if _is_words(cell)), None)
    figures = any(cell.figure for cell in cells)
    carried = [cell for cell in row.cells if cell.start is None]
    if main is None:
        if not carried or not figures:
            return None
        main, carried = carried[-1], carried[:-1]
    if all(cell is main or cell.blank for cell in cells):
        return None
    others = [cell for cell in cells if cell is not main and not cell.blank]
    before = [c for c in others if main.start is not None and (c.start or 0) < main.start]
    leading = [cell for cell in before if not cell.figure]
    if figures and not leading:
        leading = [c for c in carried[-1:] if len(c.text.split()) <= _LONGEST_LABEL]
    opening = "".join(f"{_bare(cell.text)}: " for cell in leading)
    words = _bare(main.text)
    sentence = opening + (lower_first(words) if opening else words)
    return finish(sentence + _figures(others) + _asides(others, leading, before))


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


def _holds(cell: ReadCell, at: int) -> bool:
    return cell.start is not None and cell.start <= at < cell.end


def _is_words(cell: ReadCell) -> bool:
    """Whether a cell is neither a figure nor a date nor a dash, but says what the row is about."""
    head = cell.head
    return not (cell.figure or cell.blank or cell.dated or head.owner or head.deadline)


def _from_the_side(side: ReadCell, cells: Sequence[ReadCell]) -> str | None:
    """ "In 2026/27: cancer 62 days, 80%; dementia diagnosis, 66.7%."."""
    told = [
        f"{cell.label}, {cell.text}" if cell.label else cell.text for cell in cells if cell.figure
    ]
    if not told:
        return None
    when = side.head.when or side.text
    standing = "" if side.head.when is None or side.head.role is Role.TARGET else f" ({side.text})"
    return finish(f"{when}{standing}: {'; '.join(told)}")


def _figures(cells: Sequence[ReadCell]) -> str:
    """The targets of a row with their times, after a colon; facts too where there are no others."""
    targets = [c for c in cells if c.figure and c.head.role is not Role.STATISTIC]
    told = [_figure(cell) for cell in targets]
    if not told:
        return ""
    *first, last = told
    return f": {', '.join(first)} and {last}" if first else f": {last}"


def _figure(cell: ReadCell) -> str:
    text = _bare(cell.text)
    if cell.head.when is not None:
        return f"{text} {cell.head.when}"
    return f"{text} ({_as_words(cell.head.text)})" if cell.heads else text


def _asides(
    cells: Sequence[ReadCell], leading: Sequence[ReadCell], before: Sequence[ReadCell]
) -> str:
    """What else a row tells, in brackets: facts, owners, how an action stands."""
    told = [
        f"{_as_words(cell.head.text)}: {_bare(cell.text)}" if cell.heads else _bare(cell.text)
        for cell in cells
        if cell not in leading and not (cell.figure and cell.head.role is not Role.STATISTIC)
    ]
    return f" ({'; '.join(told)})" if told else ""


def _as_words(heading: str) -> str:
    """A heading inside a sentence: "Position at July" is "position at July"."""
    return lower_first(heading) if _UPPER.match(heading) else heading


def _bare(text: str) -> str:
    return _ENDS.sub("", text)
