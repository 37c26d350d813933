"""Reading in guarded processes: nothing lost, nothing left running, the same whatever the number of
workers.
"""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.errors import DocumentError, MustdoError, Outcome
from pipeline.read.pdf import read_pdf
from pipeline.read.tasks import Fault, Reply, decode_reply, encode_reply
from pipeline.read.workers import ReaderPool, ReadLimits, _fault_of_death
from pipeline.records import Source
from tests.read.broken_inputs import Broken, all_cases
from tests.read.made_pdfs import make, scan, texts, write_lines

_LIMITS = ReadLimits(wall_s=6.0, cpu_s=5.0, memory_bytes=700_000_000)


def _pages(count: int) -> list[Callable[[Canvas], None]]:
    return [
        lambda canvas, n=n: write_lines(canvas, [f"Page {n}, first line", "and the second"])  # type: ignore[misc]
        for n in range(1, count + 1)
    ]


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)} - _before


_before: set[int] = set()


@pytest.fixture(autouse=True)
def _others() -> Iterator[None]:
    """What tests before this one have left running in this process is not counted."""
    _before.update(_children())
    yield
    _before.clear()


def _case(name: str) -> Broken:
    return next(case for case in all_cases() if case.name == name)


def test_every_broken_file_is_accounted_for(tmp_path: Path) -> None:
    cases = all_cases()
    for case in cases:
        case.make(tmp_path / case.name)
    whole = [make(tmp_path / f"whole-{n}.pdf", *_pages(2)) for n in range(3)]
    paths = [whole[0], *(tmp_path / case.name for case in cases), *whole[1:]]
    with ReaderPool(workers=2, limits=_LIMITS) as pool:
        found = dict(pool.read_many(paths))
    assert found.keys() == set(paths)
    assert len(cases) >= 30
    wrong = {
        case.name: _outcome(found[tmp_path / case.name])
        for case in cases
        if _outcome(found[tmp_path / case.name]) not in case.outcomes
    }
    assert not wrong
    assert [_outcome(found[path]) for path in whole] == [Outcome.READ] * 3


def _outcome(value: Source | DocumentError) -> Outcome:
    return value.outcome if isinstance(value, DocumentError) else Outcome.READ


@pytest.mark.parametrize(
    ("workers", "at_once"),
    [
        pytest.param(1, 50, id="one-worker"),
        pytest.param(3, 50, id="three-workers"),
        pytest.param(2, 2, id="in-parts"),
        pytest.param(2, 3, id="in-uneven-parts"),
    ],
)
def test_the_result_is_that_of_reading_here(tmp_path: Path, workers: int, at_once: int) -> None:
    paths = [make(tmp_path / f"{n}.pdf", *_pages(n)) for n in (1, 7, 11)]
    with ReaderPool(workers=workers, limits=ReadLimits(pages_at_once=at_once)) as pool:
        found = dict(pool.read_many(paths))
    assert found == {path: read_pdf(path) for path in paths}


def test_a_path_given_twice_is_read_twice(tmp_path: Path) -> None:
    path = make(tmp_path / "a.pdf", *_pages(1))
    with ReaderPool(workers=2) as pool:
        assert Counter(path for path, _ in pool.read_many([path, path])) == {path: 2}


def test_a_pool_is_used_again(tmp_path: Path) -> None:
    path = make(tmp_path / "a.pdf", *_pages(1))
    with ReaderPool(workers=1) as pool:
        first, second = list(pool.read_many([path])), list(pool.read_many([path]))
        assert len(_children()) == 1
    assert first == second


def test_nothing_to_read_starts_nothing() -> None:
    with ReaderPool(workers=2) as pool:
        assert list(pool.read_many([])) == []
        assert _children() == set()


def test_time_runs_out_for_one_and_not_for_the_next(tmp_path: Path) -> None:
    slow = tmp_path / "forms-that-double.pdf"
    _case(slow.name).make(slow)
    path = make(tmp_path / "a.pdf", *_pages(1))
    with ReaderPool(workers=1, limits=ReadLimits(wall_s=1.0)) as pool:
        found = dict(pool.read_many([slow, path]))
    assert _outcome(found[slow]) is Outcome.TIMED_OUT
    assert _outcome(found[path]) is Outcome.READ


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_processor_time_runs_out(tmp_path: Path) -> None:
    slow = tmp_path / "forms-that-double.pdf"
    _case(slow.name).make(slow)
    with ReaderPool(workers=1, limits=ReadLimits(cpu_s=0.0)) as pool:
        ((_, value),) = pool.read_many([slow])
    assert isinstance(value, DocumentError)
    assert value.outcome is Outcome.TIMED_OUT
    assert "processor time" in value.reason


def test_processor_time_is_counted_for_each_document(tmp_path: Path) -> None:
    paths = [make(tmp_path / f"{n}.pdf", *_pages(60)) for n in range(20)]
    with ReaderPool(workers=1, limits=ReadLimits(cpu_s=0.5)) as pool:
        assert {_outcome(value) for _, value in pool.read_many(paths)} == {Outcome.READ}


def test_a_part_that_fails_fails_the_document_once(tmp_path: Path) -> None:
    slow, path = tmp_path / "slow.pdf", tmp_path / "long.pdf"
    _case("forms-that-double.pdf").make(slow)
    make(path, *_pages(8))
    with pdfium.PdfDocument(path) as document, pdfium.PdfDocument(slow) as other:
        document.import_pages(other, index=4)
        document.save(tmp_path / "mixed.pdf")
    paths = [tmp_path / "mixed.pdf", path]
    limits = ReadLimits(wall_s=1.0, pages_at_once=2)
    with ReaderPool(workers=2, limits=limits) as pool:
        found = [(path, _outcome(value)) for path, value in pool.read_many(paths)]
    assert sorted(found) == [(paths[1], Outcome.READ), (paths[0], Outcome.TIMED_OUT)]


def test_stopping_early_leaves_nothing_running(tmp_path: Path) -> None:
    paths = [make(tmp_path / f"{n}.pdf", *_pages(3)) for n in range(6)]
    before = _children()
    with ReaderPool(workers=2) as pool:
        for _ in pool.read_many(paths):
            break
        assert len(list(pool.read_many(paths))) == 6
    assert _children() == before


def test_an_interrupt_leaves_nothing_running(tmp_path: Path) -> None:
    slow = tmp_path / "forms-that-double.pdf"
    _case(slow.name).make(slow)
    path = make(tmp_path / "a.pdf", *_pages(1))
    before = _children()
    with pytest.raises(KeyboardInterrupt), ReaderPool(workers=2) as pool:  # noqa: PT012
        for _ in pool.read_many([slow, path]):
            raise KeyboardInterrupt
    assert _children() == before


def test_a_process_that_does_not_start_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "a.pdf", *_pages(1))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(MustdoError, match="does not start"), ReaderPool(workers=1) as pool:
        list(pool.read_many([path]))


def test_a_worker_does_not_load_what_it_does_not_need() -> None:
    before = {child.pid for child in psutil.Process().children()}
    with ReaderPool(workers=1) as pool:
        list(pool.read_many([Path("nothing.pdf")]))
        (worker,) = (c for c in psutil.Process().children() if c.pid not in before)
        loaded = " ".join(m.path for m in worker.memory_maps())
    assert "spacy" not in loaded
    assert "sklearn" not in loaded


def test_a_long_scan_is_flagged(tmp_path: Path) -> None:
    path = make(tmp_path / "scan.pdf", *[scan] * 6)
    with ReaderPool(workers=2, limits=ReadLimits(pages_at_once=2)) as pool:
        ((_, value),) = pool.read_many([path])
    assert _outcome(value) is Outcome.OCR_NEEDED


def test_scanned_pages_stay_where_they_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "mixed.pdf", scan, *_pages(1))
    monkeypatch.setenv("PATH", str(tmp_path))
    with ReaderPool(workers=1, ocr=True) as pool:
        ((_, value),) = pool.read_many([path])
    assert isinstance(value, Source)
    assert texts(value.pages[1]) == ["Page 1, first line", "and the second"]
    assert [key for key, _ in value.metadata if key == "warning"] == ["warning"]


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        pytest.param(-signal.SIGSEGV, Outcome.CORRUPT, id="crash"),
        pytest.param(-signal.SIGABRT, Outcome.CORRUPT, id="abort"),
        pytest.param(-signal.SIGKILL, Outcome.TOO_LARGE, id="killed-by-the-system"),
        pytest.param(-24, Outcome.TIMED_OUT, id="processor-time"),
        pytest.param(1, Outcome.CORRUPT, id="ended"),
    ],
)
def test_what_the_end_of_a_process_means(code: int, outcome: Outcome) -> None:
    assert _fault_of_death(code).outcome is outcome


def test_replies_survive_the_way(tmp_path: Path) -> None:
    source = read_pdf(make(tmp_path / "a.pdf", *_pages(2)))
    fault = Fault(outcome=Outcome.CORRUPT, reason="damaged", remedy="mend it", page=3)
    for reply in (
        Reply(seconds=1.5, source=source),
        Reply(seconds=0, fault=fault, leaving=True),
        Reply(seconds=0, pages=700),
    ):
        assert decode_reply(encode_reply(reply)) == reply
    error = fault.error(tmp_path)
    assert Fault.of(error) == fault
