"""Foreign text, disarmed for each format."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.text import (
    CELL_LIMIT,
    cell_text,
    clean,
    csv_text,
    html_text,
    markdown_text,
    web_link,
)

_ANY = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        pytest.param("a\x00b\x1b[31mc\x9b", "ab[31mc", id="controls-and-terminal-codes"),
        pytest.param("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne", id="line-ends"),
        pytest.param("tab\there", "tab\there", id="tab-stays"),
        pytest.param("a\ud800b\uffff", "ab", id="halves-and-non-characters"),
        pytest.param("\u202eabc", "\u202eabc\u202c", id="override-closed"),
        pytest.param("\u202eabc\u202c", "\u202eabc\u202c", id="override-closed-already"),
        pytest.param("\u2067a\u202ab", "\u2067a\u202ab\u202c\u2069", id="nested"),
        pytest.param("\u2067a\u202ab\u2069", "\u2067a\u202ab\u2069", id="isolate-ends-embedding"),
        pytest.param("\u05d0\u200fx", "\u05d0\u200fx", id="marks-stay"),
    ],
)
def test_clean(given_: str, wanted: str) -> None:
    assert clean(given_) == wanted


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("=1+1", id="equals"),
        pytest.param("+44 20", id="plus"),
        pytest.param("-growth", id="minus"),
        pytest.param("@SUM(A1)", id="at"),
        pytest.param("\t=1", id="tab"),
        pytest.param("\r=1", id="carriage-return"),
        pytest.param("  =1", id="spaces-first"),
        pytest.param("\ufeff=1", id="byte-order-mark-first"),
        pytest.param("\uff1d1", id="wide-equals"),
    ],
)
def test_csv_formulas_are_disarmed(text: str) -> None:
    assert csv_text(text).startswith("'")


@pytest.mark.parametrize("text", ["78% by 2026", "1-2", "a=b", "", "£5"])
def test_csv_leaves_other_text(text: str) -> None:
    assert csv_text(text) == text


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        pytest.param("a | b", r"a \| b", id="pipe"),
        pytest.param("<b>x</b>", r"\<b\>x\</b\>", id="html"),
        pytest.param("[x](javascript:1)", r"\[x\](javascript:1)", id="link"),
        pytest.param("![x](y)", r"!\[x\](y)", id="image"),
        pytest.param("see https://e.example", r"see https\://e.example", id="bare-address"),
        pytest.param("www.e.example", r"www\.e.example", id="bare-www"),
        pytest.param("a@b.example", r"a\@b.example", id="bare-email"),
        pytest.param("A&E and &amp;", r"A&E and \&amp;", id="entity"),
        pytest.param("# x", r"\# x", id="heading"),
        pytest.param("- x", r"\- x", id="list"),
        pytest.param("2025. x", r"2025\. x", id="numbered-list"),
        pytest.param("year-end (ICBs) #1", "year-end (ICBs) #1", id="ordinary-marks-stay"),
        pytest.param("a\nb", "a b", id="one-line"),
        pytest.param("`a` *b* _c_ ~d~ $e$ \\", r"\`a\` \*b\* \_c\_ \~d\~ \$e\$ \\", id="markup"),
    ],
)
def test_markdown(given_: str, wanted: str) -> None:
    assert markdown_text(given_) == wanted


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("https://e.example/a.pdf", "https://e.example/a.pdf"),
        ("https://e.example/a (1)>|é.pdf", "https://e.example/a%20%281%29%3E%7C%C3%A9.pdf"),
        ("https://e.example/a%20b", "https://e.example/a%20b"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("//e.example", None),
        ("http://[x", None),
        ("https://e.example/" + "a" * 3000, None),
        (None, None),
    ],
)
def test_web_link(given_: str | None, wanted: str | None) -> None:
    assert web_link(given_) == wanted


@given(_ANY)
def test_cleaned_text_is_xml(text: str) -> None:
    element = ElementTree.fromstring(f"<a>{html_text(text)}</a>")
    assert (element.text or "") == clean(text)


@given(_ANY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(_ANY)
def test_csv_reads_back_without_a_formula(text: str) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([csv_text(text), "end"])
    buffer.seek(0)
    cell, end = next(csv.reader(buffer))
    assert end == "end"
    assert cell.removeprefix("'") == clean(text).removeprefix("'")
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize("letter", ["a", "\U0001f600", "é"])
def test_cell_limit_counts_utf16_units(letter: str) -> None:
    cut = cell_text(letter * 40_000)
    assert CELL_LIMIT - 1 <= len(cut.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert cut.endswith("…")
    assert cell_text(letter * 100) == letter * 100
