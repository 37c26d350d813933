"""Reading order: columns one after the other, full-width parts between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pipeline.records import Line, Page
from pipeline.structure.columns import find_gutters, order_page


def _column(sheet: Any, left: float, top: float, words: str, count: int) -> list[Line]:
    page = sheet(1).at(top, left=left)
    page.set(*[f"{words} line {n} fills what there is" for n in range(count)])
    return list(page.lines)


def _texts(page: Page) -> list[str]:
    return [
        element.text
        for run in order_page(page, page.lines)
        for element in run.elements
        if isinstance(element, Line)
    ]


@pytest.mark.parametrize("columns", [2, 3])
def test_columns_are_read_one_after_the_other(sheet: Callable[[int], Any], columns: int) -> None:
    wanted: list[Line] = []
    for number in range(columns):
        wanted += _column(sheet, 40 + 190 * number, 100, "abc"[number], 12)
    shuffled = sorted(wanted, key=lambda line: (line.box.top, line.box.x0))
    page = replace(sheet(1).page(), lines=tuple(shuffled))
    assert len(find_gutters(page.lines)) == columns - 1
    assert _texts(page) == [line.text for line in wanted]


def test_a_heading_over_both_columns_parts_them(sheet: Callable[[int], Any]) -> None:
    above = _column(sheet, 40, 100, "a", 6) + _column(sheet, 300, 100, "b", 6)
    across = list(sheet(1).at(200, left=40).set("A heading " + "across " * 12, size=12).lines)
    below = _column(sheet, 40, 230, "c", 6) + _column(sheet, 300, 230, "d", 6)
    page = replace(sheet(1).page(), lines=(*across, *above, *below))
    assert _texts(page) == [line.text for line in (*above, *across, *below)]


def test_a_picture_over_both_columns_parts_them(sheet: Callable[[int], Any]) -> None:
    above = _column(sheet, 40, 100, "a", 5) + _column(sheet, 300, 100, "b", 5)
    below = _column(sheet, 40, 400, "c", 5) + _column(sheet, 300, 400, "d", 5)
    page = replace(sheet(1).page(), lines=(*above, *below))
    assert _texts(page) == [line.text for line in (*above, *below)]


def test_labels_beside_text_are_no_column(sheet: Callable[[int], Any]) -> None:
    labels = sheet(1).at(100, left=40).set(*["Lead:", "Due:", "Cost:", "Risk:", "Link:", "Vote:"])
    values = (
        sheet(1).at(100, left=200).set(*[f"what the label number {n} says of it" for n in range(6)])
    )
    assert find_gutters([*labels.lines, *values.lines]) == []


def test_one_column_keeps_the_order_of_the_file(sheet: Callable[[int], Any]) -> None:
    page = sheet(1).set(
        *[f"line {n} of a page that has one column of text only" for n in range(20)]
    )
    assert _texts(page.page()) == [line.text for line in page.lines]


def test_lines_drawn_late_go_where_they_stand(sheet: Callable[[int], Any]) -> None:
    page = sheet(1).set(
        *[f"line {n} of a page that has one column of text only" for n in range(20)]
    )
    late = (*page.lines[1:], page.lines[0])
    assert _texts(replace(page.page(), lines=late)) == [line.text for line in page.lines]
