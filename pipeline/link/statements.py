"""Which planning year each number in a board paper or commentary speaks of."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.lexicon import Lexicon
from pipeline.link.patterns import find_words
from pipeline.link.targets import financial_year
from pipeline.records import Document, Quantity, Requirement, Role

# Guidance for the next year comes out between November and March; what is written then about rules
# means the next.
_PLANNING_SEASON: Final = (11, 12, 1, 2, 3)
_YEAR: Final = re.compile(
    r"\b(?P<first>20\d\d)\s?[/–-]\s?(?P<last>\d{2})(?!\d)"
    r"|\b(?P<relative>next year|this year|last year)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a requirement says of one planning year: those of its numbers that count for it."""

    requirement: Requirement
    year: int
    quantities: tuple[Quantity, ...]
    published: str  # ISO date, "" where unknown
    named: bool = False  # the requirement itself names the year, or a date in it


def read_statements(
    document: Document, requirements: Iterable[Requirement], ended: Mapping[str, int]
) -> list[Statement]:
    """The statements of a document's requirements, in order; of a requirement without a year that
    can be told none.

    A number belongs to the year of its own deadline, else to the year that is written nearest to
    it; a requirement without any to the document's, which is the year of the plans in the making
    when it was published.
    """
    statements = []
    published = document.published.isoformat() if document.published else ""
    for requirement in sorted(requirements, key=lambda r: (r.ordinal, r.id)):
        usual = usual_year(document, requirement, ended)
        written = _written_years(requirement.quote, document)
        due = [q.deadline for q in requirement.quantities if q.deadline is not None]
        named = bool(written or due) or _due_year(requirement) is not None
        by_year: dict[int, list[Quantity]] = {}
        for quantity in requirement.quantities:
            if quantity.role in (Role.TARGET, Role.CHANGE):
                year = _year_of(quantity, requirement, document, usual)
                if year is not None:
                    by_year.setdefault(year, []).append(quantity)
        if not by_year:
            year = _year_of(None, requirement, document, usual)
            if year is not None:
                by_year[year] = []
        statements += [
            Statement(
                requirement=requirement,
                year=year,
                quantities=tuple(by_year[year]),
                published=published,
                named=named,
            )
            for year in sorted(by_year)
        ]
    return statements


def usual_year(
    document: Document, requirement: Requirement, ended: Mapping[str, int]
) -> int | None:
    """The year that a requirement of a document speaks of where it names none; None where nothing
    tells.

    A rule told as past is one of the year before, and one for a body that is no more, of its last
    year; `ended` gives those (`last_years`).
    """
    if document.planning_years is not None:
        year = document.planning_years.first
    elif document.published is not None:
        year = plans_in_the_making(document.published)
    else:
        return None
    last = [ended[body] for body in requirement.bearer_canonical if body in ended]
    if last and len(last) == len(requirement.bearer_canonical) and max(last) < year:
        return max(last)
    return year - 1 if find_words("past").search(requirement.quote) else year


def plans_in_the_making(day: date) -> int:
    """The start of the financial year that plans were being made for on a day."""
    current = day.year if day.month >= 4 else day.year - 1
    return current + 1 if day.month in _PLANNING_SEASON else current


def last_years(lexicon: Lexicon) -> dict[str, int]:
    """The start of the last financial year of each body that is no more."""
    return {
        body.id: int(financial_year(body.to)[:4])
        for body in lexicon.organisations
        if body.to is not None
    }


def _written_years(text: str, document: Document) -> list[tuple[int, int]]:
    """(place, year) of each planning year that a text names, those that a number is compared with
    left out.

    "Next year" and the like count where a year is written as well, or no date of the requirement
    tells better.
    """
    found = []
    for match in _YEAR.finditer(text):
        if match["first"]:
            first = int(match["first"])
            if (first + 1) % 100 == int(match["last"]) and not find_words("baseline").search(
                text[: match.start()]
            ):
                found.append((match.start(), first))
        elif document.published is not None:
            current = int(financial_year(document.published)[:4])
            step = {"next": 1, "this": 0, "last": -1}[match["relative"].split()[0].lower()]
            found.append((match.start(), current + step))
    return found


def _has_written_year(text: str) -> bool:
    return any(match["first"] for match in _YEAR.finditer(text))


def _due_year(requirement: Requirement) -> int | None:
    due = requirement.deadline.date if requirement.deadline is not None else None
    return int(financial_year(due)[:4]) if due is not None else None


def _year_of(
    quantity: Quantity | None, requirement: Requirement, document: Document, usual: int | None
) -> int | None:
    """The planning year that a number of a requirement, or the requirement itself, counts for.

    Of several years written, the nearest in its part of the sentence ("..., rising to ...").
    """
    if quantity is not None and quantity.deadline is not None:
        return int(financial_year(quantity.deadline)[:4])
    due = _due_year(requirement)
    written = _written_years(requirement.quote, document)
    if written and (due is None or _has_written_year(requirement.quote)):
        at = place_of(quantity, requirement) if quantity is not None else 0
        breaks = [m.start() for m in find_words("part").finditer(requirement.quote)]
        same_part = [w for w in written if bisect(breaks, w[0]) == bisect(breaks, at)]
        return min(same_part or written, key=lambda place: (abs(place[0] - at), place))[1]
    return due if due is not None else usual


def place_of(quantity: Quantity, requirement: Requirement) -> int:
    """Where a number stands in its requirement's quote (code points); 0 where it stands in the
    lead-in.
    """
    if quantity.start is not None and 0 <= quantity.start - requirement.start < len(
        requirement.quote
    ):
        return quantity.start - requirement.start
    return max(0, requirement.quote.find(quantity.text))


def label(year: int) -> str:
    """2025 -> "2025/26"."""
    return f"{year}/{(year + 1) % 100:02d}"
