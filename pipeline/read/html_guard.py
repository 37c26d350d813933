"""What is refused before a page is parsed: entity declarations, nesting that no writer would
make.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pipeline.errors import DocumentError, Outcome

MAX_BYTES: Final = 64_000_000
MAX_OPEN_TAGS: Final = 2_000  # the parser's time grows with the square of the depth

_ENTITY: Final = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_CHARSET: Final = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.I
)
_TAG: Final = re.compile(
    r"<(?:(?P<skip>!--|script\b|style\b)|(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*))"
)
_SKIP_ENDS: Final = {"!--": "-->", "script": "</script", "style": "</style"}
# Void elements never nest; the others close themselves where one like them opens.
_NOT_COUNTED_TEXT: Final = (
    "area base br col embed hr img input link meta param source track wbr p li dt dd option "
    "optgroup tr td th thead tbody tfoot colgroup caption rp rt html head body"
)
_NOT_COUNTED: Final = frozenset(_NOT_COUNTED_TEXT.split())


def declared_encoding(content: bytes) -> str | None:
    """The encoding that a page says it is in; None where it says nothing."""
    found = _CHARSET.search(content[:4096])
    return found[1].decode("ascii", errors="ignore") if found is not None else None


def check_page(path: Path, text: str) -> None:
    """Raises DocumentError for a page that declares entities or nests more deeply than is
    parsed.
    """
    if _ENTITY.search(text[:100_000]):
        raise DocumentError(
            path,
            Outcome.CORRUPT,
            "the page declares entities of its own, which can be made to swell without end",
            remedy="Open it in a browser and save it again as a web page",
        )
    if _deepest(text) > MAX_OPEN_TAGS:
        raise too_deep(path)


def too_deep(path: Path) -> DocumentError:
    """The error for elements nested more deeply than any written page nests them."""
    return DocumentError(
        path,
        Outcome.TOO_LARGE,
        "its elements are nested more deeply than is read",
        remedy="Open it in a browser, copy the text and save that",
    )


def _deepest(text: str) -> int:
    """How many elements are open at once at most, judged by start and end tags alone."""
    depth = deepest = position = 0
    while (found := _TAG.search(text, position)) is not None:
        position = found.end()
        if found["skip"]:
            position = text.find(_SKIP_ENDS[found["skip"].lower()], position)
            if position < 0:
                break
        elif found["name"].lower() not in _NOT_COUNTED:
            depth = max(depth - 1, 0) if found["end"] else depth + 1
            deepest = max(deepest, depth)
    return deepest
