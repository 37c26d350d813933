"""Writes the parts of the documentation that come from the code.

Run as `python -m docs.generate [--check]`:

- docs/data-dictionary.md, from pipeline/store/schema.py and pipeline/records.py;
- docs/commands.md, from the command line's own help;
- the counts in corpus/gold/README.md, from the labelled documents.

With `--check` nothing is written, and the exit code is 1 where a file is not as it would be.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import inspect
import io
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Final

import click

from pipeline import records
from pipeline.cli import DONE, INTERRUPTED, QUARANTINED, USAGE, cli
from pipeline.gold import GoldDocument, load_gold
from pipeline.link.gold import load_labelled_pairs
from pipeline.store.schema import TABLES, Column, TableDefinition

PROJECT: Final = Path(__file__).resolve().parent.parent
DICTIONARY: Final = "docs/data-dictionary.md"
COMMANDS: Final = "docs/commands.md"
GOLD: Final = "corpus/gold/README.md"
COUNTS_START: Final = "<!-- counts: written by docs/generate.py -->"
COUNTS_END: Final = "<!-- end of counts -->"

_NOTICE: Final = "<!-- Written by docs/generate.py: change the code, then run `make docs`. -->"
_WIDTH: Final = 100  # of help texts
_SQL_TYPES: Final = {str: "text", int: "integer", float: "real"}

Rows = Iterable[Sequence[str]]


class MarkerError(Exception):
    """A file that cannot be brought up to date, since it lacks the lines to write between."""


def render_files(root: Path = PROJECT) -> dict[str, str]:
    """Each generated file, path below `root` -> its whole text.

    Raises MarkerError where the README of the labelled documents has no place for its counts.
    """
    gold = (root / GOLD).read_text(encoding="utf-8")
    return {
        DICTIONARY: render_dictionary(),
        COMMANDS: render_commands(),
        GOLD: replace_counts(gold, render_counts(root / "corpus" / "gold")),
    }


def find_stale(files: Mapping[str, str], root: Path = PROJECT) -> list[str]:
    """Those of the files that are missing or hold another text, in order."""
    return [
        name
        for name, text in files.items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != text
    ]


# --------------------------------------------------------------------------------- data dictionary

_OPENING: Final = f"""\
{_NOTICE}

# Data dictionary

First the [tables of the database](#the-database), then the
[fields of an export](#the-fields-of-an-export), then the [records](#the-records) that pass between
the stages of the program.

Pages are counted from 1. Boxes are in PDF points from the top left corner of the page as shown.
Money is in pounds: £30bn is 30000000000. Dates are ISO 8601. What is not known is empty (null),
never 0 or an empty text.

## The database

One SQLite file. Its `application_id` says that it is ours, its `user_version` which version of the
schema it has. A column that holds several values holds them as JSON. An arrow names the table whose
`id` a column holds. What reviewers decide is in a file of its own, with a table `reviews` (one row
an act, none ever changed) and a view `decisions` of what has not been undone."""

_EXPORTS: Final = """\
## The fields of an export

`mustdo export --format jsonl` writes one JSON object a line. Its fields are the columns above,
except that

- `document` is the column `document_id`, and `file`, `title`, `publisher`, `published`,
  `source_url` and `superseded_by` are those of the document;
- `bbox`, `bearer_canonical` and `quantities` are lists, `reported` is true or false;
- `deadline` of a requirement is `{"text": ..., "date": ...}` from `deadline_text` and
  `deadline_date`, null where it has neither;
- `deadline` of a number within `quantities` is the column `own_deadline`; in an export of the table
  `quantities` it is the column `deadline`;
- `source_link` is the address of the document, with the page where it is a PDF;
- `corrected` names the fields whose values a reviewer changed; `review` is unreviewed, accepted,
  corrected, rejected or stale (its words have changed much since). Rejected requirements are in the
  file only with `--keep-rejected`."""

_RECORDS: Final = """\
## The records

Frozen dataclasses and enumerations of `pipeline/records.py`, in the order in which they come up
along the line."""


def render_dictionary() -> str:
    """docs/data-dictionary.md: the database, exports, and the records between the stages."""
    tables = [_render_table(table) for table in TABLES]
    return "\n\n".join([_OPENING, *tables, _EXPORTS, _RECORDS, *_render_records()]) + "\n"


def _render_table(table: TableDefinition) -> str:
    notes = [table.meaning, f"Key: {_code_list(table.key)}."]
    if table.search:
        notes.append(f"Full-text search over {_code_list(table.search)}.")
    rows = [(f"`{c.name}`", _SQL_TYPES[c.type], _meaning(c)) for c in table.columns]
    columns = _markdown_table(("column", "type", "meaning"), rows)
    return f"### `{table.name}`\n\n{' '.join(notes)}\n\n{columns}"


def _meaning(column: Column) -> str:
    return f"{column.meaning} → `{column.references}`" if column.references else column.meaning


def _render_records() -> list[str]:
    """A part for each record and enumeration, in the order of the module."""
    source = inspect.getsource(records)
    classes = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    notes = _trailing_comments(source, classes.values())
    parts = []
    for name, node in classes.items():
        # One line a paragraph, so that a docstring wrapped anew changes nothing here.
        said = [" ".join(p.split()) for p in (ast.get_docstring(node) or "").split("\n\n")]
        head = [f"### `{name}`", *filter(None, said)]
        parts.append("\n\n".join([*head, _render_fields(getattr(records, name), notes)]))
    return parts


def _render_fields(kind: type, notes: Mapping[tuple[str, str], str]) -> str:
    """A record's fields with their types, or an enumeration's values."""
    if issubclass(kind, Enum):
        members = [(f"`{m.value}`", notes.get((kind.__name__, m.name))) for m in kind]
        said = ", ".join(f"{value} ({note})" if note else value for value, note in members)
        return f"Values: {said}."
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is neither a record nor an enumeration")
    fields = [
        (f"`{field.name}`", f"`{field.type}`", notes.get((kind.__name__, field.name), ""))
        for field in dataclasses.fields(kind)
    ]
    return _markdown_table(("field", "type", "note"), fields)


def _trailing_comments(source: str, classes: Iterable[ast.ClassDef]) -> dict[tuple[str, str], str]:
    """What the comment at the end of a field's line says, by class and field."""
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found = {}
    for node in classes:
        for line in node.body:
            target = line.targets[0] if isinstance(line, ast.Assign) else None
            if isinstance(line, ast.AnnAssign):
                target = line.target
            if isinstance(target, ast.Name) and line.lineno in comments:
                found[node.name, target.id] = comments[line.lineno]
    return found


# ---------------------------------------------------------------------------------------- commands

_EXIT_CODES: Final = (
    (str(DONE), "Done."),
    (str(QUARANTINED), "Done, but some documents could not be had or read; each is named."),
    (str(USAGE), "Wrong usage or input; nothing was changed."),
    (str(INTERRUPTED), "Stopped with Ctrl-C; the database is as it was."),
)


def render_commands() -> str:
    """docs/commands.md: the help of each command, as `mustdo COMMAND --help` prints it."""
    top = click.Context(cli, info_name="mustdo", terminal_width=_WIDTH, **cli.context_settings)
    parts = [
        f"{_NOTICE}\n\n# Commands",
        "Results go to standard output, progress and messages to standard error. Exit codes:",
        _markdown_table(("code", "meaning"), _EXIT_CODES),
        _help_block(top),
    ]
    for name, command in cli.commands.items():
        context = click.Context(command, info_name=name, parent=top, terminal_width=_WIDTH)
        parts.append(f"## mustdo {name}\n\n{_help_block(context)}")
    return "\n\n".join(parts) + "\n"


def _help_block(context: click.Context) -> str:
    return f"```text\n{context.get_help().rstrip()}\n```"


# ------------------------------------------------------------------------------ labelled documents


def render_counts(gold: Path) -> str:
    """How much is labelled: by folder, modality and kind of number, and the pairs by relation."""
    documents = load_gold(gold)
    folders = sorted({_folder(d) for d in documents})
    counted = [(f"`{f}/`", [d for d in documents if _folder(d) == f]) for f in folders]
    rows = [(name, *_count_cells(some)) for name, some in (*counted, ("together", documents))]
    units = [u for d in documents for u in d.units]
    modalities = _ranking(Counter(u.modality for u in units if u.modality))
    kinds = _ranking(Counter(q.kind for u in units for q in u.quantities))
    header = ("folder", "documents", "units", "requirements", "numbers", "deadlines", "unsure")
    return "\n\n".join(
        [
            _markdown_table(header, rows),
            f"Requirements by modality: {modalities}. Numbers by kind: {kinds}.",
            _render_pair_counts(gold / "links"),
        ]
    )


def _folder(document: GoldDocument) -> str:
    return document.text_path.parent.name if document.text_path is not None else "without text"


def _count_cells(documents: Sequence[GoldDocument]) -> tuple[str, ...]:
    """Documents, units, requirements, numbers, deadlines and unsure units."""
    units = [u for d in documents for u in d.units]
    counts = (
        len(documents),
        len(units),
        sum(u.modality is not None for u in units),
        sum(len(u.quantities) for u in units),
        sum(u.deadline is not None for u in units),
        sum(u.unsure for u in units),
    )
    return tuple(f"{n:,}" for n in counts)


def _render_pair_counts(folder: Path) -> str:
    pairs = load_labelled_pairs(folder)
    relations = Counter(link.relation.value for pair in pairs for link in pair.links)
    rows = []
    for pair in pairs:
        counts = (len(pair.before), len(pair.after), len(pair.links), len(pair.distinct))
        rows.append((f"`{pair.name}`", pair.from_year, pair.to_year, *(f"{n:,}" for n in counts)))
    header = ("pair", "from", "to", "units from", "units to", "links", "only alike")
    total = f"{sum(relations.values()):,} links in {len(pairs)} pairs: {_ranking(relations)}."
    return f"{_markdown_table(header, rows)}\n\n{total}"


def _ranking(counts: Counter[str]) -> str:
    """Names with their counts, the most frequent first."""
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return ", ".join(f"{name} {n:,}" for name, n in ranked)


def replace_counts(text: str, counts: str) -> str:
    """A README with other counts between its markers; raises MarkerError where it has none."""
    before, start, rest = text.partition(COUNTS_START)
    _, end, after = rest.partition(COUNTS_END)
    if not start or not end:
        raise MarkerError(f"{GOLD} lacks {COUNTS_START!r} or {COUNTS_END!r}. Put the line back.")
    return f"{before}{start}\n\n{counts}\n\n{end}{after}"


# ----------------------------------------------------------------------------------------- writing


def _code_list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _markdown_table(header: Sequence[str], rows: Rows) -> str:
    """A table; a column all of whose cells are empty is left out."""
    lines = [list(row) for row in rows]
    kept = [n for n in range(len(header)) if any(line[n] for line in lines)]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cells[n].replace("|", "\\|") for n in kept) + " |"

    return "\n".join([line(header), "|" + " --- |" * len(kept), *(line(row) for row in lines)])


def main(arguments: Sequence[str] | None = None, *, root: Path = PROJECT) -> int:
    """Write the files that are not up to date, or name them; the exit code."""
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=summary)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where stale")
    check = parser.parse_args(arguments).check
    try:
        files = render_files(root)
    except MarkerError as error:
        print(error, file=sys.stderr)
        return 1
    stale = find_stale(files, root)
    for name in stale:
        if check:
            print(f"{name} is not up to date. Run: make docs", file=sys.stderr)
        else:
            (root / name).write_text(files[name], encoding="utf-8")
            print(f"Wrote {name}.")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
