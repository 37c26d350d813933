"""What reviewers decided, kept in a file of its own so that no rebuild can lose it.

Each act is a row that is never changed; undoing one is a further row. With each goes the wording
that the reviewer saw, by which it is found again after a rebuild: see `settling`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from pipeline.errors import UsageError
from pipeline.records import Modality, stable_id

REVIEWS_APPLICATION_ID: Final = 0x6D726576  # "mrev"
CORRECTABLE: Final = (
    "statement",
    "modality",
    "bearer",
    "bearer_canonical",
    "action",
    "condition",
    "deadline_date",
    "topic",
)
_LONGEST: Final = 4000
_LONGEST_NAME: Final = 80

_SCHEMA: Final = """
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  requirement_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('accept', 'reject', 'correct', 'note', 'assign', 'undo')),
  field TEXT,
  old_value TEXT,
  new_value TEXT,
  note TEXT,
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  undoes INTEGER REFERENCES reviews(id),
  quote TEXT NOT NULL,
  statement TEXT NOT NULL,
  stamp TEXT NOT NULL
);
CREATE INDEX reviews_requirement ON reviews(requirement_id);
CREATE INDEX reviews_undoes ON reviews(undoes);
CREATE VIEW decisions AS
  SELECT id, requirement_id, document_id, action, field, old_value, new_value, note, reviewer, at,
    statement
  FROM reviews
  WHERE action <> 'undo' AND id NOT IN (SELECT undoes FROM reviews WHERE undoes IS NOT NULL);
PRAGMA user_version = 1;
"""


class Action(StrEnum):
    """What a reviewer does."""

    ACCEPT = "accept"
    REJECT = "reject"
    CORRECT = "correct"
    NOTE = "note"
    ASSIGN = "assign"
    UNDO = "undo"


class ReviewError(UsageError):
    """A review that cannot be taken as it is; nothing was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A requirement as far as reviews know it again."""

    id: str
    document_id: str
    quote: str
    statement: str

    @property
    def stamp(self) -> str:
        """A short key of the words: the same as long as they are."""
        return stable_id("wording", self.quote, self.statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One act of a reviewer: `new_value` is a correction's value or an assignment's name, `at` UTC
    in ISO form.
    """

    id: int
    requirement_id: str
    document_id: str
    action: Action
    field: str | None
    old_value: str | None
    new_value: str | None
    note: str | None
    reviewer: str
    at: str
    undoes: int | None
    quote: str
    statement: str
    stamp: str


# ------------------------------------------------------------------------------------------- the
# file


def reviews_path(database: Path) -> Path:
    """Where the reviews of a built database are kept: beside it."""
    return database.with_name(f"{database.stem}-reviews.db")


def create_reviews(path: Path) -> Path:
    """Make the reviewers' file where there is none; raises UsageError where the path holds
    something else.
    """
    try:
        with closing(sqlite3.connect(path)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if application != REVIEWS_APPLICATION_ID:
                if tables:
                    raise UsageError(
                        f"{path} is not a file of reviews. Move it away and start again."
                    )
                connection.executescript(_SCHEMA)
                connection.execute(f"PRAGMA application_id = {REVIEWS_APPLICATION_ID}")
    except sqlite3.DatabaseError as error:
        raise UsageError(
            f"{path} cannot be used for reviews ({error}). Check that its folder may be written to."
        ) from error
    return path


def record_review(
    connection: sqlite3.Connection,
    wording: Wording,
    *,
    action: Action,
    reviewer: str,
    at: datetime,
    field: str | None = None,
    old_value: str | None = None,
    new_value: str | None = None,
    note: str | None = None,
    undoes: int | None = None,
) -> int:
    """Write down one act and return its number; raises ReviewError for what makes no sense, and
    writes nothing.
    """
    reviewer = _one_line(reviewer, _LONGEST_NAME)
    if not reviewer:
        raise ReviewError("Say who you are: a review needs a name.")
    note = _text(note)
    new_value = _text(new_value)
    if action is Action.NOTE and not note:
        raise ReviewError("The note is empty. Write what should be noted.")
    if action is Action.ASSIGN:
        new_value = _one_line(new_value or "", _LONGEST_NAME) or None
    if action is Action.CORRECT:
        new_value = _checked(field, new_value)
        if (new_value or "") == (old_value or ""):
            raise ReviewError("Nothing was changed: the new value is the old one.")
    if action is Action.UNDO:
        _check_undo(connection, undoes)
    with connection:
        cursor = connection.execute(
            "INSERT INTO reviews (requirement_id, document_id, action, field, old_value,"
            " new_value, note, reviewer,"
            " at, undoes, quote, statement, stamp) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                wording.id,
                wording.document_id,
                action.value,
                field if action is Action.CORRECT else None,
                old_value,
                new_value,
                note,
                reviewer,
                at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                undoes,
                wording.quote,
                wording.statement,
                wording.stamp,
            ),
        )
    return int(cursor.lastrowid or 0)


def load_reviews(connection: sqlite3.Connection) -> tuple[Review, ...]:
    """Every act, oldest first."""
    rows = connection.execute(
        "SELECT id, requirement_id, document_id, action, field, old_value, new_value, note,"
        " reviewer, at, undoes,"
        " quote, statement, stamp FROM reviews ORDER BY id"
    )
    names = [column[0] for column in rows.description]
    return tuple(
        Review(**{**dict(zip(names, row, strict=True)), "action": Action(row[3])})
        for row in map(tuple, rows)
    )


def read_reviews(database: Path) -> tuple[Review, ...]:
    """Every act on a built database's requirements, oldest first; none where there is no file of
    reviews.
    """
    path = reviews_path(database)
    if not path.exists():
        return ()
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return load_reviews(connection)


def _checked(field: str | None, value: str | None) -> str | None:
    """A correction's value, fit for its field; raises ReviewError where it is not."""
    if field not in CORRECTABLE:
        raise ReviewError(
            f"{field!r} cannot be corrected. Choose one of: {', '.join(CORRECTABLE)}."
        )
    if field == "statement" and not value:
        raise ReviewError("A statement cannot be empty. Reject the requirement instead.")
    if field == "modality" and value not in {modality.value for modality in Modality}:
        raise ReviewError(f"{value!r} is no force that a requirement can have.")
    if field == "deadline_date" and value:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as error:
            raise ReviewError(f"{value!r} is not a date. Write it as 2026-03-31.") from error
    return value


def _check_undo(connection: sqlite3.Connection, undoes: int | None) -> None:
    row = connection.execute("SELECT action FROM reviews WHERE id = ?", (undoes,)).fetchone()
    if row is None or row[0] == Action.UNDO.value:
        raise ReviewError("There is nothing to undo.")
    if connection.execute("SELECT 1 FROM reviews WHERE undoes = ?", (undoes,)).fetchone():
        raise ReviewError("That was undone already.")


def _text(value: str | None) -> str | None:
    text = (value or "").replace("\x00", "").strip()
    if len(text) > _LONGEST:
        raise ReviewError(f"That is too long: at most {_LONGEST:,} characters.")
    return text or None


def _one_line(value: str, longest: int) -> str:
    return " ".join(value.replace("\x00", "").split())[:longest]
