"""Whole PDF files: what they say of themselves, in parts, under a lock, scanned, or read another
way.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

import pipeline.read.pdf as pdf
from pipeline.errors import DocumentError, Outcome
from pipeline.read import read
from pipeline.read.ocr import can_ocr
from pipeline.read.pdf import join_parts, read_pdf
from pipeline.read.pdf_plumber import read_with_pdfplumber
from pipeline.read.pdf_words import _mend
from tests.read.made_pdfs import (
    A4,
    draw_grid,
    make,
    read_one,
    rotated,
    rows,
    scan,
    texts,
    words_of,
    write_lines,
)

_SHARED = Path(__file__).parents[2].parent / "shared" / "corpus"


def _numbered(count: int) -> list[Callable[[Canvas], None]]:
    def page(number: int) -> Callable[[Canvas], None]:
        return lambda canvas: write_lines(canvas, [f"This is page {number}."])

    return [page(number) for number in range(1, count + 1)]


def _outlined(path: Path) -> Path:
    """Three pages with bookmarks on two levels, a title and an author."""
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    canvas.setTitle("A plan for the year")
    canvas.setAuthor("A Board")
    for number, (title, level) in enumerate([("One", 0), ("Under one", 1), ("Two", 0)]):
        canvas.setFont("Helvetica", 11)
        write_lines(canvas, [title])
        canvas.bookmarkPage(f"p{number}", fit="XYZ", left=72, top=842 - 90 - number)
        canvas.addOutlineEntry(title, f"p{number}", level)
        canvas.showPage()
    canvas.save()
    return path


def test_what_a_file_says_of_itself(tmp_path: Path) -> None:
    source = read_pdf(_outlined(tmp_path / "a.pdf"))
    stated = dict(source.metadata)
    assert stated["title"] == "A plan for the year"
    assert stated["author"] == "A Board"
    assert stated["created"] == "2000-01-01"
    assert (source.file, len(source.sha256)) == ("a.pdf", 64)
    found = [(b.title, b.level, b.page, b.top) for b in source.bookmarks]
    assert found == [("One", 1, 1, 90), ("Under one", 2, 2, 91), ("Two", 1, 3, 92)]


def test_bookmarks_of_a_rotated_page(tmp_path: Path) -> None:
    path = rotated(_outlined(tmp_path / "a.pdf"), 90, tmp_path / "b.pdf")
    assert [b.top for b in read_pdf(path).bookmarks] == [72, 72, 72]


@pytest.mark.parametrize("cuts", [[0, 3], [0, 1, 3], [0, 1, 2, 3]], ids=["whole", "two", "three"])
def test_parts_make_the_whole(tmp_path: Path, cuts: list[int]) -> None:
    path = _outlined(tmp_path / "a.pdf")
    parts = [read_pdf(path, pages=range(a, b)) for a, b in pairwise(cuts)]
    assert join_parts(parts) == read_pdf(path)


def test_a_range_past_the_end_is_cut(tmp_path: Path) -> None:
    path = make(tmp_path / "a.pdf", *_numbered(3))
    found = read_pdf(path, pages=range(2, 50))
    assert [page.number for page in found.pages] == [3]


# -------------------------------------------------------------------------------------------- locks


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    path = tmp_path / "locked.pdf"
    lock = StandardEncryption("secret", ownerPassword="owner", strength=128)
    canvas = Canvas(str(path), pagesize=A4, encrypt=lock)
    write_lines(canvas, ["Behind a lock."])
    canvas.save()
    return path


def test_a_lock_wants_its_password(locked: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        read_pdf(locked)
    assert caught.value.outcome is Outcome.ENCRYPTED
    assert "--password" in caught.value.remedy


def test_a_wrong_password_is_said_to_be_wrong(locked: Path) -> None:
    with pytest.raises(DocumentError, match="another password") as caught:
        read_pdf(locked, password="guess")
    assert caught.value.outcome is Outcome.ENCRYPTED


@pytest.mark.parametrize("password", ["secret", "owner"])
def test_the_password_opens_it(locked: Path, password: str) -> None:
    assert texts(read_pdf(locked, password=password).pages[0]) == ["Behind a lock."]


def test_a_password_does_no_harm_to_an_open_file(tmp_path: Path) -> None:
    path = make(tmp_path / "a.pdf", *_numbered(1))
    assert texts(read_pdf(path, password="secret").pages[0]) == ["This is page 1."]


def test_one_files_lock_is_not_anothers(locked: Path, tmp_path: Path) -> None:
    """pdfium keeps its last error: a damaged file after a locked one must not be called locked."""
    with pytest.raises(DocumentError):
        read_pdf(locked)
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\nnothing that can be read\n")
    with pytest.raises(DocumentError) as caught:
        read_pdf(damaged)
    assert caught.value.outcome is Outcome.CORRUPT


# -------------------------------------------------------------------------------------------- scans


def test_a_scan_is_flagged(tmp_path: Path) -> None:
    path = make(tmp_path / "scan.pdf", scan, scan)
    with pytest.raises(DocumentError) as caught:
        read_pdf(path)
    assert caught.value.outcome is Outcome.OCR_NEEDED
    assert "--ocr" in caught.value.remedy


def test_scanned_pages_among_others_are_flagged(tmp_path: Path) -> None:
    pages = read_pdf(make(tmp_path / "mixed.pdf", scan, *_numbered(1))).pages
    assert [page.covering_image for page in pages] == [True, False]
    assert texts(pages[1]) == ["This is page 1."]


def _stamped(canvas: Canvas) -> None:
    scan(canvas)
    write_lines(canvas, ["Board papers, page 7 of 90"])


def test_a_scan_with_page_numbers_is_a_scan(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="hardly any text") as caught:
        read_pdf(make(tmp_path / "scan.pdf", *[_stamped] * 3))
    assert caught.value.outcome is Outcome.OCR_NEEDED


def test_a_picture_with_words_on_it_is_no_scan(tmp_path: Path) -> None:
    page = read_one(tmp_path, _stamped)
    assert (page.covering_image, texts(page)) == (True, ["Board papers, page 7 of 90"])


def test_blank_pages_are_no_scan(tmp_path: Path) -> None:
    pages = read_pdf(make(tmp_path / "blank.pdf", lambda canvas: canvas.line(0, 0, 9, 9))).pages
    assert [(page.covering_image, page.lines) for page in pages] == [(False, ())]


def test_a_scan_without_the_means_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError) as caught:
        read(make(tmp_path / "scan.pdf", scan), ocr=True)
    assert caught.value.outcome is Outcome.OCR_NEEDED
    assert "apt install ocrmypdf" in caught.value.remedy


def test_scanned_pages_that_cannot_be_read_cost_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    source = read(make(tmp_path / "mixed.pdf", scan, *_numbered(1)), ocr=True)
    assert len(source.pages) == 2
    assert any(key == "warning" and "pictures" in text for key, text in source.metadata)


_FAKE_OCR = """#!/bin/sh
# Stands in for ocrmypdf: the last two arguments are the scan and the file to make.
for last; do before="$scan"; scan="$made"; made="$last"; done
case "$(basename "$0")" in ocrmypdf) {does} ;; esac
"""


def _pretend(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """Put programs of these names on the path."""
    for name in ("ocrmypdf", "tesseract"):
        program = folder / name
        program.write_text(_FAKE_OCR.format(does=does))
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_ocr_gives_the_words_and_keeps_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = make(tmp_path / "answer.pdf", *_numbered(2))
    (tmp_path / "bin").mkdir()
    _pretend(tmp_path / "bin", monkeypatch, f'cp "{answer}" "$made"')
    path = make(tmp_path / "scan.pdf", scan, scan)
    source = read(path, ocr=True)
    assert [texts(page) for page in source.pages] == [["This is page 1."], ["This is page 2."]]
    assert source.file == "scan.pdf"
    assert source.sha256 != read_pdf(answer).sha256
    assert ("warning", "its text was read from pictures (OCR)") in source.metadata


@pytest.mark.parametrize(
    ("does", "outcome"),
    [
        pytest.param('cp "$scan" "$made"', Outcome.OCR_NEEDED, id="finds-no-words"),
        pytest.param("echo no such data >&2; exit 3", Outcome.OCR_NEEDED, id="lacks-a-program"),
        pytest.param("exit 8", Outcome.ENCRYPTED, id="locked"),
        pytest.param("echo broken >&2; exit 15", Outcome.CORRUPT, id="fails"),
    ],
)
def test_ocr_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, outcome: Outcome
) -> None:
    (tmp_path / "bin").mkdir()
    _pretend(tmp_path / "bin", monkeypatch, does)
    with pytest.raises(DocumentError) as caught:
        read(make(tmp_path / "scan.pdf", scan), ocr=True)
    assert caught.value.outcome is outcome
    assert caught.value.path.name == "scan.pdf"


@pytest.mark.skipif(not can_ocr(), reason="ocrmypdf and tesseract are not installed")
def test_a_real_scan_is_read(tmp_path: Path) -> None:
    path = _SHARED / "formats" / "guidance-2025-26-scan.pdf"
    if not path.is_file():
        pytest.skip("needs the shared corpus beside the project")
    source = read(path, ocr=True)
    assert sum(len(text.split()) for page in source.pages for text in texts(page)) > 500


# ----------------------------------------------------------------------------------- another reader


def test_pdfplumber_reads_what_pdfium_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def table(canvas: Canvas) -> None:
        write_lines(canvas, ["Text above"])
        draw_grid(canvas, [72, 200, 400], [500, 530, 560])
        for x, y, text in [
            (80, 540, "Beds"),
            (210, 540, "92%"),
            (80, 510, "Calls"),
            (210, 510, "78%"),
        ]:
            canvas.drawString(x, y, text)

    path = make(tmp_path / "a.pdf", table)

    def refuse(*_: object) -> None:
        raise DocumentError(path, Outcome.CORRUPT, "pdfium cannot", remedy="-")

    expected = read_pdf(path).pages[0]
    monkeypatch.setattr(pdf, "_open", refuse)
    (page,) = read_pdf(path).pages
    assert texts(page) == texts(expected) == ["Text above"]
    assert [rows(table) for table in page.tables] == [[["Beds", "92%"], ["Calls", "78%"]]]
    assert page.lines[0].box.x0 == pytest.approx(expected.lines[0].box.x0, abs=1)
    assert read_pdf(path, pages=range(1, 2)).pages == ()


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        pytest.param(b"%PDF-1.7\nnothing\n", Outcome.CORRUPT, id="no-structure"),
        pytest.param(b"", Outcome.CORRUPT, id="no-bytes"),
    ],
)
def test_pdfplumbers_own_faults_are_named(tmp_path: Path, content: bytes, outcome: Outcome) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_with_pdfplumber(path, password=None)
    assert caught.value.outcome is outcome


def test_pdfplumber_and_a_lock(locked: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        read_with_pdfplumber(locked, password=None)
    assert caught.value.outcome is Outcome.ENCRYPTED
    assert texts(read_with_pdfplumber(locked, password="secret")[0]) == ["Behind a lock."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("e\ufb03cient", "efficient", id="ligature-of-three"),
        pytest.param("zero\u200bwidth", "zerowidth", id="no-width"),
        pytest.param("soft\u00adhyphen", "softhyphen", id="soft-hyphen"),
        pytest.param("\uf0b7", "•", id="symbol-bullet"),
        pytest.param("½", "½", id="fraction-stays"),
        pytest.param("NHS’s", "NHS’s", id="curly-quote-stays"),
        pytest.param("\ud83d", "\ufffd", id="half-a-character"),
    ],
)
def test_letters_are_mended(text: str, expected: str) -> None:
    assert _mend(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        pytest.param("plans¹", ["¹"], id="raised-digit"),
        pytest.param("plans²³", ["²³"], id="two-raised-digits"),
        pytest.param("km²", [], id="square-kilometres"),
        pytest.param("mg/m²", [], id="a-dose"),
    ],
)
def test_raised_digits_are_marks(text: str, marks: list[str]) -> None:
    plain, found = _mend(text)
    assert [plain[start:end] for start, end in found] == marks


# ------------------------------------------------------------------------- files that break readers


def _hard(name: str) -> Path:
    path = _SHARED / "hard" / name
    if not path.is_file():
        pytest.skip("needs the shared corpus beside the project")
    return path


def test_words_set_without_spaces() -> None:
    lines = texts(read_pdf(_hard("issue-316-example.pdf")).pages[1])
    words = " ".join(lines).split()
    assert len(words) > 500
    assert sum(len(word) > 20 for word in words) < 5


def test_three_columns_keep_their_order() -> None:
    page = read_pdf(_hard("federal-register-2020-17221.pdf")).pages[1]
    body = [line.box.x0 for line in page.lines if line.size > 8 and line.box.top > 60]
    columns = [round(x0 // 180) for x0 in body]
    changes = sum(a != b for a, b in pairwise(columns))
    assert set(columns) == {0, 1, 2}
    assert changes <= 6


def test_a_wide_table_on_a_rotated_page() -> None:
    page = read_pdf(_hard("nics-background-checks-2015-11-rotated.pdf")).pages[0]
    (table,) = page.tables
    assert (page.width, page.height) == (612, 1008)
    states = [c.text.split("\n")[0] for c in table.cells if c.column == 0 and c.row >= 2]
    assert states[:3] == ["Alabama", "Colorado", "Georgia"]
    first = {c.column: c.text.split("\n")[0] for c in table.cells if c.row == 2}
    assert (first[1], first[24]) == ("18,870", "71,137")


def test_a_media_box_from_top_to_bottom() -> None:
    page = read_pdf(_hard("malformed-from-issue-932.pdf")).pages[0]
    assert all(0 < line.box.top < line.box.bottom < page.height for line in page.lines)
    assert page.lines[0].box.top == pytest.approx(489, abs=2)


def test_a_locked_file() -> None:
    path = _hard("password-example.pdf")
    with pytest.raises(DocumentError) as caught:
        read_pdf(path)
    assert caught.value.outcome is Outcome.ENCRYPTED
    assert len(texts(read_pdf(path, password="test").pages[0])) > 20


def test_a_form_that_pdfplumber_finds_no_page_in() -> None:
    source = read_pdf(_hard("prefilled_f1040.pdf"))
    assert len(source.pages) == 2
    assert len(words_of(source)) == pytest.approx(1898, rel=0.05)


def test_a_damaged_file_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        read_pdf(_hard("poppler-395-0-fuzzed.pdf"))
    assert caught.value.outcome in (Outcome.CORRUPT, Outcome.ENCRYPTED)
