"""The same words and tables as pdfplumber finds, which is slow and has been looked over by many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pdfplumber
import pytest

from pipeline.read.pdf import read_pdf
from pipeline.records import Table
from tests.read.made_pdfs import words_of

_PROJECT = Path(__file__).parents[2]
_SHARED = _PROJECT.parent / "shared" / "corpus"


def _files() -> list[tuple[Path, float]]:
    """PDFs that were never printed and scanned, each with the F1 that its words must reach.

    In the Federal Register, pdfplumber loses spaces and reads words on their side backwards;
    poppler agrees with us there (0.998), and with it less (0.971).
    """
    found = [(path, 0.99) for path in sorted((_PROJECT / "corpus" / "sample").glob("*.pdf"))]
    found += [
        (_SHARED / "formats" / "guidance-2025-26.pdf", 0.99),
        (_SHARED / "formats" / "guidance-2025-26-twocol.pdf", 0.99),
        (_SHARED / "hard" / "federal-register-2020-17221.pdf", 0.97),
        (_SHARED / "hard" / "malformed-from-issue-932.pdf", 0.99),
    ]
    return [(path, least) for path, least in found if path.is_file()]


def _f1(one: Iterable[str], other: Iterable[str]) -> float:
    """F1 of two bags of words."""
    ours, theirs = Counter(one), Counter(other)
    shared = (ours & theirs).total()
    return 2 * shared / max(1, ours.total() + theirs.total())


def _letters(words: Iterable[str]) -> list[str]:
    """Words without what readers differ about: which dash or raised digit a mark becomes."""
    kept = ("".join(c for c in word if c.isalnum() and c.isascii()).casefold() for word in words)
    return [word for word in kept if word]


@pytest.mark.parametrize(
    ("path", "least"), [pytest.param(path, least, id=path.stem) for path, least in _files()]
)
def test_same_words_and_tables(path: Path, least: float) -> None:
    source = read_pdf(path)
    theirs: list[str] = []
    with pdfplumber.open(path) as document:
        assert len(document.pages) == len(source.pages)
        for page, ours in zip(document.pages, source.pages, strict=True):
            theirs += [word["text"] for word in page.extract_words()]
            for table in page.find_tables():
                wide = {(cell[0], cell[1]) for cell in table.cells}
                columns = {x for x, _ in wide}
                texts = [text for row in table.extract() for text in row if text]
                if len(columns) < 2 or len(texts) < 2:
                    continue  # a box, or lines that hold no text
                assert any(_holds_all(found, wide) for found in ours.tables), (
                    page.page_number,
                    wide,
                )
            page.close()
    assert _f1(_letters(words_of(source)), _letters(theirs)) >= least


def _holds_all(table: Table, corners: set[tuple[float, float]]) -> bool:
    """Whether every corner of their cells is one of ours, within three points."""
    ours = [(c.box.x0, c.box.top) for c in table.cells if c.box is not None]
    return all(any(abs(x - x0) <= 3 and abs(y - top) <= 3 for x0, top in ours) for x, y in corners)


def test_there_is_something_to_compare() -> None:
    if not _files():
        pytest.skip("no PDF to compare: neither the sample corpus nor the shared one is there")
