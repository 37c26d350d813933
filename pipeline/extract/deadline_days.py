"""The days that a form of words for a period names; deadline_forms.py has the forms.

A financial year runs from 1 April to 31 March, its first quarter from April to June. A month
without a year is the next one from the document's day on. Each function takes the match of its
form, whose groups it reads by name.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipeline.records import PlanningYears


@dataclass(frozen=True, slots=True, kw_only=True)
class DateContext:
    """What a date without a year is measured against: the day of publication, the years planned."""

    published: date | None = None
    planning_years: PlanningYears | None = None

    def is_past(self, day: date) -> bool:
        """Whether a day lies before the years planned for; where none are known, not after the
        document's own.
        """
        if self.planning_years is not None:
            return day < date(self.planning_years.first, 4, 1)
        return self.published is not None and day <= self.published

    @property
    def today(self) -> date | None:
        """The day from which "March" is the next March; or else the eve of the planning year."""
        if self.published is not None:
            return self.published
        if self.planning_years is not None:
            return date(self.planning_years.first, 3, 1)
        return None

    @property
    def year_start(self) -> int | None:
        """The calendar year in which the financial year in question starts.

        That is the year planned for, where it is one, else the year of publication.
        """
        if (
            self.planning_years is not None
            and self.planning_years.first == self.planning_years.last
        ):
            return self.planning_years.first
        if self.published is None:
            return None
        return self.published.year - (self.published.month <= 3)


@dataclass(frozen=True, slots=True)
class Days:
    """A period's first and last day, None where it names none; `assumed`: no year was written."""

    first: date | None = None
    last: date | None = None
    assumed: bool = False


NO_DAYS: Final = Days()
_SOON: Final = 2  # "next March" in January is not the March of the same year, which is "this March"
_LATE_DAY: Final = 14
_MONTHS: Final = {
    **{name.lower(): n for n, name in enumerate(calendar.month_name) if name},
    **{name.lower(): n for n, name in enumerate(calendar.month_abbr) if name},
    "sept": 9,
}
_WEEKDAYS: Final = {name.lower(): n for n, name in enumerate(calendar.day_name)}
# First and last month of each season; winter ends in the following calendar year.
_SEASONS: Final = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
_ORDINALS: Final = {
    "first": 1,
    "one": 1,
    "second": 2,
    "two": 2,
    "third": 3,
    "three": 3,
    "fourth": 4,
    "four": 4,
    "final": 4,
    "last": 4,
}


def day_named(match: re.Match[str], context: DateContext) -> Days:
    """ "3 April", "April 3rd, 2026"."""
    month, day = _MONTHS[match["month"].lower()], int(match["day"])
    year, assumed = _year_of(match, month, context)
    if year is None or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return NO_DAYS
    return Days(date(year, month, day), date(year, month, day), assumed)


def day_in_digits(match: re.Match[str], _context: DateContext) -> Days:
    """ "31/03/2026", "2026-03-31"."""
    year, month, day = int(match["year"]), int(match["month_number"]), int(match["day"])
    year += 2000 if year < 100 else 0
    if not (1900 <= year < 2100 and 1 <= month <= 12):
        return NO_DAYS
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return NO_DAYS
    return Days(date(year, month, day), date(year, month, day))


def month_named(match: re.Match[str], context: DateContext) -> Days:
    """ "March 2026", "next March"; of "March or April" the pattern names the last."""
    month = _MONTHS[match["month"].lower()]
    year, assumed = _year_of(match, month, context)
    return NO_DAYS if year is None else _month(year, month, assumed=assumed)


def season(match: re.Match[str], _context: DateContext) -> Days:
    """ "winter 2025/26"; a season without a year is too vague for a day."""
    if match["year"] is None:
        return NO_DAYS
    opening, closing = _SEASONS[match["season"].lower()]
    year = int(match["year"])
    return Days(date(year, opening, 1), _month(year + (closing < opening), closing).last)


def financial_year(match: re.Match[str], _context: DateContext) -> Days:
    """ "2025/26"; "2014-18" is a span of calendar years; an academic year ends in August."""
    start = _start_of_year(match)
    if start is None:
        first, end = int(match["fy"]), int(match["fy_end"])
        last = end if end > 1000 else first // 100 * 100 + end
        return Days(date(first, 1, 1), date(last, 12, 31)) if last > first else NO_DAYS
    if match["academic"] or match["academic_after"]:
        return Days(date(start, 9, 1), date(start + 1, 8, 31))
    return _financial_year(start)


def short_financial_year(match: re.Match[str], _context: DateContext) -> Days:
    """ "25/26"."""
    return _financial_year(2000 + int(match["short"][:2]))


def calendar_year(match: re.Match[str], context: DateContext) -> Days:
    """ "2029", "the calendar year"."""
    written = match.groupdict().get("year")
    if written is None and context.today is None:
        return NO_DAYS
    year = int(written) if written else context.today.year if context.today else 0
    return Days(date(year, 1, 1), date(year, 12, 31))


def this_year(_match: re.Match[str], context: DateContext) -> Days:
    """ "this financial year", "year end"."""
    return NO_DAYS if context.year_start is None else _financial_year(context.year_start)


def next_year(_match: re.Match[str], context: DateContext) -> Days:
    """ "The new financial year" of guidance that came out before it is the year it plans for."""
    if context.published is not None:
        return _financial_year(context.published.year + (context.published.month > 3))
    return NO_DAYS if context.year_start is None else _financial_year(context.year_start + 1)


def quarter(match: re.Match[str], context: DateContext) -> Days:
    """ "Q2 2025/26", "the third quarter", "quarter 4 of 2026"."""
    written = match["quarter"] or match["nth"] or match["quarter_word"]
    number = int(written) if written.isdigit() else _ORDINALS[written.lower()]
    if match["cal"]:
        return _months(int(match["cal"]), 3 * number - 2, 3)
    start = _start_of_year(match) if match["fy"] else context.year_start
    if start is None:
        return NO_DAYS
    return _months(start, 3 * number + 1, 3) if number < 4 else _months(start + 1, 1, 3)


def this_quarter(_match: re.Match[str], context: DateContext) -> Days:
    if context.published is None:
        return NO_DAYS
    return _months(context.published.year, (context.published.month - 1) // 3 * 3 + 1, 3)


def half(match: re.Match[str], context: DateContext) -> Days:
    """ "the first half of 2026/27", "H2 2025/26", "the second half of October"."""
    groups = match.groupdict()
    second = (groups.get("half") or "").lower() == "second" or groups.get("half_n") == "2"
    if groups.get("cal"):
        return _months(int(groups["cal"]), 7 if second else 1, 6)
    if groups.get("month"):
        whole = month_named(match, context)
        if whole.first is None:
            return NO_DAYS
        middle = whole.first + timedelta(days=14)
        if second:
            return Days(middle + timedelta(days=1), whole.last, whole.assumed)
        return Days(whole.first, middle, whole.assumed)
    start = _start_of_year(match) if groups.get("fy") else context.year_start
    if start is None:
        return NO_DAYS
    return Days(date(start, 10, 1), date(start + 1, 3, 31)) if second else _months(start, 4, 6)


def this_month(match: re.Match[str], context: DateContext) -> Days:
    """ "this month", "the month", "next month"; "that month" has been named elsewhere."""
    which = match["which"].lower()
    if context.published is None or which == "that":
        return NO_DAYS
    year, month = context.published.year, context.published.month
    if which == "next":
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return _month(year, month)


def weekday(match: re.Match[str], context: DateContext) -> Days:
    """ "Thursday", "next Friday": the next one after publication."""
    if context.published is None:
        return NO_DAYS
    ahead = (_WEEKDAYS[match["weekday"].lower()] - context.published.weekday() - 1) % 7 + 1
    day = context.published + timedelta(days=ahead)
    return Days(day, day)


def planned_period(_match: re.Match[str], context: DateContext) -> Days:
    """ "the three years", "the period": the years planned for, where they are several."""
    years = context.planning_years
    if years is None or years.last == years.first:
        return NO_DAYS
    return Days(date(years.first, 4, 1), years.end)


def year_of_plan(match: re.Match[str], context: DateContext) -> Days:
    """ "the first year", "the final year": that financial year, where several are planned for."""
    years = context.planning_years
    if years is None or years.last == years.first:
        return NO_DAYS
    nth = match["nth"].lower()
    first = years.last if nth == "final" else years.first + _ORDINALS[nth] - 1
    if first > years.last:
        return NO_DAYS
    return Days(date(first, 4, 1), date(first + 1, 3, 31))


def no_days(_match: re.Match[str], _context: DateContext) -> Days:
    """ "early 2026", "this Parliament": words for no day in particular."""
    return NO_DAYS


def _year_of(match: re.Match[str], month: int, context: DateContext) -> tuple[int | None, bool]:
    """The year as written, else that of the next such month; and whether it was assumed."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"]), False
    today = context.today
    if today is None:
        return None, True
    ahead = month - today.month
    later = ahead < 0 or (bool(groups.get("next")) and ahead <= _SOON)
    return today.year + (later or (ahead == 0 and _ends_with_plan(groups, context))), True


def _ends_with_plan(groups: dict[str, str | None], context: DateContext) -> bool:
    """Whether the month in which a plan came out, named late in that month, is the one a year on:
    "by March" in guidance of 26 March for the year that begins in April.
    """
    published, years = context.published, context.planning_years
    if published is None or years is None or groups.get("day") or published.day <= _LATE_DAY:
        return False
    return published < date(years.first, 4, 1)


def _month(year: int, month: int, *, assumed: bool = False) -> Days:
    last = date(year, month, calendar.monthrange(year, month)[1])
    return Days(date(year, month, 1), last, assumed)


def _months(year: int, month: int, count: int) -> Days:
    """The stretch of `count` months from `month` on, all of one calendar year."""
    return Days(date(year, month, 1), _month(year, month + count - 1).last)


def _financial_year(start: int) -> Days:
    return Days(date(start, 4, 1), date(start + 1, 3, 31))


def _start_of_year(match: re.Match[str]) -> int | None:
    """The calendar year in which "2025/26" starts; None where the two do not follow each other."""
    if not match["fy"]:
        return None
    start, end = int(match["fy"]), int(match["fy_end"])
    return start if end % 100 == (start + 1) % 100 else None
