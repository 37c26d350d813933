"""`mustdo evaluate`: precision, recall and F1 against labelled documents, by class, with n and an
interval.

A found requirement and a labelled unit of one document match when 80% of the shorter one's words
stand in the longer one, which is at most three times as long. Several requirements may match one
unit (a sentence with several duties). Units marked unsure count neither way. On the project's own
labelled documents each is read with a classifier that has not learned from it.

Linking is measured on labelled pairs of documents (the folder links/ of the labelled documents),
the project's own each with a model that has not learned from it.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from math import sqrt
from pathlib import Path
from typing import Final

from pipeline.extract import ExtractionModels, extract, load_models
from pipeline.gold import GoldDocument, GoldUnit, default_gold, load_gold
from pipeline.lexicon import Lexicon
from pipeline.link import (
    LabelledPair,
    LinkScores,
    evaluate_links,
    load_labelled_pairs,
    load_link_model,
    measure_links,
)
from pipeline.records import Modality, Relation, Requirement
from pipeline.train import gather_examples, held_out_classifiers
from pipeline.train_topics import gather_topic_examples, score_topics

_WORDS: Final = re.compile(r"[a-z0-9£%.]+")
_SHARE: Final = 0.8
_LONGER: Final = 3
_Z: Final = 1.96
_STOP: Final = frozenset("the a an all each every any both our of and in to".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Precision and recall with their counts; `interval` is Wilson's 95% interval of the recall, or
    accuracy.
    """

    precision: float
    recall: float
    f1: float
    predicted: int
    gold: int
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFigures:
    """How well requirements are linked over the years: `scores` of the links, whatever their
    relation, and of each relation with both ends right; `accuracies` of the relation of the links
    that were found.
    """

    pairs: int
    links: int
    scores: dict[str, Score]
    accuracies: dict[str, Score]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All figures of one evaluation, and examples of what went wrong."""

    documents: int
    units: int
    scores: dict[str, Score]
    accuracies: dict[str, Score]
    links: LinkFigures | None = None
    errors: tuple[str, ...] = ()

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        """A table for the terminal."""
        lines = [f"{self.units} labelled requirements in {self.documents} documents", ""]
        lines += [*_score_lines(self.scores), "", *_accuracy_lines(self.accuracies)]
        if self.links is not None:
            told = f"{self.links.links} labelled links in {self.links.pairs} pairs of documents"
            lines += ["", told, "", *_score_lines(self.links.scores), ""]
            lines += _accuracy_lines(self.links.accuracies)
        return "\n".join([*lines, *(["", *self.errors] if self.errors else [])])


def _score_lines(scores: Mapping[str, Score]) -> list[str]:
    lines = [f"{'':26}{'precision':>10}{'recall':>8}{'F1':>7}{'found':>7}{'n':>6}   95% of recall"]
    for name, score in scores.items():
        low, high = score.interval
        lines.append(
            f"{name:26}{score.precision:>10.3f}{score.recall:>8.3f}{score.f1:>7.3f}"
            f"{score.predicted:>7}{score.gold:>6}   {low:.2f} to {high:.2f}"
        )
    return lines


def _accuracy_lines(accuracies: Mapping[str, Score]) -> list[str]:
    lines = [f"{'':26}{'accuracy':>10}{'n':>6}   95%"]
    for name, score in accuracies.items():
        low, high = score.interval
        lines.append(f"{name:26}{score.recall:>10.3f}{score.gold:>6}   {low:.2f} to {high:.2f}")
    return lines


@dataclass(slots=True)
class _Counts:
    """What is counted as documents are gone through."""

    hits: int = 0
    predicted: int = 0
    found: int = 0
    gold: int = 0
    modality: Counter[tuple[str, str]] = field(default_factory=Counter)
    bearer: Counter[bool] = field(default_factory=Counter)
    reported: Counter[bool] = field(default_factory=Counter)
    topic: Counter[bool] = field(default_factory=Counter)
    quantity: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    deadline: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


Find = Callable[[GoldDocument], Sequence[Requirement]]


def evaluate(
    gold: Path | None = None, *, errors: int = 0, models: ExtractionModels | None = None
) -> Evaluation:
    """Figures for a folder of labelled documents, by default the project's own, each held out.

    Those of linking come with them where the folder has labelled pairs in links/.
    """
    documents = load_gold(gold or default_gold())
    models = models or load_models()
    if gold is None:
        rules_only = replace(models, classifier=None)
        held_out = held_out_classifiers(gather_examples(documents, rules_only))

        def find(document: GoldDocument) -> Sequence[Requirement]:
            chosen = replace(models, classifier=held_out.get(document.id, models.classifier))
            return extract(document.structured(), models=chosen).requirements

    else:

        def find(document: GoldDocument) -> Sequence[Requirement]:
            return extract(document.structured(), models=models).requirements

    evaluation = score_documents(documents, find, errors=errors)
    if gold is None:
        evaluation = _with_topics(evaluation, documents, models)
    return replace(evaluation, links=score_linking(gold, models.lexicon))


def _with_topics(
    evaluation: Evaluation, documents: Sequence[GoldDocument], models: ExtractionModels
) -> Evaluation:
    """Topics are judged on the documents as they are read: labelled units have no headings."""
    right, _, n = score_topics(gather_topic_examples(documents, models), models)
    return replace(evaluation, accuracies=evaluation.accuracies | {"topic": _accuracy(right, n)})


def score_linking(gold: Path | None, lexicon: Lexicon) -> LinkFigures | None:
    """Figures of linking on the labelled pairs of a folder, by default the project's own, each
    linked by a model fitted on all others; None where the folder has none.
    """
    folder = (gold or default_gold()) / "links"
    if not folder.is_dir():
        return None
    pairs = load_labelled_pairs(folder)
    score = evaluate_links if gold is None else measure_links
    return _link_figures(pairs, score(pairs, lexicon=lexicon, model=load_link_model()))


def _link_figures(pairs: Sequence[LabelledPair], found: LinkScores) -> LinkFigures:
    scores = {"links": found.links} | {
        f"links: {relation.value}": score for relation, score in found.by_relation.items()
    }
    hits = {
        relation: Counter(
            {told: n for (wanted, told), n in found.confusion.items() if wanted is relation}
        )
        for relation in Relation
    }
    accuracies = {
        f"relation: {relation.value}": _accuracy(told[relation], told.total())
        for relation, told in hits.items()
        if told
    }
    right = sum(told[relation] for relation, told in hits.items())
    return LinkFigures(
        pairs=len(pairs),
        links=sum(len(pair.links) for pair in pairs),
        scores={name: _score(s.right, s.found, s.wanted) for name, s in scores.items()},
        accuracies={"relation": _accuracy(right, found.links.right), **accuracies},
    )


def score_documents(
    documents: Sequence[GoldDocument], find: Find, *, errors: int = 0
) -> Evaluation:
    """Figures for labelled documents and a way to find their requirements."""
    counts = _Counts()
    for document in documents:
        _count(document, find(document), counts)
    units = sum(
        1 for d in documents for u in d.units if u.modality and not u.unsure and not u.broken
    )
    return Evaluation(
        documents=len(documents),
        units=units,
        scores=_scores(counts),
        accuracies=_accuracies(counts),
        errors=tuple(counts.errors[:errors]),
    )


def _count(document: GoldDocument, found: Sequence[Requirement], counts: _Counts) -> None:
    requirements = [u for u in document.units if u.modality or u.unsure]
    words = [_words(u.quote) for u in requirements]
    ignored = {n for n, u in enumerate(requirements) if u.unsure or u.broken}
    matched: dict[int, list[Requirement]] = defaultdict(list)
    for requirement in found:
        best = _best_match(_words(requirement.quote), words)
        if best in ignored:
            continue
        counts.predicted += 1
        if best is None:
            counts.errors.append(
                f"extra [{document.id}] {requirement.modality.value}: {requirement.quote[:120]}"
            )
            continue
        counts.hits += 1
        matched[best].append(requirement)
    for n, unit in enumerate(requirements):
        if n in ignored:
            continue
        counts.gold += 1
        counts.found += n in matched
        if n not in matched:
            counts.errors.append(f"missed [{document.id}] {unit.modality}: {unit.quote[:120]}")
        _count_fields(unit, matched.get(n, []), counts)


def _count_fields(unit: GoldUnit, found: Sequence[Requirement], counts: _Counts) -> None:
    if found:
        counts.modality[str(unit.modality), found[0].modality.value] += 1
        if unit.bearer:
            names = [found[0].bearer or "", *found[0].bearer_canonical]
            counts.bearer[any(_same_bearer(unit.bearer, name) for name in names)] += 1
        counts.reported[found[0].reported == unit.reported] += 1
        if unit.topic:
            counts.topic[found[0].topic == unit.topic] += 1
    gold = {(q.kind, q.value, q.high): q for q in unit.quantities if q.value is not None}
    mine = {(q.kind.value, q.value, q.high): q for r in found for q in r.quantities}
    both = gold.keys() & mine.keys()
    counts.quantity.update(tp=len(both), predicted=len(mine), gold=len(gold))
    for key in gold.keys() | mine.keys():
        kind = key[0]
        counts.kinds[kind].update(tp=key in both, predicted=key in mine, gold=key in gold)
    for key in both:
        counts.quantity["comparator"] += gold[key].comparator == mine[key].comparator
        counts.quantity["role"] += gold[key].role == mine[key].role.value
    due = {unit.deadline.date} - {None} if unit.deadline else set()
    dates = {r.deadline.date.isoformat() for r in found if r.deadline and r.deadline.date}
    counts.deadline.update(tp=len(due & dates), predicted=len(dates), gold=len(due))


def _scores(counts: _Counts) -> dict[str, Score]:
    scores = {"detection": _score(counts.found, counts.predicted, counts.gold, hits=counts.hits)}
    for modality in Modality:
        n = modality.value
        tp = counts.modality[n, n]
        predicted = sum(c for (_, mine), c in counts.modality.items() if mine == n)
        gold = sum(c for (theirs, _), c in counts.modality.items() if theirs == n)
        scores[f"modality: {n}"] = _score(tp, predicted, gold)
    quantity = counts.quantity
    scores["quantities"] = _score(quantity["tp"], quantity["predicted"], quantity["gold"])
    for kind, c in sorted(counts.kinds.items()):
        scores[f"quantities: {kind}"] = _score(c["tp"], c["predicted"], c["gold"])
    deadline = counts.deadline
    scores["deadlines"] = _score(deadline["tp"], deadline["predicted"], deadline["gold"])
    return scores


def _accuracies(counts: _Counts) -> dict[str, Score]:
    right = sum(c for (theirs, mine), c in counts.modality.items() if theirs == mine)
    tp = counts.quantity["tp"]
    return {
        "modality": _accuracy(right, sum(counts.modality.values())),
        "bearer": _accuracy(counts.bearer[True], sum(counts.bearer.values())),
        "reported": _accuracy(counts.reported[True], sum(counts.reported.values())),
        "topic": _accuracy(counts.topic[True], sum(counts.topic.values())),
        "quantity comparator": _accuracy(counts.quantity["comparator"], tp),
        "quantity role": _accuracy(counts.quantity["role"], tp),
    }


def _score(tp: int, predicted: int, gold: int, *, hits: int | None = None) -> Score:
    precision = (tp if hits is None else hits) / predicted if predicted else 0.0
    recall = tp / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(
        precision=round(precision, 4),
        recall=round(recall, 4),
        f1=round(f1, 4),
        predicted=predicted,
        gold=gold,
        interval=wilson(tp, gold),
    )


def _accuracy(right: int, n: int) -> Score:
    return _score(right, n, n)


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Wilson's 95% score interval of a proportion (E. B. Wilson, 1927); (0, 1) where n is 0."""
    if n == 0:
        return (0.0, 1.0)
    p = successes / n
    centre = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return (round(max(0.0, centre - half), 4), round(min(1.0, centre + half), 4))


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.lower().replace("’", "'").replace(",", ""))


def _best_match(found: list[str], gold: Sequence[list[str]]) -> int | None:
    """The labelled unit that a quote overlaps best, or None where it overlaps none enough."""
    counted = Counter(found)
    best: tuple[float, int] | None = None
    for n, words in enumerate(gold):
        short, long = sorted((len(found), len(words)))
        if not short or long > _LONGER * short:
            continue
        common = sum((counted & Counter(words)).values())
        if common / short >= _SHARE:
            similarity = 2 * common / (short + long)
            best = max(best, (similarity, n)) if best else (similarity, n)
    return best[1] if best else None


def _same_bearer(gold: str, found: str) -> bool:
    """Whether one name's words contain the other's."""
    theirs, mine = (set(_words(name)) - _STOP for name in (gold, found))
    return bool(mine) and (theirs <= mine or mine <= theirs)
