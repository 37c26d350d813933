"""JSON lines: every field of every row, one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, Final

from pipeline.export.about import About

# JSON may hold these as they are, but programs that split text at every line end would break the
# object.
_LINE_ENDS: Final = {ord(c): f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"}


def write_jsonl(
    rows: Iterable[Mapping[str, Any]], out: BinaryIO, *, about: About, table: str = "requirements"
) -> None:
    """Write rows as UTF-8 JSON objects, a line each, with fields in the published order."""
    for row in rows:
        out.write(json_line(row).encode("utf-8") + b"\n")


def json_line(row: Mapping[str, Any]) -> str:
    """One object on one line, whatever counts as a line end."""
    return json.dumps(row, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS)
