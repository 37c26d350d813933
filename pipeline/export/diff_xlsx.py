"""What changed as an Excel workbook: counts, changes with redlines, what stayed the same."""

from __future__ import annotations

from collections import Counter
from typing import Any, BinaryIO, Final

from pipeline.export.diff import SAME, Diff, Entry
from pipeline.export.redline import PieceKind
from pipeline.export.text import CELL_LIMIT, cell_text
from pipeline.export.workbook import Book, SheetColumn, about_paragraphs, open_book
from pipeline.wording import RELATIONS, bearer_words, source_words, topic_words

_COLUMNS: Final = (
    SheetColumn(header="Change", width=14),
    SheetColumn(header="Topic", width=14),
    SheetColumn(header="What changed", width=60),
    SheetColumn(header="Numbers", width=24),
    SheetColumn(header="Who", width=18),
    SheetColumn(header="Source before", width=24, kind="small"),
    SheetColumn(header="Source after", width=24, kind="small"),
    SheetColumn(header="Before", width=36),
    SheetColumn(header="After", width=36),
    SheetColumn(header="Said again", width=20, kind="small"),
    SheetColumn(header="Why linked", width=26, kind="small"),
    SheetColumn(header="Id before", width=8, kind="small"),
    SheetColumn(header="Id after", width=8, kind="small"),
)
_REDLINE: Final = 2
_SOURCES: Final = {5: "before", 6: "after"}
_PRINTED: Final = 7  # columns; the whole wordings after them repeat what the redline shows


def render_xlsx(diff: Diff, out: BinaryIO) -> None:
    """Write the changes as a workbook: deleted words struck, inserted ones underlined."""
    with open_book(out, diff.about) as book:
        _write_counts(book, diff)
        changed = [entry for entry in diff.entries if entry.relation != SAME]
        _write_entries(book, "Changes", changed)
        _write_entries(book, "The same", [e for e in diff.entries if e.relation == SAME])
        paragraphs = about_paragraphs(diff.about)
        for words in filter(None, (diff.repeat_words, diff.note)):
            paragraphs.append(("Note", words))
        book.write_about(diff.about, paragraphs)


def _write_counts(book: Book, diff: Diff) -> None:
    counts = Counter((topic_words(entry.topic), entry.relation) for entry in diff.entries)
    topics = sorted({entry.topic for entry in diff.entries}, key=diff.about.rank)
    relations = list(diff.counts)
    columns = [SheetColumn(header=diff.title, width=34)]
    columns += [SheetColumn(header=RELATIONS[r], width=13, kind="number") for r in relations]
    rows: list[list[object]] = [
        [words, *(counts[words, relation] or None for relation in relations)]
        for words in map(topic_words, topics)
    ]
    rows.append(["All", *(diff.counts[relation] for relation in relations)])
    book.write_rows(book.add_sheet("Summary"), columns, rows)


def _write_entries(book: Book, name: str, entries: list[Entry]) -> None:
    sheet = book.add_sheet(name)
    book.write_header(sheet, _COLUMNS)
    for number, entry in enumerate(entries, start=1):
        values = _values(entry)
        for at, (column, value) in enumerate(zip(_COLUMNS, values, strict=True)):
            if at == _REDLINE:
                _write_redline(book, sheet, number, at, entry, str(value))
            elif at in _SOURCES:
                rows = entry.before if _SOURCES[at] == "before" else entry.after
                link = rows[0]["source_link"] if rows else None
                book.write_link(sheet, number, at, link, str(value or ""), column.kind)
            else:
                book.write_cell(sheet, number, at, value, column.kind)
        book.fit_row(sheet, number, _COLUMNS, values)
    sheet.autofilter(0, 0, max(len(entries), 1), len(_COLUMNS) - 1)
    sheet.print_area(0, 0, max(len(entries), 1), _PRINTED - 1)


def _values(entry: Entry) -> list[object]:
    bearers = dict.fromkeys(bearer_words(row) for row in (*entry.after, *entry.before))
    whole = "\n".join(_whole(entry))
    return [
        RELATIONS.get(entry.relation, entry.relation),
        topic_words(entry.topic),
        "".join(piece.text for piece in entry.pieces) or whole,
        entry.numbers,
        next((words for words in bearers if words), None),
        "\n".join(dict.fromkeys(source_words(row) for row in entry.before)),
        "\n".join(dict.fromkeys(source_words(row) for row in entry.after)),
        "\n".join(row["statement"] for row in entry.before),
        "\n".join(row["statement"] for row in entry.after),
        entry.again or None,
        entry.evidence,
        " ".join(row["id"] for row in entry.before),
        " ".join(row["id"] for row in entry.after),
    ]


def _whole(entry: Entry) -> list[str]:
    """The wordings of a change without a redline, as they stand after it."""
    return [row["statement"] for row in (entry.after or entry.before)]


def _write_redline(book: Book, sheet: Any, row: int, column: int, entry: Entry, plain: str) -> None:
    cell = book.look(bottom=1, bottom_color="#C9D3DC", text_wrap=True)
    looks = {
        PieceKind.SAME: book.look(),
        PieceKind.DELETED: book.look(font_strikeout=True, font_color="#A61B12"),
        PieceKind.INSERTED: book.look(underline=1, font_color="#0B6B2E"),
    }
    pieces = [(looks[piece.kind], cell_text(piece.text)) for piece in entry.pieces if piece.text]
    if len(pieces) < 2 or sum(len(text) for _, text in pieces) > CELL_LIMIT // 2:
        book.write_cell(sheet, row, column, plain, "text")
        return
    fragments = [part for piece in pieces for part in piece]
    sheet.write_rich_string(row, column, *fragments, cell)
