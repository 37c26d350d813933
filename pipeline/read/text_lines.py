"""Lines of a text with where they stand, and how they were wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_LINE: Final = re.compile(
    r"([^\r\n\x0b\x0c\x85\u2028\u2029]*)(\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]|$)"
)
_TAB: Final = 4
_FULL: Final = 0.8  # of the width: a line this long was broken by the margin, not by its writer
_LONGEST_WRAP: Final = 130  # no writer wraps further out; longer lines are whole paragraphs


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """One line without its end and outer white space; `start` is where its first character stands
    in the text, `indent` its columns of white space in front, tabs to every fourth column.
    """

    text: str
    start: int
    indent: int

    @property
    def end(self) -> int:
        """Where its last character ends in the text."""
        return self.start + len(self.text)


def split_lines(text: str) -> list[TextLine]:
    """The lines of a text in order; form feeds and the like end lines as well."""
    lines = []
    for found in _LINE.finditer(text):
        if not found[0] and found.start() == len(text):
            break
        content = found[1]
        stripped = content.strip()
        before = content[: len(content) - len(content.lstrip())]
        indent = len(before.expandtabs(_TAB))
        lines.append(TextLine(text=stripped, start=found.start() + len(before), indent=indent))
    return lines


def groups(lines: Iterable[TextLine]) -> list[list[TextLine]]:
    """The lines as runs that blank lines part."""
    found: list[list[TextLine]] = [[]]
    for line in lines:
        if line.text:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [group for group in found if group]


def wrap_width(runs: Sequence[Sequence[TextLine]]) -> int | None:
    """The width at which the lines of a text were wrapped; None where each line is a paragraph.

    Judged by the lines that another one follows directly: wrapped ones crowd below the margin.
    """
    inner = sorted(len(line.text) for run in runs for line in run[:-1])
    if len(inner) < 3:
        return None
    width = inner[int(len(inner) * 0.95)]
    if width > _LONGEST_WRAP or width < 30:
        return None
    full = sum(length >= _FULL * width for length in inner)
    return width if full * 2 >= len(inner) else None


def is_full(line: TextLine, width: int | None) -> bool:
    """Whether a line goes on in the next one because it reached the margin."""
    return width is not None and len(line.text) + line.indent >= _FULL * width


def join(lines: Iterable[str]) -> str:
    """Lines of one paragraph as one text; a word that a hyphen broke at a line's end keeps its
    hyphen.
    """
    text = ""
    for line in lines:
        if text.endswith("-") and not text.endswith((" -", "--")) and line[:1].islower():
            text += line
        else:
            text = f"{text} {line}" if text else line
    return re.sub(r"\s+", " ", text).strip()
