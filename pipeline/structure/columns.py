"""The reading order of a page: columns found and read one after the other, full-width parts between
them.

Order is never made by sorting the page from top to bottom, which shuffles columns into one another.
The file's own order is kept inside a column.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

from pipeline.records import Box, Line, Page, Table

Element = Line | Table

_MIN_GUTTER: Final = 7.0  # points
_MIN_LINES: Final = 4  # in a column
_MAX_CROSSING: Final = 0.25  # of the lines may run across a gutter: headings, full-width parts
_MIN_FILL: Final = 0.42  # of a column's width that its median line takes: label columns stay below
_MIN_SHARE: Final = 0.15  # of the text's width that a column takes
_TOLERANCE: Final = 2.0  # points
_MIN_GAP: Final = 45.0  # points of height without text in any column
_MAX_SHIFT: Final = 80.0  # points: the deepest indent that a whole page may stand at


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Lines and tables of one column, or one full-width part, in reading order.

    `left` and `right` bound the column; `number` counts the columns of a page from the left, 0 for
    the only one or a full-width part.
    """

    page: int
    number: int
    left: float
    right: float
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gutter:
    """The empty strip between two columns."""

    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    def is_crossed(self, box: Box) -> bool:
        """Whether a box stands on both sides."""
        return box.x0 < self.left - _TOLERANCE and box.x1 > self.right + _TOLERANCE


def order_page(page: Page, lines: Sequence[Line]) -> list[Run]:
    """The runs of a page in reading order; `lines` are those of its lines that are text, in the
    file's order.
    """
    elements: list[Element] = [*lines, *(table for table in page.tables if table.box is not None)]
    if not elements:
        return []
    gutters = find_gutters(lines)
    bounds = _text_bounds(elements)
    if not gutters:
        return [_run(page.number, 0, bounds, _flow(elements))]
    columns = _column_bounds(gutters, bounds)
    runs = []
    for number, part in _cut(elements, gutters, 0):
        edge = columns[number - 1] if number else bounds
        runs.append(_run(page.number, number, edge, _flow(part)))
    return runs


def find_gutters(lines: Sequence[Line]) -> list[Gutter]:
    """The gutters of a page from left to right; empty where its text stands in one column.

    A gutter is a strip that few lines cross and that has text of some height on both sides, in
    lines that fill the width they have: what stands beside short labels is no column.
    """
    if len(lines) < 2 * _MIN_LINES:
        return []
    left = min(line.box.x0 for line in lines)
    right = max(line.box.x1 for line in lines)
    strips = [
        strip for strip in _strips(lines, left, right) if strip.right - strip.left >= _MIN_GUTTER
    ]
    kept: list[Gutter] = []
    for strip in strips:
        start = kept[-1].middle if kept else left
        if _is_gutter(
            strip, lines, start, right, [other for other in strips if other.left > strip.right]
        ):
            kept.append(strip)
    return kept


def _strips(lines: Sequence[Line], left: float, right: float) -> list[Gutter]:
    """Strips of the page that at most a few lines cross, widest possible, from left to right."""
    edges: list[tuple[float, int]] = []
    for line in lines:
        edges.append((line.box.x0, 1))
        edges.append((line.box.x1, -1))
    edges.sort()
    allowed = _MAX_CROSSING * len(lines)
    strips: list[Gutter] = []
    covered = 0
    opened: float | None = None
    floor = 0
    for place, change in edges:
        if opened is not None and (covered + change > allowed or covered + change > floor):
            if opened > left and place < right:
                strips.append(Gutter(left=opened, right=place))
            opened = None
        covered += change
        if covered <= allowed and change < 0:
            opened, floor = place, covered
    return strips


def _is_gutter(
    strip: Gutter, lines: Sequence[Line], left: float, right: float, later: Sequence[Gutter]
) -> bool:
    edge = min((other.middle for other in later), default=right)
    before = [
        line
        for line in lines
        if line.box.x1 <= strip.left + _TOLERANCE and line.box.x0 >= left - _TOLERANCE
    ]
    after = [line for line in lines if line.box.x0 >= strip.right - _TOLERANCE]
    nearest = [line for line in after if line.box.x1 <= edge + _TOLERANCE] or after
    if len(before) < _MIN_LINES or len(nearest) < _MIN_LINES:
        return False
    if not _are_side_by_side(before, nearest):
        return False
    whole = right - min(left, min(line.box.x0 for line in lines))
    return all(_fills(side, whole) for side in (before, nearest))


def _fills(side: Sequence[Line], whole: float) -> bool:
    """Whether lines are as wide as a column of text is: not labels, numbers or ticks."""
    width = max(line.box.x1 for line in side) - min(line.box.x0 for line in side)
    typical = median(line.box.x1 - line.box.x0 for line in side)
    return width >= _MIN_SHARE * whole and typical >= _MIN_FILL * width and typical >= 60


def _are_side_by_side(before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Whether two sets of lines share at least half of the height of the lower set."""
    top = max(min(line.box.top for line in side) for side in (before, after))
    bottom = min(max(line.box.bottom for line in side) for side in (before, after))
    heights = [
        max(x.box.bottom for x in side) - min(x.box.top for x in side) for side in (before, after)
    ]
    return bottom - top >= 0.5 * min(heights)


def _cut(
    elements: Sequence[Element], gutters: Sequence[Gutter], first: int
) -> list[tuple[int, list[Element]]]:
    """The parts of a page in reading order, each with its column's number, 0 where it runs across
    columns.

    A gutter that nothing crosses parts left from right; where something does, it parts above from
    below.
    """
    if not elements:
        return []
    if not gutters:
        return [(first + 1, list(elements))]
    crossings = [
        sum(gutter.is_crossed(_box(element)) for element in elements) for gutter in gutters
    ]
    if 0 in crossings:
        gap = _find_gap(elements, gutters)
        if gap is not None:
            upper = [element for element in elements if _centre(element) < gap]
            lower = [element for element in elements if _centre(element) >= gap]
            return _cut(upper, gutters, first) + _cut(lower, gutters, first)
        index = crossings.index(0)
        gutter = gutters[index]
        before = [element for element in elements if _middle(element) < gutter.middle]
        after = [element for element in elements if _middle(element) >= gutter.middle]
        return _cut(before, gutters[:index], first) + _cut(
            after, gutters[index + 1 :], first + index + 1
        )
    gutter = gutters[crossings.index(min(crossings))]
    across = [element for element in elements if gutter.is_crossed(_box(element))]
    top = min(_box(element).top for element in across)
    crossing = [element for element in across if _box(element).top <= top + _TOLERANCE]
    bottom = max(_box(element).bottom for element in crossing)
    crossing = _grow(crossing, across, elements, bottom)
    inside = {id(element) for element in crossing}
    bottom = max(_box(element).bottom for element in crossing)
    rest = [element for element in elements if id(element) not in inside]
    above = [element for element in rest if _centre(element) < (top + bottom) / 2]
    below = [element for element in rest if _centre(element) >= (top + bottom) / 2]
    return [*_cut(above, gutters, first), (0, crossing), *_cut(below, gutters, first)]


def _find_gap(elements: Sequence[Element], gutters: Sequence[Gutter]) -> float | None:
    """The height at which a picture over the whole width parts columns above from columns below;
    None for none.

    It shows as a strip without any text, with text in more than one column above it.
    """
    ordered = sorted(elements, key=lambda element: _box(element).top)
    floor = _box(ordered[0]).bottom
    columns = {_column(ordered[0], gutters)}
    for element in ordered[1:]:
        top = _box(element).top
        if top - floor >= _MIN_GAP and len(columns) > 1:
            return (top + floor) / 2
        floor = max(floor, _box(element).bottom)
        columns.add(_column(element, gutters))
    return None


def _column(element: Element, gutters: Sequence[Gutter]) -> int:
    return sum(_middle(element) > gutter.middle for gutter in gutters)


def _grow(
    crossing: Sequence[Element],
    across: Sequence[Element],
    elements: Sequence[Element],
    bottom: float,
) -> list[Element]:
    """The crossing elements with those right below them that also cross, until text in columns
    comes between; and with the last line of a paragraph of theirs, which may be too short to
    cross.
    """
    grown = list(crossing)
    inside = {id(element) for element in across}
    for element in sorted(across, key=lambda part: _box(part).top):
        if any(element is part for part in grown):
            continue
        between = [
            other
            for other in elements
            if id(other) not in inside
            and bottom - _TOLERANCE <= _centre(other) <= _box(element).top
        ]
        if between:
            break
        grown.append(element)
        bottom = max(bottom, _box(element).bottom)
    end = _find_paragraph_end(max(grown, key=lambda part: _box(part).bottom), elements)
    return grown if end is None else [*grown, end]


def _find_paragraph_end(last: Element, elements: Sequence[Element]) -> Line | None:
    """The short line that ends the paragraph of a full-width line, with nothing beside it; None for
    none.
    """
    if not isinstance(last, Line):
        return None
    height = last.box.bottom - last.box.top
    for line in elements:
        if (
            isinstance(line, Line)
            and line is not last
            and abs(line.box.x0 - last.box.x0) <= _TOLERANCE
            and abs(line.size - last.size) < 0.5
            and 0 < line.box.top - last.box.top <= 1.6 * height
        ):
            beside = [
                other
                for other in elements
                if other is not line
                and other is not last
                and _box(other).top < line.box.bottom - _TOLERANCE
                and _box(other).bottom > line.box.top + _TOLERANCE
            ]
            return None if beside else line
    return None


def _flow(elements: Sequence[Element]) -> list[Element]:
    """The elements of one column in reading order: the file's, with tables put where they stand.

    Where the file draws lines out of order and none stand side by side, place decides.
    """
    lines = [element for element in elements if isinstance(element, Line)]
    tables = sorted(
        (element for element in elements if isinstance(element, Table)),
        key=lambda table: _box(table).top,
    )
    if _is_shuffled(lines) and not _has_neighbours(lines):
        lines.sort(key=lambda line: line.box.top)
    ordered: list[Element] = list(lines)
    for table in tables:
        middle = _centre(table)
        place = next((i for i, part in enumerate(ordered) if _centre(part) > middle), len(ordered))
        ordered.insert(place, table)
    return ordered


def _is_shuffled(lines: Sequence[Line]) -> bool:
    return any(after.box.top < before.box.top - _TOLERANCE for before, after in pairwise(lines))


def _has_neighbours(lines: Sequence[Line]) -> bool:
    """Whether any two lines stand side by side."""
    ordered = sorted(lines, key=lambda line: line.box.top)
    return any(
        after.box.top < before.box.bottom - 0.5 * (before.box.bottom - before.box.top)
        for before, after in pairwise(ordered)
    )


def _column_bounds(
    gutters: Sequence[Gutter], bounds: tuple[float, float]
) -> list[tuple[float, float]]:
    lefts = [bounds[0], *(gutter.right for gutter in gutters)]
    rights = [*(gutter.left for gutter in gutters), bounds[1]]
    return list(zip(lefts, rights, strict=True))


def _run(page: int, number: int, edge: tuple[float, float], elements: list[Element]) -> Run:
    return Run(page=page, number=number, left=edge[0], right=edge[1], elements=tuple(elements))


def _text_bounds(elements: Sequence[Element]) -> tuple[float, float]:
    boxes = [_box(element) for element in elements]
    return min(box.x0 for box in boxes), max(box.x1 for box in boxes)


def _box(element: Element) -> Box:
    if element.box is None:
        raise ValueError("a table without a box has no place on a page")
    return element.box


def _middle(element: Element) -> float:
    box = _box(element)
    return (box.x0 + box.x1) / 2


def _centre(element: Element) -> float:
    box = _box(element)
    return (box.top + box.bottom) / 2


def align_runs(runs: Sequence[Run]) -> list[Run]:
    """The runs with the edges that their column has through the document.

    A page that holds only indented text does not show where its column starts; the others do. Left
    and right pages are taken apart, since their margins may be mirrored.
    """
    weights: dict[tuple[int, int], Counter[tuple[int, int]]] = defaultdict(Counter)
    for run in runs:
        weights[run.number, run.page % 2][round(run.left), round(run.right)] += len(run.elements)
    aligned = []
    for run in runs:
        left, right = run.left, run.right
        known = weights[run.number, run.page % 2].most_common(1)[0]
        if known[1] > len(run.elements):
            usual_left, usual_right = known[0]
            if 0 < left - usual_left <= _MAX_SHIFT:
                left = float(usual_left)
            if usual_right - right > 0:
                right = float(usual_right)
        aligned.append(replace(run, left=left, right=right))
    return aligned
