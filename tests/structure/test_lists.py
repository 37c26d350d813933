"""Which stems govern an item."""

from __future__ import annotations

import pytest

from pipeline.records import BlockKind
from pipeline.sentences import sentences_of
from pipeline.structure.lists import govern
from pipeline.structure.pieces import Piece
from pipeline.structure.sentences import find_lead_in


def _heading(text: str) -> Piece:
    return Piece(kind=BlockKind.HEADING, text=text, level=1)


def _text(text: str) -> Piece:
    return Piece(kind=BlockKind.PARAGRAPH, text=text)


def _item(text: str, level: int = 1, marker: str = "•") -> Piece:
    return Piece(kind=BlockKind.LIST_ITEM, text=text, level=level, marker=marker)


def _note(text: str) -> Piece:
    return Piece(kind=BlockKind.FOOTNOTE, text=text, marker="1")


CASES = [
    pytest.param(
        [_text("It was a hard year. Trusts must:"), _item("open beds")],
        {"open beds": ("Trusts must:",)},
        id="last-sentence-of-the-paragraph",
    ),
    pytest.param(
        [_text("The roles are to,"), _item("lead", marker="1."), _item("pay", marker="2.")],
        {"lead": ("The roles are to,",), "pay": ("The roles are to,",)},
        id="lead-in-that-ends-in-a-comma",
    ),
    pytest.param(
        [_text("The board agreed the plan."), _item("the vote was close")],
        {"the vote was close": ()},
        id="a-whole-sentence-governs-nothing",
    ),
    pytest.param(
        [_text("Boards must:"), _item("cut waits by:"), _item("more clinics", 2), _item("publish")],
        {
            "cut waits by:": ("Boards must:",),
            "more clinics": ("Boards must:", "cut waits by:"),
            "publish": ("Boards must:",),
        },
        id="nested",
    ),
    pytest.param(
        [_text("Boards must:"), _item("Cut waits."), _item("by May", 2)],
        {"by May": ("Boards must:",)},
        id="an-item-that-is-a-sentence-governs-no-list-in-it",
    ),
    pytest.param(
        [
            _text("Trusts must, in order:"),
            _text("1. Cut agency spend by:"),
            _item("using banks"),
            _text("2. Cut drug spend by:"),
            _item("using generics"),
            _text("Help is at hand."),
            _text("3. Cut energy. Trusts will:"),
            _item("turn lights off"),
        ],
        {
            "Cut agency spend by:": ("Trusts must, in order:",),
            "using banks": ("Trusts must, in order:", "Cut agency spend by:"),
            "using generics": ("Trusts must, in order:", "Cut drug spend by:"),
            "Cut energy. Trusts will:": ("Trusts must, in order:",),
            "turn lights off": ("Trusts must, in order:", "Trusts will:"),
        },
        id="numbers-go-on-after-text-between-them",
    ),
    pytest.param(
        [
            _text("Trusts must:"),
            _text("1. Cut spend by:"),
            _item("using banks"),
            _text("To help, we will:"),
            _item("send money"),
            _text("2. Cut waits."),
        ],
        {"send money": ("To help, we will:",), "Cut waits.": ("Trusts must:",)},
        id="a-lead-in-between-governs-its-own-list-only",
    ),
    pytest.param(
        [_text("Trusts must:"), _item("open beds"), _note("Not in May."), _item("close beds")],
        {"close beds": ("Trusts must:",)},
        id="a-footnote-does-not-end-a-list",
    ),
    pytest.param(
        [_text("Trusts must:"), _item("open beds"), _text("All did so."), _item("close beds")],
        {"close beds": ()},
        id="text-ends-a-list",
    ),
    pytest.param(
        [_text("Trusts must:"), _text("1. Cut waits"), _heading("Money"), _text("2. Cut spend")],
        {"Cut spend": ()},
        id="a-heading-ends-a-list",
    ),
    pytest.param(
        [_heading("Trusts must:"), _item("open beds")],
        {"open beds": ("Trusts must:",)},
        id="a-heading-with-a-colon-is-a-lead-in",
    ),
    pytest.param(
        [
            _text("The duties are:"),
            _item("plan", marker="(a)"),
            _item("pay", marker="(b)"),
            _item("on time", 2, "(i)"),
            _item("in full", 2, "(ii)"),
            _item("report", marker="(c)"),
        ],
        {
            "on time": ("The duties are:", "pay"),
            "in full": ("The duties are:", "pay"),
            "report": ("The duties are:",),
        },
        id="letters-and-roman-figures",
    ),
    pytest.param(
        [
            _text("2.1 The board must:"),
            _text("(a) meet"),
            _text("(b) vote"),
            _text("2.2 It may:"),
            _text("(a) rest"),
        ],
        {"vote": ("The board must:",), "rest": ("It may:",)},
        id="lists-under-numbered-paragraphs",
    ),
]


@pytest.mark.parametrize(("pieces", "wanted"), CASES)
def test_stems(pieces: list[Piece], wanted: dict[str, tuple[str, ...]]) -> None:
    found = {governed.piece.text: governed.stems for governed in govern(pieces)}
    assert {text: found[text] for text in wanted} == wanted


def test_numbered_paragraphs_are_paragraphs_with_markers() -> None:
    pieces = [
        _text("1. The board met in May. It heard five reports and agreed to all of them."),
        _text("2. The board then voted on the plan. It was carried."),
        _text("2.1 Nobody spoke against it."),
    ]
    governed = govern(pieces)
    assert [g.piece.kind for g in governed] == [BlockKind.PARAGRAPH] * 3
    assert [g.piece.marker for g in governed] == ["1.", "2.", "2.1"]
    assert not any(g.piece.text[0].isdigit() for g in governed)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("It rose by 2.5 in May. It fell in June.", 2, id="decimal"),
        pytest.param("Trusts, e.g. those in Leeds, agreed.", 1, id="abbreviation"),
        pytest.param("J. Smith chaired. Dr. Lee spoke.", 2, id="initials-and-titles"),
        pytest.param("See Annex B. It is short.", 2, id="letter-of-an-annex"),
        pytest.param("“It is late.” She left.", 2, id="quotation"),
        pytest.param("All must: plan; pay", 1, id="colon"),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences_of(text)) == count
    assert " ".join(sentences_of(text)) == text


def test_a_paragraph_that_ends_is_no_lead_in() -> None:
    assert find_lead_in("All of this is done.") is None
    assert find_lead_in("This is new. We ask boards to") == "We ask boards to"
