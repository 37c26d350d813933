"""Scans, read with ocrmypdf and tesseract where those are installed.

Both are programs of their own, called with a time limit and a folder that is gone afterwards;
nothing of them is needed for documents that hold text.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium

from pipeline.errors import DocumentError, Outcome
from pipeline.records import Source

HOW_TO_INSTALL: Final = (
    "Install ocrmypdf and tesseract (on Debian or Ubuntu: apt install ocrmypdf; "
    "on macOS: brew install ocrmypdf) and build with --ocr"
)
DEFAULT_LIMIT_S: Final = 1800.0
_WORDS_OF_OUTPUT: Final = 300


class _Exit(IntEnum):
    """Those of ocrmypdf's exit codes that have a remedy of their own; it documents all."""

    MISSING_PROGRAM = 3
    ENCRYPTED = 8


def can_ocr() -> bool:
    """Whether the programs that read scans are installed."""
    return shutil.which("ocrmypdf") is not None and shutil.which("tesseract") is not None


def how_to_ocr() -> str:
    """What to do about a scan on this machine."""
    return "Build with --ocr to have its text read" if can_ocr() else HOW_TO_INSTALL


def read_scan(
    path: Path, *, password: str | None = None, limit_s: float = DEFAULT_LIMIT_S
) -> Source:
    """The scan's pages with the words that tesseract reads in them; pages that have text keep it.

    Raises DocumentError ocr_needed where the programs are missing or find no word, timed_out,
    encrypted or corrupt.
    """
    if not can_ocr():
        raise DocumentError(
            path,
            Outcome.OCR_NEEDED,
            "it is a scan, and no program to read it is installed",
            remedy=HOW_TO_INSTALL,
        )
    from pipeline.read.pdf import read_pdf, save_unlocked  # that module asks this one

    with tempfile.TemporaryDirectory(prefix="mustdo-ocr-") as folder:
        scan, made = path, Path(folder) / "read.pdf"
        if password is not None:
            scan = Path(folder) / "unlocked.pdf"
            save_unlocked(path, password, scan)
        _run(path, scan, made, limit_s, redo=_holds_text(scan))
        try:
            source = read_pdf(made)
        except DocumentError as fault:
            if fault.outcome is not Outcome.OCR_NEEDED:
                raise DocumentError(
                    path, fault.outcome, fault.reason, remedy=fault.remedy
                ) from fault
            raise DocumentError(
                path,
                Outcome.OCR_NEEDED,
                "no words were found in its pictures",
                remedy="Scan it again at 300 dots an inch, the right way up",
            ) from fault
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return replace(
        source,
        file=path.name,
        sha256=digest,
        metadata=(*source.metadata, ("warning", "its text was read from pictures (OCR)")),
    )


def _holds_text(path: Path) -> bool:
    """Whether any page has characters of its own."""
    with pdfium.PdfDocument(path) as document:
        for page in document:
            text = page.get_textpage()
            count: int = text.count_chars()
            text.close()
            page.close()
            if count:
                return True
    return False


def _run(path: Path, scan: Path, made: Path, limit_s: float, *, redo: bool) -> None:
    """Call ocrmypdf on the scan of this document; raises DocumentError where it fails."""
    # Where there is text, be it page numbers, the pictures are read beside it; only a page of
    # nothing but picture can be set straight.
    command = [
        "ocrmypdf",
        *(["--redo-ocr"] if redo else ["--skip-text", "--deskew"]),
        "--rotate-pages",
        "--output-type=pdf",
        "--optimize=0",
        "--language=eng",
        "--jobs=1",
        "--quiet",
        "--",
        str(scan.resolve()),
        str(made),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=limit_s, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(
            path,
            Outcome.TIMED_OUT,
            f"reading its pictures took longer than {limit_s:,.0f} seconds",
            remedy="Split it into shorter files",
        ) from error
    if done.returncode == 0:
        return
    said = " ".join(done.stderr.decode(errors="replace").split()[-_WORDS_OF_OUTPUT:])
    match done.returncode:
        case _Exit.MISSING_PROGRAM:
            raise DocumentError(
                path, Outcome.OCR_NEEDED, f"ocrmypdf lacks a program: {said}", remedy=HOW_TO_INSTALL
            )
        case _Exit.ENCRYPTED:
            raise DocumentError(
                path, Outcome.ENCRYPTED, "it is a scan under a password", remedy="Save it without"
            )
        case code:
            raise DocumentError(
                path,
                Outcome.CORRUPT,
                f"ocrmypdf could not read it (code {code}): {said}",
                remedy="Open it in a PDF reader and save it anew",
            )
