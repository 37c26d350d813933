"""A file's bytes into pages or blocks: one reader a format, chosen by content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Final

from pipeline.errors import DocumentError, Outcome
from pipeline.read.detect import check_size, detect_format
from pipeline.records import Format, Source

_READERS: Final = {  # loaded when first needed, so that a worker for PDF never loads the others
    Format.HTML: ("pipeline.read.html", "read_html"),
    Format.DOCX: ("pipeline.read.docx", "read_docx"),
    Format.TEXT: ("pipeline.read.text", "read_text"),
    Format.MARKDOWN: ("pipeline.read.text", "read_markdown"),
}


def read(path: Path, *, password: str | None = None, ocr: bool = False) -> Source:
    """The file as a source, read in this process.

    `password` opens an encrypted PDF; with `ocr`, pictures of text are read with ocrmypdf where
    that is installed. Raises DocumentError with the outcome, the reason and the remedy.
    """
    check_size(path)
    format_ = detect_format(path)
    if format_ is not Format.PDF:
        module, name = _READERS[format_]
        reader: Callable[[Path], Source] = getattr(import_module(module), name)
        return reader(path)
    from pipeline.read.pdf import is_scanned, read_pdf

    try:
        source = read_pdf(path, password=password)
    except DocumentError as fault:
        if not ocr or fault.outcome is not Outcome.OCR_NEEDED:
            raise
        from pipeline.read.ocr import read_scan

        return read_scan(path, password=password)
    if ocr and any(is_scanned(page) for page in source.pages):
        from pipeline.read.ocr import read_scan

        try:
            return read_scan(path, password=password)
        except DocumentError as fault:
            return with_unread_pictures(source, fault)
    return source


def with_unread_pictures(source: Source, fault: DocumentError) -> Source:
    """The source with a warning that its scanned pages could not be read, and why."""
    warning = ("warning", f"pages that are pictures were not read: {fault.reason}")
    return replace(source, metadata=(*source.metadata, warning))
