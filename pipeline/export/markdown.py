"""Markdown (CommonMark with GitHub's task lists and tables): a checklist by topic, or a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Final

from pipeline.export.about import About, licence_words
from pipeline.export.checklist import ALSO_SAID, arrange, by_topic, deadline_of
from pipeline.export.text import markdown_text, web_link
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

_TABLES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "links": (
        ("relation", "Relation"), ("from_year", "From"), ("to_year", "To"),
        ("from_value", "Before"),
        ("to_value", "After"), ("unit", "Unit"), ("evidence", "Why"), ("score", "Score"),
        ("from_id", "From id"), ("to_id", "To id"),
    ),
    "quantities": (
        ("text", "Number"), ("metric", "Of what"), ("role", "Role"), ("deadline", "By"),
        ("quote", "Sentence or row"),
        ("title", "Document"), ("page", "Page"), ("requirement_id", "Requirement"),
    ),
}  # fmt: skip


def write_markdown(
    rows: Iterable[Row], out: BinaryIO, *, about: About, table: str = "requirements"
) -> None:
    """Write rows as Markdown in UTF-8; foreign words show as themselves and make no markup."""
    lines = _checklist(rows, about) if table == "requirements" else _table(rows, about, table)
    for line in lines:
        out.write(line.encode("utf-8") + b"\n")


def source_markdown(row: Row) -> str:
    """Where a row comes from, as a link where its document has an address."""
    words, link = markdown_text(source_words(row)), web_link(row.get("source_link"))
    return f"[{words}](<{link}>)" if link else words


def table_row(cells: Iterable[str]) -> str:
    """A row of a table from cells that are Markdown already."""
    return f"| {' | '.join(cells)} |"


def _checklist(rows: Iterable[Row], about: About) -> Iterator[str]:
    arranged = arrange(rows, about)
    yield from _head(about, count_words(len(arranged.rows), "requirement"))
    for topic, group in by_topic(arranged.rows):
        yield from (f"## {markdown_text(topic)}", "")
        for row in group:
            yield from _task(row, box="[ ] ")
        yield ""
    if arranged.aside:
        yield from (
            "## Also said",
            "",
            ALSO_SAID,
            "",
        )
        for reason, row in arranged.aside:
            yield from _task(row, box="", note=reason)
        yield ""
    yield from _foot(about)


def _task(row: Row, *, box: str, note: str | None = None) -> Iterator[str]:
    yield f"- {box}{markdown_text(row['statement'])}"
    deadline = deadline_of(row)
    targets = target_words(row)
    facts = [
        note,
        MODALITIES.get(row["modality"], row["modality"]),
        f"who: {bearer_words(row)}" if bearer_words(row) else None,
        f"target: {'; '.join(targets)}" if targets else None,
        f"deadline: {date_words(deadline)}" if deadline else None,
        f"condition: {row['condition']}" if row["condition"] else None,
    ]
    yield f"  {' · '.join(markdown_text(fact) for fact in facts if fact)}  "
    yield f"  {source_markdown(row)} · `{_code(row['id'])}`"


def _table(rows: Iterable[Row], about: About, table: str) -> Iterator[str]:
    columns = _TABLES[table]
    yield from _head(about, None)
    yield table_row(title for _, title in columns)
    yield table_row("---" for _ in columns)
    for row in rows:
        yield table_row(_cell(row[name], name) for name, _ in columns)
    yield ""
    yield from _foot(about)


def _head(about: About, count: str | None) -> Iterator[str]:
    yield from (f"# {markdown_text(about.title)}", "")
    facts = [f"Database built: {about.built_words}.", f"Filters: {about.filter_words}."]
    facts += [about.left_out_words] if about.left_out else []
    yield from (markdown_text(" ".join([f"{count}."] * bool(count) + facts)), "")


def _foot(about: About) -> Iterator[str]:
    words = licence_words(about.documents)
    if words:
        yield from ("---", "", markdown_text(words))


def _cell(value: object, name: str) -> str:
    if value is None:
        return ""
    if name == "relation":
        return relation_words(str(value))
    if name == "deadline":
        return date_words(str(value))
    if isinstance(value, (int, float)):
        return number_words(value)
    return markdown_text(str(value))


def _code(identifier: str) -> str:
    return "".join(c for c in identifier if c.isalnum() or c in "-_.")
