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


def load_metadata(database: str, path: Path | None = None) -> dict[str, Any]:
    """What Datasette is told of a database of this name; raises UsageError where metadata.yml
    cannot be used.
    """
    file = path or metadata_path()
    try:
        content = msgspec.yaml.decode(file.read_bytes(), type=dict[str, Any])
    except OSError as error:
        raise UsageError(
            f"{file}: cannot be read ({error.strerror}). Install mustdo again."
        ) from error
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UsageError(
            f"{file}: not metadata for Datasette: {error}. Mend it at the place named."
        ) from error
    return describe(content, database)


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
