"""Tables of contents, which repeat a document's headings and are no part of its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.records import Block, BlockKind, Line

_TITLE: Final = re.compile(
    r"(?:table of )?contents(?: page)?|in this (?:document|report|guidance|section)|on this page",
    re.I,
)
_OUTLINE: Final = re.compile(r"(?:document )?outline|bookmarks", re.IGNORECASE)
_LEADER: Final = re.compile(
    r"(?P<text>.*\w.*?)\s*(?:\.\s?){4,}\s*(?:page\s*)?(?P<number>\d{1,4})(?:\s*\.)?", re.I
)
_LEADER_ONLY: Final = re.compile(r"(?:.*\w.*?)?\s*(?:\.\s?){6,}\s*")
_NUMBERED: Final = re.compile(
    r"(?P<text>.*[^\W\d_]{2}.*?)[\s·…_–-]+(?:page\s*)?(?P<number>\d{1,4})", re.I
)
_LONGEST_TITLE: Final = 40
_MIN_ENTRIES: Final = 3
_LONGEST_ENTRY: Final = 160


def is_contents_title(text: str) -> bool:
    """Whether a heading is that of a table of contents."""
    return len(text) <= _LONGEST_TITLE and _TITLE.fullmatch(fold(text).rstrip(":")) is not None


def drop_contents_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Each page's lines without those of a table of contents.

    Lines with dot leaders go wherever three stand on a page; lines that only end in a number go
    under the title "Contents", as long as the numbers climb, and on to the page after it.
    """
    kept = []
    goes_on = False
    for lines in pages:
        rows = _rows(lines)
        texts = [fold(" ".join(line.text for line in row)) for row in rows]
        dropped = _find_leaders(texts)
        start = next((index for index, text in enumerate(texts) if is_contents_title(text)), None)
        if start is None and goes_on:
            start = -1
        goes_on = False
        if start is not None:
            entries = _find_entries(texts, start + 1)
            if entries:
                dropped.update(range(max(start, 0), entries[-1] + 1))
                goes_on = entries[-1] >= len(rows) - 2
        kept.append(
            [line for index, row in enumerate(rows) if index not in dropped for line in row]
        )
    return kept


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that follow one another at the same height, together: an entry and its page number."""
    rows: list[list[Line]] = []
    for line in lines:
        before = rows[-1][-1] if rows else None
        if (
            before is not None
            and abs(before.box.bottom - line.box.bottom) <= 0.4 * line.size
            and line.box.x0 >= before.box.x1
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def drop_contents_blocks(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a marked-up text without its tables of contents, and without an outline at its
    end.
    """
    texts = [fold(block.text) for block in blocks]
    dropped = _find_leaders(texts)
    for index, block in enumerate(blocks):
        if is_contents_title(texts[index]) and block.kind in (
            BlockKind.HEADING,
            BlockKind.PARAGRAPH,
        ):
            entries = _find_entries(texts, index + 1)
            after = [place for place in dropped if index < place <= index + 4]
            if entries:
                dropped.update(range(index, entries[-1] + 1))
            elif after:
                dropped.add(index)
    end = _find_outline(blocks, texts)
    return [block for index, block in enumerate(blocks) if index not in dropped and index < end]


def _find_leaders(texts: Sequence[str]) -> set[int]:
    """Places of lines with dot leaders, and of lines between two such that are no sentences."""
    found = [
        index
        for index, text in enumerate(texts)
        if "...." in text.replace(" ", "") and _is_leader(text)
    ]
    if len(found) < _MIN_ENTRIES:
        return set()
    places = set(found)
    for before, after in pairwise(found):
        between = range(before + 1, after)
        if len(between) <= 2 and all(
            len(texts[i]) <= _LONGEST_ENTRY and not texts[i].endswith(".") for i in between
        ):
            places.update(between)
    return places


def _is_leader(text: str) -> bool:
    return (_LEADER.fullmatch(text) or _LEADER_ONLY.fullmatch(text)) is not None


def _find_entries(texts: Sequence[str], start: int) -> list[int]:
    """Places of the entries that begin at a place: short lines that end in numbers which climb.

    An entry may take several lines, of which only the last ends in a number. Fewer than three are
    none.
    """
    entries: list[int] = []
    last = 0
    pending = 0
    for index in range(start, len(texts)):
        found = _NUMBERED.fullmatch(texts[index]) if len(texts[index]) <= _LONGEST_ENTRY else None
        if found is not None and int(found["number"]) >= last and not texts[index].endswith("."):
            last = int(found["number"])
            entries.append(index)
            pending = 0
            continue
        pending += 1
        if pending > 2 or len(texts[index]) > _LONGEST_ENTRY or texts[index].endswith("."):
            break
    return entries if len(entries) >= _MIN_ENTRIES else []


def _find_outline(blocks: Sequence[Block], texts: Sequence[str]) -> int:
    """Where an outline at the end of a converted text begins, with nothing but lists after it; else
    the end.
    """
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if block.kind is BlockKind.HEADING and _OUTLINE.fullmatch(texts[index]):
            return index
        if (
            block.kind not in (BlockKind.LIST_ITEM, BlockKind.PARAGRAPH)
            or len(texts[index]) > 2 * _LONGEST_ENTRY
        ):
            return len(blocks)
    return len(blocks)
