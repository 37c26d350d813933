"""What changed as a Word document with redlines."""

from __future__ import annotations

from typing import BinaryIO, Final

from pipeline.export.about import licence_words
from pipeline.export.diff import SAME, Diff, Entry
from pipeline.export.diff_text import document_words, shown_relations
from pipeline.export.redline import PieceKind
from pipeline.export.rows import Row
from pipeline.export.text import clean, one_line
from pipeline.export.word import (
    Cell,
    Mark,
    Run,
    add_paragraph,
    add_table,
    new_document,
    save_document,
)
from pipeline.wording import MODALITIES, RELATIONS, bearer_words, places_words, source_words

_HEADINGS: Final = ("What changed", "Numbers", "Before", "After")
_WIDTHS_MM: Final = (130, 42, 47, 47)
_ONE_SIDED: Final = ("What", "Numbers", "Source")
_ONE_SIDED_MM: Final = (150, 50, 66)
_MARKS: Final[dict[PieceKind, Mark]] = {
    PieceKind.SAME: "plain",
    PieceKind.DELETED: "deleted",
    PieceKind.INSERTED: "inserted",
}


def render_docx(diff: Diff, out: BinaryIO) -> None:
    """Write the changes as a Word document: counts first, then each kind of change by topic."""
    document = new_document(diff.about)
    for name, documents in (("From", diff.before), ("To", diff.after)):
        add_paragraph(document, [Run(text=f"{name}: {'; '.join(map(document_words, documents))}")])
    facts = f"Database built {diff.about.built_words}. Filters: {diff.about.filter_words}."
    add_paragraph(document, [Run(text=facts, mark="small")])
    for words in filter(None, (diff.repeat_words, diff.note)):
        add_paragraph(document, [Run(text=words)])
    if diff.counts:
        counts = [[_plain(RELATIONS[r]), _plain(f"{n:,}")] for r, n in diff.counts.items()]
        add_table(document, ("Change", "Number"), (50, 25), counts)
    else:
        add_paragraph(document, [Run(text="Nothing changed, or nothing answers to the filters.")])
    for relation in shown_relations(diff):
        document.add_heading(f"{RELATIONS[relation]} ({diff.counts[relation]:,})", level=1)
        for topic, entries in diff.by_topic(relation).items():
            document.add_heading(clean(topic), level=2)
            if relation in ("new", "dropped"):
                add_table(document, _ONE_SIDED, _ONE_SIDED_MM, map(_one_sided, entries))
            else:
                add_table(document, _HEADINGS, _WIDTHS_MM, map(_cells, entries))
    if diff.same_by_topic:
        document.add_heading(f"The same ({diff.counts[SAME]:,})", level=1)
        same = [[_plain(topic), _plain(f"{n:,}")] for topic, n in diff.same_by_topic.items()]
        add_table(document, ("Topic", "Number"), (70, 25), same)
    words = licence_words(diff.about.documents)
    if words:
        add_paragraph(document, [Run(text=words, mark="small")])
    save_document(document, out)


def _cells(entry: Entry) -> list[Cell]:
    if entry.pieces:
        what: Cell = [[Run(text=piece.text, mark=_MARKS[piece.kind]) for piece in entry.pieces]]
    else:
        both = bool(entry.before and entry.after)
        marks: tuple[Mark, Mark] = ("deleted", "inserted") if both else ("plain", "plain")
        what = [
            [Run(text=one_line(row["statement"]), mark=mark)]
            for rows, mark in zip((entry.before, entry.after), marks, strict=True)
            for row in rows
        ]
    return [what, _plain(entry.numbers), *_sides(entry)]


def _one_sided(entry: Entry) -> list[Cell]:
    what, numbers, before, after = _cells(entry)
    return [what, numbers, after if entry.after else before]


def _sides(entry: Entry) -> tuple[Cell, Cell]:
    return (
        _sources(entry.before, entry.again_before),
        _sources(entry.after, entry.again_after),
    )


def _sources(rows: tuple[Row, ...], again: tuple[Row, ...]) -> Cell:
    paragraphs: list[list[Run]] = []
    for row in rows:
        paragraphs.append([Run(text=source_words(row), mark="small", url=row["source_link"])])
        facts = (
            MODALITIES.get(row["modality"], row["modality"]),
            bearer_words(row),
            row["section"],
        )
        paragraphs.append([Run(text=" · ".join(filter(None, facts)), mark="small")])
    if again:
        paragraphs.append([Run(text=f"Said again {places_words(again)}", mark="small")])
    return paragraphs or [[]]


def _plain(text: str) -> Cell:
    return [[Run(text=text)]]
