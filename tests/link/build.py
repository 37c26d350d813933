"""Requirements and documents written down in short, for the tests of linking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.records import (
    Deadline,
    Document,
    Format,
    Kind,
    Modality,
    PlanningYears,
    Quantity,
    QuantityKind,
    Requirement,
    Role,
    stable_id,
)

Need = tuple[str, Modality, str]


def percent(
    value: float,
    measure: str | None = None,
    *,
    comparator: str = "=",
    role: Role = Role.TARGET,
    metric: str | None = None,
    due: date | None = None,
) -> Quantity:
    return Quantity(
        text=f"{value:g}%",
        kind=QuantityKind.PERCENTAGE,
        value=value,
        comparator=comparator,
        role=role,
        metric=metric,
        measure=measure,
        deadline=due,
    )


def duration(value: float, unit: str, *, comparator: str = "<=", role: Role) -> Quantity:
    return Quantity(
        text=f"{value:g} {unit}",
        kind=QuantityKind.DURATION,
        value=value,
        unit=unit,
        comparator=comparator,
        role=role,
    )


def need(
    quote: str,
    *,
    document: str = "earlier",
    ordinal: int = 0,
    modality: Modality = Modality.OBLIGATION,
    cue: str = "must",
    bearers: Sequence[str] = (),
    quantities: Sequence[Quantity] = (),
    due: date | None = None,
    section: str = "Plans",
    stem: str | None = None,
    topic: str | None = None,
    reported: bool = False,
) -> Requirement:
    return Requirement(
        id=stable_id(document, ordinal, quote),
        document_id=document,
        passage_id=f"{document}:{ordinal}",
        ordinal=ordinal,
        section=section,
        page=None,
        bbox=None,
        quote=quote,
        start=0,
        end=len(quote),
        stem=stem,
        statement=quote,
        modality=modality,
        cue=cue,
        reported=reported,
        reported_by=None,
        bearer=None,
        bearer_canonical=tuple(bearers),
        action=None,
        condition=None,
        deadline=Deadline(text=due.isoformat(), date=due) if due is not None else None,
        quantities=tuple(quantities),
        topic=topic,
        confidence=1.0,
    )


def needs(document: str, quotes: Sequence[str]) -> list[Requirement]:
    return [need(quote, document=document, ordinal=n) for n, quote in enumerate(quotes)]


def paper(
    id_: str,
    years: str | None = None,
    *,
    kind: Kind = Kind.GUIDANCE,
    published: date | None = None,
    title: str = "",
    publisher: str | None = None,
    supersedes: Sequence[str] = (),
) -> Document:
    return Document(
        id=id_,
        file=f"{id_}.md",
        sha256="",
        format=Format.MARKDOWN,
        kind=kind,
        title=title or id_,
        publisher=publisher,
        planning_years=PlanningYears.parse(years) if years else None,
        published=published,
        supersedes=tuple(supersedes),
    )
