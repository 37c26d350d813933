"""What is around the text: running headers, page numbers, contents, site furniture; and the rules
for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.read.text_furniture import FurnitureRule, load_furniture, read_rules
from pipeline.records import Block, BlockKind, Kind
from pipeline.structure.contents import drop_contents_blocks
from pipeline.structure.furniture import find_body
from pipeline.structure.page_breaks import drop_page_furniture
from pipeline.structure.site import drop_site_furniture

_RULES = read_rules()
_GROUPS = ("whole", "tail", "section", "element")


def _rules() -> list[Any]:
    return [
        pytest.param(group, rule, id=f"{group}-{rule.id}")
        for group in _GROUPS
        for rule in getattr(_RULES, group)
    ]


@pytest.mark.parametrize(("group", "rule"), _rules())
def test_each_rule_has_a_hit_and_a_near_miss(group: str, rule: FurnitureRule) -> None:
    pattern = re.compile(rule.pattern, re.IGNORECASE)
    furniture = load_furniture()
    if group == "tail":
        assert pattern.search(rule.hit)
        assert furniture.without_tail(rule.hit) != rule.hit
        assert furniture.without_tail(rule.near_miss) == rule.near_miss
    else:
        assert pattern.fullmatch(rule.hit)
        assert not getattr(furniture, group).fullmatch(rule.near_miss)


def test_rules_have_ids_of_their_own() -> None:
    ids = [(group, rule.id) for group in _GROUPS for rule in getattr(_RULES, group)]
    assert len(ids) == len(set(ids))


def test_running_headers_and_page_numbers_go(sheet: Callable[[int], Any]) -> None:
    pages = []
    for number in range(1, 7):
        page = sheet(number).at(40).set(f"Plans for the year, page {number} of 6", size=8)
        page.at(300).set(f"What page {number} says.").at(800).set(str(number + 2), size=8)
        pages.append(page.page())
    assert [[line.text for line in lines] for lines in find_body(pages)] == [
        [f"What page {number} says."] for number in range(1, 7)
    ]


def test_headings_that_count_something_else_stay(sheet: Callable[[int], Any]) -> None:
    shown = (1, 1, 2, 5, 6, 9)
    pages = []
    for number, count in enumerate(shown, start=1):
        pages.append(
            sheet(number).at(60).set(f"Recommendation {count} of the board", size=14).page()
        )
    assert all(len(lines) == 1 for lines in find_body(pages))


def test_a_number_in_the_margin_that_is_no_page_number_stays(sheet: Callable[[int], Any]) -> None:
    pages = [sheet(n).at(60).set(text).page() for n, text in enumerate(("92", "18", "65"), start=1)]
    assert [len(lines) for lines in find_body(pages)] == [1, 1, 1]


def test_tables_of_contents_go(sheet: Callable[[int], Any], structure_sheets: Any) -> None:
    page = sheet(1).set("Contents", size=16, bold=True)
    page.set("Foreword 3", "1. Beds 4", "2. Staff and how they are", "paid for 7", gap=8)
    text = sheet(2).set("Boards must open beds by the end of October.")
    passages = structure_sheets(page, text).passages
    assert [p.text for p in passages] == ["Boards must open beds by the end of October."]


def _paragraphs(*texts: str) -> list[Block]:
    return [Block(kind=BlockKind.PARAGRAPH, text=text, start=n) for n, text in enumerate(texts)]


def test_contents_with_leaders_go_from_text() -> None:
    blocks = _paragraphs(
        "Contents", "Beds ....... 4", "Staff ...... 7", "Money ..... 9", "Boards must agree."
    )
    assert [block.text for block in drop_contents_blocks(blocks)] == ["Boards must agree."]


def test_a_list_that_ends_in_figures_is_no_contents() -> None:
    blocks = _paragraphs("Waits fell to 4", "Beds rose to 7", "Staff rose to 9")
    assert drop_contents_blocks(blocks) == blocks


def test_pages_turned_to_text_lose_headers_and_numbers() -> None:
    texts: list[str] = []
    verbs = ("add", "ask", "say", "hear", "read", "vote on", "write", "minute")
    for number in range(1, 9):
        texts += [
            f"The board heard {number} more reports on beds and said that it had",
            f"no more to {verbs[number - 1]}.",
        ]
        texts += [str(number), "Annual report of a trust"]
    kept = [block.text for block in drop_page_furniture(_paragraphs(*texts))]
    assert len(kept) == 8
    assert all(text.startswith("The board heard") and " no more to " in text for text in kept)


LONG = "Beds that were opened for the winter are staffed until March by nurses who come from the"


@pytest.mark.parametrize(
    ("cut", "rest", "joined"),
    [
        pytest.param(LONG, "Agency of the county.", True, id="long-line-cannot-end-in-the"),
        pytest.param(f"{LONG} ward,", "Ward B or the annexe.", True, id="long-line-ends-in-comma"),
        pytest.param(f"{LONG} county", "Agencies came later.", False, id="long-line-may-end"),
        pytest.param("Nurses in", "Lead officer", False, id="short-cells-of-a-table"),
        pytest.param("Nurses who come from the", "Lead officer", False, id="short-line"),
    ],
)
def test_lines_that_go_on_with_a_capital(cut: str, rest: str, joined: bool) -> None:
    kept = drop_page_furniture(_paragraphs(*"123456", cut, rest))
    assert [block.text for block in kept] == ([f"{cut} {rest}"] if joined else [cut, rest])


def test_items_that_a_line_break_cut_are_whole_again() -> None:
    item = Block(
        kind=BlockKind.LIST_ITEM, text="Note the duties of chair,", level=1, marker="•", start=90
    )
    rest = Block(kind=BlockKind.PARAGRAPH, text="Deputy Chair and clerk", start=120)
    kept = drop_page_furniture([*_paragraphs(*"123456"), item, rest, item])
    assert [block.text for block in kept] == [f"{item.text} {rest.text}", item.text]


def test_texts_without_page_numbers_stay_as_they_are() -> None:
    blocks = _paragraphs("Present:", "A chair and", "a clerk", "Present:", "Present:", "Present:")
    assert drop_page_furniture(blocks) == blocks


def test_site_furniture_goes() -> None:
    blocks = [
        *_paragraphs(
            "The board met. Read the rest of this entry »",
            ", ,",
            "No comments yet.",
            "Leave a Reply",
        ),
        Block(kind=BlockKind.HEADING, text="Related posts", level=2),
        *_paragraphs("Something else entirely, and worth a click."),
        Block(kind=BlockKind.HEADING, text="The vote", level=2),
        *_paragraphs("It was carried.", "About Jo Bloggs", "Jo Bloggs writes about boards."),
    ]
    kept = drop_site_furniture(blocks, load_furniture(), Kind.COMMENTARY)
    assert [block.text for block in kept] == ["The board met.", "The vote", "It was carried."]


def test_board_papers_keep_headings_that_blogs_use_for_furniture() -> None:
    blocks = [
        Block(kind=BlockKind.HEADING, text="Comments", level=2),
        *_paragraphs("The chair spoke first."),
    ]
    assert drop_site_furniture(blocks, load_furniture(), Kind.BOARD_PAPER) == blocks
