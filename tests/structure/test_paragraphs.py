"""Lines of pages to paragraphs, list items, headings and footnotes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.records import Bookmark, Box, PassageKind

FULL = "Systems are asked to keep beds open through the winter and to staff them from their own"
NEXT = "banks before they turn to agencies, as they were asked to do in the year that has ended"
END = "and in the years before it."


def test_lines_make_paragraphs_by_the_distance_between_them(
    sheet: Callable[[int], Any], structure_sheets: Any
) -> None:
    page = sheet(1).set(FULL, NEXT, END).set(FULL, END, gap=8)
    document = structure_sheets(page)
    assert [p.text for p in document.passages] == [f"{FULL} {NEXT} {END}", f"{FULL} {END}"]


def test_first_lines_that_are_indented_start_paragraphs(
    sheet: Callable[[int], Any], structure_sheets: Any
) -> None:
    page = sheet(1).set(FULL, indent=12).set(NEXT, END).set(FULL[:84], indent=12).set(NEXT, END)
    assert [p.text.split()[0] for p in structure_sheets(page).passages] == ["Systems", "Systems"]


@pytest.mark.parametrize(
    ("last", "first", "joined"),
    [
        pytest.param(FULL, "banks and agencies.", True, id="lower-case-goes-on"),
        pytest.param(FULL + ".", "Boards must agree.", False, id="full-stop-ends"),
        pytest.param(
            "Plans come from the", "Department in May.", True, id="no-paragraph-ends-in-the"
        ),
        pytest.param("A short line", "Boards must agree.", False, id="short-line-ends"),
        pytest.param(FULL[:-1] + "-", "Sized hospitals.", True, id="hyphen-goes-on"),
    ],
)
def test_paragraphs_over_a_page_break(
    sheet: Callable[[int], Any], structure_sheets: Any, last: str, first: str, joined: bool
) -> None:
    document = structure_sheets(sheet(1).set(FULL, NEXT, last), sheet(2).set(first, gap=40))
    assert len(document.passages) == (1 if joined else 2)
    if joined:
        assert {place.page for place in document.passages[0].places} == {1, 2}


def test_a_footnote_between_the_halves_stands_apart(
    sheet: Callable[[int], Any], structure_sheets: Any
) -> None:
    marked = FULL.replace("winter", "winter1")
    place = marked.index("1")
    first = sheet(1).set(marked, raised=((place, place + 1),)).set(NEXT)
    first.at(700).set("1 From November to March.", size=8, raised=((0, 1),))
    document = structure_sheets(first, sheet(2).set(END))
    assert [(p.kind, p.marker) for p in document.passages] == [
        (PassageKind.PARAGRAPH, None),
        (PassageKind.FOOTNOTE, "1"),
    ]
    assert document.passages[0].text == f"{FULL} {NEXT} {END}"
    assert document.passages[1].text == "From November to March."


def test_exponents_stay_in_the_text(sheet: Callable[[int], Any], structure_sheets: Any) -> None:
    page = sheet(1).set("Each room has 12 m2 of floor.", raised=((18, 19),))
    assert structure_sheets(page).passages[0].text == "Each room has 12 m2 of floor."


def test_items_keep_their_stem_through_a_page_break(
    sheet: Callable[[int], Any], structure_sheets: Any
) -> None:
    first = sheet(1).set(FULL, NEXT + ".", "The year was hard. All trusts must:")
    first.set("• open beds by October", indent=6, gap=6).set(
        "• train staff in their use and keep a list of those",
        "who have been trained",
        indent=6,
        gap=4,
    )
    first.lines[-1] = _moved(first.lines[-1], 12)
    second = sheet(2).set("• close beds by April", indent=6).set("Boards agree the plan.", gap=10)
    passages = structure_sheets(first, second).passages
    items = [p for p in passages if p.kind is PassageKind.LIST_ITEM]
    assert [p.stems for p in items] == [("All trusts must:",)] * 3
    assert (
        items[1].text == "train staff in their use and keep a list of those who have been trained"
    )
    assert passages[-1].kind is PassageKind.PARAGRAPH
    assert passages[-1].stems == ()


def test_nested_items_have_all_stems(sheet: Callable[[int], Any], structure_sheets: Any) -> None:
    page = sheet(1).set("Every board must:")
    page.set("• cut waits by:", indent=6, gap=6)
    page.set("o adding clinics", indent=24, gap=4).set("o adding staff", indent=24, gap=4)
    page.set("• publish a plan", indent=6, gap=4)
    items = structure_sheets(page).passages[1:]
    assert [p.stems for p in items] == [
        ("Every board must:",),
        ("Every board must:", "cut waits by:"),
        ("Every board must:", "cut waits by:"),
        ("Every board must:",),
    ]
    assert [p.level for p in items] == [1, 2, 2, 1]


def test_a_box_is_kept_in_its_place(sheet: Callable[[int], Any], structure_sheets: Any) -> None:
    page = sheet(1).set(FULL, END)
    start = page.top + 20
    page.set("Boards must agree their plans by the end of June.", gap=30, indent=8)
    page.rules.append(Box(x0=58, top=start, x1=500, bottom=page.top + 10))
    page.set(FULL, END, gap=30)
    assert [p.boxed for p in structure_sheets(page).passages] == [False, True, False]


def test_headings_over_two_lines_and_levels_by_type(
    sheet: Callable[[int], Any], structure_sheets: Any
) -> None:
    page = sheet(1).set("What boards are asked to do", "in the coming year", size=18, bold=True)
    page.set(FULL, END, gap=10).set("Beds", size=13, bold=True, gap=14).set(FULL, END, gap=6)
    page.set("Staff", size=13, bold=True, gap=14).set(FULL, END, gap=6)
    page.set("Money", size=18, bold=True, gap=14).set(FULL, END, gap=6)
    assert [(s.level, s.path) for s in structure_sheets(page).sections] == [
        (1, "What boards are asked to do in the coming year"),
        (2, "What boards are asked to do in the coming year > Beds"),
        (2, "What boards are asked to do in the coming year > Staff"),
        (1, "Money"),
    ]


def test_bookmarks_say_what_a_heading_is(
    sheet: Callable[[int], Any], structure_sheets: Any
) -> None:
    page = sheet(1).set("2 Beds").set(FULL, END, gap=10).set("Staff", gap=10).set(FULL, END, gap=10)
    marks = (
        Bookmark(title="Beds", level=1, page=1),
        Bookmark(title="Staff", level=2, page=1),
    )
    document = structure_sheets(page, sheet(2).set(FULL, END), bookmarks=marks)
    assert [s.path for s in document.sections] == ["2 Beds", "2 Beds > Staff"]


def test_a_bold_lead_in_is_no_heading(sheet: Callable[[int], Any], structure_sheets: Any) -> None:
    page = sheet(1).set(FULL, END).set("1. Cut the cost of agency staff by:", bold=True, gap=8)
    page.set("• using banks first", indent=6, gap=6)
    document = structure_sheets(page)
    assert document.sections == ()
    assert document.passages[-1].stems == ("Cut the cost of agency staff by:",)


def test_the_title_on_a_cover_heads_no_section(
    sheet: Callable[[int], Any], structure_sheets: Any
) -> None:
    cover = sheet(1).at(250).set("Plans for the year", size=30, bold=True)
    cover.set("What is asked of boards in 2031/32", size=16, gap=20)
    body = sheet(2).set("Foreword", size=16, bold=True).set(FULL, END, gap=8)
    document = structure_sheets(cover, body)
    assert document.document.title == "Plans for the year"
    assert str(document.document.planning_years) == "2031/32"
    assert [s.path for s in document.sections] == ["Foreword"]


def _moved(line: Any, points: float) -> Any:
    from dataclasses import replace

    box = replace(line.box, x0=line.box.x0 + points, x1=line.box.x1 + points)
    return replace(line, box=box)
