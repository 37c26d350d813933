"""Plain words for codes, numbers, dates and places: the same on every page and in every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

Row = Mapping[str, Any]

MODALITIES: Final[Mapping[str, str]] = {
    "obligation": "Must",
    "prohibition": "Must not",
    "recommendation": "Should",
    "permission": "May",
    "commitment": "Commitment",
    "none": "Target only",
}
# In the order in which a reader wants them: what is asked anew, what is gone, what became
# different.
RELATIONS: Final[Mapping[str, str]] = {
    "new": "New",
    "dropped": "Dropped",
    "target_changed": "Target changed",
    "strengthened": "Strengthened",
    "weakened": "Weakened",
    "reworded": "Reworded",
    "split": "Split",
    "merged": "Merged",
    "same": "Same",
}
# What a link that is not "the same asked again" may say besides.
CHANGED: Final = ("target_changed", "strengthened", "weakened", "reworded", "split", "merged")
KINDS: Final[Mapping[str, str]] = {
    "guidance": "Guidance",
    "board_paper": "Board paper",
    "commentary": "Commentary",
}
# Over a list or beside a count.
KINDS_OF_SEVERAL: Final[Mapping[str, str]] = {**KINDS, "board_paper": "Board papers"}
ROLES: Final[Mapping[str, str]] = {
    "target": "to be reached",
    "change": "to change by",
    "threshold": "part of the measure",
    "statistic": "a fact",
    "allocation": "money or a share given",
}
STANCES: Final[Mapping[str, str]] = {
    "reports": "Reports progress",
    "repeats": "Repeats it",
    "misstates": "States it otherwise",
    "contests": "Contests it",
}
OUTCOMES: Final[Mapping[str, str]] = {
    "encrypted": "Locked with a password",
    "corrupt": "Damaged",
    "zero_pages": "Has no pages",
    "empty": "Empty",
    "ocr_needed": "A scan without text",
    "too_large": "Too large",
    "timed_out": "Took too long",
    "unsupported": "Of a kind that is not read",
}
FIELDS: Final[Mapping[str, str]] = {
    "statement": "Statement",
    "modality": "Force",
    "bearer": "Who is bound",
    "bearer_canonical": "Type of body",
    "action": "Action",
    "condition": "Condition",
    "deadline_date": "Due date",
    "topic": "Topic",
}
# In the order of filters; the first is that of a requirement nobody has looked at.
REVIEW_STATUSES: Final[Mapping[str, str]] = {
    "unreviewed": "Not reviewed",
    "accepted": "Accepted",
    "corrected": "Corrected",
    "rejected": "Rejected",
    "stale": "To look at again",
}
NO_TOPIC: Final = "No topic"
TARGET_ROLES: Final = ("target", "change")
_COMPARATORS: Final[Mapping[str, str]] = {
    ">=": "at least ",
    "<=": "at most ",
    ">": "more than ",
    "<": "less than ",
}
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def topic_words(topic: str | None) -> str:
    """ "urgent care" as "Urgent care"; None as "No topic"."""
    return topic[:1].upper() + topic[1:] if topic else NO_TOPIC


def relation_words(relation: str) -> str:
    """How a link's or change's relation is called, mentions included: "Target changed"."""
    return RELATIONS.get(relation, relation.capitalize())


def year_words(years: str | None) -> str:
    """A document's planning years: "2026/27-2028/29" as "2026/27 to 2028/29"; None as ""."""
    return " to ".join((years or "").split("-"))


def date_words(day: str | date | None) -> str:
    """ "2026-03-31" or that date as "31 March 2026"; text that is no date as it is, None as ""."""
    if day is None:
        return ""
    if isinstance(day, date):
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    try:
        return date_words(date.fromisoformat(day[:10]))
    except ValueError:
        return day


def number_words(value: float) -> str:
    """A number with thousands parted and no idle decimals: 1,200, 7.5."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def amount_words(value: float | None, *, kind: str | None = None, unit: str | None = None) -> str:
    """A number with its unit as people write it: "92%", "£2.5bn", "4 hours", "12 per 100,000".

    Where `kind` is not known the unit tells it. None is "".
    """
    if value is None:
        return ""
    named = (unit or "").strip()
    known = kind or _KIND_OF_UNIT.get(named.lower())
    if known == "percentage":
        return f"{number_words(value)}%"
    if known == "percentage_points":
        return f"{number_words(value)} percentage point{'' if abs(value) == 1 else 's'}"
    if known == "money":
        per = f" {named}" if named.lower() not in _KIND_OF_UNIT and named else ""
        return _money(value) + per
    if not named:
        return number_words(value)
    if value == 1 and (known == "duration" or named in _UNITS_OF_TIME) and named.endswith("s"):
        named = named[:-1]
    return f"{number_words(value)} {named}"


_UNITS_OF_TIME: Final = frozenset({"minutes", "hours", "days", "weeks", "months", "years"})
_KIND_OF_UNIT: Final[Mapping[str, str]] = {
    "%": "percentage",
    "per cent": "percentage",
    "percent": "percentage",
    "percentage": "percentage",
    "percentage point": "percentage_points",
    "percentage points": "percentage_points",
    "percentage_points": "percentage_points",
    "pp": "percentage_points",
    "£": "money",
    "gbp": "money",
    "pounds": "money",
    "money": "money",
}


def value_words(
    value: float | None,
    high: float | None,
    comparator: str | None,
    *,
    kind: str | None,
    unit: str | None,
) -> str:
    """A value with how it is meant: "at least 78%", "40 to 50 beds"; "" where there is none."""
    if value is None:
        return ""
    worded = amount_words(value, kind=kind, unit=unit)
    if high is None or high == value:
        return _COMPARATORS.get(comparator or "", "") + worded
    bare, top = number_words(value), amount_words(high, kind=kind, unit=unit)
    # "40 to 50 beds" reads better than "40 beds to 50 beds"; "6% to 7%" stays.
    return f"{bare} to {top}" if worded.startswith(f"{bare} ") else f"{worded} to {top}"


def quantity_words(quantity: Row) -> str:
    """A Quantity in words: "at least 78%", "40 to 50 beds", "by 5 percentage points"."""
    worded = value_words(
        quantity["value"],
        quantity["high"],
        quantity["comparator"],
        kind=quantity["kind"],
        unit=quantity["unit"],
    )
    if not worded:
        return str(quantity["text"])
    return f"by {worded}" if quantity["role"] == "change" else worded


def targets_of(row: Row) -> tuple[Row, ...]:
    """The Quantities of a requirement that are to be reached or to change by."""
    return tuple(q for q in row["quantities"] if q["role"] in TARGET_ROLES)


def due_date(row: Row, quantity: Row | None = None) -> str | None:
    """The ISO date by which a requirement, or a number of it, is due; None where none is told."""
    own = quantity["deadline"] if quantity is not None else None
    stated = row["deadline"]["date"] if row["deadline"] else None
    return own or stated


def target_words(row: Row) -> tuple[str, ...]:
    """Each target number of a requirement with its date: "at least 78% by 31 March 2026".

    Where there are several of different measures, each says what it measures, and so does a count
    without a unit.
    """
    targets = targets_of(row)
    several = len({quantity["metric"] for quantity in targets}) > 1
    worded = []
    for quantity in targets:
        words = quantity_words(quantity)
        bare = quantity["kind"] == "count" and not quantity["unit"]
        if quantity["metric"] and (bare or several):
            words += f" ({quantity['metric']})"
        due = due_date(row, quantity)
        if due:
            words += f"{',' if quantity['role'] == 'change' else ''} by {date_words(due)}"
        worded.append(words)
    return tuple(dict.fromkeys(worded))


def bearer_words(row: Row) -> str:
    """Who is bound: the words as written, else the types of body; "" where nobody is named."""
    return row["bearer"] or ", ".join(row["bearer_canonical"])


def source_words(row: Row) -> str:
    """Where a requirement stands: "Operational planning guidance 2025/26, page 4"."""
    title = row.get("title") or row["document"]
    return f"{title}, page {row['page']}" if row["page"] is not None else str(title)


def places_words(rows: Sequence[Row]) -> str:
    """Where in their documents requirements stand: "on pages 4 and 7"; without pages, by heading:
    "under Urgent care".
    """
    pages = sorted({row["page"] for row in rows if row["page"] is not None})
    headings = dict.fromkeys(
        row["section"].rpartition(" > ")[2] or source_words(row)
        for row in rows
        if row["page"] is None
    )
    words = []
    if pages:
        numbers = listed([str(page) for page in pages])
        words.append(f"on {'page' if len(pages) == 1 else 'pages'} {numbers}")
    if headings:
        words.append(f"under {listed(list(headings))}")
    return listed(words)


def count_words(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 requirement", "12,345 requirements"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _money(value: float) -> str:
    for size, letters in ((1e9, "bn"), (1e6, "m")):
        if abs(value) >= size:
            return f"£{number_words(value / size)}{letters}"
    return f"£{number_words(value)}"
