"""One guidance in four formats gives the same passages, stems and rows; no furniture in any."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from pipeline.read import read
from pipeline.records import PassageKind, Source, Stated, StructuredDocument
from pipeline.structure import structure

FILES = {
    "html": "guidance-2025-26.html",
    "docx": "guidance-2025-26.docx",
    "pdf": "guidance-2025-26.pdf",
    "two columns": "guidance-2025-26-twocol.pdf",
}
PAIRS = [pytest.param(a, b, id=f"{a} and {b}") for a, b in combinations(FILES, 2)]
FURNITURE = ("cookie", "skip to", "search", "publications", "bulletin", "page useful", "breadcrumb")


@cache
def _read(folder: Path, name: str) -> tuple[Source, StructuredDocument]:
    source = read(folder / "formats" / FILES[name])
    (document,) = structure(source, Stated(id=name))
    return source, document


def _units(document: StructuredDocument) -> set[tuple[object, ...]]:
    sections = {section.id: section.path for section in document.sections}
    return {
        (p.kind, p.text, p.stems, p.labels, sections.get(p.section_id or ""))
        for p in document.passages
    }


@pytest.mark.shared
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_formats_give_the_same_units(shared: Path, one: str, other: str) -> None:
    units = [_units(_read(shared, name)[1]) for name in (one, other)]
    assert len(units[0] & units[1]) >= 0.97 * len(units[0] | units[1])


@pytest.mark.shared
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_formats_give_the_same_rows(shared: Path, one: str, other: str) -> None:
    rows = [
        [
            (p.text, p.labels)
            for p in _read(shared, name)[1].passages
            if p.kind is PassageKind.TABLE_ROW
        ]
        for name in (one, other)
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]) == 18
    assert all(labels for _, labels in rows[0])


@pytest.mark.shared
@pytest.mark.parametrize("name", FILES)
def test_no_furniture_in_any_passage(shared: Path, name: str) -> None:
    source, document = _read(shared, name)
    texts = [p.text for p in document.passages]
    assert not [
        text for text in texts for word in FURNITURE if word in text.lower() and len(text) < 120
    ]
    assert not [text for text in texts if text.isdecimal() or text == document.document.title]
    assert source.sha256 == document.document.sha256


@pytest.mark.shared
def test_two_columns_are_read_in_order(shared: Path) -> None:
    """4-gram recall of the two-column PDF against the HTML."""

    def grams(name: str) -> set[tuple[str, ...]]:
        passages = _read(shared, name)[1].passages
        words = " ".join(p.text for p in passages if p.kind is not PassageKind.FOOTNOTE).split()
        return set(zip(words, words[1:], words[2:], words[3:], strict=False))

    wanted = grams("html")
    assert len(wanted & grams("two columns")) >= 0.98 * len(wanted)


@pytest.mark.shared
def test_three_columns_of_a_gazette_are_read_in_order(shared: Path) -> None:
    source = read(shared / "hard" / "federal-register-2020-17221.pdf")
    (document,) = structure(source, Stated(id="gazette"))
    markers = [p.marker for p in document.passages if p.marker and p.marker.startswith("(")]
    letters = [m for m in markers if len(m) == 3 and m[1].isalpha() and m != "(i)"]
    assert letters == sorted(letters)[: len(letters)]
    headings = [section.heading for section in document.sections]
    assert headings.index("Examining the AD Docket") < headings.index("Background")
    assert not [p.text for p in document.passages if p.text.startswith("VerDate")]


@pytest.mark.shared
def test_commentary_files(shared: Path) -> None:
    found = {}
    for path in sorted((shared / "commentary").glob("*.txt")):
        documents = structure(read(path), Stated(id=path.stem))
        found[path.stem] = documents
    archive = [d.document.published for d in found["ccginformation-archive"]]
    assert [str(day) for day in archive] == [
        "2014-01-01",
        "2013-08-04",
        "2013-04-27",
        "2013-03-24",
        "2012-12-24",
        "2012-12-02",
        "2012-09-14",
        "2012-08-18",
        "2012-01-28",
    ]
    front = [d.document.published for d in found["corrigan-health-matters-2011-03"]]
    assert [day.day if day else None for day in front] == [None, 18, 17, 16, 15, 14, 10, 9, 7, 4, 2]
    (live,) = found["hsj-live-2012-12-18"]
    assert len(live.sections) == 13
    texts = [p.text for documents in found.values() for d in documents for p in d.passages]
    for words in (
        "leave a reply",
        "log out",
        "bloggers like",
        "rest of this entry",
        "filed under",
        "other followers",
    ):
        assert not [text for text in texts if words in text.lower()]
