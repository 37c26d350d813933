"""Labelled documents as passages: rows have the headings that stand over them in the text."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.gold import load_gold
from pipeline.records import Passage, PassageKind

_TEXT = """---
published: 2025-01-30
planning_year: 2025/26
---
# Plan

| Area | Measure | 2025/26 |
| --- | --- | --- |
| Urgent care | Patients seen on time | 78% |
| Planning | Submit your plans to the region | none |

Submit your plans early.
"""


def _passages(folder: Path, *quotes: str) -> list[Passage]:
    (folder / "plan.txt").write_text(_TEXT, encoding="utf-8")
    lines = [json.dumps({"doc": "plan", "quote": quote, "modality": None}) for quote in quotes]
    (folder / "plan.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (document,) = load_gold(folder)
    return list(document.structured().passages)


def test_a_row_has_the_headings_over_its_cells(tmp_path: Path) -> None:
    (row,) = _passages(tmp_path, "Urgent care | Patients seen on time | 78%")
    assert row.kind is PassageKind.TABLE_ROW
    assert row.labels == ("Area", "Measure", "2025/26")
    assert [(cell.heads, cell.start) for cell in row.cells] == [
        (("Area",), 0),
        (("Measure",), 14),
        (("2025/26",), 38),
    ]


def test_a_unit_that_is_one_cell_has_the_others_as_labels(tmp_path: Path) -> None:
    (row,) = _passages(tmp_path, "Submit your plans to the region")
    assert row.kind is PassageKind.TABLE_ROW
    assert row.labels == ("Planning", "none", "Area", "Measure", "2025/26")
    assert [(cell.text, cell.start) for cell in row.cells if cell.start is not None] == [
        ("Submit your plans to the region", 0)
    ]


def test_near_miss_a_sentence_is_no_row(tmp_path: Path) -> None:
    (sentence,) = _passages(tmp_path, "Submit your plans early.")
    assert sentence.kind is PassageKind.PARAGRAPH
    assert sentence.labels == ()
