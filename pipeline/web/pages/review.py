"""Reviewing: who may, the form's answers written down, and the page of what is to do and what was
done.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from datasette.utils.asgi import Forbidden, NotFound, Request, Response

from pipeline.web.changes import Side, load_sides
from pipeline.web.review_book import HistoryEntry, ReviewBook, open_book, reviews_database
from pipeline.web.reviews import Action, Review, ReviewError, Wording, record_review
from pipeline.web.settling import ReviewState
from pipeline.web.site import Site, site_of
from pipeline.wording import FIELDS, MODALITIES, REVIEW_STATUSES

if TYPE_CHECKING:
    from datasette.app import Datasette

PERMISSION: Final = "mustdo-review"
_COOKIE: Final = "mustdo_reviewer"
_A_YEAR_S: Final = 365 * 24 * 3600
_RECENT: Final = 50
_UNSURE: Final = 10
_LEAST_SURE: Final = (
    "SELECT r.id, r.confidence FROM requirements r JOIN documents d ON d.id = r.document_id"
    " WHERE d.kind = 'guidance' AND d.superseded_by IS NULL"
    " AND r.id NOT IN (SELECT value FROM json_each(?)) ORDER BY r.confidence, r.id LIMIT ?"
)
_DONE: Final[Mapping[Action, str]] = {
    Action.ACCEPT: "Accepted.",
    Action.REJECT: "Rejected.",
    Action.CORRECT: "Correction saved.",
    Action.NOTE: "Note saved.",
    Action.ASSIGN: "Assignment saved.",
    Action.UNDO: "Undone.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Who is asking: whether they may review, the name it goes under, and whether they type that
    name themselves.
    """

    allowed: bool
    name: str
    types_name: bool
    needs_login: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPanel:
    """What a requirement's page shows of its review, with the choices that its form offers."""

    reviewer: Reviewer
    state: ReviewState
    history: tuple[HistoryEntry, ...]
    values: Mapping[str, str]  # each field as it stands, corrections included
    topics: tuple[str, ...]
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A requirement with its state, for the lists of the review page; `confidence` is from 0 to 1,
    None where the list does not tell it.
    """

    side: Side
    state: ReviewState
    confidence: float | None = None


async def find_reviewer(site: Site, request: Request) -> Reviewer:
    """Who is asking, as far as reviewing goes."""
    actor = request.actor
    needs_login = site.setting("review_by", "login") != "name"
    allowed = reviews_database(site) is not None and await site.datasette.permission_allowed(
        actor, PERMISSION, default=False
    )
    if actor:
        name = str(actor.get("display") or actor.get("name") or actor.get("id") or "")
        return Reviewer(allowed=bool(allowed), name=name, types_name=False, needs_login=needs_login)
    typed = "" if needs_login else unquote(request.cookies.get(_COOKIE, ""))[:80]
    return Reviewer(
        allowed=bool(allowed), name=typed, types_name=not needs_login, needs_login=needs_login
    )


async def load_panel(
    site: Site, request: Request, row: Mapping[str, Any], bodies: tuple[str, ...]
) -> ReviewPanel:
    """What the page of a requirement shows of its review."""
    book = await open_book(site, request)
    state = book.state_of(row["id"])
    values = {
        field: str(
            (bodies[0] if bodies else "") if field == "bearer_canonical" else row[field] or ""
        )
        for field in FIELDS
    }
    topics, all_bodies = await site.read(
        lambda connection: site.keep("choices", lambda: _choices(connection))
    )
    return ReviewPanel(
        reviewer=await find_reviewer(site, request),
        state=state,
        history=book.histories.get(row["id"], ()),
        values={**values, **state.corrections},
        topics=topics,
        bodies=all_bodies,
    )


async def post_review(datasette: Datasette, request: Request) -> Response:
    """Write down what a requirement's form sent, and show the page again."""
    site = site_of(datasette)
    await site.check(request)
    identifier = unquote(request.url_vars["id"])
    if request.method != "POST":
        return Response.redirect(site.to_requirement(identifier))
    reviewer = await find_reviewer(site, request)
    if not reviewer.allowed:
        raise Forbidden("Log in to review." if reviewer.needs_login else "You may not review here.")
    form = await request.post_vars()
    row = await site.read(
        lambda connection: connection.execute(
            "SELECT * FROM requirements WHERE id = ?", (identifier,)
        ).fetchone()
    )
    if row is None:
        raise NotFound(f"There is no requirement {identifier} in this database.")
    name = (form.get("reviewer") or reviewer.name) if reviewer.types_name else reviewer.name
    response = Response.redirect(f"{site.to_requirement(identifier)}#review")
    response.status = 303
    try:
        action = await _record(site, request, dict(row), form, name)
        datasette.add_message(request, _DONE[action], datasette.INFO)
    except ReviewError as error:
        datasette.add_message(request, str(error), datasette.ERROR)
        return response
    if reviewer.types_name:
        response.set_cookie(
            _COOKIE,
            quote(name[:80]),
            max_age=_A_YEAR_S,
            httponly=True,
            samesite="lax",
            path=site.link("/"),
        )
    return response


async def review_home(datasette: Datasette, request: Request) -> Response:
    """The page of what is assigned, what to look at again, and what was done last."""
    site = site_of(datasette)
    await site.check(request)
    book = await open_book(site, request)
    reviewer = await find_reviewer(site, request)
    content = await site.read(lambda connection: _load_home(connection, book, reviewer.name))
    return await site.page(
        request,
        "review.html",
        {**content, "reviewer": reviewer, "lost": book.lost},
    )


def may_review(site: Site, actor: Mapping[str, Any] | None) -> bool:
    """Whether an actor may review where metadata says nothing else: anybody on a machine's own
    server, else the known.
    """
    return bool(actor) or site.setting("review_by", "login") == "name"


async def _record(
    site: Site, request: Request, row: Mapping[str, Any], form: Mapping[str, str], name: str
) -> Action:
    # The button beside a field sends the field's name alone.
    given = form.get("action") or ("correct" if form.get("field") else "")
    try:
        action = Action(given)
    except ValueError as error:
        raise ReviewError(
            "Say what to do: accept, reject, correct, note, assign or undo."
        ) from error
    field = form.get("field") if action is Action.CORRECT else None
    old_value: str | None = None
    if field:
        book = await open_book(site, request)
        old_value = book.state_of(row["id"]).corrections.get(field) or _value(row, field)
    undoes = form.get("undoes", "")
    wording = Wording(
        id=row["id"], document_id=row["document_id"], quote=row["quote"], statement=row["statement"]
    )
    new_value = form.get(f"value_{field}") if field else form.get("assignee")
    database = reviews_database(site)
    assert database is not None  # only then is anybody allowed to review

    def write(connection: sqlite3.Connection) -> int:
        return record_review(
            connection,
            wording,
            action=action,
            reviewer=name,
            at=datetime.now(UTC),
            field=field,
            old_value=old_value,
            new_value=new_value if action in (Action.CORRECT, Action.ASSIGN) else None,
            note=form.get("note") if action is not Action.UNDO else None,
            undoes=int(undoes) if action is Action.UNDO and undoes.isdecimal() else None,
        )

    await database.execute_write_fn(write)
    return action


def _value(row: Mapping[str, Any], field: str) -> str | None:
    """A field of a requirement as a form shows it."""
    if field not in FIELDS:
        return None
    value = row[field]
    if field == "bearer_canonical":
        return (value or "[]").strip('[]"') or None
    return str(value) if value is not None else None


def _choices(connection: sqlite3.Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    topics = connection.execute(
        "SELECT DISTINCT topic FROM requirements WHERE topic IS NOT NULL ORDER BY topic"
    )
    bodies = connection.execute("SELECT id FROM organisations ORDER BY id COLLATE NOCASE")
    return tuple(row[0] for row in topics), tuple(row[0] for row in bodies)


def _load_home(connection: sqlite3.Connection, book: ReviewBook, name: str) -> dict[str, Any]:
    total = connection.execute("SELECT count(*) FROM requirements").fetchone()[0]
    counts = Counter(state.status for state in book.states.values())
    counts["unreviewed"] = total - sum(n for status, n in counts.items() if status != "unreviewed")
    mine = [
        identifier
        for identifier, state in book.states.items()
        if state.assigned_to
        and state.assigned_to.casefold() == name.casefold()
        and state.status == "unreviewed"
    ]
    stale = [identifier for identifier, state in book.states.items() if state.status == "stale"]
    recent: list[tuple[str, HistoryEntry]] = sorted(
        (
            (identifier, entry)
            for identifier, entries in book.histories.items()
            for entry in entries
        ),
        key=lambda pair: pair[1].review.id,
        reverse=True,
    )[:_RECENT]
    done = [i for i, state in book.states.items() if state.status != "unreviewed"]
    unsure = connection.execute(_LEAST_SURE, (json.dumps(done), _UNSURE)).fetchall()
    wanted = [*mine, *stale, *(i for i, _ in recent), *(i for i, _ in unsure)]
    sides = load_sides(connection, wanted)
    return {
        "counts": [(status, name, counts[status]) for status, name in REVIEW_STATUSES.items()],
        "total": total,
        "mine": [ReviewItem(side=sides[i], state=book.states[i]) for i in mine if i in sides],
        "stale_items": [
            ReviewItem(side=sides[i], state=book.states[i]) for i in stale if i in sides
        ],
        "unsure": [
            ReviewItem(side=sides[i], state=book.state_of(i), confidence=confidence)
            for i, confidence in unsure
            if i in sides
        ],
        "recent": [(sides[i], entry) for i, entry in recent if i in sides],
    }


def describe(review: Review) -> str:
    """One act in words: "corrected the force from Should to Must"."""
    if review.action is Action.CORRECT:
        names = MODALITIES if review.field == "modality" else {}
        before = names.get(review.old_value or "", review.old_value or "nothing")
        after = names.get(review.new_value or "", review.new_value or "nothing")
        if review.field == "statement":
            return "corrected the statement"
        field = FIELDS.get(review.field or "", review.field or "").lower()
        what = field if review.field == "bearer" else f"the {field}"
        return f"corrected {what} from {before} to {after}"
    if review.action is Action.ASSIGN:
        return (
            f"assigned it to {review.new_value}" if review.new_value else "took off the assignment"
        )
    return {Action.ACCEPT: "accepted it", Action.REJECT: "rejected it", Action.NOTE: "noted"}.get(
        review.action, review.action.value
    )
