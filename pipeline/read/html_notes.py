"""Footnotes of a web page: which links are marks, and which elements are the notes that they lead
to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

_MARK: Final = re.compile(
    r"[\[(]?\s*(\d{1,3}|[*†‡§¶#]{1,3}|[a-z]|[ivx]{1,5})\s*[\])]?", re.IGNORECASE
)
_NOTE_NAME: Final = re.compile(
    r"(?:.*[-_])?(?:foot|end)-?notes?(?:[-_]?(?:text|item|body|list|content|\d+))?", re.I
)
_REFERENCE_NAME: Final = re.compile(r"(?:foot|end)-?note|noteref|fn-?ref|ftn|easy-footnote", re.I)
_BLOCKS: Final = frozenset(["p", "li", "div", "dd", "td", "section", "aside"])
_HEADINGS: Final = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "main", "article", "body"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """`marks` are the ids (in memory) of links that are marks or lead back from a note, `notes`
    each note element's id with its mark, `numbers` the marks of all notes.
    """

    marks: frozenset[int]
    notes: dict[int, str | None]
    numbers: frozenset[str]


def find_notes(root: LexborNode) -> Notes:
    """The footnotes under an element.

    A link is a mark if it is short like one, leads to a place further down the page, and is raised
    or named as a note's; a link back up from a note is dropped with the marks.
    """
    order: dict[int, int] = {}
    anchors: dict[str, LexborNode] = {}
    links: list[LexborNode] = []
    notes: dict[int, str | None] = {}
    for position, node in enumerate(root.traverse(include_text=False)):
        order[node.mem_id] = position
        attributes = node.attributes
        for name in (attributes.get("id"), attributes.get("name")):
            if name:
                anchors.setdefault(name, node)
        if node.tag == "a" and (attributes.get("href") or "").startswith("#"):
            links.append(node)
        if node.tag in ("p", "li") and _named_note(node):
            notes[node.mem_id] = _leading_mark(node)
    marks = _follow(links, anchors, order, notes)
    numbers = frozenset(mark for mark in notes.values() if mark is not None)
    return Notes(marks=frozenset(marks), notes=notes, numbers=numbers)


def mark_of(text: str) -> str | None:
    """The mark that a short text is, without brackets; None where it is none.

    >>> mark_of("[12]")
    '12'
    """
    found = _MARK.fullmatch(text.strip())
    return found[1] if found is not None else None


def _follow(
    links: list[LexborNode],
    anchors: dict[str, LexborNode],
    order: dict[int, int],
    notes: dict[int, str | None],
) -> set[int]:
    """The links that are marks or lead back; adds to `notes` the elements that marks lead to."""
    marks: set[int] = set()
    led_from: set[str] = set()
    for link in links:
        attributes = link.attributes
        target = anchors.get((attributes.get("href") or "#")[1:])
        mark = mark_of(link.text())
        if target is None:
            if mark is not None and _raised(link):
                marks.add(link.mem_id)
        elif order[target.mem_id] > order[link.mem_id]:
            note = _block_of(target)
            if mark is not None and note is not None and (_raised(link) or _named_reference(link)):
                marks.add(link.mem_id)
                notes.setdefault(note.mem_id, mark)
                if notes[note.mem_id] is None:
                    notes[note.mem_id] = mark
                led_from.update(_names_around(link))
        elif (attributes.get("href") or "#")[1:] in led_from:
            marks.add(link.mem_id)
    return marks


def _names_around(link: LexborNode) -> set[str]:
    """The names under which a mark can be led back to: its own, its parent's, its children's."""
    nodes = [link, *([link.parent] if link.parent is not None else []), *link.iter()]
    names = (node.attributes.get(key) for node in nodes for key in ("id", "name"))
    return {name for name in names if name}


def _raised(link: LexborNode) -> bool:
    parent = link.parent
    return (parent is not None and parent.tag == "sup") or link.css_first("sup") is not None


def _named_reference(link: LexborNode) -> bool:
    attributes = link.attributes
    named = " ".join(filter(None, (attributes.get(key) for key in ("class", "id", "role", "href"))))
    return _REFERENCE_NAME.search(named) is not None


def _named_note(node: LexborNode) -> bool:
    attributes = node.attributes
    if attributes.get("role") in ("doc-footnote", "doc-endnote"):
        return True
    if any(_NOTE_NAME.fullmatch(name) for name in (attributes.get("class") or "").split()):
        return True
    outer = node.parent
    for _ in range(3):  # ul or ol, and up to two wrappers
        if outer is None:
            return False
        held = outer.attributes
        if any(_NOTE_NAME.fullmatch(name) for name in (held.get("class") or "").split()):
            return node.tag == "li"
        if held.get("role") in ("doc-footnotes", "doc-endnotes"):
            return node.tag == "li"
        outer = outer.parent
    return False


def _leading_mark(node: LexborNode) -> str | None:
    first = node.css_first("sup")
    if first is not None and (node.text().strip().startswith(first.text().strip())):
        return mark_of(first.text())
    found = re.match(r"\s*[\[(]?(\d{1,3}|[*†‡§])[\]).]?\s", node.text())
    return found[1] if found is not None else None


def _block_of(node: LexborNode) -> LexborNode | None:
    """The block that a target stands for; None for a heading or a whole part of the page."""
    here: LexborNode | None = node
    while here is not None and here.tag not in _BLOCKS:
        if here.tag in _HEADINGS:
            return None
        here = here.parent
    if here is None or here.tag == "section" or len(here.text()) > 4000:
        return None
    return here
