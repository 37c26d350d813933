"""docs/quality.md: figures of extraction with every labelled document held out, what each part
brings, rule counts.

Run: python -m benchmarks.quality [--check]
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from unittest import mock

from pipeline.evaluate import Evaluation, score_documents
from pipeline.extract import ExtractionModels, extract, load_models
from pipeline.extract.bearers import Bearer, BearerFinder
from pipeline.extract.candidate import Candidate
from pipeline.extract.classifier import RequirementClassifier
from pipeline.extract.document import propose
from pipeline.gold import GoldDocument, default_gold, load_gold
from pipeline.lexicon import Measures
from pipeline.manifest import find_documents
from pipeline.read import read
from pipeline.records import Requirement, StructuredDocument
from pipeline.structure import structure
from pipeline.train import Example, gather_examples, held_out_classifiers

OUT: Final = Path(__file__).parent.parent / "docs" / "quality.md"
_SAMPLE: Final = OUT.parent.parent / "corpus" / "sample"
Classifiers = Mapping[str, RequirementClassifier]
_BINS: Final = ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01))


def main() -> None:
    """Write the page, or with --check say whether it is current."""
    text = write_page()
    if "--check" in sys.argv:
        sys.exit(0 if OUT.exists() and OUT.read_text(encoding="utf-8") == text else 1)
    OUT.write_text(text, encoding="utf-8")


def write_page() -> str:
    """The whole page as Markdown."""
    models = load_models()
    documents = load_gold(default_gold())
    rules_alone = replace(models, classifier=None)
    examples = gather_examples(documents, rules_alone)
    held_out = held_out_classifiers(examples)
    full = _evaluate(documents, models, held_out)
    groups = {
        k: [d for d in documents if d.kind.value == k]
        for k in sorted({d.kind.value for d in documents})
    }
    parts = [
        _HEAD.format(
            documents=len(documents),
            units=sum(len(d.units) for d in documents),
            requirements=full.units,
            unread=(Path(__file__).parent / "unread.md").read_text(encoding="utf-8"),
        ),
        _figures(full),
        "## By kind of document\n",
        _table(
            ("kind", "documents", "n", "precision", "recall", "F1"),
            [_kind_row(k, ds, _evaluate(ds, models, held_out)) for k, ds in groups.items()],
        ),
        "## What each part brings\n",
        _table(
            (
                "",
                "detection F1",
                "modality",
                "bearer",
                "quantities F1",
                "deadlines F1",
                "tied to a measure",
            ),
            list(_ablations(documents, models, held_out)),
        ),
        "## Confidence\n\nOf the candidates of each confidence, with their document held out, "
        "so many are requirements:\n",
        _table(
            ("confidence", "candidates", "are requirements"), list(_calibration(examples, held_out))
        ),
        "## How often each rule is used\n\nCandidates of each rule of `models/cues.yml`, and how "
        "many of them are requirements, in the labelled documents; and candidates in the sample "
        "corpus, which is not labelled.\n",
        _table(
            ("rule", "candidates", "requirements", "in the sample corpus"),
            _rule_counts(examples, models),
        ),
    ]
    return "\n".join(parts).rstrip() + "\n"


_HEAD: Final = """# Quality of extraction

Written by `python -m benchmarks.quality`; `mustdo evaluate` prints the first table.

Measured on the {documents} labelled documents in `corpus/gold` ({units} units, of which
{requirements} are requirements that were labelled without doubt). They were written for this
project, in the manners of planning guidance, local government, education, regulation, board papers
and the press, with many near misses on purpose; real guidance is plainer. The classifier that
judges a document has not learned from it, nor from the others of its fold (ten folds of documents).
The structure of these documents is given; reading errors are not in these figures.

{unread}"""


def _evaluate(
    documents: Sequence[GoldDocument],
    models: ExtractionModels,
    held_out: Classifiers | None,
    change: Callable[[StructuredDocument], StructuredDocument] = lambda s: s,
) -> Evaluation:
    def find(document: GoldDocument) -> Sequence[Requirement]:
        classifier = held_out.get(document.id) if held_out is not None else None
        chosen = replace(models, classifier=classifier)
        return extract(change(document.structured()), models=chosen).requirements

    return score_documents(documents, find)


def _figures(full: Evaluation) -> str:
    rows = [
        (
            name,
            f"{s.precision:.3f}",
            f"{s.recall:.3f}",
            f"{s.f1:.3f}",
            str(s.gold),
            f"{s.interval[0]:.2f} to {s.interval[1]:.2f}",
        )
        for name, s in full.scores.items()
    ]
    accuracies = [
        (name, f"{s.recall:.3f}", str(s.gold), f"{s.interval[0]:.2f} to {s.interval[1]:.2f}")
        for name, s in full.accuracies.items()
    ]
    return "\n".join(
        (
            _table(("", "precision", "recall", "F1", "n", "95% of recall"), rows),
            _table(("accuracy of", "", "n", "95%"), accuracies),
        )
    )


def _kind_row(kind: str, documents: Sequence[GoldDocument], e: Evaluation) -> tuple[str, ...]:
    s = e.scores["detection"]
    return (
        kind,
        str(len(documents)),
        str(s.gold),
        f"{s.precision:.3f}",
        f"{s.recall:.3f}",
        f"{s.f1:.3f}",
    )


def _ablations(
    documents: Sequence[GoldDocument], models: ExtractionModels, held_out: Classifiers
) -> Iterator[tuple[str, ...]]:
    unmeasured = replace(models, lexicon=replace(models.lexicon, measures=Measures([])))
    yield _ablation_row("everything", documents, models, held_out)
    yield _ablation_row("rules alone, no classifier", documents, models, None)
    yield _ablation_row("no stems", documents, models, held_out, _without_stems)
    with _without_pronouns():
        yield _ablation_row("no pronouns", documents, models, held_out)
    yield _ablation_row("no measures", documents, unmeasured, held_out)


def _ablation_row(
    name: str,
    documents: Sequence[GoldDocument],
    models: ExtractionModels,
    held_out: Classifiers | None,
    change: Callable[[StructuredDocument], StructuredDocument] = lambda s: s,
) -> tuple[str, ...]:
    e = _evaluate(documents, models, held_out, change)
    tied = total = 0
    for document in documents:
        chosen = replace(
            models, classifier=held_out.get(document.id) if held_out is not None else None
        )
        figures = extract(change(document.structured()), models=chosen).figures
        tied += sum(f.quantity.measure is not None for f in figures)
        total += len(figures)
    return (
        name,
        f"{e.scores['detection'].f1:.3f}",
        f"{e.accuracies['modality'].recall:.3f}",
        f"{e.accuracies['bearer'].recall:.3f}",
        f"{e.scores['quantities'].f1:.3f}",
        f"{e.scores['deadlines'].f1:.3f}",
        f"{tied} of {total}",
    )


def _without_stems(structured: StructuredDocument) -> StructuredDocument:
    return replace(structured, passages=tuple(replace(p, stems=()) for p in structured.passages))


@contextmanager
def _without_pronouns() -> Iterator[None]:
    original = BearerFinder._from_pronoun

    def only_authors(
        self: BearerFinder, doc: Any, token: Any, cue: Any, discourse: Any
    ) -> Bearer | None:
        found = original(self, doc, token, cue, discourse)
        return found if found is not None and found.source == "author" else None

    with mock.patch.object(BearerFinder, "_from_pronoun", only_authors):
        yield


def _calibration(examples: Sequence[Example], held_out: Classifiers) -> Iterator[tuple[str, ...]]:
    scored = [
        (held_out[e.document_id].probability(e.candidate.evidence), e.label) for e in examples
    ]
    for low, high in ((0.0, 0.25), (0.25, 0.5), *_BINS):
        labels = [label for p, label in scored if low <= p < high]
        share = f"{sum(labels) / len(labels):.0%}" if labels else "–"
        yield (f"{low:.2f} to {min(high, 1.0):.2f}", str(len(labels)), share)


def _rule_counts(examples: Sequence[Example], models: ExtractionModels) -> list[tuple[str, ...]]:
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for example in examples:
        rule = _rule_of(example.candidate)
        seen[rule] += 1
        right[rule] += example.label
    in_sample = Counter(
        _rule_of(candidate)
        for structured in _read_sample()
        for _, candidates in propose(structured, models=models)
        for candidate in candidates
    )
    return [
        (f"`{rule}`", str(seen[rule]), str(right[rule]), str(in_sample[rule]))
        for rule in sorted({*seen, *in_sample}, key=lambda rule: (-seen[rule], rule))
    ]


def _rule_of(candidate: Candidate) -> str:
    return candidate.cue.rule if candidate.cue is not None else candidate.origin


def _read_sample() -> Iterator[StructuredDocument]:
    """The documents of the sample corpus, each as its own kind."""
    for found in find_documents([_SAMPLE]):
        yield from structure(read(found.path), found.stated)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
