"""What is refused before a Word file is unpacked: zip bombs, entity declarations, files in
disguise.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from pipeline.errors import DocumentError, Outcome

MAX_BYTES: Final = 200_000_000
MAX_MEMBERS: Final = 5_000
MAX_UNPACKED: Final = 400_000_000  # all members together; pictures make most of it
MAX_XML: Final = 80_000_000  # one part of text; 60,000 words take about 5 MB
MAX_RATIO: Final = 200  # text packs 10 to 30 times; a bomb a thousand
_RATIO_FROM: Final = 4_000_000  # bytes below which no ratio is suspicious
_CHUNK: Final = 1 << 16
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_package(path: Path) -> None:
    """Raises DocumentError where the file is no Word package that can safely be unpacked."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_OLE):
        raise DocumentError(
            path,
            Outcome.ENCRYPTED,
            "the file is locked with a password, or in Word's format of before 2007",
            remedy="Open it in Word and save it as .docx without a password",
        )
    try:
        with zipfile.ZipFile(path) as package:
            _check_sizes(path, package.infolist())
            for member in package.infolist():
                if member.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(path, package, member)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise damaged(path, str(error)) from error
    except RuntimeError as error:  # a zip member with a password of its own
        raise DocumentError(
            path, Outcome.ENCRYPTED, str(error), remedy="Save the file again without a password"
        ) from error


def damaged(path: Path, why: str) -> DocumentError:
    """The error for a package that cannot be read as a Word file."""
    return DocumentError(
        path,
        Outcome.CORRUPT,
        f"it is no readable Word file ({why})",
        remedy="Open it in Word and save it again, or get it again from its source",
    )


def _check_sizes(path: Path, members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    reason = None
    if len(members) > MAX_MEMBERS:
        reason = f"it holds {len(members):,} parts, more than the {MAX_MEMBERS:,} that are read"
    elif unpacked > MAX_UNPACKED:
        reason = f"it unpacks to {unpacked:,} bytes, more than the {MAX_UNPACKED:,} that are read"
    elif unpacked > _RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1):
        reason = f"it unpacks to {unpacked // max(packed, 1):,} times its size, as no document does"
    if reason is not None:
        raise DocumentError(
            path, Outcome.TOO_LARGE, reason, remedy="Save the text that matters as a new document"
        )


def _check_xml(path: Path, package: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpacks one part of XML in pieces, counting what really comes out."""
    size = 0
    tail = b""
    with package.open(member) as part:
        while piece := part.read(_CHUNK):
            size += len(piece)
            window = (tail + piece).replace(b"\x00", b"")  # UTF-16 has a zero in every other place
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise DocumentError(
                    path,
                    Outcome.CORRUPT,
                    f"its part {member.filename} declares entities, which no Word file does",
                    remedy="Open it in Word and save it again",
                )
            if size > MAX_XML:
                raise DocumentError(
                    path,
                    Outcome.TOO_LARGE,
                    f"its part {member.filename} holds over {MAX_XML:,} bytes",
                    remedy="Split the document",
                )
            tail = piece[-32:]
