"""Opening the database: is it ours, does it have its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import sqlite_utils

from pipeline.errors import UsageError
from pipeline.store.schema import APPLICATION_ID, SCHEMA_VERSION, TABLES, TableDefinition

_SQL_TYPES: Mapping[type, str] = {str: "TEXT", int: "INTEGER", float: "REAL"}


def check_database(path: Path) -> None:
    """Raise UsageError unless `path` is a database that this version of mustdo made."""
    if not path.exists():
        raise UsageError(f"{path} does not exist. Build it first: mustdo build FOLDER --db {path}")
    if path.is_dir():
        raise UsageError(f"{path} is a folder, not a database. Name a file with --db.")
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
    except PermissionError as error:
        raise UsageError(f"{path} may not be read. Ask for the right to read it.") from error
    if head != b"SQLite format 3\x00":
        raise UsageError(f"{path} is not a database. Name another file with --db, or move it away.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        raise UsageError(f"{path} is damaged ({error}). Move it away and build again.") from error
    if application != APPLICATION_ID:
        raise UsageError(f"{path} is a database of another program. Name another file with --db.")
    if version != SCHEMA_VERSION:
        raise UsageError(
            f"{path} was made by another version of mustdo (schema {version}; this one writes "
            f"{SCHEMA_VERSION}). Move it away and build again."
        )


def open_for_writing(path: Path) -> sqlite_utils.Database:
    """The database at `path` with all its tables, made where there are none yet."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    # The build writes to a copy that takes the old one's place at the end, so a power cut costs the
    # copy only.
    connection.execute("PRAGMA synchronous = OFF")
    db = sqlite_utils.Database(connection)
    if not db.table_names():
        create_tables(db)
    return db


@contextmanager
def open_for_reading(path: Path) -> Iterator[sqlite_utils.Database]:
    """The database at `path`, read only; raises UsageError where it is not one of ours."""
    check_database(path)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        yield sqlite_utils.Database(connection)


def create_tables(db: sqlite_utils.Database) -> None:
    """Make every table of the schema with its keys, indexes and full-text search."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    with db.atomic():
        for definition in TABLES:
            db.execute(_create_statement(definition))
            for index in definition.indexes:
                db.table(definition.name).create_index(list(index))
        for definition in TABLES:
            if definition.search:
                db.table(definition.name).enable_fts(
                    list(definition.search),
                    tokenize="porter unicode61 remove_diacritics 2",
                    create_triggers=True,
                )
        # One covering index for facets. It leads with a constant, since Datasette's paging skips
        # tied rows where SQLite picks an index that leads with the column sorted by.
        db.execute(
            "CREATE INDEX requirements_facets ON requirements"
            "((0), planning_year, topic, modality, kind, has_target, reported, bearer_canonical)"
        )


def _create_statement(definition: TableDefinition) -> str:
    """CREATE TABLE with deferred keys: tables that name each other (requirements, threads) cannot
    do without.
    """
    lines = []
    for column in definition.columns:
        reference = (
            f' REFERENCES "{column.references}"("id") DEFERRABLE INITIALLY DEFERRED'
            if column.references
            else ""
        )
        lines.append(f'"{column.name}" {_SQL_TYPES[column.type]}{reference}')
    lines.append("PRIMARY KEY ({})".format(", ".join(f'"{name}"' for name in definition.key)))
    return 'CREATE TABLE "{}" (\n  {}\n)'.format(definition.name, ",\n  ".join(lines))
