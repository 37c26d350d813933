"""One self-contained sentence for each requirement: stem and item joined, a pronoun replaced by
whom it means.
"""

from __future__ import annotations

import re
from typing import Final

_TRAILING: Final = re.compile(r"[\s:;,–—-]+$")
_OPENERS: Final = re.compile(
    r"^(?:And|But|So|Also|However|Equally|Overall|Therefore|In "
    r"addition|Additionally|Moreover|Furthermore|Similarly|Finally),?\s+(?=\S)"
)
_CONNECTED: Final = re.compile(r"(?:[;,]|\band\b|\bor\b|[;,]\s(?:and|or))\s*$", re.IGNORECASE)
# What only leads on to a list: "Improve discharge, in particular by:" says "Improve discharge".
_LEADING_ON: Final = re.compile(
    r"(?:[\s,;–—-]*\b(?:in\sparticular|for\sexample|such\sas|so\sthat|including|namely|where"
    r"|and|to|by|that|with|through|via)\b)+[\s:]*$",
    re.IGNORECASE,
)
_MARKS: Final = re.compile(r"^[•\-–*]\s*")


def join_stem(stems: tuple[str, ...], item: str) -> str:
    """The stems, outermost first, and the item as one sentence: "All systems must" + "publish a
    plan".
    """
    parts = [_TRAILING.sub("", stem) for stem in stems if stem.strip()]
    parts.append(item.strip())
    joined = parts[0]
    for part in parts[1:]:
        joined = f"{joined} {lower_first(part)}"
    return finish(joined)


def finish(text: str) -> str:
    """A sentence that starts with a capital and ends with a full stop."""
    bare = _MARKS.sub("", " ".join(text.split()))
    bare = _CONNECTED.sub("", bare).rstrip(" ,;:")
    if not bare:
        return bare
    bare = bare[0].upper() + bare[1:]
    return bare if bare[-1] in '.!?”’"' else f"{bare}."


def replace_pronoun(text: str, start: int, end: int, bearer: str) -> str:
    """The sentence with the pronoun at [start, end) replaced by the body that it stands for."""
    return finish(_OPENERS.sub("", f"{text[:start]}{bearer}{text[end:]}"))


def plain(text: str) -> str:
    """The sentence without an opening "And" or "However", which only makes sense after the sentence
    before; of a lead-in what it says by itself.
    """
    bare = _OPENERS.sub("", text)
    if bare.rstrip().endswith(":"):
        bare = _LEADING_ON.sub("", bare)
    return finish(bare)


def lower_first(text: str) -> str:
    """The first letter in lower case, unless its word is a name or an abbreviation."""
    first = text.split(None, 1)[0] if text.split() else ""
    if len(first) > 1 and any(c.isupper() for c in first[1:]):
        return text
    if re.match(
        r"(?:NHS|I|English|UK|January|February|March|April|May|June|July|August|September|"
        r"October|November|December)\b",
        text,
    ):
        return text
    return text[:1].lower() + text[1:]
