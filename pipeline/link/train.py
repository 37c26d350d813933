"""Fitting the link model on labelled pairs of documents, and choosing its kind by holding each pair
out in turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pipeline.lexicon import Lexicon
from pipeline.link.assign import Match, assign
from pipeline.link.candidates import (
    Candidates,
    Floats,
    Ints,
    content_terms,
    find_candidates,
    weigh_search,
)
from pipeline.link.features import FEATURES, describe_pairs, has_grounds
from pipeline.link.gold import LabelledPair
from pipeline.link.model import Classifier, LinkModel, Logistic
from pipeline.link.repeats import find_repeats
from pipeline.link.text import Vocabulary, Wording, load_concepts, read_wordings

Labels = npt.NDArray[np.bool_]

_ACCEPT: Final = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
# Below 0.6 further links are wrong too often where many requirements look alike (bench-link).
_EXTRA: Final = (0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled pair as the classifier sees it: candidate pairs with features and labels, and its
    own wordings.
    """

    pair: LabelledPair
    before: Sequence[Wording]
    after: Sequence[Wording]
    candidates: Candidates
    features: Floats
    labels: Labels
    groups: tuple[Ints, Ints]
    among_others: tuple[
        Floats, Labels
    ]  # the same pairs' features in the company of all other documents


_REGULARISATION: Final = (
    0.01  # C; of 0.01 to 1.0 all are as good on held-out pairs, and the smallest travels best
)
_CLEARLY_BETTER: Final = (
    0.01  # by how much F1 another kind must lead before the plainest is given up
)
_PLAINEST: Final = "logistic"


def _fit_logistic(features: Floats, labels: Labels) -> Classifier:
    scaled = make_pipeline(StandardScaler(), LogisticRegression(C=_REGULARISATION, max_iter=5000))
    scaled.fit(features.astype(np.float64), labels)
    scaler, regression = scaled[0], scaled[1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - (weights * scaler.mean_).sum())
    return Logistic(weights=dict(zip(FEATURES, weights.tolist(), strict=True)), intercept=intercept)


def _fit_boosting(features: Floats, labels: Labels) -> Classifier:
    # Every feature reads "more is more alike", and the trees have to respect it.
    boosting = HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.08,
        max_leaf_nodes=8,
        min_samples_leaf=20,
        l2_regularization=5.0,
        monotonic_cst=[1] * len(FEATURES),
        random_state=0,
    )
    classifier: Classifier = boosting.fit(features, labels)
    return classifier


CLASSIFIERS: Final[Mapping[str, Callable[[Floats, Labels], Classifier]]] = {
    _PLAINEST: _fit_logistic,
    "boosting": _fit_boosting,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What training gives: the model, and the best F1 that each kind of classifier reached on
    held-out pairs.
    """

    model: LinkModel
    f1_of: Mapping[str, float]


def train_link_model(pairs: Sequence[LabelledPair], *, lexicon: Lexicon) -> Training:
    """The model fitted on all pairs; the same pairs in any order give the same model.

    Its two thresholds are those with the best F1 over pairs that were held out in turn, and so is
    its kind, but that the plainest one stays unless another is clearly better.
    """
    vocabulary = learn_vocabulary(pairs, lexicon)
    return train_on(read_examples(pairs, vocabulary), vocabulary.common)


def learn_vocabulary(pairs: Sequence[LabelledPair], lexicon: Lexicon) -> Vocabulary:
    """A vocabulary that knows which terms are common in the labelled requirements."""
    vocabulary = Vocabulary(lexicon, load_concepts())
    wordings = [w for p in pairs for w in read_wordings((*p.before, *p.after), vocabulary)]
    holders = Counter(term for w in wordings for term in set(content_terms(w)))
    common = {t: n / len(wordings) for t, n in sorted(holders.items()) if n >= _COMMON}
    return Vocabulary(lexicon, load_concepts(), common)


_COMMON: Final = 4  # in how many requirements a term must stand to be common


def train_on(examples: Sequence[Example], common: Mapping[str, float]) -> Training:
    """The same for examples that have been read already."""
    chosen: dict[str, tuple[float, float, float]] = {}
    for kind in CLASSIFIERS:
        held_out = [_score_held_out(kind, examples, out) for out in examples]
        chosen[kind] = choose_thresholds(examples, held_out)
    best = max(CLASSIFIERS, key=lambda kind: chosen[kind][0])
    kind = best if chosen[best][0] > chosen[_PLAINEST][0] + _CLEARLY_BETTER else _PLAINEST
    _, accept, extra = chosen[kind]
    model = fit(kind, examples, accept=accept, extra=extra, common=common)
    return Training(model=model, f1_of={kind: f1 for kind, (f1, _, _) in chosen.items()})


def _score_held_out(kind: str, examples: Sequence[Example], out: Example) -> Floats:
    model = fit(kind, [example for example in examples if example is not out])
    return model.score(out.features) * has_grounds(out.features)


def fit(
    kind: str,
    examples: Sequence[Example],
    *,
    accept: float = 0.5,
    extra: float = 0.5,
    common: Mapping[str, float] | None = None,
) -> LinkModel:
    """A model of that kind fitted on the examples, each seen alone and in the company of all
    others.
    """
    features = np.concatenate([x for e in examples for x in (e.features, e.among_others[0])])
    labels = np.concatenate([y for e in examples for y in (e.labels, e.among_others[1])])
    return LinkModel(
        kind=kind,
        classifier=CLASSIFIERS[kind](features, labels),
        accept=accept,
        extra=extra,
        common=common or {},
    )


_UNFITTED: Final = LinkModel(
    kind=_PLAINEST,
    classifier=Logistic(weights={}, intercept=0.0),
    accept=0.5,
    extra=0.5,
    common={},
)


def choose_thresholds(
    examples: Sequence[Example], scores: Sequence[Floats]
) -> tuple[float, float, float]:
    """The best F1 over all links of all examples, and the `accept` and `extra` that give it.

    Of the values for `extra` that come near the best the lowest is taken: real documents say one
    thing in several places more often than the labelled ones do.
    """
    f1_of = {
        (accept, extra): _f1(examples, scores, replace(_UNFITTED, accept=accept, extra=extra))
        for accept in _ACCEPT
        for extra in _EXTRA
        if extra >= accept
    }
    best, accept = max((f1, accept) for (accept, _), f1 in f1_of.items())
    near = [extra for (a, extra), f1 in f1_of.items() if a == accept and f1 >= best - _NEAR]
    extra = min(near)
    return f1_of[accept, extra], accept, extra


_NEAR: Final = 0.005


def _f1(examples: Sequence[Example], scores: Sequence[Floats], model: LinkModel) -> float:
    right = found = wanted = 0
    for example, chances in zip(examples, scores, strict=True):
        matches = assign(
            example.before, example.after, example.candidates, chances, example.groups, model
        )
        right += count_right(matches, example)
        found += len(matches)
        wanted += len(example.pair.links)
    return 2 * right / (found + wanted)


def count_right(matches: Sequence[Match], example: Example) -> int:
    """How many matches are links of the example's pair."""
    links = {(link.from_id, link.to_id) for link in example.pair.links}
    return sum(
        (example.before[m.before].requirement.id, example.after[m.after].requirement.id) in links
        for m in matches
    )


def read_examples(pairs: Sequence[LabelledPair], vocabulary: Vocabulary) -> list[Example]:
    """The labelled pairs as the classifier sees them, by name."""
    pairs = sorted(pairs, key=lambda p: p.name)
    wordings = [
        (read_wordings(p.before, vocabulary), read_wordings(p.after, vocabulary)) for p in pairs
    ]
    company = _describe_together(pairs, wordings, vocabulary)
    examples = []
    for pair, (before, after), among_others in zip(pairs, wordings, company, strict=True):
        candidates, groups, features = describe(before, after, vocabulary)
        labels = label_candidates(pair, before, after, candidates)
        examples.append(
            Example(
                pair=pair,
                before=before,
                after=after,
                candidates=candidates,
                features=features,
                labels=labels,
                groups=groups,
                among_others=among_others,
            )
        )
    return examples


def describe(
    before: Sequence[Wording], after: Sequence[Wording], vocabulary: Vocabulary
) -> tuple[Candidates, tuple[Ints, Ints], Floats]:
    """The candidates of two sets of wordings, the repeats within either, and the candidates'
    features.
    """
    search = weigh_search(before, after, vocabulary.common)
    candidates = find_candidates(before, after, search)
    groups = find_repeats(before, vocabulary), find_repeats(after, vocabulary)
    return candidates, groups, describe_pairs(before, after, candidates, vocabulary, groups)


def label_candidates(
    pair: LabelledPair, before: Sequence[Wording], after: Sequence[Wording], candidates: Candidates
) -> Labels:
    """Whether each candidate is a link of the pair."""
    links = {(link.from_id, link.to_id) for link in pair.links}
    ends = zip(candidates.before.tolist(), candidates.after.tolist(), strict=True)
    return np.array(
        [(before[i].requirement.id, after[j].requirement.id) in links for i, j in ends], dtype=bool
    )


def _describe_together(
    pairs: Sequence[LabelledPair],
    wordings: Sequence[tuple[list[Wording], list[Wording]]],
    vocabulary: Vocabulary,
) -> list[tuple[Floats, Labels]]:
    """For each pair the features and labels of its candidates where all pairs are thrown together.

    Real documents are larger than the labelled ones, and their requirements have more rivals: so a
    pair's candidates are also shown among those of all other pairs, whose own relations nobody has
    labelled.
    """
    before = [w for side, _ in wordings for w in side]
    after = [w for _, side in wordings for w in side]
    of_before = np.repeat(np.arange(len(pairs)), [len(side) for side, _ in wordings])
    of_after = np.repeat(np.arange(len(pairs)), [len(side) for _, side in wordings])
    candidates, _, features = describe(before, after, vocabulary)
    rows = []
    for number, pair in enumerate(pairs):
        mine = (of_before[candidates.before] == number) & (of_after[candidates.after] == number)
        own = Candidates(before=candidates.before[mine], after=candidates.after[mine])
        rows.append((features[mine], label_candidates(pair, before, after, own)))
    return rows
