"""Board papers: agenda items and minute numbers as headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.records import BlockKind
from pipeline.structure.pieces import Piece

_REFERENCE: Final = (
    r"[A-Z]{0,4}[ /-]?\d{1,4}(?:[-/.]\d{1,4}){0,2}(?:[a-z]{1,4}|[ /-]?\(\d{1,3}[a-z]{0,4}\))?"
)
_ITEM: Final = re.compile(
    rf"(?:agenda )?item(?: no\.?| number)?\s*:?\s*{_REFERENCE}\.?", re.IGNORECASE
)
_MINUTE: Final = re.compile(
    r"\d{2,4}[-/]\d{2,4}\s?\(\d{1,3}[a-z]{0,4}\)|[A-Z]{1,4}[ /-]?\d{1,3}[-/]\d{2,4}"
)
_ITEM_TITLED: Final = re.compile(
    rf"(?:agenda )?item\s+{_REFERENCE}\s*[:.–-]\s*\S.{{2,120}}", re.IGNORECASE
)


def mark_items(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a board paper with its item numbers as headings one level above those under
    them.

    "Item 2025-26 (28)", "Agenda item: 5", "Item 5: Performance report" and minute numbers standing
    alone are items. Where all of them are headings already, above those under them, nothing
    changes.
    """
    found = {index for index, piece in enumerate(pieces) if _is_item(piece)}
    if not found:
        return list(pieces)
    first = min(found)
    others = [
        piece.level
        for index, piece in enumerate(pieces)
        if piece.kind is BlockKind.HEADING and index > first and index not in found
    ]
    top = min(others, default=2)
    if all(
        pieces[index].kind is BlockKind.HEADING and pieces[index].level < top for index in found
    ):
        return list(pieces)
    level = max(top - 1, 1)
    shift = level + 1 - top
    marked = []
    for index, piece in enumerate(pieces):
        if index in found:
            marked.append(replace(piece, kind=BlockKind.HEADING, level=level, marker=None))
        elif piece.kind is BlockKind.HEADING and index > first:
            marked.append(replace(piece, level=piece.level + shift))
        else:
            marked.append(piece)
    return marked


def _is_item(piece: Piece) -> bool:
    if piece.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING) or piece.marker is not None:
        return False
    if _ITEM.fullmatch(piece.text) or _MINUTE.fullmatch(piece.text):
        return True
    return piece.kind is BlockKind.HEADING and _ITEM_TITLED.fullmatch(piece.text) is not None
