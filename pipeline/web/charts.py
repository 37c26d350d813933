"""The geometry of a line of targets through the years; templates draw it as SVG with classes, never
with styles.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any, Final

from pipeline.wording import amount_words, date_words, value_words

_WIDTH: Final = 360
_HEIGHT: Final = 210
_LEFT: Final = 58
_RIGHT: Final = 16
_INSET: Final = (
    22  # between the axis and the first point, so that its label does not meet the axis's
)
_TOP: Final = 30
_BOTTOM: Final = 36
_TICKS: Final = 4
_SIGNS: Final = frozenset({"percentage", "money"})  # kinds whose unit is a sign at the number


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCell:
    """A measure's target in one year, in words, with where it is set; `dropped` where it is gone
    since last year.
    """

    year: str
    words: str
    value: float | None
    requirement_id: str | None
    document_id: str | None
    due: str
    dropped: bool
    also: tuple[str, ...]  # what further requirements of that year ask, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of a chart with its label; `year` None for a tick of the value axis."""

    x: float
    y: float
    label: str
    year: str | None = None
    requirement_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A line chart: `lines` are runs of "x,y x,y" without gaps, `bridges` lead over years that name
    no target and drop none, `drops` are years where the target went.
    """

    width: int
    height: int
    left: int
    right: int
    bottom: int
    points: tuple[Point, ...]
    lines: tuple[str, ...]
    bridges: tuple[str, ...]
    drops: tuple[Point, ...]
    years: tuple[Point, ...]
    ticks: tuple[Point, ...]
    unit: str | None  # None where it stands at each number, as % and £ do
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine:
    """A measure's targets by year, each year of the range once, and their chart where there is one
    to draw.
    """

    id: str
    name: str
    topic: str | None
    better: str | None
    cells: tuple[TargetCell, ...]
    chart: Chart | None


def load_measure_lines(
    connection: sqlite3.Connection, measures: Iterable[str] | None = None
) -> tuple[MeasureLine, ...]:
    """The lines of these measures, or of all that have one, by topic and name; each over the same
    years.
    """
    about = {row["id"]: row for row in connection.execute("SELECT * FROM measures")}
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    years: set[str] = {
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT y.year FROM document_years y JOIN documents d ON d.id = y.document_id"
            " WHERE d.kind = 'guidance'"
        )
    }
    for row in connection.execute(
        "SELECT * FROM target_lines ORDER BY measure, year, dropped, role DESC, id"
    ):
        rows[row["measure"]].append(row)
        years.add(row["year"])
    wanted = rows.keys() if measures is None else [m for m in dict.fromkeys(measures) if m in rows]
    lines = [
        _measure_line(about.get(measure), measure, rows[measure], sorted(years))
        for measure in wanted
    ]
    if measures is None:
        lines.sort(key=lambda line: (line.topic or "~", line.name))
    return tuple(lines)


def _measure_line(
    about: Mapping[str, Any] | None,
    measure: str,
    rows: Sequence[Mapping[str, Any]],
    years: Sequence[str],
) -> MeasureLine:
    by_year: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_year[row["year"]].append(row)
    units = Counter((row["kind"], row["unit"]) for row in rows if row["value"] is not None)
    unit = units.most_common(1)[0][0] if units else (None, None)
    cells = tuple(_cell(year, by_year.get(year, ()), unit) for year in years)
    name = about["name"] if about else measure
    return MeasureLine(
        id=measure,
        name=name,
        topic=about["topic"] if about else None,
        better=about["better"] if about else None,
        cells=cells,
        chart=draw(name, cells, kind=unit[0], unit=unit[1]),
    )


def _cell(
    year: str, rows: Sequence[Mapping[str, Any]], unit: tuple[str | None, str | None]
) -> TargetCell:
    set_here = [row for row in rows if row["value"] is not None]
    # The number to chart is one in the line's own unit: of several, a target before a change, the
    # last due first.
    set_here.sort(
        key=lambda row: (
            (row["kind"], row["unit"]) == unit,
            row["role"] == "target",
            row["deadline"] or "",
        ),
        reverse=True,
    )
    first = set_here[0] if set_here else None
    words = dict.fromkeys(_words(row) for row in set_here)
    return TargetCell(
        year=year,
        words=next(iter(words), ""),
        value=first["value"] if first and (first["kind"], first["unit"]) == unit else None,
        requirement_id=first["requirement_id"] if first else None,
        document_id=first["document_id"] if first else None,
        due=date_words(first["deadline"]) if first else "",
        dropped=not set_here and any(row["dropped"] for row in rows),
        also=tuple(words)[1:],
    )


def _words(row: Mapping[str, Any]) -> str:
    return value_words(
        row["value"], row["high"], row["comparator"], kind=row["kind"], unit=row["unit"]
    )


def draw(
    name: str, cells: Sequence[TargetCell], *, kind: str | None, unit: str | None
) -> Chart | None:
    """The chart of these years; None where fewer than two of them have a value."""
    values = [cell.value for cell in cells if cell.value is not None]
    if len(values) < 2:
        return None
    low, high, step = _scale(min(values), max(values), percent=kind == "percentage")
    across = (_WIDTH - _LEFT - _RIGHT - 2 * _INSET) / max(1, len(cells) - 1)
    down = (_HEIGHT - _TOP - _BOTTOM) / (high - low)

    def x(place: int) -> float:
        return round(_LEFT + _INSET + place * across, 1)

    def y(value: float) -> float:
        return round(_HEIGHT - _BOTTOM - (value - low) * down, 1)

    # "30 minutes" beside each line and point would not fit: such a unit stands once, over the axis.
    over = None
    if kind == "percentage_points":
        kind, unit, over = "count", None, "percentage points"
    elif kind not in _SIGNS:
        unit, over = None, unit
    points = tuple(
        Point(
            x=x(place),
            y=y(cell.value),
            label=amount_words(cell.value, kind=kind, unit=unit),
            year=cell.year,
            requirement_id=cell.requirement_id,
        )
        for place, cell in enumerate(cells)
        if cell.value is not None
    )
    drops = tuple(
        Point(x=x(place), y=_HEIGHT - _BOTTOM, label="dropped", year=cell.year)
        for place, cell in enumerate(cells)
        if cell.dropped
    )
    ticks = tuple(
        Point(
            x=_LEFT,
            y=y(low + number * step),
            label=amount_words(round(low + number * step, 6), kind=kind, unit=unit),
        )
        for number in range(round((high - low) / step) + 1)
    )
    return Chart(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_WIDTH - _RIGHT,
        bottom=_HEIGHT - _BOTTOM,
        points=points,
        lines=_runs(cells, x, y),
        bridges=_bridges(cells, x, y),
        drops=drops,
        years=tuple(
            Point(x=x(place), y=_HEIGHT - _BOTTOM + 22, label=_year_label(cell.year, len(cells)))
            for place, cell in enumerate(cells)
            if _is_labelled(place, len(cells))
        ),
        ticks=ticks,
        unit=over,
        summary=_summary(name, cells),
    )


def _runs(cells: Sequence[TargetCell], x: Any, y: Any) -> tuple[str, ...]:
    """Runs of years with a value, as SVG point lists; a year without one breaks the line."""
    runs: list[list[str]] = [[]]
    for place, cell in enumerate(cells):
        if cell.value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x(place)},{y(cell.value)}")
    return tuple(" ".join(run) for run in runs if len(run) > 1)


def _bridges(cells: Sequence[TargetCell], x: Any, y: Any) -> tuple[str, ...]:
    """From the last value before a gap to the first after it, where nothing was dropped between."""
    bridges = []
    last: tuple[int, float] | None = None
    for place, cell in enumerate(cells):
        if cell.dropped:
            last = None
        elif cell.value is not None:
            if last is not None and place - last[0] > 1:
                bridges.append(f"{x(last[0])},{y(last[1])} {x(place)},{y(cell.value)}")
            last = (place, cell.value)
    return tuple(bridges)


def _is_labelled(place: int, total: int) -> bool:
    """Whether a year's name has room under the axis: each of up to seven, else every second or
    third, and the last.
    """
    every = ceil(total / 7)
    return (total - 1 - place) % every == 0


def _year_label(year: str, total: int) -> str:
    """A year as it stands under the axis: "2025/26", and "25/26" where there are many."""
    return year if total <= 4 else year[2:]


def _scale(low: float, high: float, *, percent: bool) -> tuple[float, float, float]:
    """The ends of the value axis on round numbers, and the distance between its lines."""
    # A point up or down is no cliff: of percentages at least a fifth of the scale is shown.
    if percent and high - low < 20 and high <= 100:
        middle = min(90.0, max(10.0, (low + high) / 2))
        low, high = min(low, middle - 10), max(high, middle + 10)
    # Numbers that differ by less than can be shown are one.
    if high - low <= 1e-9 * max(1.0, abs(low), abs(high)):
        low, high = low - max(1.0, abs(low) * 0.1), high + max(1.0, abs(high) * 0.1)
    rough = (high - low) / _TICKS
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    bottom, top = floor(low / step) * step, ceil(high / step) * step
    if percent:
        bottom, top = max(0.0, bottom), min(100.0, top) if high <= 100 else top
        if bottom >= top:
            bottom = top - step
    return bottom, top, step


def _summary(name: str, cells: Sequence[TargetCell]) -> str:
    """The chart in one sentence, for those who do not see it."""
    parts = []
    for cell in cells:
        if cell.words:
            parts.append(f"{cell.year}: {cell.words}")
        elif cell.dropped:
            parts.append(f"{cell.year}: dropped")
    return f"{name} by planning year. " + "; ".join(parts) + "."
