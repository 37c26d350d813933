"""The documents, and each one to read: its outline, its passages, and every requirement marked
where it stands.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from datasette.utils.asgi import NotFound, Request, Response

from pipeline.web.downloads import list_downloads
from pipeline.web.filters import Address
from pipeline.web.marks import Segment, Span, find_words, split_at_marks
from pipeline.web.site import site_of
from pipeline.wording import KINDS

if TYPE_CHECKING:
    from datasette.app import Datasette

_PART: Final = 250  # passages on one page of the reading view
_FIELDS: Final[Mapping[str, str]] = {
    "title": "title",
    "publisher": "publisher",
    "kind": "kind",
    "planning_year": "planning year",
    "planning_years": "planning year",
    "published": "date",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentGroup:
    """The documents of one kind, latest year first."""

    kind: str
    documents: tuple[Mapping[str, Any], ...]

    @property
    def plans(self) -> bool:
        """Whether any of them plans for a year."""
        return any(document["planning_year"] for document in self.documents)

    @property
    def paged(self) -> bool:
        """Whether any of them has pages."""
        return any(document["pages"] for document in self.documents)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineEntry:
    """A heading with how many requirements stand under it, those of deeper headings not counted."""

    id: str
    heading: str
    level: int
    page: int | None
    requirements: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A passage to read, with its requirements marked; `requirements` are (id, modality) of those
    in it.
    """

    id: str
    kind: str
    marker: str | None
    level: int
    page: int | None
    speaker: str | None
    labels: tuple[str, ...]
    segments: tuple[Segment, ...]
    requirements: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSection:
    """A heading with the passages under it; `heading` is "" for what stands before the first."""

    id: str
    heading: str
    depth: int  # 2 to 6, one deeper than the heading before at most
    passages: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """All that a document's page shows."""

    row: Mapping[str, Any]
    outline: tuple[OutlineEntry, ...]
    sections: tuple[ReadingSection, ...]
    holding: int  # passages that hold a requirement
    forces: tuple[tuple[str, int], ...]
    warnings: tuple[str, ...]
    inferred: tuple[str, ...]
    supersedes: tuple[Mapping[str, Any], ...]
    superseded_by: Mapping[str, Any] | None
    part: int
    parts: int


async def documents(datasette: Datasette, request: Request) -> Response:
    """The page of all documents."""
    site = site_of(datasette)
    await site.check(request)
    groups, quarantined = await site.read(
        lambda connection: site.keep("groups", lambda: load_groups(connection))
    )
    return await site.page(
        request, "documents.html", {"groups": groups, "quarantined": quarantined}
    )


async def document(datasette: Datasette, request: Request) -> Response:
    """The page of one document."""
    site = site_of(datasette)
    await site.check(request)
    identifier = unquote(request.url_vars["id"])
    address = Address.of(
        site, request, f"/document/{request.url_vars['id']}", ("part", "at", "passage")
    )
    page = await site.read(
        lambda connection: load_document(
            connection, identifier, address, site.to_document(identifier)
        )
    )
    if page is None:
        raise NotFound(f"There is no document {identifier!r} in this database.")
    pictures = await site.pictures.pages_of(page.row, (1,))
    return await site.page(
        request,
        "document.html",
        {
            "page": page,
            "address": address,
            "has_pictures": bool(pictures),
            "downloads": list_downloads(site, [("document", identifier)]),
        },
    )


def load_groups(
    connection: sqlite3.Connection,
) -> tuple[tuple[DocumentGroup, ...], tuple[Mapping[str, Any], ...]]:
    """All documents by kind, and the files in quarantine."""
    rows = [dict(row) for row in connection.execute("SELECT * FROM documents ORDER BY title, id")]
    for row in rows:
        row["warnings"] = json.loads(row["warnings"] or "[]")
    rows.sort(key=lambda row: row["planning_year"] or row["published"] or "", reverse=True)
    order = {kind: place for place, kind in enumerate(KINDS)}
    rows.sort(key=lambda row: order.get(row["kind"], len(order)))
    groups = tuple(
        DocumentGroup(kind=kind, documents=tuple(of_kind))
        for kind, of_kind in groupby(rows, key=lambda row: row["kind"])
    )
    quarantined = tuple(
        dict(row) for row in connection.execute("SELECT * FROM quarantine ORDER BY file")
    )
    return groups, quarantined


def load_document(
    connection: sqlite3.Connection, identifier: str, address: Address, href: str
) -> DocumentPage | None:
    """All that the page of this document shows; None where there is no such document."""
    row = connection.execute("SELECT * FROM documents WHERE id = ?", (identifier,)).fetchone()
    if row is None:
        return None
    passages = connection.execute(
        "SELECT id, section_id, ordinal FROM passages WHERE document_id = ? ORDER BY ordinal",
        (identifier,),
    ).fetchall()
    requirements = connection.execute(
        "SELECT * FROM requirements WHERE document_id = ? ORDER BY ordinal", (identifier,)
    ).fetchall()
    sections = connection.execute(
        "SELECT * FROM sections WHERE document_id = ? ORDER BY ordinal", (identifier,)
    ).fetchall()
    part_of = {passage["id"]: place // _PART + 1 for place, passage in enumerate(passages)}
    parts = max(1, ceil(len(passages) / _PART))
    part = _find_part(address, part_of, requirements, parts)
    shown = [passage["id"] for passage in passages[(part - 1) * _PART : part * _PART]]
    forces: dict[str, int] = defaultdict(int)
    for requirement in requirements:
        forces[requirement["modality"]] += 1
    return DocumentPage(
        row=dict(row),
        outline=_outline(sections, passages, requirements, part_of, href),
        sections=_read(connection, sections, shown, requirements),
        holding=len({requirement["passage_id"] for requirement in requirements}),
        forces=tuple(sorted(forces.items(), key=lambda pair: -pair[1])),
        warnings=tuple(json.loads(row["warnings"] or "[]")),
        inferred=tuple(
            dict.fromkeys(_FIELDS.get(f, f) for f in json.loads(row["inferred"] or "[]"))
        ),
        supersedes=_titles(connection, json.loads(row["supersedes"] or "[]")),
        superseded_by=next(iter(_titles(connection, [row["superseded_by"]])), None),
        part=part,
        parts=parts,
    )


def _titles(
    connection: sqlite3.Connection, ids: Sequence[str | None]
) -> tuple[Mapping[str, Any], ...]:
    rows = connection.execute(
        "SELECT id, title FROM documents WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps([identifier for identifier in ids if identifier]),),
    )
    return tuple(dict(row) for row in rows)


def _find_part(
    address: Address,
    part_of: Mapping[str, int],
    requirements: Sequence[Mapping[str, Any]],
    parts: int,
) -> int:
    """The part that an address asks for: by a requirement's id ("at") or a passage's, else by
    number.
    """
    for passage in address.values("passage"):
        return part_of.get(passage, 1)
    wanted = address.values("at")
    if wanted:
        for requirement in requirements:
            if requirement["id"] == wanted[0]:
                return part_of.get(requirement["passage_id"], 1)
    number = address.values("part")
    if number and number[0].isdecimal() and len(number[0]) < 7:
        return min(max(1, int(number[0])), parts)
    return 1


def _outline(
    sections: Sequence[Mapping[str, Any]],
    passages: Sequence[Mapping[str, Any]],
    requirements: Sequence[Mapping[str, Any]],
    part_of: Mapping[str, int],
    href: str,
) -> tuple[OutlineEntry, ...]:
    section_of = {passage["id"]: passage["section_id"] for passage in passages}
    first: dict[str, int] = {}
    for passage in passages:
        first.setdefault(passage["section_id"], part_of[passage["id"]])
    counts: dict[str, int] = defaultdict(int)
    for requirement in requirements:
        counts[section_of.get(requirement["passage_id"], "")] += 1
    entries = []
    part = 1
    # A heading without passages of its own stands where the next one with some does: go from the
    # end.
    for section in reversed(sections):
        part = first.get(section["id"], part)
        entries.append(
            OutlineEntry(
                id=section["id"],
                heading=section["heading"],
                level=section["level"] or 1,
                page=section["page"],
                requirements=counts[section["id"]],
                href=(f"{href}?part={part}" if part > 1 else href) + f"#s-{section['id']}",
            )
        )
    return tuple(reversed(entries))


def _read(
    connection: sqlite3.Connection,
    sections: Sequence[Mapping[str, Any]],
    shown: Sequence[str],
    requirements: Sequence[Mapping[str, Any]],
) -> tuple[ReadingSection, ...]:
    """The passages of one part, under their headings, with what is marked in them."""
    rows = {
        row["id"]: row
        for row in connection.execute(
            "SELECT * FROM passages WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(shown),),
        )
    }
    inside: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for requirement in requirements:
        inside[requirement["passage_id"]].append(requirement)
    headings = {section["id"]: section for section in sections}
    result: list[ReadingSection] = []
    depth = 1
    for section_id, of_section in groupby(
        (rows[passage] for passage in shown if passage in rows), key=lambda row: row["section_id"]
    ):
        heading = headings.get(section_id)
        depth = min(depth + 1, (heading["level"] or 1) + 1, 6) if heading else 2
        result.append(
            ReadingSection(
                id=section_id or "start",
                heading=heading["heading"] if heading else "",
                depth=max(2, depth),
                passages=tuple(_reading(row, inside[row["id"]]) for row in of_section),
            )
        )
    return tuple(result)


def _reading(row: Mapping[str, Any], requirements: Sequence[Mapping[str, Any]]) -> Reading:
    spans: list[Span] = []
    for requirement in requirements:
        spans.append(
            Span(
                start=requirement["quote_start"],
                end=requirement["quote_end"],
                kind="requirement",
                requirement_id=requirement["id"],
            )
        )
        # All of a requirement's marks on every line of a document would be a carpet: here the force
        # is enough.
        spans += find_words(
            row["text"],
            requirement["cue"],
            "cue",
            start=requirement["quote_start"],
            end=requirement["quote_end"],
        )
    return Reading(
        id=row["id"],
        kind=row["kind"],
        marker=row["marker"],
        level=row["level"] or 0,
        page=row["page"],
        speaker=row["speaker"],
        labels=tuple(json.loads(row["labels"] or "[]")),
        segments=split_at_marks(row["text"], spans),
        requirements=tuple((r["id"], r["modality"]) for r in requirements),
    )
