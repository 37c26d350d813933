"""Markdown to blocks, as people write it and as converters leave it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.read.text_front import front_matter_end
from pipeline.read.text_lines import TextLine, join, split_lines
from pipeline.read.text_plain import (
    Paragraph,
    attach_lone_bullets,
    is_prose,
    looks_like_heading,
    mark_headings,
    nest,
    split_run,
)
from pipeline.records import Block, BlockKind, Cell, Table

_ATX: Final = re.compile(r"(#{1,6})(?:\s+(.*?))?(?:\s+#+)?")
_RULE: Final = re.compile(r"(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,}")
_SETEXT: Final = re.compile(r"=+|-+")
_FENCE: Final = re.compile(r"(`{3,}|~{3,}).*")
_NOTE: Final = re.compile(r"\[\^([^\]\s]{1,20})\]:\s*(.*)")
_QUOTE: Final = re.compile(r"(?:>\s?)+")
_DELIMITERS: Final = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_HELD: Final = (
    "\ue000"  # stands in for an escaped sign while the markup is taken off: 0xE000 + its code
)
_IMAGE: Final = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK: Final = re.compile(r"\[([^\]]*)\](?:\([^)\s]*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])")
_AUTOLINK: Final = re.compile(r"<((?:https?://|mailto:)[^>\s]+)>")
_NOTE_MARK: Final = re.compile(r"\[\^[^\]\s]{1,20}\]")
_TAG: Final = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|sup|sub|div|p|img|font|center|code|small|mark|br|hr)\b[^<>]*>",
    re.I,
)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.S)
_STARS: Final = re.compile(r"\*{2,}")
_STAR_PAIR: Final = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)?\*(?![\w*])")
_BARS: Final = re.compile(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")
_BOLD: Final = re.compile(r"(\*\*\*?|__)(?:(?!\1).)+\1")
_LOOKAHEAD: Final = (
    3  # bold lines one under the other that may all be headings of the text after them
)


def read_markdown_blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text, `start` counted in it."""
    lines = split_lines(_COMMENT.sub(_blank, text))
    start = front_matter_end(text)
    if start:
        lines = [line for line in lines if line.start >= start]
    return _mark_bold_headings(_read_lines(lines))


def plain(text: str) -> str:
    """A text without its markup: emphasis, links, escapes, footnote marks, inline tags.

    >>> plain("**Item 2025-26 \\\\(28\\\\)**")
    'Item 2025-26 (28)'
    """
    held = _ESCAPED.sub(lambda found: chr(ord(_HELD) + ord(found[1])), text)
    held = _IMAGE.sub("", held)
    held = _LINK.sub(r"\1", held)
    held = _AUTOLINK.sub(r"\1", held)
    held = _NOTE_MARK.sub("", held)
    held = _TAG.sub(
        lambda tag: " " if tag[0].lower().startswith(("<br", "<p", "<div")) else "", held
    )
    held = _STARS.sub("", held)
    held = _STAR_PAIR.sub(r"\1", held)
    held = _BARS.sub(r"\2", held)
    held = html.unescape(held.replace("`", ""))
    restored = re.sub("[\ue021-\ue07e]", lambda found: chr(ord(found[0]) - ord(_HELD)), held)
    return re.sub(r"\s+", " ", restored).strip()


def _blank(found: re.Match[str]) -> str:
    """A comment as blanks, so that what follows keeps its place."""
    return re.sub(r"[^\r\n]", " ", found[0])


def _read_lines(lines: Sequence[TextLine]) -> list[tuple[Block, bool]]:
    """The blocks, each with whether it was all bold."""
    blocks: list[tuple[Block, bool]] = []
    run: list[TextLine] = []
    waiting: list[Paragraph] = []

    def end_run() -> None:
        if run:
            waiting.extend(_paragraphs(run))
            run.clear()

    def end_paragraphs() -> None:
        end_run()
        if waiting:
            blocks.extend(_nest(waiting))
            waiting.clear()

    index = 0
    while index < len(lines):
        line = _unquoted(lines[index])
        step = 1
        special = _special(lines, index, line, run)
        if special is not None:
            block, step = special
            if block is not None and block.kind is BlockKind.HEADING and run and step == 0:
                # Underlined: the line before is the heading.
                run.clear()
                step = 1
            end_paragraphs()
            if block is not None:
                blocks.append((block, False))
        elif line.text:
            run.append(line)
        else:
            end_run()
        index += step
    end_paragraphs()
    return blocks


def _special(
    lines: Sequence[TextLine], index: int, line: TextLine, run: Sequence[TextLine]
) -> tuple[Block | None, int] | None:
    """A block that is no paragraph, with how many lines it takes; None where the line is ordinary.

    0 lines mean that it is made of the single line gathered before.
    """
    found = _ATX.fullmatch(line.text)
    if found is not None:
        heading = plain(found[2] or "")
        block = Block(kind=BlockKind.HEADING, text=heading, level=len(found[1]), start=line.start)
        return (block if heading else None), 1
    if (
        len(run) == 1
        and _SETEXT.fullmatch(line.text)
        and len(line.text) >= 2
        and "|" not in run[0].text
    ):
        level = 1 if line.text.startswith("=") else 2
        return Block(
            kind=BlockKind.HEADING, text=plain(run[0].text), level=level, start=run[0].start
        ), 0
    if _RULE.fullmatch(line.text):
        return None, 1
    found = _FENCE.fullmatch(line.text)
    if found is not None:
        return _fenced(lines, index, found[1])
    found = _NOTE.fullmatch(line.text)
    if found is not None:
        return _note(lines, index, found)
    under = lines[index + 1].text if index + 1 < len(lines) else ""
    if (
        "|" in line.text
        and _DELIMITERS.fullmatch(under)
        and ("|" in under or under.count("-") >= 3)
    ):
        return _table(lines, index)
    return None


def _fenced(lines: Sequence[TextLine], index: int, fence: str) -> tuple[Block | None, int]:
    end = index + 1
    while end < len(lines) and not lines[end].text.startswith(fence):
        end += 1
    inside = [line for line in lines[index + 1 : end] if line.text]
    if not inside:
        return None, end - index + 1
    text = join(line.text for line in inside)
    return Block(kind=BlockKind.PARAGRAPH, text=text, start=inside[0].start), end - index + 1


def _note(lines: Sequence[TextLine], index: int, found: re.Match[str]) -> tuple[Block, int]:
    """A footnote with the lines that go on under it."""
    end = index + 1
    while end < len(lines) and lines[end].text and not _NOTE.match(lines[end].text):
        end += 1
    text = plain(join([found[2], *(line.text for line in lines[index + 1 : end])]))
    start = lines[index].start + found.start(2)
    return Block(kind=BlockKind.FOOTNOTE, text=text, marker=found[1], start=start), end - index


def _table(lines: Sequence[TextLine], index: int) -> tuple[Block, int]:
    end = index + 2
    while end < len(lines) and "|" in lines[end].text:
        end += 1
    rows = [lines[index], *lines[index + 2 : end]]
    cells = [
        Cell(text=_cell(text), row=row, column=column, header=row == 0)
        for row, line in enumerate(rows)
        for column, text in enumerate(_split_row(line.text))
    ]
    table = Table(cells=tuple(cells))
    return Block(kind=BlockKind.TABLE, text="", table=table, start=lines[index].start), end - index


def _split_row(line: str) -> list[str]:
    inner = re.sub(r"^\||(?<!\\)\|$", "", line.strip())
    return re.split(r"(?<!\\)\|", inner)


def _cell(text: str) -> str:
    return "\n".join(
        filter(None, (plain(part) for part in re.split(r"<br\s*/?>", text, flags=re.I)))
    )


def _unquoted(line: TextLine) -> TextLine:
    """The line without the marks of a block quotation."""
    found = _QUOTE.match(line.text)
    if found is None:
        return line
    rest = line.text[found.end() :]
    inner = rest.lstrip()
    return TextLine(
        text=inner,
        start=line.start + found.end() + len(rest) - len(inner),
        indent=len(rest) - len(inner),
    )


def _paragraphs(run: Sequence[TextLine]) -> list[Paragraph]:
    """A run's paragraphs and items; in Markdown a line break alone starts none."""
    return split_run([replace(line, text=_marked(line.text)) for line in run], width=1)


def _marked(text: str) -> str:
    """A line whose marker can be seen: "+ " is a bullet in Markdown, "1\\." a number."""
    if text.startswith("+ "):
        return f"* {text[2:]}"
    bold = re.match(r"\*\*([•●▪·])\s*\*\*\s*", text)
    if bold is not None:
        return f"{bold[1]} {text[bold.end() :]}"
    return re.sub(r"^(\(?\w{1,4})\\([.)])", r"\1\2", text)


def _nest(paragraphs: Sequence[Paragraph]) -> list[tuple[Block, bool]]:
    bold = {paragraph.lines[0].start for paragraph in paragraphs if _is_bold(paragraph)}
    blocks = []
    for block in nest(attach_lone_bullets(list(paragraphs))):
        text = plain(block.text)
        if text:
            blocks.append((replace(block, text=text), block.start in bold))
    return blocks


def _is_bold(paragraph: Paragraph) -> bool:
    text = " ".join(line.text for line in paragraph.lines)
    return _BOLD.search(text) is not None and not re.search(r"\w", _BOLD.sub("", text))


def _mark_bold_headings(found: Sequence[tuple[Block, bool]]) -> list[Block]:
    """The blocks; where a text has headings that are only bold, those are headings, below the
    marked ones.

    A bold line is a heading if running text follows it, or another bold line of which the same is
    true.
    """
    blocks = [block for block, _ in found]
    levels = [block.level for block in blocks if block.kind is BlockKind.HEADING]
    if not levels and not any(bold for _, bold in found):
        return mark_headings(blocks)
    below = min(max(levels, default=1) + 1, 6)
    marked = list(blocks)
    for index, (block, bold) in enumerate(found):
        if bold and looks_like_heading(block) and _leads_to_prose(found, index):
            marked[index] = replace(block, kind=BlockKind.HEADING, level=below)
    return marked


def _leads_to_prose(found: Sequence[tuple[Block, bool]], index: int) -> bool:
    for block, bold in found[index + 1 : index + 1 + _LOOKAHEAD]:
        if is_prose(block) or (
            block.kind is BlockKind.PARAGRAPH and block.text.endswith(":") and not bold
        ):
            return True
        if not bold:
            return block.kind is BlockKind.LIST_ITEM
    return False
