"""The file that a build writes to: a copy, which takes the database's place in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from pipeline.errors import UsageError


def check_writable(db_path: Path) -> None:
    folder = db_path.resolve().parent
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is not a folder, so {db_path.name} cannot be written there. Make it first."
        )
    if not os.access(folder, os.W_OK) or (db_path.exists() and not os.access(db_path, os.W_OK)):
        raise UsageError(
            f"{db_path} may not be written. Ask for the right to, or name another file with --db."
        )


@contextmanager
def locked(db_path: Path) -> Iterator[None]:
    """Keep a second build of the same database out."""
    lock = filelock.FileLock(f"{db_path}.lock", timeout=0)
    try:
        with lock:
            yield
    except filelock.Timeout as error:
        raise UsageError(
            f"Another build of {db_path} is running. Wait for it, or stop it."
        ) from error
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)


@contextmanager
def working_copy(db_path: Path) -> Iterator[tuple[Path, bool]]:
    """The file to write to, and whether a stopped build left it. It takes the database's place at
    the end.
    """
    copy = db_path.with_name(f"{db_path.name}.building")
    base = db_path.with_name(f"{db_path.name}.building-base")
    stamp = _stamp(db_path)
    resumable = copy.exists() and base.exists() and base.read_text(encoding="utf-8") == stamp
    if not resumable:
        copy.unlink(missing_ok=True)
        copy.with_name(f"{copy.name}-journal").unlink(missing_ok=True)
        if db_path.exists():
            shutil.copyfile(db_path, copy)
        base.write_text(stamp, encoding="utf-8")
    yield copy, resumable
    copy.replace(db_path)
    base.unlink(missing_ok=True)


def _stamp(db_path: Path) -> str:
    """What tells one state of a database file from another."""
    if not db_path.exists():
        return "none"
    status = db_path.stat()
    return f"{status.st_size} {status.st_mtime_ns}"
