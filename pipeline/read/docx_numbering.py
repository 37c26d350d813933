"""Numbers of numbered paragraphs, which a Word file does not hold but computes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from pipeline.read.text_markers import letters, roman

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE: Final = re.compile(r"%([1-9])")
_MAX_LEVEL: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How one level of a list is numbered: format, pattern ("%1.%2"), first number, style linked to
    it.
    """

    format: str
    pattern: str
    start: int
    style: str | None
    legal: bool


@dataclass(slots=True, kw_only=True)
class Numbering:
    """The document's lists, with the counters as they stand at the paragraph being read."""

    levels: dict[str, dict[int, Level]]  # abstract list -> level from 0
    lists: dict[str, str]  # numId -> abstract list
    restarts: dict[str, dict[int, int]]  # numId -> level -> number it starts again at
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, number_id: str, style: str) -> int:
        """The level that a list links to a paragraph style; 0 where it links none."""
        for index, level in self.levels.get(self.lists.get(number_id, ""), {}).items():
            if level.style == style:
                return index
        return 0

    def next_marker(self, number_id: str, index: int) -> str | None:
        """The marker of the next paragraph of a list at a level from 0; None where the list shows
        none.

        A bullet of any shape is "•". Counters run through the document as Word's do: a higher level
        starts the lower ones again, and a list that restarts does so at its first use.
        """
        abstract = self.lists.get(number_id)
        level = self.levels.get(abstract or "", {}).get(index)
        if abstract is None or level is None or level.format == "none":
            return None
        if level.format == "bullet":
            return "•"
        counters = self._counters.setdefault(abstract, [None] * _MAX_LEVEL)
        restart = self.restarts.get(number_id, {}).get(index)
        if restart is not None and (number_id, index) not in self._begun:
            counters[index] = restart
        else:
            before = counters[index]
            counters[index] = level.start if before is None else before + 1
        self._begun.add((number_id, index))
        counters[index + 1 :] = [None] * (_MAX_LEVEL - index - 1)
        return self._format(abstract, level, counters) or None

    def _format(self, abstract: str, level: Level, counters: list[int | None]) -> str:
        def number(found: re.Match[str]) -> str:
            index = int(found[1]) - 1
            other = self.levels[abstract].get(index, level)
            value = counters[index]
            if value is None:
                value = counters[index] = other.start
            return _in_format(value, "decimal" if level.legal else other.format)

        return _PLACE.sub(number, level.pattern).strip()


def read_numbering(root: etree._Element | None) -> Numbering:
    """The lists of a numbering part; an empty Numbering where the file has none."""
    levels: dict[str, dict[int, Level]] = {}
    lists: dict[str, str] = {}
    restarts: dict[str, dict[int, int]] = {}
    for abstract in root.iterfind(f"{W}abstractNum") if root is not None else ():
        key = abstract.get(f"{W}abstractNumId", "")
        levels[key] = dict(map(_read_level, abstract.iterfind(f"{W}lvl")))
    for number in root.iterfind(f"{W}num") if root is not None else ():
        key = number.get(f"{W}numId", "")
        abstract_key = _value(number, "abstractNumId") or ""
        lists[key] = abstract_key
        for override in number.iterfind(f"{W}lvlOverride"):
            index = _integer(override.get(f"{W}ilvl"), 0)
            start = _value(override, "startOverride")
            if start is not None:
                restarts.setdefault(key, {})[index] = _integer(start, 1)
            own = override.find(f"{W}lvl")
            if own is not None:
                # A list with a level of its own is a list apart.
                lists[key] = f"{abstract_key}/{key}"
                copied = levels.setdefault(lists[key], dict(levels.get(abstract_key, {})))
                copied[index] = _read_level(own)[1]
    return Numbering(levels=levels, lists=lists, restarts=restarts)


def _read_level(element: etree._Element) -> tuple[int, Level]:
    index = _integer(element.get(f"{W}ilvl"), 0)
    level = Level(
        format=_value(element, "numFmt") or "decimal",
        pattern=_value(element, "lvlText") or "",
        start=_integer(_value(element, "start"), 1),
        style=_value(element, "pStyle"),
        legal=element.find(f"{W}isLgl") is not None,
    )
    return min(index, _MAX_LEVEL - 1), level


def _value(element: etree._Element, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return child.get(f"{W}val") if child is not None else None


def _integer(text: str | None, default: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,6}", text) else default


def _in_format(value: int, number_format: str) -> str:
    match number_format:
        case "lowerLetter":
            return letters(value)
        case "upperLetter":
            return letters(value).upper()
        case "lowerRoman":
            return roman(value)
        case "upperRoman":
            return roman(value).upper()
        case "decimalZero":
            return f"{value:02d}"
        case _:
            return str(value)
