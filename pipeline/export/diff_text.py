"""What changed as plain text, Markdown, JSON and CSV."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final

from pipeline.export.about import SourceDocument, licence_words
from pipeline.export.csv import write_table
from pipeline.export.diff import SAME, Diff, Entry
from pipeline.export.markdown import source_markdown, table_row
from pipeline.export.redline import PieceKind, redline_text
from pipeline.export.rows import Row
from pipeline.export.text import markdown_text, one_line
from pipeline.wording import MODALITIES, RELATIONS, bearer_words, count_words, source_words

_WIDTH: Final = 96
_CSV_FIELDS: Final = (
    "relation", "topic", "from_year", "to_year", "numbers", "redline", "from_id", "from_document",
    "from_title", "from_page", "from_section", "from_statement", "to_id", "to_document", "to_title",
    "to_page", "to_section", "to_statement", "from_value", "to_value", "unit", "ambition",
    "evidence", "score", "from_again", "to_again",
)  # fmt: skip


def render_text(diff: Diff, out: BinaryIO) -> None:
    """Write the changes as text in UTF-8: [-deleted-] and {+inserted+}, as wdiff does."""
    for line in _text_lines(diff):
        out.write(line.encode("utf-8") + b"\n")


def render_markdown(diff: Diff, out: BinaryIO) -> None:
    """Write the changes as Markdown in UTF-8, with redlines in <del> and <ins>."""
    for line in _markdown_lines(diff):
        out.write(line.encode("utf-8") + b"\n")


def render_json(diff: Diff, out: BinaryIO) -> None:
    """Write the changes as one JSON object: counts, then each change with both sides' rows."""
    content = {
        "from": diff.from_,
        "to": diff.to,
        "from_documents": [_document(d) for d in diff.before],
        "to_documents": [_document(d) for d in diff.after],
        "filters": dict(diff.about.filters),
        "note": diff.note,
        "counts": diff.counts,
        "repeats": diff.repeats,
        "same_by_topic": diff.same_by_topic,
        "changes": [
            {
                "relation": entry.relation,
                "topic": entry.topic,
                "numbers": entry.numbers or None,
                "redline": [[piece.kind.value, piece.text] for piece in entry.pieces] or None,
                "from": list(entry.before),
                "to": list(entry.after),
                "from_again": list(entry.again_before),
                "to_again": list(entry.again_after),
                "links": list(entry.links),
            }
            for entry in diff.entries
        ],
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2)
    out.write(text.encode("utf-8") + b"\n")


def render_csv(diff: Diff, out: BinaryIO) -> None:
    """Write the changes as CSV: a row for each change, for each part of a split or merged one.

    Ids of the requirements that say the same elsewhere stand in its last columns.
    """
    write_table(out, _CSV_FIELDS, (row for entry in diff.entries for row in _csv_rows(diff, entry)))


def summary_words(diff: Diff) -> str:
    """The counts in one line: "New 2 · Dropped 1 · The same 40"."""
    counts = [f"{RELATIONS[relation]} {count:,}" for relation, count in diff.counts.items()]
    return " · ".join(counts) if counts else "Nothing changed, or nothing answers to the filters."


def document_words(document: SourceDocument) -> str:
    """A document with who published it."""
    return ", ".join(filter(None, (document.title, document.publisher)))


def shown_relations(diff: Diff) -> list[str]:
    """The relations whose changes are listed one by one: all but those that stayed the same."""
    return [relation for relation in diff.counts if relation != SAME]


# --------------------------------------------------------------------------------------- plain text


def _text_lines(diff: Diff) -> Iterator[str]:
    yield from (one_line(diff.title), "=" * len(one_line(diff.title)), "")
    yield from (summary_words(diff), "")
    if diff.repeat_words:
        yield from (*_wrapped(diff.repeat_words, ""), "")
    for name, documents in (("From", diff.before), ("To", diff.after)):
        for document in documents:
            yield f"{name + ':':<6}{one_line(document_words(document))}"
    yield f"Database built {diff.about.built_words}. Filters: {one_line(diff.about.filter_words)}."
    if diff.note:
        yield one_line(diff.note)
    for relation in shown_relations(diff):
        heading = f"{RELATIONS[relation].upper()} ({diff.counts[relation]:,})"
        yield from ("", heading, "-" * len(heading))
        for topic, entries in diff.by_topic(relation).items():
            yield from ("", one_line(topic))
            for entry in entries:
                yield from _text_entry(entry)
    if diff.same_by_topic:
        heading = f"THE SAME ({diff.counts[SAME]:,})"
        yield from ("", heading, "-" * len(heading), "")
        for topic, count in diff.same_by_topic.items():
            yield f"  {one_line(topic)}: {count:,}"


def _text_entry(entry: Entry) -> Iterator[str]:
    pieces = entry.pieces
    if pieces:
        yield from _wrapped(redline_text(pieces), "  * ")
    else:
        for mark, rows in (("- ", entry.before), ("+ ", entry.after)):
            for row in rows:
                yield from _wrapped(one_line(row["statement"]), f"  {mark}")
    if entry.numbers:
        yield from _wrapped(one_line(entry.numbers), "    ")
    sides = (("before", entry.before), ("after", entry.after))
    for name, rows in sides:
        for row in rows:
            yield from _wrapped(f"{name + ':':<8}{_facts(row)}", "    ")
    if entry.again:
        yield from _wrapped(f"again:  {one_line(entry.again)}", "    ")


def _facts(row: Row) -> str:
    facts = (MODALITIES.get(row["modality"], row["modality"]), bearer_words(row), source_words(row))
    return " · ".join(one_line(fact) for fact in facts if fact)


def _wrapped(text: str, start: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )


# ----------------------------------------------------------------------------------------- Markdown


def _markdown_lines(diff: Diff) -> Iterator[str]:
    yield from (f"# {markdown_text(diff.title)}", "")
    yield table_row(["Change", "Number"])
    yield table_row(["---", "---:"])
    for relation, count in diff.counts.items():
        yield table_row([RELATIONS[relation], f"{count:,}"])
    yield ""
    for name, documents in (("From", diff.before), ("To", diff.after)):
        yield f"- {name}: {'; '.join(markdown_text(document_words(d)) for d in documents)}"
    yield f"- Database built: {markdown_text(diff.about.built_words)}"
    yield from (f"- Filters: {markdown_text(diff.about.filter_words)}", "")
    for words in filter(None, (diff.repeat_words, diff.note)):
        yield from (markdown_text(words), "")
    for relation in shown_relations(diff):
        yield from (f"## {RELATIONS[relation]} ({diff.counts[relation]:,})", "")
        for topic, entries in diff.by_topic(relation).items():
            yield from (f"### {markdown_text(topic)}", "")
            for entry in entries:
                yield from _markdown_entry(entry)
            yield ""
    if diff.same_by_topic:
        yield from (f"## The same ({diff.counts[SAME]:,})", "")
        for topic, count in diff.same_by_topic.items():
            yield f"- {markdown_text(topic)}: {count_words(count, 'requirement')}"
        yield ""
    words = licence_words(diff.about.documents)
    if words:
        yield from ("---", "", markdown_text(words))


def _markdown_entry(entry: Entry) -> Iterator[str]:
    facts = [f"**{markdown_text(entry.numbers)}**"] if entry.numbers else []
    if entry.pieces:
        yield f"- {_markdown_redline(entry)}"
    else:
        statements = [
            *(
                f"<del>{markdown_text(row['statement'])}</del>"
                for row in entry.before
                if entry.after
            ),
            *(markdown_text(row["statement"]) for row in (entry.after or entry.before)),
        ]
        yield f"- {statements[0]}"
        for statement in statements[1:]:
            yield f"  <br>{statement}"
    for name, rows in (("before", entry.before), ("after", entry.after)):
        if rows:
            facts.append(f"{name}: {'; '.join(source_markdown(row) for row in rows)}")
    if entry.again:
        facts.append(f"said again {markdown_text(entry.again)}")
    yield f"  <br>{' · '.join(facts)}"


def _markdown_redline(entry: Entry) -> str:
    tags = {PieceKind.DELETED: "del", PieceKind.INSERTED: "ins"}
    parts = []
    for piece in entry.pieces:
        # The spaces at a piece's ends stand between it and its neighbours; escaping alone would
        # fold them away.
        bare = piece.text.strip()
        start = piece.text[: len(piece.text) - len(piece.text.lstrip())] and " "
        end = piece.text[len(piece.text.rstrip()) :] and " " if bare else ""
        words = markdown_text(bare)
        tag = tags.get(piece.kind)
        parts.append(f"{start}<{tag}>{words}</{tag}>{end}" if tag else f"{start}{words}{end}")
    return "".join(parts)


# ------------------------------------------------------------------------------------- JSON and CSV


def _document(document: SourceDocument) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "publisher": document.publisher,
        "planning_year": document.planning_year,
        "source_url": document.source_url,
    }


def _csv_rows(diff: Diff, entry: Entry) -> Iterator[Sequence[object]]:
    links = {(link["from_id"], link["to_id"]): link for link in entry.links}
    for before in entry.before or (None,):
        for after in entry.after or (None,):
            link = links.get((before["id"] if before else None, after["id"] if after else None), {})
            yield (
                entry.relation,
                entry.topic,
                diff.from_,
                diff.to,
                entry.numbers,
                redline_text(entry.pieces),
                *_csv_side(before),
                *_csv_side(after),
                *(
                    link.get(name)
                    for name in ("from_value", "to_value", "unit", "ambition", "evidence", "score")
                ),
                " ".join(row["id"] for row in entry.again_before),
                " ".join(row["id"] for row in entry.again_after),
            )


def _csv_side(row: Row | None) -> tuple[object, ...]:
    if row is None:
        return (None,) * 6
    return tuple(row[name] for name in ("id", "document", "title", "page", "section", "statement"))
