"""What a file is, told by what is in it."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import DocumentError, Outcome
from pipeline.read.detect import check_size, detect_format
from pipeline.records import Format

_PROSE = "Boards must publish their plans by March 2026.\n\nEvery trust will report each month.\n"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        pytest.param("a.pdf", b"%PDF-1.7\n...", Format.PDF, id="pdf"),
        pytest.param("a.txt", b"%PDF-1.7\n...", Format.PDF, id="pdf-called-txt"),
        pytest.param("a.bin", b"\n\n junk \n%PDF-1.4\n", Format.PDF, id="pdf-after-junk"),
        pytest.param("a.pdf", b"1 0 obj\n<<>>\nendobj\n", Format.PDF, id="pdf-without-first-line"),
        pytest.param("a.html", b"<!DOCTYPE html><p>x", Format.HTML, id="html"),
        pytest.param("a.pdf", b"\n <!-- saved --> <HTML><body>", Format.HTML, id="html-called-pdf"),
        pytest.param("a.txt", b"<p>One</p><p>Two</p>", Format.HTML, id="html-fragment"),
        pytest.param(
            "a.xml",
            b'<?xml version="1.0"?>\n<html xmlns="x"><body/></html>',
            Format.HTML,
            id="xhtml",
        ),
        pytest.param("a.html", "\ufeff<!doctype html>".encode(), Format.HTML, id="html-with-mark"),
        pytest.param("a.html", "<html>\n".encode("utf-16"), Format.HTML, id="html-in-utf-16"),
        pytest.param("a.txt", _PROSE.encode(), Format.TEXT, id="text"),
        pytest.param("a", _PROSE.encode(), Format.TEXT, id="text-without-ending"),
        pytest.param("a.txt", "Café – “plans”".encode("cp1252"), Format.TEXT, id="text-in-cp1252"),
        pytest.param(
            "a.txt", _PROSE.encode("utf-16-le"), Format.TEXT, id="text-in-utf-16-unmarked"
        ),
        pytest.param(
            "a.txt", b"BMI must fall to 25 by 2030.", Format.TEXT, id="text-like-a-bitmap"
        ),
        pytest.param(
            "a.txt", b"MZ 12 is a bus that runs late.", Format.TEXT, id="text-like-a-program"
        ),
        pytest.param("a.txt", b"5 < 7, and 7 > 5.", Format.TEXT, id="text-with-angles"),
        pytest.param("a.md", _PROSE.encode(), Format.MARKDOWN, id="plain-but-called-md"),
        pytest.param(
            "a.txt",
            b"# Plan\n\nText.\n\n## Aim\n\nMore.",
            Format.MARKDOWN,
            id="markdown-called-txt",
        ),
        pytest.param(
            "a.txt", b"| a | b |\n|---|---|\n| 1 | 2 |\n", Format.MARKDOWN, id="markdown-table"
        ),
        pytest.param("a.txt", b"# one\n# two\n# three\ntext", Format.TEXT, id="remarks"),
        pytest.param("a.txt", b"It is **very** plain.", Format.TEXT, id="one-mark-is-not-enough"),
    ],
)
def test_formats(tmp_path: Path, name: str, content: bytes, expected: Format) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert detect_format(path) is expected


def _zip(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return path


def test_word_files_by_what_is_inside(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", "[Content_Types].xml", "word/document.xml")
    assert detect_format(path) is Format.DOCX


@pytest.mark.parametrize(
    ("names", "words"),
    [
        pytest.param(["xl/workbook.xml"], "Excel", id="workbook"),
        pytest.param(["ppt/presentation.xml"], "PowerPoint", id="slides"),
        pytest.param(["content.xml", "mimetype"], "OpenDocument", id="opendocument"),
        pytest.param(["a.pdf", "b.pdf"], "zip archive", id="zip"),
    ],
)
def test_other_archives_are_named(tmp_path: Path, names: list[str], words: str) -> None:
    with pytest.raises(DocumentError, match=words) as caught:
        detect_format(_zip(tmp_path / "a.docx", *names))
    assert caught.value.outcome is Outcome.UNSUPPORTED


@pytest.mark.parametrize(
    ("name", "content", "outcome", "words"),
    [
        pytest.param("a.pdf", b"", Outcome.EMPTY, "no bytes", id="empty"),
        pytest.param("a.txt", b" \n\t ", Outcome.EMPTY, "no text", id="blank"),
        pytest.param(
            "a.pdf", bytes(2000), Outcome.CORRUPT, "called a PDF", id="noughts-called-pdf"
        ),
        pytest.param(
            "a.docx", b"PK\x03\x04 cut", Outcome.CORRUPT, "cut short", id="archive-cut-short"
        ),
        pytest.param(
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            Outcome.UNSUPPORTED,
            "old Office",
            id="doc",
        ),
        pytest.param(
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            Outcome.ENCRYPTED,
            "under a password",
            id="docx-under-a-password",
        ),
        pytest.param("a.rtf", b"{\\rtf1 x}", Outcome.UNSUPPORTED, "RTF", id="rtf"),
        pytest.param("a.pdf", b"\x89PNG\r\n\x1a\n", Outcome.UNSUPPORTED, "--ocr", id="png"),
        pytest.param("a.jpg", b"\xff\xd8\xff\xe0", Outcome.UNSUPPORTED, "--ocr", id="jpeg"),
        pytest.param("a.txt", b"BM\x00\x01\x02\x03\x04", Outcome.UNSUPPORTED, "picture", id="bmp"),
        pytest.param("a.pdf.gz", b"\x1f\x8b\x08", Outcome.UNSUPPORTED, "Unpack", id="gzip"),
        pytest.param("a", b"\x7fELF\x02", Outcome.UNSUPPORTED, "program", id="program"),
        pytest.param("a.bin", bytes(range(256)) * 9, Outcome.UNSUPPORTED, "no format", id="bytes"),
        pytest.param(
            "a.xml", b'<?xml version="1.0"?><feed/>', Outcome.UNSUPPORTED, "XML", id="xml"
        ),
        pytest.param(
            "a.xml", b"<!DOCTYPE lol [<!ENTITY a 'b'>]><lol/>", Outcome.UNSUPPORTED, "XML", id="dtd"
        ),
        pytest.param(
            "a.mht", b"From: x\nMIME-Version: 1.0\n\n<html>", Outcome.UNSUPPORTED, "MHT", id="mht"
        ),
    ],
)
def test_what_is_not_read_is_named(
    tmp_path: Path, name: str, content: bytes, outcome: Outcome, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=words) as caught:
        detect_format(path)
    assert caught.value.outcome is outcome
    assert caught.value.remedy


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="folder"):
        detect_format(tmp_path)
    with pytest.raises(DocumentError, match="does not exist"):
        detect_format(tmp_path / "nothing.pdf")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(DocumentError, match="not a file"):
        detect_format(tmp_path / "pipe.pdf")


def test_sizes(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7" * 10)
    check_size(path, 80)
    with pytest.raises(DocumentError) as caught:
        check_size(path, 79)
    assert caught.value.outcome is Outcome.TOO_LARGE


def test_characters_cut_at_the_end_of_what_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 65_535 + "é and more".encode())
    assert detect_format(path) is Format.TEXT
