"""What an element or a text looks like: a box, a list of links, several paragraphs in one."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

from pipeline.read.text_furniture import fold
from pipeline.read.text_markers import letters, parse_marker, roman

_BOX: Final = re.compile(
    r"(?:.*[-_])?(?:call-?out|inset(?:-text)?|panel|box(?:-?out)?|info-?box|text-?box|highlight(?:s|ed)?|key-?(?:points?|messages?)"
    r"|case-?study|case-?example|pull-?quote|well|notice|admonition|warning-?text|care-card|card)(?:[-_](?:text|box|body|content|wrapper|container))?",
    re.IGNORECASE,
)


def parts_of(text: str) -> list[str]:
    """Paragraphs that line breaks make: two of them in a row, or one before a marker."""
    parts: list[str] = []
    for paragraph in re.split(r"\n{2,}", text):
        lines = paragraph.split("\n")
        start = len(parts)
        for line in lines:
            if len(parts) == start or parse_marker(line) is not None:
                parts.append(line)
            else:
                parts[-1] += "\n" + line
    return [part for part in parts if part.strip()]


def number_text(value: int, style: str) -> str:
    if style in ("a", "A"):
        text = letters(value)
        return f"{text.upper() if style == 'A' else text}."
    if style in ("i", "I"):
        text = roman(value)
        return f"{text.upper() if style == 'I' else text}."
    return f"{value}."


def is_box(node: LexborNode) -> bool:
    return any(_BOX.fullmatch(name) for name in (node.attributes.get("class") or "").split())


def is_contents(node: LexborNode) -> bool:
    """Whether a list is the page's table of contents: three links or more to places on it and
    nothing else.
    """
    links = node.css("a")
    inner = [link for link in links if (link.attributes.get("href") or "").startswith("#")]
    if len(inner) < 3 or len(inner) < len(links):
        return False
    linked = sum(len(fold(link.text())) for link in inner)
    return linked >= 0.9 * len(fold(node.text()))


def is_links(node: LexborNode) -> bool:
    """Whether at least half of an element's text is links."""
    linked = sum(len(link.text().strip()) for link in node.css("a"))
    return linked * 2 >= len(fold(node.text()))
