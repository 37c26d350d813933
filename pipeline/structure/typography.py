"""The type of a document: the size of its body text, and how far its lines lie apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipeline.records import Line
from pipeline.structure.columns import Run

_STEP: Final = 0.5  # points, to which sizes and distances are rounded for counting
_DEFAULT_LEADING: Final = 1.2  # of the size, where a size has too few lines to measure
_MAX_LEADING: Final = 2.2
_MAX_GUESSED: Final = 1.5  # times the size, where no line shows that it goes on from another
_MIN_SAMPLES: Final = 4
_RARE: Final = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Typography:
    """`body` is the size in points of most of the text; `leading` the distance in points from one
    line of a paragraph to the next, by size rounded to half a point; `bold_body` whether most of it
    is bold.
    """

    body: float
    leading: dict[float, float]
    bold_body: bool = False

    def leading_of(self, size: float) -> float:
        """The distance between lines of a size."""
        known = self.leading.get(_round(size))
        if known is not None:
            return known
        ratio = self.leading.get(_round(self.body), self.body * _DEFAULT_LEADING) / self.body
        return size * max(ratio, 1.0)

    def is_small(self, size: float) -> bool:
        """Whether a size is clearly below that of the body."""
        return size <= 0.93 * self.body

    def is_large(self, size: float) -> bool:
        """Whether a size is clearly above that of the body."""
        return size >= 1.09 * self.body


def measure(runs: Iterable[Run]) -> Typography:
    """The typography of a document, from its lines in reading order."""
    sizes: Counter[float] = Counter()
    bold: Counter[float] = Counter()
    pitches: dict[float, Counter[float]] = {}
    wrapped: dict[float, Counter[float]] = {}
    for run in runs:
        lines = [part for part in run.elements if isinstance(part, Line)]
        for line in lines:
            sizes[_round(line.size)] += len(line.text)
            bold[_round(line.size)] += len(line.text) if line.bold else 0
        _count_pitches(lines, pitches, wrapped)
    if not sizes:
        return Typography(body=11.0, leading={})
    body = max(sizes, key=lambda size: (sizes[size], size))
    leading = {}
    for size, counts in pitches.items():
        inner = wrapped.get(size, Counter())
        if inner.total() >= _MIN_SAMPLES:
            leading[size] = _commonest(inner)
        elif counts.total() >= _MIN_SAMPLES:
            leading[size] = min(_smallest(counts), _MAX_GUESSED * size)
    return Typography(body=body, leading=leading, bold_body=bold[body] > 0.6 * sizes[body])


def _count_pitches(
    lines: Sequence[Line],
    pitches: dict[float, Counter[float]],
    wrapped: dict[float, Counter[float]],
) -> None:
    """Counts the distances between lines of one size; those before a small letter also as
    `wrapped`.
    """
    for before, after in pairwise(lines):
        size = _round(before.size)
        pitch = after.box.bottom - before.box.bottom
        if size == _round(after.size) and 0.7 * size <= pitch <= _MAX_LEADING * size:
            pitches.setdefault(size, Counter())[_round(pitch)] += 1
            if after.text[:1].islower():
                wrapped.setdefault(size, Counter())[_round(pitch)] += 1


def _commonest(counts: Counter[float]) -> float:
    """The commonest distance, together with those half a point from it; the smaller of two as
    common.
    """

    def weight(pitch: float) -> float:
        return counts[pitch] + 0.5 * (counts[pitch + _STEP] + counts[pitch - _STEP])

    return max(counts, key=lambda pitch: (weight(pitch), -pitch))


def _smallest(counts: Counter[float]) -> float:
    """The smallest distance that is not rare."""
    usual = [pitch for pitch, count in counts.items() if count >= _RARE * counts.total()]
    return min(usual) if usual else _commonest(counts)


def _round(value: float) -> float:
    return round(value / _STEP) * _STEP
