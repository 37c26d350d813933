"""The errors that a user meets: each names the file, the page where known, and what to do."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    """What became of reading a file."""

    READ = "read"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    ZERO_PAGES = "zero_pages"
    EMPTY = "empty"
    OCR_NEEDED = "ocr_needed"
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"
    UNSUPPORTED = "unsupported"


class MustdoError(Exception):
    """A fault that a user can mend; its message is complete and in plain English."""


class UsageError(MustdoError):
    """Wrong usage or input; nothing was changed. The command line exits with 2."""


class DocumentError(MustdoError):
    """One document cannot be used; it goes to quarantine and the build goes on.

    `outcome` is its type, `reason` what happened, `remedy` what the user can do, `page` 1-based
    where known.
    """

    def __init__(
        self,
        path: Path | str,
        outcome: Outcome,
        reason: str,
        *,
        remedy: str,
        page: int | None = None,
    ) -> None:
        self.path = Path(path)
        self.outcome = outcome
        self.reason = reason
        self.remedy = remedy
        self.page = page
        where = self.path.name if page is None else f"{self.path.name}, page {page}"
        super().__init__(f"{where}: {reason}. {remedy}")

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions with keyword arguments do not survive pickling between processes unaided.
        return _rebuild, (type(self), self.path, self.outcome, self.reason, self.remedy, self.page)


def _rebuild(
    kind: type[DocumentError],
    path: Path,
    outcome: Outcome,
    reason: str,
    remedy: str,
    page: int | None,
) -> DocumentError:
    return kind(path, outcome, reason, remedy=remedy, page=page)
