"""What is drawn on a PDF page besides text: ruling lines, rectangles and pictures.

Every straight edge of a path counts, as in pdfplumber: of lines, of thin rectangles that stand for
lines, and of filled cells. A page with more drawing than any table needs (a map, a chart of a
million points) is left alone.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pipeline.read import pdf_native as native
from pipeline.read.pdf_frame import Frame
from pipeline.read.pdf_grid import CellBox, Edge, merge_edges

MOST_OBJECTS: Final = 250_000  # of a page; more than that is no page of text
MOST_EDGES: Final = 8_000  # more than that is a drawing, not a table
MOST_CROSSINGS: Final = 250_000  # of uprights with rules: a sheet of 500 rows and columns
_MOST_SEGMENTS: Final = 400  # of one path: more is a picture
_DEEPEST_FORM: Final = 8  # form objects inside form objects
_THIN_PT: Final = 2.0  # a rectangle this thin stands for a line
_STRAIGHT_PT: Final = 0.05
_COVERING: Final = 0.6  # of the page's area: pictures that cover more make it a scan
_RECTANGLE: Final = 5  # segments: move and four lines, or move, three lines and a close
_LINE: Final = 2

Matrix = tuple[float, float, float, float, float, float]


@dataclass(slots=True, kw_only=True)
class Rulings:
    """Merged edges and rectangles in a frame's coordinates; `too_many` where the page was left
    alone.

    `unseen` are rectangles of white that nothing outlines.
    """

    vertical: list[Edge] = field(default_factory=list)
    horizontal: list[Edge] = field(default_factory=list)
    rectangles: list[CellBox] = field(default_factory=list)
    unseen: list[CellBox] = field(default_factory=list)
    pictures: float = 0.0  # area, in square points
    too_many: bool = False


def read_rulings(page: native.Handle, frame: Frame) -> Rulings:
    """The rulings of a loaded page."""
    return _Reader(frame).read(page)


class _Reader:
    """Walks a page's objects with one set of buffers."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._found = Rulings()
        self._floats = (ctypes.c_float * 10)()
        base = ctypes.addressof(self._floats)
        self._corners = (base, base + 4, base + 8, base + 12)
        self._matrix = base + 16
        self._ints = (ctypes.c_uint * 4)()
        ints = ctypes.addressof(self._ints)
        self._mode = (ints, ints + 4)
        self._colour = (ints, ints + 4, ints + 8, ints + 12)
        self._seen = 0

    def read(self, page: native.Handle) -> Rulings:
        count = native.count_objects(page)
        if count > MOST_OBJECTS:
            self._found.too_many = True
            return self._found
        get, kind_of = native.get_object, native.object_type
        for i in range(count):
            handle = get(page, i)
            kind = kind_of(handle)
            if kind != native.OBJECT_TEXT:
                self._visit(handle, kind, None, 0)
                if self._found.too_many:
                    break
        self._found.vertical = merge_edges(self._found.vertical)
        self._found.horizontal = merge_edges(self._found.horizontal)
        if len(self._found.vertical) * len(self._found.horizontal) > MOST_CROSSINGS:
            self._found.too_many = True
        if self._found.too_many:
            self._found.vertical, self._found.horizontal, self._found.rectangles = [], [], []
        return self._found

    def _visit(self, handle: native.Handle, kind: int, matrix: Matrix | None, depth: int) -> None:
        if kind == native.OBJECT_PATH:
            self._path(handle, matrix)
            edges = len(self._found.vertical) + len(self._found.horizontal)
            self._found.too_many = edges > MOST_EDGES
        elif kind == native.OBJECT_IMAGE:
            x0, top, x1, bottom = self._bounds(handle, matrix)
            across = min(x1, self._frame.width) - max(x0, 0.0)
            down = min(bottom, self._frame.height) - max(top, 0.0)
            self._found.pictures += max(across, 0.0) * max(down, 0.0)
        elif kind == native.OBJECT_FORM and depth < _DEEPEST_FORM:
            self._form(handle, matrix, depth)

    def _form(self, handle: native.Handle, outer: Matrix | None, depth: int) -> None:
        native.object_matrix(handle, self._matrix)
        inner = self._six()
        matrix = _times(inner, outer) if outer else inner
        count = native.count_form_objects(handle)
        self._seen += max(count, 0)
        if self._seen > MOST_OBJECTS:
            self._found.too_many = True
            return
        for i in range(count):
            if self._found.too_many:
                return
            child = native.get_form_object(handle, i)
            kind = native.object_type(child)
            if kind != native.OBJECT_TEXT:
                self._visit(child, kind, matrix, depth + 1)

    def _bounds(
        self, handle: native.Handle, matrix: Matrix | None
    ) -> tuple[float, float, float, float]:
        """An object's rectangle in the frame."""
        native.object_bounds(handle, *self._corners)
        x0, y0, x1, y1 = self._floats[:4]
        if matrix is not None:
            x0, y0, x1, y1 = _apply_box(matrix, x0, y0, x1, y1)
        return self._frame.place(x0, y0, x1, y1)

    def _path(self, handle: native.Handle, matrix: Matrix | None) -> None:
        segments = native.count_segments(handle)
        if not 1 < segments <= _MOST_SEGMENTS:
            return
        native.path_draw_mode(handle, *self._mode)
        filled, stroked = self._ints[0] != 0, self._ints[1] != 0
        if not (filled or stroked):
            return
        x0, top, x1, bottom = self._bounds(handle, matrix)
        if x1 < 0 or bottom < 0 or x0 > self._frame.width or top > self._frame.height:
            return
        if stroked:
            half = self._half_stroke(handle, matrix)
            x0, x1 = min(x0 + half, (x0 + x1) / 2), max(x1 - half, (x0 + x1) / 2)
            top, bottom = (
                min(top + half, (top + bottom) / 2),
                max(bottom - half, (top + bottom) / 2),
            )
        across, down = x1 - x0, bottom - top
        if across <= _THIN_PT or down <= _THIN_PT:
            self._thin(x0, top, x1, bottom)
        elif segments > _LINE and self._is_rectangle(handle, segments):
            self._rectangle(x0, top, x1, bottom)
            seen = stroked or not self._is_white(handle)
            kept = self._found.rectangles if seen else self._found.unseen
            kept.append(CellBox(x0, top, x1, bottom))
        elif segments > _LINE:
            self._outline(handle, matrix, segments)

    def _half_stroke(self, handle: native.Handle, matrix: Matrix | None) -> float:
        native.stroke_width(handle, self._corners[0])
        width = self._floats[0]
        native.object_matrix(handle, self._matrix)
        a, b = self._floats[4], self._floats[5]
        if matrix is not None:
            a, b = a * matrix[0] + b * matrix[2], a * matrix[1] + b * matrix[3]
        # pdfium grows a line of no width by half a point, since it is drawn one pixel wide.
        return float(width * (a * a + b * b) ** 0.5 / 2) if width else 0.5

    def _thin(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """A line, or a rectangle that stands for one."""
        if x1 - x0 >= bottom - top:
            if x1 - x0 >= 1.0:
                self._found.horizontal.append(Edge((top + bottom) / 2, x0, x1))
        elif bottom - top >= 1.0:
            self._found.vertical.append(Edge((x0 + x1) / 2, top, bottom))

    def _rectangle(self, x0: float, top: float, x1: float, bottom: float) -> None:
        self._found.horizontal += (Edge(top, x0, x1), Edge(bottom, x0, x1))
        self._found.vertical += (Edge(x0, top, bottom), Edge(x1, top, bottom))

    def _is_rectangle(self, handle: native.Handle, segments: int) -> bool:
        """Whether a path of four or five segments has its first sides along the axes."""
        if segments not in (_RECTANGLE - 1, _RECTANGLE):
            return False
        points = [self._point(native.path_segment(handle, i)) for i in range(3)]
        return all(
            abs(x0 - x1) < 0.01 * (abs(y0 - y1) + 1) or abs(y0 - y1) < 0.01 * (abs(x0 - x1) + 1)
            for (x0, y0), (x1, y1) in pairwise(points)
        )

    def _point(self, segment: native.Handle) -> tuple[float, float]:
        """The end point of a path's segment, in the path's own coordinates."""
        native.segment_point(segment, *self._corners[:2])
        return self._floats[0], self._floats[1]

    def _outline(self, handle: native.Handle, outer: Matrix | None, segments: int) -> None:
        """The straight sides of any other path: several lines drawn in one, the frame of a whole
        table.
        """
        native.object_matrix(handle, self._matrix)
        own = self._six()
        matrix = _times(own, outer) if outer else own
        start = before = (0.0, 0.0)
        for i in range(segments):
            segment = native.path_segment(handle, i)
            point = _apply(matrix, *self._point(segment))
            kind = native.segment_type(segment)
            if kind == native.SEGMENT_MOVE:
                start = point
            elif kind == native.SEGMENT_LINE:
                self._side(before, point)
            if native.segment_closes(segment):
                self._side(point, start)
            before = point

    def _side(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        (x0, y0), (x1, y1) = start, end
        left, top, right, bottom = self._frame.place(
            min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
        )
        if right - left < _STRAIGHT_PT or bottom - top < _STRAIGHT_PT:
            self._thin(left, top, right, bottom)

    def _six(self) -> Matrix:
        a, b, c, d, e, f = self._floats[4:10]
        return a, b, c, d, e, f

    def _is_white(self, handle: native.Handle) -> bool:
        if not native.fill_color(handle, *self._colour):
            return False
        red, green, blue, alpha = self._ints
        return alpha == 0 or min(red, green, blue) >= 250


def covers(rulings: Rulings, frame: Frame) -> bool:
    """Whether pictures cover the page, as on a scan."""
    return rulings.pictures >= _COVERING * frame.width * frame.height > 0


def _times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does one and then the other."""
    a, b, c, d, e, f = first
    a2, b2, c2, d2, e2, f2 = then
    return (
        a * a2 + b * c2,
        a * b2 + b * d2,
        c * a2 + d * c2,
        c * b2 + d * d2,
        e * a2 + f * c2 + e2,
        e * b2 + f * d2 + f2,
    )


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _apply_box(
    matrix: Matrix, x0: float, y0: float, x1: float, y1: float
) -> tuple[float, float, float, float]:
    corners = [_apply(matrix, x, y) for x in (x0, x1) for y in (y0, y1)]
    xs = [x for x, _ in corners]
    ys = [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
