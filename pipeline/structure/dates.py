"""Dates as British documents write them, and the years of posts that show only month and day."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = r"(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")"
_DAY: Final = r"[0-3]?\d(?:st|nd|rd|th)?"
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_YEAR: Final = r"(?:19|20)\d\d"
_FORMS: Final = (
    rf"(?P<d1>{_DAY})\s+(?:of\s+)?(?P<m1>{_MONTH})\.?,?\s+(?P<y1>{_YEAR})",
    rf"(?P<m2>{_MONTH})\.?\s+(?P<d2>{_DAY}),?\s+(?P<y2>{_YEAR})",
    rf"(?P<y3>{_YEAR})-(?P<n3>[01]\d)-(?P<d3>[0-3]\d)(?:[T ]\d\d:\d\d\S*)?",
    rf"(?P<y6>{_YEAR})/(?P<n6>[01]\d)/(?P<d6>[0-3]\d)(?=/)",
    rf"(?P<d4>[0-3]?\d)[/.-](?P<n4>[01]?\d)[/.-](?P<y4>{_YEAR})",
    r"(?P<d5>[0-3]?\d)/(?P<n5>[01]?\d)/(?P<y5>\d\d)",
)
_DATE: Final = re.compile(r"(?<![\w/.-])(?:" + "|".join(_FORMS) + r")(?![\w])", re.IGNORECASE)
_WHOLE: Final = re.compile(
    rf"{_WEEKDAY}(?P<date>[^|]+?)(?:,?\s*(?:at|@|[|,–-])?\s*\d{{1,2}}[:.]\d\d(?::\d\d)?\s*(?:am|pm|gmt|bst|utc)?)?",
    re.IGNORECASE,
)
_MONTH_DAY: Final = re.compile(
    rf"{_WEEKDAY}(?:(?P<m1>{_MONTH})\.?\s+(?P<d1>{_DAY})|(?P<d2>{_DAY})\s+(?:of\s+)?(?P<m2>{_MONTH})\.?)",
    re.I,
)
_MONTH_YEAR: Final = re.compile(rf"\b(?P<month>{_MONTH})\.?\s+(?P<year>{_YEAR})\b", re.IGNORECASE)
_PATH_MONTH: Final = re.compile(r"/(?P<year>20\d\d)/(?P<month>[01]\d)/")
_FINANCIAL: Final = re.compile(r"\b(?P<year>20\d\d)[/–-](?P<end>\d\d)\b")
_DUE: Final = re.compile(
    r"\b(?:by|until|till|before|from)\s+(?:the (?:end|start) of\s+)?(?:the\s+)?$", re.IGNORECASE
)
_DUE_AHEAD: Final = 3 * 365  # days that a deadline may lie ahead
_TURN_PENALTY: Final = 0.4  # for each year that an order makes the posts run through
_LEAST_SCORE: Final = 0.01
_LATEST_SPREAD: Final = 120.0  # days that the newest post may be older than the archive's own date
_BARE_YEAR: Final = re.compile(r"(?<![\w/–-])(?P<year>20\d\d)(?![\w/–-])")


def find_dates(text: str) -> list[tuple[date, int, int]]:
    """The full dates in a text in order, each with the [start, end) of its words; day first where
    in figures.
    """
    found = []
    for match in _DATE.finditer(text):
        value = _read(match)
        if value is not None:
            found.append((value, match.start(), match.end()))
    return found


def parse_date(text: str) -> date | None:
    """The date that a text is, with weekday and time of day allowed around it; None where it says
    more or less.

    >>> parse_date("Friday 18 March 2011")
    datetime.date(2011, 3, 18)
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        whole = _WHOLE.fullmatch(text.strip())
        match = _DATE.fullmatch(whole["date"].strip()) if whole is not None else None
    return _read(match) if match is not None else None


def parse_month_day(text: str) -> tuple[int, int] | None:
    """Month and day of a text that is nothing but these; None otherwise.

    >>> parse_month_day("Dec 24")
    (12, 24)
    """
    match = _MONTH_DAY.fullmatch(text.strip())
    if match is None:
        return None
    month = _MONTHS[(match["m1"] or match["m2"]).lower()]
    day = int(re.sub(r"\D", "", match["d1"] or match["d2"]))
    return (month, day) if 1 <= day <= 31 and _make(2000, month, day) is not None else None


def infer_years(
    days: Sequence[tuple[int, int]], texts: Sequence[str], *, latest: date | None = None
) -> list[date] | None:
    """The dates of posts that follow one another and show only (month, day), from what their texts
    mention.

    An archive runs newest first or oldest first; the order that needs fewer turns of the year is
    the likelier. The year
    of the first post is the one under which the dates, months and years that the posts mention lie
    nearest to them; a date that something is due by lies after its post. `latest` is when the
    archive was last published, if that is known: no post is later. None where nothing tells the
    year, or a 29 February falls in no leap year.
    """
    evidence = [_find_evidence(text) for text in texts]
    years = {mention.day.year for mentions in evidence for mention in mentions}
    if latest is not None:
        years.add(latest.year)
    if not years:
        return None
    best: tuple[float, list[date]] | None = None
    for steps in _year_steps(days):
        turns = _TURN_PENALTY * abs(steps[-1])
        for year in range(min(years) - len(days) - 1, max(years) + len(days) + 2):
            dates = [_make(year + step, *day) for day, step in zip(days, steps, strict=True)]
            known = [value for value in dates if value is not None]
            if len(known) < len(dates) or (latest is not None and max(known) > latest):
                continue
            score = sum(
                _fit(value, mentions) for value, mentions in zip(known, evidence, strict=True)
            )
            if latest is not None:
                score += math.exp(-(latest - max(known)).days / _LATEST_SPREAD)
            if score > _LEAST_SCORE and (best is None or score - turns > best[0]):
                best = (score - turns, known)
    return best[1] if best is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """A day that a text mentions, in the middle of what it names, how much it weighs, and over how
    many days.

    `due` tells that something is to be done by it, so that any time in the years before is as
    likely.
    """

    day: date
    weight: float
    spread: float
    due: bool = False


def _find_evidence(text: str) -> list[_Mention]:
    """The days, months, financial years and years that a text mentions."""
    mentions = [
        _Mention(day=day, weight=3.0, spread=45.0, due=_is_due(text, start))
        for day, start, _ in find_dates(text)
    ]
    rest = _DATE.sub(" ", text)
    for match in [*_MONTH_YEAR.finditer(rest), *_PATH_MONTH.finditer(rest)]:
        word = match["month"]
        month = int(word) if word.isdecimal() else _MONTHS[word.lower()]
        if 1 <= month <= 12:
            day = date(int(match["year"]), month, 15)
            mentions.append(
                _Mention(day=day, weight=1.5, spread=90.0, due=_is_due(rest, match.start()))
            )
    for match in _FINANCIAL.finditer(rest):
        year = int(match["year"])
        if int(match["end"]) == (year + 1) % 100:
            # Plans are written about in the months before their year.
            mentions.append(_Mention(day=date(year, 3, 1), weight=0.7, spread=220.0))
    for match in _BARE_YEAR.finditer(rest):
        day = date(int(match["year"]), 7, 1)
        mentions.append(
            _Mention(day=day, weight=0.3, spread=240.0, due=_is_due(rest, match.start()))
        )
    return mentions


def _is_due(text: str, start: int) -> bool:
    """Whether the words before a date make it a deadline."""
    return _DUE.search(text, max(start - 30, 0), start) is not None


def _fit(day: date, mentions: Sequence[_Mention]) -> float:
    """How well a day goes with what a post of it mentions."""
    total = 0.0
    for mention in mentions:
        distance = (day - mention.day).days
        if mention.due and distance <= 0:
            distance = max(-distance - _DUE_AHEAD, 0)
        weight = 0.4 * mention.weight if mention.due else mention.weight
        total += weight * math.exp(-abs(distance) / mention.spread)
    return total


def _year_steps(days: Sequence[tuple[int, int]]) -> list[list[int]]:
    """By how many years each post lies from the first, if they run newest first and if oldest
    first.
    """
    pairs = list(pairwise(days))
    rises = [after > before for before, after in pairs]
    falls = [after < before for before, after in pairs]
    return [
        [-sum(rises[:count]) for count in range(len(days))],
        [sum(falls[:count]) for count in range(len(days))],
    ]


def _read(match: re.Match[str]) -> date | None:
    groups = {key: value for key, value in match.groupdict().items() if value is not None}
    form = next(iter(groups))[-1]
    year = int(groups[f"y{form}"])
    month = int(groups[f"n{form}"]) if f"n{form}" in groups else _MONTHS[groups[f"m{form}"].lower()]
    day = int(re.sub(r"\D", "", groups[f"d{form}"]))
    return _make(year + 2000 if year < 100 else year, month, day)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 31 June, 29 February of most years
        return None
