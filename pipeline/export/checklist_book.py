"""The checklist as a workbook: a sheet to fill in, its progress, its targets, what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO, Final

from xlsxwriter.utility import (
    xl_col_to_name,
    xl_range,
    xl_rowcol_to_cell,
)

from pipeline.export import checklist
from pipeline.export.about import About
from pipeline.export.checklist import STATUSES, Entry, cells_of
from pipeline.export.text import cell_text
from pipeline.export.workbook import Book, SheetColumn, about_paragraphs, open_book
from pipeline.wording import (
    bearer_words,
    count_words,
    due_date,
    quantity_words,
    source_words,
    targets_of,
    topic_words,
)

Row = Mapping[str, Any]

COLUMNS: Final = (
    SheetColumn(header=checklist.NUMBER, width=5, kind="number"),
    SheetColumn(header=checklist.TOPIC, width=12),
    SheetColumn(header=checklist.WHO, width=16),
    SheetColumn(header=checklist.WHAT, width=48),
    SheetColumn(header=checklist.FORCE, width=11),
    SheetColumn(header=checklist.TARGET, width=21),
    SheetColumn(header=checklist.DEADLINE, width=12, kind="date"),
    SheetColumn(header=checklist.CONDITION, width=16),
    SheetColumn(header=checklist.STATUS, width=12),
    SheetColumn(header=checklist.OWNER, width=13),
    SheetColumn(header=checklist.NOTES, width=24),
    SheetColumn(header=checklist.SOURCE, width=24, kind="small"),
    SheetColumn(header=checklist.SECTION, width=28, kind="small"),
    SheetColumn(header=checklist.QUOTE, width=45, kind="small"),
    SheetColumn(header=checklist.CONFIDENCE, width=11, kind="percent"),
    SheetColumn(header=checklist.ID, width=7, kind="small"),
)
# What a checklist carried forward has besides, before its source.
CARRIED: Final = (
    SheetColumn(header=checklist.LAST_YEAR, width=13),
    SheetColumn(header=checklist.CHANGE, width=20),
    SheetColumn(header=checklist.LAST_WORDING, width=36, kind="small"),
)
# Colour and words together, so that nobody needs to tell the colours apart.
_STATUS_LOOKS: Final[Mapping[str, Mapping[str, str]]] = {
    "In progress": {"bg_color": "#FFF2CC", "font_color": "#5F4700"},
    "Done": {"bg_color": "#D5EBD8", "font_color": "#0B4A1D"},
    "At risk": {"bg_color": "#F8D3D0", "font_color": "#7A120B"},
    "Not applicable": {"bg_color": "#E3E6E9", "font_color": "#4A5560"},
}
_OTHER_STATUS: Final = (
    "The sheet Progress counts the statuses of the list alone. Keep it all the same?"
)
_SPARE_ROWS: Final = 200  # below the last row, for rows that a reader adds
_SHEET: Final = "Checklist"


def write_checklist(
    entries: Sequence[Entry],
    out: BinaryIO,
    *,
    about: About,
    aside: Sequence[tuple[str, Row]] = (),
    further: Sequence[SheetColumn] = (),
    notes: Sequence[tuple[str, str]] = (),
    more: Callable[[Book], None] | None = None,
) -> None:
    """Write the workbook. `entries` come in their order; `further` columns stand before the source.

    `notes` are paragraphs for the sheet "About"; `more` adds sheets of its own after the targets.
    """
    at = [column.header for column in COLUMNS].index(checklist.SOURCE)
    columns = (*COLUMNS[:at], *further, *COLUMNS[at:])
    with open_book(out, about) as book:
        _write_sheet(book, entries, columns)
        _write_progress(book, entries, columns, about.left_out_words)
        _write_targets(book, entries)
        if aside:
            _write_aside(book, aside)
        if more is not None:
            more(book)
        book.write_about(about, [*about_paragraphs(about), *notes, *_how_to_use(aside)])


def _write_sheet(book: Book, entries: Sequence[Entry], columns: Sequence[SheetColumn]) -> None:
    sheet = book.add_sheet(_SHEET)
    book.write_header(sheet, columns)
    headers = [column.header for column in columns]
    sheet.freeze_panes(1, headers.index(checklist.WHAT) + 1)
    topic: object = None
    for number, entry in enumerate(entries, start=1):
        first = number > 1 and entry.row["topic"] != topic
        topic = entry.row["topic"]
        cells = cells_of(entry.row) | {
            checklist.NUMBER: number,
            checklist.STATUS: entry.status,
            checklist.OWNER: entry.owner,
            checklist.NOTES: entry.notes,
            **entry.extra,
        }
        for at, column in enumerate(columns):
            if column.header == checklist.SOURCE:
                link = entry.row.get("source_link")
                words = cells[column.header]
                book.write_link(sheet, number, at, link, words, column.kind, first=first)
            else:
                book.write_cell(
                    sheet, number, at, cells.get(column.header), column.kind, first=first
                )
        book.fit_row(sheet, number, columns, [cells.get(header) for header in headers])
    last = max(len(entries), 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    _offer_statuses(book, sheet, headers.index(checklist.STATUS), last + _SPARE_ROWS)
    sheet.print_area(0, 0, last, headers.index(checklist.SOURCE))


def _offer_statuses(book: Book, sheet: Any, column: int, last: int) -> None:
    sheet.data_validation(
        1,
        column,
        last,
        column,
        {
            "validate": "list",
            "source": list(STATUSES),
            "error_type": "warning",
            "error_title": "Not one of the statuses",
            "error_message": _OTHER_STATUS,
        },
    )
    for status, properties in _STATUS_LOOKS.items():
        look = book.workbook.add_format(dict(properties))
        rule = {"type": "cell", "criteria": "==", "value": f'"{status}"', "format": look}
        sheet.conditional_format(1, column, last, column, rule)


def _write_progress(
    book: Book, entries: Sequence[Entry], columns: Sequence[SheetColumn], note: str
) -> None:
    """How many of each topic have each status, by formulas that follow what is filled in; below
    them a note.
    """
    sheet = book.add_sheet("Progress")
    headers = [column.header for column in columns]
    # Down to the sheet's end, so that rows that a reader adds count, too.
    ranges = {
        header: "{0}!${1}$2:${1}$1048576".format(_SHEET, xl_col_to_name(headers.index(header)))
        for header in (checklist.TOPIC, checklist.STATUS)
    }
    tops = [
        SheetColumn(header="Topic", width=28),
        *(SheetColumn(header=s, width=14) for s in STATUSES),
    ]
    book.write_header(sheet, [*tops, SheetColumn(header="All", width=10)])
    topics = list(dict.fromkeys(topic_words(entry.row["topic"]) for entry in entries))
    look = book.look(bottom=1, bottom_color="#C9D3DC", num_format="#,##0")
    counts = Counter((topic_words(entry.row["topic"]), entry.status) for entry in entries)
    for row, topic in enumerate(topics, start=1):
        sheet.write_string(row, 0, cell_text(topic), look)
        name = xl_rowcol_to_cell(row, 0, col_abs=True)
        for column, status in enumerate(STATUSES, start=1):
            heading = xl_rowcol_to_cell(0, column, row_abs=True)
            formula = (
                f"=COUNTIFS({ranges[checklist.TOPIC]},{name},{ranges[checklist.STATUS]},{heading})"
            )
            sheet.write_formula(row, column, formula, look, counts[topic, status])
        count = sum(number for (named, _), number in counts.items() if named == topic)
        formula = f"=COUNTIFS({ranges[checklist.TOPIC]},{name})"
        sheet.write_formula(row, len(STATUSES) + 1, formula, look, count)
    _write_totals(book, sheet, entries, len(topics))
    if note:
        sheet.write_string(len(topics) + 3, 0, note, book.look(italic=True))


def _write_totals(book: Book, sheet: Any, entries: Sequence[Entry], topics: int) -> None:
    bold = book.look(bold=True, top=2, num_format="#,##0")
    row = topics + 1
    sheet.write_string(row, 0, "All", bold)
    for column in range(1, len(STATUSES) + 2):
        counted = [e for e in entries if column > len(STATUSES) or e.status == STATUSES[column - 1]]
        where = xl_range(1, column, max(topics, 1), column)
        sheet.write_formula(row, column, f"=SUM({where})", bold, len(counted))


def _write_targets(book: Book, entries: Sequence[Entry]) -> None:
    columns = (
        SheetColumn(header=checklist.TOPIC, width=16),
        SheetColumn(header=checklist.WHO, width=20),
        SheetColumn(header="Measure", width=34),
        SheetColumn(header=checklist.TARGET, width=24),
        SheetColumn(header="By", width=13, kind="date"),
        SheetColumn(header="Value", width=12, kind="number"),
        SheetColumn(header="Up to", width=12, kind="number"),
        SheetColumn(header="Kind", width=18),
        SheetColumn(header="Unit", width=14),
        SheetColumn(header=checklist.WHAT, width=60),
        SheetColumn(header=checklist.SOURCE, width=28),
        SheetColumn(header=checklist.ID, width=8, kind="small"),
    )
    rows = []
    for entry in entries:
        for quantity in targets_of(entry.row):
            due = due_date(entry.row, quantity)
            rows.append(
                (
                    topic_words(entry.row["topic"]),
                    bearer_words(entry.row),
                    quantity["metric"],
                    quantity_words(quantity),
                    date.fromisoformat(due) if due else None,
                    quantity["value"],
                    quantity["high"],
                    quantity["kind"].replace("_", " "),
                    quantity["unit"],
                    entry.row["statement"],
                    source_words(entry.row),
                    entry.row["id"],
                )
            )
    sheet = book.add_sheet("Targets")
    book.write_rows(sheet, columns, rows)


def _write_aside(book: Book, aside: Sequence[tuple[str, Row]]) -> None:
    columns = (
        SheetColumn(header="Why here", width=22),
        SheetColumn(header=checklist.TOPIC, width=16),
        SheetColumn(header=checklist.WHO, width=20),
        SheetColumn(header=checklist.WHAT, width=70),
        SheetColumn(header=checklist.FORCE, width=12),
        SheetColumn(header=checklist.TARGET, width=26),
        SheetColumn(header="Said by", width=18),
        SheetColumn(header=checklist.SOURCE, width=36),
        SheetColumn(header=checklist.ID, width=8, kind="small"),
    )
    rows = []
    for reason, row in aside:
        cells = cells_of(row)
        rows.append(
            (
                reason,
                cells[checklist.TOPIC],
                cells[checklist.WHO],
                cells[checklist.WHAT],
                cells[checklist.FORCE],
                cells[checklist.TARGET],
                row.get("reported_by") or row.get("publisher"),
                cells[checklist.SOURCE],
                row["id"],
            )
        )
    book.write_rows(book.add_sheet("Also said"), columns, rows)


def _how_to_use(aside: Sequence[tuple[str, Row]]) -> list[tuple[str, str]]:
    paragraphs = [
        ("How to use it", _HOW_TO_USE),
        ("Force", _FORCE),
        ("Confidence", _CONFIDENCE),
    ]
    if aside:
        paragraphs.append(("Also said", f"{count_words(len(aside), 'row')} {_ALSO_SAID}"))
    return paragraphs


_HOW_TO_USE: Final = (
    "Choose a status, name an owner and write notes on the sheet Checklist; sort and filter as you "
    "like, and add columns of your own. Keep the column Id: by it next year's checklist finds what "
    "you noted here (mustdo carry-forward). The sheet Progress counts as you go."
)
_FORCE: Final = (
    "Must and Must not bind; Should advises; May leaves free; Commitment is what the publisher "
    "promises to do; Target only is a number that is set without such a word."
)
_CONFIDENCE: Final = (
    "How sure the reading of the document is, from 0% to 100%: of rows at 80% about four in five "
    "are right. Look lower ones up in their source before you rely on them. Reviewed means that a "
    "person has accepted or corrected the row, Rejected that a person said it is no requirement."
)
_ALSO_SAID: Final = (
    "that nobody has to tick off: what guidance leaves free, board papers, commentary, and "
    "documents that a later one has replaced."
)
