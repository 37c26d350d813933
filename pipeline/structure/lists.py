"""Lists: which stems govern each item, through nesting, page breaks and paragraphs between numbered
items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.read.text_markers import Marker, marker_of, parse_marker
from pipeline.records import BlockKind
from pipeline.sentences import sentences_of
from pipeline.structure.pieces import Piece
from pipeline.structure.sentences import find_lead_in, is_ended

_TRANSPARENT: Final = frozenset({BlockKind.FOOTNOTE, BlockKind.CAPTION, BlockKind.TABLE})
_PROSE_WORDS: Final = (
    25  # a numbered item with more words that nothing governs is a numbered paragraph
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Governed:
    """A piece with the stems that govern it, outermost first, and its depth: 0 outside lists."""

    piece: Piece
    stems: tuple[str, ...] = ()
    depth: int = 0


@dataclass(slots=True, kw_only=True)
class _Frame:
    """A list that is open: how deep its items are set, its last marker, what governs its items.

    `own` is what the last item itself offers a list inside it. A frame sleeps once text has come
    between: then only the next number wakes it.
    """

    hint: int
    marker: Marker
    stems: tuple[str, ...]
    own: str | None = None
    asleep: bool = False


@dataclass(slots=True, kw_only=True)
class _State:
    frames: list[_Frame] = field(default_factory=list)
    lead: str | None = None  # of the paragraph right before
    after_item: bool = False


def govern(pieces: Sequence[Piece]) -> list[Governed]:
    """Each piece with its stems. A heading ends all lists; footnotes, captions and tables interrupt
    none.

    The nearest lead-in is the last sentence of the paragraph right before a list, if it does not
    end as a sentence does; in a nested list the stems of the outer list come first, then the item
    above where that is a lead-in or a phrase. Text that resumes after a list ends it, but for a
    number that comes next.
    """
    state = _State()
    governed = []
    for piece in pieces:
        piece = peel(piece)
        if piece.kind in _TRANSPARENT:
            governed.append(Governed(piece=piece))
        elif piece.kind is BlockKind.LIST_ITEM or (piece.marker is not None and piece.peeled):
            governed.append(_govern_item(piece, state))
        else:
            _pass_text(piece, state)
            governed.append(Governed(piece=piece))
    return governed


def peel(piece: Piece) -> Piece:
    """A paragraph that starts with a marker, as an item with that marker; anything else as it
    is.
    """
    if piece.kind is not BlockKind.PARAGRAPH or piece.marker is not None:
        return piece
    if piece.places:
        return piece  # lines of a page had their markers taken off before
    marker = parse_marker(piece.text)
    if marker is None or len(piece.text) <= marker.width:
        return piece
    follows = piece.text[marker.width]
    if marker.text in "-–—*" and is_ended(piece.text) and not follows.isalnum():
        return piece  # a dash may open a remark as well
    kind = BlockKind.PARAGRAPH if marker.is_decimal else BlockKind.LIST_ITEM
    offset = piece.offset + marker.width if piece.offset is not None else None
    return replace(
        piece,
        kind=kind,
        text=piece.text[marker.width :],
        marker=marker.text,
        peeled=True,
        offset=offset,
    )


def _pass_text(piece: Piece, state: _State) -> None:
    """What a heading or a paragraph outside lists does to the lists that are open."""
    if piece.kind is BlockKind.HEADING:
        state.frames.clear()
        state.lead = piece.text if piece.text.endswith(":") else None
    else:
        for frame in state.frames:
            frame.asleep = True
        state.lead = find_lead_in(piece.text)
    state.after_item = False


def _govern_item(piece: Piece, state: _State) -> Governed:
    marker = marker_of(piece.marker) if piece.marker is not None else marker_of("•")
    frame = _find_frame(piece, marker, state)
    if frame is None:
        frame = _open_frame(piece, marker, state)
    frame.marker = marker
    frame.asleep = False
    frame.own = find_lead_in(piece.text, least_words=1)
    state.after_item = True
    state.lead = None
    stems = frame.stems
    if _is_numbered_paragraph(piece, marker, stems):
        return Governed(piece=replace(piece, kind=BlockKind.PARAGRAPH, level=0))
    return Governed(piece=piece, stems=stems, depth=_depth(state))


def _depth(state: _State) -> int:
    """How many lists an item stands in; numbered paragraphs of several parts are none."""
    return sum(not frame.asleep and not frame.marker.is_decimal for frame in state.frames)


def _find_frame(piece: Piece, marker: Marker, state: _State) -> _Frame | None:
    """The open list that an item continues; lists inside it are closed."""
    for index in range(len(state.frames) - 1, -1, -1):
        frame = state.frames[index]
        if frame.asleep and (marker.is_bullet or frame.marker.is_bullet):
            continue
        if marker.is_bullet and frame.marker.is_bullet:
            same = frame.hint == piece.level or (
                piece.level < frame.hint and all(f.hint < piece.level for f in state.frames[:index])
            )
        else:
            same = marker.follows(frame.marker) and not (state.lead and marker.starts_list())
        if same:
            del state.frames[index + 1 :]
            return frame
    return None


def _open_frame(piece: Piece, marker: Marker, state: _State) -> _Frame:
    """A new list: inside the one whose item came right before, if it is set deeper or its marks
    differ.
    """
    outer: _Frame | None = None
    if state.after_item:
        while state.frames and not _is_inside(piece, marker, state.frames[-1]):
            state.frames.pop()
        outer = state.frames[-1] if state.frames else None
    else:
        # Frames of numbers stay for their next number; all others have been ended by the text
        # between.
        state.frames[:] = [frame for frame in state.frames if not frame.marker.is_bullet]
    if outer is not None:
        stems = (*outer.stems, outer.own) if outer.own is not None else outer.stems
    else:
        stems = (state.lead,) if state.lead is not None else ()
        if not state.after_item and not marker.is_bullet:
            state.frames.clear()
    frame = _Frame(hint=piece.level, marker=marker, stems=stems)
    state.frames.append(frame)
    return frame


def _is_inside(piece: Piece, marker: Marker, frame: _Frame) -> bool:
    """Whether an item is set under the last item of a list."""
    if piece.level > frame.hint:
        return True
    if piece.level < frame.hint and not (frame.own or "").endswith(":"):
        return False
    differs = marker.is_bullet != frame.marker.is_bullet or not (
        marker.styles & frame.marker.styles
    )
    return differs and marker.starts_list() and not (marker.is_bullet and frame.marker.is_bullet)


def _is_numbered_paragraph(piece: Piece, marker: Marker, stems: tuple[str, ...]) -> bool:
    """Whether a numbered item is running text with a number: governed by nothing, and long or of
    several sentences, or numbered in several parts.
    """
    if stems or marker.is_bullet:
        return False
    if marker.is_decimal:
        return True
    return is_ended(piece.text) and (
        len(piece.text.split()) > _PROSE_WORDS or len(sentences_of(piece.text)) > 1
    )
