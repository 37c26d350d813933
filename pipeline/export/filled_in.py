"""A checklist that people have filled in, read back from Excel.

Rows may be sorted and filtered, columns moved, hidden or added, and sheets renamed; what tells a
row is its Id.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.errors import UsageError
from pipeline.export import checklist
from pipeline.export.text import clean

_TOP: Final = 20  # rows in which the headings are looked for
_LARGEST: Final = 512 * 1024 * 1024  # bytes unpacked; a checklist of 50,000 rows has 60 million
_MOST_EMPTY: Final = 1000  # empty rows in a run after which a sheet is taken to have ended
_OLE: Final = b"\xd0\xcf\x11\xe0"  # old .xls files, and those with a password
_NEEDED: Final = (checklist.ID, checklist.STATUS, checklist.OWNER, checklist.NOTES)
# What a damaged or crafted file makes openpyxl raise; it checks little itself.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    SyntaxError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRow:
    """What somebody noted on a row: `cells` by our headings, as text; `own` by theirs."""

    id: str | None
    cells: Mapping[str, str]
    own: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledChecklist:
    """A filled-in checklist: its rows from the top, headings that people added, its filters.

    `filters` are pairs of what its export was filtered by and the values, as the sheet "About" says
    them.
    """

    rows: tuple[FilledRow, ...]
    own_columns: tuple[str, ...]
    filters: tuple[tuple[str, str], ...]


def read_checklist(path: Path) -> FilledChecklist:
    """Read a checklist that mustdo made; raises UsageError for a file that is none."""
    _check_file(path)
    try:
        # Values, not formulas: what a person sees is what goes on.
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            tables = [(sheet.title, _values(sheet)) for sheet in book.worksheets]
            found = next(
                (read for _, rows in tables if (read := _read_table(rows)) is not None), None
            )
            filters = _read_filters(book)
        finally:
            book.close()
    except _DAMAGE as error:
        raise UsageError(
            f"{path} is damaged and cannot be read ({error}). Save it again in Excel."
        ) from error
    if found is None:
        raise UsageError(
            f"{path} is not a checklist that mustdo made: no sheet has the headings "
            f"{', '.join(_NEEDED)}. Unhide or restore the column Id, or name another file."
        )
    return FilledChecklist(rows=found[0], own_columns=found[1], filters=filters)


def _check_file(path: Path) -> None:
    """Raise UsageError for what is no Excel file, before anything is unpacked."""
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror}). Name a checklist in .xlsx."
        ) from error
    if head == _OLE:
        raise UsageError(
            f"{path} has a password or is in Excel's old format. "
            "Save it as .xlsx without a password."
        )
    if not zipfile.is_zipfile(path):
        raise UsageError(f"{path} is not an Excel file. Name a checklist in .xlsx.")
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UsageError(f"{path} is damaged ({error}). Save it again in Excel.") from error
    if size > _LARGEST:
        raise UsageError(f"{path} unpacks to {size:,} bytes, too many for a checklist.")


def _values(sheet: Any) -> Iterator[tuple[object, ...]]:
    """The rows of a sheet until it has been empty for long: some are formatted to the very end."""
    empty = 0
    for row in sheet.iter_rows(values_only=True):
        empty = 0 if any(value not in (None, "") for value in row) else empty + 1
        if empty > _MOST_EMPTY:
            return
        yield tuple(row)


def _read_table(
    rows: Iterator[tuple[object, ...]],
) -> tuple[tuple[FilledRow, ...], tuple[str, ...]] | None:
    """The rows under the headings, and the readers' own headings; None without headings of ours."""
    for number, row in enumerate(rows):
        if number >= _TOP:
            return None
        columns = _headings(row)
        if columns is not None:
            break
    else:
        return None
    own = tuple(name for name in columns if name not in checklist.HEADERS)
    return tuple(_filled_rows(rows, columns, own)), own


def _headings(row: Sequence[object]) -> dict[str, int] | None:
    """Heading -> column, ours as we write them; None where it is not the row of headings.

    Of headings that stand twice the first is ours; a reader's own get a number.
    """
    ours = {name.casefold(): name for name in checklist.HEADERS}
    columns: dict[str, int] = {}
    for at, value in enumerate(row):
        words = " ".join(clean(str(value)).split()) if value is not None else ""
        if not words:
            continue
        name = ours.get(words.casefold(), words)
        count = 2
        while name in columns:
            name = f"{words} {count}"
            count += 1
        columns[name] = at
    has_notes = any(name in columns for name in _NEEDED[1:])
    return columns if checklist.ID in columns and has_notes else None


def _filled_rows(
    rows: Iterator[tuple[object, ...]], columns: Mapping[str, int], own: Sequence[str]
) -> Iterator[FilledRow]:
    for row in rows:
        cells = {name: _text(row, at) for name, at in columns.items() if name in checklist.HEADERS}
        others = {name: _value(row, columns[name]) for name in own}
        identifier = cells.get(checklist.ID) or None
        if any(cells.values()) or any(value is not None for value in others.values()):
            yield FilledRow(id=identifier, cells=cells, own=others)


def _value(row: Sequence[object], at: int) -> object:
    value = row[at] if at < len(row) else None
    if isinstance(value, str):
        value = clean(value).strip()
    return value if value != "" else None


def _text(row: Sequence[object], at: int) -> str:
    value = _value(row, at)
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # Excel keeps "12" that somebody typed as 12.0
    return str(value)


def _read_filters(book: Any) -> tuple[tuple[str, str], ...]:
    """The filters that the sheet "About" lists, which a renamed or deleted sheet does not."""
    if "About" not in book.sheetnames:
        return ()
    filters = []
    for row in _values(book["About"]):
        name = str(row[0] or "")
        if name.startswith(checklist.FILTER_PREFIX) and len(row) > 1 and row[1]:
            filters.append((name.removeprefix(checklist.FILTER_PREFIX), str(row[1])))
    return tuple(filters)
