"""Numbers and bullets in front of list items and paragraphs, as text.

Used wherever a marker stands in the text itself: plain text, Markdown, HTML paragraphs that carry
their own number, and lines of a PDF page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

BULLET_STYLE: Final = "bullet"
DECIMAL_STYLE: Final = "1.1"

# Signs that draw a bullet; the private-use range is where Symbol and Wingdings put theirs.
_BULLET: Final = re.compile(
    r"(?P<sign>[•●▪■□◦○‣⁃∙·➢➤►▶✓✔❖♦–—*\uf000-\uf0ff-]|§(?!\s*\d)|o(?=\s+[^\s\d]))"
    r"(?:[ \t\u00a0\u2003]+|(?<=[•●▪■◦\uf0b7])(?=\w))"
)
_DECIMAL: Final = re.compile(
    r"(?P<sign>\d{1,3}(?:\.\d{1,3}){1,4}\.?)[ \t\u00a0\u2003]+(?=[A-Z‘“\"'(\[£])"
)
_SINGLE: Final = re.compile(
    r"(?P<sign>(?P<open>\()?(?P<value>\d{1,3}|[a-z]|[ivxl]{2,8}|[IVX]{2,5}|[A-Z](?=\)))(?P<close>[.)]))"
    r"(?:[ \t\u00a0\u2003]+|(?=[A-Z‘“][a-z]))(?=\S)"
)
_ROMAN: Final = re.compile(r"(?=.)(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10, "l": 50}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A marker in front of some text.

    `text` is the marker as written, `width` how many code points it and the space after it take.
    `readings` are the (style, ordinal) pairs that it can mean: "(i)" is the first in Roman numerals
    and the ninth by letter. A bullet has one reading, its sign as style and ordinal 0.
    """

    text: str
    width: int
    readings: tuple[tuple[str, int], ...]

    @property
    def is_bullet(self) -> bool:
        """Whether it is a sign, not a number or letter."""
        return self.readings[0][1] == 0

    @property
    def is_decimal(self) -> bool:
        """Whether it has several parts, like "1.2" or "3.1.4."."""
        return self.readings[0][0].startswith(DECIMAL_STYLE)

    @property
    def styles(self) -> frozenset[str]:
        """The styles that it can be of."""
        return frozenset(style for style, _ in self.readings)

    def follows(self, previous: Marker) -> bool:
        """Whether this can be the next one after `previous` in the same list.

        >>> parse_marker("(ii) then").follows(parse_marker("(i) first"))
        True
        """
        if self.is_bullet or previous.is_bullet:
            return self.is_bullet and previous.is_bullet and self.styles == previous.styles
        before = {(style, ordinal + 1) for style, ordinal in previous.readings}
        return any(reading in before for reading in self.readings)

    def starts_list(self) -> bool:
        """Whether it can be the first of a list: a bullet, 1, a, i."""
        return any(ordinal <= 1 for _, ordinal in self.readings)


def parse_marker(text: str) -> Marker | None:
    """The marker at the very start of a text; None where it starts with none.

    >>> parse_marker("1.2 Providers must").text
    '1.2'
    >>> parse_marker("1.2 million people") is None
    True
    """
    found = _BULLET.match(text)
    if found is not None:
        sign = found["sign"]
        return Marker(text=sign, width=found.end(), readings=((f"{BULLET_STYLE} {sign}", 0),))
    found = _DECIMAL.match(text)
    if found is not None:
        return Marker(text=found["sign"], width=found.end(), readings=(_decimal(found["sign"]),))
    found = _SINGLE.match(text)
    if found is None or (found["open"] and found["close"] == "."):
        return None
    readings = _readings(found)
    if not readings:
        return None  # "ill." is made of Roman figures, but is no number
    return Marker(text=found["sign"], width=found.end(), readings=readings)


def marker_of(sign: str) -> Marker:
    """The marker that a reader of marked-up text gives without its text: "•", "1.", "(a)", "2.1",
    "iv".
    """
    parsed = parse_marker(f"{sign} X") or parse_marker(f"{sign}. X")
    if parsed is None:
        return Marker(text=sign, width=len(sign) + 1, readings=((f"{BULLET_STYLE} {sign}", 0),))
    return Marker(text=sign, width=len(sign) + 1, readings=parsed.readings)


def roman(ordinal: int) -> str:
    """A number from 1 to 89 in lower-case Roman numerals; higher ones in figures."""
    if not 0 < ordinal < 90:
        return str(ordinal)
    tens, ones = divmod(ordinal, 10)
    tens_text = ("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx")[tens]
    return tens_text + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]


def letters(ordinal: int) -> str:
    """A number from 1 as letters: a to z, then aa, bb and so on."""
    cycle, index = divmod(max(ordinal, 1) - 1, 26)
    return chr(ord("a") + index) * (cycle + 1)


def _decimal(sign: str) -> tuple[str, int]:
    """Style and ordinal of "3.1.4": what precedes the last part is the style."""
    *prefix, last = sign.rstrip(".").split(".")
    return f"{DECIMAL_STYLE} {'.'.join(prefix)}", int(last)


def _readings(found: re.Match[str]) -> tuple[tuple[str, int], ...]:
    value = found["value"]
    frame = f"{found['open'] or ''}{{}}{found['close']}"
    if value.isdecimal():
        # A list numbered from 0 would look like a bullet otherwise.
        return ((frame.format("1"), max(int(value), 1)),)
    small = "i" if value.islower() else "I"
    letter = "a" if value.islower() else "A"
    readings = []
    if _ROMAN.fullmatch(value.lower()):
        readings.append((frame.format(small), _roman_value(value.lower())))
    if len(value) == 1:
        readings.append((frame.format(letter), ord(value.lower()) - ord("a") + 1))
    return tuple(readings)


def _roman_value(numeral: str) -> int:
    total = 0
    values = [_ROMAN_VALUES[sign] for sign in numeral]
    for here, after in zip(values, [*values[1:], 0], strict=True):
        total += -here if here < after else here
    return total
