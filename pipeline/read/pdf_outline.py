"""A PDF's bookmarks and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any, Final

import pypdfium2.raw as raw

from pipeline.read.pdf_frame import Frame
from pipeline.records import Bookmark

_MOST_BOOKMARKS: Final = 20_000
_DATE: Final = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")
_TOP_AT: Final = {  # where each kind of destination keeps its height on the page
    raw.PDFDEST_VIEW_XYZ: 1,
    raw.PDFDEST_VIEW_FITH: 0,
    raw.PDFDEST_VIEW_FITBH: 0,
    raw.PDFDEST_VIEW_FITR: 3,
}


def read_bookmarks(document: Any, frames: Mapping[int, Frame]) -> tuple[Bookmark, ...]:
    """Every entry of the outline, in order; `top` only for pages (from 0) whose frame is given.

    An outline that runs in a circle ends where it meets itself.
    """
    return tuple(_bookmark(entry, frames) for entry in islice(document.get_toc(), _MOST_BOOKMARKS))


def _bookmark(entry: Any, frames: Mapping[int, Frame]) -> Bookmark:
    destination = entry.get_dest()
    index = destination.get_index() if destination is not None else None
    top = None
    if index is not None and index in frames:
        kind, numbers = destination.get_view()
        at = _TOP_AT.get(kind)
        if at is not None and at < len(numbers) and numbers[at]:
            frame = frames[index]
            left = numbers[0] if kind == raw.PDFDEST_VIEW_XYZ else frame.left
            top = round(frame.place(left, numbers[at], left, numbers[at])[1], 2)
    return Bookmark(
        title=" ".join(entry.get_title().replace("\x00", "").split()),
        level=entry.level + 1,
        page=None if index is None else index + 1,
        top=top,
    )


def read_metadata(document: Any) -> tuple[tuple[str, str], ...]:
    """Title, author and date of making (ISO), each where the file states it."""
    stated = document.get_metadata_dict(skip_empty=True)
    found = []
    for name, key in (("title", "Title"), ("author", "Author")):
        text = " ".join(stated.get(key, "").replace("\x00", "").split())
        if text:
            found.append((name, text))
    created = _iso_date(stated.get("CreationDate", ""))
    if created is not None:
        found.append(("created", created))
    return tuple(found)


def _iso_date(text: str) -> str | None:
    """The day of a PDF date ("D:20250130102200Z"); None where it is none."""
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
