"""Which words of a text are its cue, bearer, deadline, numbers and condition, as segments to mark
up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

# In the order in which a legend lists them.
MARKS: Final[dict[str, str]] = {
    "cue": "gives it force",
    "bearer": "who is bound",
    "deadline": "by when",
    "number": "number",
    "condition": "on what condition",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Code points [start, end) of a text and what they are: a key of MARKS, or "requirement" with
    its id.
    """

    start: int
    end: int
    kind: str
    requirement_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of text whose characters carry the same marks."""

    text: str
    kinds: tuple[str, ...]
    requirement_id: str | None = None


def find_words(
    text: str, wanted: str | None, kind: str, *, start: int = 0, end: int | None = None
) -> list[Span]:
    """The first place in text[start:end] where `wanted` stands as whole words, whatever its case;
    else nothing.
    """
    if not wanted or not wanted.strip():
        return []
    words = r"\s+".join(re.escape(word) for word in wanted.split())
    pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    found = pattern.search(text, start, len(text) if end is None else end)
    return [Span(start=found.start(), end=found.end(), kind=kind)] if found else []


def split_at_marks(text: str, spans: Iterable[Span]) -> tuple[Segment, ...]:
    """The text in runs, each with the marks that lie on it; spans may overlap, and reach no further
    than the text.
    """
    marks = [
        Span(
            start=max(0, span.start),
            end=min(len(text), span.end),
            kind=span.kind,
            requirement_id=span.requirement_id,
        )
        for span in spans
    ]
    marks = [span for span in marks if span.start < span.end]
    edges = sorted({0, len(text), *(s.start for s in marks), *(s.end for s in marks)})
    segments = []
    for start, end in pairwise(edges):
        over = [span for span in marks if span.start <= start and span.end >= end]
        kinds = tuple(dict.fromkeys(span.kind for span in over))
        owner = next((span.requirement_id for span in over if span.requirement_id), None)
        segments.append(Segment(text=text[start:end], kinds=kinds, requirement_id=owner))
    return tuple(segments)


def legend(segments: Sequence[Segment]) -> tuple[tuple[str, str], ...]:
    """The marks that occur in these segments, each with its meaning, in the order of MARKS."""
    present = {kind for segment in segments for kind in segment.kinds}
    return tuple((kind, meaning) for kind, meaning in MARKS.items() if kind in present)
