"""The reviewers' file as the pages see it: each requirement's state and history, kept until
somebody writes.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasette.utils.asgi import Request

from pipeline.web.reviews import Action, Review, load_reviews
from pipeline.web.settling import UNREVIEWED, Placed, ReviewState, place_in_database, settle
from pipeline.web.site import Site

if TYPE_CHECKING:
    from datasette.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One act with what became of it."""

    review: Review
    undone: bool
    stale: bool
    moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewBook:
    """All reviews, placed on the requirements of the built database; `lost` are acts whose
    requirement is gone.
    """

    reviews: tuple[Review, ...]
    placed: Mapping[int, Placed]
    states: Mapping[str, ReviewState]
    histories: Mapping[str, tuple[HistoryEntry, ...]]
    lost: tuple[Review, ...]

    def state_of(self, requirement_id: str) -> ReviewState:
        """What stands for a requirement."""
        return self.states.get(requirement_id, UNREVIEWED)

    @property
    def statuses(self) -> dict[str, str]:
        """The state's name of each requirement that has one."""
        return {identifier: state.status for identifier, state in self.states.items()}


EMPTY: Final = ReviewBook(reviews=(), placed={}, states={}, histories={}, lost=())


def reviews_database(site: Site) -> Database | None:
    """The database of reviews that this site keeps; None where it is served without one."""
    name = site.setting("reviews") or f"{site.name}-reviews"
    return site.datasette.databases.get(name)


async def open_book(site: Site, request: Request) -> ReviewBook:
    """All reviews as they stand; empty where there are none or the reader may not see them."""
    database = reviews_database(site)
    if database is None:
        return EMPTY
    visible, _ = await site.datasette.check_visibility(
        request.actor, permissions=[("view-database", database.name), "view-instance"]
    )
    if not visible:
        return EMPTY
    latest = await database.execute_fn(_latest)
    if latest == 0:
        return EMPTY
    kept = site.kept_book
    if kept is not None and kept[0] == (latest, site.stamp):
        book: ReviewBook = kept[1]
        return book
    reviews = await database.execute_fn(load_reviews)
    book = await site.read(lambda connection: make_book(connection, reviews))
    site.kept_book = ((latest, site.stamp), book)
    return book


def make_book(connection: sqlite3.Connection, reviews: tuple[Review, ...]) -> ReviewBook:
    """The reviews placed on the requirements of the database that a connection reads."""
    placed = place_in_database(connection, reviews)
    return ReviewBook(
        reviews=reviews,
        placed=placed,
        states=settle(reviews, placed),
        histories=_histories(reviews, placed),
        lost=tuple(_lost(reviews, placed)),
    )


def _histories(
    reviews: Iterable[Review], placed: Mapping[int, Placed]
) -> dict[str, tuple[HistoryEntry, ...]]:
    """The acts on each requirement, latest first; an undone act is shown as such, the undoing not
    apart.
    """
    undone = {review.undoes for review in reviews if review.undoes is not None}
    histories: dict[str, list[HistoryEntry]] = defaultdict(list)
    for review in reviews:
        place = placed[review.id]
        if place.requirement_id is None or review.action is Action.UNDO:
            continue
        entry = HistoryEntry(
            review=review, undone=review.id in undone, stale=place.stale, moved=place.moved
        )
        histories[place.requirement_id].insert(0, entry)
    return {identifier: tuple(entries) for identifier, entries in histories.items()}


def _lost(reviews: Iterable[Review], placed: Mapping[int, Placed]) -> Iterable[Review]:
    undone = {review.undoes for review in reviews if review.undoes is not None}
    for review in reviews:
        if (
            placed[review.id].requirement_id is None
            and review.action is not Action.UNDO
            and review.id not in undone
        ):
            yield review


def _latest(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM reviews").fetchone()[0])
