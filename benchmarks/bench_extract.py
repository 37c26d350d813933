"""Words a second of extraction, next to spaCy's whole pipeline over every sentence of the same
documents in the same run; and what the cheap test before the parse saves and loses.

    python -m benchmarks.bench_extract

prints Markdown. Times are of one process, after everything is loaded; the best of three rounds in
processor time, which other work on the machine changes little. The documents are the guidance and
commentary of corpus/sample and corpus/gold, and those of ../shared/corpus where that is there.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from spacy.language import Language

from pipeline.extract import ExtractionModels, extract, load_models
from pipeline.extract.continuations import may_go_on
from pipeline.extract.parse import load_model
from pipeline.extract.units import Unit, may_hold_requirement, split_units
from pipeline.gold import default_gold, load_gold
from pipeline.read import read
from pipeline.records import Kind, Stated, StructuredDocument
from pipeline.structure import structure

_ROOT: Final = Path(__file__).parents[1]
_SHARED: Final = _ROOT.parent / "shared"
_ROUNDS: Final = 3


def main() -> None:
    models = load_models()
    whole = load_model()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}.\n")
    print("| text | words | mustdo, words/s | whole pipeline, words/s | times | parsed |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, documents in _collections():
        print(_compare(name, documents, models, whole))
    print(f"\n{_what_the_test_loses(models)}")


def _collections() -> list[tuple[str, list[StructuredDocument]]]:
    sample = sorted((_ROOT / "corpus" / "sample").glob("sample-guidance-*.[hpt]*"))
    found = [("sample guidance", [d for p in sample for d in _structured(p, Kind.GUIDANCE)])]
    for name, folder, kind in (
        ("labelled documents", default_gold() / "guidance", Kind.GUIDANCE),
        ("labelled commentary", default_gold() / "commentary", Kind.COMMENTARY),
        ("real guidance", _SHARED / "corpus" / "guidance", Kind.GUIDANCE),
        ("real commentary", _SHARED / "corpus" / "commentary", Kind.COMMENTARY),
        ("real board papers", _SHARED / "corpus" / "board", Kind.BOARD_PAPER),
    ):
        files = [p for p in sorted(folder.glob("*")) if p.suffix in (".txt", ".md", ".pdf")]
        if kind is Kind.BOARD_PAPER:
            files = files[:1]  # 60,000 words are enough
        if files:
            found.append((name, [d for p in files for d in _structured(p, kind)]))
    return found


def _structured(path: Path, kind: Kind) -> tuple[StructuredDocument, ...]:
    return tuple(structure(read(path), Stated(id=path.stem, kind=kind)))


def _compare(
    name: str,
    documents: Sequence[StructuredDocument],
    models: ExtractionModels,
    whole: Language,
) -> str:
    units = [u for d in documents for u in split_units(d.passages)]
    words = sum(len(u.text.split()) for u in units)
    parsed = sum(len(u.text.split()) for u in units if _is_worth_parsing(u, models))
    mine = _best(lambda: [extract(d, models=models) for d in documents])
    peer = _best(lambda: list(whole.pipe([u.text for u in units], batch_size=64)))
    return (
        f"| {name} | {words:,} | {words / mine:,.0f} | {words / peer:,.0f} | {peer / mine:.1f} |"
        f" {parsed / words:.0%} |"
    )


def _is_worth_parsing(unit: Unit, models: ExtractionModels) -> bool:
    gate = models.rules.gate()
    return may_hold_requirement(unit, gate, models.verbs) or may_go_on(unit.text)


def _best(run: Callable[[], object]) -> float:
    """Processor seconds of the best of three rounds."""
    best = float("inf")
    for _ in range(_ROUNDS):
        started = time.process_time()
        run()
        best = min(best, time.process_time() - started)
    return best


def _what_the_test_loses(models: ExtractionModels) -> str:
    """How many labelled requirements the cheap test lets through."""
    passed = total = 0
    for document in load_gold(default_gold()):
        wanted = {" ".join(u.quote.split()) for u in document.units if u.modality}
        for unit in split_units(document.structured().passages):
            if unit.passage.text in wanted and unit.first:
                rest = list(split_units([unit.passage]))
                total += 1
                passed += any(_is_worth_parsing(u, models) for u in rest)
    return (
        f"Of {total:,} labelled requirements the cheap test lets {passed:,} through"
        f" ({passed / total:.1%})."
    )


if __name__ == "__main__":
    main()
