"""What changed between two wordings, word by word: shared by the compare page, `mustdo diff` and
the exports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Final

from rapidfuzz.distance import LCSseq


class PieceKind(StrEnum):
    """Whether words stand in both wordings, in the earlier one alone, or in the later one alone."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of words that share a fate; the texts of a redline's pieces join up without further
    spaces.
    """

    kind: PieceKind
    text: str


# A number keeps its sign, currency, decimals, year or unit: "92%", "£2.5bn", "2025/26", "18-week"
# are words.
_WORD: Final = re.compile(
    r"\s*(?:[£$€]?\d+(?:[.,:/\-–]\d+)*(?:%|\w+)?(?:-\w+)*|\w+(?:[’'&.\-‑/]\w+)*|[^\w\s])"
)
# Words too common to hold a reader's eye: on their own between two changes they make confetti.
_SMALL: Final = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "its",
        "of", "on", "or", "that", "the", "their", "this", "to", "will", "with",
    }
)  # fmt: skip
_UNALIKE: Final = (
    0.3  # share of words in common below which the two are shown whole, one after the other
)


def redline(old: str, new: str) -> tuple[Piece, ...]:
    """How `old` became `new`: pieces in reading order, deleted words before those that take their
    place.

    Same and deleted pieces give the words of `old`, same and inserted ones those of `new`, in order
    and up to white space. Texts that share next to nothing come as one deletion and one insertion.
    """
    before, after = _words(old), _words(new)
    blocks = _blocks([w.strip() for w in before], [w.strip() for w in after])
    pieces: list[Piece] = []
    for same, old_start, old_end, new_start, new_end in blocks:
        if same:
            kept = after[new_start:new_end]
            if pieces and pieces[-1].kind is PieceKind.DELETED:
                # Words that now open the text had a space before them while others stood there.
                kept[0] = before[old_start]
            _append(pieces, PieceKind.SAME, kept)
            continue
        _append(pieces, PieceKind.DELETED, before[old_start:old_end])
        _append(pieces, PieceKind.INSERTED, after[new_start:new_end])
    return tuple(pieces)


def redline_html(pieces: Sequence[Piece]) -> str:
    """The pieces as HTML with <del> and <ins>; every word of either text is escaped."""
    tags = {PieceKind.DELETED: "del", PieceKind.INSERTED: "ins"}
    parts = []
    for piece in pieces:
        tag = tags.get(piece.kind)
        text = escape(piece.text)
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(parts)


def redline_text(pieces: Sequence[Piece]) -> str:
    """The pieces in plain text, deletions in [-brackets-] and insertions in {+braces+}, as wdiff
    writes them.
    """
    forms = {
        PieceKind.SAME: "{}",
        PieceKind.DELETED: "[-{}-]",
        PieceKind.INSERTED: "{{+{}+}}",
    }
    return "".join(forms[piece.kind].format(piece.text) for piece in pieces)


def _words(text: str) -> list[str]:
    """The words of a text, each with the white space before it; the last takes what follows it."""
    return _WORD.findall(text)


def _blocks(before: list[str], after: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Runs (same, old start, old end, new start, new end) that cover both; changed and same ones
    take turns.
    """
    if LCSseq.normalized_similarity(before, after) < _UNALIKE:
        return [(False, 0, len(before), 0, len(after))]
    found: list[tuple[bool, int, int, int, int]] = [
        (op.tag == "equal", op.src_start, op.src_end, op.dest_start, op.dest_end)
        for op in LCSseq.opcodes(before, after)
    ]
    merged: list[tuple[bool, int, int, int, int]] = []
    for number, block in enumerate(found):
        same, old_start, old_end, _, _ = block
        inside = 0 < number < len(found) - 1
        if same and inside and _is_confetti(before[old_start:old_end]):
            block = (False, *block[1:])
        if merged and merged[-1][0] == block[0]:
            last = merged.pop()
            block = (block[0], last[1], block[2], last[3], block[4])
        merged.append(block)
    return merged


def _is_confetti(words: Sequence[str]) -> bool:
    """Whether a run that stayed is too slight to show as unchanged between two changes."""
    return len(words) <= 2 and all(w.lower() in _SMALL or not w[0].isalnum() for w in words)


def _append(pieces: list[Piece], kind: PieceKind, words: Sequence[str]) -> None:
    """Add a run; the space before changed words stays outside them, so that no space is underlined
    or struck.
    """
    text = "".join(words)
    bare = text.lstrip()
    if not bare:
        return
    space = " " if text != bare else ""
    if kind is not PieceKind.SAME and pieces:
        previous = pieces[-1]
        # After a deletion its replacement needs a space even where the two wordings had none there.
        if space or previous.kind is PieceKind.DELETED:
            if previous.kind is PieceKind.SAME:
                pieces[-1] = Piece(kind=previous.kind, text=previous.text + " ")
            else:
                pieces.append(Piece(kind=PieceKind.SAME, text=" "))
        text = bare
    elif not pieces:
        text = bare
    pieces.append(Piece(kind=kind, text=text))
