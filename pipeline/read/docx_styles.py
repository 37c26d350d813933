"""What a Word document's paragraph styles say: heading or list level, and numbering, through their
ancestors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from pipeline.read.docx_numbering import Numbering, W

_HEADING: Final = re.compile(r"heading (\d)", re.IGNORECASE)
_LIST: Final = re.compile(r"list (?:bullet|number)(?: (\d))?", re.IGNORECASE)
_MAX_CHAIN: Final = 20  # styles based on one another; a ring would never end


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A paragraph's style: its name, its heading level (0: none), its list level by name (0: none),
    and the list (numId, level from 0 or None) that it or an ancestor numbers with.
    """

    id: str
    name: str
    level: int = 0
    list_level: int = 0
    number_id: str | None = None
    number_level: int | None = None

    @property
    def is_title(self) -> bool:
        return self.name.lower() == "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """The document's paragraph styles by id."""

    by_id: dict[str, Style]
    default: Style

    def of(self, paragraph: etree._Element) -> Style:
        """A paragraph's style; an outline level of its own makes it a heading."""
        chosen = paragraph.find(f"{W}pPr/{W}pStyle")
        style = (
            self.by_id.get(chosen.get(f"{W}val", ""), self.default)
            if chosen is not None
            else self.default
        )
        own = _level_at(paragraph, "outlineLvl")
        if own is not None and own < 9 and not style.level:
            return Style(id=style.id, name=style.name, level=own + 1)
        return style

    def numbering_of(
        self, paragraph: etree._Element, numbering: Numbering
    ) -> tuple[str, int] | None:
        """The list that a paragraph belongs to and its level in it from 0; None for none, or
        numbering taken off.
        """
        style = self.of(paragraph)
        own = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        number_id = own.get(f"{W}val") if own is not None else style.number_id
        if number_id is None or number_id == "0":
            return None
        level = _level_at(paragraph, f"numPr/{W}ilvl")
        if level is None:
            level = style.number_level
        if level is None:
            level = numbering.level_of_style(number_id, style.id)
        return number_id, min(level, 8)


def read_styles(root: etree._Element) -> Styles:
    """The paragraph styles of a styles part."""
    elements = {
        element.get(f"{W}styleId", ""): element
        for element in root.iterfind(f"{W}style")
        if element.get(f"{W}type", "paragraph") == "paragraph"
    }
    by_id = {key: _read_style(key, elements) for key in elements}
    normal = next(
        (key for key, element in elements.items() if element.get(f"{W}default") in ("1", "true")),
        None,
    )
    default = by_id[normal] if normal is not None else Style(id="", name="Normal")
    return Styles(by_id=by_id, default=default)


def _read_style(key: str, elements: dict[str, etree._Element]) -> Style:
    """A style with what it takes from those that it is based on: the nearest that says something
    wins.
    """
    level = list_level = 0
    number_id: str | None = None
    number_level: int | None = None
    here: etree._Element | None = elements[key]
    for _ in range(_MAX_CHAIN):
        if here is None:
            break
        name = _name(here)
        level = level or _heading_level(here, name)
        listed = _LIST.fullmatch(name)
        list_level = list_level or (int(listed[1] or 1) if listed is not None else 0)
        number = here.find(f"{W}pPr/{W}numPr/{W}numId")
        if number is not None and number_id is None:
            number_id = number.get(f"{W}val")
            number_level = _level_at(here, f"numPr/{W}ilvl")
        base = here.find(f"{W}basedOn")
        here = elements.get(base.get(f"{W}val", "")) if base is not None else None
    return Style(
        id=key,
        name=_name(elements[key]),
        level=level,
        list_level=list_level,
        number_id=number_id,
        number_level=number_level,
    )


def _heading_level(element: etree._Element, name: str) -> int:
    if name.lower() == "title":
        return 1
    found = _HEADING.fullmatch(name)
    if found is not None:
        return max(int(found[1]), 1)
    outline = _level_at(element, "outlineLvl")
    return outline + 1 if outline is not None and outline < 9 else 0


def _level_at(element: etree._Element, path: str) -> int | None:
    found = element.find(f"{W}pPr/{W}{path}")
    value = found.get(f"{W}val", "") if found is not None else ""
    return int(value) if re.fullmatch(r"\d{1,2}", value) else None


def _name(element: etree._Element) -> str:
    found = element.find(f"{W}name")
    return found.get(f"{W}val", "") if found is not None else element.get(f"{W}styleId", "")
