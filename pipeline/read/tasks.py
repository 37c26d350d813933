"""What the pool of readers and its processes say to each other.

Answers come back as plain values in MessagePack, not as pickles: what a process that has read a
hostile file sends must not be able to run anything on this side.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from pipeline.errors import DocumentError, Outcome
from pipeline.records import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to read: a whole file, or with `pages` [start, stop) a part of a PDF.

    A PDF of more than `longest` pages is not read but counted. With `scan` its pictures are read,
    without limits on memory and processor time, which would fall on tesseract.
    """

    number: int
    path: Path
    password: str | None
    size_bytes: int
    cpu_s: float
    longest: int
    pages: tuple[int, int] | None = None
    scan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A DocumentError as values."""

    outcome: Outcome
    reason: str
    remedy: str
    page: int | None = None

    @classmethod
    def of(cls, error: DocumentError) -> Fault:
        """The error's values."""
        return cls(outcome=error.outcome, reason=error.reason, remedy=error.remedy, page=error.page)

    def error(self, path: Path) -> DocumentError:
        """The error that these values were of."""
        return DocumentError(path, self.outcome, self.reason, remedy=self.remedy, page=self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What became of a task, in `seconds`: the source, how many pages a long PDF has, or a fault.

    `leaving`: the process ends after this answer, having grown.
    """

    seconds: float
    source: Source | None = None
    pages: int | None = None
    fault: Fault | None = None
    leaving: bool = False


encode_reply: Final = msgspec.msgpack.Encoder().encode
decode_reply: Final = msgspec.msgpack.Decoder(Reply).decode
