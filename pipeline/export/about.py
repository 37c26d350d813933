"""What an export says of itself: when its database was built, from what, and its filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import sqlite_utils

from pipeline.export.filters import Filters, Selection
from pipeline.wording import count_words, date_words, listed

# The day on which zip's calendar starts: stands where a database does not say when it was built.
NO_DATE: Final = datetime(1980, 1, 1, tzinfo=UTC)
_LICENCES: Final = {
    "OGL-UK-1.0": "the Open Government Licence v1.0",
    "OGL-UK-2.0": "the Open Government Licence v2.0",
    "OGL-UK-3.0": "the Open Government Licence v3.0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A document that an export draws on."""

    id: str
    title: str
    publisher: str | None
    kind: str
    planning_year: str | None
    published: str | None
    source_url: str | None
    licence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What goes with an export's rows; `built` is when the database was made, where it says so.

    `filters` are pairs of what was filtered by and its values, `topics` the order in which topics
    come, `left_out` counts requirements that are missing since a reviewer rejected them.
    """

    title: str
    built: datetime | None = None
    version: str | None = None
    filters: tuple[tuple[str, str], ...] = ()
    documents: tuple[SourceDocument, ...] = ()
    topics: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def left_out_words(self) -> str:
        """How many requirements are missing since a reviewer rejected them; "" for none."""
        if not self.left_out:
            return ""
        are = "is" if self.left_out == 1 else "are"
        return (
            f"{count_words(self.left_out, 'requirement')} that a reviewer rejected {are} left out."
        )

    @property
    def date(self) -> datetime:
        """The time that files carry as that of their making: one database, the same bytes."""
        return (self.built or NO_DATE).replace(microsecond=0)

    @property
    def built_words(self) -> str:
        """When and with what the database was built, in words."""
        when = date_words(self.built.date()) if self.built else "a day not known"
        return f"{when}, with mustdo {self.version}" if self.version else when

    @property
    def filter_words(self) -> str:
        """What the rows were narrowed to, in words."""
        return "; ".join(f"{name}: {value}" for name, value in self.filters) or "none: everything"

    def rank(self, topic: str | None) -> tuple[int, str]:
        """Sorts topics: the known in their order, then others by name, then none."""
        if topic is None:
            return len(self.topics) + 1, ""
        place = self.topics.index(topic) if topic in self.topics else len(self.topics)
        return place, topic


def load_about(
    db: sqlite_utils.Database,
    *,
    title: str,
    filters: Filters,
    selection: Selection,
    topics: Sequence[str] = (),
    left_out: int = 0,
) -> About:
    """What the database says of itself and of the documents selected."""
    built, version = _last_build(db)
    rows = db.query("SELECT * FROM documents ORDER BY planning_year, kind, id")
    return About(
        title=title,
        built=built,
        version=version,
        filters=filters.in_words(),
        topics=tuple(topics),
        left_out=left_out,
        documents=tuple(
            SourceDocument(
                id=row["id"],
                title=row["title"],
                publisher=row["publisher"],
                kind=row["kind"],
                planning_year=row["planning_year"],
                published=row["published"],
                source_url=row["source_url"],
                licence=row["licence"],
            )
            for row in rows
            if selection.documents is None or row["id"] in selection.documents
        ),
    )


def licence_words(documents: Sequence[SourceDocument]) -> str:
    """Under which licences the documents' own words stand, as those licences want it said."""
    open_ones = sorted({d.licence for d in documents if d.licence in _LICENCES})
    named = sorted({d.licence for d in documents if d.licence and d.licence not in _LICENCES})
    unknown = sum(not d.licence for d in documents)
    sentences = [
        f"Contains public sector information licensed under {_LICENCES[licence or '']}."
        for licence in open_ones
    ]
    if named:
        sentences.append(f"Other documents are under {listed(named)}.")
    if unknown:
        sentences.append(
            f"The licence of {count_words(unknown, 'document')} is not known:"
            " ask the publisher before you pass their words on."
        )
    return " ".join(sentences)


def export_title(table: str, filters: Filters) -> str:
    """A heading for an export: "Planning checklist: 2025/26, cancer"."""
    what = {"requirements": "Planning checklist", "links": "Links between requirements"}.get(
        table, "Numbers in the documents"
    )
    values = [value for _, value in filters.in_words()]
    return f"{what}: {'; '.join(values)}" if values else what


def _last_build(db: sqlite_utils.Database) -> tuple[datetime | None, str | None]:
    rows = list(db.query("SELECT finished, version FROM builds ORDER BY id DESC LIMIT 1"))
    if not rows or not rows[0]["finished"]:
        return None, rows[0]["version"] if rows else None
    moment = datetime.fromisoformat(rows[0]["finished"])
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC), rows[0]["version"]
