"""Plain text, Markdown and transcripts to blocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DocumentError, Outcome
from pipeline.read.text import read_markdown, read_text
from pipeline.read.text_markdown import plain, read_markdown_blocks
from pipeline.read.text_markers import letters, marker_of, parse_marker, roman
from pipeline.read.text_plain import read_plain
from pipeline.records import Block, BlockKind

PROSE = "The board met and heard what it had been told to hear, and a good deal that it had not."


def _shape(blocks: list[Block]) -> list[tuple[str, int, str | None, str]]:
    return [(block.kind.value, block.level, block.marker, block.text) for block in blocks]


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        pytest.param("• open beds", "•", id="bullet"),
        pytest.param("•open beds", "•", id="bullet-without-a-space"),
        pytest.param("- open beds", "-", id="dash"),
        pytest.param("o open beds", "o", id="second-level-bullet"),
        pytest.param("\uf0b7 open beds", "\uf0b7", id="symbol-font"),
        pytest.param("1. Open beds", "1.", id="number"),
        pytest.param("12) open beds", "12)", id="number-and-bracket"),
        pytest.param("(b) open beds", "(b)", id="letter"),
        pytest.param("iv. open beds", "iv.", id="roman"),
        pytest.param("2.1 Open beds", "2.1", id="decimal"),
        pytest.param("3.1.4. Open beds", "3.1.4.", id="deep-decimal"),
        pytest.param("2.1 million people", None, id="a-figure"),
        pytest.param("3.5 per cent rose", None, id="a-share"),
        pytest.param("2025. The year ended", None, id="a-year"),
        pytest.param("A. Smith spoke", None, id="initial"),
        pytest.param("ill. And so on", None, id="word"),
        pytest.param("§ 12 says so", None, id="paragraph-sign"),
        pytest.param("Open beds", None, id="nothing"),
        pytest.param("•", None, id="alone"),
    ],
)
def test_markers(text: str, marker: str | None) -> None:
    found = parse_marker(text)
    assert (found.text if found is not None else None) == marker
    if found is not None:
        assert not text[found.width :].startswith((" ", "\t"))


@pytest.mark.parametrize(
    ("before", "after", "follows"),
    [
        pytest.param("1.", "2.", True, id="numbers"),
        pytest.param("1.", "3.", False, id="gap"),
        pytest.param("1.", "2)", False, id="other-style"),
        pytest.param("(h)", "(i)", True, id="i-as-a-letter"),
        pytest.param("(i)", "(ii)", True, id="i-as-a-number"),
        pytest.param("2.9", "2.10", True, id="decimals"),
        pytest.param("2.9", "3.1", False, id="other-section"),
        pytest.param("•", "•", True, id="bullets"),
        pytest.param("•", "–", False, id="other-bullets"),
    ],
)
def test_what_follows_what(before: str, after: str, follows: bool) -> None:
    assert marker_of(after).follows(marker_of(before)) is follows


@given(st.integers(min_value=1, max_value=60))
def test_numerals_are_read_as_they_are_written(number: int) -> None:
    styles = dict(marker_of(f"({roman(number)})").readings)
    assert styles["(i)"] == number
    if number <= 26:
        assert ("(a)", number) in marker_of(f"({letters(number)})").readings


@given(st.text(max_size=40))
def test_a_marker_is_never_longer_than_its_text(text: str) -> None:
    found = parse_marker(text)
    assert found is None or 0 < found.width <= len(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            f"Beds\n\n{PROSE}\n\nWhat is asked\n\n{PROSE}",
            [
                ("heading", 1, None, "Beds"),
                ("paragraph", 0, None, PROSE),
                ("heading", 2, None, "What is asked"),
                ("paragraph", 0, None, PROSE),
            ],
            id="headings-stand-apart-over-prose",
        ),
        pytest.param(
            f"{PROSE}\n\nHelen Poe\n\nChair\n\n{PROSE}",
            [
                ("paragraph", 0, None, PROSE),
                ("paragraph", 0, None, "Helen Poe"),
                ("heading", 2, None, "Chair"),
                ("paragraph", 0, None, PROSE),
            ],
            id="names-over-no-prose-are-none",
        ),
        pytest.param(
            "All must:\n\n  • open beds\n    – ten of them\n  • close wards\n\nThat is all of it.",
            [
                ("paragraph", 0, None, "All must:"),
                ("list_item", 1, "•", "open beds"),
                ("list_item", 2, "–", "ten of them"),
                ("list_item", 1, "•", "close wards"),
                ("paragraph", 0, None, "That is all of it."),
            ],
            id="nested-by-indent",
        ),
        pytest.param(
            "All must:\n\n•\n\nopen beds\n\n-\n\nclose wards",
            [
                ("paragraph", 0, None, "All must:"),
                ("list_item", 1, "•", "open beds"),
                ("list_item", 1, "-", "close wards"),
            ],
            id="bullets-on-lines-of-their-own",
        ),
        pytest.param(
            "1.  First of all\n\n    and more of it\n\n2.  Second",
            [
                ("list_item", 1, "1.", "First of all and more of it"),
                ("list_item", 1, "2.", "Second"),
            ],
            id="second-paragraph-of-an-item",
        ),
        pytest.param(
            "2.1 Boards meet.", [("paragraph", 0, "2.1", "Boards meet.")], id="numbered-paragraph"
        ),
        pytest.param(
            "Jan\n05", [("paragraph", 0, None, "Jan 05")], id="short-lines-belong-together"
        ),
        pytest.param(
            f"{PROSE}\n{PROSE}",
            [("paragraph", 0, None, PROSE), ("paragraph", 0, None, PROSE)],
            id="long-lines-are-paragraphs",
        ),
        pytest.param(
            "---\ntitle: A plan\n---\n\nBoards meet.",
            [("paragraph", 0, None, "Boards meet.")],
            id="front-matter",
        ),
    ],
)
def test_plain_text(text: str, wanted: list[tuple[str, int, str | None, str]]) -> None:
    assert _shape(read_plain(text)) == wanted


def test_wrapped_lines_are_joined() -> None:
    text = (
        "The board of the trust met on Tuesday and heard what it had been\n"
        "told to hear, and a good deal of it that it had not been told by\n"
        "anybody at all, from long-\nstanding members of its staff.\n"
        "Next it voted on the plan, which all of those who were there had\n"
        "read.\n"
    )
    assert [block.text for block in read_plain(text)] == [
        (
            "The board of the trust met on Tuesday and heard what it had been told to hear, and a "
            "good deal "
            "of it that it had not been told by anybody at all, from long-standing members of its "
            "staff."
        ),
        "Next it voted on the plan, which all of those who were there had read.",
    ]


@given(
    st.lists(
        st.sampled_from(
            [PROSE, "• open beds", "1. Vote", "Beds", "  – ten", "2.1 Boards meet.", "é – “x”"]
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(["\n\n", "\n", "\r\n\r\n"]),
)
def test_blocks_start_where_they_say(lines: list[str], between: str) -> None:
    text = between.join(lines)
    for block in read_plain(text):
        assert block.start is not None
        assert text[block.start :].startswith(block.text.split()[0])


@pytest.mark.parametrize(
    ("marked", "wanted"),
    [
        pytest.param("**Item 2031-32 \\(28\\)**", "Item 2031-32 (28)", id="bold-and-escapes"),
        pytest.param(
            "*soft* and _softer_ snake_case_name", "soft and softer snake_case_name", id="italic"
        ),
        pytest.param("**1****2** beds**** **", "12 beds", id="stars-that-meet"),
        pytest.param(
            '[link](https://example.org "t") and ![picture](x.png)end', "link and end", id="links"
        ),
        pytest.param("5 \\* 3 \\_ a", "5 * 3 _ a", id="escaped-markup-stays"),
        pytest.param("see[^1] &amp; <b>hear</b><br>now", "see & hear now", id="tags-and-notes"),
        pytest.param("2 * 3 * 4 and 85%\\*", "2 * 3 * 4 and 85%*", id="stars-that-are-none"),
        pytest.param("`code`", "code", id="code"),
    ],
)
def test_markup_comes_off(marked: str, wanted: str) -> None:
    assert plain(marked) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            "# Plan #\n\nBeds\n====\n\nStaff\n-----\n\nText.",
            [
                ("heading", 1, None, "Plan"),
                ("heading", 1, None, "Beds"),
                ("heading", 2, None, "Staff"),
                ("paragraph", 0, None, "Text."),
            ],
            id="headings",
        ),
        pytest.param(
            "Boards must\nmeet:\n\n- open\n  beds\n    - ten\n* close\n+ sell\n\n1. vote",
            [
                ("paragraph", 0, None, "Boards must meet:"),
                ("list_item", 1, "-", "open beds"),
                ("list_item", 2, "-", "ten"),
                ("list_item", 1, "*", "close"),
                ("list_item", 1, "*", "sell"),
                ("list_item", 1, "1.", "vote"),
            ],
            id="lists",
        ),
        pytest.param(
            f"**Beds**\n\n{PROSE}\n\n**Date**\n\n4 May\n\n**Name:**\n\nHelen Poe",
            [
                ("heading", 2, None, "Beds"),
                ("paragraph", 0, None, PROSE),
                ("paragraph", 0, None, "Date"),
                ("paragraph", 0, None, "4 May"),
                ("paragraph", 0, None, "Name:"),
                ("paragraph", 0, None, "Helen Poe"),
            ],
            id="bold-lines-over-prose-are-headings",
        ),
        pytest.param("> quoted\n> on", [("paragraph", 0, None, "quoted on")], id="quotation"),
        pytest.param(
            "```\na = 1\n```\n\nEnd.",
            [("paragraph", 0, None, "a = 1"), ("paragraph", 0, None, "End.")],
            id="fence",
        ),
        pytest.param(
            "One[^a].\n\n[^a]: A note\nthat goes on.",
            [("paragraph", 0, None, "One."), ("footnote", 0, "a", "A note that goes on.")],
            id="footnote",
        ),
        pytest.param(
            "One.\n\n---\n\n<!-- two -->\n\nThree.",
            [("paragraph", 0, None, "One."), ("paragraph", 0, None, "Three.")],
            id="rule-and-comment",
        ),
        pytest.param("**• **open beds", [("list_item", 1, "•", "open beds")], id="bold-bullet"),
    ],
)
def test_markdown(text: str, wanted: list[tuple[str, int, str | None, str]]) -> None:
    assert _shape(read_markdown_blocks(text)) == wanted


def test_pipe_tables() -> None:
    text = "| Aim | Measure |\n|:--|--:|\n| **Waits** | 60% \\| 65%<br>in May |\n| Beds |\n\nEnd."
    table, end = read_markdown_blocks(text)
    assert table.table is not None
    assert [(c.text, c.row, c.column, c.header) for c in table.table.cells] == [
        ("Aim", 0, 0, True),
        ("Measure", 0, 1, True),
        ("Waits", 1, 0, False),
        ("60% | 65%\nin May", 1, 1, False),
        ("Beds", 2, 0, False),
    ]
    assert end.text == "End."


@given(st.text(alphabet="ab *_#-|`\\[]()<>!\n1.>&•", max_size=120))
def test_any_markdown_is_read(text: str) -> None:
    for block in read_markdown_blocks(text):
        assert block.start is not None
        assert 0 <= block.start <= len(text)
        assert block.text or block.table is not None


MARKED = "".join(f"00:00:0{n}.000 words {n} and\nmore\n" for n in range(1, 7))
SUBRIP = "".join(
    f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n<i>words {n}</i>\nmore\n\n" for n in range(1, 7)
)
VTT = "WEBVTT\n\n" + "".join(
    f"00:0{n}.000 --> 00:0{n + 1}.000\n<v Ann Poe>words <c.x>{n}</c>\n\n" for n in range(1, 7)
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            f"# A title of it\n# https://example.org/x\n\n{MARKED}",
            [w for n in range(1, 7) for w in (f"00:00:0{n}.000", f"words {n} and", "more")],
            id="time-marks",
        ),
        pytest.param(
            SUBRIP,
            [w for n in range(1, 7) for w in (f"00:00:0{n},000", f"words {n}", "more")],
            id="subrip",
        ),
        pytest.param(
            VTT,
            [w for n in range(1, 7) for w in (f"00:0{n}.000", f"Ann Poe: words {n}")],
            id="webvtt",
        ),
    ],
)
def test_transcripts(tmp_path: Path, text: str, wanted: list[str]) -> None:
    path = tmp_path / "t.txt"
    path.write_text(text, encoding="utf-8")
    source = read_text(path)
    assert [block.text for block in source.blocks] == wanted
    for entry in source.blocks:
        if entry.kind is BlockKind.ENTRY:
            assert entry.start is not None
            assert text[entry.start :].startswith(entry.text)


def test_what_stands_over_a_transcript_is_said_of_it(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text(f"# A title of it\n# https://example.org/x\n\n{MARKED}", encoding="utf-8")
    assert dict(read_text(path).metadata) == {
        "title": "A title of it",
        "url": "https://example.org/x",
    }


def test_a_page_with_times_of_day_is_no_transcript(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text(
        "\n\n".join(f"{hour}:30 {PROSE}" for hour in (15, 13, 12, 11, 10, 9)), encoding="utf-8"
    )
    assert not [block for block in read_text(path).blocks if block.kind is BlockKind.ENTRY]


@pytest.mark.parametrize(
    ("content", "start"),
    [
        pytest.param("£5 – “done”".encode(), "£5 – “done”", id="utf-8"),
        pytest.param("\ufeff£5".encode(), "£5", id="utf-8-with-a-mark"),
        pytest.param("£5".encode("utf-16"), "£5", id="utf-16"),
        pytest.param(
            ("The trust’s £5 – “done”. " * 9).encode("windows-1252"),
            "The trust’s £5 – “done”.",
            id="windows",
        ),
    ],
)
def test_encodings(tmp_path: Path, content: bytes, start: str) -> None:
    path = tmp_path / "t.md"
    path.write_bytes(content)
    assert read_markdown(path).blocks[0].text.startswith(start)


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        pytest.param(b"", Outcome.EMPTY, id="empty"),
        pytest.param(b" \n\n ", Outcome.EMPTY, id="blank"),
        pytest.param(bytes(range(32)) * 40, Outcome.CORRUPT, id="no-text"),
    ],
)
def test_files_that_are_no_text(tmp_path: Path, content: bytes, outcome: Outcome) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_text(path)
    assert caught.value.outcome is outcome
