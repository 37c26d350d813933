"""How a paper speaks of a requirement: does it report, repeat, misstate or contest it?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pipeline.link.numbers import TO_REACH, show_day, show_quantity
from pipeline.link.patterns import find_words
from pipeline.link.text import Wording
from pipeline.records import Quantity, Requirement, Role

_SLACK_DAYS: Final = 45


class Stance(StrEnum):
    """How a paper speaks of a requirement."""

    REPORTS = "reports"
    REPEATS = "repeats"
    MISSTATES = "misstates"
    CONTESTS = "contests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is found out about a mention: its stance, why, and the numbers said and meant."""

    stance: Stance
    reasons: tuple[str, ...] = ()
    numbers: tuple[Quantity, Quantity] | None = None


def read_stance(told: Wording, rule: Wording) -> Reading:
    """How a paper's requirement speaks of the guidance's.

    A wrong number or date comes first, then opinion, then results; what is left repeats.
    """
    quote = told.requirement.quote
    pairs = _comparable(told.requirement, rule.requirement)
    same = next((pair for pair in pairs if _equal(*pair)), None)
    wrong = _wrong_number(told.requirement, rule.requirement, pairs)
    if wrong is not None:
        said, meant = wrong
        reason = f"it says {show_quantity(said)}, the guidance {show_quantity(meant)}"
        return Reading(stance=Stance.MISSTATES, reasons=(reason,), numbers=wrong)
    late = _wrong_date(told.requirement, rule.requirement) if same is not None else None
    if late is not None:
        return Reading(stance=Stance.MISSTATES, reasons=(late,), numbers=same)
    for stance, words in ((Stance.CONTESTS, "contest"), (Stance.REPORTS, "result")):
        found = find_words(words).search(quote)
        if found is not None:
            return Reading(stance=stance, reasons=(f"“{found.group()}”",), numbers=same)
    if any(q.role is Role.STATISTIC for q in told.requirement.quantities):
        return Reading(stance=Stance.REPORTS, reasons=("it gives a result",), numbers=same)
    return Reading(stance=Stance.REPEATS, numbers=same)


def _comparable(told: Requirement, rule: Requirement) -> list[tuple[Quantity, Quantity]]:
    """The numbers to reach of the two that are of one measure and one kind, as (said, meant)."""
    return [
        (said, meant)
        for said in told.quantities
        for meant in rule.quantities
        if said.role is meant.role
        and said.role in TO_REACH
        and said.measure is not None
        and said.measure == meant.measure
        and (said.kind, said.unit or "") == (meant.kind, meant.unit or "")
    ]


def _equal(said: Quantity, meant: Quantity) -> bool:
    return (said.value, said.high) == (meant.value, meant.high)


def _wrong_number(
    told: Requirement, rule: Requirement, pairs: list[tuple[Quantity, Quantity]]
) -> tuple[Quantity, Quantity] | None:
    """The number said and the one meant, where the paper tells the rule with another number.

    A paper's own promise may differ from the rule without misstating it, and where the right number
    stands anywhere in the sentence the other is something else: a result, or last year's.
    """
    right = {(q.kind, q.value) for q in rule.quantities if q.role in TO_REACH}
    if not pairs or any((q.kind, q.value) in right for q in told.quantities):
        return None
    return pairs[0] if _tells_a_rule(told) else None


def _wrong_date(told: Requirement, rule: Requirement) -> str | None:
    """In words, how the date differs where the paper gives the rule another date; else None.

    "By the end of the year" may be meant either way, so only a date with a number in it counts.
    """
    if told.deadline is not None and not any(c.isdigit() for c in told.deadline.text):
        return None
    dates = [
        next(
            (q.deadline for q in r.quantities if q.deadline is not None),
            r.deadline.date if r.deadline is not None else None,
        )
        for r in (told, rule)
    ]
    said, meant = dates
    if said is None or meant is None or abs((said - meant).days) <= _SLACK_DAYS:
        return None
    if not _tells_a_rule(told):
        return None
    return f"it says {show_day(said)}, the guidance {show_day(meant)}"


def _tells_a_rule(told: Requirement) -> bool:
    return told.reported or find_words("duty").search(told.quote) is not None
