"""How the pages name things: plain words for codes, dates and numbers as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

MODALITIES: Final[Mapping[str, str]] = {
    "obligation": "Must",
    "prohibition": "Must not",
    "recommendation": "Should",
    "permission": "May",
    "commitment": "Commitment",
    "none": "Target only",
}
KINDS: Final[Mapping[str, str]] = {
    "guidance": "Guidance",
    "board_paper": "Board paper",
    "commentary": "Commentary",
}
RELATIONS: Final[Mapping[str, str]] = {
    "new": "New",
    "dropped": "Dropped",
    "target_changed": "Target changed",
    "strengthened": "Strengthened",
    "weakened": "Weakened",
    "split": "Split",
    "merged": "Merged",
    "reworded": "Reworded",
    "same": "Same",
}
CHANGED: Final = ("target_changed", "strengthened", "weakened", "split", "merged", "reworded")
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
_COMPARATORS: Final[Mapping[str, str]] = {
    ">=": "at least ",
    "<=": "at most ",
    ">": "more than ",
    "<": "less than ",
}
_PERCENT: Final = frozenset({"%", "percent", "per cent", "percentage"})
_POINTS: Final = frozenset({"percentage points", "percentage_points", "pp"})
_UNITS_OF_TIME: Final = frozenset({"minutes", "hours", "days", "weeks", "months", "years"})
_POUNDS: Final = frozenset({"£", "gbp", "pounds", "money"})


def long_date(text: str | None) -> str:
    """A day as people write it: 2026-03-31 as 31 March 2026; other text as it is, None as ""."""
    if not text:
        return ""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}"


def amount(value: float | None, unit: str | None = None, kind: str | None = None) -> str:
    """A number with its unit as people write it: "92%", "£2.5bn", "30 minutes"; "" for None."""
    if value is None:
        return ""
    names = {(unit or "").strip().lower(), (kind or "").strip().lower()}
    if names & _POINTS:
        return f"{_plain(value)} percentage points"
    if names & _PERCENT:
        return f"{_plain(value)}%"
    if names & _POUNDS:
        return _money(value)
    if unit and value == 1 and unit in _UNITS_OF_TIME:
        unit = unit.removesuffix("s")
    return f"{_plain(value)} {unit}" if unit else _plain(value)


def target(
    value: float | None,
    high: float | None,
    comparator: str | None,
    unit: str | None,
    kind: str | None,
) -> str:
    """A target in words: "at least 78%", "40 to 50 beds"; "" where there is no value."""
    if value is None:
        return ""
    if high is not None and high != value:
        low = amount(value, unit, kind)
        top = amount(high, unit, kind)
        bare = _plain(value)
        # "40 to 50 beds" reads better than "40 beds to 50 beds"; "6% to 7%" stays.
        return f"{bare} to {top}" if low.startswith(bare + " ") else f"{low} to {top}"
    return _COMPARATORS.get(comparator or "", "") + amount(value, unit, kind)


def count(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 requirement", "12,345 requirements"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def web_address(text: str | None) -> str:
    """An address that a link may lead to: http and https alone; "" for anything else."""
    return text if text and text.lower().startswith(("https://", "http://")) else ""


def _plain(value: float) -> str:
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _money(value: float) -> str:
    for size, letters in ((1e9, "bn"), (1e6, "m")):
        if abs(value) >= size:
            return f"£{_plain(value / size)}{letters}"
    return f"£{_plain(value)}"
