"""Datasette's metadata: metadata.yml under the database's own name, with the meaning of each
column.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.errors import UsageError
from pipeline.store.schema import TABLES

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_DATABASE: Final = "mustdo"  # the database's name in metadata.yml


def metadata_path() -> Path:
    """Where metadata.yml is: packaged with an installed mustdo, or at the top of a checkout."""
    packaged = _PACKAGE / "_metadata.yml"
    return packaged if packaged.is_file() else _PACKAGE.parent / "metadata.yml"


def own_metadata_path(database: Path) -> Path:
    """Where the people who serve a database may put metadata of their own: logins, who may see
    what.
    """
    return database.with_name(f"{database.stem}-metadata.yml")


def load_metadata(
    database: str, path: Path | None = None, *, own: Path | None = None
) -> dict[str, Any]:
    """What Datasette is told of a database of this name; what `own` says, where given, wins.

    Raises UsageError where a file cannot be used.
    """
    described = describe(_read(path or metadata_path()), database)
    return _merged(described, _read(own)) if own else described


def _read(file: Path) -> dict[str, Any]:
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=dict[str, Any])
    except OSError as error:
        raise UsageError(
            f"{file}: cannot be read ({error.strerror}). See that it is there and may be read."
        ) from error
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UsageError(
            f"{file}: not metadata for Datasette: {error}. Mend it at the place named."
        ) from error


def _merged(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Ours with theirs laid over it, key by key at every depth; a list takes the other's place."""
    merged = dict(ours)
    for key, value in theirs.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def describe(content: dict[str, Any], database: str) -> dict[str, Any]:
    """Metadata for a database of this name, with a description and columns for each table of the
    schema.
    """
    metadata = deepcopy(content)
    databases = metadata.setdefault("databases", {})
    ours = databases.pop(_DATABASE, {})
    tables = ours.setdefault("tables", {})
    for definition in TABLES:
        table = tables.setdefault(definition.name, {})
        table.setdefault("description", definition.meaning)
        table["columns"] = {column.name: column.meaning for column in definition.columns}
    reviews = databases.pop(f"{_DATABASE}-reviews", {})
    databases |= {database: ours, f"{database}-reviews": reviews}
    return metadata
