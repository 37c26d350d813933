"""Plain text and Markdown to blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipeline.errors import DocumentError, Outcome
from pipeline.read.text_bytes import decode, load_bytes
from pipeline.read.text_cues import is_transcript, read_cues, read_head
from pipeline.read.text_front import read_front_matter
from pipeline.read.text_lines import split_lines
from pipeline.read.text_markdown import read_markdown_blocks
from pipeline.read.text_plain import read_plain
from pipeline.records import Block, Format, Source

MAX_BYTES: Final = 64_000_000


def read_text(path: Path) -> Source:
    """The blocks of a plain text: paragraphs (wrapped lines joined), list items nested by indent,
    soft headings.

    A transcript comes as an entry for each time mark with the speech under it. `start` of a block
    counts code points in the decoded text, line ends as they are in the file, without a byte order
    mark. Raises DocumentError for files that hold no text or too much.
    """
    text, checksum = _load(path)
    lines = split_lines(text)
    if is_transcript(lines):
        return _source(path, checksum, Format.TEXT, read_cues(lines), read_head(lines))
    return _source(path, checksum, Format.TEXT, read_plain(text), read_front_matter(text))


def read_markdown(path: Path) -> Source:
    """The blocks of a Markdown text: headings, paragraphs, nested lists, pipe tables, footnotes.

    Markup and escapes are taken off the text; a line that is all bold and has running text under it
    is a heading. `start` counts as in `read_text`. Raises DocumentError for files that hold no text
    or too much.
    """
    text, checksum = _load(path)
    return _source(
        path, checksum, Format.MARKDOWN, read_markdown_blocks(text), read_front_matter(text)
    )


def _load(path: Path) -> tuple[str, str]:
    content, checksum = load_bytes(path, limit=MAX_BYTES)
    return decode(path, content), checksum


def _source(
    path: Path,
    checksum: str,
    form: Format,
    blocks: list[Block],
    metadata: tuple[tuple[str, str], ...],
) -> Source:
    if not blocks:
        raise DocumentError(
            path,
            Outcome.EMPTY,
            "the file holds no text",
            remedy="Get the file again from its source",
        )
    return Source(
        file=path.name, sha256=checksum, format=form, blocks=tuple(blocks), metadata=metadata
    )
