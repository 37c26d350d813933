"""Foreign text made harmless for each format that is written.

Documents come from anywhere, and so may anything that their words do in a spreadsheet, a browser, a
terminal or a Markdown reader. Words are never dropped for it: what would act is disarmed, and only
characters that the format cannot hold are taken out.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final
from urllib.parse import quote, urlsplit

# Controls but for tab and line feed, halves of surrogate pairs and non-characters: XML 1.0 allows
# none of these (C1 controls aside, which act on terminals instead).
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS: Final = re.compile("\r\n?|\x85|\u2028|\u2029|\x0b|\x0c")
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_MARKDOWN: Final = re.compile(
    r"[\\`*_\[\]<>|~$]"  # markup wherever it stands
    r"|^[#+=-]"  # headings and lists where a line begins
    r"|&(?=#?\w+;)"  # entities
    r"|:(?=//)|(?<=\bwww)\.|(?<=\w)@(?=\w)",  # addresses that readers make links of
    re.I,
)
_OPENERS: Final = {
    "\u202a": "\u202c",
    "\u202b": "\u202c",
    "\u202d": "\u202c",
    "\u202e": "\u202c",
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}
_NUMBERED: Final = re.compile(r"^(\d{1,9})([.)])")
CELL_LIMIT: Final = 32_767  # characters in an Excel cell, counted in UTF-16 units


def clean(text: str) -> str:
    """The text without characters that XML or a terminal cannot take; line ends become line feeds.

    Direction marks stay, and those that would go on acting on what follows the text are closed at
    its end.
    """
    return _close_directions(_UNWRITABLE.sub("", _LINE_ENDS.sub("\n", text)))


def one_line(text: str) -> str:
    """The cleaned text with every run of white space as one space."""
    return " ".join(clean(text).split())


def cell_text(text: str) -> str:
    """The cleaned text cut to what an Excel cell holds; a cut one ends in an ellipsis."""
    cleaned = clean(text)
    if len(cleaned) * 2 <= CELL_LIMIT:  # no code point takes more than two units
        return cleaned
    units = cleaned.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return cleaned
    return units[: 2 * (CELL_LIMIT - 1)].decode("utf-16-le", errors="ignore") + "…"


def csv_text(text: str) -> str:
    """The cleaned text with an apostrophe before what a spreadsheet would take for a formula.

    After OWASP, CSV Injection: a cell acts that starts with = + - @, a tab or a line end.
    """
    cleaned = clean(text)
    return f"'{cleaned}" if _FORMULA.match(cleaned.lstrip(" \u00a0\u200b\ufeff")) else cleaned


def markdown_text(text: str) -> str:
    """The text on one line, as itself in CommonMark and GitHub's Markdown: no markup or links."""
    escaped = _MARKDOWN.sub(lambda found: "\\" + found[0], one_line(text))
    return _NUMBERED.sub(r"\1\\\2", escaped)


def html_text(text: str) -> str:
    """The cleaned text for HTML content and attributes."""
    return escape(clean(text), quote=True)


def web_link(url: str | None) -> str | None:
    """The address if it leads to the web and may stand in any format, else None.

    Characters that would end or change a link in Markdown, HTML or a spreadsheet are
    percent-encoded.
    """
    if url is None:
        return None
    bare = clean(url).strip()
    try:
        parts = urlsplit(bare)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc or len(bare) > 2000:
        return None
    return quote(bare, safe=":/?#@!$&*+,;=%~._-")


def _close_directions(text: str) -> str:
    """The text with each embedding, override and isolate that it leaves open closed at its end."""
    if not any(mark in text for mark in _OPENERS):
        return text
    awaited: list[str] = []
    for character in text:
        if character in _OPENERS:
            awaited.append(_OPENERS[character])
        elif character in awaited:
            # The end of an isolate ends the embeddings within it, too (Unicode Standard Annex 9,
            # BD9-BD11).
            while awaited and awaited[-1] != character and character == "\u2069":
                awaited.pop()
            if awaited and awaited[-1] == character:
                awaited.pop()
    return text + "".join(reversed(awaited))
