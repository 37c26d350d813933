"""Blog archives, one document a post, and live pages, one section an entry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.read.text_plain import is_prose
from pipeline.records import Block, BlockKind
from pipeline.structure.dates import find_dates, infer_years, parse_date, parse_month_day

_TEXT: Final = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.ENTRY})
_BYLINE: Final = re.compile(
    r"(?:filed (?:under|in)|posted|published|written|submitted|by|on|date|updated)\b", re.IGNORECASE
)
_BLOG_LINE: Final = re.compile(
    r"filed (?:under|in)\b|(?:posted|published|written|submitted) (?:by|on|in)\b|by [A-Z]"
)
_AFTER_DATE: Final = re.compile(
    r"\s*(?:$|[|·•,–—-]|by\b|in\b|at\b|posted\b|\d{1,2}[.:]\d\d)", re.IGNORECASE
)
_LONGEST_BYLINE: Final = 240
_LONGEST_TITLE: Final = 200
_MOST_TITLE_WORDS: Final = 34
_TIME: Final = re.compile(
    r"(?P<time>(?:[01]?\d|2[0-3])(?:[.:][0-5]\d)?\s?(?:am|pm)|(?:[01]?\d|2[0-3])[.:][0-5]\d)(?:\s*(?:gmt|bst))?"
    r"(?:\s*[:–—-]\s+|\s*:\s*|\s+)(?=[^\s\d])",
    re.IGNORECASE,
)
_TIME_ALONE: Final = re.compile(
    r"(?:[01]?\d|2[0-3])(?:[.:][0-5]\d)?\s?(?:am|pm)|(?:[01]?\d|2[0-3])[.:][0-5]\d(?:\s*(?:gmt|bst))?",
    re.IGNORECASE,
)
_MIN_ENTRIES: Final = 3
_ENTRY_WORDS: Final = 13
_MIN_DISTINCT: Final = 0.7
_MIN_ONE_WAY: Final = 0.75
_MIN_FULL: Final = 0.6  # of the posts hold text


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post of an archive: `written` is its date as the page shows it, `year_inferred` tells
    that the page shows only month and day; None as `published` where nothing tells the year.
    """

    blocks: tuple[Block, ...]
    written: str
    title: str | None = None
    published: date | None = None
    year_inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opener:
    """Where a post's date stands, and what it says."""

    index: int
    written: str
    published: date | None
    month_day: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An archive's posts in the page's order, and what stands before the first."""

    head: tuple[Block, ...]
    posts: tuple[Post, ...]


def split_posts(blocks: Sequence[Block], *, latest: date | None = None) -> Archive | None:
    """The posts of a blog archive; None where the blocks are no archive.

    A post opens with its date on a line of its own ("Jan 01", "18 March 2011") or in a byline
    ("Filed under (Reform) by Paul on 18-03-2011"). Two such lines of one form or more, in order,
    with text under most of them, make an archive. `latest` is when it was last published, if that
    is known.
    """
    openers = _find_openers(blocks)
    if len(openers) < 2 or not _are_in_order(openers):
        return None
    before = _titles_stand_before(blocks, openers)
    starts = [_start(blocks, opener, titled_before=before) for opener in openers]
    parts = []
    for place, opener in enumerate(openers):
        end = starts[place + 1] if place + 1 < len(openers) else len(blocks)
        parts.append(_make_post(blocks, opener, starts[place], end, titled_before=before))
    if sum(has_prose(post.blocks) for post in parts) < max(2, _MIN_FULL * len(parts)):
        return None
    posts = _with_years(parts, openers, latest)
    return Archive(head=tuple(blocks[: starts[0]]), posts=tuple(posts))


def has_prose(blocks: Sequence[Block]) -> bool:
    """Whether any block is running text or a list item."""
    return any(is_prose(block) or block.kind is BlockKind.LIST_ITEM for block in blocks)


def _are_in_order(openers: Sequence[_Opener]) -> bool:
    """Whether dates follow one another as posts do: nearly all different, and nearly all one
    way.
    """
    written = [opener.published or opener.month_day for opener in openers]
    if len(set(written)) < _MIN_DISTINCT * len(written):
        return False
    days = [opener.published for opener in openers if opener.published is not None]
    pairs = list(pairwise(days))
    rises = sum(after >= before for before, after in pairs)
    falls = sum(after <= before for before, after in pairs)
    return max(rises, falls) >= _MIN_ONE_WAY * len(pairs)


def is_archive(blocks: Sequence[Block]) -> bool:
    """Whether blocks are surely a blog's archive, so that it needs nobody to say so: posts that
    open with bylines, or three that open with month and day. Bare dates head the parts of other
    papers as well.
    """
    openers = _find_openers(blocks)
    days = sum(opener.month_day is not None for opener in openers)
    bylines = sum(_BLOG_LINE.match(blocks[opener.index].text) is not None for opener in openers)
    return (bylines >= 2 or days >= _MIN_ENTRIES) and split_posts(blocks) is not None


def count_bylines(blocks: Sequence[Block]) -> int:
    """How many lines say when a post was published, or by whom, as blogs do."""
    return sum(
        block.kind in _TEXT
        and _BLOG_LINE.match(block.text) is not None
        and _read_opener(i, block) is not None
        for i, block in enumerate(blocks)
    )


def is_live(blocks: Sequence[Block]) -> bool:
    """Whether blocks are a live page: entries that begin with a time of day, or headings that are
    one.
    """
    headings = sum(
        block.kind is BlockKind.HEADING and _TIME_ALONE.fullmatch(block.text) is not None
        for block in blocks
    )
    return headings >= _MIN_ENTRIES or len(mark_live_entries(blocks)) > len(blocks)


def mark_live_entries(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a live page with each entry's time as a heading over it; other pages as they
    are.

    Three paragraphs that begin with a time of day ("11.36am: ...") make a live page, if the times
    run one way.
    """
    found = {
        index: match
        for index, block in enumerate(blocks)
        if block.kind is BlockKind.PARAGRAPH and (match := _TIME.match(block.text)) is not None
    }
    long = sum(len(blocks[index].text.split()) >= _ENTRY_WORDS for index in found)
    times = [_minutes(match["time"]) for match in found.values()]
    if len(found) < _MIN_ENTRIES or 2 * long < len(found) or not _run_one_way(times):
        return list(blocks)  # an agenda gives times as well, with a few words each
    level = max((block.level for block in blocks if block.kind is BlockKind.HEADING), default=1) + 1
    marked = []
    for index, block in enumerate(blocks):
        match = found.get(index)
        if match is None:
            marked.append(block)
            continue
        start = block.start + match.end() if block.start is not None else None
        marked.append(
            Block(
                kind=BlockKind.HEADING,
                text=match["time"].strip(),
                level=min(level, 6),
                start=block.start,
            )
        )
        marked.append(replace(block, text=block.text[match.end() :], start=start))
    return marked


def _find_openers(blocks: Sequence[Block]) -> list[_Opener]:
    """The lines that open posts, all of the form that most have: entries, bylines, dates, or months
    and days.
    """
    forms: dict[str, list[_Opener]] = {"entry": [], "byline": [], "date": [], "day": []}
    for index, block in enumerate(blocks):
        if block.kind not in _TEXT:
            continue
        opener = _read_opener(index, block)
        if opener is None:
            continue
        if block.kind is BlockKind.ENTRY:
            form = "entry"
        elif opener.month_day is not None:
            form = "day"
        else:
            form = "date" if parse_date(fold(block.text)) is not None else "byline"
        forms[form].append(opener)
    return max(forms.values(), key=len)


def _read_opener(index: int, block: Block) -> _Opener | None:
    text = fold(block.text)
    if len(text) > _LONGEST_BYLINE:
        return None
    day = parse_date(text)
    if day is not None:
        return _Opener(index=index, written=text, published=day, month_day=None)
    month_day = parse_month_day(text)
    if month_day is not None:
        return _Opener(index=index, written=text, published=None, month_day=month_day)
    dates = find_dates(text)
    if len(dates) != 1:
        return None
    value, start, end = dates[0]
    opens = _BYLINE.match(text) is not None and start < len(text)
    leads = start <= len("Wednesday, ") and _AFTER_DATE.match(text, end) is not None
    if not (opens or leads) or text.endswith((".", "?", "!", ":")):
        return None
    return _Opener(index=index, written=text[start:end], published=value, month_day=None)


def _titles_stand_before(blocks: Sequence[Block], openers: Sequence[_Opener]) -> bool:
    """Whether the posts' titles stand above their dates: so they do for most of them."""
    above = [blocks[opener.index - 1] for opener in openers if opener.index > 0]
    count = sum(_could_be_title(block) and not is_prose(block) for block in above)
    return count * 5 >= len(openers) * 3


def _could_be_title(block: Block) -> bool:
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING) or block.marker is not None:
        return False
    text = block.text
    return (
        len(text) <= _LONGEST_TITLE
        and len(text.split()) <= _MOST_TITLE_WORDS
        and re.search(r"[^\W\d_]{3}", text) is not None
        and not text.rstrip().endswith(("»", "→", ":", ","))
    )


def _start(blocks: Sequence[Block], opener: _Opener, *, titled_before: bool) -> int:
    above = opener.index - 1
    return (
        above if titled_before and above >= 0 and _could_be_title(blocks[above]) else opener.index
    )


def _make_post(
    blocks: Sequence[Block], opener: _Opener, start: int, end: int, *, titled_before: bool
) -> Post:
    title = fold(blocks[start].text) if start < opener.index else None
    body = list(blocks[opener.index + 1 : end])
    if title is None and not titled_before and body and _is_headline(body):
        title = fold(body.pop(0).text)
    return Post(blocks=tuple(body), title=title, written=opener.written, published=opener.published)


def _is_headline(body: Sequence[Block]) -> bool:
    """Whether the first block under a date is the post's title."""
    first = body[0]
    if first.kind is BlockKind.HEADING:
        return True
    return _could_be_title(first) and not is_prose(first) and len(body) > 1 and is_prose(body[1])


def _with_years(
    parts: Sequence[Post], openers: Sequence[_Opener], latest: date | None
) -> list[Post]:
    """The posts, those that show only month and day with the year that their texts speak for."""
    days = [opener.month_day for opener in openers]
    shown = [day for day in days if day is not None]
    if len(shown) < len(days):
        return list(parts)
    texts = [" ".join(block.text for block in post.blocks) for post in parts]
    dates = infer_years(shown, texts, latest=latest)
    if dates is None:
        return list(parts)
    return [
        replace(post, published=day, year_inferred=True)
        for post, day in zip(parts, dates, strict=True)
    ]


def _minutes(time: str) -> int:
    """The minutes since midnight of a time of day."""
    match = re.match(r"(\d{1,2})(?:[.:](\d\d))?\s?(am|pm)?", time, re.IGNORECASE)
    if match is None:
        raise ValueError(f"not a time: {time!r}")
    hour = int(match[1])
    if match[3] is not None:
        hour = hour % 12 + (12 if match[3].lower() == "pm" else 0)
    return hour * 60 + int(match[2] or 0)


def _run_one_way(minutes: Sequence[int]) -> bool:
    """Whether times rise, or fall, all along but for a few."""
    pairs = list(pairwise(minutes))
    rises = sum(after >= before for before, after in pairs)
    falls = sum(after <= before for before, after in pairs)
    return max(rises, falls) >= 0.8 * len(pairs)
