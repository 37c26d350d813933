"""A file's bytes, its checksum, and its text in whatever encoding it was written."""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import Path
from typing import Final

import charset_normalizer

from pipeline.errors import DocumentError, Outcome

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSED_BYTES: Final = 400_000  # enough to tell an encoding by; guessing on more is slow
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def load_bytes(path: Path, *, limit: int) -> tuple[bytes, str]:
    """The file's bytes and their SHA-256; raises DocumentError where it holds none or more than
    `limit`.
    """
    size = path.stat().st_size
    if size > limit:
        raise DocumentError(
            path,
            Outcome.TOO_LARGE,
            f"the file holds {size:,} bytes, more than the {limit:,} that are read",
            remedy="Split it, or save the part that matters as a file of its own",
        )
    content = path.read_bytes()
    if not content.strip():
        raise DocumentError(
            path,
            Outcome.EMPTY,
            "the file holds no text",
            remedy="Get the file again from its source",
        )
    return content, hashlib.sha256(content).hexdigest()


def decode(path: Path, content: bytes, *, declared: str | None = None) -> str:
    """The text of the bytes, line ends as they are, without a byte order mark.

    Tried in order: a byte order mark, UTF-8, the encoding that the file declares, and what
    charset-normalizer takes it for. Raises DocumentError where the bytes are no text in any of
    them.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _checked(path, content[len(mark) :].decode(encoding, errors="replace"))
    for stated in ("utf-8", declared):
        text = _try_decode(content, stated)
        if text is not None:
            return _checked(path, text)
    best = charset_normalizer.from_bytes(content[:_GUESSED_BYTES]).best()
    if best is None:
        raise _no_text(path)
    return _checked(path, content.decode(best.encoding, errors="replace"))


def _try_decode(content: bytes, encoding: str | None) -> str | None:
    if encoding is None:
        return None
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _checked(path: Path, text: str) -> str:
    if len(_CONTROL.findall(text)) > max(8, len(text) // 100):
        raise _no_text(path)
    return text


def _no_text(path: Path) -> DocumentError:
    return DocumentError(
        path,
        Outcome.CORRUPT,
        "the bytes are no text in any known encoding",
        remedy="Open the file in the program that wrote it and save it as UTF-8",
    )
