"""The date by or at which something is due, from the words that say so.

A month means its last day, a financial year its 31 March, a calendar year its 31 December, a quarter of a
financial year its last day. What names no date that can be told ("by the end of this Parliament", "over the
next 2 years") keeps its words and a null date.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipeline.records import Deadline, PlanningYears

_MONTHS: Final = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS_SHORT: Final = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {
    "sept": 9
}
_MONTH: Final = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
)
# Last month of each season as planners use the words; winter ends in the following calendar year.
_SEASONS: Final = {"spring": 5, "summer": 8, "autumn": 11, "winter": 2}
_QUARTER_WORDS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
_FY: Final = r"(?P<fy>(?:19|20)\d{2})\s?[/–-]\s?(?P<fy_end>(?:20)?\d{2})"

_EDGE: Final = r"(?P<edge>(?:the\s)?(?:very\s)?(?:end|close|start|beginning|middle)\s(?:of\s)?(?:the\s)?(?:calendar\s|financial\s)?)?"
_DATE_FORMS: Final[tuple[tuple[str, str], ...]] = (
    ("day", rf"(?:(?:\d{{1,2}}(?:[.:]\d{{2}})?\s?[ap]m|noon|midnight|midday)\s)?(?:on\s)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?"
     rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?:,?\s(?P<year>(?:19|20)\d{{2}}))?\b"),
    ("day", rf"{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<year>(?:19|20)\d{{2}}))?\b(?!\d)"),
    (
        "quarter",
        rf"(?:Q(?P<quarter>[1-4])|(?:the\s)?(?P<nth>first|second|third|fourth|final|last)\squarter|quarter\s"
        rf"(?P<quarter_word>[1-4]|one|two|three|four))(?:\s?(?:of|in|,)?\s?(?:the\s)?(?:{_FY}|(?P<cal>(?:19|20)\d{{2}})(?!\s?[/–-]\d))?)?\b",
    ),
    ("half", rf"(?:the\s)?(?P<half>first|second)\shalf\sof\s(?:{_FY}|(?P<cal>(?:19|20)\d{{2}})|the\s(?:financial\s)?year)\b"),
    ("half", rf"H(?P<half_n>[12])\s(?:of\s)?(?:{_FY})\b"),
    ("month", rf"(?:mid[- ]|late\s|early\s)?{_MONTH}(?:\s(?:of\s)?(?P<year>(?:19|20)\d{{2}})(?!\s?[/–-]\d{{2}}\b))?\b"),
    ("season", r"(?P<season>spring|summer|autumn|winter)(?:\s(?:of\s)?(?P<year>(?:19|20)\d{2})(?:\s?[/–-]\s?\d{2,4})?)?\b"),
    ("fy", rf"(?:(?:the\s)?(?:financial\syear|year)\s)?{_FY}(?:\s(?:financial|planning|fiscal|academic|municipal)\syear)?\b(?!\s?%)"),
    ("vague_year", r"(?:early|mid|late)[- ](?P<year>(?:19|20)\d{2})\b"),
    ("year", r"(?:the\s(?:calendar\s)?year\s)?(?P<year>(?:19|20)\d{2})\b(?!\s?[/–-]\s?\d|\s?%|,\d)"),
    ("this", r"(?:the\s|this\s)?(?:current\s|same\s|new\s|next\s|coming\s)?(?:financial\syear|year[- ]end|planning\syear|fiscal\syear)\b"),
    ("this", r"this\syear\b|the\syear\b(?!\s(?:to|before|after|of))|next\syear\b(?!’s|'s)"),
    ("this_month", r"(?:later\s)?this\smonth\b|the\send\sof\sthe\smonth\b|next\smonth\b"),
    ("vague", r"(?:this|the\snext|the|the\scurrent)\s(?:Parliament|parliament|decade|spending\sreview(?:\speriod)?|Spending\sReview(?:\speriod)?|planning\speriod|plan\speriod)\b"),
    ("plan", r"(?:the|this)\s(?:three[- ]year\s|two[- ]year\s|five[- ]year\s|whole\s)?(?:period|(?:three|two|four|five)\syears(?!\s(?:to|from|after|before)))\b"),
    ("vague", r"(?:Christmas|Easter|the\ssummer\srecess|the\snext\s(?:general\s)?election)\b"),
)  # fmt: skip
_SPAN_FORM: Final = (
    r"(?:(?:the\s)?(?:next|coming|following)\s)?(?P<number>\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|"
    r"eighteen|a|an)[\s-](?:working\s|calendar\s)?(?P<unit>day|week|month|year)s?(?:['’]\stime)?\b"
)

# Preposition, whether the parse should be asked what it belongs to, and how strongly it says "due".
_LEADS: Final[tuple[tuple[str, str, int], ...]] = (
    ("by", r"by\s(?:no\slater\sthan\s|the\slatest\s)?(?:or\sbefore\s)?(?:the\s)?(?=\S)", 4),
    ("by", r"(?:no|not)\slater\sthan\s(?:the\s)?|before\s|until\s|till\s|ahead\sof\s|prior\sto\s|due\s(?:by|on|in|at)\s", 4),
    ("at", r"at\s(?=the\send|the\sclose|year[- ]end|the\sstart|the\sbeginning)", 4),
    ("on", r"on\s(?=\d)", 3),
    ("in", r"(?:in|during|across|over|throughout|within|through)\s(?:the\scourse\sof\s)?(?:the\s)?(?=\S)", 3),
    ("for", r"for\s(?:the\s)?(?=\S)", 2),
    ("from", r"(?:from|after|beginning\sin|starting\s(?:in|from|on)|with\seffect\sfrom|effective\sfrom|commencing)\s(?:the\s)?", 1),
    ("bare", r"(?=this\s(?:financial\s)?year\b|later\sthis\s|next\s(?:month)\b)", 2),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DateContext:
    """What a date without a year is measured against: the day of publication and the years planned for."""

    published: date | None = None
    planning_years: PlanningYears | None = None

    @property
    def today(self) -> date | None:
        """The day from which "March" is the next March; for want of it, the eve of the planning year."""
        if self.published is not None:
            return self.published
        if self.planning_years is not None:
            return date(self.planning_years.first, 3, 1)
        return None

    @property
    def year_end(self) -> date | None:
        """The 31 March that ends the year in question."""
        if (
            self.planning_years is not None
            and self.planning_years.first == self.planning_years.last
        ):
            return self.planning_years.end
        if self.published is None:
            return None
        return date(self.published.year + (self.published.month > 3), 3, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePhrase:
    """A phrase of time at [start, end): its lead word's class, strength (4: by; 1: from), and date."""

    start: int
    end: int
    text: str
    lead: str
    strength: int
    date: date | None


_FORMS: Final = tuple((name, re.compile(_EDGE + pattern, re.IGNORECASE if name not in ("month", "day", "season") else 0))
                      for name, pattern in _DATE_FORMS)  # fmt: skip
_SPAN: Final = re.compile(_SPAN_FORM, re.IGNORECASE)
_LEAD_PATTERNS: Final = tuple(
    (name, re.compile(rf"\b{pattern}", re.IGNORECASE), n) for name, pattern, n in _LEADS
)
_BEFORE: Final = re.compile(r"(?:before|ahead of|prior to)\s", re.IGNORECASE)
# "by 5% in 2025": a number after "by" is a change, not a day; "compared to 2019" is a baseline.
_BASELINE: Final = re.compile(
    r"(?:compared\s(?:to|with)|relative\sto|against|versus|since|than\sin|as\sin|as\sat|on|of|from)\s(?:the\s)?(?:\w+\s)?$",
    re.IGNORECASE,
)


def parse_deadline(text: str, *, context: DateContext) -> Deadline | None:
    """The strongest deadline that `text` names; None where it names none.

    >>> parse_deadline("by the end of 2028/29", context=DateContext()).date
    datetime.date(2029, 3, 31)
    >>> parse_deadline("by March 2026", context=DateContext()).date
    datetime.date(2026, 3, 31)
    """
    phrases = find_date_phrases(text, context=context)
    best = choose_phrase(phrases)
    return None if best is None else Deadline(text=best.text, date=best.date)


def choose_phrase(phrases: list[DatePhrase]) -> DatePhrase | None:
    """The phrase that says "due" most strongly; of two alike the one with a date, then the first."""
    if not phrases:
        return None
    return min(phrases, key=lambda p: (-p.strength, p.date is None, p.start))


def find_date_phrases(text: str, *, context: DateContext) -> list[DatePhrase]:
    """Every phrase of time with its lead word, in order, none overlapping another."""
    found: list[DatePhrase] = []
    position = 0
    while position < len(text):
        nearest = _next_phrase(text, position, context)
        if nearest is None:
            break
        found.append(nearest)
        position = nearest.end
    return found


def _next_phrase(text: str, position: int, context: DateContext) -> DatePhrase | None:
    best: DatePhrase | None = None
    for lead, pattern, strength in _LEAD_PATTERNS:
        for match in pattern.finditer(text, position):
            if best is not None and match.start() >= best.start:
                break
            phrase = _phrase_at(text, match, lead, strength, context)
            if phrase is not None:
                best = phrase
                break
    return best


def _phrase_at(
    text: str, lead_match: re.Match[str], lead: str, strength: int, context: DateContext
) -> DatePhrase | None:
    at = lead_match.end()
    for name, pattern in _FORMS:
        match = pattern.match(text, at)
        if match is None:
            continue
        if name in ("year", "vague_year") and lead == "over":
            continue
        if (
            name == "this"
            and lead in ("for", "in")
            and not match.group().lower().startswith(("this", "next", "the"))
        ):
            continue
        resolved = _resolve(name, match, context)
        if lead in ("before", "by") and (match["edge"] or "").lower().strip().startswith(
            ("start", "beginning", "the start", "the beginning")
        ):
            resolved = _start_of(name, match, resolved)
        whole = text[lead_match.start() : match.end()]
        if _BEFORE.match(whole) and not match["edge"] and resolved is not None:
            resolved = _day_before(name, match, resolved)
        return DatePhrase(
            start=lead_match.start(),
            end=match.end(),
            text=whole,
            lead=lead,
            strength=strength,
            date=resolved,
        )
    match = _SPAN.match(text, at)
    lower = lead_match.group().lower()
    if match is not None and lower.startswith(("within", "over", "in ", "during", "by")):
        ahead = re.match(
            r"(?:the\s)?(?:next|coming|following)\s",
            text[lead_match.end() - (4 if lower.endswith("the ") else 0) :],
            re.IGNORECASE,
        )
        units = match["unit"].lower()
        if lower.startswith(("over", "during")) and ahead is None:
            return None
        if units in ("day", "week") and not lower.startswith("within"):
            return None
        # Too short to be a planning deadline: part of a measure ("within 2 days of referral").
        if lower.startswith(("within", "in ")) and units in ("day", "week") and ahead is None:
            return None
        if lower.startswith("in ") and ahead is None and "time" not in match.group():
            return None
        whole = text[lead_match.start() : match.end()]
        return DatePhrase(
            start=lead_match.start(),
            end=match.end(),
            text=whole,
            lead=lead,
            strength=min(strength, 2),
            date=None,
        )
    return None


def _resolve(name: str, match: re.Match[str], context: DateContext) -> date | None:
    """The last day of the period that a date form names, or None where it names none that can be told."""
    resolvers = {
        "day": _resolve_day,
        "quarter": _resolve_quarter,
        "half": _resolve_half,
        "month": _resolve_month,
        "season": _resolve_season,
        "fy": _resolve_fy,
        "year": _resolve_year,
        "this": _resolve_this,
        "this_month": _resolve_this_month,
        "plan": _resolve_plan,
    }
    resolver = resolvers.get(name)
    return None if resolver is None else resolver(match, context)


def _month_number(match: re.Match[str]) -> int:
    word = match["month"].lower()
    return _MONTHS.get(word) or _MONTHS_SHORT[word]


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _year_for(month: int, context: DateContext) -> int | None:
    """The year of the next such month from publication on."""
    today = context.today
    if today is None:
        return None
    return today.year + (month < today.month)


def _resolve_day(match: re.Match[str], context: DateContext) -> date | None:
    month = _month_number(match)
    year = int(match["year"]) if match["year"] else _year_for(month, context)
    if year is None:
        return None
    day = int(match["day"])
    return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _resolve_month(match: re.Match[str], context: DateContext) -> date | None:
    month = _month_number(match)
    year = int(match["year"]) if match["year"] else _year_for(month, context)
    return None if year is None else _month_end(year, month)


def _resolve_season(match: re.Match[str], context: DateContext) -> date | None:
    month = _SEASONS[match["season"].lower()]
    if match["year"] is None:
        year = _year_for(month, context)
    else:
        year = int(match["year"]) + (month == 2)
    return None if year is None else _month_end(year, month)


def _fy_start(match: re.Match[str]) -> int | None:
    if not match["fy"]:
        return None
    start, end = int(match["fy"]), int(match["fy_end"])
    return start if end % 100 == (start + 1) % 100 else None


def _resolve_fy(match: re.Match[str], _context: DateContext) -> date | None:
    start = _fy_start(match)
    if start is None:
        # "2014-18" is a span of calendar years: its last day.
        last = int(match["fy_end"])
        year = last if last > 1000 else int(match["fy"]) // 100 * 100 + last
        return date(year, 12, 31) if year > int(match["fy"]) else None
    return date(start + 1, 3, 31)


def _planning_start(context: DateContext) -> int | None:
    end = context.year_end
    return None if end is None else end.year - 1


def _resolve_quarter(match: re.Match[str], context: DateContext) -> date | None:
    words = {"one": 1, "two": 2, "three": 3, "four": 4}
    if match["quarter"]:
        quarter = int(match["quarter"])
    elif match["nth"]:
        quarter = _QUARTER_WORDS[match["nth"].lower()]
    else:
        quarter = words.get(match["quarter_word"].lower(), 0) or int(match["quarter_word"])
    if match["cal"]:
        return _month_end(int(match["cal"]), 3 * quarter)
    start = _fy_start(match) if match["fy"] else _planning_start(context)
    if start is None:
        return None
    month = (3, 6, 9, 12)[quarter % 4]
    return _month_end(start + (quarter == 4), month)


def _resolve_half(match: re.Match[str], context: DateContext) -> date | None:
    groups = match.groupdict()
    second = (groups.get("half") or "").lower() == "second" or groups.get("half_n") == "2"
    if groups.get("cal"):
        return date(int(groups["cal"]), 12, 31) if second else date(int(groups["cal"]), 6, 30)
    start = _fy_start(match) if match["fy"] else _planning_start(context)
    if start is None:
        return None
    return date(start + 1, 3, 31) if second else date(start, 9, 30)


def _resolve_year(match: re.Match[str], _context: DateContext) -> date | None:
    return date(int(match["year"]), 12, 31)


def _resolve_this(match: re.Match[str], context: DateContext) -> date | None:
    end = context.year_end
    if end is None:
        return None
    words = match.group().lower()
    if re.search(r"\b(?:next|new|coming)\b", words) and context.published is not None:
        # "The new financial year" of guidance that came out before it is the year that it plans for.
        return date(context.published.year + (context.published.month > 3) + 1, 3, 31)
    if (
        "financial" not in words
        and "planning" not in words
        and "end" not in words
        and words.startswith("this")
    ):
        return end
    return end


def _resolve_plan(_match: re.Match[str], context: DateContext) -> date | None:
    years = context.planning_years
    return years.end if years is not None and years.last > years.first else None


def _resolve_this_month(match: re.Match[str], context: DateContext) -> date | None:
    if context.published is None:
        return None
    year, month = context.published.year, context.published.month
    if match.group().lower().startswith("next"):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return _month_end(year, month)


def _day_before(name: str, match: re.Match[str], end: date) -> date:
    """The last day before a period begins: "before April 2026" is 31 March 2026."""
    if name == "day":
        return end - timedelta(days=1)
    if name == "month":
        return date(end.year, end.month, 1) - timedelta(days=1)
    return _start_of(name, match, end) or end


def _start_of(name: str, match: re.Match[str], end: date | None) -> date | None:
    """The day before a period begins: "before the beginning of the new financial year" is 31 March."""
    if end is None:
        return None
    if name in ("fy", "this"):
        return date(end.year - 1, 3, 31)
    if name == "year":
        return date(end.year - 1, 12, 31)
    if name == "month":
        return date(end.year, end.month, 1)
    return end
