"""The forms of words for periods of time: days, months, quarters, seasons, years."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pipeline.extract import deadline_days as days
from pipeline.extract.deadline_days import DateContext, Days


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period whose words end at `end`: its days, and which form of words it has."""

    end: int
    kind: str
    days: Days


_FULL_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_MONTH: Final = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
)
_WEEKDAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR: Final = r"(?:19|20)\d{2}"
_TH: Final = r"(?:st|nd|rd|th)?"
_FY: Final = rf"(?P<fy>{_YEAR})(?:\s?[/–-]\s?|\sto\s(?={_YEAR}))(?P<fy_end>(?:20)?\d{{2}})"
_NO_FY: Final = r"(?!\s?[/–-]\s?\d{2}\b)"
_TIME: Final = (
    r"(?:(?:\d{1,2}(?:[.:]\d{2})?\s?[ap]\.?m\.?|(?:12\s)?(?:noon|midnight|midday)"
    r"|(?:the\s)?close\sof\s(?:play|business))\s)?(?:on\s)?"
)
_NOT_OWNER: Final = r"\b(?![’']s)"  # "this year’s plan" is no time
_NOT_EVENT: Final = (
    r"(?!\s(?:bank\sholiday|half[- ]term|(?:local\s|mayoral\s)?elections?|by-election|budget)\b)"
)
_MEETING: Final = (
    r"(?=\s(?:[\w’-]+\s){0,3}?(?:meetings?|reviews?|boards?|conference|committees?|council|cabinet"
    r"|submissions?|returns?|forum|summit|session)\b)"
)
# "25/26" and the like: two years that follow each other.
_FOLLOWING: Final = "|".join(f"{n:02}/{n + 1:02}" for n in range(10, 60))
_SEVERAL: Final = r"(?:two|three|four|five|\d)"

_Reader = Callable[[re.Match[str], DateContext], Days]
# In order of trial: of two forms that fit, the fuller comes first.
_FORMS: Final[tuple[tuple[str, _Reader, str], ...]] = (
    (
        "day",
        days.day_named,
        (
            rf"{_TIME}(?:{_WEEKDAY},?\s)?(?:\d{{1,2}}{_TH}\s?(?:-|–|to|and|or)\s?)?"
            rf"(?P<day>\d{{1,2}}){_TH}\s(?:of\s)?{_MONTH}(?:,?\s(?P<year>{_YEAR}))?{_NOT_OWNER}"
        ),
    ),
    (
        "day",
        days.day_named,
        rf"(?:{_WEEKDAY},?\s)?{_MONTH}\s(?P<day>\d{{1,2}}){_TH}(?:,?\s(?P<year>{_YEAR}))?\b(?![\d%])",
    ),
    (
        "digits",
        days.day_in_digits,
        r"(?P<day>\d{1,2})[/.](?P<month_number>\d{1,2})[/.](?P<year>\d{4}|\d{2})\b",
    ),
    ("digits", days.day_in_digits, r"(?P<year>\d{4})-(?P<month_number>\d{2})-(?P<day>\d{2})\b"),
    (
        "quarter",
        days.quarter,
        (
            r"(?:Q(?P<quarter>[1-4])|(?:the\s)?(?P<nth>first|second|third|fourth|final|last(?=\squarter\sof\b))\squarter"
            r"|quarter\s(?P<quarter_word>[1-4]|one|two|three|four))"
            rf"(?:\s?(?:of|in|,)?\s?(?:the\s)?(?:{_FY}|(?P<cal>{_YEAR}){_NO_FY}))?\b"
        ),
    ),
    (
        "this_quarter",
        days.this_quarter,
        r"(?:this|the|the\scurrent)\squarter\b(?!\s(?:of|in|[1-4]))",
    ),
    (
        "half",
        days.half,
        (
            rf"(?:the\s)?(?P<half>first|second)\shalf\sof\s(?:{_FY}|(?P<cal>{_YEAR})"
            rf"|{_MONTH}(?:\s(?P<year>{_YEAR}))?|(?:the|this)\s(?:financial\s)?year)\b"
        ),
    ),
    ("half", days.half, rf"H(?P<half_n>[12])(?:\s(?:of\s)?{_FY})?\b"),
    ("half", days.half, r"(?:the\s)?(?P<half>first|second)\shalf\b(?!\sof\b|-)"),
    (
        "months",
        days.month_named,
        rf"{_FULL_MONTH}\s(?:or|and|to|-|–)\s{_MONTH}(?:\s(?P<year>{_YEAR}){_NO_FY})?{_NOT_OWNER}",
    ),
    (
        "month",
        days.month_named,
        (
            rf"(?:(?P<next>next\s|this\scoming\s)|this\s)?(?:mid[- ]|late\s|early\s)?{_MONTH}"
            rf"(?:,?\s(?:of\s)?(?P<year>{_YEAR}){_NO_FY})?{_NOT_OWNER}{_NOT_EVENT}"
        ),
    ),
    (
        "season",
        days.season,
        (
            r"(?:early\s|late\s|next\s|this\s)?(?P<season>spring|summer|autumn|winter)"
            rf"(?:\s(?:of\s)?(?P<year>{_YEAR})(?:\s?[/–-]\s?\d{{2,4}})?)?{_NOT_OWNER}"
        ),
    ),
    (
        "fy",
        days.financial_year,
        (
            r"(?:(?:the\s)?(?:(?P<academic>academic|school)|financial|fiscal|planning)\syear\s"
            rf"|(?:the\s)?year\s)?{_FY}(?:\s(?:(?P<academic_after>academic|school)|financial|planning"
            rf"|fiscal|municipal)\syear)?{_NOT_OWNER}(?!\s?%)"
        ),
    ),
    (
        "fy",
        days.short_financial_year,
        (
            r"(?:(?:the\s)?(?:financial\s|fiscal\s|planning\s)?year\s)?"
            rf"(?P<short>{_FOLLOWING})(?![\d/%]){_NOT_OWNER}"
        ),
    ),
    ("vague_year", days.no_days, rf"(?:early|mid|late)[- ]{_YEAR}\b"),
    (
        "year",
        days.calendar_year,
        (
            rf"(?:the\s(?:calendar\s)?year\s)?(?P<year>{_YEAR}){_NOT_OWNER}"
            r"(?!\s?[/–-]\s?\d|\s?%|[,.]\d)"
        ),
    ),
    ("calendar_year", days.calendar_year, r"(?:the\s|this\s)?calendar\syear\b"),
    (
        "next_year",
        days.next_year,
        r"(?:the\s)?(?:next|new|coming)\s(?:financial\s|planning\s|fiscal\s)?year\b(?![’'-])",
    ),
    (
        "this_year",
        days.this_year,
        (
            r"(?:(?:the|this)\s)?(?:(?:current|same)\s)?"
            r"(?:(?:financial|planning|fiscal)\syear(?:[- ]end)?|year[- ]end)\b(?![’'])(?!\s\d)"
        ),
    ),
    (
        "this_year",
        days.this_year,
        r"(?:this|the)\syear\b(?![’'])(?!\s(?:to|before|after|of|ending|ended)\b)",
    ),
    (
        "this_month",
        days.this_month,
        r"(?:later\s)?(?P<which>this|the|next|that)\smonth\b(?![’'])",
    ),
    (
        "weekday",
        days.weekday,
        rf"{_TIME}(?:next\s|this\s|this\scoming\s)?(?P<weekday>{_WEEKDAY})\b(?![’'])",
    ),
    (
        "vague",
        days.no_days,
        (
            r"(?:(?:this|the|the\scurrent|the\snext)\s)?"
            r"(?:parliament|decade|spending\sreview(?:\speriod)?|general\selection|summer\srecess)\b"
            r"|(?:Christmas|Easter|new\syear)\b(?!\s[A-Z])"
        ),
    ),
    (
        "plan",
        days.year_of_plan,
        (
            r"(?:the\s)?(?P<nth>first|second|third|fourth|final)\s(?:financial\s)?year"
            r"(?:\sof\sthe\s(?:plan|period|framework))?\b(?!\s(?:of|after|since|in|at)\b|[’'-])"
        ),
    ),
    (
        "plan",
        days.planned_period,
        (
            rf"(?:the|this)\s(?:{_SEVERAL}[- ]year\s|whole\s|planning\s|plan\s)?"
            rf"(?:period|{_SEVERAL}\syears(?!\s(?:to|from|after|before|of\s(?!the\splan))))\b"
            r"|(?<=end\sof\s)the\splan\b(?![’'])"
        ),
    ),
)
# Months are capitalised, or "may" and "march" would be months.
_CASED: Final = frozenset({"day", "month", "months"})
_COMPILED: Final = tuple(
    (kind, reader, re.compile(pattern, 0 if kind in _CASED else re.IGNORECASE))
    for kind, reader, pattern in _FORMS
)
_MEETING_MONTH: Final = re.compile(
    rf"(?:the|its|their|our)\s(?P<next>next\s)?{_MONTH}(?:\s(?P<year>{_YEAR}))?{_MEETING}"
)


def read_period(text: str, at: int, *, context: DateContext) -> Period | None:
    """The period that the words of `text` from `at` on name; None where they name none."""
    for kind, reader, pattern in _COMPILED:
        match = pattern.match(text, at)
        if match is not None:
            return Period(end=match.end(), kind=kind, days=reader(match, context))
    return None


def read_meeting(text: str, at: int, *, context: DateContext) -> Period | None:
    """The month of a meeting: "the November board meeting" at `at`; None where none is named."""
    match = _MEETING_MONTH.match(text, at)
    if match is None:
        return None
    return Period(end=match.end(), kind="month", days=days.month_named(match, context))
