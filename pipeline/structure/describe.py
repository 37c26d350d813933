"""What a document says of itself: title, publisher, planning years, date of publication, kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.records import BlockKind, Document, Kind, PlanningYears, Source, Stated
from pipeline.structure.dates import find_dates
from pipeline.structure.pieces import Piece

_OPENING: Final = 14  # pieces that a first page has
_BAD_TITLE: Final = re.compile(
    r"microsoft (?:word|powerpoint)|\.(?:docx?|pdf|html?|indd|pptx?|txt)\b|^untitled|^document\d*$"
    r"|^no title|^slide \d|^template|^title$|^default",
    re.IGNORECASE,
)
_SITE: Final = re.compile(r"\s+(?:\||»|::|[–—-])\s+")
_FINANCIAL: Final = re.compile(
    r"(?<![\d/–-])(?P<first>20\d\d)\s?[/–-]\s?(?P<first_end>20\d\d|\d\d)(?!\d|[/–-]\d)"
    r"(?:\s*(?:to|–|-|and)\s*(?P<last>20\d\d)\s?[/–-]\s?(?P<last_end>20\d\d|\d\d)(?!\d))?"
)
_NAMES: Final = re.compile(
    r"NHS England and NHS Improvement|NHS England and (?:the )?D[A-Z]{3,4}|NHS England"
    r"|NHS Improvement|NHS Commissioning Board|NHS Confederation"
    r"|(?:UK )?Department (?:of|for) [A-Z][a-z]+(?:,? (?:and )?[A-Z][a-z]+)*"
    r"|(?:[A-Z][\w&-]+(?:[’']s)?,? (?:and |of |upon )?){1,6}"
    r"(?:NHS (?:Foundation )?Trust|Integrated Care (?:Board|System)|Clinical Commissioning Group"
    r"|Health Board|Hospitals? Trust|Council|Combined Authority|Health Authority)"
)
_PUBLISHED: Final = re.compile(
    r"publish|issued|dated?\b|released|version|updated|meeting|live coverage", re.IGNORECASE
)
_FILE_DATE: Final = re.compile(r"(?<!\d)(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)(?!\d)")
_URL_DATE: Final = re.compile(r"/(20\d\d)/([01]\d)/([0-3]\d)(?:/|$)")
_BOARD: Final = re.compile(
    r"\b(?:board (?:of directors|meeting|papers?|in public)|(?:trust|governing|public|care) board"
    r"|meeting of the board|meeting in public|minutes|agenda|apologies|action log|matters arising"
    r"|declarations? of interest|assurance report|annual report|quality account"
    r"|governance statement|board assurance framework|chief executive[’']s report"
    r"|non-executive directors?|performance report|cabinet|scrutiny panel"
    r"|(?:board|committee|panel|cabinet|council|members) (?:is|are)"
    r" (?:asked|recommended|invited) to)\b",
    re.IGNORECASE,
)
_GUIDANCE: Final = re.compile(
    r"\b(?:guidance|guidelines?|guide|framework|priorities|planning|requirements?|mandate"
    r"|standards?|specification|strategy|rules|rulebook|code of practice|plan)\b",
    re.IGNORECASE,
)
_REPORTING: Final = re.compile(
    r"\b(?:said|says|told|tells|according to|wrote|writes|argue[sd]?|insist(?:s|ed)?"
    r"|admit(?:s|ted)?|claim(?:s|ed)|critics|readers?)\b",
    re.IGNORECASE,
)
_FIRST_PERSON: Final = re.compile(r"\b(?:I|I[’'](?:m|ve|d|ll)|my|me)\b")
_TIME: Final = re.compile(r"\d{1,2}[.:]?\d{0,2}\s?(?:am|pm)|\d{1,2}[.:]\d\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What tells a commentary by its form: whether it is an archive of posts or a live page, how
    many lines say when a post was published, how many invite comments or sharing.
    """

    archive: bool = False
    live: bool = False
    bylines: int = 0
    furniture: int = 0


def describe(
    source: Source,
    stated: Stated,
    pieces: Sequence[Piece],
    *,
    heading_title: str | None,
    kind: Kind,
    warnings: tuple[str, ...] = (),
) -> Document:
    """The document's record: what is stated stands, the rest is taken from the document and named
    in `inferred`.
    """
    inferred: dict[str, object] = {}
    title = stated.title
    if title is None:
        title = inferred["title"] = find_title(source, pieces, heading_title)
    publisher = stated.publisher
    if publisher is None:
        publisher = inferred["publisher"] = find_publisher(source, pieces, kind)
    years = stated.planning_years
    if years is None:
        years = inferred["planning_years"] = find_planning_years(source, title, pieces, kind)
    published = stated.published
    if published is None:
        published = inferred["published"] = find_published(source, stated, title, pieces, years)
    url = stated.source_url
    if url is None:
        url = inferred["source_url"] = dict(source.metadata).get("url")
    if stated.kind is None:
        inferred["kind"] = kind
    return Document(
        id=stated.id,
        file=source.file,
        sha256=source.sha256,
        format=source.format,
        kind=kind,
        title=title,
        publisher=publisher,
        planning_years=years,
        published=published,
        source_url=url,
        licence=stated.licence,
        supersedes=stated.supersedes,
        pages=len(source.pages) or None,
        inferred=tuple(name for name, value in inferred.items() if value is not None),
        warnings=warnings,
    )


def find_title(source: Source, pieces: Sequence[Piece], heading: str | None) -> str:
    """The title: the heading that stands over the whole, the file's own if it is a title, the first
    heading, or the file's name.
    """
    if heading is not None:
        return heading
    headings = [
        piece
        for piece in pieces
        if piece.kind is BlockKind.HEADING and not _TIME.fullmatch(piece.text)
    ]
    said = _clean_title(dict(source.metadata).get("title"), [piece.text for piece in headings])
    if said is not None:
        return said
    first = pieces[0] if pieces else None
    if (
        first is not None
        and not source.pages
        and first.kind is BlockKind.PARAGRAPH
        and _could_be_title(first.text)
    ):
        return first.text
    if headings:
        top = min(piece.level for piece in headings)
        return next(piece.text for piece in headings if piece.level == top)
    return re.sub(r"[-_]+", " ", PurePath(source.file).stem).strip() or source.file


def _could_be_title(text: str) -> bool:
    return 4 <= len(text) <= 160 and len(text.split()) <= 25 and text[-1] not in ".:;,!"


def _clean_title(said: str | None, headings: Sequence[str]) -> str | None:
    """A file's own title without the site's name; None where it is a program's or a file's name."""
    text = fold(said or "")
    if len(text) < 4 or _BAD_TITLE.search(text) is not None:
        return None
    for heading in headings:
        if text.lower().startswith(heading.lower()) and len(heading) >= 4:
            return heading
    parts = _SITE.split(text)
    return parts[0] if len(parts) > 1 and len(parts[0].split()) >= 3 else text


def find_publisher(source: Source, pieces: Sequence[Piece], kind: Kind) -> str | None:
    """Who published it: what the file says, else the body that its first page names most; None for
    none.

    The bodies that commentary names are those it writes about.
    """
    said = dict(source.metadata).get("publisher")
    if said or kind is Kind.COMMENTARY:
        return said
    opening = [piece.text for piece in pieces[: 2 * _OPENING] if piece.grid is None]
    names = Counter(fold(found[0]) for text in opening for found in _NAMES.finditer(text))
    if not names:
        return None
    return max(names, key=lambda name: (names[name], -list(names).index(name)))


def find_planning_years(
    source: Source, title: str, pieces: Sequence[Piece], kind: Kind
) -> PlanningYears | None:
    """The financial years that it plans for: what the file says, those of its title; for guidance
    also of its first page or name. Commentary and board papers speak of many years, so that only
    their title tells.
    """
    found = parse_years(dict(source.metadata).get("planning_year", "")) or parse_years(title)
    if found is not None or kind is not Kind.GUIDANCE:
        return found
    opening = [piece.text for piece in pieces[:_OPENING] if piece.grid is None]
    named = [
        years for text in opening if len(text) <= 200 and (years := parse_years(text)) is not None
    ]
    if named:
        return named[0]
    from_file = parse_years(re.sub(r"[_]", "-", PurePath(source.file).stem))
    if from_file is not None:
        return from_file
    mentioned = Counter(years for text in opening if (years := parse_years(text)) is not None)
    return mentioned.most_common(1)[0][0] if mentioned else None


def parse_years(text: str) -> PlanningYears | None:
    """The first financial year, or run of them, that a text names; None for none.

    >>> str(parse_years("Planning framework, 2026/27 to 2028/29"))
    '2026/27-2028/29'
    """
    for found in _FINANCIAL.finditer(text):
        first, end = int(found["first"]), int(found["first_end"])
        if end % 100 == (first + 1) % 100:
            last = first
            if found["last"] and int(found["last_end"]) % 100 == (int(found["last"]) + 1) % 100:
                last = max(int(found["last"]), first)
            return PlanningYears(first=first, last=last)
        if end > 2000 and first < end <= first + 6:
            return PlanningYears(first=first, last=end - 1)  # "2017-2019" plans for two years
    return None


def find_published(
    source: Source, stated: Stated, title: str, pieces: Sequence[Piece], years: PlanningYears | None
) -> date | None:
    """When it was published: what the file says, a date on its first page or in its title, name or
    address, or when the file was made, if that goes with the years that it plans for.
    """
    metadata = dict(source.metadata)
    said = find_dates(metadata.get("published", ""))
    if said:
        return said[0][0]
    opening = [title, *(piece.text for piece in pieces[:_OPENING] if piece.grid is None)]
    short = [text for text in opening if len(text) <= 200]
    for texts in (
        [text for text in short if _PUBLISHED.search(text)],
        [t for t in short if len(t) <= 120],
    ):
        for text in texts:
            dates = find_dates(text)
            if dates:
                return dates[0][0]
    for pattern, text in (
        (_FILE_DATE, PurePath(source.file).stem),
        (_URL_DATE, stated.source_url or metadata.get("url", "")),
    ):
        found = pattern.search(text)
        if found is not None:
            return _day(found)
    made = find_dates(metadata.get("created", ""))
    if made and years is not None:
        # Plans come out in the year before the one that they are for, or early in it.
        first, last = date(years.first - 1, 4, 1), date(years.first, 9, 30)
        return made[0][0] if first <= made[0][0] <= last else None
    return None


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:  # figures that look like a date and are none
        return None


def infer_kind(source: Source, pieces: Sequence[Piece], evidence: Evidence) -> Kind:
    """What a document is, by simple evidence: what the file itself says, a blog's or live page's
    form, else the words of its title, how often it speaks of boards, reports what others say, and
    says "I".

    Where nothing speaks for either, it is taken for guidance, since that is what the build is for.
    """
    said = dict(source.metadata).get("kind")
    if said in set(Kind):
        return Kind(said)
    if evidence.archive or evidence.live:
        return Kind.COMMENTARY
    texts = [piece.text for piece in pieces if piece.grid is None]
    title = " ".join(
        [*texts[:4], dict(source.metadata).get("title", ""), re.sub(r"[-_]", " ", source.file)]
    )
    whole = " ".join(texts)

    def density(pattern: re.Pattern[str]) -> float:
        """Matches in a hundred words."""
        return 100 * len(pattern.findall(whole)) / max(len(whole.split()), 1)

    def named(pattern: re.Pattern[str]) -> int:
        return len({found.lower() for found in pattern.findall(title)})

    scores = {
        Kind.GUIDANCE: 2 + 3 * named(_GUIDANCE),
        Kind.BOARD_PAPER: 4 * named(_BOARD) + 8 * min(density(_BOARD), 1),
        Kind.COMMENTARY: 4 * min(density(_FIRST_PERSON), 3)
        + 6 * min(max(density(_REPORTING) - 0.4, 0), 1)
        + 2 * min(evidence.furniture, 4)
        + 3 * evidence.bylines,
    }
    return max(scores, key=lambda kind: scores[kind])
