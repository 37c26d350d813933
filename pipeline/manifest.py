"""Which files to read, and what is known of each before it is opened: folders, documents.yml,
document ids.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import msgspec
import yaml

from pipeline.errors import UsageError
from pipeline.records import Kind, PlanningYears, Stated

MANIFEST: Final = "documents.yml"
ENDINGS: Final = frozenset({".pdf", ".html", ".htm", ".docx", ".txt", ".md"})
_NOT_IN_IDS: Final = re.compile(r"[^A-Za-z0-9._-]+")
_CHUNK: Final = 1 << 20


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a documents.yml says of one file."""

    path: str
    title: str | None = None
    publisher: str | None = None
    kind: Kind | None = None
    planning_year: str | None = None
    published: date | None = None
    source_url: str | None = None
    licence: str | None = None
    supersedes: list[str] = []


class _Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    documents: list[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file to read, with its document id and what its manifest states."""

    path: Path
    stated: Stated


def read_manifest(path: Path) -> dict[str, Entry]:
    """The entries of a documents.yml by the name of their file; raises UsageError that names the
    field at fault.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path}: not YAML that can be read ({_line(error)}). Mend the file."
        ) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).") from error
    try:
        manifest = msgspec.convert(content, _Manifest)
    except msgspec.ValidationError as error:
        raise UsageError(
            f"{path}: {_explain(error, content)}. See the README for the fields of documents.yml."
        ) from error
    entries: dict[str, Entry] = {}
    for entry in manifest.documents:
        if not (path.parent / entry.path).is_file():
            raise UsageError(
                f"{path}: it lists {entry.path}, which is not there."
                " Mend the path, or take the entry out."
            )
        if entry.planning_year is not None:
            try:
                PlanningYears.parse(entry.planning_year)
            except ValueError as error:
                raise UsageError(f"{path}, {entry.path}: planning_year: {error}.") from error
        entries[entry.path] = entry
    return entries


def find_documents(paths: Sequence[Path]) -> list[FoundFile]:
    """Every file to read below the paths, in order of path, each once; identical bytes are one
    document.

    Raises UsageError for a path that does not exist, a folder with no documents, a manifest that is
    wrong.
    """
    found: dict[Path, Entry | None] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist. Check the path.")
        for file, entry in _find_below(path):
            found.setdefault(file, entry)
    if not found:
        names = ", ".join(str(p) for p in paths)
        raise UsageError(f"{names} holds no documents. mustdo reads {', '.join(sorted(ENDINGS))}.")
    return _name_documents(_without_copies(found))


def _find_below(path: Path) -> list[tuple[Path, Entry | None]]:
    if path.is_file():
        manifest = path.parent / MANIFEST
        entries = read_manifest(manifest) if manifest.is_file() else {}
        return [(path, {path.parent / name: entry for name, entry in entries.items()}.get(path))]
    manifests: dict[Path, dict[str, Entry]] = {}
    found = []
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
        if (
            hidden
            or file.suffix.lower() not in ENDINGS
            or file.stem.upper() == "README"
            or not file.is_file()
        ):
            continue
        found.append(file)
    for manifest in sorted(path.rglob(MANIFEST)):
        manifests[manifest.parent] = read_manifest(manifest)
    stated = {
        folder / name: entry
        for folder, entries in manifests.items()
        for name, entry in entries.items()
    }
    return [(file, stated.get(file)) for file in found]


def _without_copies(found: dict[Path, Entry | None]) -> dict[Path, Entry | None]:
    """The files without those whose bytes another has; of copies the one with a manifest entry
    stays, else the first.
    """
    kept: dict[str, Path] = {}
    for path in sorted(found, key=lambda p: (found[p] is None, str(p))):
        kept.setdefault(_digest(path), path)
    chosen = set(kept.values())
    return {path: entry for path, entry in sorted(found.items()) if path in chosen}


def _digest(path: Path) -> str:
    """Checksum of the bytes; a file that cannot be read, or is empty, has no copies."""
    digest = hashlib.sha256()
    try:
        if path.stat().st_size == 0:
            return str(path)
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return str(path)
    return digest.hexdigest()


def _name_documents(found: dict[Path, Entry | None]) -> list[FoundFile]:
    """Ids: the file name without its ending; where two would share one, the later by path keeps its
    ending.
    """
    taken: set[str] = set()
    named = []
    for path, entry in found.items():
        stem, whole = _slug(path.stem), _slug(path.name)
        candidates = [stem, whole, *(f"{whole}-{n}" for n in range(2, 10_000))]
        document_id = next(c for c in candidates if c not in taken)
        taken.add(document_id)
        named.append(FoundFile(path=path, stated=_stated(document_id, entry)))
    return named


def _slug(name: str) -> str:
    return _NOT_IN_IDS.sub("-", name).strip("-.") or "document"


def _stated(document_id: str, entry: Entry | None) -> Stated:
    stated = Stated(id=document_id)
    if entry is None:
        return stated
    return replace(
        stated,
        title=entry.title,
        publisher=entry.publisher,
        kind=entry.kind,
        planning_years=PlanningYears.parse(entry.planning_year) if entry.planning_year else None,
        published=entry.published,
        source_url=entry.source_url,
        licence=entry.licence,
        supersedes=tuple(entry.supersedes),
    )


def _explain(error: msgspec.ValidationError, content: object) -> str:
    """The validation message with the entry's path in it, where the entry has one."""
    message = str(error)
    place = re.search(r"\$\.documents\[(\d+)\]", message)
    if place is None or not isinstance(content, dict):
        return message
    entries = content.get("documents")
    entry = (
        entries[int(place.group(1))]
        if isinstance(entries, list) and int(place.group(1)) < len(entries)
        else None
    )
    name = entry.get("path") if isinstance(entry, dict) else None
    known = ", ".join(field for field in Entry.__struct_fields__)
    return f"{name or 'entry ' + place.group(1)}: {message} (fields: {known})"


def _line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}" if mark is not None else str(error)
