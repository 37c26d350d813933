"""Texts that were taken off pages: page numbers and running headers out, paragraphs whole again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.records import Block, BlockKind
from pipeline.structure.furniture import mask
from pipeline.structure.sentences import is_cut

_PAGE_OF: Final = re.compile(r"(?:^|\s)page (\d{1,4}) of \d{1,4}$", re.IGNORECASE)
_ENDS_IN_NUMBER: Final = re.compile(r"(?P<text>.*\S)\s+(?P<number>\d{1,4})")
_MIN_NUMBERS: Final = 5  # page numbers that make a text one that was taken off pages
_MAX_STEP: Final = 4  # from one page number that is shown to the next
_HEADER_LENGTH: Final = 120
_MIN_HEADER: Final = 8
_MIN_REPEATS: Final = 4
_MIN_BESIDE: Final = 0.6  # of a header's repeats stand beside a page number
_MIN_WRAPPED: Final = 40  # characters of a line that its margin broke
_MIN_CUT: Final = 60  # and of one that goes on with a capital
_MIN_WORDS: Final = 4


@dataclass(slots=True, kw_only=True)
class _Marks:
    """Where page breaks show: places of headers, and of page numbers with the text before them."""

    headers: set[int] = field(default_factory=set)
    numbers: dict[int, str] = field(default_factory=dict)


def drop_page_furniture(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the page numbers and running headers of the pages that they were taken
    off.

    A paragraph that a page or a line's end cut in two is one again. Texts that show fewer than five
    page numbers come back as they are.
    """
    marks = _find_marks(blocks)
    if len(marks.numbers) < _MIN_NUMBERS:
        return list(blocks)
    kept: list[Block] = []
    broken = False
    for index, block in enumerate(blocks):
        text = marks.numbers.get(index, block.text)
        if index in marks.headers or (not text and block.table is None):
            broken = True
            continue
        if kept and _goes_on(kept[-1], block, broken=broken):
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text} {text}")
        else:
            kept.append(replace(block, text=text))
        broken = index in marks.numbers
    return kept


def _find_marks(blocks: Sequence[Block]) -> _Marks:
    marks = _Marks()
    alone: dict[int, int] = {}
    for index, block in enumerate(blocks):
        if block.table is not None or block.marker is not None:
            continue
        text = fold(block.text)
        found = _PAGE_OF.search(text)
        if found is not None:
            marks.numbers[index] = text[: found.start()].strip()
        elif text.isdecimal() and len(text) <= 4:
            alone[index] = int(text)
    for places in _repeated(blocks).values():
        _read_header(blocks, places, alone, marks)
    if not marks.headers:
        marks.numbers.update(dict.fromkeys(_longest_climb(list(alone.items())), ""))
    return marks


def _repeated(blocks: Sequence[Block]) -> dict[str, list[int]]:
    """Places of the short texts that come again, by their words with figures masked."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        if (
            block.table is None
            and block.marker is None
            and _MIN_HEADER <= len(block.text) <= _HEADER_LENGTH
        ):
            places[mask(block.text)].append(index)
    return {text: found for text, found in places.items() if len(found) >= _MIN_REPEATS}


def _read_header(
    blocks: Sequence[Block], places: Sequence[int], alone: dict[int, int], marks: _Marks
) -> None:
    """Marks a repeated text as running header, with its page numbers, if such stand beside it and
    climb.
    """
    beside: list[tuple[int, int, int]] = []
    for place in places:
        near = next(
            (at for at in (place - 1, place + 1) if at in alone or at in marks.numbers), None
        )
        if near is not None:
            beside.append((place, near, alone.get(near, 0)))
    if len(beside) < max(_MIN_REPEATS, _MIN_BESIDE * len(places)):
        return
    shown = [number for _, _, number in beside if number]
    climbs = sum(0 < after - before <= _MAX_STEP for before, after in pairwise(shown))
    if shown and climbs < 0.8 * (len(shown) - 1):
        return
    marks.headers.update(places)
    marks.numbers.update({near: "" for _, near, _ in beside if near in alone})
    _read_numbers_in_text(blocks, places, alone, marks)


def _read_numbers_in_text(
    blocks: Sequence[Block], places: Sequence[int], alone: dict[int, int], marks: _Marks
) -> None:
    """Page numbers that ran into the paragraph before a header, where they are next in turn."""
    last = 0
    for place in places:
        if place - 1 in alone:
            last = alone[place - 1]
            continue
        found = _ENDS_IN_NUMBER.fullmatch(fold(blocks[place - 1].text)) if place > 0 else None
        if found is not None and 0 < int(found["number"]) - last <= _MAX_STEP and last:
            marks.numbers[place - 1] = found["text"]
            last = int(found["number"])


def _longest_climb(numbers: Sequence[tuple[int, int]]) -> list[int]:
    """The places of the longest run of numbers that goes up by a little each time."""
    best: dict[int, list[int]] = {}
    longest: list[int] = []
    for index, number in numbers:
        before = max((best.get(number - step, []) for step in range(1, _MAX_STEP + 1)), key=len)
        if len(before) + 1 > len(best.get(number, [])):
            best[number] = [*before, index]
        if len(best[number]) > len(longest):
            longest = best[number]
    return longest if len(longest) >= _MIN_NUMBERS else []


def _goes_on(before: Block, block: Block, *, broken: bool) -> bool:
    """Whether a block is the rest of the one before it, which a page or line break cut off.

    What goes on with a capital must follow a line that cannot have ended: a long one, or an item's,
    for the short lines of a table's cells end anyhow.
    """
    text = before.text
    if block.kind is not BlockKind.PARAGRAPH or block.marker is not None:
        return False
    if before.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
        return False
    if text[-1:] in '.!?:;”’"' or len(text.split()) < _MIN_WORDS:
        return False
    if block.text[:1].islower():
        return broken or len(text) >= _MIN_WRAPPED
    item = before.kind is BlockKind.LIST_ITEM and len(block.text) >= _MIN_HEADER
    return (
        (item or len(text) >= _MIN_CUT)
        and block.text[:1].isupper()
        and (is_cut(text) or text.endswith(","))
    )
