"""What the columns of a table are for, told from their headings: facts, or what is to be reached
and by when.

"Baseline | 2026/27 | 2027/28" heads a fact and two targets, each due at the end of its own year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from pipeline.extract.deadline_forms import Period, read_period
from pipeline.extract.deadlines import DateContext, find_date_phrases
from pipeline.records import Deadline

__all__ = ["Use", "column_at", "is_of_facts", "row_deadline"]

_CELL: Final = " | "
# What was or is measured; "forecast" and "position against target" are facts too.
_FACTS: Final = re.compile(
    r"\b(?:baselines?|current(?:ly)?|latest|positions?|actuals?|outturn|achieved|achievement"
    r"|performance|forecast|averages?|today|now|last\s(?:year|month|quarter)|previous|prior|reported"
    r"|recorded|start(?:ing)?\spoint|against)\b",
    re.IGNORECASE,
)
_AIMS: Final = re.compile(
    r"\b(?:targets?|expect(?:ed|ations?)|requir(?:ed|ements?)|ambitions?|trajector(?:y|ies)"
    r"|objectives?|goals?|aims?|standards?|minimum|maximum|floor|ceiling|limit|planned|plan"
    r"|milestones?|to\sbe|by)\b",
    re.IGNORECASE,
)
_TODAY: Final = re.compile(
    r"\b(?:at\spresent|currently|at\sthe\smoment|so\sfar|to\sdate|today|last\s(?:year|month|quarter))\b",
    re.IGNORECASE,
)
_DATED_CELL: Final = re.compile(r"\b(?:in|during|across|over)\s.*\d{4}", re.IGNORECASE)
_MEASURED_AGAINST: Final = re.compile(r"\b(?:against|baselines?|outturn|actuals?)\b", re.IGNORECASE)
_CHANGES: Final = re.compile(
    r"\b(?:change|improvement|reduction|increase|decrease|growth|uplift)s?\b", re.IGNORECASE
)
_ASIDE: Final = re.compile(r"\([^)]*\)")
_WORD: Final = re.compile(r"(?<![\w/])\w")
_NUMBER: Final = re.compile(
    r"\d|\b(?:half|thirds?|quarters?|fifths?|all|nil|none|zero)\b", re.IGNORECASE
)
# Periods that a heading may name without a word before it; "the year" and the like are no heading.
_DATED: Final = frozenset({"day", "digits", "quarter", "half", "month", "months", "fy", "year"})


class Use(StrEnum):
    """What the figures of a column are."""

    FACT = "fact"
    AIM = "aim"
    CHANGE = "change"
    UNTOLD = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its heading: what it is for, and the deadline that it names, if any."""

    use: Use
    due: Deadline | None


_UNTOLD: Final = Column(Use.UNTOLD, None)


def column_at(
    text: str, labels: Sequence[str], place: int, *, context: DateContext
) -> Column | None:
    """The column in which the character at `place` of a row's `text` stands.

    None in a row's first cell, which names what is measured, and where the headings cannot be told.
    """
    number = text.count(_CELL, 0, place)
    if not number:
        return None
    headings = _headings(text, labels)
    column = read_heading(headings[number], context) if headings else _UNTOLD
    if column.use is Use.UNTOLD and _tells_fact(text.split(_CELL)[number], context):
        return Column(Use.FACT, None)
    return column if headings else None


def _tells_fact(cell: str, context: DateContext) -> bool:
    """Whether a cell says itself that its figure is of today or of a time gone by: "52% at
    present", "16.8% in 2017/18".
    """
    if _TODAY.search(cell):
        return True
    if not _DATED_CELL.search(cell):
        return False
    found = [p for p in find_date_phrases(cell, context=context) if p.date is not None]
    return bool(found) and all(
        p.lead == "in" and p.date is not None and _is_past(p.date, context) for p in found
    )


def row_deadline(text: str, labels: Sequence[str], *, context: DateContext) -> Deadline | None:
    """When a row's last target is due, by the heading over it; None where no heading says so."""
    headings = _headings(text, labels)
    if not headings:
        return None
    cells = text.split(_CELL)
    columns = [read_heading(heading, context) for heading in headings]
    due = [
        (cell, column.due)
        for cell, column in list(zip(cells, columns, strict=True))[1:]
        if column.due is not None and column.use is not Use.FACT
    ]
    if len(due) == 1 and _is_plan(due[0][1], headings, context):
        return None
    told = [deadline for cell, deadline in due if _NUMBER.search(cell)]
    if told:
        return told[-1]
    return due[0][1] if len(due) == 1 else None


def _is_plan(due: Deadline, headings: Sequence[str], context: DateContext) -> bool:
    """Whether a heading is no more than the year planned for: it says which plan is meant."""
    years = context.planning_years
    if years is None or due.text not in headings or not due.text[0].isdigit():
        return False
    return years.first == years.last and due.date == date(years.last + 1, 3, 31)


def is_of_facts(label: str, *, context: DateContext) -> bool:
    """Whether a label heads what was or is: its date is no deadline."""
    return read_heading(label, context).use is Use.FACT


def _headings(text: str, labels: Sequence[str]) -> Sequence[str]:
    """The heading over each cell; empty where there are fewer labels than cells.

    Labels end with the headings. What a row leaves out on the left, because it spans several rows,
    stands before them.
    """
    cells = text.count(_CELL) + 1
    return labels[-cells:] if 1 < cells <= len(labels) else ()


@lru_cache(maxsize=512)
def read_heading(heading: str, context: DateContext) -> Column:
    """What a column with this heading is for."""
    plain = _ASIDE.sub(" ", heading).strip() or heading
    due, period_end = _due(heading, plain, context)
    facts, aims = _FACTS.search(plain), _AIMS.search(plain)
    if facts and (aims is None or _MEASURED_AGAINST.search(plain)):
        return Column(Use.FACT, None)
    if _CHANGES.search(plain):
        return Column(Use.CHANGE, due)
    if aims:
        return Column(Use.AIM, due)
    if period_end is None:
        return _UNTOLD
    return Column(Use.FACT, None) if _is_past(period_end, context) else Column(Use.AIM, due)


def _due(heading: str, plain: str, context: DateContext) -> tuple[Deadline | None, date | None]:
    """The deadline that a heading names, with a lead word ("by March 2027") or bare ("2027/28")."""
    phrases = [p for p in find_date_phrases(heading, context=context) if p.date is not None]
    if phrases:
        last = phrases[-1]
        return Deadline(text=last.text, date=last.date), last.date
    found: tuple[int, Period] | None = None
    for word in _WORD.finditer(plain):
        if found is not None and word.start() < found[1].end:
            continue
        period = read_period(plain, word.start(), context=context)
        if period is not None and period.kind in _DATED and period.days.last is not None:
            found = (word.start(), period)
    if found is None:
        return None, None
    start, period = found
    return Deadline(text=plain[start : period.end], date=period.days.last), period.days.last


def _is_past(day: date, context: DateContext) -> bool:
    """Whether a period was over before the years planned for, or before the document's day."""
    if context.planning_years is not None and day < date(context.planning_years.first, 4, 1):
        return True
    return context.published is not None and day < context.published
