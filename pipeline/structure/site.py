"""What a web site puts around an article, where it stands in the text that was read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.read.text_furniture import Furniture
from pipeline.records import Block, BlockKind, Kind

_ABOUT: Final = re.compile(r"about (?:the )?[^.!?]{2,60}[ .]*", re.IGNORECASE)
_MAX_TAIL: Final = 3  # blocks that a note on the writer takes at most


def drop_site_furniture(blocks: Sequence[Block], furniture: Furniture, kind: Kind) -> list[Block]:
    """The blocks without share buttons, comment forms, cookie banners, "read the rest" and the
    like.

    Headings such as "Related articles" go with all that stands under them, in commentary only: in
    guidance and board papers they may head text.
    """
    kept: list[Block] = []
    dropped_level: int | None = None
    for block in blocks:
        heading = block.kind is BlockKind.HEADING
        if (
            dropped_level is not None
            and not (heading and block.level <= dropped_level)
            and block.kind is not BlockKind.ENTRY
        ):
            continue
        dropped_level = None
        if block.table is not None or block.kind is BlockKind.ENTRY:
            kept.append(block)
            continue
        if kind is Kind.COMMENTARY and heading and furniture.heads_furniture(block.text):
            dropped_level = block.level
            continue
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and furniture.is_furniture(
            block.text
        ):
            continue
        text = (
            furniture.without_tail(block.text) if block.kind is BlockKind.PARAGRAPH else block.text
        )
        if text:
            kept.append(replace(block, text=text))
    return _drop_writer(kept) if kind is Kind.COMMENTARY else kept


def _drop_writer(blocks: list[Block]) -> list[Block]:
    """The blocks without "About <the writer>" and the few lines under it at the very end."""
    for index in range(max(len(blocks) - 1 - _MAX_TAIL, 1), len(blocks)):
        block = blocks[index]
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and _ABOUT.fullmatch(block.text):
            return blocks[:index]
    return blocks
