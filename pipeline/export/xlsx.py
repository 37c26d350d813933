"""Excel: requirements as a checklist to fill in; links and numbers as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, BinaryIO, Final

from pipeline.export.about import About
from pipeline.export.checklist import Entry, arrange
from pipeline.export.checklist_book import write_checklist
from pipeline.export.workbook import CellKind, SheetColumn, about_paragraphs, open_book
from pipeline.wording import relation_words

Row = Mapping[str, Any]

_COLUMNS: Final[Mapping[str, tuple[tuple[str, str, float, CellKind], ...]]] = {
    "links": (
        ("relation", "Relation", 16, "text"),
        ("from_year", "From year", 11, "text"),
        ("to_year", "To year", 11, "text"),
        ("from_value", "Number before", 12, "number"),
        ("to_value", "Number after", 12, "number"),
        ("unit", "Unit", 14, "text"),
        ("ambition", "Harder or easier", 12, "text"),
        ("stance", "Stance", 14, "text"),
        ("evidence", "Why", 70, "text"),
        ("score", "Score", 9, "percent"),
        ("from_id", "From id", 18, "small"),
        ("to_id", "To id", 18, "small"),
    ),
    "quantities": (
        ("planning_year", "Planning year", 14, "text"),
        ("text", "Number as written", 24, "text"),
        ("metric", "Of what", 34, "text"),
        ("role", "Role", 12, "text"),
        ("kind", "Kind", 18, "text"),
        ("comparator", "Comparator", 11, "text"),
        ("value", "Value", 14, "number"),
        ("high", "Up to", 14, "number"),
        ("unit", "Unit", 14, "text"),
        ("deadline", "By", 13, "date"),
        ("measure", "Measure", 20, "text"),
        ("quote", "Sentence or row", 70, "text"),
        ("title", "Document", 36, "text"),
        ("page", "Page", 7, "number"),
        ("section", "Section", 36, "small"),
        ("requirement_id", "Requirement id", 18, "small"),
        ("id", "Id", 18, "small"),
    ),
}
_SHEETS: Final = {"links": "Links", "quantities": "Numbers"}


def write_xlsx(
    rows: Iterable[Row], out: BinaryIO, *, about: About, table: str = "requirements"
) -> None:
    """Write rows of a table as a workbook; requirements become a checklist."""
    if table == "requirements":
        arranged = arrange(rows, about)
        entries = [Entry(row=row) for row in arranged.rows]
        write_checklist(entries, out, about=about, aside=arranged.aside)
        return
    columns = _COLUMNS[table]
    with open_book(out, about) as book:
        book.write_rows(
            book.add_sheet(_SHEETS[table]),
            [
                SheetColumn(header=title, width=width, kind=kind)
                for _, title, width, kind in columns
            ],
            [[_value(row, name, kind) for name, _, _, kind in columns] for row in rows],
        )
        book.write_about(about, about_paragraphs(about))


def _value(row: Row, name: str, kind: CellKind) -> object:
    value = row[name]
    if value is not None and kind == "date":
        return date.fromisoformat(value)
    if name == "relation":
        return relation_words(str(value))
    return value
