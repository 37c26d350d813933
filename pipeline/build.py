"""Files to a database: what to do again, workers, progress, quarantine.

The build writes to a copy beside the database, which takes its place at the end in one step:
whoever reads the old one meanwhile reads it whole, and a build that is stopped changes nothing.
What such a build had done is kept in the copy, and the next build goes on from there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlite_utils

from pipeline.errors import DocumentError, Outcome, UsageError
from pipeline.lexicon import load_lexicon
from pipeline.lexicon.load import default_directory
from pipeline.manifest import FoundFile, find_documents
from pipeline.records import Extraction, Source, Stated, StructuredDocument, stable_id
from pipeline.store.database import check_database, open_for_writing
from pipeline.store.load import (
    has_comparisons_of_others,
    load_comparisons,
    load_documents,
    load_figures,
    load_requirements,
    load_sources,
)
from pipeline.store.save import (
    SavedSource,
    finish,
    remove_source,
    save_comparisons,
    save_lexicon,
    save_quarantined,
    save_source,
    save_spanning,
)
from pipeline.store.working_copy import check_writable, locked, working_copy

if TYPE_CHECKING:
    from pipeline.extract import ExtractionModels

_CHUNK: Final = 1 << 20
_AHEAD: Final = 8  # documents per worker that may wait for their turn to be saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A file that could not be read, with its reason and what to do."""

    path: Path
    outcome: Outcome
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did. `unchanged` counts files that needed nothing, quarantined ones included."""

    read: int = 0
    unchanged: int = 0
    removed: int = 0
    documents: int = 0
    requirements: int = 0
    links: int = 0
    quarantined: tuple[Quarantined, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How to build; `workers` are processes, `scheduler` the address of a dask scheduler to use
    instead.
    """

    workers: int = field(default_factory=lambda: max(1, min(8, os.cpu_count() or 1)))
    scheduler: str | None = None
    rebuild: bool = False
    password: str | None = None
    ocr: bool = False


# Told of each step: (stage, done, total). Stages: checking, reading, linking.
Progress = Callable[[str, int, int], None]


def build(
    paths: Sequence[Path],
    db_path: Path,
    *,
    options: BuildOptions | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the database at `db_path` up to date with files and folders.

    Raises UsageError, with nothing changed, where a path, a manifest or the database is not what it
    should be. KeyboardInterrupt leaves the database as it was, and the work so far for the next
    build.
    """
    options = options or BuildOptions()
    tell = progress or (lambda _stage, _done, _total: None)
    if db_path.exists():
        check_database(db_path)
    found = find_documents(paths)
    check_writable(db_path)
    with locked(db_path), working_copy(db_path) as (copy, resumed):
        started = datetime.now(UTC)
        with closing(open_for_writing(copy).conn) as connection:
            db = sqlite_utils.Database(connection)
            report = _update(
                db, found, [p.resolve() for p in paths], options, tell, started, resumed
            )
    return report


# -----------------------------------------------------------------------------------------------
# update


def _update(
    db: sqlite_utils.Database,
    found: Sequence[FoundFile],
    roots: Sequence[Path],
    options: BuildOptions,
    tell: Progress,
    started: datetime,
    resumed: bool,
) -> BuildReport:
    save_lexicon(db, load_lexicon())
    known = load_sources(db)
    quarantined_before = _quarantined(db)
    removed = _remove_gone(db, known, found, roots)
    todo, unchanged = _sort_out(found, known, quarantined_before, options, tell)
    for number, (source, outcome) in enumerate(_process(todo, options), 1):
        if isinstance(outcome, DocumentError):
            save_quarantined(db, source, outcome)
        else:
            save_source(db, source, outcome)
        tell("reading", number, len(todo))
    _link(db, tell, changed=bool(todo or removed or resumed), rebuild=options.rebuild)
    report = _report(db, read=len(todo), unchanged=unchanged, removed=removed)
    finish(db, _build_row(db, report, started))
    return report


def _remove_gone(
    db: sqlite_utils.Database,
    known: dict[Path, SavedSource],
    found: Sequence[FoundFile],
    roots: Sequence[Path],
) -> int:
    """Take out what came from files that are no longer in the folders built."""
    present = {f.path.resolve() for f in found}
    gone = [p for p in known if p not in present and any(p.is_relative_to(r) for r in roots)]
    for path in gone:
        with db.atomic():
            remove_source(db, path)
    return len(gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """A file to be read."""

    found: FoundFile
    source: SavedSource


def _sort_out(
    found: Sequence[FoundFile],
    known: dict[Path, SavedSource],
    quarantined: set[str],
    options: BuildOptions,
    tell: Progress,
) -> tuple[list[_Task], int]:
    """The files to read, in order of path, and how many need nothing."""
    engine = engine_key()
    todo: list[_Task] = []
    unchanged = 0
    retry = options.password is not None or options.ocr
    for number, file in enumerate(found, 1):
        path = file.path.resolve()
        try:
            status = path.stat()
            before = known.get(path)
            same_bytes = (
                before is not None
                and before.size == status.st_size
                and before.modified_ns == status.st_mtime_ns
            )
            digest = before.sha256 if same_bytes and before is not None else _hash(path)
        except OSError:
            status, digest, before = None, "", None
        key = stable_id(digest, file.stated, engine)
        in_quarantine = stable_id("quarantine", str(path)) in quarantined
        if (
            before is not None
            and before.key == key
            and not options.rebuild
            and not (retry and in_quarantine)
        ):
            unchanged += 1
        else:
            todo.append(
                _Task(
                    found=file,
                    source=SavedSource(
                        path=path,
                        sha256=digest,
                        size=status.st_size if status else 0,
                        modified_ns=status.st_mtime_ns if status else 0,
                        key=key,
                    ),
                )
            )
        tell("checking", number, len(found))
    return todo, unchanged


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def engine_key() -> str:
    """Checksum of the program and of what it knows: where it differs, documents are read again."""
    knowledge = (f for f in default_directory().iterdir() if not f.name.startswith("link"))
    return _checksum(("read", "structure", "lexicon", "extract", "store"), knowledge)


@lru_cache(maxsize=1)
def linking_key() -> str:
    """The same of linking: where it differs, everything is linked again."""
    return _checksum(("lexicon", "link"), default_directory().iterdir())


def _checksum(stages: Iterable[str], knowledge: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    package = Path(__file__).parent
    code = [
        package / "records.py",
        package / "sentences.py",
        *(f for stage in stages for f in (package / stage).rglob("*.py")),
    ]
    read = [f for f in knowledge if f.is_file() and f.suffix != ".md"]  # cards are for people
    for file in sorted([*code, *read]):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _quarantined(db: sqlite_utils.Database) -> set[str]:
    return {row["id"] for row in db.query("SELECT id FROM quarantine")}


# ----------------------------------------------------------------------------------------------
# reading

Processed = list[tuple[StructuredDocument, Extraction]]


def _process(
    tasks: Sequence[_Task], options: BuildOptions
) -> Iterator[tuple[SavedSource, Processed | DocumentError]]:
    """Read, structure and extract each file, in workers; results in the order of the tasks."""
    if not tasks:
        return
    from pipeline.read.workers import ReaderPool

    by_path = {task.found.path: task for task in tasks}
    results: dict[Path, Future[Processed] | DocumentError] = {}
    position = 0
    with (
        ReaderPool(workers=options.workers, password=options.password, ocr=options.ocr) as pool,
        _executor(options, len(tasks)) as executor,
    ):
        for path, source in pool.read_many([t.found.path for t in tasks]):
            task = by_path[path]
            if isinstance(source, DocumentError):
                results[path] = source
            else:
                results[path] = executor.submit(understand, source, task.found.stated)
            while position < len(tasks) and _is_ready(
                results, tasks[position].found.path, waiting=len(results) - position
            ):
                yield (
                    tasks[position].source,
                    _outcome(results.pop(tasks[position].found.path), tasks[position]),
                )
                position += 1
        for task in tasks[position:]:
            yield task.source, _outcome(results.pop(task.found.path), task)


def _is_ready(results: dict[Path, Any], path: Path, *, waiting: int) -> bool:
    """Whether the next file's result is there, or worth waiting for lest too many pile up."""
    result = results.get(path)
    if result is None:
        return False
    return isinstance(result, DocumentError) or result.done() or waiting > _AHEAD


def _outcome(result: Future[Processed] | DocumentError, task: _Task) -> Processed | DocumentError:
    return result if isinstance(result, DocumentError) else result.result()


class _InProcess(Executor):
    """Runs what it is given at once, here: for one file, starting workers would take longer."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - kept for whoever asks for the result
            future.set_exception(error)
        return future


@contextmanager
def _executor(options: BuildOptions, tasks: int) -> Iterator[Executor]:
    """Workers that structure and extract: processes of this machine, or a dask cluster's."""
    if options.scheduler is not None:
        with _dask_client(options.scheduler) as client:
            yield client.get_executor()
        return
    workers = min(options.workers, tasks)
    if workers == 1:
        yield _InProcess()
        return
    pool = ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn"))
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _dask_client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("--scheduler needs dask: pip install 'mustdo[dask]'") from error
    connect: Callable[..., Any] = Client
    try:
        return connect(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise UsageError(f"No dask scheduler answers at {address}. Check the address.") from error


def understand(source: Source, stated: Stated) -> Processed:
    """Structure a file that was read and extract from each of its documents; runs in a worker."""
    from pipeline.extract import extract
    from pipeline.structure import structure

    models = _models()
    return [
        (structured, extract(structured, models=models)) for structured in structure(source, stated)
    ]


@lru_cache(maxsize=1)
def _models() -> ExtractionModels:
    """Loaded once in each worker."""
    from pipeline.extract import load_models

    return load_models()


# ----------------------------------------------------------------------------------------------
# linking


def _link(db: sqlite_utils.Database, tell: Progress, *, changed: bool, rebuild: bool) -> None:
    """Link where any document came, changed or went, or linking itself changed; what is compared
    already is not compared again.
    """
    engine = linking_key()
    if not changed and not has_comparisons_of_others(db, engine):
        return
    from pipeline.link import link_all, load_link_model

    tell("linking", 0, 1)
    documents = load_documents(db)
    requirements = {d.id: load_requirements(db, d.id) for d in documents}
    linking = link_all(
        documents,
        requirements,
        lexicon=load_lexicon(),
        model=load_link_model(),
        figures={d.id: list(load_figures(db, d.id)) for d in documents},
        known={} if rebuild else load_comparisons(db, engine),
    )
    save_spanning(
        db,
        links=linking.links,
        threads=linking.threads,
        changes=linking.changes,
        target_lines=linking.target_lines,
        superseded=linking.superseded,
        repeats=linking.repeats,
        figure_mentions=linking.figure_mentions,
    )
    save_comparisons(db, linking.units, engine)
    tell("linking", 1, 1)


def _report(db: sqlite_utils.Database, *, read: int, unchanged: int, removed: int) -> BuildReport:
    quarantined = tuple(
        Quarantined(
            path=Path(row["file"]),
            outcome=Outcome(row["outcome"]),
            message=_message(row),
        )
        for row in db.query("SELECT * FROM quarantine ORDER BY file, id")
    )
    return BuildReport(
        read=read,
        unchanged=unchanged,
        removed=removed,
        documents=db.table("documents").count,
        requirements=db.table("requirements").count,
        links=db.table("links").count,
        quarantined=quarantined,
    )


def _message(row: dict[str, Any]) -> str:
    """What happened to a file and what to do, in one line."""
    page = f", page {row['page']}" if row["page"] else ""
    return f"{row['file']}{page}: {row['reason']}. {row['remedy'].rstrip('.')}."


def _build_row(db: sqlite_utils.Database, report: BuildReport, started: datetime) -> dict[str, Any]:
    last = next(iter(db.query("SELECT max(id) AS id FROM builds")))["id"] or 0
    return {
        "id": last + 1,
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("mustdo"),
        "read": report.read,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "quarantined": len(report.quarantined),
    }
