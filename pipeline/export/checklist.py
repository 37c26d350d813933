"""A checklist: which requirements are to be ticked off, in what order, and what its columns say.

Shared by the formats in which a checklist can be had, and by carrying a filled-in one forward.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Final

from pipeline.export.about import About
from pipeline.wording import (
    KINDS,
    MODALITIES,
    bearer_words,
    due_date,
    source_words,
    target_words,
    targets_of,
    topic_words,
)

Row = Mapping[str, Any]

STATUSES: Final = ("Not started", "In progress", "Done", "At risk", "Not applicable")
NOT_STARTED: Final = STATUSES[0]

NUMBER: Final = "No."
TOPIC: Final = "Topic"
WHO: Final = "Who"
WHAT: Final = "What"
FORCE: Final = "Force"
TARGET: Final = "Target"
DEADLINE: Final = "Deadline"
CONDITION: Final = "Condition"
STATUS: Final = "Status"
OWNER: Final = "Owner"
NOTES: Final = "Notes"
LAST_YEAR: Final = "Last year"
CHANGE: Final = "Change"
LAST_WORDING: Final = "Last year's wording"
SOURCE: Final = "Source"
SECTION: Final = "Section"
QUOTE: Final = "Quote"
CONFIDENCE: Final = "Confidence"
ID: Final = "Id"
# Every column that a checklist of ours can have; any other is its reader's own.
HEADERS: Final = (
    NUMBER, TOPIC, WHO, WHAT, FORCE, TARGET, DEADLINE, CONDITION, STATUS, OWNER, NOTES, LAST_YEAR,
    CHANGE, LAST_WORDING, SOURCE, SECTION, QUOTE, CONFIDENCE, ID,
)  # fmt: skip

# What stands over the rows that are no part of the checklist itself.
ALSO_SAID: Final = (
    "Nothing to tick off: what guidance leaves free, board papers, commentary, and documents that "
    "a later one has replaced."
)
# Before each filter that the sheet "About" names, so that next year's checklist can be narrowed to
# the same.
FILTER_PREFIX: Final = "Filter: "

# What a reviewer's word makes of the confidence.
_REVIEWED: Final = {"accepted": "Reviewed", "corrected": "Reviewed", "rejected": "Rejected"}
_KIND_ORDER: Final = {"guidance": 0, "board_paper": 1, "commentary": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A requirement to tick off, with what people noted; `extra` are cells of further columns."""

    row: Row
    status: str = NOT_STARTED
    owner: str | None = None
    notes: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """Requirements to tick off, in their order; `aside` are those that are not, with why."""

    rows: tuple[Row, ...]
    aside: tuple[tuple[str, Row], ...]


def arrange(rows: Iterable[Row], about: About) -> Checklist:
    """Rows by topic, in reading order; what nobody has to tick off aside, each with why.

    Aside go what leaves free, what is told of other people's requirements, and, beside guidance
    that stands, all else: board papers, commentary, and documents that a later one has replaced.
    Where nothing is left to tick off, everything is the checklist.
    """
    asked: list[Row] = []
    aside: list[tuple[str, Row]] = []
    for row in rows:
        if row["modality"] == "permission":
            aside.append(("Leaves free to do it", row))
        elif row["reported"]:
            aside.append(("Tells of what others ask", row))
        else:
            asked.append(row)
    kept = [row for row in asked if _why_beside_guidance(row) is None] or asked
    ids = {row["id"] for row in kept}
    aside += [(_why_beside_guidance(row) or "", row) for row in asked if row["id"] not in ids]
    if not kept:
        kept, aside = [row for _, row in aside], []
    kept.sort(key=lambda row: _order(row, about))
    aside.sort(key=lambda pair: _order(pair[1], about))
    return Checklist(rows=tuple(kept), aside=tuple(aside))


def by_topic(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Arranged rows, topic by topic under its words."""
    for topic, group in groupby(rows, key=lambda row: row["topic"]):
        yield topic_words(topic), list(group)


def deadline_of(row: Row) -> date | str | None:
    """Its date, else the first of its targets' dates, else the words that name no date."""
    dates = sorted(filter(None, (due_date(row, quantity) for quantity in targets_of(row))))
    stated = due_date(row) or (dates[0] if dates else None)
    if stated is not None:
        return date.fromisoformat(stated)
    text = row["deadline"]["text"] if row["deadline"] else None
    return text if text else None


def cells_of(row: Row) -> dict[str, Any]:
    """What a requirement says in the columns that are not its owner's."""
    return {
        TOPIC: topic_words(row["topic"]),
        WHO: bearer_words(row),
        WHAT: row["statement"],
        FORCE: MODALITIES.get(row["modality"], row["modality"]),
        TARGET: "\n".join(target_words(row)),
        DEADLINE: deadline_of(row),
        CONDITION: row["condition"],
        SOURCE: source_words(row),
        SECTION: row["section"],
        QUOTE: row["quote"],
        CONFIDENCE: _REVIEWED.get(row.get("review", ""), row["confidence"]),
        ID: row["id"],
    }


def _why_beside_guidance(row: Row) -> str | None:
    """Why a requirement is not on the checklist that guidance makes; None where it is."""
    if row.get("superseded_by"):
        return "Replaced by a later document"
    return None if row["kind"] == "guidance" else KINDS.get(row["kind"], row["kind"])


def _order(row: Row, about: About) -> tuple[object, ...]:
    return (
        about.rank(row["topic"]),
        _KIND_ORDER.get(row["kind"], len(_KIND_ORDER)),
        row["planning_year"] or "",
        row["document"],
        row.get("ordinal") or 0,
        row["id"],
    )
