"""Questions about rectangles on a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.records import Box

_SLACK: Final = 3.0  # points


def contains(outer: Box, inner: Box) -> bool:
    """Whether a rectangle lies inside another one, give or take the width of a ruling."""
    return (
        inner.x0 >= outer.x0 - _SLACK
        and inner.x1 <= outer.x1 + _SLACK
        and inner.top >= outer.top - _SLACK
        and inner.bottom <= outer.bottom + _SLACK
    )


def find_frame(box: Box, frames: Sequence[Box]) -> int | None:
    """The index of the first frame around a box; None where there is none."""
    return next((index for index, frame in enumerate(frames) if contains(frame, box)), None)


def union(boxes: Sequence[Box]) -> Box:
    """The smallest rectangle around all; at least one is given."""
    return Box(
        x0=min(box.x0 for box in boxes),
        top=min(box.top for box in boxes),
        x1=max(box.x1 for box in boxes),
        bottom=max(box.bottom for box in boxes),
    )
