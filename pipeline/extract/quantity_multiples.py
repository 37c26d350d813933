"""Multiples and folds: "halve", "double", "twice the rate", "fivefold", "three times a week"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.extract.numbers import ONE_TO_NINE, parse_number
from pipeline.records import QuantityKind

_NUMBER: Final = rf"(?:\d{{1,3}}(?:\.\d)?|{ONE_TO_NINE}(?:\sand\sa\shalf)?|ten|twelve|twenty)"
_FOLD: Final = re.compile(
    r"\b(?:(?P<halve>halve[sd]?|halving)"
    r"|(?P<rise>doubl(?:e[sd]?|ing)|trebl(?:e[sd]?|ing)|tripl(?:e[sd]?|ing)|quadrupl(?:e[sd]?|ing))"
    rf"|(?P<twice>twice|thrice)|(?P<times>{_NUMBER})\stimes|(?P<fold>{_NUMBER})-?fold)\b",
    re.IGNORECASE,
)
_RISES: Final = {"doubl": 100.0, "trebl": 200.0, "tripl": 200.0, "quadr": 300.0}
_VERB_BEFORE: Final = re.compile(
    r"(?:(?:^|[,;:(“]\s?)|\b(?:to|will|must|should|shall|may|can|could|would|might|and|or|has|have"
    r"|had|not|also|they|it|we)\s)(?:more\sthan\s|nearly\s|almost\s|at\sleast\s)?$",
    re.IGNORECASE,
)
_COMPARED: Final = re.compile(
    r"\s(?:the|that|those|these|what|as|its|their|this|our|more|higher|larger|greater|lower|likelier"
    r"|average|national)\b",
    re.IGNORECASE,
)
_OBJECT: Final = re.compile(
    r"\s(?:the|its|their|our|this|that|his|her|what|access|numbers?|spending|capacity|by|in|over"
    r"|from|to)\b|\s?[.,;:]|$",
    re.IGNORECASE,
)
_PERIOD: Final = re.compile(
    r"\s(?:(?:a|an|per|each|every)\s(?P<base>hour|day|week|month|quarter|year|term)"
    r"|(?P<ly>daily|weekly|monthly|yearly|annually))\b",
    re.IGNORECASE,
)
_BASES: Final = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
}
_NOUN_BEFORE: Final = re.compile(r"\b(?:two|both|the|of|equal)\s$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """A multiple at [start, end): `change` tells a rise by so much from so many times as much."""

    start: int
    end: int
    kind: QuantityKind
    value: float
    unit: str | None = None
    change: bool = False


_BEGINNINGS: Final = ("halv", "doubl", "trebl", "tripl", "quadrupl", "twice", "thrice", "fold")


def may_hold_multiple(text: str) -> bool:
    """A quick test that every multiple without a numeral ("ten times") passes."""
    folded = text.lower()
    return any(word in folded for word in _BEGINNINGS)


def find_multiples(text: str) -> list[Multiple]:
    """Every multiple of `text`, in per cent: 50 for halving, 100 for doubling, 200 for twice."""
    multiples = (_read(match, text) for match in _FOLD.finditer(text))
    return [multiple for multiple in multiples if multiple is not None]


def _read(match: re.Match[str], text: str) -> Multiple | None:
    opening = max(0, match.start() - 24)
    if match["halve"]:
        if match["halve"].lower() == "halves" and _NOUN_BEFORE.search(text, opening, match.start()):
            return None  # "two halves"
        return _share(match, 50.0, change=True)
    if match["rise"]:
        return _read_rise(match, text, opening)
    if match["fold"]:
        return _share(match, 100 * parse_number(match["fold"]))
    word = (match["twice"] or "").lower()
    times = {"twice": 2.0, "thrice": 3.0}.get(word) or parse_number(match["times"])
    period = _PERIOD.match(text, match.end())
    if period:
        base = (period["base"] or _BASES[period["ly"].lower()]).lower()
        return Multiple(
            start=match.start(),
            end=period.end(),
            kind=QuantityKind.RATE,
            value=times,
            unit=f"per {base}",
        )
    return _share(match, 100 * times) if _COMPARED.match(text, match.end()) else None


def _read_rise(match: re.Match[str], text: str, opening: int) -> Multiple | None:
    """ "to double the number" is a rise by 100%, "double the average" twice as much."""
    word = match["rise"].lower()
    rise = _RISES[word[:5]]
    if not word.endswith("e") or _VERB_BEFORE.search(text, opening, match.start()):
        return _share(match, rise, change=True) if _OBJECT.match(text, match.end()) else None
    return _share(match, rise + 100) if _COMPARED.match(text, match.end()) else None


def _share(match: re.Match[str], value: float, *, change: bool = False) -> Multiple:
    return Multiple(
        start=match.start(),
        end=match.end(),
        kind=QuantityKind.PERCENTAGE,
        value=round(value, 2),
        change=change,
    )
