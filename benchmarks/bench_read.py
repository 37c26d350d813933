"""Pages a second and peak memory of reading PDFs, next to other readers on the same files in the
same run.

    python -m benchmarks.bench_read

prints a Markdown table. Each reader runs in a process of its own, three times over the files
(pdfplumber once: it is slow), and the best time counts; the comparison is of processor time, which
other work on the machine changes little. The files are the PDFs of corpus/sample, those of
../shared/corpus where that is there, and one of 600 pages made of theirs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium

from pipeline.errors import DocumentError

_ROOT: Final = Path(__file__).parents[1]
_FOLDERS: Final = (_ROOT / "corpus" / "sample", _ROOT.parent / "shared" / "corpus")
_LONG: Final = (100, 300, 600)
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One reader's figures: pages read, seconds and processor seconds of the best round, and the
    process's highest memory in MB.
    """

    pages: int
    seconds: float
    cpu_s: float
    peak_mb: float

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds

    @property
    def cpu_rate(self) -> float:
        """Pages a second of processor time, which other work on the machine does not change."""
        return self.pages / self.cpu_s


# -------------------------------------------------------------------------------------- the readers


def _mustdo(files: Sequence[Path]) -> int:
    from pipeline.read.pdf import read_pdf

    return sum(len(read_pdf(file).pages) for file in files)


def _pdfium(files: Sequence[Path]) -> int:
    pages = 0
    for file in files:
        with pdfium.PdfDocument(file) as document:
            for page in document:
                text = page.get_textpage()
                text.get_text_range()
                text.close()
                page.close()
                pages += 1
    return pages


def _pdfplumber(files: Sequence[Path]) -> int:
    import pdfplumber

    pages = 0
    for file in files:
        with pdfplumber.open(file) as document:
            for page in document.pages:
                page.extract_words(extra_attrs=["fontname", "size"])
                page.extract_tables()
                page.close()
                pages += 1
    return pages


def _pdftotext(files: Sequence[Path]) -> int:
    for file in files:
        subprocess.run(["pdftotext", "-bbox-layout", file, os.devnull], check=True, timeout=600)
    return sum(_pages_of(file) for file in files)


_READERS: Final[dict[str, Callable[[Sequence[Path]], int]]] = {
    "mustdo": _mustdo,
    "pdfplumber": _pdfplumber,
    "pdfium": _pdfium,
    "pdftotext": _pdftotext,
}


def _pages_of(file: Path) -> int:
    with pdfium.PdfDocument(file) as document:
        return len(document)


# ---------------------------------------------------------------------------------------- measuring


def _measure_here(reader: str, rounds: int, files: Sequence[Path]) -> Measured:
    """The figures of one reader in this process."""
    read = _READERS[reader]
    read(files[:1])  # what it imports is no part of its speed
    kind = resource.RUSAGE_CHILDREN if reader == "pdftotext" else resource.RUSAGE_SELF
    best = best_cpu = float("inf")
    pages = 0
    for _ in range(rounds):
        started, started_cpu = time.perf_counter(), _cpu_s(kind)
        pages = read(files)
        best = min(best, time.perf_counter() - started)
        best_cpu = min(best_cpu, _cpu_s(kind) - started_cpu)
    return Measured(pages=pages, seconds=best, cpu_s=best_cpu, peak_mb=_peak_mb(kind))


def _measure_pool(workers: int, rounds: int, files: Sequence[Path]) -> Measured:
    """The figures of the guarded pool; its peak is that of its largest process."""
    from pipeline.read.workers import ReaderPool

    best = float("inf")
    pages = 0
    own = resource.RUSAGE_SELF
    with ReaderPool(workers=workers) as pool:
        for _ in pool.read_many([files[0]] * workers):
            pass  # starting the processes is no part of their speed
        for _ in range(rounds):
            started = time.perf_counter()
            pages = 0
            for _, source in pool.read_many(files):
                if isinstance(source, DocumentError):
                    raise SystemExit(str(source))
                pages += len(source.pages)
            best = min(best, time.perf_counter() - started)
    peak = max(_peak_mb(own), _peak_mb(resource.RUSAGE_CHILDREN))
    return Measured(pages=pages, seconds=best, cpu_s=_cpu_s(own), peak_mb=peak)


def _cpu_s(kind: int) -> float:
    used = resource.getrusage(kind)
    return used.ru_utime + used.ru_stime


def _peak_mb(kind: int) -> float:
    unit = (
        1 if platform.system() == "Darwin" else 1024
    )  # ru_maxrss is in bytes there, in KiB elsewhere
    return resource.getrusage(kind).ru_maxrss * unit / 1e6


def _measure(reader: str, files: Sequence[Path], *, rounds: int = _ROUNDS) -> Measured:
    """The figures of one reader in a process of its own, so that its peak is its own."""
    command = [sys.executable, "-m", "benchmarks.bench_read", "--reader", reader]
    done = subprocess.run(
        [*command, "--rounds", str(rounds), *map(str, files)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )
    return Measured(**json.loads(done.stdout))


# ---------------------------------------------------------------------------------------- the files


def _find_files() -> list[Path]:
    """PDFs that hold text and want no password, each content once."""
    found: dict[bytes, Path] = {}
    for folder in _FOLDERS:
        for file in sorted(folder.rglob("*.pdf")):
            if _has_words(file):
                found.setdefault(file.read_bytes(), file)
    return list(found.values())


def _has_words(file: Path) -> bool:
    from pipeline.read.pdf import has_words, read_pdf

    try:
        return has_words(read_pdf(file))
    except DocumentError:
        return False


def _make_long(files: Sequence[Path], pages: int, folder: Path) -> Path:
    """A PDF of so many pages, the files' own over and over."""
    made = pdfium.PdfDocument.new()
    while len(made) < pages:
        for file in files:
            with pdfium.PdfDocument(file) as source:
                wanted = list(range(min(len(source), pages - len(made))))
                if wanted:
                    made.import_pages(source, wanted)
    path = folder / f"{pages}-pages.pdf"
    made.save(path)
    made.close()
    return path


# --------------------------------------------------------------------------------------- the report


def _report(folder: Path) -> str:
    files = _find_files()
    if not files:
        return "No PDF to read: build the sample corpus first (python corpus/sample/render.py)."
    rows = [("mustdo", _measure("mustdo", files))]
    rows += [("pdfplumber, words and tables", _measure("pdfplumber", files, rounds=1))]
    rows += [("pypdfium2, plain text only", _measure("pdfium", files))]
    missing = ""
    if shutil.which("pdftotext"):
        rows += [("pdftotext -bbox-layout", _measure("pdftotext", files))]
    else:
        missing = "\npdftotext is not installed and was left out.\n"
    base = dict(rows)["pdfplumber, words and tables"].cpu_rate
    lines = [
        (
            f"{len(files)} files, {rows[0][1].pages} pages; {os.cpu_count()} cores, "
            f"Python {platform.python_version()}."
        ),
        "",
        "| reader | pages/s | pages/s of processor time | times pdfplumber | peak MB |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {m.rate:,.0f} | {m.cpu_rate:,.0f} | {m.cpu_rate / base:,.1f} "
        f"| {m.peak_mb:,.0f} |"
        for name, m in rows
    ]
    return "\n".join([*lines, missing, _report_long(files, folder)])


def _report_long(files: Sequence[Path], folder: Path) -> str:
    long = {pages: _make_long(files, pages, folder) for pages in _LONG}
    single = {pages: _measure("mustdo", [path]) for pages, path in long.items()}
    longest = [long[_LONG[-1]]]
    base = single[_LONG[-1]].rate
    lines = [
        f"One file of {_LONG[-1]} pages:",
        "",
        "| processes | pages/s | times one process | peak MB of the largest process |",
        "|---|---:|---:|---:|",
        f"| this one | {base:,.0f} | 1.0 | {single[_LONG[-1]].peak_mb:,.0f} |",
    ]
    for workers in (1, 2):
        pool = _measure(f"pool-{workers}", longest)
        lines.append(
            f"| {workers} guarded | {pool.rate:,.0f} | {pool.rate / base:,.2f} "
            f"| {pool.peak_mb:,.0f} |"
        )
    peaks = ", ".join(f"{pages} pages {m.peak_mb:,.0f} MB" for pages, m in single.items())
    return "\n".join([*lines, "", f"Peak memory of one process by length: {peaks}.", ""])


def main() -> None:
    """Print the report, or measure one reader for it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reader", choices=[*_READERS, "pool-1", "pool-2"], help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reader is None:
        with tempfile.TemporaryDirectory(prefix="mustdo-bench-") as folder:
            print(_report(Path(folder)))
    else:
        if options.reader.startswith("pool-"):
            workers = int(options.reader.removeprefix("pool-"))
            measured = _measure_pool(workers, options.rounds, options.files)
        else:
            measured = _measure_here(options.reader, options.rounds, options.files)
        print(
            json.dumps(
                {name: getattr(measured, name) for name in ("pages", "seconds", "cpu_s", "peak_mb")}
            )
        )


if __name__ == "__main__":
    main()
