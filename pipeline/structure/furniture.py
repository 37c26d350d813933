"""Running headers and footers, and page numbers, told from a page's text by their coming again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.records import Line, Page

_MARGIN: Final = 0.13  # of a page's height, at its head and foot
_SLACK: Final = 0.012  # of a page's height: how far a running header may move
_MIN_PAGES: Final = 3
_MIN_SHARE: Final = 0.4  # of the pages of one side, left or right
_ENOUGH_PAGES: Final = 8  # however long the document is
_LONGEST_NUMBER: Final = 6  # figures of a page number in a series of volumes
_DIGITS: Final = re.compile(r"\d+")
_NUMBER: Final = re.compile(
    r"(?:[-–|•]\s*)?(?:page\s+)?(\d{1,6}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?(?:\s*[-–|•])?", re.I
)


def find_body(pages: Sequence[Page]) -> list[list[Line]]:
    """The lines of each page that are its text, in the file's order.

    Left out are lines in the margins that come again at the same height on other pages (or on every
    other page), alike or with figures that count the pages, and page numbers by themselves.
    """
    repeated = _find_repeated(pages)
    offset = _find_number_offset(pages)
    return [
        [
            line
            for line in page.lines
            if not _is_sideways(line)
            and not (
                _zone(page, line)
                and (
                    (page.number, mask(line.text)) in repeated
                    or _is_page_number(line.text.strip(), page, offset)
                )
            )
        ]
        for page in pages
    ]


def _is_sideways(line: Line) -> bool:
    """Whether a line runs up or down the margin of a page."""
    wide, high = line.box.x1 - line.box.x0, line.box.bottom - line.box.top
    return high > 3 * wide and len(line.text) > 3


def _find_repeated(pages: Sequence[Page]) -> set[tuple[int, str]]:
    """Page and masked text of the lines that come again on enough pages."""
    seen: dict[tuple[str, str], list[tuple[Page, Line]]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            zone = _zone(page, line)
            if zone:
                seen[mask(line.text), zone].append((page, line))
    needed = max(_MIN_PAGES, min(len(pages) * _MIN_SHARE / 2, _ENOUGH_PAGES))
    if len(pages) == 2:
        needed = 2
    found: set[tuple[int, str]] = set()
    for (text, _), places in seen.items():
        for page, line in places:
            near = [
                (other, there)
                for other, there in places
                if abs(there.box.top / other.height - line.box.top / page.height) <= _SLACK
            ]
            if len({other.number for other, _ in near}) >= needed and _is_running(
                line, near, needed
            ):
                found.add((page.number, text))
    return found


def _is_running(line: Line, near: Sequence[tuple[Page, Line]], needed: float) -> bool:
    """Whether lines that are alike but for figures run through the pages: the same figures, or the
    page's own.

    Headings that count something else ("Recommendation 3") are text.
    """
    alike = fold(line.text).lower()
    if sum(fold(other.text).lower() == alike for _, other in near) >= needed:
        return True
    steps: dict[int, set[int]] = defaultdict(set)
    for page, other in near:
        for number in _DIGITS.findall(other.text):
            if len(number) <= _LONGEST_NUMBER:
                steps[int(number) - page.number].add(page.number)
    pages = {page.number for page, _ in near}
    return max((len(found) for found in steps.values()), default=0) >= 0.8 * len(pages)


def _zone(page: Page, line: Line) -> str:
    """ "head" or "foot" for a line in a margin, else ""."""
    middle = (line.box.top + line.box.bottom) / 2
    if middle <= _MARGIN * page.height:
        return "head"
    return "foot" if middle >= (1 - _MARGIN) * page.height else ""


def mask(text: str) -> str:
    """A line with its figures masked, so that page numbers in it do not matter."""
    return _DIGITS.sub("#", fold(text).lower())


def _is_page_number(text: str, page: Page, offset: int | None) -> bool:
    """Whether a line in a margin is the page's number: in step with the pages, in Roman figures, or
    as "Page 3 of 9".
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return False
    if text.isdecimal():
        return offset is not None and int(text) == page.number + offset
    return True


def _find_number_offset(pages: Sequence[Page]) -> int | None:
    """How far the printed page numbers lie from the count of pages; None where no two pages
    agree.
    """
    counts: dict[int, int] = defaultdict(int)
    for page in pages:
        printed = {
            int(line.text.strip())
            for line in page.lines
            if len(line.text) <= _LONGEST_NUMBER
            and line.text.strip().isdecimal()
            and _zone(page, line)
        }
        for number in printed:
            counts[number - page.number] += 1
    if not counts:
        return None
    best = max(counts, key=lambda offset: (counts[offset], -abs(offset)))
    return best if counts[best] >= min(2, len(pages)) else None
