"""Where things are on a page: from the file's own coordinates to those of the page as shown.

A PDF page has its origin at the bottom left of a sheet whose boxes may start anywhere, and is shown
after a turn by its /Rotate. Words are put together in a frame in which they stand upright, which on
a page set sideways is not the page as shown; boxes are turned to that at the end.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

from pipeline.read import pdf_native as native
from pipeline.records import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The page's visible rectangle in its own coordinates, and how it is turned.

    `quarters` are clockwise quarter turns from the file's coordinates to this frame's; the origin
    of the frame is its top left corner.
    """

    left: float
    bottom: float
    right: float
    top: float
    quarters: int

    @property
    def width(self) -> float:
        """Width of the page in this frame, in points."""
        return self.top - self.bottom if self.quarters % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """Height of the page in this frame, in points."""
        return self.right - self.left if self.quarters % 2 else self.top - self.bottom

    def place(
        self, x0: float, y0: float, x1: float, y1: float
    ) -> tuple[float, float, float, float]:
        """A rectangle of the file (y upward) as (x0, top, x1, bottom) of the frame."""
        match self.quarters:
            case 0:
                return x0 - self.left, self.top - y1, x1 - self.left, self.top - y0
            case 1:
                return y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left
            case 2:
                return self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom
            case _:
                return self.top - y1, self.right - x1, self.top - y0, self.right - x0

    def box_in(self, other: Frame, x0: float, top: float, x1: float, bottom: float) -> Box:
        """A rectangle of this frame as a box of another frame of the same page, to a hundredth of a
        point.
        """
        match (other.quarters - self.quarters) % 4:
            case 1:
                x0, top, x1, bottom = self.height - bottom, x0, self.height - top, x1
            case 2:
                x0, x1 = self.width - x1, self.width - x0
                top, bottom = self.height - bottom, self.height - top
            case 3:
                x0, top, x1, bottom = top, self.width - x1, bottom, self.width - x0
        return Box(x0=round(x0, 2), top=round(top, 2), x1=round(x1, 2), bottom=round(bottom, 2))


def shown_frame(page: native.Handle) -> Frame:
    """The frame of a loaded page as it is shown, crop box and /Rotate applied."""
    corners = (ctypes.c_float * 4)()  # FS_RECTF: left, top, right, bottom
    native.page_bounding_box(page, ctypes.addressof(corners))
    left, top, right, bottom = corners
    return Frame(
        left=min(left, right),
        bottom=min(bottom, top),
        right=max(left, right),
        top=max(bottom, top),
        quarters=native.page_rotation(page) % 4,
    )


def turned(frame: Frame, quarters: int) -> Frame:
    """The same page's frame at another turn from the file's coordinates."""
    return Frame(
        left=frame.left,
        bottom=frame.bottom,
        right=frame.right,
        top=frame.top,
        quarters=quarters % 4,
    )
