"""The records that pass between stages.

Each stage takes records and returns records; nothing here knows where they come from or where they
go. The line is: `Source` (read) -> `Document` with `Section`s and `Passage`s (structure) ->
`Requirement`s and `Figure`s (extract) -> `Link`s (link) -> rows (store).

Offsets are code points. Pages are 1-based. Boxes are PDF points, origin at the top left of the page
as shown (after its /Rotate), so that they can be drawn on a picture of the page without further
thought.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Format(StrEnum):
    """How a file is written, told by its content."""

    PDF = "pdf"
    HTML = "html"
    DOCX = "docx"
    TEXT = "text"
    MARKDOWN = "markdown"


class Kind(StrEnum):
    """What a document is to a planner."""

    GUIDANCE = "guidance"
    BOARD_PAPER = "board_paper"
    COMMENTARY = "commentary"


class Modality(StrEnum):
    """The force of a requirement (LegalRuleML's classes; recommendation as in ISO/IEC Directives,
    Part 2).
    """

    OBLIGATION = "obligation"
    PROHIBITION = "prohibition"
    RECOMMENDATION = "recommendation"
    PERMISSION = "permission"
    COMMITMENT = "commitment"
    NONE = "none"  # a target is stated, but no modality


class Relation(StrEnum):
    """How a requirement relates to one of an earlier year, or a mention to the guidance it speaks
    of.
    """

    SAME = "same"
    REWORDED = "reworded"
    TARGET_CHANGED = "target_changed"
    STRENGTHENED = "strengthened"
    WEAKENED = "weakened"
    SPLIT = "split"
    MERGED = "merged"
    MENTIONS = "mentions"


# ----------------------------------------------------------------------------------------------
# read


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on a page in PDF points, from the top left corner of the page as shown."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text of a page, in the file's own reading order.

    `size` is the font size in points of most of its characters, `bold` whether most of them are
    bold, `superscripts` the [start, end) of characters that are set small and high: footnote marks.
    """

    text: str
    box: Box
    size: float
    bold: bool = False
    italic: bool = False
    superscripts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table; `rows` and `columns` are how many of each it spans."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    header: bool = False
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, its cells in reading order; a spanned cell stands once, where it begins."""

    cells: tuple[Cell, ...]
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What stands on one page of a paged source: lines outside tables, in order, and tables.

    `rules` are ruled or filled rectangles that frame text (boxes, callouts). `covering_image` tells
    a scan.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()
    rules: tuple[Box, ...] = ()
    covering_image: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """An entry of a PDF's outline: `level` from 1; `top` in points."""

    title: str
    level: int
    page: int | None
    top: float | None = None


class BlockKind(StrEnum):
    """What a block of a marked-up source is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    FOOTNOTE = "footnote"
    CAPTION = "caption"
    ENTRY = "entry"  # starts a dated post or a timed entry; `text` is its date or time as written


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a marked-up source (HTML, DOCX, Markdown, text), in document order.

    `level` is a heading's 1..6 or a list item's nesting from 1. `marker` is the list item's or
    paragraph's own number or bullet ("1.2", "(a)", "•"), left out of `text`. `start` is where the
    block starts in the source's text for formats that are text, else None.
    """

    kind: BlockKind
    text: str
    level: int = 0
    marker: str | None = None
    table: Table | None = None
    start: int | None = None
    boxed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What reading a file gives: `pages` for PDF, `blocks` for everything else.

    `metadata` holds what the file says of itself: title, author, created (ISO date), where it does.
    """

    file: str
    sha256: str
    format: Format
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()


# -----------------------------------------------------------------------------------------
# structure


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningYears:
    """The financial years (1 April to 31 March) that a document plans for: "2025/26" or
    "2026/27-2028/29".
    """

    first: int  # the calendar year in which the first financial year starts
    last: int

    def __str__(self) -> str:
        first = f"{self.first}/{(self.first + 1) % 100:02d}"
        if self.last == self.first:
            return first
        return f"{first}-{self.last}/{(self.last + 1) % 100:02d}"

    @property
    def labels(self) -> tuple[str, ...]:
        """Each single year, "2026/27" and so on, in order."""
        return tuple(f"{y}/{(y + 1) % 100:02d}" for y in range(self.first, self.last + 1))

    @property
    def end(self) -> date:
        """The last day of the last year."""
        return date(self.last + 1, 3, 31)

    @classmethod
    def parse(cls, text: str) -> PlanningYears:
        """Read "2025/26", "2025-26" or "2026/27-2028/29" (also with "to"); raises ValueError
        otherwise.
        """
        found = _PLANNING_YEARS.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"not a planning year: {text!r}; write 2025/26 or 2026/27-2028/29")
        first = _financial_year(found["first"], found["first_end"])
        last = _financial_year(found["last"], found["last_end"]) if found["last"] else first
        if last < first:
            raise ValueError(f"planning years run backwards: {text!r}")
        return cls(first=first, last=last)


_PLANNING_YEARS: Final = re.compile(
    r"(?P<first>\d{4})\s*[/\-–]\s*(?P<first_end>\d{2}|\d{4})"
    r"(?:\s*(?:-|–|to)\s*(?P<last>\d{4})\s*[/\-–]\s*(?P<last_end>\d{2}|\d{4}))?"
)


def _financial_year(start: str, end: str) -> int:
    """The starting calendar year of "2025", "26"; raises ValueError where the two do not follow
    each other.
    """
    year = int(start)
    if int(end) % 100 != (year + 1) % 100:
        raise ValueError(f"not a financial year: {start}/{end}")
    return year


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What is known of a file before it is opened: its document id, and what a documents.yml says;
    None elsewhere.
    """

    id: str
    title: str | None = None
    publisher: str | None = None
    kind: Kind | None = None
    planning_years: PlanningYears | None = None
    published: date | None = None
    source_url: str | None = None
    licence: str | None = None
    supersedes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as readers know it; a file that holds several posts gives one each.

    `inferred` names the fields that nobody stated and the document itself gave (title, published,
    ...). `supersedes` are ids of documents that this one replaces (a draft by its final).
    """

    id: str
    file: str
    sha256: str
    format: Format
    kind: Kind
    title: str
    publisher: str | None = None
    planning_years: PlanningYears | None = None
    published: date | None = None
    source_url: str | None = None
    licence: str | None = None
    supersedes: tuple[str, ...] = ()
    pages: int | None = None
    inferred: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it; `path` joins the headings from the top with " > "."""

    id: str
    document_id: str
    ordinal: int
    level: int
    heading: str
    path: str
    page: int | None


class PassageKind(StrEnum):
    """What part of a document a passage is."""

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    FOOTNOTE = "footnote"
    CAPTION = "caption"
    SPEECH = "speech"  # of a transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the code points [start, end) of a passage's text stand: one line, or a part of one, of
    a page.
    """

    start: int
    end: int
    page: int
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCell:
    """A cell of a table's row: its `text`, and the `heads` over its column, the outermost first.

    `start` is where it stands in the row's text; None for a label carried from a cell that spans
    rows or from a row over the whole width.
    """

    text: str
    heads: tuple[str, ...] = ()
    start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph, list item (with the stems that govern it, outermost first) or table row, in
    reading order.

    `text` is verbatim with white space folded, line-end hyphens joined, marks of lists and
    footnotes left out. A table row's `text` joins its own cells with " | "; labels carried from
    spanned or header cells are in `labels`, not in the text, as is the table's caption; `cells`
    tells which heading stands over which cell. `offset` is where it starts in the source's text,
    for formats that are text.
    """

    id: str
    document_id: str
    section_id: str | None
    ordinal: int
    kind: PassageKind
    text: str
    stems: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    marker: str | None = None
    level: int = 0
    speaker: str | None = None
    page: int | None = None
    offset: int | None = None
    boxed: bool = False
    places: tuple[Place, ...] = ()
    cells: tuple[RowCell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredDocument:
    """What structuring gives: a document with its sections and passages, each in reading order."""

    document: Document
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]


# -------------------------------------------------------------------------------------------
# extract


class QuantityKind(StrEnum):
    PERCENTAGE = "percentage"
    PERCENTAGE_POINTS = "percentage_points"
    MONEY = "money"  # pounds
    COUNT = "count"
    DURATION = "duration"
    RATE = "rate"


class Role(StrEnum):
    """What a number is for: to be reached, a change by so much, part of a measure's definition, a
    fact, a share.
    """

    TARGET = "target"
    CHANGE = "change"
    THRESHOLD = "threshold"
    STATISTIC = "statistic"
    ALLOCATION = "allocation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When something is due: the words, and the date they mean, None where they name none that can
    be told.
    """

    text: str
    date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with a meaning. `start` and `end` are its offsets in the passage's text (stem
    numbers: None).
    """

    text: str
    kind: QuantityKind
    value: float
    high: float | None = None
    unit: str | None = None
    comparator: str = "="  # >= <= > < = range
    role: Role = Role.TARGET
    metric: str | None = None
    measure: str | None = None  # id in models/measures.yml
    deadline: date | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One duty, advice, freedom, promise or bare target; design of the fields:
    docs/data-dictionary.md.

    `quote` is the unit's own words, `text[start:end]` of its passage. `section` is the heading
    path.
    """

    id: str
    document_id: str
    passage_id: str
    ordinal: int
    section: str
    page: int | None
    bbox: Box | None
    quote: str
    start: int
    end: int
    stem: str | None
    statement: str
    modality: Modality
    cue: str
    reported: bool
    reported_by: str | None
    bearer: str | None
    bearer_canonical: tuple[str, ...]
    action: str | None
    condition: str | None
    deadline: Deadline | None
    quantities: tuple[Quantity, ...]
    topic: str | None
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of any passage, in a requirement or not, with the sentence or row that states it."""

    id: str
    document_id: str
    passage_id: str
    section: str
    page: int | None
    quote: str
    quantity: Quantity
    deadline: date | None
    requirement_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What extraction gives for one document, in reading order."""

    requirements: tuple[Requirement, ...]
    figures: tuple[Figure, ...]
    abbreviations: tuple[tuple[str, str], ...] = ()


# ----------------------------------------------------------------------------------------------
# link


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`to` answers `from`: the earlier requirement comes first; a mention leads from the paper to
    the guidance.
    """

    from_id: str
    to_id: str
    from_year: str | None
    to_year: str | None
    relation: Relation
    score: float
    evidence: str
    from_value: float | None = None
    to_value: float | None = None
    unit: str | None = None
    ambition: str | None = None  # harder, easier; None where it cannot be told
    stance: str | None = None  # of a mention: reports, repeats, misstates, contests


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One requirement through the years: ids in order of year, then of reading."""

    id: str
    requirement_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLinks:
    """What comparing two sets of requirements gives: links, and groups of repeats (ids) within
    either set.
    """

    links: tuple[Link, ...]
    repeats: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A requirement between two planning years: linked, or new (`from_id` None), or dropped
    (`to_id` None).

    Changes of one `story` are counted as one: those that say it `again`, and the parts of a split
    requirement or of one that several were merged into.
    """

    from_year: str
    to_year: str
    relation: str
    from_id: str | None
    to_id: str | None
    topic: str | None
    story: str | None = None  # None: a story of its own
    again: bool = False  # between other places of the documents that say the same


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPoint:
    """A measure's target in one year; `dropped` where it had one the year before and has none in
    this one.
    """

    measure: str
    year: str
    document_id: str | None
    requirement_id: str | None
    value: float | None
    high: float | None
    kind: str | None
    unit: str | None
    comparator: str | None
    role: str | None
    deadline: date | None
    dropped: bool


def stable_id(*parts: object) -> str:
    """A short key over JSON of the parts, so that ("ab", "c") and ("a", "bc") differ; 16 hex
    digits.
    """
    canonical = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:16]
