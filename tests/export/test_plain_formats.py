"""JSON lines, CSV, Markdown, iCalendar and ReqIF."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from icalendar import Calendar
from reqif.parser import ReqIFParser

from pipeline.errors import UsageError
from pipeline.export import CONTENT_TYPES, FORMATS, Filters, export_bytes
from pipeline.export.jsonl import json_line
from pipeline.export.rows import requirement_rows
from pipeline.store.database import open_for_reading

YEAR = Filters(year="2025/26")


def test_json_lines_hold_every_row_as_it_is(database: Path) -> None:
    lines = export_bytes(database).decode("utf-8").split("\n")
    assert lines.pop() == ""
    with open_for_reading(database) as db:
        assert [json.loads(line) for line in lines] == list(requirement_rows(db))


def test_a_json_object_stays_on_one_line_whatever_counts_as_a_line_end() -> None:
    row = {"quote": "a\x85b\u2028c\u2029d\x0be\nf"}
    line = json_line(row)
    assert len(line.splitlines()) == 1
    assert json.loads(line) == row


def read_csv(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_holds_every_requirement(database: Path) -> None:
    rows = read_csv(export_bytes(database, format="csv", filters=YEAR))
    row = next(row for row in rows if row["id"] == "b1")
    assert (row["deadline"], row["deadline_date"]) == ("by March 2026", "2026-03-31")
    assert row["bearer_canonical"] == "integrated care board"
    assert row["reported"] == "false"
    assert row["targets"].startswith("at least 78%")
    assert [q["value"] for q in json.loads(row["quantities"])] == [78, 5, 4]
    assert len(rows) == 13


@pytest.mark.parametrize("table", ["requirements", "links", "quantities"])
def test_no_csv_cell_acts_as_a_formula(database: Path, table: str) -> None:
    rows = read_csv(export_bytes(database, table=table, format="csv"))
    cells = [cell for row in rows for cell in row.values()]
    assert cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_csv_keeps_what_it_disarms(database: Path, hostile: str) -> None:
    rows = read_csv(export_bytes(database, format="csv", filters=YEAR))
    row = next(row for row in rows if row["id"] == "b9")
    assert row["statement"].startswith("'" + hostile[:40])
    assert row["bearer"] == "'@evil|*x*"


def test_markdown_is_a_task_list_by_topic(database: Path) -> None:
    text = export_bytes(database, format="md", filters=YEAR).decode("utf-8")
    lines = text.splitlines()
    assert lines[0] == "# Planning checklist: 2025/26"
    headings = [line for line in lines if line.startswith("## ")]
    assert headings[0] == "## Urgent care"
    assert headings[-1] == "## Also said"
    assert sum(line.startswith("- [ ] ") for line in lines) == 8
    assert (
        "[Invented guidance 2025/26, page 4](<https://guidance.example/guidance-2025-26.pdf#page=4>)"
        in text
    )
    assert "Open Government Licence v3.0" in text


def test_markdown_holds_no_foreign_markup(database: Path) -> None:
    text = export_bytes(database, format="md", filters=YEAR).decode("utf-8")
    assert "<script" not in text.replace("\\<script", "")
    assert "[link]" not in text
    assert "javascript:alert(1)>" not in text
    assert "\x1b" not in text
    numbers = export_bytes(database, table="quantities", format="md").decode("utf-8")
    widths = {
        line.replace("\\|", "").count("|") for line in numbers.splitlines() if line.startswith("|")
    }
    assert len(widths) == 1  # no cell broke its row


def events_of(database: Path, **filters: Any) -> dict[str, Any]:
    """The events of a calendar by UID."""
    content = export_bytes(database, format="ics", filters=Filters(**filters))
    events = Calendar.from_ical(content).walk("VEVENT")
    by_uid = {str(event["uid"]): event for event in events}
    assert len(by_uid) == len(events)
    return by_uid


def test_a_calendar_has_an_event_for_each_dated_deadline(database: Path) -> None:
    events = events_of(database, year="2025/26")
    assert {uid: event.decoded("dtstart") for uid, event in events.items()} == {
        "b1": date(2026, 3, 31),
        "b1-2025-09-30": date(2025, 9, 30),
    }
    event = events["b1"]
    assert event.decoded("dtend") == date(2026, 4, 1)
    assert event["categories"].to_ical() == b"Urgent care"
    assert event["summary"].startswith("Due: ICBs must see at least 78%")
    assert "Source: Invented guidance 2025/26, page 3" in event["description"]
    assert event["transp"] == "TRANSPARENT"


def test_a_draft_that_was_replaced_is_not_due_twice(database: Path) -> None:
    assert "d1" not in events_of(database)
    assert set(events_of(database, document="draft")) == {"d1", "d1-2025-09-30"}


def reqif_schema() -> xmlschema.XMLSchema:
    """The OMG's schema, which the reqif library brings along."""
    spec = find_spec("reqif")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]) / "reqif_schema"
    # The schema names its parts from the folder above the package.
    return xmlschema.XMLSchema(str(folder / "reqif.xsd"), base_url=str(folder))


def test_reqif_is_valid_against_the_schema(database: Path) -> None:
    for filters in (YEAR, Filters(), Filters(year="2024/25", topic="finance")):
        content = export_bytes(database, format="reqif", filters=filters).decode("utf-8")
        reqif_schema().validate(content)


def test_reqif_holds_requirements_headings_and_relations(database: Path) -> None:
    content = export_bytes(database, format="reqif").decode("utf-8")
    parsed = ReqIFParser.parse_from_string(content).core_content.req_if_content
    kinds = [spec_object.spec_object_type for spec_object in parsed.spec_objects]
    assert kinds.count("type-requirement") == 23
    b1 = next(o for o in parsed.spec_objects if o.identifier == "requirement-b1")
    values = {name: attribute.value for name, attribute in b1.attribute_map.items()}
    assert values["attribute-reqif-foreignid"] == "b1"
    assert "at least 78% of patients" in values["attribute-reqif-text"]
    assert values["attribute-modality"] == ["modality-obligation"]
    assert values["attribute-deadline-date"] == "2026-03-31T00:00:00Z"
    assert values["attribute-page"] == "3"
    assert len(parsed.specifications) == 6
    assert len(parsed.spec_relations) == 11
    names = {kind.identifier: kind.long_name for kind in parsed.spec_types}
    assert names["type-relation-target_changed"] == "Target changed"


def test_reqif_hierarchy_follows_the_headings(database: Path) -> None:
    content = export_bytes(database, format="reqif", filters=Filters(document="guidance-2025-26"))
    parsed = ReqIFParser.parse_from_string(content.decode("utf-8")).core_content.req_if_content
    objects = {o.identifier: o for o in parsed.spec_objects}

    def outline(nodes: list[Any]) -> list[Any]:
        found: list[Any] = []
        for node in nodes:
            spec_object = objects[node.spec_object]
            if spec_object.spec_object_type == "type-heading":
                words = spec_object.attribute_map["attribute-chapter"].value_stripped_xhtml
                found.append(
                    [words.replace("<div>", "").replace("</div>", ""), outline(node.children)]
                )
            else:
                found.append(node.spec_object.removeprefix("requirement-"))
        return found

    assert outline(parsed.specifications[0].children) == [
        ["Priorities", [["Urgent care", ["b1", "b2", "b3"]]]],
        ["People", ["b4", "b5"]],
        ["Priorities", [["Urgent care", ["b6", "b7", "b8"]]]],
        ["=1+1", [["&lt;b&gt;Money&lt;/b&gt;", ["b9"]]]],
    ]


@pytest.mark.parametrize("table", ["requirements", "links", "quantities"])
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_of_every_table_comes_out_the_same_twice(
    database: Path, form: str, table: str
) -> None:
    if table not in FORMATS[form]:
        with pytest.raises(UsageError, match=f"{form} holds requirements only"):
            export_bytes(database, table=table, format=form)
        return
    first = export_bytes(database, table=table, format=form)
    assert first
    assert export_bytes(database, table=table, format=form) == first
    assert form in CONTENT_TYPES


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"format": "pdf"}, "There is no format 'pdf'. Choose one of: jsonl, csv, md,"),
        ({"table": "threads"}, "There is no table 'threads'. Choose one of: requirements, links,"),
    ],
)
def test_what_there_is_not(database: Path, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        export_bytes(database, **asked)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "no.db"
    path.write_text("nothing", encoding="utf-8")
    with pytest.raises(UsageError, match="is not a database"):
        export_bytes(path)
