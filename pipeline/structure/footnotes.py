"""Marks of footnotes in running text: taken out of it where they are marks, left where they are
exponents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipeline.records import Line

_MARKS: Final = re.compile(r"[\d,–\-\s]*\d|[*†‡§]{1,3}|[a-z]")
_BEFORE: Final = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?)\]’”'\"»%])\s?$")
_HIGH: Final = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079"
_RAISED: Final = re.compile(
    rf"([^\W\d_]{{3}}|[.,;:!?)\]’”'\"%])[{_HIGH}]+(?:[, \u2009][{_HIGH}]+)*"
)


def find_numbers(lines: Iterable[Line]) -> frozenset[str]:
    """The marks that lines start with: those of a document's footnotes, and so the ones to look
    for.
    """
    return frozenset(
        line.text[: line.superscripts[0][1]].strip()
        for line in lines
        if line.superscripts and line.superscripts[0][0] == 0
    )


def strip_marks(line: Line, numbers: frozenset[str], *, is_note: bool = False) -> str:
    """A line's text without the marks of footnotes in it.

    Raised figures are marks where a footnote has them, or where they follow a word or a closing
    sign; those after a unit ("m", "CO") are its own. A note's own mark, at its start, goes as well.
    """
    text = line.text
    for start, end in reversed(line.superscripts):
        raised = text[start:end].strip()
        if not _MARKS.fullmatch(raised):
            continue
        if start == 0:
            if is_note:
                text = text[end:].lstrip()
            continue
        before = text[:start]
        singles = {part.strip() for part in re.split(r"[,\s]+", raised)}
        if (singles <= numbers and not before[-1:].isdecimal()) or (
            not raised.isalpha() and _BEFORE.search(before)
        ):
            gap = " " if text[end : end + 1].isalnum() and not before.endswith(" ") else ""
            text = (
                before.rstrip() + gap + text[end:]
                if not text[end:].strip()
                else before + gap + text[end:]
            )
    return text


def strip_raised(text: str) -> str:
    """A cell's text without footnote marks, which it holds as Unicode superscripts after words.

    >>> strip_raised("improvement² of 10 m²")
    'improvement of 10 m²'
    """
    return _RAISED.sub(r"\1", text)
