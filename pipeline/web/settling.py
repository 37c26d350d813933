"""Which requirement each review belongs to now, and what stands of all that was decided.

After a rebuild a review is found again by the requirement's id, else by the likest wording in the
same document. Where the words have changed much, or a number in them has, it is stale: shown, but
not applied.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from rapidfuzz.distance import Indel

from pipeline.export.filters import Decisions
from pipeline.records import Deadline, Modality, Requirement
from pipeline.web.reviews import Action, Review, Wording, read_reviews

# Likeness of two wordings, word by word: from here on one is the other, slightly changed ...
_MOVED: Final = 0.85
# ... and from here on it may be, so that somebody should look.
_STALE: Final = 0.5
_WORD: Final = re.compile(r"\w+(?:[.,/]\w+)*%?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where an act of review belongs now: None where its requirement is gone; `stale` where the
    words changed much.
    """

    requirement_id: str | None
    stale: bool
    moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewState:
    """What stands of all acts on one requirement. `status`: unreviewed, accepted, corrected,
    rejected or stale.
    """

    status: str
    corrections: Mapping[str, str]
    notes: tuple[str, ...]
    assigned_to: str | None
    reviewer: str | None
    at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A requirement with its corrections in place; `corrected` names the fields that a reviewer
    changed.
    """

    requirement: Requirement
    state: ReviewState
    corrected: tuple[str, ...]

    @property
    def rejected(self) -> bool:
        """Whether a reviewer said that it is no requirement."""
        return self.state.status == "rejected"


UNREVIEWED: Final = ReviewState(
    status="unreviewed", corrections={}, notes=(), assigned_to=None, reviewer=None, at=None
)


def place_reviews(
    reviews: Iterable[Review],
    *,
    by_id: Mapping[str, Wording],
    of_document: Callable[[str], Sequence[Wording]],
) -> dict[int, Placed]:
    """For each act, by its number, the requirement that it belongs to now.

    `by_id` holds the requirements of today that have an id named in the reviews; `of_document`
    gives all of one document, for acts whose id is gone.
    """
    placed: dict[int, Placed] = {}
    known: dict[tuple[str, str], Placed] = {}
    for review in reviews:
        key = (review.requirement_id, review.stamp)
        if key not in known:
            known[key] = _place(review, by_id.get(review.requirement_id), of_document)
        placed[review.id] = known[key]
    return placed


def settle(reviews: Sequence[Review], placed: Mapping[int, Placed]) -> dict[str, ReviewState]:
    """What stands for each requirement that has a review; acts that were undone or are stale do not
    count.
    """
    undone = {review.undoes for review in reviews if review.undoes is not None}
    acts: dict[str, list[tuple[Review, bool]]] = defaultdict(list)
    for review in reviews:
        place = placed[review.id]
        if review.action is Action.UNDO or review.id in undone or place.requirement_id is None:
            continue
        acts[place.requirement_id].append((review, place.stale))
    return {identifier: _settle_one(of_one) for identifier, of_one in acts.items()}


def apply_reviews(
    requirements: Sequence[Requirement], reviews: Sequence[Review]
) -> tuple[Reviewed, ...]:
    """The requirements, in the order given, with what reviewers corrected in place; rejected ones
    stay, marked.
    """
    wordings = [wording_of(requirement) for requirement in requirements]
    of_document: dict[str, list[Wording]] = defaultdict(list)
    for wording in wordings:
        of_document[wording.document_id].append(wording)
    placed = place_reviews(
        reviews,
        by_id={wording.id: wording for wording in wordings},
        of_document=lambda document: of_document.get(document, []),
    )
    states = settle(reviews, placed)
    return tuple(
        _apply(requirement, states.get(requirement.id, UNREVIEWED)) for requirement in requirements
    )


def load_decisions(database: Path) -> Decisions:
    """What reviewers decided in a built database, as exports take it.

    A corrected field that was emptied is None; `bearer_canonical` is a list. Stale corrections are
    left out.
    """
    states = load_states(database)
    return Decisions(
        corrections={
            identifier: {
                field: _exported(field, value) for field, value in state.corrections.items()
            }
            for identifier, state in states.items()
            if state.corrections and state.status != "stale"
        },
        statuses={identifier: state.status for identifier, state in states.items()},
    )


def load_states(database: Path) -> dict[str, ReviewState]:
    """What stands for each requirement of a built database that has a review."""
    reviews = read_reviews(database)
    if not reviews:
        return {}
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return settle(reviews, place_in_database(connection, reviews))


def place_in_database(
    connection: sqlite3.Connection, reviews: Sequence[Review]
) -> dict[int, Placed]:
    """For each act, by its number, the requirement that it belongs to in the database that a
    connection reads.
    """
    ids = sorted({review.requirement_id for review in reviews})
    by_id = {
        row[0]: _wording(row)
        for row in connection.execute(
            "SELECT id, document_id, quote, statement FROM requirements"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
    }
    known: dict[str, list[Wording]] = {}

    def of_document(document: str) -> list[Wording]:
        if document not in known:
            rows = connection.execute(
                "SELECT id, document_id, quote, statement FROM requirements WHERE document_id = ?"
                " ORDER BY ordinal",
                (document,),
            )
            known[document] = [_wording(row) for row in rows]
        return known[document]

    return place_reviews(reviews, by_id=by_id, of_document=of_document)


def wording_of(requirement: Requirement) -> Wording:
    """What reviews know a requirement again by."""
    return Wording(
        id=requirement.id,
        document_id=requirement.document_id,
        quote=requirement.quote,
        statement=requirement.statement,
    )


def likeness(before: str, after: str) -> float:
    """How alike two wordings are, word by word in order, from 0 to 1."""
    return float(Indel.normalized_similarity(_words(before), _words(after)))


def _place(
    review: Review, same_id: Wording | None, of_document: Callable[[str], Sequence[Wording]]
) -> Placed:
    if same_id is not None:
        stale = review.stamp != same_id.stamp and not _is_slight(
            review.statement, same_id.statement
        )
        return Placed(requirement_id=same_id.id, stale=stale, moved=False)
    best: Wording | None = None
    score = 0.0
    for wording in of_document(review.document_id):
        alike = (
            likeness(review.quote, wording.quote) + likeness(review.statement, wording.statement)
        ) / 2
        if alike > score:
            best, score = wording, alike
    if best is None or score < _STALE:
        return Placed(requirement_id=None, stale=True, moved=False)
    stale = score < _MOVED or _numbers(review.statement) != _numbers(best.statement)
    return Placed(requirement_id=best.id, stale=stale, moved=True)


def _is_slight(before: str, after: str) -> bool:
    """Whether two wordings differ so little that what was said of one holds for the other."""
    return likeness(before, after) >= _MOVED and _numbers(before) == _numbers(after)


def _settle_one(acts: Sequence[tuple[Review, bool]]) -> ReviewState:
    decision: Review | None = None
    corrections: dict[str, str] = {}
    notes: list[str] = []
    assigned_to: str | None = None
    is_stale = False
    for review, stale in acts:
        # Who looks after a requirement, and what was noted, holds whatever becomes of its words.
        if review.action is Action.ASSIGN:
            assigned_to = review.new_value
        elif review.action is Action.NOTE and review.note:
            notes.append(review.note)
        elif stale:
            is_stale = True
        else:
            decision, is_stale = review, False
            if review.action is Action.CORRECT and review.field:
                corrections[review.field] = review.new_value or ""
    status = "unreviewed"
    if is_stale:
        status = "stale"
    elif decision is not None:
        status = (
            "rejected"
            if decision.action is Action.REJECT
            else "corrected"
            if corrections
            else "accepted"
        )
    return ReviewState(
        status=status,
        corrections=corrections,
        notes=tuple(notes),
        assigned_to=assigned_to,
        reviewer=decision.reviewer if decision else None,
        at=decision.at if decision else None,
    )


def _apply(requirement: Requirement, state: ReviewState) -> Reviewed:
    if state.status == "stale" or not state.corrections:
        return Reviewed(requirement=requirement, state=state, corrected=())
    changes: dict[str, Any] = {}
    for field, value in state.corrections.items():
        if field == "modality":
            changes[field] = Modality(value)
        elif field == "bearer_canonical":
            changes[field] = (value,) if value else ()
        elif field == "deadline_date":
            text = requirement.deadline.text if requirement.deadline else value
            changes["deadline"] = (
                Deadline(text=text, date=date.fromisoformat(value)) if value else None
            )
        elif field == "statement":
            changes[field] = value
        else:
            changes[field] = value or None
    return Reviewed(
        requirement=replace(requirement, **changes),
        state=state,
        corrected=tuple(sorted(state.corrections)),
    )


def _wording(row: Sequence[Any]) -> Wording:
    return Wording(id=row[0], document_id=row[1], quote=row[2], statement=row[3])


def _exported(field: str, value: str) -> Any:
    if field == "bearer_canonical":
        return [value] if value else []
    return value or None


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _numbers(text: str) -> list[str]:
    return [word for word in _words(text) if word[0].isdigit()]
