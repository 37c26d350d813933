"""What the headings over a table's column say of its cells: to be reached or a fact, and by when.

"2026/27 target" over 82% makes it a target due on 31 March 2027, "Baseline (July 2016)" over 5.9% a
fact. A heading that names no more than a time makes facts of figures before the years planned for,
and targets of those in them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipeline.extract.deadline_forms import Period, read_period
from pipeline.extract.deadlines import DateContext, choose_phrase, find_date_phrases
from pipeline.extract.quantity_rules import any_of, quantity_rules
from pipeline.records import Deadline, Kind, Role

_KINDS: Final = frozenset(
    {"fy", "month", "months", "quarter", "half", "day", "digits", "year", "season"}
)
_YEARS: Final = frozenset({"fy", "year"})
_WORD: Final = re.compile(r"(?<![\w/])(?=\w)")
# "Aug 24", "Mar-26": a month and its year, where a heading has no room for more.
_SHORT_MONTH: Final = re.compile(
    r"\b(?P<month>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*)[\s’'-]+"
    r"(?P<year>\d{2})\b(?![/–-]\d|\s?%|\s(?:19|20)\d\d)"
)
_LONG_YEAR: Final = re.compile(r"\bFY\s?(?:20)?(?P<end>\d{2})\b(?!\s?[/–-])")
_YEARS_AROUND: Final = 12  # how far a year in two digits may lie from the document's
_FILLERS: Final = (
    r"the|by|end|of|in|at|as|on|for|to|year|years|national|interim|final|and|financial|date|full"
    r"|quarter|month"
)
_YEAR: Final = re.compile(r"\d\d")
_ASIDE: Final = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHead:
    """The reading of a column's headings, or of a row's first cell.

    `role` is what it makes of figures: target, change, statistic, or None where it says nothing.
    `due` is the time that it names, `when` the same with its preposition ("by March 2026"), `bare`
    tells that it says nothing else. `owner` and `deadline` tell that the cells below name those.
    """

    text: str
    role: Role | None = None
    due: Deadline | None = None
    when: str | None = None
    bare: bool = False
    owner: bool = False
    deadline: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    target: re.Pattern[str]
    against: re.Pattern[str]
    fact: re.Pattern[str]
    change: re.Pattern[str]
    owner: re.Pattern[str]
    due: re.Pattern[str]
    mark: re.Pattern[str]
    filled: re.Pattern[str]


@cache
def _words() -> _Words:
    rules = quantity_rules()
    target, fact = any_of(rules.target_heads.words), any_of(rules.fact_heads.words)
    change = any_of(rules.change_heads.words)

    def anywhere(words: str) -> re.Pattern[str]:
        return re.compile(rf"\b{words}\b", re.IGNORECASE)

    def whole(words: str) -> re.Pattern[str]:
        return re.compile(rf"[\s*]*(?:the\s)?{words}\W*(?:\([^)]*\)\W*)?", re.IGNORECASE)

    return _Words(
        target=anywhere(target),
        against=anywhere(
            rf"(?:against|versus|vs?\.?|from|to|of|over|on|towards)\s(?:\w+\s){{0,2}}?{target}"
        ),
        fact=anywhere(fact),
        change=anywhere(change),
        owner=whole(any_of(rules.owner_heads.words)),
        due=whole(any_of(rules.due_heads.words)),
        mark=whole(any_of(rules.mark_heads.words)),
        filled=anywhere(rf"(?:{target}|{fact}|{change}|{_FILLERS})"),
    )


def read_head(texts: Sequence[str], *, context: DateContext, kind: Kind) -> ColumnHead:
    """What a column's headings say, the outermost first; texts together say what one leaves out."""
    text = " ".join(texts)
    words = _words()
    found = _find_time(texts, context)
    due = when = None
    if found is not None:
        due, when = found.due, found.when
    last = texts[-1] if texts else ""
    return ColumnHead(
        text=text,
        role=_role_of(text, due.date if due is not None else None, context, kind),
        due=due,
        when=when,
        bare=due is not None and is_head(text, context=context),
        owner=words.owner.fullmatch(last) is not None,
        deadline=words.due.fullmatch(last) is not None,
    )


def is_head(text: str, *, context: DateContext) -> bool:
    """Whether a cell says no more than a time or standing, as headings do: "2025/26 target"."""
    rest = text
    span = _last_time(text, context)
    if span is not None:
        rest = text[: span.start] + text[span.end :]
    elif not _words().target.search(text) and not _words().fact.search(text):
        return False
    return re.search(r"\w", _words().filled.sub("", rest)) is None


def heads_marks(texts: Sequence[str]) -> bool:
    """Whether the cells below hold marks and no figures: the row's number, the hour."""
    return bool(texts) and _words().mark.fullmatch(texts[-1]) is not None


def is_time(text: str, *, context: DateContext) -> bool:
    """Whether a cell is a time and no more: "17 March 2026 (noon)"."""
    bare = _ASIDE.sub(" ", text)
    return _last_time(bare, context) is not None and is_head(bare, context=context)


def _role_of(text: str, due: date | None, context: DateContext, kind: Kind) -> Role | None:
    words, past = _words(), due is not None and context.is_past(due)
    for part in (_ASIDE.sub(" ", text), text):
        bare = words.against.sub(" ", part)
        if words.change.search(bare):
            if words.target.search(bare):
                return Role.CHANGE
            if not words.fact.search(bare) and kind is Kind.GUIDANCE and not past:
                return Role.CHANGE
            return Role.STATISTIC
        if words.target.search(bare):
            return Role.TARGET
        if words.fact.search(bare) or bare != part:
            return Role.STATISTIC
    if due is None:
        return None
    if kind is not Kind.GUIDANCE:
        return Role.STATISTIC if _is_published(due, context) else None
    return Role.STATISTIC if past else Role.TARGET


def _is_published(due: date, context: DateContext) -> bool:
    return context.published is not None and due <= context.published


# ------------------------------------------------------------------------------------------- times


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """A period at [start, end) of a heading."""

    start: int
    end: int
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class _Time:
    due: Deadline
    when: str


def _find_time(texts: Sequence[str], context: DateContext) -> _Time | None:
    """The time that headings name, the innermost first; a month or quarter may have its year from
    a heading further out.
    """
    for index in range(len(texts) - 1, -1, -1):
        text = texts[index]
        span = _last_time(text, context)
        if span is None:
            continue
        words = text[span.start : span.end]
        day = span.period.days.last
        if _YEAR.search(words) is None and span.period.kind in ("month", "quarter"):
            others = [*texts[:index], *texts[index + 1 :]]
            full = _in_year_of(others, words, span.period, context)
            if full is not None:
                words, day = full
        phrase = choose_phrase(find_date_phrases(text, context=context))
        firm = phrase is not None and phrase.lead == "by" and phrase.date is not None
        same = phrase is not None and day is not None and phrase.date == day
        if phrase is not None and phrase.lead != "for" and (firm or same):
            return _Time(due=Deadline(text=phrase.text, date=phrase.date), when=phrase.text)
        lead = "by" if span.period.kind in ("month", "months", "day", "digits") else "in"
        return _Time(due=Deadline(text=words, date=day), when=f"{lead} {words}")
    return None


def _last_time(text: str, context: DateContext) -> _Span | None:
    """Of the periods in a heading the one that ends last, those in brackets only where no other
    is; "2026/27 to 2028/29" is due with its second. "Target (baseline 2019/20)" names none.
    """
    fact = _words().fact
    asides = list(_ASIDE.finditer(text))
    told = [a.span() for a in asides if fact.search(a.group()) and not fact.match(text)]
    spans = [s for s in _read_times(text, context) if not any(a <= s.start < b for a, b in told)]
    outside = [s for s in spans if not any(a.start() <= s.start < a.end() for a in asides)]
    return max(outside or spans, key=lambda span: span.period.days.last or date.min, default=None)


def _read_times(text: str, context: DateContext) -> list[_Span]:
    spans: list[_Span] = []
    position = 0
    while (match := _WORD.search(text, position)) is not None:
        at = match.start()
        period = _read_short(text, at, context) or read_period(text, at, context=context)
        if period is not None and period.kind in _KINDS and period.end > at:
            spans.append(_Span(start=at, end=period.end, period=period))
            position = period.end
        else:
            word = re.compile(r"\w+").match(text, at)
            position = word.end() if word is not None else at + 1
    return spans


def _read_short(text: str, at: int, context: DateContext) -> Period | None:
    """ "Aug 24", "FY26": a period whose year has but two digits."""
    month = _SHORT_MONTH.match(text, at)
    if month is not None:
        year = 2000 + int(month["year"])
        today = context.today
        if today is not None and abs(year - today.year) > _YEARS_AROUND:
            return None
        period = read_period(f"{month['month']} {year}", 0, context=context)
        return None if period is None else Period(end=month.end(), kind="month", days=period.days)
    long = _LONG_YEAR.match(text, at)
    if long is None:
        return None
    end = int(long["end"])
    period = read_period(f"{2000 + end - 1}/{end:02d}", 0, context=context)
    return None if period is None else Period(end=long.end(), kind="fy", days=period.days)


def _in_year_of(
    others: Sequence[str], words: str, period: Period, context: DateContext
) -> tuple[str, date] | None:
    """A month or quarter in the year that another heading names, as words and its last day."""
    for text in others:
        span = _last_time(text, context)
        if span is None or span.period.kind not in _YEARS or span.period.days.first is None:
            continue
        year = text[span.start : span.end]
        if period.kind == "quarter":
            full = read_period(f"{words} {year}", 0, context=context)
        else:
            full = _month_within(words, span.period.days.first, context)
        if full is not None and full.days.last is not None:
            return f"{words} {year}", full.days.last
    return None


def _month_within(words: str, first: date, context: DateContext) -> Period | None:
    """The month of that name in the twelve that begin with `first`."""
    for year in (first.year, first.year + 1):
        period = read_period(f"{words} {year}", 0, context=context)
        if period is not None and period.days.first is not None and period.days.first >= first:
            return period
    return None
