"""Pages and blocks made by hand, and the corpus beside the project where it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.records import (
    Bookmark,
    Box,
    Format,
    Kind,
    Line,
    Page,
    Source,
    Stated,
    StructuredDocument,
    Table,
)
from pipeline.structure import structure

_SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"


@dataclass(slots=True, kw_only=True)
class Sheet:
    """A page being set: A4, lines one under the other from where the last one ended."""

    number: int
    left: float = 60.0
    top: float = 100.0
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)

    def set(
        self,
        *texts: str,
        size: float = 10.0,
        bold: bool = False,
        indent: float = 0.0,
        gap: float = 0.0,
        raised: tuple[tuple[int, int], ...] = (),
    ) -> Sheet:
        """Sets lines at the leading of their size, the first `gap` points lower; half the size a
        letter.
        """
        self.top += gap
        for text in texts:
            x0 = self.left + indent
            box = Box(
                x0=x0, top=self.top, x1=x0 + 0.5 * size * len(text), bottom=self.top + 1.1 * size
            )
            self.lines.append(Line(text=text, box=box, size=size, bold=bold, superscripts=raised))
            self.top += 1.3 * size
        return self

    def at(self, top: float, *, left: float | None = None) -> Sheet:
        """Goes on from another place of the page."""
        self.top = top
        self.left = left if left is not None else self.left
        return self

    def page(self) -> Page:
        return Page(
            number=self.number,
            width=595.0,
            height=842.0,
            lines=tuple(self.lines),
            tables=tuple(self.tables),
            rules=tuple(self.rules),
        )


Structure = Callable[..., StructuredDocument]


@pytest.fixture
def sheet() -> Callable[[int], Sheet]:
    """A new sheet by its number."""
    return lambda number: Sheet(number=number)


@pytest.fixture
def structure_sheets() -> Structure:
    """Structures sheets as the pages of one PDF of guidance."""

    def run(
        *sheets: Sheet, bookmarks: tuple[Bookmark, ...] = (), kind: Kind = Kind.GUIDANCE
    ) -> StructuredDocument:
        source = Source(
            file="guidance.pdf",
            sha256="0" * 64,
            format=Format.PDF,
            pages=tuple(one.page() for one in sheets),
            bookmarks=bookmarks,
        )
        (document,) = structure(source, Stated(id="guidance", kind=kind))
        return document

    return run


@pytest.fixture
def shared() -> Path:
    """The corpus of real documents beside the project."""
    if not _SHARED.is_dir():
        pytest.skip("the shared corpus is not beside the project")
    return _SHARED
