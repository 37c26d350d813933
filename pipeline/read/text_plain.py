"""Plain text to blocks: paragraphs, lists by marker and indent, headings by how they stand
apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.read.text_front import front_matter_end
from pipeline.read.text_lines import TextLine, groups, is_full, join, split_lines, wrap_width
from pipeline.read.text_markers import Marker, parse_marker
from pipeline.records import Block, BlockKind

_ENDED: Final = re.compile(r"[.!?:;…][)’”'\"»\]]*$")
_NO_HEADING_END: Final = re.compile(r"(?:[.,;:](?<!…)|\b(?:and|or|of|the|a|to|in|for|with|by))$")
_LONE_BULLET: Final = re.compile(r"[•●▪■◦○‣·–—*-]|o")
_MAX_HEADING_WORDS: Final = 18
_MAX_HEADING: Final = 120
_SHORT: Final = 24
_PROSE_WORDS: Final = 8
_PROSE_LENGTH: Final = 60
# A line that starts with a time or a date, or is one, is no heading; structuring makes of it what
# it is.
_STAMP: Final = re.compile(
    r"\d{1,2}[.:]\d\d|(?:\d{1,2}(?:st|nd|rd|th)? )?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Lines that belong together, with the marker in front of them if they have one."""

    lines: tuple[TextLine, ...]
    marker: Marker | None = None

    @property
    def indent(self) -> int:
        return self.lines[0].indent


def read_plain(text: str) -> list[Block]:
    """The blocks of a plain text, `start` counted in it; front matter is left out."""
    start = front_matter_end(text)
    runs = groups(line for line in split_lines(text) if line.start >= start)
    width = wrap_width(runs)
    paragraphs = attach_lone_bullets([part for run in runs for part in split_run(run, width)])
    return mark_headings(nest(paragraphs))


def split_run(run: Sequence[TextLine], width: int | None) -> list[Paragraph]:
    """A run of lines without a blank one, as paragraphs: a new one starts at a marker, or after a
    line that its writer ended (short of the margin).
    """
    parts: list[list[TextLine]] = []
    markers: list[Marker | None] = []
    for line in run:
        marker = parse_marker(line.text)
        if not parts:
            starts = True
        else:
            before = parts[-1][-1]
            starts = _starts(line, marker, before, last=markers[-1], width=width)
        if starts:
            parts.append([line])
            markers.append(marker)
        else:
            parts[-1].append(line)
    return [
        Paragraph(lines=tuple(lines), marker=marker)
        for lines, marker in zip(parts, markers, strict=True)
    ]


def nest(paragraphs: Sequence[Paragraph]) -> list[Block]:
    """Paragraphs as blocks; list items get their level from how far they are indented among their
    neighbours.
    """
    blocks: list[Block] = []
    indents: list[int] = []
    for paragraph in paragraphs:
        marker = paragraph.marker
        first, *others = (line.text for line in paragraph.lines)
        width = marker.width if marker is not None else 0
        text = join([first[width:], *others])
        if marker is None:
            if indents and paragraph.indent > indents[0] + 1:
                # Indented under an item: its second paragraph.
                last = blocks[-1]
                blocks[-1] = replace(last, text=f"{last.text} {text}")
                continue
            indents.clear()
            blocks.append(
                Block(kind=BlockKind.PARAGRAPH, text=text, start=paragraph.lines[0].start)
            )
            continue
        while indents and paragraph.indent < indents[-1]:
            indents.pop()
        if not indents or paragraph.indent > indents[-1] + 1:
            indents.append(paragraph.indent)
        kind = BlockKind.PARAGRAPH if marker.is_decimal else BlockKind.LIST_ITEM
        blocks.append(
            Block(
                kind=kind,
                text=text,
                level=len(indents) if kind is BlockKind.LIST_ITEM else 0,
                marker=marker.text,
                start=paragraph.lines[0].start + width,
            )
        )
    return blocks


def mark_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with those paragraphs made headings that look it: short, without the punctuation
    that ends a sentence, and followed by prose. The first block of a text needs no prose after
    it.
    """
    marked = []
    for index, block in enumerate(blocks):
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        if looks_like_heading(block) and after is not None and (is_prose(after) or index == 0):
            block = replace(block, kind=BlockKind.HEADING, level=1 if index == 0 else 2)
        marked.append(block)
    return marked


def looks_like_heading(block: Block) -> bool:
    """Whether a paragraph's words could be a heading's."""
    text = block.text
    return (
        block.kind is BlockKind.PARAGRAPH
        and block.marker is None
        and len(text) <= _MAX_HEADING
        and len(text.split()) <= _MAX_HEADING_WORDS
        and (text[0].isupper() or text[0].isdigit() or text[0] in "‘“'\"")
        and re.search(r"[^\W\d_]{3}", text) is not None
        and _NO_HEADING_END.search(text) is None
        and _STAMP.match(text) is None
        and not text.lower().startswith(("http:", "https:", "www."))
    )


def is_prose(block: Block) -> bool:
    """Whether a block is running text: long, or a sentence of some words, or a list's lead-in."""
    if block.kind is not BlockKind.PARAGRAPH:
        return False
    words = len(block.text.split())
    ended = _ENDED.search(block.text) is not None
    return (len(block.text) >= _PROSE_LENGTH and (ended or words >= 2 * _PROSE_WORDS)) or (
        ended and words >= _PROSE_WORDS
    )


def _starts(
    line: TextLine,
    marker: Marker | None,
    before: TextLine,
    *,
    last: Marker | None,
    width: int | None,
) -> bool:
    """Whether a line starts a paragraph although no blank line stands before it."""
    full = is_full(before, width)
    if marker is not None:
        if marker.is_bullet:
            return not full or last is not None or before.text.endswith(":")
        follows = last is not None and marker.follows(last)
        return follows or (
            marker.starts_list() and (not full or _ENDED.search(before.text) is not None)
        )
    if width is None:
        # Lines are paragraphs, but for very short ones that belong together (month and day).
        short = len(before.text) <= _SHORT and len(line.text) <= _SHORT
        return not short or _ENDED.search(before.text) is not None
    if full or line.text[:1].islower():
        return False
    return (line.indent != before.indent and last is None) or _ENDED.search(before.text) is not None


def attach_lone_bullets(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Bullets that stand on a line of their own go to the paragraph after them."""
    attached: list[Paragraph] = []
    pending: Paragraph | None = None
    for paragraph in paragraphs:
        if paragraph.marker is None and _LONE_BULLET.fullmatch(
            " ".join(x.text for x in paragraph.lines)
        ):
            pending = paragraph
            continue
        if pending is not None and paragraph.marker is None:
            sign = pending.lines[0].text
            marker = Marker(text=sign, width=0, readings=((f"bullet {sign}", 0),))
            paragraph = Paragraph(lines=paragraph.lines, marker=marker)
        pending = None
        attached.append(paragraph)
    return attached
