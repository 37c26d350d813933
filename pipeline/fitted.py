"""Fitted models on disk: skops, never pickle, and the same model gives the same bytes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any, Final

from pipeline.errors import UsageError

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_NUMBER: Final = re.compile(r"\d+")


def dump_fitted(content: Any, path: Path) -> None:
    """Write a model with skops.

    skops names its parts by where they lay in memory; here they are numbered in order, and the
    archive carries no time, so that training twice gives one file.
    """
    import skops.io

    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(content))) as written:
        schema = json.loads(written.read("schema.json"))
        numbers: dict[str, str] = {}
        _renumber(schema, numbers)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name in sorted(written.namelist(), key=lambda n: _renamed(n, numbers)):
                member = zipfile.ZipInfo(_renamed(name, numbers), date_time=_EPOCH)
                member.compress_type = zipfile.ZIP_DEFLATED
                text = (
                    json.dumps(schema, sort_keys=True)
                    if name == "schema.json"
                    else written.read(name)
                )
                archive.writestr(member, text)


def load_fitted(path: Path) -> Any:
    """Read a model; raises UsageError where it is damaged or holds types that could run code of
    their own.
    """
    import skops.io

    try:
        untrusted = skops.io.get_untrusted_types(file=path)
        if untrusted:
            raise UsageError(
                f"{path.name} holds types that are not trusted: {untrusted}. Run: mustdo train"
            )
        return skops.io.load(path)
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise UsageError(f"{path.name} cannot be read ({error}). Run: mustdo train") from error


def _renamed(name: str, numbers: dict[str, str]) -> str:
    return _NUMBER.sub(lambda m: numbers.get(m.group(), m.group()), name)


def _renumber(node: Any, numbers: dict[str, str]) -> None:
    """Number the parts of a skops schema in the order in which they stand, in place."""
    if isinstance(node, list):
        for child in node:
            _renumber(child, numbers)
        return
    if not isinstance(node, dict):
        return
    if "__id__" in node:
        node["__id__"] = int(numbers.setdefault(str(node["__id__"]), str(len(numbers) + 1)))
    if isinstance(node.get("file"), str):
        for found in _NUMBER.findall(node["file"]):
            numbers.setdefault(found, str(len(numbers) + 1))
        node["file"] = _renamed(node["file"], numbers)
    for key, child in node.items():
        if key not in ("__id__", "file"):
            _renumber(child, numbers)
