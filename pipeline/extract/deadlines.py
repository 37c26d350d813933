"""The date by or at which something is due, from the words that say so.

A month means its last day, a financial year its 31 March, a calendar year its 31 December, a
quarter its last day. What names no date that can be told ("by the end of this Parliament", "over
the next 2 years") keeps its words and a null date. Whether a phrase of time belongs to what is
required is asked in due.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from pipeline.extract.deadline_days import NO_DAYS, DateContext
from pipeline.extract.deadline_forms import Period, read_meeting, read_period
from pipeline.records import Deadline

__all__ = ["DateContext", "DatePhrase", "choose_phrase", "find_date_phrases", "parse_deadline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePhrase:
    """A phrase of time at [start, end): its lead word's class, strength (4: by; 1: from), and date.

    `kind` is the form of words (span: a length of time from now on), `assumed` tells that the year
    was not written but taken from the document's day.
    """

    start: int
    end: int
    text: str
    lead: str
    strength: int
    date: date | None
    kind: str = "span"
    assumed: bool = False


# The classes of words that lead in a time, and how strongly each says that something is due.
_STRENGTHS: Final = {
    "by": 4,
    "at": 4,
    "on": 3,
    "in": 3,
    "for": 2,
    "bare": 2,
    "from": 1,
    "after": 1,
}
_LEAD: Final = re.compile(
    r"\b(?:"
    r"(?P<by>(?:by(?:\sno\slater\sthan)?|(?:no|not)\slater\sthan|before|until|till|ahead\sof"
    r"|prior\sto|due(?:\s(?:by|on|in|at|for))?|in\stime\sfor|between\snow\sand"
    r"|(?:deadline|closing\sdate)(?:\sfor(?:\s[\w’'-]+){1,5})?\s(?:is|was|will\sbe))"
    r"(?:\sor\sbefore|\sthe\slatest)?)"
    r"|(?P<at>at)(?=\s(?:the\s(?:very\s)?(?:end|close|start|beginning)|year[- ]end))"
    r"|(?P<meeting>at|to|for)(?=\s(?:the|its|their|our)\s(?:next\s)?(?-i:[A-Z]))"
    r"|(?P<on>on)(?=\s(?:\d|(?-i:[A-Z])))"
    r"|(?P<in>(?:in|over|during|across)\sthe\s(?:\w+\s)?(?:years?|months)\s(?:up\s)?to"
    r"|(?:in|during|across|over|throughout|within|through)(?:\sthe\scourse\sof)?|between)"
    r"|(?P<for>for)"
    r"|(?P<from>from|beginning\sin|starting\s(?:in|from|on)|with\seffect\sfrom|effective\sfrom"
    r"|commencing)"
    r"|(?P<after>after)"
    r"|(?P<bare>(?=(?:later\s)?this\s(?:(?:financial|calendar)\s)?(?:year|month)\b"
    r"|next\s(?:(?:financial|calendar)\s)?(?:month|year)\b)))(?=\s|\b)",
    re.IGNORECASE,
)
_EDGE: Final = re.compile(
    r"\s?(?:(?:the\s)?(?:very\s)?(?P<edge>end|close|start|beginning|middle|rest|remainder"
    r"|(?:last|final)\s(?:working\s)?day)\s(?:of\s)?)?"
    r"(?:the\s(?=\d|(?-i:[A-Z])|(?:first|second|third|fourth|last|final|next|new|coming|spring|summer"
    r"|autumn|winter)\b))?",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(r"(?:before|ahead\sof|prior\sto)\b", re.IGNORECASE)
# "over the next 2 years", "within five years": a length of time from now on.
_SPAN: Final = re.compile(
    r"\s(?:the\s)?(?P<next>next|coming|following)?\s?"
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|few|an?)[\s-]"
    r"(?:working\s)?(?P<unit>day|week|month|year)s?(?P<time>[’']\stime)?\b",
    re.IGNORECASE,
)
# Kinds of period that a class of lead words does not make a time: "for Friday", "on 2026".
_NOT_AFTER: Final[dict[str, frozenset[str]]] = {
    "for": frozenset(
        {"day", "digits", "weekday", "this_month", "this_quarter", "months", "vague", "plan"}
    ),
    "bare": frozenset(
        {"day", "digits", "month", "months", "fy", "year", "quarter", "half", "season", "plan"}
    ),
    "on": frozenset({"month", "months", "fy", "year", "season", "this_year", "next_year"}),
    "after": frozenset({"weekday", "plan", "vague", "this_year", "this_month"}),
    "in": frozenset({"day", "weekday", "digits"}),
}
_CELL: Final = " | "
_CELL_KINDS: Final = frozenset({"day", "digits", "month", "weekday"})
_ASIDE: Final = re.compile(r"\([^)]*\)|,?\s?(?:noon|midday|midnight|\d{1,2}(?:[.:]\d{2})?\s?[ap]m)")
_ENDS: Final = re.compile(r"\s(?:ends|closes|is\s(?:out|over))\b")
_DAYS: Final = frozenset({"day", "digits", "weekday"})


def parse_deadline(text: str, *, context: DateContext) -> Deadline | None:
    """The strongest deadline that `text` names; None where it names none.

    >>> parse_deadline("by the end of 2028/29", context=DateContext()).date
    datetime.date(2029, 3, 31)
    >>> parse_deadline("by March 2026", context=DateContext()).date
    datetime.date(2026, 3, 31)
    """
    best = choose_phrase(find_date_phrases(text, context=context))
    return None if best is None else Deadline(text=best.text, date=best.date)


def choose_phrase(phrases: Sequence[DatePhrase]) -> DatePhrase | None:
    """The phrase that names a date and says "due" most strongly; of two alike the first."""
    return min(phrases, key=lambda p: (p.date is None, -p.strength, p.start), default=None)


@lru_cache(maxsize=1024)
def find_date_phrases(text: str, *, context: DateContext) -> tuple[DatePhrase, ...]:
    """Every phrase of time with its lead word, in order, none overlapping another.

    Remembered, since a unit is asked about once for each of its duties and numbers.
    """
    found: list[DatePhrase] = _read_cells(text, context)
    position = found[-1].end if found else 0
    while (match := _LEAD.search(text, position)) is not None:
        phrase = _read_phrase(text, match, context)
        if phrase is not None:
            found.append(phrase)
        position = phrase.end if phrase is not None else max(match.end(), match.start() + 1)
    return tuple(found)


def _read_cells(text: str, context: DateContext) -> list[DatePhrase]:
    """The first cell of a table's row that holds a day or a month alone: it is due by then."""
    start = 0
    for cell in text.split(_CELL) if _CELL in text else ():
        edge = _EDGE.match(text, start)
        at = edge.end() if edge else start
        period = read_period(text, at, context=context)
        end = start + len(cell)
        if period is not None and period.kind in _CELL_KINDS and period.end <= end:
            rest = text[period.end : end].strip()
            if not rest or _ASIDE.fullmatch(rest):
                where = (edge["edge"] or "").lower() if edge else ""
                return [_phrase(text, start, "by", period, _due("by", where, "by", period))]
        start = end + len(_CELL)
    return []


def _read_phrase(text: str, match: re.Match[str], context: DateContext) -> DatePhrase | None:
    """The phrase that a lead word opens; None where no time follows it."""
    lead = match.lastgroup or "bare"
    if lead != "meeting":
        return _read_time(text, match, lead, context)
    period = read_meeting(text, match.end() + 1, context=context)
    if period is not None:
        return _phrase(text, match.start(), "on", period, period.days.last)
    return _read_time(text, match, "for", context) if match.group().lower() == "for" else None


def _read_time(
    text: str, match: re.Match[str], lead: str, context: DateContext
) -> DatePhrase | None:
    edge = _EDGE.match(text, match.end())
    at = edge.end() if edge else match.end()
    period = read_period(text, at, context=context)
    if period is None:
        return _read_span(text, match) if lead in ("by", "in") else None
    where = (edge["edge"] or "").lower() if edge else ""
    words = text[at : period.end].lower()
    if not _makes_time(lead, match.group().lower(), where, period, words):
        return None
    if _ENDS.match(text, period.end):
        where = "end"  # "before the financial year ends"
    due = _due(match.group(), where, lead, period)
    return _phrase(text, match.start(), lead, period, due)


def _makes_time(lead: str, lead_words: str, edge: str, period: Period, words: str) -> bool:
    """Whether these words before this period say when: "over 2025", "across the year" do not."""
    if period.kind in _NOT_AFTER.get(lead, ()):
        return False
    if lead_words == "over" and period.kind in ("year", "vague_year"):
        return False
    if lead_words == "between" and period.kind != "months":
        return False
    if lead == "for" and period.kind == "month" and period.days.assumed:
        return False
    return not (lead in ("in", "for") and words == "the year" and not edge)


def _phrase(text: str, start: int, lead: str, period: Period, due: date | None) -> DatePhrase:
    return DatePhrase(
        start=start,
        end=period.end,
        text=text[start : period.end],
        lead=lead,
        strength=_STRENGTHS[lead],
        date=due,
        kind=period.kind,
        assumed=period.days.assumed,
    )


def _due(lead_words: str, edge: str, lead: str, period: Period) -> date | None:
    """The day of a period that "start" and "before" single out: its last where they do not.

    "Before 30 June" is taken to mean that day, "before June" the day before it begins.
    """
    days = NO_DAYS if period.kind == "season" and lead == "from" else period.days
    before = _BEFORE.match(lead_words) is not None
    opens = edge in ("start", "beginning")
    if edge == "middle":
        return None
    if days.first is not None and before and (opens or (not edge and period.kind not in _DAYS)):
        return days.first - timedelta(days=1)
    return days.first if opens else days.last


def _read_span(text: str, match: re.Match[str]) -> DatePhrase | None:
    """ "over the next 2 years", "within 5 years", "in five years’ time": words without a date.

    Days and weeks belong to measures ("within 2 days of referral") unless they are the next ones.
    """
    span = _SPAN.match(text, match.end())
    if span is None:
        return None
    lead_words = match.group().lower()
    ahead = span["next"] or span["time"]
    if not ahead and (lead_words != "within" or span["unit"].lower() != "year"):
        return None
    return DatePhrase(
        start=match.start(),
        end=span.end(),
        text=text[match.start() : span.end()],
        lead="in",
        strength=2,
        date=None,
    )
