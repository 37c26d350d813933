"""The process that reads one document after another under limits, for `pipeline.read.workers`.

Started as `python -m pipeline.read.worker FD MEMORY` with one end of a pair of connected sockets.
It takes `Task`s and answers each with a `Reply`, and ends when the other end is closed. Nothing
heavy is loaded before a document needs it.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from pipeline.errors import DocumentError, Outcome
from pipeline.read.tasks import Fault, Reply, Task, encode_reply
from pipeline.records import Format

try:
    import resource
except ImportError:  # not on Windows, where only the clock limits a worker
    resource = None  # type: ignore[assignment]

_LOG: Final = logging.getLogger(__name__)
GROWN_BYTES: Final = 400_000_000  # a worker that keeps this much more than at its start is replaced
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def main(arguments: list[str]) -> None:
    """Serve tasks until the other end is closed."""
    connection = Connection(int(arguments[0]))
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    logging.getLogger("pypdfium2").setLevel(logging.ERROR)
    from pipeline.read import pdf  # loaded before memory is limited, so that it does not count

    del pdf
    limits = _Limits(int(arguments[1]))
    connection.send(None)  # ready
    with suppress(EOFError, OSError):
        while True:
            task: Task = connection.recv()
            started = time.monotonic()
            with limits.around(task):
                reply = _answer(task)
            reply = replace(reply, seconds=time.monotonic() - started, leaving=limits.grown())
            connection.send_bytes(encode_reply(reply))
            if reply.leaving:
                return


def _answer(task: Task) -> Reply:
    try:
        return _read(task)
    except DocumentError as fault:
        return Reply(seconds=0.0, fault=Fault.of(fault))
    except MemoryError:
        return _refused(
            Outcome.TOO_LARGE,
            "reading it takes more memory than is allowed",
            "Split it, or save it anew with another program",
        )
    except RecursionError:
        return _refused(
            Outcome.TOO_LARGE,
            "its parts are nested more deeply than is read",
            "Save it anew with another program",
        )
    except Exception as error:  # noqa: BLE001
        # The edge of the process is where a reader's bug on one strange file stops: it is logged in
        # full and held against this file alone. Inside the readers nothing is caught like this.
        _LOG.exception("reading %s failed", task.path)
        return _refused(
            Outcome.CORRUPT,
            f"the reader failed on it ({type(error).__name__}: {error})",
            "Save it anew with another program, and report the file to the project",
        )


def _refused(outcome: Outcome, reason: str, remedy: str) -> Reply:
    return Reply(seconds=0.0, fault=Fault(outcome=outcome, reason=reason, remedy=remedy))


def _read(task: Task) -> Reply:
    from pipeline.read import detect, read

    if task.scan:
        from pipeline.read.ocr import read_scan

        return Reply(seconds=0.0, source=read_scan(task.path, password=task.password))
    detect.check_size(task.path, task.size_bytes)
    if detect.detect_format(task.path) is not Format.PDF:
        return Reply(seconds=0.0, source=read(task.path))
    from pipeline.read.pdf import count_pages, read_pdf

    if task.pages is not None:
        part = read_pdf(task.path, password=task.password, pages=range(*task.pages))
        return Reply(seconds=0.0, source=part)
    pages = count_pages(task.path, password=task.password)
    if pages > task.longest:
        return Reply(seconds=0.0, pages=pages)
    return Reply(seconds=0.0, source=read_pdf(task.path, password=task.password))


class _Limits:
    """Memory and processor time of this process, in the operating system's keeping."""

    def __init__(self, memory_bytes: int) -> None:
        self._resident = _memory_pages(1) * _PAGE_BYTES
        self._memory = memory_bytes + _memory_pages(0) * _PAGE_BYTES
        if resource is not None:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    @contextmanager
    def around(self, task: Task) -> Iterator[None]:
        """The limits while a task runs: address space, and seconds from those used so far."""
        if resource is None or task.scan:
            yield
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime + task.cpu_s) + 1
        kept = {
            _limit(resource.RLIMIT_CPU, seconds),
            _limit(resource.RLIMIT_AS, self._memory),
        }
        try:
            yield
        finally:
            for kind, soft in kept:
                _limit(kind, soft)

    def grown(self) -> bool:
        """Whether this process has kept much more memory than it started with."""
        return _memory_pages(1) * _PAGE_BYTES > self._resident + GROWN_BYTES


def _limit(kind: int, soft: int) -> tuple[int, int]:
    """Set a soft limit, within the hard one; returns the kind and what it was, to set it back."""
    before, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY and (soft == resource.RLIM_INFINITY or soft > hard):
        soft = hard
    with suppress(ValueError, OSError):  # macOS refuses a limit on address space
        resource.setrlimit(kind, (soft, hard))
    return kind, before


def _memory_pages(field: int) -> int:
    """Pages of this process: field 0 all of its address space, field 1 what is in memory; 0 where
    not told.
    """
    try:
        return int(Path("/proc/self/statm").read_text().split()[field])
    except OSError:
        return 0


if __name__ == "__main__":
    main(sys.argv[1:])
