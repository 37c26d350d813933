"""models/extraction.card.md: what the fitted models of extraction learned from, and how well they
do on documents that they have not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from pipeline.extract.classifier import RequirementClassifier
from pipeline.extract.topics import TopicModel
from pipeline.gold import GoldDocument

if TYPE_CHECKING:
    from pipeline.train import Example

CARD_FILE: Final = "extraction.card.md"
_SHOWN: Final = 25  # weights of each sign

_CARD: Final = """\
# Models of extraction

Written by `mustdo train`; do not edit. Figures of whole requirements, with intervals, by class and
by kind of document, are in docs/quality.md.

## requirements.skops: is it a requirement?

Logistic regression over named features of what the rules found: the cue, where it stands, who is
bound, what kind of document it is. It says how likely a candidate is a requirement; below
{threshold} it is none.

- Learned from {candidates} candidates in {units} labelled units of {documents} documents
  (corpus/gold), all written for this project: {kinds}.
- Of the candidates of documents held out in turn ({folds} folds), precision {precision:.2f}, recall
  {recall:.2f}, F1 {f1:.2f}; the rules alone {rules_precision:.2f}, {rules_recall:.2f},
  {rules_f1:.2f}.
- Limits: the labels are few authors'. What the rules propose no candidate for cannot be found.
  English only. A document of another kind than those above is read less well.

| speaks for a requirement | weight | speaks against | weight |
| --- | --- | --- | --- |
{weights}

## topics.skops: what is it about?

Logistic regression over what the terms of topics.yml have in the words of a requirement and around
it; the weights are the same for all topics.

- Learned from {topic_examples} requirements with a labelled topic, in the same documents, as they
  are read, headings and all.
- With their document held out {topic_right:.0%} have the right one of {topics} topics; the rules
  alone give {topic_rules:.0%}.

| source | weight | weight of its share |
| --- | --- | --- |
{topic_weights}
"""


def write_card(
    documents: Sequence[GoldDocument],
    examples: Sequence[Example],
    classifier: RequirementClassifier,
    held_out: Mapping[str, RequirementClassifier],
    topic_model: TopicModel,
    *,
    topic_scores: tuple[int, int, int],
    topics: int,
    folds: int,
) -> str:
    """The card in Markdown; `topic_scores` are those of train_topics.score_topics."""
    kinds = Counter(d.kind.value.replace("_", " ") for d in documents)
    right, by_rules, of = topic_scores
    precision, recall, f1 = _score(examples, lambda e: _accepts(held_out[e.document_id], e))
    rules = _score(examples, lambda e: e.candidate.accepted)
    return _CARD.format(
        threshold=classifier.threshold,
        candidates=len(examples),
        units=sum(len(d.units) for d in documents),
        documents=len(documents),
        kinds=", ".join(f"{n} of {kind}" for kind, n in kinds.most_common()),
        folds=folds,
        precision=precision,
        recall=recall,
        f1=f1,
        rules_precision=rules[0],
        rules_recall=rules[1],
        rules_f1=rules[2],
        weights=_weights(classifier),
        topic_examples=of,
        topic_right=right / of,
        topic_rules=by_rules / of,
        topics=topics,
        topic_weights=_topic_weights(topic_model),
    )


def _accepts(classifier: RequirementClassifier, example: Example) -> bool:
    return classifier.probability(example.candidate.evidence) >= classifier.threshold


def _score(
    examples: Sequence[Example], accepts: Callable[[Example], bool]
) -> tuple[float, float, float]:
    """Precision, recall and F1 over candidates."""
    found = [e.label for e in examples if accepts(e)]
    wanted = sum(e.label for e in examples)
    precision = sum(found) / len(found) if found else 0.0
    recall = sum(found) / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return precision, recall, f1


def _weights(classifier: RequirementClassifier) -> str:
    order = sorted(classifier.weights.items(), key=lambda item: (item[1], item[0]))
    rows = zip(order[::-1][:_SHOWN], order[:_SHOWN], strict=True)
    return "\n".join(f"| `{a}` | {x:+.2f} | `{b}` | {y:+.2f} |" for (a, x), (b, y) in rows)


def _topic_weights(model: TopicModel) -> str:
    names = sorted(name for name in model.weights if not name.endswith("_share"))
    return "\n".join(
        f"| {name} | {model.weights[name]:+.2f} | {model.weights.get(f'{name}_share', 0.0):+.2f} |"
        for name in names
    )
