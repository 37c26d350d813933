"""A measure's targets through the years, with the years in which one is dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date

from pipeline.records import Document, Quantity, Requirement, Role, TargetPoint


def draw_target_lines(
    pools: Mapping[str, Sequence[Document]], requirements: Mapping[str, Sequence[Requirement]]
) -> tuple[TargetPoint, ...]:
    """The targets of each measure by planning year, repeats of one number in one year told once, in
    order.

    `pools` are the documents that count for each single year. A document for several years gives a
    number to the year in which it falls due, to its first where that is none of them. Where a
    measure has a target in one year and no document of the next one names it with a number to
    reach, that year gets a point without a value, `dropped`.
    """
    years = sorted(pools)
    lines: defaultdict[str, dict[str, dict[tuple[object, ...], TargetPoint]]] = defaultdict(dict)
    held: defaultdict[str, set[str]] = defaultdict(
        set
    )  # the years whose documents have a target, now or later
    for year in years:
        for document in sorted(pools[year], key=lambda d: d.id):
            for requirement, quantity in _targets(requirements.get(document.id, ())):
                if quantity.measure is None:
                    continue
                held[quantity.measure].add(year)
                if _year_of(quantity, requirement, document) != year:
                    continue
                point = _point(quantity.measure, year, requirement, quantity)
                key = (point.value, point.high, point.kind, point.unit, point.role)
                lines[quantity.measure].setdefault(year, {}).setdefault(key, point)
    points: list[TargetPoint] = []
    for measure in sorted(lines):
        points += _with_drops(measure, lines[measure], held[measure], years)
    return tuple(points)


def _targets(requirements: Iterable[Requirement]) -> Iterable[tuple[Requirement, Quantity]]:
    return (
        (requirement, quantity)
        for requirement in sorted(requirements, key=lambda r: (r.ordinal, r.id))
        for quantity in requirement.quantities
        if quantity.role in (Role.TARGET, Role.CHANGE)
    )


def _year_of(quantity: Quantity, requirement: Requirement, document: Document) -> str:
    """The one of the document's years that a number counts for."""
    years = document.planning_years
    assert years is not None  # only documents with years are in a pool
    due = quantity.deadline or (
        requirement.deadline.date if requirement.deadline is not None else None
    )
    label = financial_year(due) if due is not None else None
    return label if label in years.labels else years.labels[0]


def financial_year(day: date) -> str:
    """The financial year (1 April to 31 March) that a day falls in, "2025/26"."""
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def _point(measure: str, year: str, requirement: Requirement, quantity: Quantity) -> TargetPoint:
    due = quantity.deadline or (
        requirement.deadline.date if requirement.deadline is not None else None
    )
    return TargetPoint(
        measure=measure,
        year=year,
        document_id=requirement.document_id,
        requirement_id=requirement.id,
        value=quantity.value,
        high=quantity.high,
        kind=quantity.kind.value,
        unit=quantity.unit,
        comparator=quantity.comparator,
        role=quantity.role.value,
        deadline=due,
        dropped=False,
    )


def _with_drops(
    measure: str,
    by_year: Mapping[str, Mapping[tuple[object, ...], TargetPoint]],
    held: Set[str],
    years: Sequence[str],
) -> list[TargetPoint]:
    points: list[TargetPoint] = []
    for previous, year in zip(("", *years), years, strict=False):
        points += by_year.get(year, {}).values()
        if previous in held and year not in held:
            points.append(_dropped(measure, year))
    return points


def _dropped(measure: str, year: str) -> TargetPoint:
    return TargetPoint(
        measure=measure,
        year=year,
        document_id=None,
        requirement_id=None,
        value=None,
        high=None,
        kind=None,
        unit=None,
        comparator=None,
        role=None,
        deadline=None,
        dropped=True,
    )
