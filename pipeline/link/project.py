"""The project's own labelled pairs: training on them, and the card with the model's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pipeline.lexicon import load_lexicon
from pipeline.link.evaluate import LinkScores, Score, evaluate_examples
from pipeline.link.features import FEATURES
from pipeline.link.gold import load_labelled_pairs
from pipeline.link.model import MODEL_FILE, LinkModel, Logistic, save_link_model
from pipeline.link.train import Example, learn_vocabulary, read_examples, train_on

CARD_FILE: Final = "link.card.md"


def labelled_pairs_directory() -> Path:
    """Where the labelled pairs are: the packaged copy of an installed mustdo, or the checkout's."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "_gold" / "links"
    return packaged if packaged.is_dir() else package.parent / "corpus" / "gold" / "links"


def train_from_project(directory: Path, gold: Path | None = None) -> str:
    """Fit the link model on the labelled pairs of `gold` and write model and card to `directory`.

    Gives one line on the result; raises UsageError where there are no labelled pairs.
    """
    lexicon = load_lexicon()
    pairs = load_labelled_pairs(gold or labelled_pairs_directory())
    vocabulary = learn_vocabulary(pairs, lexicon)
    examples = read_examples(pairs, vocabulary)
    training = train_on(examples, vocabulary.common)
    save_link_model(training.model, directory / MODEL_FILE)
    scores = evaluate_examples(examples, lexicon=lexicon, model=training.model)
    card = write_card(training.model, examples, scores, training.f1_of)
    (directory / CARD_FILE).write_text(card, encoding="utf-8")
    links = sum(len(pair.links) for pair in pairs)
    distinct = sum(len(pair.distinct) for pair in pairs)
    return (
        f"{MODEL_FILE}: {links} links and {distinct} look-alikes, {len(pairs)} pairs of documents;"
        f" on pairs held out in turn F1 {scores.links.f1:.2f},"
        f" relation right in {scores.relation_accuracy:.0%}."
    )


_CARD: Final = """\
# Link model

Says how likely it is that two requirements of different years are one. Written by `mustdo train`;
do not edit.

- Learned from {links} links and {distinct} look-alikes between {units} requirements in {pairs}
  pairs of documents (corpus/gold/links), all written for this project. Every other pair of
  requirements of two such documents that shares words, a measure or a heading counts as no link.
- Kind: {kind}; best F1 on held-out pairs by kind: {tried}.
- Links from a probability of {accept}; further links of a linked requirement from {extra}.
- Limits: the labels are one author's. Real years are longer and looser than the labelled ones:
  expect a lower F1 there. The relation is told by rules, not by this model.

## On pairs held out in turn

Each pair is linked by a model fitted on all the others.

{by_pair}

Of the links found, {accuracy:.0%} have the right relation. By relation, where a link is right if
both ends and the relation are:

{by_relation}

## What it looks at

{weights}
"""


def write_card(
    model: LinkModel, examples: Sequence[Example], scores: LinkScores, f1_of: Mapping[str, float]
) -> str:
    """What the model learned from and how well it does, in Markdown."""
    by_relation = {relation.value: score for relation, score in scores.by_relation.items()}
    return _CARD.format(
        links=sum(len(e.pair.links) for e in examples),
        distinct=sum(len(e.pair.distinct) for e in examples),
        units=sum(len(e.pair.before) + len(e.pair.after) for e in examples),
        pairs=len(examples),
        kind=model.kind,
        tried=", ".join(f"{kind} {f1:.3f}" for kind, f1 in sorted(f1_of.items())),
        accept=model.accept,
        extra=model.extra,
        by_pair=_table("pair", dict(scores.by_pair) | {"all": scores.links}),
        accuracy=scores.relation_accuracy,
        by_relation=_table("relation", by_relation),
        weights=_weights(model),
    )


def _table(head: str, scores: Mapping[str, Score]) -> str:
    names = (head, "precision", "recall", "F1", "right", "found", "labelled")
    rows: list[tuple[str, ...]] = [names, ("---",) * len(names)]
    for name, s in scores.items():
        shares = [f"{share:.2f}" for share in (s.precision, s.recall, s.f1)]
        rows.append((name, *shares, str(s.right), str(s.found), str(s.wanted)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _weights(model: LinkModel) -> str:
    """Each feature with its weight where the model has weights, heaviest first."""
    if not isinstance(model.classifier, Logistic):
        return f"Features: {', '.join(FEATURES)}."
    weights = model.classifier.weights
    order = sorted(FEATURES, key=lambda name: (-abs(weights[name]), name))
    rows = ["| feature, -1 to 1 | weight |", "| --- | --- |"]
    return "\n".join([*rows, *(f"| {name} | {weights[name]:+.2f} |" for name in order)])
