"""What a document repeats or puts around its text: running headers and footers, page numbers, site furniture."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.read.text_furniture import Furniture, fold
from pipeline.records import Block, BlockKind, Kind, Line, Page

_MARGIN: Final = 0.13  # of a page's height, at its head and foot
_SLACK: Final = 0.012  # of a page's height: how far a running header may move
_MIN_PAGES: Final = 3
_MIN_SHARE: Final = 0.4  # of the pages of one side, left or right
_ENOUGH_PAGES: Final = 8  # however long the document is
_DIGITS: Final = re.compile(r"\d+")
_NUMBER: Final = re.compile(r"(?:[-–|•]\s*)?(?:page\s+)?(\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?(?:\s*[-–|•])?", re.I)
_PAGE_OF: Final = re.compile(r"(?:^|\s)page \d{1,4} of \d{1,4}$", re.IGNORECASE)
_MIN_NUMBERS: Final = 5  # page numbers that make a text one that was taken off pages
_HEADER_LENGTH: Final = 120
_MIN_REPEATS: Final = 4


def find_body(pages: Sequence[Page]) -> list[list[Line]]:
    """The lines of each page that are its text, in the file's order.

    Left out are lines in the margins that come again at the same height on other pages (or on every other
    page), alike or with figures that count the pages, and page numbers by themselves.
    """
    repeated = _find_repeated(pages)
    offset = _find_number_offset(pages)
    return [
        [
            line
            for line in page.lines
            if not _zone(page, line)
            or not ((page.number, _mask(line.text)) in repeated or _is_page_number(line.text.strip(), page, offset))
        ]
        for page in pages
    ]


def _find_repeated(pages: Sequence[Page]) -> set[tuple[int, str]]:
    """Page and masked text of the lines that come again on enough pages."""
    seen: dict[tuple[str, str], list[tuple[Page, Line]]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            zone = _zone(page, line)
            if zone:
                seen[_mask(line.text), zone].append((page, line))
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
            if len({other.number for other, _ in near}) >= needed and _is_running(line, near, needed):
                found.add((page.number, text))
    return found


def _is_running(line: Line, near: Sequence[tuple[Page, Line]], needed: float) -> bool:
    """Whether lines that are alike but for figures run through the pages: the same figures, or the page's own.

    Headings that count something else ("Recommendation 3") are text.
    """
    alike = fold(line.text).lower()
    if sum(fold(other.text).lower() == alike for _, other in near) >= needed:
        return True
    steps: dict[int, set[int]] = defaultdict(set)
    for page, other in near:
        for number in _DIGITS.findall(other.text):
            if len(number) <= 4:
                steps[int(number) - page.number].add(page.number)
    pages = {page.number for page, _ in near}
    return max((len(found) for found in steps.values()), default=0) >= 0.8 * len(pages)


def _zone(page: Page, line: Line) -> str:
    """"head" or "foot" for a line in a margin, else ""."""
    middle = (line.box.top + line.box.bottom) / 2
    if middle <= _MARGIN * page.height:
        return "head"
    return "foot" if middle >= (1 - _MARGIN) * page.height else ""


def _mask(text: str) -> str:
    """A line with its figures masked, so that page numbers in it do not matter."""
    return _DIGITS.sub("#", fold(text).lower())


def _is_page_number(text: str, page: Page, offset: int | None) -> bool:
    """Whether a line in a margin is the page's number: in step with the pages, in Roman figures, or as
    "Page 3 of 9"."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return False
    if text.isdecimal():
        return offset is not None and int(text) == page.number + offset
    return True


def _find_number_offset(pages: Sequence[Page]) -> int | None:
    """How far the printed page numbers lie from the count of pages; None where no two pages agree."""
    counts: dict[int, int] = defaultdict(int)
    for page in pages:
        printed = {
            int(line.text.strip())
            for line in page.lines
            if len(line.text) <= 5 and line.text.strip().isdecimal() and _zone(page, line)
        }
        for number in printed:
            counts[number - page.number] += 1
    if not counts:
        return None
    best = max(counts, key=lambda offset: (counts[offset], -abs(offset)))
    return best if counts[best] >= min(2, len(pages)) else None


# ------------------------------------------------------------------------------------ blocks


def drop_page_furniture(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a text that was taken off pages, without page numbers and running headers.

    Texts that show fewer than five page numbers come back as they are. A paragraph that a page break cut in two
    is one again.
    """
    numbers = _find_page_numbers(blocks)
    if len(numbers) < _MIN_NUMBERS:
        return list(blocks)
    headers = _find_headers(blocks, numbers)
    kept: list[Block] = []
    broken = False
    for index, block in enumerate(blocks):
        if index in numbers and not numbers[index]:
            broken = True
            continue
        if index in headers:
            broken = True
            continue
        text = numbers.get(index) or block.text
        if kept and _goes_on(kept[-1], block, broken=broken):
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text} {text}")
        else:
            kept.append(replace(block, text=text))
        broken = index in numbers
    return kept


def _find_page_numbers(blocks: Sequence[Block]) -> dict[int, str]:
    """Blocks that are, or end in, a page number, with what they say before it."""
    found: dict[int, str] = {}
    plain: list[tuple[int, int]] = []
    for index, block in enumerate(blocks):
        text = fold(block.text)
        match = _PAGE_OF.search(text)
        if match is not None:
            found[index] = text[: match.start()].strip()
        elif text.isdecimal() and len(text) <= 4 and block.marker is None and block.table is None:
            plain.append((index, int(text)))
    for index in _longest_climb(plain):
        found[index] = ""
    return found


def _longest_climb(numbers: Sequence[tuple[int, int]]) -> list[int]:
    """The places of the longest run of numbers that goes up by one or two each time."""
    best: dict[int, list[int]] = {}
    longest: list[int] = []
    for index, number in numbers:
        before = max((best.get(number - step, []) for step in (1, 2)), key=len)
        if len(before) + 1 > len(best.get(number, [])):
            best[number] = [*before, index]
        if len(best[number]) > len(longest):
            longest = best[number]
    return longest if len(longest) >= _MIN_NUMBERS else []


def _find_headers(blocks: Sequence[Block], numbers: dict[int, str]) -> set[int]:
    """Blocks whose text comes again and nearly always stands beside a page number."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        if block.table is None and 0 < len(block.text) <= _HEADER_LENGTH and index not in numbers:
            places[_mask(block.text)].append(index)
    beside = {index + step for index in numbers for step in (-2, -1, 1, 2)}
    headers: set[int] = set()
    for indexes in places.values():
        if len(indexes) >= _MIN_REPEATS and sum(index in beside for index in indexes) >= 0.75 * len(indexes):
            headers.update(index for index in indexes if index in beside)
    return headers


def _goes_on(before: Block, block: Block, *, broken: bool) -> bool:
    """Whether a block is the rest of the one before it, which a page or line break cut off."""
    text = before.text
    if block.kind is not BlockKind.PARAGRAPH or block.marker is not None or not block.text[:1].islower():
        return False
    if before.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
        return False
    return (broken or len(text) >= 40) and text[-1:] not in ".!?:;”’\"" and len(text.split()) >= 4


def drop_site_furniture(blocks: Sequence[Block], furniture: Furniture, kind: Kind) -> list[Block]:
    """The blocks without share buttons, comment forms, cookie banners, "read the rest" and the like.

    Headings such as "Related articles" go with all that stands under them, in commentary only: in guidance and
    board papers they may head text.
    """
    kept: list[Block] = []
    dropped_level: int | None = None
    for block in blocks:
        heading = block.kind is BlockKind.HEADING
        if dropped_level is not None and not (heading and block.level <= dropped_level) and block.kind is not BlockKind.ENTRY:
            continue
        dropped_level = None
        if block.table is not None or block.kind is BlockKind.ENTRY:
            kept.append(block)
            continue
        if kind is Kind.COMMENTARY and heading and furniture.heads_furniture(block.text):
            dropped_level = block.level
            continue
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and furniture.is_furniture(block.text):
            continue
        text = furniture.without_tail(block.text) if block.kind is BlockKind.PARAGRAPH else block.text
        if text:
            kept.append(replace(block, text=text))
    return _drop_writer(kept) if kind is Kind.COMMENTARY else kept


_ABOUT: Final = re.compile(r"about (?:the )?[^.!?]{2,60}[ .]*", re.IGNORECASE)
_MAX_TAIL: Final = 3


def _drop_writer(blocks: list[Block]) -> list[Block]:
    """The blocks without "About <the writer>" and the few lines under it at the very end."""
    for index in range(max(len(blocks) - 1 - _MAX_TAIL, 1), len(blocks)):
        block = blocks[index]
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and _ABOUT.fullmatch(block.text):
            return blocks[:index]
    return blocks
