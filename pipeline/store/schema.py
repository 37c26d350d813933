"""The tables of the database: every column with its type and its meaning.

The data dictionary (docs/data-dictionary.md) and the column descriptions that Datasette shows come
from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

# "must" as a big-endian integer: tells our databases from other programs' (PRAGMA application_id).
APPLICATION_ID: Final = 0x6D757374
SCHEMA_VERSION: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its SQL type as Python's (str, int, float), and its meaning in one sentence."""

    name: str
    type: type
    meaning: str
    references: str | None = None  # table whose id it holds


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDefinition:
    """A table; `key` is its primary key, `search` the columns in its full-text index."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    search: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = field(default=())


def _text(name: str, meaning: str, references: str | None = None) -> Column:
    return Column(name=name, type=str, meaning=meaning, references=references)


def _int(name: str, meaning: str) -> Column:
    return Column(name=name, type=int, meaning=meaning)


def _float(name: str, meaning: str) -> Column:
    return Column(name=name, type=float, meaning=meaning)


TABLES: Final[tuple[TableDefinition, ...]] = (
    TableDefinition(
        name="documents",
        meaning="Every document that was read; a file that holds several posts gives one row each.",
        columns=(
            _text(
                "id",
                "The document's id: its file name without the ending, with the date for a post.",
            ),
            _text("title", "Its title, stated in documents.yml or read from the document."),
            _text("publisher", "Who published it."),
            _text("kind", "guidance, board_paper or commentary."),
            _text(
                "planning_year", "The year that it plans for, 2025/26; 2026/27-2028/29 for several."
            ),
            _text("published", "The day it was published (ISO date)."),
            _text("file", "The name of the file that it was read from."),
            _text("format", "pdf, html, docx, text or markdown, told by content."),
            _int("pages", "How many pages the file has; empty where the format has none."),
            _int("passages", "How many passages it holds."),
            _int("requirements", "How many requirements were found in it."),
            _text("source_url", "Where it was published."),
            _text("licence", "The licence it is published under."),
            _text("supersedes", "JSON list of the documents that this one replaces."),
            _text(
                "superseded_by",
                "The document that replaces this one (the final of a draft).",
                "documents",
            ),
            _text(
                "inferred",
                "JSON list of the fields that nobody stated and the document itself gave.",
            ),
            _text("warnings", "JSON list of what went wrong in reading without stopping it."),
            _text("sha256", "Checksum of the file."),
        ),
        indexes=(("kind", "planning_year"), ("superseded_by",)),
    ),
    TableDefinition(
        name="document_years",
        meaning="Each planning year of each document; a framework for three years has three rows.",
        columns=(
            _text("document_id", "The document.", "documents"),
            _text("year", "One planning year, 2026/27."),
        ),
        key=("document_id", "year"),
        indexes=(("year", "document_id"),),
    ),
    TableDefinition(
        name="sections",
        meaning="The headings of each document, in reading order.",
        columns=(
            _text("id", "Key of the section."),
            _text("document_id", "The document.", "documents"),
            _int("ordinal", "Place in reading order, from 0."),
            _int("level", "Level of the heading, 1 at the top."),
            _text("heading", "The heading's words."),
            _text("path", "All headings from the top, ' > ' between levels."),
            _int("page", "1-based page, empty where the format has none."),
        ),
        indexes=(("document_id", "ordinal"),),
    ),
    TableDefinition(
        name="passages",
        meaning="Every paragraph, list item, table row, footnote and speech, in reading order.",
        columns=(
            _text("id", "Key of the passage."),
            _text("document_id", "The document.", "documents"),
            _text("section_id", "The section that it stands in.", "sections"),
            _int("ordinal", "Place in reading order, from 0."),
            _text("kind", "paragraph, list_item, table_row, footnote, caption or speech."),
            _text("text", "Its words, verbatim, white space folded."),
            _text("stems", "JSON list of the lead-in sentences that govern it, outermost first."),
            _text("labels", "JSON list of header and spanned cells that apply to a table row."),
            _text("marker", "Its own number or bullet."),
            _int("level", "Depth of nesting of a list item, from 1."),
            _text("speaker", "Who speaks, in a transcript."),
            _int("page", "1-based page where it starts."),
            _int(
                "char_offset",
                "Where it starts in the source's text (code points), for formats that are text.",
            ),
            _int("boxed", "1 where it stands in a box or callout."),
            _text(
                "places",
                "JSON list of [start, end, page, x0, top, x1, bottom]: lines in PDF points.",
            ),
        ),
        search=("text",),
        indexes=(("document_id", "ordinal"), ("section_id",)),
    ),
    TableDefinition(
        name="requirements",
        meaning="Who must, should or may do what, by when, to which number: one row a requirement.",
        columns=(
            _text(
                "id", "Stable key: the same words in the same document keep it through rebuilds."
            ),
            _text("document_id", "The document.", "documents"),
            _text("passage_id", "The passage.", "passages"),
            _text("thread_id", "The thread through the years that it belongs to.", "threads"),
            _text(
                "repeat_of",
                "The first requirement of its document that says the same, where it is not the"
                " first: the list of priorities, the body, the table of success.",
                "requirements",
            ),
            _int("ordinal", "Place in reading order in its document, from 0."),
            _text("kind", "The document's kind: guidance, board_paper or commentary."),
            _text("planning_year", "The document's planning year."),
            _int("page", "1-based page of the source where it starts."),
            _text("bbox", "JSON [x0, top, x1, bottom] on that page, in PDF points."),
            _text("section", "Heading path, ' > ' between levels."),
            _text(
                "quote", "The unit's own words, verbatim: a sentence, a list item or a table row."
            ),
            _int("quote_start", "Where the quote starts in its passage (code points)."),
            _int("quote_end", "Where it ends."),
            _text("stem", "The lead-in sentence that governs a list item."),
            _text("statement", "The requirement in one self-contained sentence."),
            _text(
                "modality",
                "obligation, prohibition, recommendation, permission, commitment or none.",
            ),
            _text("cue", "The words that carry the modality; 'imperative' where there are none."),
            _int("reported", "1 where the document reports somebody else's requirement."),
            _text("reported_by", "Who says it, in a reported requirement."),
            _text("bearer", "Who is bound, as written."),
            _text("bearer_canonical", "JSON list of the organisation types that they are."),
            _text("action", "What is to be done: a verb phrase."),
            _text("condition", "If, where, when, unless, subject to ..., verbatim."),
            _text("deadline_text", "The words of the deadline."),
            _text("deadline_date", "The deadline as an ISO date; empty where the words name none."),
            _text("topic", "urgent care, elective care, finance, ..."),
            _int("has_target", "1 where it holds a number to reach or to change by."),
            _float("confidence", "How sure the extraction is, 0 to 1."),
        ),
        search=("statement", "quote", "section"),
        indexes=(
            ("document_id", "ordinal"),
            ("passage_id",),
            ("thread_id",),
            ("repeat_of",),
        ),
    ),
    TableDefinition(
        name="quantities",
        meaning="Every number with a meaning, in requirements or not.",
        columns=(
            _text("id", "Key of the number."),
            _text("requirement_id", "The requirement that it belongs to, if any.", "requirements"),
            _text("document_id", "The document.", "documents"),
            _text("passage_id", "The passage.", "passages"),
            _text("planning_year", "The document's planning year."),
            _int("page", "1-based page."),
            _text("section", "Heading path."),
            _text("quote", "The sentence or table row that states it."),
            _text("text", "The words of the number with its comparator."),
            _text(
                "kind", "percentage, percentage_points, money (pounds), count, duration or rate."
            ),
            _float("value", "Its value; of a range the lower end."),
            _float("high", "The upper end of a range."),
            _text("unit", "hours, weeks, per 100,000, ..."),
            _text("comparator", ">=, <=, >, <, = or range."),
            _text("role", "target, change, threshold, statistic or allocation."),
            _text("metric", "What is measured, in the text's words."),
            _text("measure", "The known measure that it is about.", "measures"),
            _text("deadline", "ISO date by which it is due: its own, else the requirement's."),
            _text("own_deadline", "ISO date of this number, where it has one of its own."),
            _int("char_start", "Where it starts in its passage (code points)."),
            _int("char_end", "Where it ends."),
        ),
        indexes=(
            ("requirement_id",),
            ("document_id",),
            ("passage_id",),
            ("measure", "planning_year"),
        ),
    ),
    TableDefinition(
        name="organisations",
        meaning="The types of body that duties fall on, with their lineage.",
        columns=(
            _text("id", "Name of the type in the singular."),
            _text("line", "The body that heads its line: PCT, CCG and ICB share one."),
            _text("level", "national, regional, system, place, provider, ..."),
            _text("aliases", "JSON list of other names and abbreviations."),
            _text("from_date", "ISO date from which it exists."),
            _text("to_date", "ISO date at which it ended."),
            _text("successors", "JSON list of the bodies that followed it."),
            _text("source", "Where these facts come from."),
        ),
    ),
    TableDefinition(
        name="requirement_organisations",
        meaning="Which types of body each requirement binds.",
        columns=(
            _text("requirement_id", "The requirement.", "requirements"),
            _text("organisation_id", "The type of body.", "organisations"),
        ),
        key=("requirement_id", "organisation_id"),
        indexes=(("organisation_id", "requirement_id"),),
    ),
    TableDefinition(
        name="measures",
        meaning="The known measures that numbers are tied to.",
        columns=(
            _text("id", "Key of the measure."),
            _text("name", "Its name."),
            _text("topic", "Its topic."),
            _text("unit", "Its unit."),
            _text("better", "higher or lower: which way improvement lies; empty where neither."),
        ),
    ),
    TableDefinition(
        name="threads",
        meaning="One requirement through the years.",
        columns=(
            _text("id", "Key of the thread."),
            _text("statement", "What it says in its latest year."),
            _text("topic", "Its topic in its latest year."),
            _text("first_year", "The first planning year in which it stands."),
            _text("last_year", "The last planning year in which it stands."),
            _int("requirements", "How many requirements it joins."),
        ),
    ),
    TableDefinition(
        name="links",
        meaning="Pairs of requirements that belong together, with how the later differs.",
        columns=(
            _text("id", "Key of the link."),
            _text("from_id", "The earlier requirement, or the mention.", "requirements"),
            _text("to_id", "The later requirement, or the guidance mentioned.", "requirements"),
            _text("from_year", "Planning year of the earlier."),
            _text("to_year", "Planning year of the later."),
            _text(
                "relation",
                "same, reworded, target_changed, strengthened, weakened, split, merged, mentions.",
            ),
            _float("score", "How sure the link is, 0 to 1."),
            _text("evidence", "Why, in words."),
            _float("from_value", "The number before, where numbers differ."),
            _float("to_value", "The number after."),
            _text("unit", "Unit of the two."),
            _text("ambition", "harder or easier, where it can be told."),
            _text("stance", "Of a mention: reports, repeats, misstates or contests."),
        ),
        indexes=(("from_id",), ("to_id",), ("from_year", "to_year", "relation")),
    ),
    TableDefinition(
        name="figure_mentions",
        meaning="Sentences of papers and comments that hold a number and no requirement, with the"
        " guidance that they speak of; what requirements speak of is in the table links.",
        columns=(
            _text("id", "Key of the mention."),
            _text("quantity_id", "The first number of the sentence.", "quantities"),
            _text("to_id", "The requirement of the guidance.", "requirements"),
            _text("year", "Planning year of the guidance."),
            _text("stance", "reports, repeats, misstates or contests."),
            _float("score", "How sure the mention is, 0 to 1."),
            _text("evidence", "Why, in words."),
            _float("from_value", "The sentence's number, where it is compared with one."),
            _float("to_value", "The number of the guidance."),
            _text("unit", "Unit of the two."),
        ),
        indexes=(("quantity_id",), ("to_id",)),
    ),
    TableDefinition(
        name="changes",
        meaning="What changed between two planning years: links, and what is new or dropped.",
        columns=(
            _text("id", "Key of the change."),
            _text("from_year", "The earlier planning year."),
            _text("to_year", "The later planning year."),
            _text("relation", "A link's relation, or new, or dropped."),
            _text("from_id", "The earlier requirement; empty for a new one.", "requirements"),
            _text("to_id", "The later requirement; empty for a dropped one.", "requirements"),
            _text("link_id", "The link; empty for new and dropped.", "links"),
            _text("topic", "Topic of the later, else of the earlier."),
            _text(
                "story",
                "Changes of one story are counted as one: a requirement and its successor in all"
                " places that say them, a split one with its parts, or several merged into one.",
            ),
            _int("again", "1 where other places of the documents say again what is counted."),
        ),
        indexes=(("from_year", "to_year", "relation"), ("from_id",), ("to_id",)),
    ),
    TableDefinition(
        name="target_lines",
        meaning="Each known measure's targets by year: a line to chart.",
        columns=(
            _text("id", "Key of the row."),
            _text("measure", "The measure.", "measures"),
            _text("year", "Planning year."),
            _text("document_id", "The document that sets it.", "documents"),
            _text("requirement_id", "The requirement that sets it.", "requirements"),
            _float("value", "Its value; of a range the lower end."),
            _float("high", "The upper end of a range."),
            _text("kind", "Kind of the number."),
            _text("unit", "Unit."),
            _text("comparator", ">=, <=, >, <, = or range."),
            _text("role", "target or change."),
            _text("deadline", "ISO date."),
            _int(
                "dropped",
                "1 where the measure had a target the year before and has none in this one.",
            ),
        ),
        indexes=(("measure", "year"), ("requirement_id",)),
    ),
    TableDefinition(
        name="comparisons",
        meaning="What linking found between two sets of requirements, such as two years': kept so"
        " that the next build compares only what has changed.",
        columns=(
            _text("id", "Checksum of the requirements, the years and the linking model."),
            _text("engine", "Checksum of the program that compared them and of what it knows."),
            _text("links", "JSON list of the links found, as in the table links."),
            _text("repeats", "JSON list of groups of requirements (ids) that say the same."),
        ),
    ),
    TableDefinition(
        name="builds",
        meaning="Each build that wrote this database.",
        columns=(
            _int("id", "Number of the build."),
            _text("started", "When it began (UTC)."),
            _text("finished", "When it ended (UTC)."),
            _text("version", "Version of mustdo that made it."),
            _int("read", "Files read in it."),
            _int("unchanged", "Files that had not changed."),
            _int("removed", "Files that were gone."),
            _int("quarantined", "Files that could not be read."),
        ),
    ),
    TableDefinition(
        name="quarantine",
        meaning="Files that could not be read, each with its reason and what to do.",
        columns=(
            _text("id", "Key of the row."),
            _text("file", "Name of the file."),
            _text(
                "outcome",
                "encrypted, corrupt, zero_pages, empty, ocr_needed, too_large, timed_out,"
                " unsupported.",
            ),
            _int("page", "1-based page where it went wrong, if known."),
            _text("reason", "What happened."),
            _text("remedy", "What to do about it."),
            _text("sha256", "Checksum of the file, where it could be read."),
        ),
    ),
    TableDefinition(
        name="sources",
        meaning="The files behind the documents: to skip unchanged ones and draw pages.",
        columns=(
            _text("path", "Where the file was when it was built."),
            _text("sha256", "Its checksum."),
            _int("size", "Its size in bytes."),
            _int("modified_ns", "When it was last changed."),
            _text(
                "key",
                "Checksum of everything that its rows depend on: bytes, manifest entry, models,"
                " program.",
            ),
            _text("document_ids", "JSON list of the documents it gave."),
        ),
        key=("path",),
        indexes=(("sha256",),),
    ),
)

BY_NAME: Final[dict[str, TableDefinition]] = {table.name: table for table in TABLES}
