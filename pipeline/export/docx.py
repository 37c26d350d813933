"""Word: requirements as a checklist by topic, with boxes to tick; links and numbers as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO, Final

from docx.document import Document as WordDocument

from pipeline.export.about import About, licence_words
from pipeline.export.checklist import ALSO_SAID, arrange, by_topic, deadline_of
from pipeline.export.text import clean
from pipeline.export.word import (
    Cell,
    Run,
    Tick,
    add_paragraph,
    add_table,
    new_document,
    save_document,
)
from pipeline.wording import (
    MODALITIES,
    bearer_words,
    count_words,
    date_words,
    number_words,
    relation_words,
    source_words,
    target_words,
)

Row = Mapping[str, Any]

_HEADINGS: Final = ("No.", "What", "Who", "Target", "Deadline", "Source", "Owner", "Done")
_WIDTHS_MM: Final = (11, 84, 28, 36, 23, 47, 22, 16)
_ASIDE_HEADINGS: Final = ("Why here", "What", "Who", "Target", "Source")
_ASIDE_WIDTHS_MM: Final = (38, 105, 38, 42, 44)
_TABLES: Final[Mapping[str, tuple[tuple[str, str, float], ...]]] = {
    "links": (
        ("relation", "Relation", 28), ("from_year", "From", 18), ("to_year", "To", 18),
        ("from_value", "Before", 20), ("to_value", "After", 20), ("unit", "Unit", 22),
        ("evidence", "Why", 77),
        ("from_id", "From id", 32), ("to_id", "To id", 32),
    ),
    "quantities": (
        ("text", "Number", 32), ("metric", "Of what", 45), ("role", "Role", 20),
        ("deadline", "By", 25),
        ("quote", "Sentence or row", 95), ("title", "Document", 38), ("page", "Page", 12),
    ),
}  # fmt: skip


def write_docx(
    rows: Iterable[Row], out: BinaryIO, *, about: About, table: str = "requirements"
) -> None:
    """Write rows of a table as a Word document; requirements become a checklist."""
    document = new_document(about)
    if table == "requirements":
        _add_checklist(document, rows, about)
    else:
        _add_introduction(document, about, None)
        columns = _TABLES[table]
        add_table(
            document,
            [title for _, title, _ in columns],
            [width for _, _, width in columns],
            ([_plain(_words(row[name], name)) for name, _, _ in columns] for row in rows),
        )
    words = licence_words(about.documents)
    if words:
        add_paragraph(document, [Run(text=words, mark="small")])
    save_document(document, out)


def _add_checklist(document: WordDocument, rows: Iterable[Row], about: About) -> None:
    arranged = arrange(rows, about)
    _add_introduction(document, about, count_words(len(arranged.rows), "requirement"))
    number = 0
    for topic, group in by_topic(arranged.rows):
        document.add_heading(clean(topic), level=1)
        cells = [_checklist_row(row, at) for at, row in enumerate(group, start=number + 1)]
        number += len(group)
        add_table(document, _HEADINGS, _WIDTHS_MM, cells)
    if arranged.aside:
        document.add_heading("Also said", level=1)
        add_paragraph(
            document,
            [Run(text=ALSO_SAID)],
        )
        add_table(
            document,
            _ASIDE_HEADINGS,
            _ASIDE_WIDTHS_MM,
            (
                [_plain(reason), _what(row), _plain(bearer_words(row)), _targets(row), _source(row)]
                for reason, row in arranged.aside
            ),
        )


def _add_introduction(document: WordDocument, about: About, count: str | None) -> None:
    facts = [f"{count}."] if count else []
    facts += [f"Database built: {about.built_words}.", f"Filters: {about.filter_words}."]
    facts += [about.left_out_words] if about.left_out else []
    add_paragraph(document, [Run(text=" ".join(facts), mark="small")])


def _checklist_row(row: Row, number: int) -> Sequence[Cell | Tick]:
    deadline = deadline_of(row)
    return (
        [[Run(text=str(number), mark="small")]],
        _what(row),
        _plain(bearer_words(row)),
        _targets(row),
        _plain(date_words(deadline)),
        _source(row),
        [[]],
        Tick(),
    )


def _what(row: Row) -> Cell:
    paragraphs = [[Run(text=row["statement"])]]
    facts = [MODALITIES.get(row["modality"], row["modality"])]
    if row["condition"]:
        facts.append(f"condition: {row['condition']}")
    paragraphs.append([Run(text=" · ".join(facts), mark="small")])
    return paragraphs


def _targets(row: Row) -> Cell:
    return [[Run(text=words)] for words in target_words(row)]


def _source(row: Row) -> Cell:
    section = [[Run(text=row["section"], mark="small")]] if row["section"] else []
    return [[Run(text=source_words(row), mark="small", url=row.get("source_link"))], *section]


def _plain(text: str) -> Cell:
    return [[Run(text=text)]]


def _words(value: object, name: str) -> str:
    if value is None:
        return ""
    if name == "relation":
        return relation_words(str(value))
    if name == "deadline":
        return date_words(str(value))
    return number_words(value) if isinstance(value, (int, float)) else str(value)
