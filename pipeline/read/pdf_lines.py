"""Words into lines: runs of words on one baseline without a wide gap, in the file's own order.

Lines are never sorted by height: on a page of two columns that shuffles the columns together. Two
columns that share a baseline come out as two lines, so that whoever reads them can tell the
columns.

Words are first parted at every gap that no mere space makes. These pieces are what a search for
columns wants; pieces that no table takes are put together again where the gap between them is no
wider than writing allows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.read.pdf_frame import Frame
from pipeline.read.pdf_words import MARK, Type, Word
from pipeline.records import Box, Line

_PIECE_EM: Final = 0.65  # a gap wider than this many times the font size parts two pieces
_WIDE_EM: Final = 1.5  # and one wider than this parts two lines
_WIDE_AFTER_LABEL_EM: Final = 5.0  # a bullet or number may stand this far before its text
_WIDE_JUSTIFIED_EM: Final = 3.0  # gaps of one size are a line blocked out, not columns
_REJOIN_EM: Final = (
    0.6  # pieces that pdfium broke apart (at a subscript, a change of font) are this close
)
_NO_SPACE_EM: Final = 0.12
LABEL: Final = re.compile(
    r"[.•‣◦▪▫●○■□◆◇➢➤►▶✓✔❖·∙*–—◻+\-]|o"
    r"|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxlcIVXLC]{1,6})[.)]?\)?"
)


class Piece(NamedTuple):
    """Words on one baseline that belong together, and the box around them.

    `row` numbers the lines as pdfium breaks them, `size` is the largest, `plain` tells that all
    words are of one type and row and hold no marks.
    """

    words: list[Word]
    row: int
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    plain: bool


def split_pieces(words: Iterable[Word]) -> list[Piece]:
    """The words in pieces, in the order in which they came."""
    pieces: list[Piece] = []
    run: list[Word] = []
    before: Word | None = None
    for word in words:
        if (
            before is None
            or (
                # Nearly every word, spelt out before it is asked of a function: a space after the
                # last one.
                before.top == word.top
                and before.line == word.line
                and 0.0 <= word.x0 - before.x1 <= _PIECE_EM * before.type[0]
            )
            or _follows(before, word)
        ):
            run.append(word)
        else:
            pieces.append(make_piece(run))
            run = [word]
        before = word
    if run:
        pieces.append(make_piece(run))
    return pieces


def _follows(before: Word, word: Word) -> bool:
    """Whether a word goes on where the one before it ended."""
    gap = word.x0 - before.x1
    size = before.type.size
    if word.type.size > size:
        size = word.type.size
    if before.line == word.line:
        if before.sideways and word.sideways:
            return True
        return -size <= gap <= _PIECE_EM * size and (before.top == word.top or _level(before, word))
    # pdfium also breaks lines at a subscript or a change of font, in the middle of a line.
    return (
        -0.3 * size <= gap <= _REJOIN_EM * size
        and not (before.breaks or before.sideways or word.sideways)
        and _level(before, word)
    )


def _level(before: Word, word: Word) -> bool:
    """Whether two words share a baseline: they overlap in height by half of the lower one."""
    overlap = min(before.bottom, word.bottom) - max(before.top, word.top)
    return overlap >= 0.5 * min(before.bottom - before.top, word.bottom - word.top)


def make_piece(words: list[Word]) -> Piece:
    """The words as one piece; there is at least one."""
    first = words[0]
    kind, row = first.type, first.line
    x0, top, x1, bottom, size = first.x0, first.top, first.x1, first.bottom, kind.size
    plain = True
    for word in words:
        if word.x0 < x0:
            x0 = word.x0
        if word.x1 > x1:
            x1 = word.x1
        if word.top < top:
            top = word.top
        if word.bottom > bottom:
            bottom = word.bottom
        if word.type is not kind or word.line != row or word.marks:
            plain = False
            if word.type.size > size:
                size = word.type.size
    return Piece(words, row, x0, top, x1, bottom, size, plain)


def join_pieces(pieces: Sequence[Piece]) -> list[Piece]:
    """The lines: pieces put together again where only a wide space parts them."""
    lines: list[Piece] = []
    row: list[Piece] = []
    for piece in pieces:
        if row and piece.row != row[0].row:
            lines += _join_row(row)
            row = []
        row.append(piece)
    if row:
        lines += _join_row(row)
    return lines


def _join_row(row: list[Piece]) -> list[Piece]:
    """One of pdfium's lines, parted where a gap is wide for a line."""
    if len(row) == 1:
        return row
    wide = _wide_gap([word for piece in row for word in piece.words])
    lines = [row[0]]
    for before, piece in pairwise(row):
        size = max(before.size, piece.size)
        gap = piece.words[0].x0 - before.words[-1].x1
        line = lines[-1].words
        labelled = (
            len(line) == 1
            and gap <= _WIDE_AFTER_LABEL_EM * size
            and LABEL.fullmatch(line[0].text) is not None
        )
        level = _level(before.words[-1], piece.words[0])
        if level and gap >= -size and (gap <= wide * size or labelled):
            lines[-1] = make_piece([*line, *piece.words])
        else:
            lines.append(piece)
    return lines


def _wide_gap(words: list[Word]) -> float:
    """The gap, in font sizes, beyond which two words of a row belong to two lines."""
    gaps = [after.x0 - before.x1 for before, after in pairwise(words)]
    if len(gaps) >= 3 and min(gaps) > 0 and max(gaps) < 1.5 * min(gaps):
        return _WIDE_JUSTIFIED_EM
    return _WIDE_EM


def build_lines(pieces: Iterable[Piece], work: Frame, shown: Frame) -> list[Line]:
    """The lines as records, boxes on the page as shown; text printed twice on a spot once."""
    lines: list[Line] = []
    printed: dict[str, list[Box]] = {}
    for piece in pieces:
        line = _line(piece, work, shown)
        before = printed.setdefault(line.text, [])
        if not before or not any(_on_one_spot(line, box) for box in before):
            before.append(line.box)
            lines.append(line)
    return lines


def _on_one_spot(line: Line, box: Box) -> bool:
    near = 0.3 * max(line.size, 1.0)
    return (
        abs(line.box.x0 - box.x0) < near
        and abs(line.box.top - box.top) < near
        and abs(line.box.x1 - box.x1) < near
    )


def join_words(segment: Sequence[Word]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of a line's words and the [start, end) of its superscripts."""
    if len(segment) == 1:
        return segment[0].text, segment[0].marks
    main = main_type(segment)
    baseline = max(
        (word.bottom for word in segment if word.type.size == main.size), default=segment[0].bottom
    )
    parts: list[str] = []
    marks: list[tuple[int, int]] = []
    length = 0
    before: Word | None = None
    for word in segment:
        if before is not None and not _touches(before, word):
            parts.append(" ")
            length += 1
        raised = (
            word.type.size < 0.85 * main.size
            and baseline - word.bottom > 0.2 * main.size
            and not word.sideways
            and MARK.fullmatch(word.text) is not None
        )
        inner = ((0, len(word.text)),) if raised else word.marks
        marks.extend((length + start, length + end) for start, end in inner)
        parts.append(word.text)
        length += len(word.text)
        before = word
    return "".join(parts), tuple(marks)


def _touches(before: Word, word: Word) -> bool:
    """Whether two words are one: pdfium broke between them, but there is no room for a space."""
    return (
        before.line != word.line
        and not before.sideways
        and word.x0 - before.x1 < _NO_SPACE_EM * max(before.type.size, word.type.size)
    )


def main_type(segment: Sequence[Word]) -> Type:
    """How most characters of a line are set."""
    first = segment[0].type
    if all(word.type == first for word in segment):
        return first
    sizes: dict[float, int] = defaultdict(int)
    bold = italic = total = 0
    for word in segment:
        length = len(word.text)
        sizes[word.type.size] += length
        bold += length * word.type.bold
        italic += length * word.type.italic
        total += length
    size = max(sizes, key=lambda size: (sizes[size], size))
    return Type(size, bold * 2 > total, italic * 2 > total)


def _line(piece: Piece, work: Frame, shown: Frame) -> Line:
    kind = piece.words[0].type
    marks: tuple[tuple[int, int], ...] = ()
    if piece.plain:
        text = " ".join([word.text for word in piece.words])
    else:
        kind = main_type(piece.words)
        text, marks = join_words(piece.words)
    return Line(
        text=text,
        box=work.box_in(shown, piece.x0, piece.top, piece.x1, piece.bottom),
        size=kind.size,
        bold=kind.bold,
        italic=kind.italic,
        superscripts=marks,
    )
