"""Labelled pairs of documents: their requirements, which of them belong together, and which only
look so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.errors import UsageError
from pipeline.records import (
    Deadline,
    Modality,
    PlanningYears,
    Quantity,
    QuantityKind,
    Relation,
    Requirement,
    Role,
    stable_id,
)


class _Document(
    msgspec.Struct, frozen=True, kw_only=True, tag="document", forbid_unknown_fields=True
):
    id: str
    planning_year: str
    title: str
    publisher: str


class _Deadline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: str
    date: date | None


class _Quantity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: str
    kind: QuantityKind
    value: float
    role: Role
    high: float | None = None
    unit: str | None = None
    comparator: str = "="
    metric: str | None = None
    measure: str | None = None
    deadline: date | None = None


class _Unit(msgspec.Struct, frozen=True, kw_only=True, tag="unit", forbid_unknown_fields=True):
    doc: str
    key: str
    n: int
    section: str
    quote: str
    modality: Modality
    stem: str | None = None
    cue: str = ""
    bearer: str | None = None
    bearer_canonical: tuple[str, ...] = ()
    condition: str | None = None
    deadline: _Deadline | None = None
    topic: str | None = None
    quantities: tuple[_Quantity, ...] = ()


class _Link(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag="link",
    forbid_unknown_fields=True,
    rename={"from_": "from"},
):
    from_: str
    to: str
    relation: Relation
    from_value: float | None = None
    to_value: float | None = None
    unit: str | None = None
    ambition: Literal["harder", "easier"] | None = None


class _Distinct(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag="distinct",
    forbid_unknown_fields=True,
    rename={"from_": "from"},
):
    from_: str
    to: str
    why: str


_Row = _Document | _Unit | _Link | _Distinct


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldLink:
    """What a reader says of two requirements (their ids)."""

    from_id: str
    to_id: str
    relation: Relation
    from_value: float | None = None
    to_value: float | None = None
    ambition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPair:
    """Two documents, every link between them, and pairs (ids) that are no links though they look
    it.

    Every pair of requirements that is not among `links` is no link; `distinct` are those that are
    hard to tell.
    """

    name: str
    from_year: str
    to_year: str
    before: tuple[Requirement, ...]
    after: tuple[Requirement, ...]
    links: tuple[GoldLink, ...]
    distinct: tuple[tuple[str, str], ...] = ()


def load_labelled_pairs(directory: Path) -> tuple[LabelledPair, ...]:
    """The pairs of a folder of JSON Lines files, by name; raises UsageError that names file and
    line where wrong.
    """
    paths = sorted(directory.glob("*.jsonl"))
    if not paths:
        raise UsageError(
            f"{directory.name}: no labelled pairs (*.jsonl) there. Name the folder that holds them."
        )
    return tuple(_load_pair(path) for path in paths)


def _load_pair(path: Path) -> LabelledPair:
    decoder = msgspec.json.Decoder(_Row)
    rows: list[_Row] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            rows.append(decoder.decode(line))
        except msgspec.MsgspecError as error:
            raise UsageError(f"{path.name}, line {number}: {error}. Correct that line.") from error
    documents = [row for row in rows if isinstance(row, _Document)]
    if len(documents) != 2:
        raise UsageError(
            f"{path.name}: names {len(documents)} documents. Name two, the earlier first."
        )
    sides = [
        {
            row.key: _requirement(row)
            for row in rows
            if isinstance(row, _Unit) and row.doc == document.id
        }
        for document in documents
    ]
    return LabelledPair(
        name=path.stem,
        from_year=PlanningYears.parse(documents[0].planning_year).labels[0],
        to_year=PlanningYears.parse(documents[1].planning_year).labels[0],
        before=tuple(sides[0].values()),
        after=tuple(sides[1].values()),
        links=tuple(_gold_link(row, sides, path) for row in rows if isinstance(row, _Link)),
        distinct=tuple(_ends(row, sides, path) for row in rows if isinstance(row, _Distinct)),
    )


def _ends(
    row: _Link | _Distinct, sides: Sequence[Mapping[str, Requirement]], path: Path
) -> tuple[str, str]:
    for side, key in zip(sides, (row.from_, row.to), strict=True):
        if key not in side:
            raise UsageError(f"{path.name}: there is no unit {key!r}. Correct the key.")
    return sides[0][row.from_].id, sides[1][row.to].id


def _gold_link(row: _Link, sides: Sequence[Mapping[str, Requirement]], path: Path) -> GoldLink:
    from_id, to_id = _ends(row, sides, path)
    return GoldLink(
        from_id=from_id,
        to_id=to_id,
        relation=row.relation,
        from_value=row.from_value,
        to_value=row.to_value,
        ambition=row.ambition,
    )


def _requirement(unit: _Unit) -> Requirement:
    deadline = unit.deadline
    return Requirement(
        id=stable_id("gold", unit.doc, unit.key),
        document_id=unit.doc,
        passage_id=f"{unit.doc}:{unit.n}",
        ordinal=unit.n,
        section=unit.section,
        page=None,
        bbox=None,
        quote=unit.quote,
        start=0,
        end=len(unit.quote),
        stem=unit.stem,
        statement=f"{unit.stem} {unit.quote}" if unit.stem else unit.quote,
        modality=unit.modality,
        cue=unit.cue,
        reported=False,
        reported_by=None,
        bearer=unit.bearer,
        bearer_canonical=unit.bearer_canonical,
        action=None,
        condition=unit.condition,
        deadline=Deadline(text=deadline.text, date=deadline.date) if deadline is not None else None,
        quantities=tuple(_quantity(q) for q in unit.quantities),
        topic=unit.topic,
        confidence=1.0,
    )


def _quantity(q: _Quantity) -> Quantity:
    return Quantity(
        text=q.text,
        kind=q.kind,
        value=q.value,
        high=q.high,
        unit=q.unit,
        comparator=q.comparator,
        role=q.role,
        metric=q.metric,
        measure=q.measure,
        deadline=q.deadline,
    )
