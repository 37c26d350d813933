"""What tells whether two requirements are one: named numbers for each candidate pair.

Every feature lies between -1 and 1 and reads "more is more alike", so that a fitted model can be
read and checked. A feature that cannot be told (neither side names a measure) is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from scipy import sparse

from pipeline.link.candidates import Candidates, Floats, Ints, Terms, content_terms, weigh_terms
from pipeline.link.text import Vocabulary, Wording

FEATURES: Final = (
    "words_cosine",  # TF-IDF of words and pairs of words
    "words_contained",  # weight of shared words in the lighter of the two
    "words_jaccard",
    "rarest_shared",  # how rare the rarest shared word is
    "names_shared",
    "names_clash",  # -1: both have names and share none
    "stem_cosine",
    "whole_cosine",  # words with those of lead-in and headings
    "concepts_cosine",
    "concepts_shared",
    "action_same",
    "action_clash",
    "population_same",
    "population_clash",
    "fuzz_ratio",
    "fuzz_set",
    "measure_same",
    "measure_clash",
    "threshold_same",
    "threshold_clash",
    "bearer_related",
    "bearer_clash",
    "topics_cosine",
    "section_cosine",
    "modality_same",
    "strength_near",
    "targets_both",
    "targets_one",
    "values_shared",
    "length_near",
    "rank_before",  # 1 where it is the earlier requirement's best candidate, 1/2 the second
    "rank_after",
    "margin_before",  # how far ahead it is of the best other candidate of the earlier requirement
    "margin_after",
)


def describe_pairs(
    before: Sequence[Wording],
    after: Sequence[Wording],
    pairs: Candidates,
    vocabulary: Vocabulary,
    groups: tuple[Ints, Ints] | None = None,
) -> Floats:
    """The features of each pair, shape (pairs, features), in the order of FEATURES.

    `groups` number the repeats within either year; without them each requirement stands alone.
    """
    if groups is None:
        groups = np.arange(len(before)), np.arange(len(after))
    columns: dict[str, Floats] = {}
    words = weigh_terms([content_terms(w) for w in before], [content_terms(w) for w in after])
    _compare_words(columns, words, before, after, pairs)
    _compare_context(columns, before, after, pairs)
    _compare_sets(columns, before, after, pairs)
    _compare_force(columns, before, after, pairs)
    columns["bearer_related"], columns["bearer_clash"] = _compare_bearers(
        before, after, pairs, vocabulary
    )
    _compare_rivals(columns, pairs, groups)
    return np.stack([columns[name] for name in FEATURES], axis=1)


def _compare_words(
    columns: dict[str, Floats],
    words: Terms,
    before: Sequence[Wording],
    after: Sequence[Wording],
    pairs: Candidates,
) -> None:
    columns["words_cosine"] = _dot(words.before, words.after, pairs)
    single = weigh_sets([w.terms for w in before], [w.terms for w in after])
    shared, left, right = single.overlap(pairs)
    columns["words_contained"] = _ratio(shared, np.minimum(left, right))
    columns["words_jaccard"] = _ratio(shared, left + right - shared)
    columns["rarest_shared"] = single.rarest(pairs)
    names = weigh_sets([w.names for w in before], [w.names for w in after])
    shared, left, right = names.overlap(pairs)
    both = (left > 0) & (right > 0)
    columns["names_shared"] = _ratio(shared, np.minimum(left, right))
    columns["names_clash"] = -(both & (shared == 0)).astype(np.float32)
    texts = [w.text for w in before], [w.text for w in after]
    columns["fuzz_ratio"] = _fuzz(fuzz.ratio, *texts, pairs)
    columns["fuzz_set"] = _fuzz(fuzz.token_set_ratio, *texts, pairs)
    lengths = [
        np.array([max(1, len(w.terms)) for w in side], dtype=np.float32) for side in (before, after)
    ]
    a, b = lengths[0][pairs.before], lengths[1][pairs.after]
    columns["length_near"] = _ratio(np.minimum(a, b), np.maximum(a, b))


def _compare_context(
    columns: dict[str, Floats],
    before: Sequence[Wording],
    after: Sequence[Wording],
    pairs: Candidates,
) -> None:
    columns["stem_cosine"] = _cosine([w.stem for w in before], [w.stem for w in after], pairs)
    columns["section_cosine"] = _cosine(
        [w.section for w in before], [w.section for w in after], pairs
    )
    whole = [[(*w.terms, *w.stem, *w.section) for w in side] for side in (before, after)]
    columns["whole_cosine"] = _cosine(whole[0], whole[1], pairs)
    concepts = [[w.subjects | w.populations for w in side] for side in (before, after)]
    columns["concepts_cosine"] = _cosine(concepts[0], concepts[1], pairs)
    overlap = weigh_sets(concepts[0], concepts[1])
    shared, left, right = overlap.overlap(pairs)
    columns["concepts_shared"] = _ratio(shared, np.minimum(left, right))
    topics = {topic for side in (before, after) for w in side for topic in w.topics}
    known = {topic: column for column, topic in enumerate(sorted(topics))}
    tables = [
        np.zeros((len(side), max(1, len(known))), dtype=np.float32) for side in (before, after)
    ]
    for table, side in zip(tables, (before, after), strict=True):
        for row, wording in enumerate(side):
            for topic, score in wording.topics.items():
                table[row, known[topic]] = score
    columns["topics_cosine"] = np.einsum(
        "ij,ij->i", tables[0][pairs.before], tables[1][pairs.after]
    )


def _compare_sets(
    columns: dict[str, Floats],
    before: Sequence[Wording],
    after: Sequence[Wording],
    pairs: Candidates,
) -> None:
    def compare(name: str, of: Callable[[Wording], frozenset[Any]]) -> None:
        sets = weigh_sets([of(w) for w in before], [of(w) for w in after])
        shared, left, right = sets.overlap(pairs)
        both = (left > 0) & (right > 0)
        columns[f"{name}_same"] = _ratio(shared, np.minimum(left, right))
        columns[f"{name}_clash"] = -(both & (shared == 0)).astype(np.float32)

    compare("action", lambda w: w.actions)
    compare("population", lambda w: w.populations)
    compare("measure", lambda w: w.measures)
    compare("threshold", lambda w: w.thresholds)
    values = weigh_sets([w.targets for w in before], [w.targets for w in after])
    shared, left, right = values.overlap(pairs)
    columns["values_shared"] = _ratio(shared, np.maximum(left, right))
    columns["targets_both"] = ((left > 0) & (right > 0)).astype(np.float32)
    columns["targets_one"] = -((left > 0) != (right > 0)).astype(np.float32)


def _compare_force(
    columns: dict[str, Floats],
    before: Sequence[Wording],
    after: Sequence[Wording],
    pairs: Candidates,
) -> None:
    modalities = [np.array([hash_of(w) for w in side]) for side in (before, after)]
    same = modalities[0][pairs.before] == modalities[1][pairs.after]
    columns["modality_same"] = same.astype(np.float32)
    strengths = [np.array([w.strength for w in side], dtype=np.float32) for side in (before, after)]
    gap = np.abs(strengths[0][pairs.before] - strengths[1][pairs.after])
    columns["strength_near"] = (1 - gap / 100).astype(np.float32)


def hash_of(wording: Wording) -> str:
    """The modality's name, for comparing whole columns at once."""
    return wording.requirement.modality.value


def _compare_bearers(
    before: Sequence[Wording], after: Sequence[Wording], pairs: Candidates, vocabulary: Vocabulary
) -> tuple[Floats, Floats]:
    """How nearly the two are duties on one body (0 where either names none), and -1 where they are
    on others.
    """
    groups: list[dict[tuple[str, ...], int]] = [{}, {}]
    rows = [
        np.array([known.setdefault(w.bodies, len(known)) for w in side], dtype=np.int64)
        for known, side in zip(groups, (before, after), strict=True)
    ]
    table = np.zeros((max(1, len(groups[0])), max(1, len(groups[1]))), dtype=np.float32)
    named = np.zeros_like(table, dtype=bool)
    for a, row in groups[0].items():
        for b, column in groups[1].items():
            if a and b:
                named[row, column] = True
                table[row, column] = _relate(a, b, vocabulary)
    related = table[rows[0][pairs.before], rows[1][pairs.after]]
    clash = -(named[rows[0][pairs.before], rows[1][pairs.after]] & (related < 0.5)).astype(
        np.float32
    )
    return related, clash


def _relate(a: tuple[str, ...], b: tuple[str, ...], vocabulary: Vocabulary) -> float:
    """The mean, over the bodies of the shorter list, of how near the nearest of the other is."""
    few, many = sorted((a, b), key=len)
    return sum(max(vocabulary.related(x, y) for y in many) for x in few) / len(few)


def _compare_rivals(
    columns: dict[str, Floats], pairs: Candidates, groups: tuple[Ints, Ints]
) -> None:
    """Where a pair stands among the candidates of either end, by a plain mean of likenesses.

    Repeats are no rivals: what is said three times in a document is one candidate.
    """
    likeness = (
        0.4 * columns["words_cosine"]
        + 0.2 * columns["whole_cosine"]
        + 0.2 * columns["concepts_cosine"]
        + 0.2 * columns["measure_same"]
    ).astype(np.float32)
    columns["rank_before"], columns["margin_before"] = _rank(
        likeness, pairs.before, groups[1][pairs.after]
    )
    columns["rank_after"], columns["margin_after"] = _rank(
        likeness, pairs.after, groups[0][pairs.before]
    )


def _rank(likeness: Floats, of: Ints, groups: Ints) -> tuple[Floats, Floats]:
    """1/rank of each pair's group of others among those with the same end, and its lead on the best
    other group.
    """
    if not len(likeness):
        return likeness, likeness
    order = np.lexsort((-likeness, groups, of))
    new_group = _starts((of[order], groups[order]))
    index = np.cumsum(new_group) - 1  # which (end, group) each sorted pair is in
    best = likeness[order][new_group]  # sorted by likeness within: the first is the best
    ends = of[order][new_group]
    by_end = np.lexsort((-best, ends))
    new_end = _starts((ends[by_end],))
    starts = np.maximum.accumulate(np.where(new_end, np.arange(len(ends)), 0))
    place = np.empty(len(ends), dtype=np.int64)
    place[by_end] = np.arange(len(ends)) - starts
    first = np.empty(len(ends), dtype=np.float32)
    first[by_end] = best[by_end][starts]
    follows = np.minimum(starts + 1, len(ends) - 1)
    has_second = ~new_end[follows] & (follows > starts)
    second = np.empty(len(ends), dtype=np.float32)
    second[by_end] = np.where(has_second, best[by_end][follows], 0.0)
    reciprocal, margin = np.empty_like(likeness), np.empty_like(likeness)
    reciprocal[order] = 1.0 / (1 + place[index])
    rival = np.where(place[index] == 0, second[index], first[index])
    margin[order] = likeness[order] - rival
    return reciprocal, margin


def _starts(keys: tuple[Ints, ...]) -> npt.NDArray[np.bool_]:
    """Where a new combination of keys begins in sorted rows."""
    changed = np.ones(len(keys[0]), dtype=bool)
    changed[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return changed


# -------------------------------------------------------------------------------------- arithmetic


class WeighedSets:
    """Sets of the two years as rows of a sparse matrix, each member weighted by how rare it is."""

    def __init__(self, terms: Terms) -> None:
        # Row values are idf / length; what is wanted here is set membership with the idf itself.
        self._rows = [_with_values(rows, terms.idf) for rows in (terms.before, terms.after)]
        self._flat = [
            _with_values(rows, np.ones_like(terms.idf)) for rows in (terms.before, terms.after)
        ]
        self._totals = [
            np.asarray(rows.sum(axis=1), dtype=np.float32).ravel() for rows in self._rows
        ]
        self._most = float(terms.idf.max()) if len(terms.idf) else 1.0

    def overlap(self, pairs: Candidates) -> tuple[Floats, Floats, Floats]:
        """The weight that each pair shares, and the whole weight of either side."""
        shared = _dot(self._rows[0], self._flat[1], pairs)
        return shared, self._totals[0][pairs.before], self._totals[1][pairs.after]

    def rarest(self, pairs: Candidates) -> Floats:
        """The greatest weight among what each pair shares, 1 for the rarest there is."""
        best = np.zeros(len(pairs), dtype=np.float32)
        for chunk in _chunks(len(pairs)):
            common = self._rows[0][pairs.before[chunk]].multiply(self._flat[1][pairs.after[chunk]])
            best[chunk] = np.asarray(common.max(axis=1).todense()).ravel()
        return best / self._most


def weigh_sets(before: Sequence[Any], after: Sequence[Any]) -> WeighedSets:
    """The sets of the two years, weighted by rarity."""
    return WeighedSets(weigh_terms(before, after))


def _with_values(rows: sparse.csr_array, by_column: Floats) -> sparse.csr_array:
    return sparse.csr_array((by_column[rows.indices], rows.indices, rows.indptr), shape=rows.shape)


def _cosine(before: Sequence[Any], after: Sequence[Any], pairs: Candidates) -> Floats:
    terms = weigh_terms(before, after)
    return _dot(terms.before, terms.after, pairs)


_PAIRS_AT_ONCE: Final = 100_000


def _chunks(length: int) -> list[slice]:
    return [slice(start, start + _PAIRS_AT_ONCE) for start in range(0, length, _PAIRS_AT_ONCE)]


def _dot(before: sparse.csr_array, after: sparse.csr_array, pairs: Candidates) -> Floats:
    """The inner product of each pair's rows."""
    products = np.zeros(len(pairs), dtype=np.float32)
    for chunk in _chunks(len(pairs)):
        common = before[pairs.before[chunk]].multiply(after[pairs.after[chunk]])
        products[chunk] = np.asarray(common.sum(axis=1)).ravel()
    return products


def _ratio(part: Floats, whole: Floats) -> Floats:
    """part / whole, 0 where the whole is 0."""
    ratio: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return ratio


def _fuzz(scorer: Any, before: Sequence[str], after: Sequence[str], pairs: Candidates) -> Floats:
    scores = np.zeros(len(pairs), dtype=np.float32)
    for chunk in _chunks(len(pairs)):
        left = [before[i] for i in pairs.before[chunk].tolist()]
        right = [after[j] for j in pairs.after[chunk].tolist()]
        scores[chunk] = process.cpdist(left, right, scorer=scorer, dtype=np.float32, workers=-1)
    scores /= 100
    return scores
