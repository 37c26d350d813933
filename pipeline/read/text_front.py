"""The block of fields that a text may start with: title, date and so on between two lines of
dashes.
"""

from __future__ import annotations

import re
from typing import Final

_FRONT: Final = re.compile(
    r"---[ \t]*\r?\n(?P<fields>.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.S
)
_FIELD: Final = re.compile(r"(?P<name>\w[\w -]*):\s*(?P<value>.+)")
_KEPT: Final = {
    "title": "title",
    "author": "author",
    "publisher": "publisher",
    "date": "published",
    "published": "published",
    "kind": "kind",
    "planning_year": "planning_year",
    "url": "url",
    "source_url": "url",
}


def front_matter_end(text: str) -> int:
    """Where the text starts after its front matter; 0 where it has none. A rule at its top is
    none.
    """
    found = _match(text)
    return found.end() if found is not None else 0


def read_front_matter(text: str) -> tuple[tuple[str, str], ...]:
    """The fields that are known, under the names that metadata has for them; the first of each
    counts.
    """
    found = _match(text)
    if found is None:
        return ()
    named: dict[str, str] = {}
    for line in found["fields"].splitlines():
        field = _FIELD.fullmatch(line.strip())
        if field is not None and field["name"].lower() in _KEPT:
            named.setdefault(_KEPT[field["name"].lower()], field["value"].strip("\"' "))
    return tuple(named.items())


def _match(text: str) -> re.Match[str] | None:
    found = _FRONT.match(text)
    if found is None:
        return None
    lines = [line for line in found["fields"].splitlines() if line.strip()]
    return found if lines and any(_FIELD.fullmatch(line.strip()) for line in lines[:2]) else None
