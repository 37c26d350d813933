"""The checklist as an Excel workbook and a Word document, and tables as workbooks."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.export import Decisions, Filters, export_bytes
from pipeline.export.checklist import HEADERS, STATUSES
from pipeline.export.text import CELL_LIMIT
from pipeline.export.xlsx import write_xlsx

HEADINGS = [
    "No.", "Topic", "Who", "What", "Force", "Target", "Deadline", "Condition", "Status", "Owner",
    "Notes", "Source", "Section", "Quote", "Confidence", "Id",
]  # fmt: skip


def open_book(content: bytes) -> Workbook:
    """The workbook of a file's bytes."""
    return openpyxl.load_workbook(io.BytesIO(content))


def sheet_of(book: Workbook, name: str) -> Worksheet:
    """A sheet that has cells."""
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def table_of(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows of a sheet by their headings."""
    rows = list(sheet.iter_rows(values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def book(database: Path) -> Workbook:
    """The checklist of 2025/26."""
    return open_book(export_bytes(database, format="xlsx", filters=Filters(year="2025/26")))


def test_sheets(book: Workbook) -> None:
    assert book.sheetnames == ["Checklist", "Progress", "Targets", "Also said", "About"]


def test_checklist_goes_by_topic_then_document(book: Workbook) -> None:
    rows = table_of(sheet_of(book, "Checklist"))
    assert list(rows[0]) == HEADINGS
    assert set(HEADINGS) < set(HEADERS)
    assert [row["Id"] for row in rows if row["Topic"] == "Urgent care"] == [
        "b1", "b2", "b3", "b7",
    ]  # fmt: skip
    topics = list(dict.fromkeys(row["Topic"] for row in rows))
    assert len(topics) == 4
    assert [row["No."] for row in rows] == list(range(1, 9))


def test_checklist_says_it_in_words(book: Workbook) -> None:
    row = next(row for row in table_of(sheet_of(book, "Checklist")) if row["Id"] == "b1")
    assert row["Who"] == "ICBs"
    assert row["Force"] == "Must"
    assert row["Target"] == (
        "at least 78% (patients seen within 4 hours) by 31 March 2026\n"
        "by 5 percentage points (long waits), by 30 September 2025"
    )
    assert row["Deadline"] == datetime(2026, 3, 31)
    assert row["Status"] == "Not started"
    assert row["Owner"] is None
    assert row["Source"] == "Invented guidance 2025/26, page 3"
    assert row["Confidence"] == 0.9


def test_a_deadline_without_a_date_keeps_its_words(database: Path) -> None:
    content = export_bytes(database, format="xlsx", filters=Filters(modality="permission"))
    row = next(row for row in table_of(sheet_of(open_book(content), "Checklist")))
    assert row["Id"] == "b8"  # where nothing else is asked for, a freedom is listed
    assert row["Deadline"] == "during this Parliament"
    assert row["Force"] == "May"


def test_checklist_is_ready_to_work_with(book: Workbook) -> None:
    sheet = sheet_of(book, "Checklist")
    assert sheet.freeze_panes == "E2"
    assert sheet.auto_filter.ref == "A1:P9"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what a file means by saying nothing
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$1"
    (validation,) = sheet.data_validations.dataValidation
    assert validation.type == "list"
    assert validation.formula1 == f'"{",".join(STATUSES)}"'
    assert "I2" in validation.sqref
    assert "I9" in validation.sqref
    ruled = {rule.formula[0] for rules in sheet.conditional_formatting for rule in rules.rules}
    assert ruled == {f'"{status}"' for status in STATUSES[1:]}
    assert sheet["D2"].alignment.wrap_text
    assert sheet["G2"].number_format == "d mmm yyyy"


def links_of(sheet: Worksheet) -> dict[str, str | None]:
    """Where each row's source leads, by its id."""
    links = {}
    for number, row in enumerate(table_of(sheet), start=2):
        link = sheet.cell(number, HEADINGS.index("Source") + 1).hyperlink
        links[row["Id"]] = f"{link.target}#{link.location}" if link else None
    return links


def test_source_leads_to_the_page(book: Workbook, database: Path) -> None:
    paper = open_book(export_bytes(database, format="xlsx", filters=Filters(document="board")))
    assert links_of(sheet_of(paper, "Checklist")) == {"p2": None}  # no address of the web's
    links = links_of(sheet_of(book, "Checklist"))
    assert links["b2"] == "https://guidance.example/guidance-2025-26.pdf#page=4"


def test_rows_are_tall_enough_and_may_grow(database: Path) -> None:
    content = export_bytes(database, format="xlsx", filters=Filters(year="2025/26"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode("utf-8")
    assert "customHeight" not in sheet
    heights = [
        sheet_row.height or 0
        for sheet_row in sheet_of(open_book(content), "Checklist").row_dimensions.values()
    ]
    assert heights[1] > 3 * heights[5] / 2  # the row with two targets, and one with a short line


def test_progress_counts_by_formula(book: Workbook) -> None:
    sheet = sheet_of(book, "Progress")
    assert [cell.value for cell in sheet[1]] == ["Topic", *STATUSES, "All"]
    assert sheet["B2"].value == (
        "=COUNTIFS(Checklist!$B$2:$B$1048576,$A2,Checklist!$I$2:$I$1048576,B$1)"
    )


def test_progress_shows_its_counts_before_anything_reckons(database: Path) -> None:
    content = export_bytes(database, format="xlsx", filters=Filters(year="2025/26"))
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Progress"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1] == ("Urgent care", 4, 0, 0, 0, 0, 4)
    assert rows[-1] == ("All", 8, 0, 0, 0, 0, 8)


def test_targets_are_one_row_a_number(book: Workbook) -> None:
    rows = table_of(sheet_of(book, "Targets"))
    assert [(row["Id"], row["Target"], row["By"], row["Value"]) for row in rows] == [
        ("b1", "at least 78%", datetime(2026, 3, 31), 78),
        ("b1", "by 5 percentage points", datetime(2025, 9, 30), 5),
    ]


def test_what_binds_nobody_anew_stands_aside(book: Workbook, database: Path) -> None:
    rows = table_of(sheet_of(book, "Also said"))
    assert [(row["Why here"], row["Id"]) for row in rows] == [
        ("Replaced by a later document", "d1"),
        ("Tells of what others ask", "p1"),
        ("Board paper", "p2"),
        ("Tells of what others ask", "m1"),
        ("Leaves free to do it", "b8"),
    ]
    alone = open_book(export_bytes(database, format="xlsx", filters=Filters(document="blog")))
    assert [row["Id"] for row in table_of(sheet_of(alone, "Checklist"))] == ["m1"]
    assert "Also said" not in alone.sheetnames


def test_about_says_what_it_is(book: Workbook) -> None:
    cells = {row[0]: row[1] for row in sheet_of(book, "About").iter_rows(values_only=True)}
    assert cells["Database built"] == "3 February 2025, with mustdo 0.1.0"
    assert cells["Filter: Planning year"] == "2025/26"
    assert "Open Government Licence v3.0" in str(cells["Licences"])
    assert "CC-BY-4.0" in str(cells["Licences"])
    assert {"How to use it", "Confidence", "Force"} <= set(cells)


def test_no_cell_is_a_formula_or_a_link_that_we_did_not_make(database: Path) -> None:
    for table in ("requirements", "links", "quantities"):
        content = export_bytes(database, table=table, format="xlsx")
        for sheet in open_book(content).worksheets:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                if sheet.title != "Progress":
                    assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if cell.hyperlink:
                    assert str(cell.hyperlink.target).startswith("https://guidance.example/")


def test_hostile_words_come_through_as_words(book: Workbook, hostile: str) -> None:
    row = next(row for row in table_of(sheet_of(book, "Checklist")) if row["Id"] == "b9")
    kept = hostile.replace("\x1b", "").replace("\x07", "")
    assert row["What"] == kept + "\u202c"
    assert row["Who"] == "@evil|*x*"
    assert row["Section"] == "=1+1 > <b>Money</b>"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 40_000, id="too-long"),
        pytest.param("_x0041_ stays", id="excel-escape"),
        pytest.param(" lead and trail ", id="spaces"),
        pytest.param("\u05e9\u05dc\u05d5\u05dd \u200f!", id="hebrew"),
    ],
)
def test_odd_words_survive_excel(database: Path, about: Any, text: str) -> None:
    from pipeline.export.rows import requirement_rows
    from pipeline.store.database import open_for_reading

    with open_for_reading(database) as db:
        row = next(requirement_rows(db, filters=Filters(document="guidance-2025-26")))
    out = io.BytesIO()
    write_xlsx([row | {"statement": text}], out, about=about)
    cell = table_of(sheet_of(open_book(out.getvalue()), "Checklist"))[0]["What"]
    assert cell == text if len(text) < CELL_LIMIT else cell == text[: CELL_LIMIT - 1] + "…"


def test_an_empty_checklist_opens(about: Any) -> None:
    out = io.BytesIO()
    write_xlsx([], out, about=about)
    assert table_of(sheet_of(open_book(out.getvalue()), "Checklist")) == []


def test_corrected_rows_say_so(database: Path) -> None:
    content = export_bytes(
        database,
        format="xlsx",
        filters=Filters(year="2025/26"),
        decisions=Decisions(
            corrections={"b3": {"bearer": "Every ICB"}}, statuses={"b3": "corrected"}
        ),
    )
    rows = {row["Id"]: row for row in table_of(sheet_of(open_book(content), "Checklist"))}
    assert (rows["b3"]["Who"], rows["b3"]["Confidence"]) == ("Every ICB", "Reviewed")
    assert rows["b2"]["Confidence"] == 0.9


REJECTED = Decisions(statuses={"b2": "rejected", "b3": "accepted", "a1": "rejected"})


def test_what_a_reviewer_rejected_is_left_out_and_counted(database: Path) -> None:
    content = export_bytes(
        database, format="xlsx", filters=Filters(year="2025/26"), decisions=REJECTED
    )
    book = open_book(content)
    rows = {row["Id"]: row for row in table_of(sheet_of(book, "Checklist"))}
    assert "b2" not in rows
    assert rows["b3"]["Confidence"] == "Reviewed"
    said = "1 requirement that a reviewer rejected is left out."
    cells = {row[0]: row[1] for row in sheet_of(book, "About").iter_rows(values_only=True)}
    assert cells["Left out"] == said
    assert list(sheet_of(book, "Progress").values)[-1][0] == said


def test_what_a_reviewer_rejected_can_be_kept(database: Path) -> None:
    content = export_bytes(
        database,
        format="xlsx",
        filters=Filters(year="2025/26", keep_rejected=True),
        decisions=REJECTED,
    )
    book = open_book(content)
    rows = {row["Id"]: row for row in table_of(sheet_of(book, "Checklist"))}
    assert rows["b2"]["Confidence"] == "Rejected"
    assert "Left out" not in {row[0] for row in sheet_of(book, "About").values}


@pytest.mark.parametrize("form", ["jsonl", "csv", "md", "docx", "ics", "reqif"])
def test_no_format_holds_what_a_reviewer_rejected(database: Path, form: str) -> None:
    identifier, words = (
        ("b1", "least 78% of patients") if form == "ics" else ("b6", "crisis line by day and")
    )
    kept, left_out = (
        as_text(export_bytes(database, format=form, decisions=Decisions(statuses=statuses)))
        for statuses in ({}, {identifier: "rejected"})
    )
    assert words in kept
    assert words not in left_out


def as_text(content: bytes) -> str:
    """A file's words, on one line; of an archive, those of every file in it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace").replace("\r\n ", "")


def test_numbers_and_links_as_tables(database: Path) -> None:
    numbers = open_book(export_bytes(database, table="quantities", format="xlsx"))
    rows = table_of(sheet_of(numbers, "Numbers"))
    assert len(rows) == 10
    money = next(row for row in rows if row["Kind"] == "money")
    assert (money["Value"], money["Of what"]) == (2_500_000_000, "-growth")
    links = open_book(export_bytes(database, table="links", format="xlsx"))
    first = table_of(sheet_of(links, "Links"))[0]
    assert (first["Relation"], first["Number before"], first["Number after"]) == (
        "Target changed", 76, 78,
    )  # fmt: skip


def test_word_checklist_has_a_table_a_topic(database: Path, hostile: str) -> None:
    content = export_bytes(database, format="docx", filters=Filters(year="2025/26"))
    document = docx.Document(io.BytesIO(content))
    headings = [
        paragraph.text
        for paragraph in document.paragraphs
        if paragraph.style is not None and paragraph.style.name == "Heading 1"
    ]
    assert headings[0] == "Urgent care"
    assert headings[-1] == "Also said"
    assert len(document.tables) == len(headings)
    first = document.tables[0]
    assert [cell.text for cell in first.rows[0].cells][:3] == ["No.", "What", "Who"]
    assert "w:tblHeader" in first.rows[0]._tr.xml
    assert first.rows[1].cells[1].text == (
        "ICBs must see at least 78% of patients within 4 hours by March 2026.\nMust"
    )
    assert "w14:checkbox" in first.rows[1]._tr.xml
    words = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    kept = hostile.replace("\x1b", "").replace("\x07", "")
    assert f"{kept}\u202c\nMust" in words


def test_word_checklist_has_page_numbers_and_safe_links(database: Path) -> None:
    content = export_bytes(database, format="docx")
    document = docx.Document(io.BytesIO(content))
    assert "NUMPAGES" in document.sections[0].footer.paragraphs[0]._p.xml
    assert document.core_properties.title == "Planning checklist"
    links = {r.target_ref for r in document.part.rels.values() if r.is_external}
    assert "https://guidance.example/guidance-2025-26.pdf#page=4" in links
    assert all(link.startswith("https://guidance.example/") for link in links)


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_office_files_carry_no_trace_of_when_they_were_written(database: Path, form: str) -> None:
    content = export_bytes(database, format=form)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode("utf-8")
    assert "2025-02-03T10:11:12Z" in core
