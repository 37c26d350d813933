"""The project's own labelled pairs: training on them, and the card that says how well the model does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pipeline.lexicon import load_lexicon
from pipeline.link.evaluate import LinkScores, Score, evaluate_examples
from pipeline.link.features import FEATURES
from pipeline.link.gold import load_labelled_pairs
from pipeline.link.model import MODEL_FILE, LinkModel, Logistic, save_link_model
from pipeline.link.text import Vocabulary, load_concepts
from pipeline.link.train import Example, read_examples, train_on

CARD_FILE: Final = "link.card.md"


def labelled_pairs_directory() -> Path:
    """Where the labelled pairs are: the packaged copy of an installed mustdo, or corpus/gold/links of a checkout."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "_gold" / "links"
    return packaged if packaged.is_dir() else package.parent / "corpus" / "gold" / "links"


def train_from_project(directory: Path, gold: Path | None = None) -> str:
    """Fit the link model on the labelled pairs of `gold`, write model and card to `directory`; one line on the result.

    Raises UsageError where there are no labelled pairs.
    """
    lexicon = load_lexicon()
    pairs = load_labelled_pairs(gold or labelled_pairs_directory())
    examples = read_examples(pairs, Vocabulary(lexicon, load_concepts()))
    training = train_on(examples)
    save_link_model(training.model, directory / MODEL_FILE)
    scores = evaluate_examples(examples, lexicon=lexicon, model=training.model)
    card = write_card(training.model, examples, scores, training.f1_of)
    (directory / CARD_FILE).write_text(card, encoding="utf-8")
    links = sum(len(pair.links) for pair in pairs)
    distinct = sum(len(pair.distinct) for pair in pairs)
    return (
        f"{MODEL_FILE}: {links} links and {distinct} look-alikes in {len(pairs)} pairs of documents; on pairs held "
        f"out in turn F1 {scores.links.f1:.2f}, relation right in {scores.relation_accuracy:.0%}."
    )


def write_card(
    model: LinkModel, examples: Sequence[Example], scores: LinkScores, f1_of: Mapping[str, float]
) -> str:
    """What the model learned from and how well it does, in Markdown."""
    links = sum(len(e.pair.links) for e in examples)
    distinct = sum(len(e.pair.distinct) for e in examples)
    units = sum(len(e.pair.before) + len(e.pair.after) for e in examples)
    tried = ", ".join(f"{kind} {f1:.3f}" for kind, f1 in sorted(f1_of.items()))
    lines = [
        "# Link model",
        "",
        "Says how likely it is that two requirements of different years are one. Written by `mustdo train`; do not edit.",
        "",
        f"- Learned from: {links} links and {distinct} look-alikes between {units} requirements in {len(examples)} pairs of",
        "  documents (corpus/gold/links), all written for this project; every other pair of requirements of two such",
        "  documents that shares words, measure or heading counts as no link.",
        f"- Kind: {model.kind}; best F1 on held-out pairs by kind: {tried}.",
        f"- Links from a probability of {model.accept}, further links of a linked requirement from {model.extra}.",
        "- Limits: the labels are one author's. Real years are longer and looser than the labelled ones: expect",
        "  a lower F1 there. The relation is told by rules, not by this model.",
        "",
        "## On pairs held out in turn",
        "",
        "Each pair is linked by a model fitted on all the others.",
        "",
        *_table(
            "pair", {name: score for name, score in scores.by_pair.items()} | {"all": scores.links}
        ),
        "",
        f"Of the links found, {scores.relation_accuracy:.0%} have the right relation. By relation (right: both ends and the relation):",
        "",
        *_table(
            "relation", {relation.value: score for relation, score in scores.by_relation.items()}
        ),
        "",
        "## What it looks at",
        "",
        *_weights(model),
        "",
    ]
    return "\n".join(lines)


def _table(head: str, scores: Mapping[str, Score]) -> list[str]:
    rows = [
        f"| {head} | precision | recall | F1 | right | found | labelled |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, s in scores.items():
        rows.append(
            f"| {name} | {s.precision:.2f} | {s.recall:.2f} | {s.f1:.2f} | {s.right} | {s.found} | {s.wanted} |"
        )
    return rows


def _weights(model: LinkModel) -> list[str]:
    """Each feature with its weight where the model has weights, heaviest first."""
    if not isinstance(model.classifier, Logistic):
        return [f"Features: {', '.join(FEATURES)}."]
    weights = [model.classifier.weights[name] for name in FEATURES]
    order = sorted(range(len(FEATURES)), key=lambda k: (-abs(weights[k]), FEATURES[k]))
    rows = ["| feature, -1 to 1 | weight |", "|---|---|"]
    return rows + [f"| {FEATURES[k]} | {weights[k]:+.2f} |" for k in order]
