"""The cover of a document: a title with a subtitle, a date and a publisher set large, none of which
heads text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.structure.drafts import Draft
from pipeline.structure.headings import Heading

_TITLE_SIZE: Final = 1.4  # times the body's
_PROSE: Final = 250  # characters of ordinary text that make a page no cover


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Which drafts of a cover are its title, and which are headings in looks only."""

    title: int | None = None
    others: tuple[int, ...] = ()


def read_cover(
    drafts: Sequence[Draft], headings: Mapping[int, Heading], pages: int, body: float
) -> Cover:
    """The cover of a document of several pages: the largest heading is its title, the others head
    nothing.

    A cover is a first page with hardly any running text, no table, and a title set clearly larger
    than the `body` of the document in points. Where the first page has
    text, its headings stay as they are, and there is no title to tell by its place.
    """
    if pages < 2 or not drafts:
        return Cover()
    first = min(draft.run.page for draft in drafts)
    on_cover = [index for index, draft in enumerate(drafts) if draft.run.page == first]
    if any(drafts[index].table is not None for index in on_cover):
        return Cover()
    prose = sum(
        len(drafts[index].text)
        for index in on_cover
        if index not in headings and len(drafts[index].lines) > 1
    )
    headed = [index for index in on_cover if index in headings]
    if prose > _PROSE or not headed:
        return Cover()
    title = max(headed, key=lambda index: (drafts[index].first.size, -index))
    if drafts[title].first.size < _TITLE_SIZE * body:
        return Cover()
    return Cover(title=title, others=tuple(index for index in headed if index != title))
