"""The text of one Word paragraph: its runs in order, without deletions, field codes and hidden
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CONTAINER_NAMES: Final = "hyperlink ins moveTo smartTag sdt sdtContent fldSimple customXml dir bdo"
_CONTAINERS: Final = frozenset(f"{W}{name}" for name in _CONTAINER_NAMES.split())
_CHOICE: Final = frozenset({f"{MC}AlternateContent", f"{MC}Choice"})
_OUTSIDE: Final = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_MARK: Final = re.compile(r"\s*(?:\d{1,3}|[*†‡§])(?:\s*,\s*\d{1,3})*\s*")
_SPACES: Final = re.compile(r"[^\S\n]+")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


@dataclass(slots=True, kw_only=True)
class ParagraphText:
    """`text` with line breaks as "\\n"; `notes` are ("footnote" or "endnote", id) of the marks in
    it, in order; `raised` is the mark that it starts with, set as superscript, if any; `boxes` are
    the text boxes anchored in it.
    """

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    raised: str | None = None
    boxes: list[etree._Element] = field(default_factory=list)


def read_paragraph(element: etree._Element, *, notes_by_hand: frozenset[str]) -> ParagraphText:
    """The text of a `w:p`.

    `notes_by_hand` are the marks of footnotes that stand as ordinary paragraphs; raised figures
    that are among them are marks and left out, all others (a square metre's 2) stay.
    """
    found = ParagraphText()
    pieces: list[str] = []
    in_field_code = False
    for run in _runs(element, found.boxes):
        properties = run.find(f"{W}rPr")
        if properties is not None and _is_on(properties, "vanish"):
            continue
        text, in_field_code = _run_text(run, found.notes, in_field_code=in_field_code)
        if text and _is_raised(properties) and _MARK.fullmatch(text):
            before = "".join(pieces).strip()
            if not before and found.raised is None:
                found.raised = text.strip()
                continue
            if text.strip() in notes_by_hand:
                continue
        pieces.append(text)
    text = _INVISIBLE.sub("", "".join(pieces))
    found.text = re.sub(r" ?\n ?", "\n", _SPACES.sub(" ", text)).strip()
    return found


def _runs(element: etree._Element, boxes: list[etree._Element]) -> Iterator[etree._Element]:
    """The runs under an element in order; text boxes on the way are set aside."""
    for child in element:
        if child.tag == f"{W}r":
            yield child
            boxes.extend(_boxes_of(child))
        elif child.tag in _CONTAINERS or child.tag in _CHOICE:
            yield from _runs(child, boxes)


def _boxes_of(run: etree._Element) -> Iterator[etree._Element]:
    """The contents of text boxes drawn in a run; of a drawing given in two ways only the first."""
    for child in run:
        if child.tag in _OUTSIDE:
            yield from child.iter(f"{W}txbxContent")
        elif child.tag == f"{MC}AlternateContent":
            choice = child.find(f"{MC}Choice")
            if choice is not None:
                yield from choice.iter(f"{W}txbxContent")


def _run_text(
    run: etree._Element, notes: list[tuple[str, str]], *, in_field_code: bool
) -> tuple[str, bool]:
    """A run's text, and whether the code of a field is still open after it."""
    pieces: list[str] = []
    for child in run:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "fldChar":
            kind = child.get(f"{W}fldCharType")
            in_field_code = kind == "begin" or (in_field_code and kind not in ("separate", "end"))
        elif in_field_code:
            continue
        elif name == "t":
            pieces.append((child.text or "").replace("\n", " "))
        elif name in ("tab", "ptab"):
            pieces.append(" ")
        elif name in ("br", "cr"):
            pieces.append("\n" if child.get(f"{W}type") in (None, "textWrapping") else " ")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name in ("footnoteReference", "endnoteReference"):
            notes.append((name.removesuffix("Reference"), child.get(f"{W}id", "")))
        elif name == "sym":
            pieces.append(_symbol(child.get(f"{W}char", "")))
    return "".join(pieces), in_field_code


def _symbol(code: str) -> str:
    """A sign of a symbol font by its number: bullets and arrows come out as "•", the rest as what
    it is.
    """
    if re.fullmatch(r"[0-9A-Fa-f]{1,6}", code) is None:
        return ""
    value = int(code, 16)
    return "•" if 0xF000 <= value <= 0xF0FF else chr(min(value, 0x10FFFF))


def _is_raised(properties: etree._Element | None) -> bool:
    if properties is None:
        return False
    align = properties.find(f"{W}vertAlign")
    return align is not None and align.get(f"{W}val") == "superscript"


def _is_on(properties: etree._Element, name: str) -> bool:
    child = properties.find(f"{W}{name}")
    return child is not None and child.get(f"{W}val") not in ("0", "false", "off")
