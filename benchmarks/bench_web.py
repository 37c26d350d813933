"""How long the web pages take on a large database: median and 95th percentile at one and at eight
clients.

    python benchmarks/bench_web.py [--database large.db] [--out figures.json]

Without --database it makes one of 50,000 requirements and 200,000 passages. It serves it in a
process of its own, as `mustdo serve` does, and asks over HTTP on this machine. Figures are in
milliseconds; with --out they are also written as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import httpx
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.generate import generate

_WARM_UP: Final = 3
_CLIENTS: Final = (1, 8)
_PICTURES: Final = "page picture, first time"
_DRAWN: Final = "drawn"
_DRAWN_PAGES: Final = 140
_SERVE: Final = (
    "import sys; from pathlib import Path; from pipeline.web.serve import serve;"
    " serve(Path(sys.argv[1]), port=int(sys.argv[2]))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Milliseconds that a page took, over `requests` of it by so many clients at once."""

    page: str
    clients: int
    requests: int
    p50_ms: float
    p95_ms: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each page and print a table; 0 when done."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--database", type=Path)
    parser.add_argument(
        "--requests", type=int, default=60, help="of each page and number of clients"
    )
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        database = options.database
        if database is None:
            database = Path(folder) / "large.db"
            generate(database, requirements=50_000, passages=200_000, years=12, seed=20_250_130)
        else:
            database = Path(shutil.copy(database, folder))
        add_drawn_document(database, Path(folder))
        addresses = list_addresses(database)
        with served(database) as base:
            figures = list(measure(base, addresses, requests=options.requests))
        print(table(figures, database))
    if options.out:
        options.out.write_text(
            json.dumps([asdict(f) for f in figures], indent=1) + "\n", encoding="utf-8"
        )
    return 0


def add_drawn_document(database: Path, folder: Path) -> None:
    """Draw a PDF of many pages of text and put it in the database, a requirement on each page."""
    path = folder / f"{_DRAWN}.pdf"
    lines = [
        f"Line {n} of a page that is as full of words as a page of guidance is." for n in range(48)
    ]
    quote = "Trusts must publish what this page asks for by March 2026."
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for _ in range(_DRAWN_PAGES):
        canvas.setFont("Helvetica", 11)
        for number, line in enumerate([*lines[:20], quote, *lines[20:]]):
            canvas.drawString(64, A4[1] - 64 - 14.5 * number, line)
        canvas.showPage()
    canvas.save()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "INSERT INTO documents (id, title, kind, file, format, sha256, pages, supersedes,"
            " inferred, warnings)"
            " VALUES (?, 'Drawn to be pictured', 'commentary', ?, 'pdf', ?, ?, '[]', '[]', '[]')",
            (_DRAWN, path.name, digest, _DRAWN_PAGES),
        )
        connection.execute(
            "INSERT INTO sources (path, sha256, size, modified_ns, key, document_ids)"
            " VALUES (?, ?, 1, 1, ?, ?)",
            (str(path), digest, digest, json.dumps([_DRAWN])),
        )
        for page in range(1, _DRAWN_PAGES + 1):
            place = json.dumps([[0, len(quote), page, 64.0, 344.0, 400.0, 356.0]])
            connection.execute(
                "INSERT INTO passages (id, document_id, ordinal, kind, text, page, places)"
                " VALUES (?, ?, ?, 'paragraph', ?, ?, ?)",
                (f"{_DRAWN}-p{page}", _DRAWN, page, quote, page, place),
            )
            connection.execute(
                "INSERT INTO requirements (id, document_id, passage_id, ordinal, page, quote,"
                " quote_end, statement, kind, section, quote_start, modality, cue, reported,"
                " bearer_canonical, has_target) VALUES (?, ?, ?, ?, ?, ?, ?, ?,"
                " 'commentary', '', 0, 'obligation', 'must', 0, '[]', 0)",
                (
                    f"{_DRAWN}-r{page}",
                    _DRAWN,
                    f"{_DRAWN}-p{page}",
                    *(page, page, quote, len(quote), quote),
                ),
            )
        connection.commit()


def list_addresses(database: Path) -> Mapping[str, list[str]]:
    """For each page the addresses to ask for, several where one would only measure a cache."""
    with closing(sqlite3.connect(database)) as connection:
        ids = [
            row[0]
            for row in connection.execute(
                "SELECT id FROM requirements WHERE thread_id IS NOT NULL ORDER BY id LIMIT 400"
            )
        ]
        documents = [
            row[0] for row in connection.execute("SELECT id FROM documents ORDER BY id LIMIT 60")
        ]
        pairs = connection.execute(
            "SELECT DISTINCT from_year, to_year FROM changes ORDER BY to_year DESC"
        ).fetchall()
        topics = [row[0] for row in connection.execute("SELECT DISTINCT topic FROM requirements")]
    words = [
        "rotas",
        "virtual wards",
        '"waiting lists"',
        "frail*",
        "budgets -rotas",
        "must agree",
        "the",
    ]
    name = database.stem
    with closing(sqlite3.connect(database)) as connection:
        on_page = dict(
            connection.execute("SELECT page, id FROM requirements WHERE document_id = ?", (_DRAWN,))
        )
    return {
        "home": ["/"],
        "search, words": [f"/search?q={httpx.QueryParams({'q': word})['q']}" for word in words],
        "search, with filters": [
            f"/search?q=plans&topic={topic}&year=2025/26&modality=obligation"
            for topic in topics
            if topic
        ],
        "search, everything": ["/search", "/search?kind=guidance", "/search?page=40"],
        "requirement": [f"/requirement/{identifier}" for identifier in ids],
        "compare": [f"/compare?from={a}&to={b}" for a, b in pairs],
        "compare, with filters": [
            f"/compare?from={a}&to={b}&topic=urgent+care&body=integrated+care+board"
            for a, b in pairs
        ],
        "targets": ["/targets"],
        "document": [f"/document/{identifier}" for identifier in documents],
        "checklist": ["/checklist?year=2025/26&bearer=integrated+care+board"],
        "table, four facets": [
            f"/{name}/requirements",
            f"/{name}/requirements?topic=cancer",
            f"/{name}/requirements?planning_year=2024/25&modality=obligation",
        ],
        # Each picture is asked for once, so that none comes from what is kept.
        _PICTURES: [
            f"/page-image/{_DRAWN}/{page}.png?requirement={on_page[page]}"
            for page in range(1, _DRAWN_PAGES + 1)
        ],
    }


@contextmanager
def served(database: Path) -> Iterator[str]:
    """The address of a server over a database, in a process that ends with the block."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", _SERVE, str(database), str(port)])
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base)
        yield base
    finally:
        server.terminate()
        server.wait()


def measure(base: str, addresses: Mapping[str, list[str]], *, requests: int) -> Iterator[Figure]:
    """The figures of each page at each number of clients, one after the other."""
    for page, all_paths in addresses.items():
        for turn, clients in enumerate(_CLIENTS):
            paths = all_paths
            if page == _PICTURES:
                share = len(all_paths) // len(_CLIENTS)
                paths = all_paths[turn * share : (turn + 1) * share]
            times = asyncio.run(_ask(base, paths, clients=clients, requests=requests))
            times.sort()
            yield Figure(
                page=page,
                clients=clients,
                requests=len(times),
                p50_ms=round(statistics.median(times), 1),
                p95_ms=round(times[min(len(times) - 1, int(len(times) * 0.95))], 1),
            )


async def _ask(base: str, paths: list[str], *, clients: int, requests: int) -> list[float]:
    """How many milliseconds each request took, warm-up left out."""
    times: list[float] = []
    waiting = iter(list(islice(cycle(paths), _WARM_UP, _WARM_UP + requests)))

    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        for path in islice(cycle(paths), _WARM_UP):
            (await client.get(path)).raise_for_status()

        async def work() -> None:
            for path in waiting:
                start = time.perf_counter()
                (await client.get(path)).raise_for_status()
                times.append((time.perf_counter() - start) * 1000)

        await asyncio.gather(*(work() for _ in range(clients)))
    return times


def table(figures: Sequence[Figure], database: Path) -> str:
    """The figures as a Markdown table, with what they were measured on."""
    with closing(sqlite3.connect(database)) as connection:
        counts = [
            connection.execute(sql).fetchone()[0]
            for sql in ("SELECT count(*) FROM requirements", "SELECT count(*) FROM passages")
        ]
    lines = [
        f"{counts[0]:,} requirements, {counts[1]:,} passages, {database.stat().st_size / 1e6:.0f}"
        f" MB; milliseconds",
        "",
        "| page | one client p50 | p95 | eight clients p50 | p95 |",
        "|---|---:|---:|---:|---:|",
    ]
    by_page: dict[str, list[Figure]] = {}
    for figure in figures:
        by_page.setdefault(figure.page, []).append(figure)
    for page, of_page in by_page.items():
        cells = " | ".join(f"{figure.p50_ms:.0f} | {figure.p95_ms:.0f}" for figure in of_page)
        lines.append(f"| {page} | {cells} |")
    return "\n".join(lines)


def _wait_for(base: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{base}/-/versions.json", timeout=10).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"{base} did not answer within half a minute")


if __name__ == "__main__":
    sys.exit(main())
