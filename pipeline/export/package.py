"""Office files are zip archives: the same content must give the same archive, byte for byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Final

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # where zip's calendar starts


def fixed_zip(archive: bytes, *, change: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """The archive with its files in order, but no trace of when or where it was written.

    `change` gives for a file's name and content what to write instead.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            fixed = zipfile.ZipInfo(entry.filename, date_time=_MOMENT)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.create_system = 0
            fixed.external_attr = 0
            content = old.read(entry.filename)
            new.writestr(fixed, change(entry.filename, content) if change else content)
    return out.getvalue()
