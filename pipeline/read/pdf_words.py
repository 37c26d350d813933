"""The words of a PDF page with their places and type, in the file's own order.

pdfium gives a page's text in one call. A word's box comes from its first and last character only,
its type is looked up only where the text object changes, and single characters are looked at only
where a word may hold a footnote mark or may have lost a space: a few calls a word, not a few a
character.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from struct import iter_unpack
from typing import Final, NamedTuple

from pipeline.read import pdf_native as native
from pipeline.read.pdf_frame import Frame, turned


class Type(NamedTuple):
    """How a word is set: size in points, whether bold, whether italic."""

    size: float
    bold: bool
    italic: bool


class Word(NamedTuple):
    """A word in a frame's coordinates; `line` numbers the lines as pdfium breaks them.

    `marks` are the [start, end) of characters inside the word that are small and raised. `sideways`
    tells a word that does not run from left to right, `breaks` one after which the line ends (at a
    hyphen).
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    type: Type
    line: int
    marks: tuple[tuple[int, int], ...] = ()
    sideways: bool = False
    breaks: bool = False


HYPHEN_AT_LINE_END: Final = "\ufffe"  # pdfium's own sign; it leaves out the line break after it
_ALL_SPACES: Final = {  # white space and control characters, one for one
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA1), *range(0x2000, 0x200B)], " "),
    **dict.fromkeys([0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000], " "),
    ord("\r"): "\n",
    ord("\n"): "\n",
}
_WORD: Final = re.compile(r"\w{2,}")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# Bullets and ticks of the Symbol and Wingdings fonts, which have no Unicode.
_SYMBOLS: Final = str.maketrans("\uf0b7\uf0a7\uf0d8\uf0fc\uf06f\uf02d\uf0a8", "•▪➢✓o–◻")
_LIGATURE: Final = re.compile("[\ufb00-\ufb06]")
_SUSPECT: Final = re.compile(  # a mark before punctuation, a lost space
    r"[^\d\s][\d*†‡§]{1,3}[.,;:!?)\]’”'\"]+$|[a-z][A-Z]|[a-z]{2}[.,;:][A-Za-z]|^.{16}"
)
_SMALLER: Final = 0.85  # a mark is smaller than this many times its word's type
_HIGHER: Final = 0.15  # and stands higher by this many times
_USUAL_ASCENT: Final = 0.8
_USUAL_DESCENT: Final = 0.2
MARK: Final = re.compile(r"[(\[]?\d{1,3}(?:[,;–-]\d{1,3})*[)\],]?|[*†‡§¶]{1,3}|[a-z]|[ivx]{1,4}")
_ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th)", re.IGNORECASE)
_RAISED_DIGITS: Final = re.compile(r"(?<![\s/kcm]m)[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+")
_LONG_WORD: Final = 16
_BOLD_NAME: Final = re.compile(
    r"bold|black|heavy|semibold|demi|(?<![a-z])bd(?![a-z])", re.IGNORECASE
)
_ITALIC_NAME: Final = re.compile(r"italic|oblique|(?<![a-z])it(?![a-z])", re.IGNORECASE)
_FLAG_ITALIC: Final = 1 << 6
_FLAG_FORCE_BOLD: Final = 1 << 18
_FILL_AND_STROKE: Final = 2
_SAMPLE: Final = 15  # characters whose angle is asked to tell how the page's text is turned


class _Style(NamedTuple):
    """A type, and whether its font leaves out its depth, so that boxes hug their letters."""

    type: Type
    flat: bool


# [start, end) of the page's text, the word, the number of its line, whether the line ends after it
_Piece = tuple[int, int, str, int, bool]


class PageText:
    """The text of one loaded page; close it before the page."""

    def __init__(self, page: native.Handle) -> None:
        self._text_page = native.load_text(page)
        self._styles: dict[tuple[int, int, int], _Style] = {}
        self._types: dict[Type, Type] = {}  # each once, so that words of one type share it
        self._faces: dict[int, tuple[bool, bool, bool]] = {}
        self._object = 0
        self._style = _Style(Type(0.0, False, False), False)
        self.text = self._read_text() if self._text_page else ""

    def close(self) -> None:
        """Give the text back to pdfium."""
        if self._text_page:
            native.close_text(self._text_page)
            self._text_page = 0

    def _read_text(self) -> str:
        """The page's text with one code point for each of pdfium's characters."""
        count = native.count_chars(self._text_page)
        if count <= 0:
            return ""
        units = (ctypes.c_ushort * (2 * count + 2))()
        written = native.get_text(self._text_page, 0, count, ctypes.addressof(units))
        text = bytes(units)[: 2 * max(written - 1, 0)].decode("utf-16-le", errors="surrogatepass")
        if len(text) == count:
            return text
        # Some characters have no Unicode value and are left out, which would shift all after them.
        return "".join(
            chr(code) if 0 < code < 0x110000 else " "
            for code in (native.get_unicode(self._text_page, i) for i in range(count))
        )

    def upright(self, shown: Frame) -> Frame:
        """The frame in which most of the text stands upright: the page as shown, unless its text
        lies sideways.
        """
        step = max(1, len(self.text) // _SAMPLE)
        found = [_WORD.search(self.text, at) for at in range(0, len(self.text), step)]
        angles = [native.char_angle(self._text_page, m.start()) for m in found if m is not None]
        quarters = Counter(round(angle / (math.pi / 2)) % 4 for angle in angles if angle >= 0)
        if not quarters:
            return shown
        clockwise, votes = quarters.most_common(1)[0]
        work = (4 - clockwise) % 4
        if work == shown.quarters or votes * 2 <= len(angles):
            return shown
        return turned(shown, work)

    def words(self, frame: Frame) -> list[Word]:
        """Every word, in the file's order."""
        words: list[Word] = []
        pieces, boxes = self._pieces()
        text_page, text_object = self._text_page, native.text_object
        # What a named tuple's constructor calls; itself it takes three times as long.
        make: Callable[..., Word] = tuple.__new__
        upright, from_left, from_top = frame.quarters == 0, frame.left, frame.top
        for (start, end, text, line, breaks), corners in zip(pieces, boxes, strict=True):
            left, high, _, low, left_2, high_2, right_2, low_2 = corners
            if upright and high == high_2 and low == low_2 and left <= left_2:
                # Nearly every word: it runs to the right, in one type. Spelt out, not called.
                x0, x1 = left - from_left, right_2 - from_left
                top, bottom = from_top - high, from_top - low
                sideways = mixed = False
            else:
                x0, top, x1, bottom, sideways, uneven = _around(frame, corners)
                mixed = uneven and text_object(text_page, start) != text_object(text_page, end - 1)
            plain = text.isalpha() and text.islower() and len(text) < _LONG_WORD
            if not sideways and (mixed or (not plain and _SUSPECT.search(text))):
                words += self._scanned(frame, start, text, line, breaks=breaks)
                continue
            if text_object(text_page, start) != self._object:
                self._enter_type(start, bottom - top)
            style = self._style
            if style.flat and not sideways:
                top, bottom = self._line_height(frame, start, style.type.size)
            marks: tuple[tuple[int, int], ...] = ()
            if not text.isascii():
                text, marks = _mend(text)
                if not text:
                    continue
            fields = (text, x0, top, x1, bottom, style.type, line, marks, sideways, breaks)
            words.append(make(Word, fields))
        return words

    def _pieces(self) -> tuple[list[_Piece], Iterator[tuple[float, ...]]]:
        """The words of the text, and for each the loose boxes of its first and last character:
        eight floats.
        """
        pieces: list[_Piece] = []
        line = start = 0
        for row in self.text.translate(_ALL_SPACES).split("\n"):
            line += 1
            for part in row.split(" "):
                end = start + len(part)
                if HYPHEN_AT_LINE_END in part:
                    line = _split_at_hyphens(part, start, line, pieces)
                elif part:
                    pieces.append((start, end, part, line, False))
                start = end + 1
        floats = (ctypes.c_float * (8 * len(pieces)))()
        address = ctypes.addressof(floats)
        box, text_page = native.loose_char_box, self._text_page
        for start, end, _, _, _ in pieces:
            box(text_page, start, address)
            box(text_page, end - 1, address + 16)
            address += 32
        return pieces, iter_unpack("8f", floats)

    def _scanned(
        self, frame: Frame, start: int, text: str, line: int, *, breaks: bool
    ) -> Iterator[Word]:
        """A word looked at character by character: its raised marks, and its parts where it lost
        its spaces.
        """
        corners = (ctypes.c_float * 4)()
        address = ctypes.addressof(corners)
        boxes = []
        for i in range(start, start + len(text)):
            native.loose_char_box(self._text_page, i, address)
            left, high, right, low = corners
            boxes.append(frame.place(left, low, right, high))
        cuts = _lost_spaces(boxes)
        for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            part = boxes[begin:end]
            styles, raised = self._raised(frame, range(start + begin, start + end), part)
            main = raised.index(False)
            top, bottom = part[main][1], part[main][3]
            if styles[main].flat:
                top, bottom = self._line_height(frame, start + begin + main, styles[main].type.size)
            mended, marks = _mend(text[begin:end], raised)
            if mended:
                yield Word(
                    mended,
                    min(box[0] for box in part),
                    top,
                    max(box[2] for box in part),
                    bottom,
                    styles[main].type,
                    line,
                    marks,
                    False,
                    breaks and end == len(text),
                )

    def _raised(
        self, frame: Frame, indices: range, boxes: list[tuple[float, float, float, float]]
    ) -> tuple[list[_Style], list[bool]]:
        """How each character is set, and which are smaller than the largest and stand above its
        baseline.
        """
        styles = [self._style_at(i, box[3] - box[1]) for i, box in zip(indices, boxes, strict=True)]
        sizes = [style.type.size for style in styles]
        largest = max(sizes)
        if min(sizes) >= _SMALLER * largest:
            return styles, [False] * len(styles)
        main = self._baseline(frame, indices[sizes.index(largest)])
        raised = [
            size < _SMALLER * largest and main - self._baseline(frame, i) > _HIGHER * largest
            for i, size in zip(indices, sizes, strict=True)
        ]
        return styles, raised

    def _baseline(self, frame: Frame, index: int) -> float:
        """The height of a character's baseline in the frame."""
        origin = (ctypes.c_double * 2)()
        address = ctypes.addressof(origin)
        native.char_origin(self._text_page, index, address, address + 8)
        x, y = origin
        return frame.place(x, y, x, y)[1]

    def _line_height(self, frame: Frame, index: int, size: float) -> tuple[float, float]:
        """Top and bottom of a character whose font does not state its height and depth."""
        baseline = self._baseline(frame, index)
        return baseline - _USUAL_ASCENT * size, baseline + _USUAL_DESCENT * size

    def _style_at(self, index: int, height: float) -> _Style:
        """How the character at this index is set."""
        if native.text_object(self._text_page, index) != self._object:
            self._enter_type(index, height)
        return self._style

    def _enter_type(self, index: int, height: float) -> None:
        """Take the type of the text object that the character at this index belongs to for the
        current one.
        """
        text_object = native.text_object(self._text_page, index)
        font = native.text_font(text_object) if text_object else 0
        mode = native.text_render_mode(text_object) if text_object else 0
        if font and font not in self._faces:
            self._faces[font] = _face(font)
        bold, italic, flat = self._faces.get(font, (False, False, False))
        # In a font that states its height, a box as high is text as large: one look-up a font and
        # size. In one that does not, boxes are as high as their letters and tell nothing.
        key = (font, mode, text_object if flat else round(height * 50))
        found = self._styles.get(key)
        if found is None:
            kind = Type(self._look_up_size(index), bold or mode == _FILL_AND_STROKE, italic)
            found = _Style(self._types.setdefault(kind, kind), flat)
            self._styles[key] = found
        self._object = text_object
        self._style = found

    def _look_up_size(self, index: int) -> float:
        """The font size in points of the page, the text's own scaling reckoned in."""
        matrix = (ctypes.c_float * 6)()
        scale = 1.0
        if native.char_matrix(self._text_page, index, ctypes.addressof(matrix)):
            scale = math.hypot(matrix[2], matrix[3])
        return round(float(native.char_font_size(self._text_page, index)) * scale, 2)


def _split_at_hyphens(part: str, start: int, line: int, pieces: list[_Piece]) -> int:
    """Add the words of a run that pdfium's hyphens part; returns the line that they end on."""
    for text in re.split(f"(?<={HYPHEN_AT_LINE_END})", part):
        end = start + len(text)
        breaks = text.endswith(HYPHEN_AT_LINE_END)
        if text:
            pieces.append((start, end, text.replace(HYPHEN_AT_LINE_END, "-"), line, breaks))
        line += breaks
        start = end
    return line


def _around(
    frame: Frame, corners: tuple[float, ...]
) -> tuple[float, float, float, float, bool, bool]:
    """The box around a word's first and last character, whether it runs sideways, whether they are
    uneven.
    """
    left, high, right, low, left_2, high_2, right_2, low_2 = corners
    x0, top, x1, bottom = frame.place(left, low, right, high)
    last_x0, last_top, last_x1, last_bottom = frame.place(left_2, low_2, right_2, high_2)
    along = last_x0 - x0
    across = abs(last_top + last_bottom - top - bottom) / 2
    slack = 0.12 * (bottom - top)
    return (
        min(x0, last_x0),
        min(top, last_top),
        max(x1, last_x1),
        max(bottom, last_bottom),
        along < 0 or across > max(0.8 * along, 1.0),
        abs(last_bottom - bottom) > slack or abs(last_top - top) > slack,
    )


def _face(font: native.Handle) -> tuple[bool, bool, bool]:
    """Whether a font is bold, whether italic, by name or flags, and whether it leaves out its
    depth.
    """
    length = native.font_name(font, 0, 0)
    name = ""
    if length:
        letters = ctypes.create_string_buffer(length)
        native.font_name(font, ctypes.addressof(letters), length)
        name = letters.value.decode("utf-8", errors="replace").rpartition("+")[2]
    flags = max(native.font_flags(font), 0)
    bold = bool(_BOLD_NAME.search(name)) or bool(flags & _FLAG_FORCE_BOLD)
    italic = bool(_ITALIC_NAME.search(name)) or bool(flags & _FLAG_ITALIC)
    reach = (ctypes.c_float * 2)()
    address = ctypes.addressof(reach)
    native.font_ascent(font, 1.0, address)
    native.font_descent(font, 1.0, address + 4)
    ascent, descent = reach
    return bold, italic, descent > -0.05 or ascent - descent < 0.75


def _mend(text: str, raised: list[bool] | None = None) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with ligatures apart and invisible characters gone, and the marks counted in what is
    left.
    """
    letters: list[str] = []
    ups: list[bool] = []
    for letter, up in zip(text, raised or [False] * len(text), strict=True):
        mended = _mended(letter)
        letters.append(mended)
        ups.extend([up] * len(mended))
    plain = "".join(letters)
    marks = {run for run in _runs(ups) if MARK.fullmatch(plain[slice(*run)])}
    marks |= {found.span() for found in _RAISED_DIGITS.finditer(plain)}
    marks -= {found.span() for found in _ORDINAL.finditer(plain)}
    return plain, tuple(sorted(marks))


def _mended(letter: str) -> str:
    if letter.isascii():
        return letter
    if _LIGATURE.match(letter):
        return unicodedata.normalize("NFKC", letter)
    if _INVISIBLE.match(letter):
        return ""
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else letter.translate(_SYMBOLS)


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    """The [start, end) of each run of true flags."""
    runs: list[tuple[int, int]] = []
    for i, flag in enumerate(flags):
        if flag and runs and runs[-1][1] == i:
            runs[-1] = (runs[-1][0], i + 1)
        elif flag:
            runs.append((i, i + 1))
    return runs


def _lost_spaces(boxes: list[tuple[float, float, float, float]]) -> list[int]:
    """Where a gap inside a word is so much wider than its others that a space must have stood
    there.
    """
    gaps = [after[0] - before[2] for before, after in pairwise(boxes)]
    if len(gaps) < 3:
        return []
    usual = sorted(gaps)[len(gaps) // 2]
    height = boxes[0][3] - boxes[0][1]
    return [i + 1 for i, gap in enumerate(gaps) if gap - max(usual, 0.0) > 0.14 * height]
