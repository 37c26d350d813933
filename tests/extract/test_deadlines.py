"""When something is due: forms of words, their dates, and what only looks like a deadline."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.deadlines import (
    DateContext,
    choose_phrase,
    find_date_phrases,
    parse_deadline,
)
from pipeline.extract.due import find_deadline, find_same_date
from pipeline.extract.parse import load_parser
from pipeline.extract.quantity_rules import quantity_rules
from pipeline.records import PlanningYears

# Guidance of January 2025 for 2025/26; a framework for three years; a post with nothing stated.
ONE_YEAR = DateContext(published=date(2025, 1, 30), planning_years=PlanningYears.parse("2025/26"))
THREE_YEARS = DateContext(
    published=date(2025, 11, 6), planning_years=PlanningYears.parse("2026/27-2028/29")
)
NOTHING = DateContext()
Found = tuple[str, str | None] | None


def deadline(text: str, context: DateContext) -> Found:
    found = parse_deadline(text, context=context)
    return None if found is None else (found.text, found.date.isoformat() if found.date else None)


FORMS = [
    # months and days
    pytest.param("Do it by March 2026.", ("by March 2026", "2026-03-31"), id="month"),
    pytest.param("Do it by March.", ("by March", "2025-03-31"), id="next-such-month"),
    pytest.param("Do it by January.", ("by January", "2026-01-31"), id="month-that-is-over"),
    pytest.param("Do it by 31 January.", ("by 31 January", "2025-01-31"), id="day-of-this-month"),
    pytest.param("Do it by next March.", ("by next March", "2026-03-31"), id="next-march"),
    pytest.param("Do it by next May.", ("by next May", "2025-05-31"), id="next-may"),
    pytest.param("Do it in H1.", ("in H1", "2025-09-30"), id="half-in-short"),
    pytest.param("Do it in the second half.", ("in the second half", "2026-03-31"), id="half-bare"),
    pytest.param(
        "Do it in every month of 2025/26.",
        ("in every month of 2025/26", "2026-03-31"),
        id="every-month",
    ),
    pytest.param(
        "Claims are open up to the end of June.",
        ("up to the end of June", "2025-06-30"),
        id="up-to-the-end",
    ),
    pytest.param("Spend up to 30 of them.", None, id="up-to-a-number"),
    pytest.param(
        "Reach it for the month of June 2025.",
        ("for the month of June 2025", "2025-06-30"),
        id="month-of",
    ),
    pytest.param(
        "The target date for the last of the sites is the end of 2029.",
        ("target date for the last of the sites is the end of 2029", "2029-12-31"),
        id="target-date",
    ),
    pytest.param("Do it by December.", ("by December", "2025-12-31"), id="month-of-this-year"),
    pytest.param("Do it by next January.", ("by next January", "2026-01-31"), id="next-january"),
    pytest.param("Do it from this April.", ("from this April", "2025-04-30"), id="this-april"),
    pytest.param("Do it under this April’s rules.", None, id="of-this-april"),
    pytest.param(
        "Do it by the end of June 2025.",
        ("by the end of June 2025", "2025-06-30"),
        id="end-of-month",
    ),
    pytest.param("Do it by Sept 2025.", ("by Sept 2025", "2025-09-30"), id="short-month"),
    pytest.param(
        "Do it in October or November.", ("in October or November", "2025-11-30"), id="two-months"
    ),
    pytest.param("Do it by 3 April 2025.", ("by 3 April 2025", "2025-04-03"), id="day"),
    pytest.param("Do it by 3rd of April.", ("by 3rd of April", "2025-04-03"), id="ordinal-day"),
    pytest.param("Do it by April 3, 2025.", ("by April 3, 2025", "2025-04-03"), id="month-first"),
    pytest.param(
        "Do it by noon on Friday 4 April.",
        ("by noon on Friday 4 April", "2025-04-04"),
        id="time-and-weekday",
    ),
    pytest.param("Do it by 31/03/2026.", ("by 31/03/2026", "2026-03-31"), id="digits"),
    pytest.param("Do it by 2026-03-31.", ("by 2026-03-31", "2026-03-31"), id="iso"),
    pytest.param("Do it by 31 February 2026.", ("by 31 February 2026", None), id="no-such-day"),
    pytest.param("Do it by Thursday.", ("by Thursday", "2025-02-06"), id="weekday"),
    pytest.param("Do it by next Friday.", ("by next Friday", "2025-01-31"), id="next-weekday"),
    pytest.param("Meet on 3 April.", ("on 3 April", "2025-04-03"), id="on-a-day"),
    pytest.param("We may march by the river.", None, id="may-and-march-are-words"),
    # years
    pytest.param("Do it in 2025/26.", ("in 2025/26", "2026-03-31"), id="financial-year"),
    pytest.param("Do it in 2025-26.", ("in 2025-26", "2026-03-31"), id="hyphen"),
    pytest.param("Do it across 2025/26.", ("across 2025/26", "2026-03-31"), id="across"),
    pytest.param("Do it by 2029.", ("by 2029", "2029-12-31"), id="calendar-year"),
    pytest.param("Do it over 2029 homes.", None, id="over-a-number"),
    pytest.param("Do it by 2026-29.", ("by 2026-29", "2029-12-31"), id="span-of-years"),
    pytest.param("Do it by mid-2026.", ("by mid-2026", None), id="vague-year"),
    pytest.param(
        "Do it this financial year.", ("this financial year", "2026-03-31"), id="this-year"
    ),
    pytest.param("Read this year’s plan.", None, id="owner"),
    pytest.param("Do it across the year.", None, id="all-the-time"),
    pytest.param(
        "Do it by the end of the year.",
        ("by the end of the year", "2026-03-31"),
        id="end-of-the-year",
    ),
    pytest.param("Do it by year-end.", ("by year-end", "2026-03-31"), id="year-end"),
    pytest.param(
        "Do it by the end of the calendar year.",
        ("by the end of the calendar year", "2025-12-31"),
        id="end-of-calendar-year",
    ),
    pytest.param(
        "Do it before the new financial year.",
        ("before the new financial year", "2025-03-31"),
        id="before-the-new-year",
    ),
    pytest.param(
        "Do it in the 2025/26 academic year.",
        ("in the 2025/26 academic year", "2026-08-31"),
        id="academic-year",
    ),
    # quarters, halves, seasons
    pytest.param("Do it by Q2 2025/26.", ("by Q2 2025/26", "2025-09-30"), id="quarter"),
    pytest.param("Do it by Q4.", ("by Q4", "2026-03-31"), id="quarter-of-the-plan"),
    pytest.param(
        "Do it by the end of quarter 3.",
        ("by the end of quarter 3", "2025-12-31"),
        id="quarter-in-words",
    ),
    pytest.param(
        "Do it in the first quarter of 2026.",
        ("in the first quarter of 2026", "2026-03-31"),
        id="calendar-quarter",
    ),
    pytest.param(
        "Do it before the end of the quarter.",
        ("before the end of the quarter", "2025-03-31"),
        id="this-quarter",
    ),
    pytest.param("It is measured by quarter.", None, id="by-quarter"),
    pytest.param(
        "Do it in the second half of 2025/26.",
        ("in the second half of 2025/26", "2026-03-31"),
        id="second-half",
    ),
    pytest.param(
        "Do it in the first half of October.",
        ("in the first half of October", "2025-10-15"),
        id="half-of-a-month",
    ),
    pytest.param(
        "Do it by winter 2025/26.", ("by winter 2025/26", "2026-02-28"), id="winter-with-year"
    ),
    pytest.param("Do it by the autumn.", ("by the autumn", None), id="season-without-year"),
    pytest.param("Do it from summer 2026.", ("from summer 2026", None), id="from-a-season"),
    # what names no day
    pytest.param(
        "Do it by the end of this Parliament.",
        ("by the end of this Parliament", None),
        id="parliament",
    ),
    pytest.param("Do it by Christmas.", ("by Christmas", None), id="christmas"),
    pytest.param("Do it over the next 2 years.", ("over the next 2 years", None), id="next-years"),
    pytest.param("Do it within five years.", ("within five years", None), id="within-years"),
    pytest.param("See them within 2 days.", None, id="within-days-is-a-measure"),
    pytest.param(
        "Do it in the next eight weeks.", ("in the next eight weeks", None), id="next-weeks"
    ),
    pytest.param("Do it in five years’ time.", ("in five years’ time", None), id="years-time"),
    # starts and edges
    pytest.param("Do it from April 2026.", ("from April 2026", "2026-04-30"), id="from"),
    pytest.param("Do it from 1 April 2026.", ("from 1 April 2026", "2026-04-01"), id="from-a-day"),
    pytest.param(
        "Do it before April 2026.", ("before April 2026", "2026-03-31"), id="before-a-month"
    ),
    pytest.param("Do it before 30 June.", ("before 30 June", "2025-06-30"), id="before-a-day"),
    pytest.param(
        "Do it by the start of 2026/27.",
        ("by the start of 2026/27", "2026-04-01"),
        id="by-the-start",
    ),
    pytest.param(
        "Do it before the start of 2026/27.",
        ("before the start of 2026/27", "2026-03-31"),
        id="before-the-start",
    ),
    pytest.param(
        "Do it no later than May 2025.",
        ("no later than May 2025", "2025-05-31"),
        id="no-later-than",
    ),
    pytest.param("Wait until 31 March.", ("until 31 March", "2025-03-31"), id="until"),
    pytest.param("Bring it to the May board meeting.", ("to the May", "2025-05-31"), id="meeting"),
    pytest.param("Bring it to the May Group.", None, id="no-meeting"),
    pytest.param("Open it before the May bank holiday.", None, id="holiday"),
]

SEVERAL_YEARS = [
    pytest.param("Do it over the three years.", "2029-03-31", id="the-three-years"),
    pytest.param("Do it over the period.", "2029-03-31", id="the-period"),
    pytest.param("Do it by the end of the period.", "2029-03-31", id="end-of-the-period"),
    pytest.param("Do it by the end of the plan.", "2029-03-31", id="end-of-the-plan"),
    pytest.param("Do it in the first year.", "2027-03-31", id="first-year-of-the-plan"),
    pytest.param("Do it by the end of the final year.", "2029-03-31", id="final-year-of-the-plan"),
    pytest.param(
        "Do it in the first year of opening by May.", "2026-05-31", id="first-year-of-a-thing"
    ),
    pytest.param("Do it this year.", "2026-03-31", id="this-year-is-that-of-publication"),
    pytest.param("Do it by March.", "2026-03-31", id="next-march"),
]

NO_CONTEXT = [
    pytest.param("Do it by March 2026.", "2026-03-31", id="year-written"),
    pytest.param("Do it by March.", None, id="year-not-written"),
    pytest.param("Do it this month.", None, id="this-month"),
    pytest.param("Do it by Q1.", None, id="quarter"),
    pytest.param("Do it by Thursday.", None, id="weekday"),
    pytest.param("Do it next year.", None, id="next-year"),
]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_resolves_the_forms_of_words(text: str, expected: Found) -> None:
    assert deadline(text, ONE_YEAR) == expected


@pytest.mark.parametrize(("text", "day"), SEVERAL_YEARS)
def test_resolves_against_several_years(text: str, day: str) -> None:
    found = deadline(text, THREE_YEARS)
    assert found is not None
    assert found[1] == day


@pytest.mark.parametrize(("text", "day"), NO_CONTEXT)
def test_resolves_only_what_is_written_without_context(text: str, day: str | None) -> None:
    found = deadline(text, NOTHING)
    assert found is not None
    assert found[1] == day


CHOICES = [
    pytest.param("From April 2025, do it by June 2025.", "by June 2025", id="by-before-from"),
    pytest.param("Do it in May 2025 and again by the autumn.", "in May 2025", id="dated-first"),
    pytest.param("Do it in May 2025 or in June 2025.", "in May 2025", id="first-of-two-alike"),
    pytest.param("In 2025/26 do it by June 2025.", "by June 2025", id="by-before-in"),
]


@pytest.mark.parametrize(("text", "chosen"), CHOICES)
def test_chooses_the_phrase_that_says_due_most_strongly(text: str, chosen: str) -> None:
    phrase = choose_phrase(find_date_phrases(text, context=ONE_YEAR))
    assert phrase is not None
    assert phrase.text == chosen


# ------------------------------------------------------------------------------- with the parse

Due = Callable[[str], str | None]


@pytest.fixture(scope="module")
def due() -> Due:
    """Reads the date by which a unit is due, its root verb being what is to be done."""
    nlp = load_parser()

    def read(text: str) -> str | None:
        doc = nlp(text)
        head = next(t.i for t in doc if t.dep_ == "ROOT")
        found = find_deadline(text, doc, context=ONE_YEAR, head=head)
        return found.date.isoformat() if found and found.date else None

    return read


DUE = [
    pytest.param("Trusts must publish it in 2025/26.", "2026-03-31", id="in-a-year"),
    pytest.param("Trusts must publish the plans for 2025/26.", None, id="plans-for-a-year"),
    pytest.param("The task for 2025/26 is to open beds.", "2026-03-31", id="task-for-a-year"),
    pytest.param("Trusts must not count on savings from 2024/25.", None, id="savings-from-a-year"),
    pytest.param("From April 2025 councils must keep records.", "2025-04-30", id="from"),
    pytest.param("Activity must return to the levels of 2019/20.", None, id="levels-of-a-year"),
    pytest.param("Activity must rise compared with 2019/20.", None, id="compared-with"),
    pytest.param("Waits rose in March 2024 and must fall.", None, id="past"),
    pytest.param("Waits rose in March 2024 and must fall by May.", "2025-05-31", id="past-and-due"),
    pytest.param("If it opens by May, trusts must say so.", None, id="condition"),
    pytest.param("If it opens, trusts must say so by May.", "2025-05-31", id="after-a-condition"),
    pytest.param("Trusts must read guidance that was published in 2024.", None, id="relative"),
    pytest.param("The guidance is to be published in May.", "2025-05-31", id="to-be-published"),
    pytest.param("We will publish our strategy in May.", "2025-05-31", id="month-behind-a-noun"),
    pytest.param("The list, 2,070 in January, must be cleared.", None, id="number-of-a-month"),
    pytest.param("The cap rises to £90,000 in October 2026.", "2026-10-31", id="sum-in-a-month"),
    pytest.param("Name the sites they plan to open in 2026.", None, id="plans-of-others"),
    pytest.param("The trust had to recruit 40 nurses by December.", "2024-12-31", id="past-duty"),
    pytest.param("The trust has to recruit 40 nurses by December.", "2025-12-31", id="duty"),
    pytest.param("Do not use it after March.", None, id="after"),
    pytest.param("Boards must review it this year.", "2026-03-31", id="bare"),
    pytest.param(
        "Trusts must keep the beds that they ran in 2023/24.", None, id="year-before-plan"
    ),
    pytest.param("Trusts must close the beds by 2025/26.", "2026-03-31", id="year-of-the-plan"),
    pytest.param("Trusts must reach it by the end of 25/26.", "2026-03-31", id="short-year"),
    pytest.param("Trusts must reach it by ward 24/27.", None, id="no-short-year"),
    pytest.param("Put a lead in place by the end of December.", "2025-12-31", id="put-at-the-head"),
    pytest.param("Boards put it in place by the end of December.", "2024-12-31", id="they-put"),
    pytest.param("No bed may be closed in December.", None, id="month-of-a-ban"),
    pytest.param("No bed may be closed by December.", "2025-12-31", id="ban-by"),
    pytest.param("A bed may be closed in December.", "2025-12-31", id="month-of-a-leave"),
    pytest.param("Waits must be shorter this year than last.", None, id="than-last"),
    pytest.param("Waits must be shorter this year.", "2026-03-31", id="no-than"),
    pytest.param(
        "Boards must say so now and not at the end of the first quarter.", None, id="and-not-then"
    ),
    pytest.param("Each ward has been set a floor by the end of July.", "2025-07-31", id="was-set"),
    pytest.param("Each ward has met the floor by the end of July.", None, id="was-met"),
    pytest.param("28 April 2025 (noon) | Submit plans", "2025-04-28", id="date-in-first-cell"),
    pytest.param("Submit plans | end of April 2025 | All", "2025-04-30", id="date-in-a-cell"),
    pytest.param("Census of 28 April 2025 | Submit plans", None, id="date-within-a-cell"),
    pytest.param("Boards must cut it in the year to March 2026.", "2026-03-31", id="year-to"),
    pytest.param("Boards must cut it for the rest of the year.", "2026-03-31", id="rest-of"),
    pytest.param("Boards must act before the financial year ends.", "2026-03-31", id="year-ends"),
    pytest.param("Boards must act before the financial year.", "2025-03-31", id="before-the-year"),
    pytest.param("The closing date is 14 November 2025.", "2025-11-14", id="closing-date"),
    pytest.param("Return it by the last day of October 2025.", "2025-10-31", id="last-day"),
    pytest.param("Between now and March 2028, boards must act.", "2028-03-31", id="from-now"),
    pytest.param("Agree on a path between now and March 2028.", None, id="path-from-now"),
    pytest.param("13 June 2025: plans to be sent in.", "2025-06-13", id="day-as-a-label"),
    pytest.param("13 June 2025 (noon) – plans to be sent in.", "2025-06-13", id="day-and-hour"),
    pytest.param("Plans of 13 June 2025: to be sent in.", None, id="no-day-as-a-label"),
    pytest.param(
        "See 90% of them; over the last quarter it was 70%.", None, id="the-quarter-before"
    ),
    pytest.param(
        "See 90% of them in the last quarter of 2025/26.", "2026-03-31", id="last-quarter-of-a-year"
    ),
    pytest.param(
        "Plan for 80% of the 2019/20 level in June 2025.", "2025-06-30", id="share-of-a-years-level"
    ),
    pytest.param("Plan for 80% of the level in June 2024.", None, id="level-of-a-month"),
    pytest.param(
        "Cut it by 20% against 2023/24, so that in May 2025 it is less.",
        "2025-05-31",
        id="behind-what-it-is-compared-with",
    ),
    pytest.param(
        "Trusts must test lists where the aim is 90% in June.", "2025-06-30", id="aim-in-a-clause"
    ),
    pytest.param(
        "Trusts must test lists where uptake is 90% in June.", None, id="no-aim-in-a-clause"
    ),
    pytest.param(
        "The objective for the end of 2025/26 is 82%.", "2026-03-31", id="objective-for-a-year"
    ),
    pytest.param("Trusts must share objectives for 2025/26.", None, id="objectives-of-a-year"),
    pytest.param(
        "Trusts should see a quarter by video, as they did in every month of 2025.",
        None,
        id="as-it-did",
    ),
]


@pytest.mark.parametrize(("text", "day"), DUE)
def test_tells_due_dates_from_other_dates(due: Due, text: str, day: str | None) -> None:
    assert due(text) == day


SAME_DATE = [
    pytest.param("Do it by the same date.", "2026-02-10", id="same-date"),
    pytest.param("Do it by the end of that month.", "2026-02-28", id="end-of-that-month"),
    pytest.param("Do it on the same date as others do.", None, id="no-deadline"),
]


@pytest.mark.parametrize(("text", "day"), SAME_DATE)
def test_a_date_named_before_is_taken_up(text: str, day: str | None) -> None:
    found = find_same_date(text, date(2026, 2, 10))
    assert (found.date.isoformat() if found and found.date else None) == day
    assert find_same_date(text, None) is None


def test_the_nouns_that_years_are_told_of(due: Due) -> None:
    words = quantity_rules().year_nouns
    assert due(words.hit) is None
    assert due(words.near_miss) == "2026-03-31"


# --------------------------------------------------------------------------------- for any text

_PIECES = st.sampled_from(
    (
        "by ",
        "the end of ",
        "the start of ",
        "before ",
        "in ",
        "from ",
        "over the next ",
        "March ",
        "may ",
        "2025/26 ",
        "2025-",
        "2029 ",
        "31 ",
        "30 February ",
        "Q2 ",
        "quarter ",
        "first half of ",
        "winter ",
        "next ",
        "this ",
        "Friday ",
        "year ",
        "month ",
        "the ",
        "2 years ",
        ", ",
        "99/99/9999 ",
        "0000-00-00 ",
        "’s ",
        "noon on ",
        "meeting ",
    )
)


@given(
    st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=12).map("".join)),
    st.sampled_from((ONE_YEAR, THREE_YEARS, NOTHING)),
)
def test_any_text_is_read_into_phrases_apart(text: str, context: DateContext) -> None:
    end = 0
    for phrase in find_date_phrases(text, context=context):
        assert end <= phrase.start < phrase.end <= len(text)
        assert phrase.text == text[phrase.start : phrase.end]
        end = phrase.end


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2098, 12, 31)))
def test_a_date_comes_back(day: date) -> None:
    written = (
        f"{day.day} {calendar.month_name[day.month]} {day.year}",
        f"{day.day} {calendar.month_abbr[day.month]} {day.year}",
        f"{calendar.month_name[day.month]} {day.day}, {day.year}",
        f"{day.day:02d}/{day.month:02d}/{day.year}",
        day.isoformat(),
    )
    for text in written:
        found = parse_deadline(f"Do it by {text}.", context=NOTHING)
        assert found is not None
        assert found.date == day


@given(st.integers(min_value=1990, max_value=2098))
def test_a_financial_year_comes_back(start: int) -> None:
    label = PlanningYears(first=start, last=start)
    found = parse_deadline(f"Do it in {label}.", context=NOTHING)
    assert found is not None
    assert found.date == label.end


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)),
    st.integers(min_value=1, max_value=12),
)
def test_a_month_without_a_year_lies_ahead_within_a_year(published: date, month: int) -> None:
    context = DateContext(published=published)
    found = parse_deadline(f"Do it by {calendar.month_name[month]}.", context=context)
    assert found is not None
    assert found.date is not None
    assert found.date.month == month
    assert 0 <= (found.date - published).days <= 366
