"""Words into lines: runs of words on one baseline without a wide gap, in the file's own order.

Lines are never sorted by height: on a page of two columns that shuffles the columns together. Two columns that
share a baseline come out as two lines, so that whoever reads them can tell the columns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from pipeline.read.pdf_frame import Frame
from pipeline.read.pdf_words import MARK, Type, Word
from pipeline.records import Line

_WIDE_EM: Final = 1.5  # a gap wider than this many times the font size parts two lines
_FINE_EM: Final = 0.65
_WIDE_AFTERLABEL_EM: Final = 5.0  # a bullet or number may stand this far before its text
_WIDE_JUSTIFIED_EM: Final = 3.0  # gaps of one size are a line blocked out, not columns
_REJOIN_EM: Final = 0.6  # pieces that pdfium broke apart (at a subscript, a change of font) are this close
_NO_SPACE_EM: Final = 0.12
LABEL: Final = re.compile(
    r"[.•‣◦▪▫●○■□◆◇➢➤►▶✓✔❖·∙*–—◻+\-]|o"
    r"|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxlcIVXLC]{1,6})[.)]?\)?"
)


def build_lines(segments: Iterable[Sequence[Word]], work: Frame, shown: Frame) -> list[Line]:
    """Words of each line as records, boxes on the page as shown; text printed twice on one spot stands once."""
    lines: list[Line] = []
    places: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for segment in segments:
        line = _line(segment, work, shown)
        near = 0.3 * max(line.size, 1.0)
        at = (line.box.x0, line.box.top, line.box.x1)
        if any(
            all(abs(a - b) < near for a, b in zip(at, before, strict=True))
            for before in places[line.text]
        ):
            continue
        places[line.text].append(at)
        lines.append(line)
    return lines


def split_lines(words: Iterable[Word], *, fine: bool = False) -> list[list[Word]]:
    """Words of each line, in the order in which they came.

    `fine` parts lines at every gap that no space between two words makes, as a search for columns wants it.
    """
    segments: list[list[Word]] = []
    for row in _rows(words):
        pieces = _split_row(row, fine=fine)
        if segments and _rejoins(segments[-1], pieces[0]):
            segments[-1].extend(pieces.pop(0))
        segments.extend(pieces)
    return segments


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    """The words by pdfium's own lines."""
    rows: list[list[Word]] = []
    line = -1
    for word in words:
        if word.line != line:
            rows.append([])
            line = word.line
        rows[-1].append(word)
    return rows


def _split_row(row: list[Word], *, fine: bool) -> list[list[Word]]:
    """One of pdfium's lines, parted at wide gaps and where it jumps to another baseline."""
    if len(row) == 1:
        return [row]
    size = max(word.type.size for word in row)
    wide = _FINE_EM * size if fine else _wide_gap(row, size)
    pieces = [[row[0]]]
    for before, word in pairwise(row):
        gap = word.x0 - before.x1
        piece = pieces[-1]
        if before.sideways and word.sideways:
            follows = True
        elif not _level(before, word) or gap < -size:
            follows = False
        elif gap <= wide:
            follows = True
        else:
            follows = (
                not fine
                and len(piece) == 1
                and gap <= _WIDE_AFTERLABEL_EM * size
                and LABEL.fullmatch(piece[0].text) is not None
            )
        if follows:
            piece.append(word)
        else:
            pieces.append([word])
    return pieces


def _wide_gap(row: list[Word], size: float) -> float:
    """The gap in points beyond which two words of a row belong to two lines."""
    gaps = [after.x0 - before.x1 for before, after in pairwise(row)]
    if len(gaps) >= 3 and min(gaps) > 0 and max(gaps) < 1.5 * min(gaps):
        return _WIDE_JUSTIFIED_EM * size
    return _WIDE_EM * size


def _level(before: Word, word: Word) -> bool:
    """Whether two words share a baseline: they overlap in height by half of the lower one."""
    overlap = min(before.bottom, word.bottom) - max(before.top, word.top)
    return overlap >= 0.5 * min(before.bottom - before.top, word.bottom - word.top)


def _rejoins(segment: list[Word], piece: list[Word]) -> bool:
    """Whether a piece goes on where the segment before it, of another of pdfium's lines, ended."""
    last, word = segment[-1], piece[0]
    if last.breaks or last.sideways or word.sideways or not _level(last, word):
        return False
    size = max(last.type.size, word.type.size)
    return -0.3 * size <= word.x0 - last.x1 <= _REJOIN_EM * size


def join_words(segment: Sequence[Word]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of a line's words and the [start, end) of its superscripts."""
    main = main_type(segment)
    baseline = max((word.bottom for word in segment if word.type.size == main.size), default=0.0)
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
    if len({word.type for word in segment}) == 1:
        return segment[0].type
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


def _line(segment: Sequence[Word], work: Frame, shown: Frame) -> Line:
    text, marks = join_words(segment)
    kind = main_type(segment)
    return Line(
        text=text,
        box=work.box_in(
            shown,
            min(word.x0 for word in segment),
            min(word.top for word in segment),
            max(word.x1 for word in segment),
            max(word.bottom for word in segment),
        ),
        size=kind.size,
        bold=kind.bold,
        italic=kind.italic,
        superscripts=marks,
    )
