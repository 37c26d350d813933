"""Which drafts of a page are headings, and of which level: by bookmarks, then numbering, then
type.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.records import Bookmark
from pipeline.structure.drafts import Draft
from pipeline.structure.sentences import is_ended
from pipeline.structure.typography import Typography

_LONGEST: Final = 220
_MOST_WORDS: Final = 30
_MOST_WORDS_BOLD: Final = 16
_NUMBER: Final = re.compile(
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,4}|[A-Z](?=[.)])|(?:chapter|section|part|annex|appendix)\s+(?:\d{1,2}|[A-Z]))[.):]?\s+(?=[A-Z‘“\"'0-9])",
    re.IGNORECASE,
)
_DIVISION: Final = re.compile(r"(?:chapter|part|annex|appendix)\b", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")
_WORDS: Final = re.compile(r"\w+")
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A draft that is a heading: its level from 1, and its number where it has one ("2.1")."""

    level: int
    number: str | None


def find_headings(
    drafts: Sequence[Draft], typography: Typography, bookmarks: Sequence[Bookmark]
) -> dict[int, Heading]:
    """The headings among drafts, by index.

    A bookmark that says what a draft says, on its page, makes it a heading of the bookmark's level;
    headings set in the same type get the same level, deeper numbers deeper levels, and type that no
    bookmark names is ranked by size and weight.
    """
    marked = _match_bookmarks(drafts, bookmarks)
    found = {
        index
        for index, draft in enumerate(drafts)
        if index in marked or _looks_like_heading(drafts, index, typography)
    }
    styles = {index: _style(drafts[index]) for index in found}
    ranks = _rank_styles(styles, marked)
    return {
        index: Heading(
            level=_level(index, drafts, styles, ranks, marked),
            number=find_number(fold(drafts[index].text)),
        )
        for index in sorted(found)
    }


def find_number(text: str) -> str | None:
    """The number that a heading starts with: "2.1", "Annex B"; None where it has none."""
    found = _NUMBER.match(text)
    if found is None or (found["number"].isdecimal() and int(found["number"]) > 60):
        return None
    return found["number"]


def _match_bookmarks(drafts: Sequence[Draft], bookmarks: Sequence[Bookmark]) -> dict[int, int]:
    """Level of the bookmark that each draft answers to. A bookmark without a page matches on
    any.
    """
    titles: dict[tuple[str, ...], list[Bookmark]] = {}
    for bookmark in bookmarks:
        key = _key(bookmark.title)
        if key:
            titles.setdefault(key, []).append(bookmark)
    marked: dict[int, int] = {}
    if not titles:
        return marked
    for index, draft in enumerate(drafts):
        if draft.table is not None or draft.footnote is not None or len(draft.text) > _LONGEST:
            continue
        for bookmark in titles.get(_key(draft.text), ()):
            if bookmark.page is None or abs(bookmark.page - draft.lines[0][0].page) <= 1:
                marked[index] = bookmark.level
                break
    return marked


def _key(text: str) -> tuple[str, ...]:
    """A title's words without its number, to compare it with a bookmark that may leave that out."""
    words = _WORDS.findall(fold(text).lower())
    while len(words) > 1 and words[0].isdecimal():
        words.pop(0)
    return tuple(words)


def _looks_like_heading(drafts: Sequence[Draft], index: int, typography: Typography) -> bool:
    draft = drafts[index]
    if draft.table is not None or draft.footnote is not None or draft.caption:
        return False
    text = fold(draft.text)
    if (
        len(text) > _LONGEST
        or _LETTERS.search(text) is None
        or text[-1] in ".;,:"
        or text[:1].islower()
    ):
        return False
    if draft.marker is not None and draft.marker.is_bullet:
        return False
    words = len(text.split())
    if typography.is_large(draft.first.size):
        return words <= _MOST_WORDS and not (is_ended(text) and words > _MOST_WORDS_BOLD)
    if typography.is_small(draft.first.size) or words > _MOST_WORDS_BOLD:
        return False
    if draft.bold and not typography.bold_body:
        return _has_text_after(drafts, index, typography)
    number = find_number(text)
    return (
        number is not None
        and "." in number
        and words <= 12
        and not is_ended(text)
        and _has_text_after(drafts, index, typography)
    )


def _has_text_after(drafts: Sequence[Draft], index: int, typography: Typography) -> bool:
    """Whether a draft heads something: text that is set otherwise, a table, or another such line
    over text.
    """
    for draft in drafts[index + 1 : index + 4]:
        if draft.table is not None:
            return True
        if draft.footnote is not None or draft.caption:
            continue
        if not draft.bold:
            return True
        if typography.is_large(draft.first.size):
            return False
    return False


def _style(draft: Draft) -> tuple[float, bool]:
    """Size, rounded to half a point, and weight of a heading."""
    return round(draft.first.size / _HALF) * _HALF, draft.bold


def _rank_styles(
    styles: dict[int, tuple[float, bool]], marked: dict[int, int]
) -> dict[tuple[float, bool], int]:
    """The level of each style: what most of its bookmarked headings have, else one below the next
    larger.
    """
    ranks: dict[tuple[float, bool], int] = {}
    level = 0
    for style in sorted(set(styles.values()), key=lambda style: (-style[0], not style[1])):
        votes = Counter(
            marked[index] for index, own in styles.items() if own == style and index in marked
        )
        level = votes.most_common(1)[0][0] if votes else level + 1
        ranks[style] = level
    return ranks


def _level(
    index: int,
    drafts: Sequence[Draft],
    styles: dict[int, tuple[float, bool]],
    ranks: dict[tuple[float, bool], int],
    marked: dict[int, int],
) -> int:
    if index in marked:
        return marked[index]
    style = styles[index]
    depths = [
        _depth(find_number(fold(drafts[other].text)))
        for other, own in styles.items()
        if own == style and other not in marked
    ]
    numbered = [depth for depth in depths if depth]
    depth = _depth(find_number(fold(drafts[index].text)))
    extra = depth - min(numbered) if depth and numbered else 0
    return min(ranks[style] + extra, 6)


def _depth(number: str | None) -> int:
    """How many parts a number has; 1 for chapters and annexes, 0 for none."""
    if number is None:
        return 0
    return 1 if _DIVISION.match(number) else number.count(".") + 1
