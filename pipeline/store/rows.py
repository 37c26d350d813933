"""Each record as a row of its table."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec

from pipeline.records import (
    Change,
    Document,
    Figure,
    Link,
    PairLinks,
    Passage,
    Requirement,
    Role,
    Section,
    TargetPoint,
    stable_id,
)

Row = dict[str, Any]


def document_row(document: Document) -> Row:
    years = document.planning_years
    return {
        "id": document.id,
        "title": document.title,
        "publisher": document.publisher,
        "kind": document.kind.value,
        "planning_year": str(years) if years else None,
        "published": to_iso(document.published),
        "file": document.file,
        "format": document.format.value,
        "pages": document.pages,
        "source_url": document.source_url,
        "licence": document.licence,
        "supersedes": to_json(document.supersedes),
        "inferred": to_json(document.inferred),
        "warnings": to_json(document.warnings),
        "sha256": document.sha256,
    }


def section_row(section: Section) -> Row:
    return {
        "id": section.id,
        "document_id": section.document_id,
        "ordinal": section.ordinal,
        "level": section.level,
        "heading": section.heading,
        "path": section.path,
        "page": section.page,
    }


def passage_row(passage: Passage, sections: dict[str, Section]) -> Row:
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "section_id": passage.section_id if passage.section_id in sections else None,
        "ordinal": passage.ordinal,
        "kind": passage.kind.value,
        "text": passage.text,
        "stems": to_json(passage.stems),
        "labels": to_json(passage.labels),
        "marker": passage.marker,
        "level": passage.level,
        "speaker": passage.speaker,
        "page": passage.page,
        "char_offset": passage.offset,
        "boxed": int(passage.boxed),
        "places": to_json(
            [
                [p.start, p.end, p.page, *_rounded(p.box.x0, p.box.top, p.box.x1, p.box.bottom)]
                for p in passage.places
            ]
        ),
    }


def requirement_row(r: Requirement, document: Document) -> Row:
    box = r.bbox
    return {
        "id": r.id,
        "document_id": r.document_id,
        "passage_id": r.passage_id,
        "ordinal": r.ordinal,
        "kind": document.kind.value,
        "planning_year": str(document.planning_years) if document.planning_years else None,
        "page": r.page,
        "bbox": to_json(_rounded(box.x0, box.top, box.x1, box.bottom)) if box else None,
        "section": r.section,
        "quote": r.quote,
        "quote_start": r.start,
        "quote_end": r.end,
        "stem": r.stem,
        "statement": r.statement,
        "modality": r.modality.value,
        "cue": r.cue,
        "reported": int(r.reported),
        "reported_by": r.reported_by,
        "bearer": r.bearer,
        "bearer_canonical": to_json(r.bearer_canonical),
        "action": r.action,
        "condition": r.condition,
        "deadline_text": r.deadline.text if r.deadline else None,
        "deadline_date": to_iso(r.deadline.date) if r.deadline else None,
        "topic": r.topic,
        "has_target": int(any(q.role in (Role.TARGET, Role.CHANGE) for q in r.quantities)),
        "confidence": r.confidence,
    }


def figure_row(figure: Figure, document: Document) -> Row:
    q = figure.quantity
    return {
        "id": figure.id,
        "requirement_id": figure.requirement_id,
        "document_id": figure.document_id,
        "passage_id": figure.passage_id,
        "planning_year": str(document.planning_years) if document.planning_years else None,
        "page": figure.page,
        "section": figure.section,
        "quote": figure.quote,
        "text": q.text,
        "kind": q.kind.value,
        "value": q.value,
        "high": q.high,
        "unit": q.unit,
        "comparator": q.comparator,
        "role": q.role.value,
        "metric": q.metric,
        "measure": q.measure,
        "deadline": to_iso(figure.deadline),
        "own_deadline": to_iso(q.deadline),
        "char_start": q.start,
        "char_end": q.end,
    }


def link_id(from_id: str | None, to_id: str | None, relation: str) -> str:
    """Key of a link or change between two requirements."""
    return stable_id("link", from_id, to_id, relation)


def link_row(link: Link) -> Row:
    return {
        "id": link_id(link.from_id, link.to_id, link.relation.value),
        "from_id": link.from_id,
        "to_id": link.to_id,
        "from_year": link.from_year,
        "to_year": link.to_year,
        "relation": link.relation.value,
        "score": round(link.score, 4),
        "evidence": link.evidence,
        "from_value": link.from_value,
        "to_value": link.to_value,
        "unit": link.unit,
        "ambition": link.ambition,
        "stance": link.stance,
    }


def figure_mention_row(link: Link) -> Row:
    return {
        "id": link_id(link.from_id, link.to_id, link.relation.value),
        "quantity_id": link.from_id,
        "to_id": link.to_id,
        "year": link.to_year,
        "stance": link.stance,
        "score": round(link.score, 4),
        "evidence": link.evidence,
        "from_value": link.from_value,
        "to_value": link.to_value,
        "unit": link.unit,
    }


def change_row(change: Change, known_links: set[str]) -> Row:
    link = link_id(change.from_id, change.to_id, change.relation)
    own = stable_id("change", change.from_year, change.to_year, change.from_id, change.to_id)
    return {
        "id": own,
        "from_year": change.from_year,
        "to_year": change.to_year,
        "relation": change.relation,
        "from_id": change.from_id,
        "to_id": change.to_id,
        "link_id": link if link in known_links else None,
        "topic": change.topic,
        "story": change.story or own,
        "again": int(change.again),
    }


def comparison_row(key: str, found: PairLinks, engine: str) -> Row:
    return {
        "id": key,
        "engine": engine,
        "links": msgspec.json.encode(found.links).decode("utf-8"),
        "repeats": msgspec.json.encode(found.repeats).decode("utf-8"),
    }


def target_row(point: TargetPoint) -> Row:
    return {
        "id": stable_id(
            "target", point.measure, point.year, point.requirement_id, point.value, point.kind
        ),
        "measure": point.measure,
        "year": point.year,
        "document_id": point.document_id,
        "requirement_id": point.requirement_id,
        "value": point.value,
        "high": point.high,
        "kind": point.kind,
        "unit": point.unit,
        "comparator": point.comparator,
        "role": point.role,
        "deadline": to_iso(point.deadline),
        "dropped": int(point.dropped),
    }


def to_json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def to_iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _rounded(*numbers: float) -> list[float]:
    return [round(number, 1) for number in numbers]
