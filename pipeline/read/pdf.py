"""PDF files into pages.

Words, type, rulings and outline come from pdfium; pdfplumber reads the few files that pdfium
cannot. Lines keep the file's own order, and boxes are those of the page as shown. A hyphen at a
line's end stays in its line; a cell's text has one line of the page a line, and raised footnote
marks in it are Unicode superscripts, since a cell has no other place for them.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.errors import DocumentError, Outcome
from pipeline.read import pdf_native as native
from pipeline.read.ocr import how_to_ocr
from pipeline.read.pdf_outline import read_bookmarks, read_metadata
from pipeline.read.pdf_page import read_page
from pipeline.records import Bookmark, Format, Page, Source

_STAMP_WORDS: Final = 15
_STAMPED_PAGES: Final = 3  # fewer may be a poster: a picture with a few words on it
_HOW_TO_MEND: Final = "Open it in a PDF reader and save it anew, or get it again from its publisher"


def read_pdf(path: Path, *, password: str | None = None, pages: range | None = None) -> Source:
    """The file's pages, or only those of a range of indices from 0; with bookmarks and metadata.

    Raises DocumentError: encrypted, corrupt, zero_pages, or, where all pages are asked for,
    ocr_needed. Warnings stand in the metadata, under "warning".
    """
    source = _read_pages(path, _sha256(path), password, pages)
    if pages is not None:
        return source
    check_words(path, source)
    return source if has_words(source) else _second_try(path, source, password)


def has_words(source: Source) -> bool:
    """Whether any page holds text."""
    return any(page.lines or page.tables for page in source.pages)


def is_scanned(page: Page) -> bool:
    """Whether a page is a picture, with no more text than a stamp or a page number."""
    if not page.covering_image:
        return False
    words = sum(len(line.text.split()) for line in page.lines)
    words += sum(len(cell.text.split()) for table in page.tables for cell in table.cells)
    return words < _STAMP_WORDS


def check_words(path: Path, source: Source) -> None:
    """Raises DocumentError ocr_needed for a scan: pictures cover pages, and no page holds text.

    A file of some length that has no text but stamps and page numbers is a scan too. One of blank
    pages is none, and one with some pages of text keeps its scanned pages flagged.
    """
    reason = None
    if not has_words(source):
        if any(page.covering_image for page in source.pages):
            reason = "it is a scan: its pages are pictures without text"
    elif len(source.pages) >= _STAMPED_PAGES and all(is_scanned(page) for page in source.pages):
        reason = "it is a scan: its pages are pictures with hardly any text"
    if reason is not None:
        raise DocumentError(path, Outcome.OCR_NEEDED, reason, remedy=how_to_ocr())


def _second_try(path: Path, source: Source, password: str | None) -> Source:
    """The same file by pdfplumber, where pdfium finds no word in it and pdfplumber does."""
    from pipeline.read.pdf_plumber import read_with_pdfplumber  # heavy, and seldom needed

    try:
        pages = read_with_pdfplumber(path, password=password)
    except DocumentError:
        return source  # pdfium opened it: it is a readable file without words
    again = replace(source, pages=pages)
    return again if has_words(again) else source


def count_pages(path: Path, *, password: str | None = None) -> int:
    """How many pages pdfium finds; raises DocumentError as `read_pdf` does."""
    document = _open(path, password)
    try:
        return len(document)
    finally:
        document.close()


def save_unlocked(path: Path, password: str, to: Path) -> None:
    """Write a copy that wants no password; raises DocumentError where the password is wrong."""
    document = _open(path, password)
    try:
        document.save(to, flags=raw.FPDF_REMOVE_SECURITY)
    finally:
        document.close()


def join_parts(parts: list[Source]) -> Source:
    """One source of a file's parts, each read with another range of pages, in order of page."""
    if len(parts) == 1:
        return parts[0]
    warnings = [pair for part in parts for pair in part.metadata if pair[0] == "warning"]
    stated = [pair for pair in parts[0].metadata if pair[0] != "warning"]
    return replace(
        parts[0],
        pages=tuple(sorted((p for part in parts for p in part.pages), key=lambda p: p.number)),
        bookmarks=tuple(
            _placed(entries) for entries in zip(*(part.bookmarks for part in parts), strict=True)
        ),
        metadata=(*stated, *warnings),
    )


def _placed(entries: tuple[Bookmark, ...]) -> Bookmark:
    """The one of a bookmark's readings that knows its height: its page was in that range."""
    return next((entry for entry in entries if entry.top is not None), entries[0])


def _read_pages(path: Path, digest: str, password: str | None, pages: range | None) -> Source:
    try:
        document = _open(path, password)
    except DocumentError as fault:
        if fault.outcome is not Outcome.CORRUPT:
            raise
        from pipeline.read.pdf_plumber import read_with_pdfplumber

        read = read_with_pdfplumber(path, password=password)
        kept = read if pages is None else tuple(p for p in read if p.number - 1 in pages)
        return Source(file=path.name, sha256=digest, format=Format.PDF, pages=kept)
    try:
        with _collector_paused():
            return _read_document(document, path, digest, pages)
    finally:
        document.close()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No search for cycles: pages are many small records without one, and it takes a thirtieth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_document(document: Any, path: Path, digest: str, pages: range | None) -> Source:
    count = len(document)
    handle = native.handle_of(document.raw)
    read: list[Page] = []
    frames = {}
    warnings = []
    for index in range(count) if pages is None else pages:
        if index >= count:
            break
        try:
            page, frame, warning = read_page(handle, index)
        except LookupError:
            warnings.append(f"page {index + 1} is damaged and was left out")
            continue
        read.append(page)
        frames[index] = frame
        if warning is not None:
            warnings.append(f"page {index + 1}: {warning}")
    if not read and (pages is None or pages.start < count):
        raise _corrupt(path, f"none of its {count} pages can be read")
    return Source(
        file=path.name,
        sha256=digest,
        format=Format.PDF,
        pages=tuple(read),
        bookmarks=read_bookmarks(document, frames),
        metadata=(*read_metadata(document), *(("warning", text) for text in warnings)),
    )


def _open(path: Path, password: str | None) -> Any:
    """The opened document; raises DocumentError."""
    # pdfium does not clear its last error: a failure without one would be taken for the file
    # before's.
    raw.FPDF_LoadMemDocument64(b"", 0, None)
    try:
        document = pdfium.PdfDocument(path, password=password)
    except pdfium.PdfiumError as error:
        raise _refusal(path, error, password) from error
    if len(document) == 0:
        document.close()
        raise DocumentError(
            path, Outcome.ZERO_PAGES, "it has no pages that can be found", remedy=_HOW_TO_MEND
        )
    return document


def _refusal(path: Path, error: Any, password: str | None) -> DocumentError:
    code = getattr(error, "err_code", None)
    if code == raw.FPDF_ERR_PASSWORD:
        reason = "it is encrypted" if password is None else "it is encrypted with another password"
        return DocumentError(
            path, Outcome.ENCRYPTED, reason, remedy="Give its password with --password"
        )
    if code == raw.FPDF_ERR_SECURITY:
        return DocumentError(
            path,
            Outcome.ENCRYPTED,
            "it is locked in a way that cannot be read here",
            remedy="Ask its publisher for an unlocked copy",
        )
    return _corrupt(path, "its structure is damaged")


def _corrupt(path: Path, reason: str) -> DocumentError:
    return DocumentError(path, Outcome.CORRUPT, reason, remedy=_HOW_TO_MEND)


def _sha256(path: Path) -> str:
    status = path.stat()
    return _digest(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=4)
def _digest(path: Path, _size: int, _changed: int) -> str:
    """The file's SHA-256, kept for the next parts of the same file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
