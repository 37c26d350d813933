"""The markup in which the sample documents are written, read into blocks.

A source file is YAML front matter between two `---` lines, then blocks with an empty line between:

    # Heading, ## Subheading
    1.2 A numbered paragraph.       any other line: a paragraph, to the next empty line
    - item   (a) item   i. item     1. item; indented: one level down
    :::box Title ... :::            a box around other blocks
    :::table 30 70 ... :::          rows of `| cell | cell |`; the first is the header, `^` joins a
                                    cell with the one above, the numbers are percent of the width
    :::signature ... :::            :::verbatim ... ::: (lines kept as they stand)
    :::contents, :::columns 2, :::anchor name
    [^1]: A footnote.               [^1] in a text refers to it

In a text, `**bold**` and `[words](address)`. `[#key]` opens a unit (a sentence, an item, a row,
as an annotator would mark it), which ends at the next `[#other]`, at `[#]` or with its block. The
files of expected relations speak of units by these keys. The suffix is `.source` so that no build
takes a source for a document.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TypeAlias

import msgspec

NOTICE = (
    "This is a sample document written for the mustdo project, not a publication of any NHS body."
)
SUFFIX = ".source"
CONTAINERS = frozenset({"box", "table", "signature", "verbatim"})
MARKS = frozenset({"contents", "columns", "anchor"})

_ITEM = re.compile(r"^( *)(- |\([a-z]\) |[ivx]+\. |\d{1,2}\. )(.*)$")
_NUMBERED = re.compile(r"^(\d+(?:\.\d+)+) (.*)$", re.DOTALL)
_FOOTNOTE = re.compile(r"^\[\^(\d+)\]: (.*)$", re.DOTALL)
_UNIT_MARK = re.compile(r"\[#([a-z0-9-]*)\] ?")
_INLINE = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|\[\^(?P<note>\d+)\]|\[(?P<words>[^\]#^]+)\]\((?P<href>[^)]+)\)"
)


class SourceError(Exception):
    """A source that breaks the markup's rules; says which file and what to mend."""


class Meta(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the front matter says of the document as a whole."""

    title: str
    subtitle: str
    reference: str
    date: str
    audience: str
    running_title: str
    format: str  # pdf, docx, html or txt
    outline: bool = False  # PDF bookmarks
    columns: int = 1
    page: str | None = None  # the web page template around the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    level: int
    text: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    text: str
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    text: str
    marker: str  # "-", "(a)", "i." or "1."
    depth: int  # 0 or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of marked-up cells; None is a cell joined with the one above it."""

    widths: tuple[int, ...]  # percent of the text's width
    header: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    name: str  # box, signature or verbatim
    title: str
    blocks: tuple["Block", ...]
    lines: tuple[str, ...]  # as they stand in the source


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An instruction to the renderer: contents, columns, anchor."""

    name: str
    argument: str


Block: TypeAlias = "Heading | Paragraph | Item | Table | Container | Mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    note: str | None = None  # the text is a reference to this footnote
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDocument:
    name: str  # the document's id, its file name without the ending
    meta: Meta
    blocks: tuple[Block, ...]
    notes: dict[str, str] = field(default_factory=dict)  # footnote mark -> marked-up text


def read_source(path: Path) -> SampleDocument:
    """Read a source file; raises SourceError where it breaks the rules of the markup."""
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise SourceError(f"{path.name}: must begin with front matter between two --- lines")
    try:
        meta = msgspec.yaml.decode(parts[1], type=Meta)
        blocks, notes = _parse_blocks(parts[2].splitlines())
    except (msgspec.ValidationError, ValueError) as error:
        raise SourceError(f"{path.name}: {error}") from error
    return SampleDocument(name=path.stem, meta=meta, blocks=tuple(blocks), notes=notes)


def split_runs(text: str) -> tuple[Run, ...]:
    """The text's runs in order, unit marks left out."""
    text = _UNIT_MARK.sub("", text)
    runs: list[Run] = []
    end = 0
    for match in _INLINE.finditer(text):
        if match.start() > end:
            runs.append(Run(text=text[end : match.start()]))
        if match["bold"]:
            runs.append(Run(text=match["bold"], bold=True))
        elif match["note"]:
            runs.append(Run(text=match["note"], note=match["note"]))
        else:
            runs.append(Run(text=match["words"], href=match["href"]))
        end = match.end()
    if end < len(text):
        runs.append(Run(text=text[end:]))
    return tuple(runs)


def plain_text(text: str) -> str:
    """What a reader sees of a marked-up text, footnote references left out, white space folded."""
    return " ".join("".join(run.text for run in split_runs(text) if run.note is None).split())


def find_units(document: SampleDocument) -> dict[str, str]:
    """The document's units as key -> quote, in reading order.

    Raises SourceError for a key that is used twice.
    """
    units: dict[str, str] = {}
    for text in _marked_texts(document.blocks):
        _collect_units(document.name, text, units)
    for text in document.notes.values():
        _collect_units(document.name, text, units)
    return units


def _collect_units(name: str, text: str, units: dict[str, str]) -> None:
    marks = list(_UNIT_MARK.finditer(text))
    for mark, following in zip_longest(marks, marks[1:]):
        if not mark[1]:
            continue
        if mark[1] in units:
            raise SourceError(f"{name}: [#{mark[1]}] stands twice; give each unit its own key")
        quote = plain_text(text[mark.end() : following.start() if following else len(text)])
        units[mark[1]] = quote


def _marked_texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading() | Paragraph() | Item():
                yield block.text
            case Table():
                yield from (
                    " ".join(cell for cell in row if cell is not None) for row in block.rows
                )
            case Container():
                yield from _marked_texts(block.blocks)
            case Mark():
                pass


def _parse_blocks(lines: list[str]) -> tuple[list[Block], dict[str, str]]:
    blocks: list[Block] = []
    notes: dict[str, str] = {}
    position = 0
    while position < len(lines):
        line = lines[position]
        if line.startswith(":::"):
            block, position = _parse_directive(lines, position)
            blocks.append(block)
        elif not line.strip():
            position += 1
        else:
            end = _end_of_chunk(lines, position)
            _parse_chunk(lines[position:end], blocks, notes)
            position = end
    return blocks, notes


def _end_of_chunk(lines: list[str], start: int) -> int:
    end = start
    while end < len(lines) and lines[end].strip() and not lines[end].startswith(":::"):
        end += 1
    return end


def _parse_directive(lines: list[str], start: int) -> tuple[Block, int]:
    name, _, argument = lines[start].removeprefix(":::").strip().partition(" ")
    if name in MARKS:
        return Mark(name=name, argument=argument), start + 1
    if name not in CONTAINERS:
        raise ValueError(f"no such block as :::{name}")
    if ":::" not in lines[start + 1 :]:
        raise ValueError(f":::{name} is not closed")
    end = lines.index(":::", start + 1)
    inner = lines[start + 1 : end]
    if name == "table":
        return _parse_table(argument, inner), end + 1
    blocks = [] if name == "verbatim" else _parse_blocks(inner)[0]
    container = Container(name=name, title=argument, blocks=tuple(blocks), lines=tuple(inner))
    return container, end + 1


def _parse_table(argument: str, lines: list[str]) -> Table:
    widths = tuple(int(width) for width in argument.split())
    cells = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines]
    if not cells or sum(widths) != 100 or any(len(row) != len(widths) for row in cells):
        raise ValueError(
            f"table {argument!r}: widths must add up to 100, one for each cell of a row"
        )
    rows = tuple(tuple(None if cell == "^" else cell for cell in row) for row in cells[1:])
    return Table(widths=widths, header=cells[0], rows=rows)


def _parse_chunk(lines: list[str], blocks: list[Block], notes: dict[str, str]) -> None:
    """Add the blocks of lines that stand together: a heading, a list, a note or a paragraph."""
    if lines[0].startswith("#"):
        mark, _, text = lines[0].partition(" ")
        slug = "-".join(re.findall(r"[a-z0-9]+", text.lower()))
        blocks.append(Heading(level=len(mark), text=text, slug=slug))
        if len(lines) > 1:
            raise ValueError(f"an empty line is missing after {lines[0]!r}")
    elif _ITEM.match(lines[0]):
        blocks.extend(_parse_items(lines))
    else:
        text = " ".join(line.strip() for line in lines)
        if note := _FOOTNOTE.match(text):
            notes[note[1]] = note[2]
        elif numbered := _NUMBERED.match(text):
            blocks.append(Paragraph(text=numbered[2], number=numbered[1]))
        else:
            blocks.append(Paragraph(text=text))


def _parse_items(lines: list[str]) -> list[Item]:
    items: list[Item] = []
    for line in lines:
        if match := _ITEM.match(line):
            depth = 1 if match[1] else 0
            items.append(Item(text=match[3], marker=match[2].strip(), depth=depth))
        else:
            last = items.pop()
            joined = f"{last.text} {line.strip()}"
            items.append(Item(text=joined, marker=last.marker, depth=last.depth))
    return items
