"""What format a file is in, by its content; its name only decides between text and Markdown."""

from __future__ import annotations

import codecs
import re
import stat
import zipfile
from os import stat_result
from pathlib import Path
from typing import Final

from pipeline.errors import DocumentError, Outcome
from pipeline.records import Format

MAX_BYTES: Final = 200_000_000
_HEAD: Final = 65_536  # bytes looked at
_PDF_HEADER_WITHIN: Final = 1024  # readers look for %PDF- in the first kilobyte
_MOST_ZIP_ENTRIES: Final = 20_000

_READ: Final = "mustdo reads PDF, HTML, DOCX, text and Markdown"
_SAVE_AS: Final = "Open it in the program that wrote it and save it as DOCX or PDF"
_MAGIC: Final = (  # first bytes, what they are, what to do
    (b"{\\rtf", "a rich text (RTF) file", _SAVE_AS),
    (b"\x89PNG\r\n", "a picture", "Turn it into a PDF and build with --ocr"),
    (b"\xff\xd8\xff", "a picture", "Turn it into a PDF and build with --ocr"),
    (b"GIF8", "a picture", "Turn it into a PDF and build with --ocr"),
    (b"II*\x00", "a picture", "Turn it into a PDF and build with --ocr"),
    (b"MM\x00*", "a picture", "Turn it into a PDF and build with --ocr"),
    (b"BM", "a picture", "Turn it into a PDF and build with --ocr"),
    (b"%!PS", "a PostScript file", "Turn it into a PDF (ps2pdf does) and build again"),
    (b"\x1f\x8b", "a compressed file", "Unpack it and build the files inside"),
    (b"7z\xbc\xaf", "a compressed file", "Unpack it and build the files inside"),
    (b"Rar!", "a compressed file", "Unpack it and build the files inside"),
    (b"BZh", "a compressed file", "Unpack it and build the files inside"),
    (b"\xfd7zXZ", "a compressed file", "Unpack it and build the files inside"),
    (b"\x7fELF", "a program", _READ),
    (b"MZ", "a program", _READ),
    (b"SQLite format 3", "a database", _READ),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_PARTS: Final = (  # a file inside a zip that tells what the zip is
    ("xl/workbook.xml", "an Excel workbook"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("content.xml", "an OpenDocument file"),
)

_BEFORE_ROOT: Final = re.compile(r"\s*(?:<\?[^>]*>\s*|<!--.*?(?:-->|\Z)\s*)*", re.DOTALL)
_HTML_START: Final = re.compile(
    r"<!doctype\s+html\b|<(?:html|head|body|title|meta|main|article|section|div|h[1-6]|p|ul|ol|table)\b",
    re.IGNORECASE,
)
_HTML_INSIDE: Final = re.compile(r"<(?:html|body)\b[^>]*>|<!doctype\s+html\b", re.IGNORECASE)
_XML_START: Final = re.compile(r"<(?:!doctype|[a-z_][\w.:-]*[\s/>])", re.IGNORECASE)
_MAIL: Final = re.compile(r"(?:^|\n)MIME-Version: 1\.0\r?\n", re.IGNORECASE)
_MARKDOWN: Final = (  # each a sure sign of Markdown, and how much it counts
    (
        re.compile(r"(?:\A|\n[ \t]*\r?\n)#{1,6}[ \t]+[^\n]+\n(?!#)"),
        2,
    ),  # alone: not a block of remarks
    (re.compile(r"^\|?[ \t]*:?-{3,}:?[ \t]*\|[-|: \t]*$", re.MULTILINE), 4),
    (re.compile(r"\[[^\]\[\n]{1,300}\]\([^()\s]{1,300}\)"), 1),
    (re.compile(r"(?<!\*)\*\*[^\s*][^*\n]{0,300}\*\*(?!\*)"), 1),
    (re.compile(r"^(?:```|~~~)", re.MULTILINE), 2),
    (re.compile(r"^[^\s].*\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE), 1),
)
_SURELY_MARKDOWN: Final = 4
_MARKDOWN_NAMES: Final = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def check_size(path: Path, limit: int = MAX_BYTES) -> None:
    """Raises DocumentError too_large where the file holds more than `limit` bytes."""
    size = _status(path).st_size
    if size > limit:
        raise DocumentError(
            path,
            Outcome.TOO_LARGE,
            f"it holds {size / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB that are read",
            remedy="Split it, or save it with smaller pictures",
        )


def detect_format(path: Path) -> Format:
    """The format of the file; raises DocumentError empty, corrupt, encrypted or unsupported with
    what to do.
    """
    status = _status(path)
    if stat.S_ISDIR(status.st_mode):
        raise _unsupported(
            path, "it is a folder", "Name the files in it, or the folder that holds it"
        )
    if not stat.S_ISREG(status.st_mode):
        raise _unsupported(path, "it is not a file", "Copy its content into a file")
    if status.st_size == 0:
        raise DocumentError(
            path, Outcome.EMPTY, "it holds no bytes", remedy="Get it again from where it came from"
        )
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except PermissionError as error:
        raise _forbidden(path) from error
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN]:
        return Format.PDF
    if head.startswith(b"PK"):
        return _zip_format(path)
    if head.startswith(_OLE):
        raise _ole_fault(path)
    for magic, kind, remedy in _MAGIC:
        if head.startswith(magic) and not (len(magic) < 3 and _is_text(head)):
            raise _unsupported(path, f"it is {kind}", remedy)
    if path.suffix.lower() == ".pdf" and b" obj" in head and b"endobj" in head:
        return Format.PDF  # a PDF that lost its first line
    return _text_format(path, head)


def _status(path: Path) -> stat_result:
    try:
        return path.stat()
    except FileNotFoundError as error:
        raise _unsupported(path, "it does not exist", "Check the spelling of its name") from error
    except OSError as error:
        raise _forbidden(path) from error


def _zip_format(path: Path) -> Format:
    """DOCX, told by the names in the archive's directory; nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {entry.filename for entry in archive.infolist()[:_MOST_ZIP_ENTRIES]}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise DocumentError(
            path,
            Outcome.CORRUPT,
            "it is cut short or damaged",
            remedy="Get it again from where it came from",
        ) from error
    if "word/document.xml" in names or (
        "[Content_Types].xml" in names and any(name.startswith("word/") for name in names)
    ):
        return Format.DOCX
    for part, kind in _OFFICE_PARTS:
        if part in names:
            raise _unsupported(path, f"it is {kind}", _SAVE_AS)
    raise _unsupported(path, "it is a zip archive", "Unpack it and build the files inside")


def _ole_fault(path: Path) -> DocumentError:
    """The error for Office's old container: a file of Word 97, or a new one under a password."""
    with path.open("rb") as file:
        content = file.read(4 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return DocumentError(
            path,
            Outcome.ENCRYPTED,
            "it is an Office file under a password",
            remedy="Open it in Word and save it without one",
        )
    return _unsupported(path, "it is a file of an old Office (.doc, .xls, .ppt)", _SAVE_AS)


def _is_text(head: bytes) -> bool:
    """Whether the first bytes read as text; a picture or program has control characters there."""
    text = _decoded(head)
    return text is not None and len(_CONTROL.findall(text)) <= len(text) // 200


def _decoded(head: bytes) -> str | None:
    """The first bytes as text good enough to judge markup by; None where they are no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    if head.startswith(codecs.BOM_UTF8):
        return head.decode("utf-8-sig", errors="replace")
    zeros = head.count(0)
    if zeros:
        for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            half = head[offset::2]
            if half and half.count(0) > 0.4 * len(half) and zeros <= 0.6 * len(head):
                return head.decode(encoding, errors="replace")
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(head) - 4:  # the head's end cuts a character
            return head[: error.start].decode("utf-8")
        return head.decode("cp1252", errors="replace")


def _text_format(path: Path, head: bytes) -> Format:
    text = _decoded(head)
    if text is None or len(_CONTROL.findall(text)) > max(2, len(text) // 200):
        if path.suffix.lower() == ".pdf":
            raise DocumentError(
                path,
                Outcome.CORRUPT,
                "it is called a PDF but does not begin as one",
                remedy="Get it again from where it came from",
            )
        raise _unsupported(path, "it is in no format that is known", _READ)
    if not text.strip():
        raise DocumentError(
            path, Outcome.EMPTY, "it holds no text", remedy="Get it again from where it came from"
        )
    if _MAIL.search(text[:4000]):
        raise _unsupported(
            path, "it is a mail or a web archive (MHT)", "Open it in a browser and save it as HTML"
        )
    start = _BEFORE_ROOT.match(text)
    root = text[start.end() if start else 0 :]
    if _HTML_START.match(root) or (root.startswith("<") and _HTML_INSIDE.search(root)):
        return Format.HTML
    if text.lstrip().startswith("<?xml") or (root.startswith("<!") and _XML_START.match(root)):
        raise _unsupported(path, "it is XML, but no web page", "Save it as HTML or DOCX")
    return _text_or_markdown(path, text)


def _text_or_markdown(path: Path, text: str) -> Format:
    """Markdown where its marks are plain; where there are few, the name decides."""
    score = sum(weight * len(sign.findall(text)) for sign, weight in _MARKDOWN)
    if path.suffix.lower() in _MARKDOWN_NAMES or score >= _SURELY_MARKDOWN:
        return Format.MARKDOWN
    return Format.TEXT


def _unsupported(path: Path, reason: str, remedy: str) -> DocumentError:
    return DocumentError(path, Outcome.UNSUPPORTED, reason, remedy=remedy)


def _forbidden(path: Path) -> DocumentError:
    return _unsupported(
        path, "it may not be opened by this user", "Give yourself the right to read it"
    )
