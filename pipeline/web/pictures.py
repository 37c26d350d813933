"""Pictures of pages, of documents in the database alone, drawn on request and kept for the next
one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Final

from pipeline.errors import MustdoError

_TIME_LIMIT_S: Final = 20.0
_KEPT_BYTES: Final = 96 << 20
_BLOCK: Final = 1 << 20
_WORKER: Final = Path(__file__).resolve().with_name("picture_worker.py")


class PictureError(MustdoError):
    """No picture can be made; the message says why."""


class PictureMaker:
    """Draws pages of the files that one database was built from.

    One worker process draws one page at a time. A page that takes too long, or a file that ends the
    worker, costs that picture only: the next request starts a new worker.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._worker: subprocess.Popen[bytes] | None = None
        self._drawing = Lock()
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._checked: dict[tuple[str, int, int], str] = {}

    async def pages_of(self, document: Mapping[str, Any], pages: Sequence[int]) -> tuple[int, ...]:
        """Those of the pages that a picture can be had of: all of them for a PDF whose file is
        still there, else none.
        """
        if document["format"] != "pdf":
            return ()
        path = await asyncio.to_thread(self._find_file, document["sha256"])
        return tuple(pages) if path else ()

    async def picture(
        self, document: Mapping[str, Any], page: int, fragments: Sequence[Mapping[str, Any]]
    ) -> bytes:
        """A PNG of a 1-based page with the words of the fragments boxed; raises PictureError where
        there is none.
        """
        key = (document["sha256"], page, json.dumps([dict(fragment) for fragment in fragments]))
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        picture = await asyncio.to_thread(self._draw, document, page, fragments)
        self._kept[key] = picture
        while sum(map(len, self._kept.values())) > _KEPT_BYTES:
            self._kept.popitem(last=False)
        return picture

    def start(self) -> None:
        """Start the worker before it is needed, so that the first picture does not wait for it."""
        with self._drawing:
            self._running_worker()

    def close(self) -> None:
        """End the worker."""
        with self._drawing:
            self._end_worker()

    def _draw(
        self, document: Mapping[str, Any], page: int, fragments: Sequence[Mapping[str, Any]]
    ) -> bytes:
        if document["format"] != "pdf":
            raise PictureError("Only PDFs have pages to show.")
        path = self._find_file(document["sha256"])
        if path is None:
            raise PictureError(
                "The file behind this document is gone, or is not the one that was read."
            )
        if self._checksum(path) != document["sha256"]:
            raise PictureError(
                "The file behind this document has changed since it was read. Build again."
            )
        request = {
            "path": str(path.resolve()),
            "page": page,
            "fragments": [dict(fragment) for fragment in fragments],
        }
        with self._drawing:
            return self._ask(request)

    def _ask(self, request: Mapping[str, Any]) -> bytes:
        worker = self._running_worker()
        assert worker.stdin is not None
        assert worker.stdout is not None
        timer = Timer(_TIME_LIMIT_S, worker.kill)
        timer.start()
        try:
            worker.stdin.write(json.dumps(request).encode("utf-8") + b"\n")
            worker.stdin.flush()
            line = worker.stdout.readline()
            head = json.loads(line) if line else {}
            picture = worker.stdout.read(head.get("size", 0))
        except (BrokenPipeError, json.JSONDecodeError) as error:
            self._end_worker()
            raise PictureError("The page could not be drawn.") from error
        finally:
            timer.cancel()
        if "error" in head:
            raise PictureError(f"The page could not be drawn ({head['error']}).")
        if not head or len(picture) != head["size"]:
            self._end_worker()
            raise PictureError("The page could not be drawn.")
        return picture

    def _running_worker(self) -> subprocess.Popen[bytes]:
        if self._worker is None or self._worker.poll() is not None:
            self._end_worker()
            self._worker = subprocess.Popen(
                [sys.executable, "-I", str(_WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._worker

    def _end_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        for stream in (worker.stdin, worker.stdout):
            if stream is not None:
                stream.close()

    def _find_file(self, sha256: str) -> Path | None:
        """The file of this checksum that the database was built from, where it is still there."""
        # A connection of our own: Datasette's may not look at the table that holds paths.
        address = f"{self._database.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            rows = connection.execute(
                "SELECT path FROM sources WHERE sha256 = ?", (sha256,)
            ).fetchall()
        paths = [Path(row[0]) for row in rows]
        return next((path for path in paths if path.is_file()), None)

    def _checksum(self, path: Path) -> str:
        """The SHA-256 of a file, worked out again only when its size or time of change differs."""
        status = path.stat()
        key = (str(path), status.st_size, status.st_mtime_ns)
        if key not in self._checked:
            digest = hashlib.sha256()
            with path.open("rb") as stream:
                while block := stream.read(_BLOCK):
                    digest.update(block)
            self._checked[key] = digest.hexdigest()
        return self._checked[key]
