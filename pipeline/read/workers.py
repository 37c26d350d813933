"""Reading many documents in guarded processes.

pdfium is not safe in threads and a damaged file may bring it down, run for ever or fill the memory.
So documents are read in processes that live long but can be lost: each under limits that the
operating system keeps, and under a clock that this side keeps. A lost process costs its document,
with a typed outcome, and is replaced.
"""

from __future__ import annotations

import heapq
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

import pipeline
from pipeline.errors import DocumentError, MustdoError, Outcome
from pipeline.read import with_unread_pictures
from pipeline.read.tasks import Fault, Reply, Task, decode_reply
from pipeline.records import Source

_START_LIMIT_S: Final = 60.0
_END_LIMIT_S: Final = 5.0
_UNREAD_PICTURES: Final = -1  # the part that holds a document read without its scanned pages


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """What reading one document may take.

    `wall_s` and `cpu_s` are seconds for a whole document, `memory_bytes` is what a worker may take
    beyond what it has when it starts, `pages_at_once` how many pages of a long PDF go to one
    worker.
    """

    size_bytes: int = 200_000_000
    wall_s: float = 120.0
    cpu_s: float = 110.0
    memory_bytes: int = 1_500_000_000
    scan_wall_s: float = 1_800.0
    pages_at_once: int = 50


@dataclass(slots=True, kw_only=True)
class _Job:
    """A document on its way: its parts as they come back, and the seconds it has taken."""

    number: int
    path: Path
    waiting: int = 1
    spent_s: float = 0.0
    parts: dict[int, Source] = field(default_factory=dict)
    done: bool = False


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    task: Task | None = None
    deadline: float = 0.0

    def kill(self) -> None:
        """End the process and whatever it has started."""
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait()
        self.connection.close()


class ReaderPool:
    """Worker processes that read documents; a context manager.

    >>> with ReaderPool(workers=2) as pool:  # doctest: +SKIP
    ...     for path, source_or_error in pool.read_many(paths): ...
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        limits: ReadLimits | None = None,
        password: str | None = None,
        ocr: bool = False,
    ) -> None:
        if workers < 1:
            raise ValueError("a pool wants at least one worker")
        self._size = workers
        self._limits = limits or ReadLimits()
        self._password = password
        self._ocr = ocr
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers, at once those that are reading."""
        for worker in self._workers:
            if worker.task is None:
                worker.connection.close()  # an idle one ends by itself
        for worker in self._workers:
            if worker.task is None:
                with suppress(subprocess.TimeoutExpired):
                    worker.process.wait(_END_LIMIT_S)
            worker.kill()
        self._workers.clear()

    def read_many(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Source | DocumentError]]:
        """Each path with its source or what hindered it, in the order in which they are done.

        The largest files are begun first, long PDFs in parts; what comes back for a path does not
        depend on the number of workers. Stopping early ends the workers that are busy. One call at
        a time: raises RuntimeError where another is not finished.
        """
        if any(worker.task is not None for worker in self._workers):
            raise RuntimeError("this pool is still reading for another call")
        run = _Run(self._limits, self._password, ocr=self._ocr)
        for path in paths:
            run.add(path)
        try:
            while not run.finished():
                self._hand_out(run)
                for worker in self._next_events():
                    outcome = self._collect(run, worker)
                    if outcome is not None:
                        self._hand_out(run)  # before the caller takes its time over the result
                        yield outcome
        finally:
            self._drop_busy()

    def _hand_out(self, run: _Run) -> None:
        """Give every idle worker a task, starting workers as far as there are tasks for them."""
        idle = [worker for worker in self._workers if worker.task is None]
        while run.has_tasks():
            if not idle:
                if len(self._workers) >= self._size:
                    return
                idle.append(_start(self._limits.memory_bytes))
                self._workers.append(idle[-1])
            worker = idle.pop()
            if worker.process.poll() is not None:
                self._remove(worker)  # it ended while idle, which is no document's fault
                continue
            task, seconds = run.next_task()
            worker.task = task
            worker.deadline = time.monotonic() + seconds
            with suppress(OSError):  # it ended this moment, which `_collect` sees next
                worker.connection.send(task)

    def _next_events(self) -> list[_Worker]:
        """Busy workers that have answered, died or run out of time; waits for the first."""
        busy = [worker for worker in self._workers if worker.task is not None]
        if not busy:
            return []
        first = min(worker.deadline for worker in busy)
        ready = wait([w.connection for w in busy], max(0.0, first - time.monotonic()))
        now = time.monotonic()
        return [w for w in busy if w.connection in ready or w.deadline <= now]

    def _collect(self, run: _Run, worker: _Worker) -> tuple[Path, Source | DocumentError] | None:
        """Take in a worker's answer, or its end; returns a document that is done by it."""
        task = worker.task
        assert task is not None  # only busy workers have events
        worker.task = None
        try:
            # Asked before the clock: the caller may have held us up while an answer lay ready.
            if worker.connection.poll():
                reply = decode_reply(worker.connection.recv_bytes())
                if reply.leaving:
                    self._remove(worker)
                return run.take(task, reply)
        except (EOFError, OSError, msgspec.DecodeError):
            code = worker.process.wait()
            self._remove(worker)
            return run.take(task, Reply(seconds=0.0, fault=_fault_of_death(code)))
        self._remove(worker)
        return run.take(task, Reply(seconds=0.0, fault=_timed_out(self._limits, task)))

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.kill()

    def _drop_busy(self) -> None:
        for worker in [worker for worker in self._workers if worker.task is not None]:
            self._remove(worker)


class _Run:
    """The tasks of one `read_many`, the most pressing first, and the documents they belong to."""

    def __init__(self, limits: ReadLimits, password: str | None, *, ocr: bool) -> None:
        self._limits = limits
        self._password = password
        self._ocr = ocr
        self._jobs: list[_Job] = []
        self._open = 0
        self._queue: list[tuple[tuple[int, ...], Task]] = []

    def add(self, path: Path) -> None:
        """Another document to read."""
        job = _Job(number=len(self._jobs), path=path)
        self._jobs.append(job)
        self._open += 1
        try:
            size = path.stat().st_size
        except OSError:
            size = 0  # the worker names what is wrong with it
        self._push((1, -size, job.number), self._task(job))

    def finished(self) -> bool:
        """Whether every document is done."""
        return self._open == 0

    def has_tasks(self) -> bool:
        """Whether a task waits for a worker; tasks of documents that have failed are dropped."""
        while self._queue and self._jobs[self._queue[0][1].number].done:
            heapq.heappop(self._queue)
        return bool(self._queue)

    def next_task(self) -> tuple[Task, float]:
        """The most pressing task, and how many seconds it has."""
        _, task = heapq.heappop(self._queue)
        if task.scan:
            return task, self._limits.scan_wall_s
        job = self._jobs[task.number]
        return task, max(1.0, self._limits.wall_s - job.spent_s)

    def take(self, task: Task, reply: Reply) -> tuple[Path, Source | DocumentError] | None:
        """Note what became of a task; returns the document where that completes it."""
        job = self._jobs[task.number]
        if job.done:
            return None  # another part of it has failed meanwhile
        job.waiting -= 1
        job.spent_s += reply.seconds
        if reply.pages is not None:
            self._split(job, reply.pages)
            return None
        if reply.fault is not None:
            value = reply.fault.error(job.path)
            if value.outcome is Outcome.OCR_NEEDED and self._ocr and not task.scan:
                self._read_pictures(job)
                return None
            kept = job.parts.get(_UNREAD_PICTURES)
            return self._finish(job, value if kept is None else with_unread_pictures(kept, value))
        assert reply.source is not None  # a reply without pages or a fault holds a source
        if task.scan:
            return self._finish(job, reply.source)
        job.parts[task.pages[0] if task.pages else 0] = reply.source
        if job.waiting:
            return None
        return self._whole(job, task)

    def _split(self, job: _Job, pages: int) -> None:
        """Queue a long PDF in parts of about equal length, ahead of shorter documents."""
        parts = -(-pages // self._limits.pages_at_once)
        cuts = [pages * part // parts for part in range(parts + 1)]
        job.waiting = parts
        for start, stop in pairwise(cuts):
            self._push((0, job.number, start), self._task(job, pages=(start, stop)))

    def _whole(self, job: _Job, task: Task) -> tuple[Path, Source | DocumentError] | None:
        """The document of its parts, once all are there."""
        from pipeline.read.pdf import check_words, is_scanned, join_parts

        source = join_parts([job.parts[start] for start in sorted(job.parts)])
        job.parts.clear()
        if task.pages is not None:
            try:
                check_words(job.path, source)
            except DocumentError as fault:
                if not self._ocr:
                    return self._finish(job, fault)
                self._read_pictures(job)
                return None
        if self._ocr and any(is_scanned(page) for page in source.pages):
            job.parts[_UNREAD_PICTURES] = source  # for when they cannot be read
            self._read_pictures(job)
            return None
        return self._finish(job, source)

    def _read_pictures(self, job: _Job) -> None:
        job.waiting = 1
        self._push((0, job.number, 0), self._task(job, scan=True))

    def _finish(
        self, job: _Job, value: Source | DocumentError
    ) -> tuple[Path, Source | DocumentError]:
        job.done = True
        job.parts.clear()
        self._open -= 1
        return job.path, value

    def _push(self, rank: tuple[int, ...], task: Task) -> None:
        heapq.heappush(self._queue, (rank, task))

    def _task(self, job: _Job, *, pages: tuple[int, int] | None = None, scan: bool = False) -> Task:
        return Task(
            number=job.number,
            path=job.path.absolute(),
            password=self._password,
            size_bytes=self._limits.size_bytes,
            cpu_s=self._limits.cpu_s,
            longest=self._limits.pages_at_once * 3 // 2,
            pages=pages,
            scan=scan,
        )


def _start(memory_bytes: int) -> _Worker:
    """A new worker, ready; raises MustdoError where none can be started."""
    here, there = Pipe()
    # A plain new interpreter: multiprocessing's own would run the parent's main module again in
    # each.
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(
            [str(Path(pipeline.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
    }
    with there:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "pipeline.read.worker",
                str(there.fileno()),
                str(memory_bytes),
            ],
            pass_fds=[there.fileno()],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the parent, and a group can be ended as one
        )
    worker = _Worker(process, here)
    try:
        if here.poll(_START_LIMIT_S):
            here.recv()
            return worker
    except (EOFError, OSError):
        pass  # it ended before it was ready: told below
    except BaseException:
        worker.kill()
        raise
    worker.kill()
    raise MustdoError(
        "A process for reading documents does not start. Its own message is above; "
        "check that the installation is whole with: python -m pipeline.read.worker"
    )


def _timed_out(limits: ReadLimits, task: Task) -> Fault:
    seconds = limits.scan_wall_s if task.scan else limits.wall_s
    return Fault(
        outcome=Outcome.TIMED_OUT,
        reason=f"reading it takes longer than the {seconds:,.0f} seconds it has",
        remedy="Split it, or save it anew with another program",
    )


def _fault_of_death(code: int) -> Fault:
    """What the end of a worker says about the document that it was reading."""
    if code == -getattr(signal, "SIGXCPU", 24):
        return Fault(
            outcome=Outcome.TIMED_OUT,
            reason="reading it takes more processor time than is allowed",
            remedy="Split it, or save it anew with another program",
        )
    if code == -signal.SIGKILL:
        return Fault(
            outcome=Outcome.TOO_LARGE,
            reason="the system ended its reader, most likely for want of memory",
            remedy="Build with fewer workers, or split it",
        )
    return Fault(
        outcome=Outcome.CORRUPT,
        reason=f"its reader broke down on it (code {code}), damaged or out of memory",
        remedy="Open it in a PDF reader and save it anew",
    )
