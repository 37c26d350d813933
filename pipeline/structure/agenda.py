"""Board papers: agenda items and minute numbers as headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
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
_TITLE_LABEL: Final = re.compile(
    r"(?:report title|paper title|title(?: of (?:the )?(?:report|paper))?|subject)\s*:?",
    re.IGNORECASE,
)
_LOOKAHEAD: Final = 4  # pieces after an item's number
_LONGEST_TITLE: Final = 160
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
            heading = _with_title(piece.text, pieces[index + 1 : index + 1 + _LOOKAHEAD])
            marked.append(
                replace(piece, kind=BlockKind.HEADING, text=heading, level=level, marker=None)
            )
        elif piece.kind is BlockKind.HEADING and index > first:
            marked.append(replace(piece, level=piece.level + shift))
        else:
            marked.append(piece)
    return marked


def _with_title(heading: str, following: Sequence[Piece]) -> str:
    """An item's number with the title that its cover sheet gives under "Title of report"."""
    for label, value in pairwise(following):
        if _TITLE_LABEL.fullmatch(label.text) and value.kind is BlockKind.PARAGRAPH:
            return f"{heading}: {value.text}" if len(value.text) <= _LONGEST_TITLE else heading
    return heading


def _is_item(piece: Piece) -> bool:
    if piece.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING) or piece.marker is not None:
        return False
    if _ITEM.fullmatch(piece.text) or _MINUTE.fullmatch(piece.text):
        return True
    return piece.kind is BlockKind.HEADING and _ITEM_TITLED.fullmatch(piece.text) is not None
