"""What fetching keeps in its folder: the state file, parts of documents, and the manifest.

`fetched.json` holds for each address the file, its checksum and what the server called that
version. Everything is written beside its place and moved there when whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from pipeline.errors import UsageError

STATE_FILE: Final = "fetched.json"
MANIFEST: Final = "documents.yml"


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a document that was fetched, or (`sha256` None) of the part of one."""

    file: str
    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class Store:
    """The folder's state file: what was fetched from which address, and what has begun to be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / STATE_FILE
        self._documents: dict[str, Fetched] = {}
        self._parts: dict[str, Fetched] = {}
        if self._path.exists():
            try:
                state = msgspec.json.decode(
                    self._path.read_bytes(), type=dict[str, dict[str, Fetched]]
                )
            except (OSError, msgspec.DecodeError) as error:
                raise UsageError(
                    f"{self._path} cannot be read ({error}); "
                    "delete it, and all documents are fetched anew"
                ) from error
            self._documents = state.get("documents", {})
            self._parts = state.get("parts", {})

    def whole(self, url: str) -> Fetched | None:
        """What was fetched from an address, where the file is still there and still the same."""
        known = self._documents.get(url)
        if known is None or known.file != Path(known.file).name:
            return None
        path = self.folder / known.file
        return known if path.is_file() and sha256_of(path) == known.sha256 else None

    def begun(self, url: str) -> Fetched | None:
        """What is known of the part of a document."""
        return self._parts.get(url)

    def part(self, name: str) -> Path:
        """Where a document is written while it comes."""
        return self.folder / f"{name}.part"

    def begin(self, url: str, begun: Fetched) -> None:
        """Note what version of a document is coming, before it does."""
        self._parts[url] = begun
        self.save()

    def finish(self, url: str, file: str, digest: str) -> None:
        """Note that a document is whole."""
        begun = self._parts.pop(url)
        self._documents[url] = Fetched(
            file=file, sha256=digest, etag=begun.etag, last_modified=begun.last_modified
        )

    def forget_part(self, url: str) -> None:
        """Note that what has come of a document is gone."""
        self._parts.pop(url, None)

    def save(self) -> None:
        """Write the state, whole or not at all."""
        state = {
            name: {url: _filled(entry) for url, entry in sorted(entries.items())}
            for name, entries in (("documents", self._documents), ("parts", self._parts))
        }
        _write(self._path, json.dumps(state, indent=2, ensure_ascii=False) + "\n")


def _filled(entry: Fetched) -> dict[str, str]:
    return {
        name: value for name, value in msgspec.structs.asdict(entry).items() if value is not None
    }


def write_manifest(folder: Path, documents: Iterable[Mapping[str, Any]]) -> None:
    """Add documents to the folder's documents.yml; what stands there already stays as it is.

    Raises UsageError where there is one that cannot be read.
    """
    path = folder / MANIFEST
    content: dict[str, Any] = {"documents": []}
    if path.exists():
        try:
            read = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise UsageError(f"{path} cannot be read: {error}") from error
        if not isinstance(read, dict) or not isinstance(read.get("documents"), list):
            raise UsageError(f"{path} does not list documents; move it away, and fetch again")
        content = read
    listed = {entry.get("path") for entry in content["documents"] if isinstance(entry, dict)}
    new = [dict(document) for document in documents if document["path"] not in listed]
    if new:
        content["documents"].extend(new)
        _write(path, yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100))


def _write(path: Path, text: str) -> None:
    """Write a file beside its place and move it there."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def size_of(path: Path) -> int:
    """Bytes in a file; 0 where there is none."""
    return path.stat().st_size if path.exists() else 0


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
