"""Last year's checklist filled in by people, and what becomes of it."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.errors import UsageError
from pipeline.export import Filters, carry_forward, export_bytes
from pipeline.export.filled_in import read_checklist
from pipeline.store.database import open_for_writing

Rows = dict[str, dict[str, Any]]


def fill(
    content: bytes, path: Path, notes: Mapping[str, Mapping[str, object]], *, scramble: bool = False
) -> Path:
    """Write an exported checklist to `path` with cells filled in by Id and heading.

    `scramble` does what people do: sorts the rows, moves columns, hides some, puts a title above.
    """
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Checklist"]
    assert isinstance(sheet, Worksheet)
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    headings = [str(value) for value in rows[0]]
    table: list[dict[str, Any]] = [dict(zip(headings, row, strict=True)) for row in rows[1:]]
    for heading in dict.fromkeys(name for cells in notes.values() for name in cells):
        if heading not in headings:
            headings.append(heading)
    for row in table:
        row.update(notes.get(str(row["Id"]), {}))
    table += [dict(cells) for key, cells in notes.items() if key.startswith("own")]
    if scramble:
        chance = random.Random(7)
        chance.shuffle(table)
        chance.shuffle(headings)
        headings = [heading.upper() if heading == "Notes" else heading for heading in headings]
    sheet.delete_rows(1, sheet.max_row)
    if scramble:
        sheet.append(["Our plan for the year"])
        sheet.append([])
    sheet.append(headings)
    for row in table:
        sheet.append([row.get("Notes" if h == "NOTES" else h) for h in headings])
    if scramble:
        sheet.column_dimensions["A"].hidden = True
        sheet.row_dimensions[5].hidden = True
        sheet.title = "Plan"
    book.save(path)
    return path


def read(content: bytes, sheet: str = "Checklist", key: str = "Id") -> Rows:
    """The rows of a sheet by their key."""
    rows = list(openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True))
    return {
        str(row[rows[0].index(key)]): dict(zip(map(str, rows[0]), row, strict=True))
        for row in rows[1:]
    }


def columns(rows: Rows, names: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Some columns of each row."""
    return {key: tuple(row[name] for name in names) for key, row in rows.items()}


NOTES: dict[str, dict[str, object]] = {
    "a1": {"Status": "Done", "Owner": "Ann", "Notes": "on track", "Budget": 4711},
    "a2": {"Status": "in progress", "Owner": "Bob", "Started": datetime(2024, 5, 1)},
    "a3": {"Notes": "=1+1 is no sum\nsecond line"},
    "a4": {"Status": "At risk", "Owner": "Cy", "Notes": "one plan"},
    "a5": {"Status": "Done", "Owner": "Di", "Notes": "nights", "Budget": 1},
    "a6": {"Status": "Stopped for now", "Owner": "Ed", "Notes": "days", "Budget": 2},
    "a8": {"Status": "Done", "Owner": "Flo", "Notes": "the register"},
    "own": {"What": "Buy a kettle", "Owner": "Gus", "Status": "Done"},
}


@pytest.fixture(params=[False, True], ids=["as-exported", "scrambled"])
def filled(request: pytest.FixtureRequest, database: Path, tmp_path: Path) -> Path:
    """The checklist of 2024/25, filled in."""
    content = export_bytes(database, format="xlsx", filters=Filters(year="2024/25"))
    # A note that begins with "=" must stand as text, as Excel has it after an apostrophe.
    path = fill(content, tmp_path / "filled.xlsx", NOTES, scramble=request.param)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type == "f" and "no sum" in str(cell.value):
                cell.data_type = "s"
    book.save(path)
    return path


def test_notes_go_where_the_requirement_went(database: Path, filled: Path) -> None:
    rows = read(carry_forward(filled, database, "2025/26"))
    names = ("Status", "Owner", "Last year", "Change")
    assert columns(rows, names) == {
        "b1": ("Not started", "Ann", "Done", "Target changed (before: at least 76%)"),
        "b2": ("Not started", "Bob", "In progress", "Strengthened"),
        "b3": ("Not started", None, "Not started", "Reworded"),
        "b4": ("Not started", "Cy", "At risk", "Split: a part of last year's"),
        "b5": ("Not started", "Cy", "At risk", "Split: a part of last year's"),
        "b6": ("Not started", *merged(rows), "Merged: several of last year's in one"),
        "b7": ("Not started", None, "Not started", "Same"),
        "b9": ("Not started", None, None, "New"),
    }
    assert rows["b1"]["Notes"] == "on track"
    assert rows["b3"]["Notes"] == "=1+1 is no sum\nsecond line"
    assert rows["b4"]["Notes"] == rows["b5"]["Notes"] == "one plan"
    assert rows["b2"]["Last year's wording"] == "Trusts should review ward rounds weekly."
    assert rows["b7"]["Last year's wording"] is None


def merged(rows: Rows) -> tuple[str, str]:
    """Owner and status of the two merged ones, in the order in which their rows stand."""
    owner, status = rows["b6"]["Owner"], rows["b6"]["Last year"]
    assert sorted(owner.split("; ")) == ["Di", "Ed"]
    assert sorted(status.split("; ")) == ["Done", "Stopped for now"]
    assert sorted(rows["b6"]["Notes"].split("\n")) == ["days", "nights"]
    return owner, status


def test_columns_of_ones_own_are_kept_as_they_are(database: Path, filled: Path) -> None:
    rows = read(carry_forward(filled, database, "2025/26"))
    assert rows["b1"]["Budget"] == 4711
    assert rows["b2"]["Started"] == datetime(2024, 5, 1)
    assert sorted(rows["b6"]["Budget"].split("\n")) == ["1", "2"]
    assert rows["b9"]["Budget"] is None
    headings = list(rows["b1"])
    assert headings.index("Last year") < headings.index("Budget") < headings.index("Source")
    assert headings[-1] == "Id"


def test_nothing_that_was_written_is_lost(database: Path, filled: Path) -> None:
    content = carry_forward(filled, database, "2025/26")
    ended = read(content, "No longer asked")
    assert columns(ended, ("What", "Status", "Owner", "Notes")) == {
        "a8": ("ICBs must keep a register of estates.", "Done", "Flo", "the register")
    }
    own = read(content, "Your own rows", key="What")
    assert columns(own, ("Owner", "Status")) == {"Buy a kettle": ("Gus", "Done")}
    about = openpyxl.load_workbook(io.BytesIO(content))["About"]
    cells = {row[0]: str(row[1]) for row in about.iter_rows(values_only=True)}
    assert cells["Carried forward"].startswith(
        "From filled.xlsx: 7 requirements go on from last year's; new: 1; no longer asked: 1."
    )


def test_carrying_twice_reaches_the_year_after(
    database: Path, filled: Path, tmp_path: Path
) -> None:
    between = tmp_path / "2025.xlsx"
    first = carry_forward(filled, database, "2025/26")
    fill(first, between, {"b1": {"Status": "At risk", "Notes": "slower"}})
    in_two_steps = read(carry_forward(between, database, "2026/27"))
    at_once = read(carry_forward(filled, database, "2026/27"))
    assert in_two_steps["c1"]["Owner"] == at_once["c1"]["Owner"] == "Ann"
    assert in_two_steps["c1"]["Last year"] == "At risk"
    assert in_two_steps["c1"]["Change"] == "Target changed (before: at least 78%)"
    assert at_once["c1"]["Change"] == "Target changed (before: at least 76%)"
    assert at_once["c2"]["Change"] == "Strengthened"  # the telling step of two
    headings = [str(name) for name in in_two_steps["c1"]]
    assert headings.count("Last year") == 1


def test_a_second_export_of_the_same_year_keeps_everything(database: Path, filled: Path) -> None:
    rows = read(carry_forward(filled, database, "2024/25"))
    assert rows["a8"]["Owner"] == "Flo"
    assert {row["Change"] for row in rows.values()} == {"Same"}


def test_a_checklist_of_one_topic_stays_one_of_that_topic(database: Path, tmp_path: Path) -> None:
    filters = Filters(year="2024/25", topic="mental health")
    content = export_bytes(database, format="xlsx", filters=filters)
    path = fill(content, tmp_path / "one.xlsx", {"a5": {"Owner": "Di"}})
    assert read_checklist(path).filters == (
        ("Planning year", "2024/25"),
        ("Topic", "mental health"),
    )
    rows = read(carry_forward(path, database, "2025/26"))
    assert columns(rows, ("Owner",)) == {"b6": ("Di",)}


def test_what_somebody_took_off_the_list_is_not_called_new(database: Path, tmp_path: Path) -> None:
    content = export_bytes(database, format="xlsx", filters=Filters(year="2024/25"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Checklist"]
    at = [row[-1] for row in sheet.iter_rows(values_only=True)].index("a2")
    sheet.delete_rows(at + 1)
    path = tmp_path / "shorter.xlsx"
    book.save(path)
    rows = read(carry_forward(path, database, "2025/26"))
    assert rows["b2"]["Change"] == "Not on last year's list"
    assert rows["b9"]["Change"] == "New"


def test_a_row_copied_for_a_second_owner_keeps_both(database: Path, tmp_path: Path) -> None:
    content = export_bytes(database, format="xlsx", filters=Filters(year="2024/25"))
    notes = {"a1": {"Owner": "Ann"}, "own-copy": {"Id": "a1", "Owner": "Zoe", "Notes": "half"}}
    path = fill(content, tmp_path / "two.xlsx", notes)
    row = read(carry_forward(path, database, "2025/26"))["b1"]
    assert (row["Owner"], row["Notes"]) == ("Ann; Zoe", "half")


def test_what_a_document_states_twice_is_reached_by_its_thread(
    tmp_path: Path, make_database: Callable[[Path], Path]
) -> None:
    path = make_database(tmp_path / "own.db")
    db = open_for_writing(path)
    # b9 repeats b7, so that no link leads to it, and a8 is joined to b2 by a thread alone.
    for identifier, thread in (
        ("a7", "t7"),
        ("b7", "t7"),
        ("b9", "t7"),
        ("a8", "t8"),
        ("b2", "t8"),
    ):
        db.execute("INSERT OR IGNORE INTO threads (id) VALUES (?)", [thread])
        db.execute("UPDATE requirements SET thread_id = ? WHERE id = ?", [thread, identifier])
    db.conn.close()
    content = export_bytes(path, format="xlsx", filters=Filters(year="2024/25"))
    notes = {"a7": {"Owner": "Ann"}, "a8": {"Owner": "Flo"}, "a2": {"Owner": "Bob"}}
    carried = carry_forward(fill(content, tmp_path / "f.xlsx", notes), path, "2025/26")
    rows = read(carried)
    assert (rows["b7"]["Owner"], rows["b7"]["Change"]) == ("Ann", "Same")
    assert (rows["b9"]["Owner"], rows["b9"]["Change"]) == ("Ann", "Reworded")
    assert rows["b2"]["Owner"] == "Bob; Flo"
    assert "No longer asked" not in openpyxl.load_workbook(io.BytesIO(carried)).sheetnames


def test_repeats_that_are_linked_each_to_each_keep_their_own_notes(
    tmp_path: Path, make_database: Callable[[Path], Path]
) -> None:
    path = make_database(tmp_path / "own.db")
    db = open_for_writing(path)
    for from_id, to_id in (("a3", "b7"), ("a7", "b3"), ("a8", "b3"), ("a8", "b7")):
        db.execute(
            "INSERT INTO links (id, from_id, to_id, relation, score) VALUES (?, ?, ?, 'same', 1)",
            [f"{from_id}-{to_id}", from_id, to_id],
        )
    db.conn.close()
    content = export_bytes(path, format="xlsx", filters=Filters(year="2024/25"))
    notes = {key: {"Owner": key} for key in ("a3", "a7", "a8")}
    rows = read(carry_forward(fill(content, tmp_path / "f.xlsx", notes), path, "2025/26"))
    # Each goes to the likest wording; what is like neither goes to the likelier and is not lost.
    assert rows["b3"]["Owner"] == "a3; a8"
    assert rows["b7"]["Owner"] == "a7"


def test_ids_that_the_database_does_not_know_are_listed(database: Path, tmp_path: Path) -> None:
    content = export_bytes(database, format="xlsx", filters=Filters(year="2024/25"))
    notes = {"own-old": {"Id": "0123456789abcdef", "What": "Gone", "Owner": "Hal"}}
    path = fill(content, tmp_path / "old.xlsx", notes)
    rows = read(carry_forward(path, database, "2025/26"), "Not in this database")
    assert columns(rows, ("What", "Owner")) == {"0123456789abcdef": ("Gone", "Hal")}


def test_the_same_checklist_gives_the_same_bytes(database: Path, filled: Path) -> None:
    assert carry_forward(filled, database, "2025/26") == carry_forward(filled, database, "2025/26")


def write_text(path: Path) -> None:
    path.write_text("Id,Status\n", encoding="utf-8")


def write_old_excel(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))


def write_other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")


def write_other_book(path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Name", "Status", "Notes"])
    book.save(path)


def write_cut_book(path: Path) -> None:
    write_other_book(path)
    path.write_bytes(path.read_bytes()[:2000])


def write_broken_sheet(path: Path) -> None:
    write_other_book(path)
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            broken = entry.filename.startswith("xl/worksheets")
            new.writestr(entry.filename, b"<worksheet" if broken else old.read(entry.filename))


def write_nothing(path: Path) -> None:
    path.unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        pytest.param(write_nothing, "cannot be read (No such file or directory)", id="no-file"),
        pytest.param(write_text, "is not an Excel file", id="text"),
        pytest.param(write_old_excel, "has a password or is in Excel's old format", id="old-excel"),
        pytest.param(write_other_zip, "is damaged and cannot be read", id="another-zip"),
        pytest.param(write_other_book, "is not a checklist that mustdo made", id="another-book"),
        pytest.param(write_cut_book, "is not an Excel file", id="cut-off"),
        pytest.param(write_broken_sheet, "is damaged and cannot be read", id="broken-sheet"),
    ],
)
def test_files_that_are_no_checklist(
    database: Path, tmp_path: Path, write: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "some.xlsx"
    write(path)
    with pytest.raises(UsageError) as error:
        carry_forward(path, database, "2025/26")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("year", "message"),
    [
        ("2031/32", "No documents for 2031/32."),
        ("soon", "'soon' is not a planning year."),
    ],
)
def test_years_that_are_not_there(database: Path, filled: Path, year: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        carry_forward(filled, database, year)


def test_an_earlier_year_is_no_year_to_carry_to(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    path.write_bytes(export_bytes(database, format="xlsx", filters=Filters(year="2026/27")))
    with pytest.raises(UsageError, match="2024/25 comes before 2026/27-2028/29"):
        carry_forward(path, database, "2024/25")


def test_a_checklist_of_another_database(
    database: Path, filled: Path, tmp_path: Path, make_database: Callable[[Path], Path]
) -> None:
    path = make_database(tmp_path / "own.db")
    db = open_for_writing(path)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("UPDATE requirements SET id = 'x' || id")
    db.conn.close()
    with pytest.raises(UsageError, match="names no requirement of this database"):
        carry_forward(filled, path, "2025/26")


def test_a_sheet_formatted_to_its_very_end_is_read_in_no_time(
    database: Path, tmp_path: Path
) -> None:
    content = export_bytes(database, format="xlsx", filters=Filters(year="2024/25"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["Checklist"].cell(1_048_576, 1).value = "stray"
    path = tmp_path / "long.xlsx"
    book.save(path)
    assert len(read_checklist(path).rows) == 8
