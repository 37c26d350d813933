"""What tells whether two requirements are one: named numbers for each candidate pair.

Every feature lies between -1 and 1 and reads "more is more alike", so that a fitted model can be
read and checked. A feature that cannot be told (neither side names a measure) is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from scipy import sparse

from pipeline.link.candidates import Candidates, Floats, Ints, Terms, content_terms, weigh_terms
from pipeline.link.text import Vocabulary, Wording

Flags = npt.NDArray[np.bool_]

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


def has_grounds(features: Floats) -> Flags:
    """Which pairs have anything to be linked by: a measure, a name, or enough words or concepts.

    Without rivals even strangers look like each other's best; of the labelled links none has less.
    """
    column = {name: features[:, index] for index, name in enumerate(FEATURES)}
    concepts = (column["concepts_shared"] >= _CONCEPTS) & (column["topics_cosine"] >= _TOPICS)
    words = (column["words_cosine"] >= _WORDS) | (column["fuzz_set"] >= _FUZZ)
    grounds: Flags = words | concepts | (column["measure_same"] > 0) | (column["names_shared"] > 0)
    return grounds


_WORDS: Final = 0.10
_FUZZ: Final = 0.75
_CONCEPTS: Final = 0.3
_TOPICS: Final = 0.4


def describe_pairs(
    before: Sequence[Wording],
    after: Sequence[Wording],
    pairs: Candidates,
    vocabulary: Vocabulary,
    groups: tuple[Ints, Ints],
) -> Floats:
    """The features of each pair, shape (pairs, features), in the order of FEATURES.

    `groups` number the repeats within either year.
    """
    chunks = list(describe_in_chunks(before, after, pairs, vocabulary, groups))
    none = np.zeros((0, len(FEATURES)), dtype=np.float32)
    return np.concatenate([features for _, features in chunks]) if chunks else none


def describe_in_chunks(
    before: Sequence[Wording],
    after: Sequence[Wording],
    pairs: Candidates,
    vocabulary: Vocabulary,
    groups: tuple[Ints, Ints],
) -> Iterator[tuple[slice, Floats]]:
    """The same, a part of the pairs at a time: where they stand in `pairs`, and their features."""
    comparer = Comparer(before, after, vocabulary)
    likeness = np.zeros(len(pairs), dtype=np.float32)
    for chunk in _chunks(len(pairs)):
        likeness[chunk] = comparer.liken(_part(pairs, chunk))
    ranks = {
        "rank_before, margin_before": _rank(likeness, pairs.before, groups[1][pairs.after]),
        "rank_after, margin_after": _rank(likeness, pairs.after, groups[0][pairs.before]),
    }
    for chunk in _chunks(len(pairs)):
        columns = comparer.compare(_part(pairs, chunk))
        for names, values in ranks.items():
            columns |= {n: v[chunk] for n, v in zip(names.split(", "), values, strict=True)}
        yield chunk, np.stack([columns[name] for name in FEATURES], axis=1)


class Comparer:
    """Two years' wordings, made ready to compare any pairs of them."""

    def __init__(
        self, before: Sequence[Wording], after: Sequence[Wording], vocabulary: Vocabulary
    ) -> None:
        sides = (before, after)

        def terms(of: Callable[[Wording], Iterable[str]]) -> Terms:
            rows = [[of(w) for w in side] for side in sides]
            return weigh_terms(rows[0], rows[1], vocabulary.common)

        def sets(of: Callable[[Wording], Iterable[Any]]) -> WeighedSets:
            return WeighedSets(weigh_terms([of(w) for w in before], [of(w) for w in after]))

        def column(of: Callable[[Wording], Any], dtype: Any) -> tuple[Any, Any]:
            left, right = (np.array([of(w) for w in side], dtype=dtype) for side in sides)
            return left, right

        self._words = terms(content_terms)
        self._whole = terms(lambda w: (*w.terms, *w.stem, *w.section))
        self._concepts = terms(lambda w: w.subjects | w.populations)
        self._stems = terms(lambda w: w.stem)
        self._sections = terms(lambda w: w.section)
        self._single = WeighedSets(terms(lambda w: w.terms))
        self._concept_sets = WeighedSets(self._concepts)
        self._sets = {
            "names": sets(lambda w: w.names),
            "action": sets(lambda w: w.actions),
            "population": sets(lambda w: w.populations),
            "measure": sets(lambda w: w.measures),
            "threshold": sets(lambda w: w.thresholds),
        }
        self._targets = sets(lambda w: w.targets)
        self._texts = [w.text for w in before], [w.text for w in after]
        self._lengths = column(lambda w: max(1, len(w.terms)), np.float32)
        self._strengths = column(lambda w: w.strength, np.float32)
        self._modalities = column(lambda w: w.requirement.modality.value, np.str_)
        self._topics = _topic_tables(before, after)
        self._bearers = _Bearers(before, after, vocabulary)

    def liken(self, pairs: Candidates) -> Floats:
        """How alike the two of each pair are, by a plain mean: what candidates are ranked by."""
        measure = self._sets["measure"].compare(pairs)[0]
        likeness: Floats = (
            0.4 * self._words.dot(pairs)
            + 0.2 * self._whole.dot(pairs)
            + 0.2 * self._concepts.dot(pairs)
            + 0.2 * measure
        ).astype(np.float32)
        return likeness

    def compare(self, pairs: Candidates) -> dict[str, Floats]:
        """Each pair's features by name, those of its rank left out."""
        columns = self._compare_words(pairs)
        columns |= {
            "stem_cosine": self._stems.dot(pairs),
            "section_cosine": self._sections.dot(pairs),
            "whole_cosine": self._whole.dot(pairs),
            "concepts_cosine": self._concepts.dot(pairs),
            "concepts_shared": self._concept_sets.compare(pairs)[0],
            "topics_cosine": np.einsum(
                "ij,ij->i", self._topics[0][pairs.before], self._topics[1][pairs.after]
            ),
        }
        for name, sets in self._sets.items():
            same, clash = sets.compare(pairs)
            columns["names_shared" if name == "names" else f"{name}_same"] = same
            columns[f"{name}_clash"] = clash
        columns |= self._compare_force(pairs)
        columns["bearer_related"], columns["bearer_clash"] = self._bearers.compare(pairs)
        return columns

    def _compare_words(self, pairs: Candidates) -> dict[str, Floats]:
        shared, left, right = self._single.overlap(pairs)
        a, b = self._lengths[0][pairs.before], self._lengths[1][pairs.after]
        return {
            "words_cosine": self._words.dot(pairs),
            "words_contained": _ratio(shared, np.minimum(left, right)),
            "words_jaccard": _ratio(shared, left + right - shared),
            "rarest_shared": self._single.rarest(pairs),
            "fuzz_ratio": _fuzz(fuzz.ratio, *self._texts, pairs),
            "fuzz_set": _fuzz(fuzz.token_set_ratio, *self._texts, pairs),
            "length_near": _ratio(np.minimum(a, b), np.maximum(a, b)),
        }

    def _compare_force(self, pairs: Candidates) -> dict[str, Floats]:
        same = self._modalities[0][pairs.before] == self._modalities[1][pairs.after]
        gap = np.abs(self._strengths[0][pairs.before] - self._strengths[1][pairs.after])
        shared, left, right = self._targets.overlap(pairs)
        return {
            "modality_same": same.astype(np.float32),
            "strength_near": (1 - gap / 100).astype(np.float32),
            "values_shared": _ratio(shared, np.maximum(left, right)),
            "targets_both": ((left > 0) & (right > 0)).astype(np.float32),
            "targets_one": -((left > 0) != (right > 0)).astype(np.float32),
        }


def _topic_tables(before: Sequence[Wording], after: Sequence[Wording]) -> tuple[Floats, Floats]:
    topics = sorted({topic for side in (before, after) for w in side for topic in w.topics})
    known = {topic: column for column, topic in enumerate(topics)}
    tables = [np.zeros((len(s), max(1, len(known))), dtype=np.float32) for s in (before, after)]
    for table, side in zip(tables, (before, after), strict=True):
        for row, wording in enumerate(side):
            for topic, score in wording.topics.items():
                table[row, known[topic]] = score
    return tables[0], tables[1]


class _Bearers:
    """Whom the duties of two years bind, each list of bodies compared once with each other."""

    def __init__(
        self, before: Sequence[Wording], after: Sequence[Wording], vocabulary: Vocabulary
    ) -> None:
        lists: list[dict[tuple[str, ...], int]] = [{}, {}]
        self._rows = [
            np.array([known.setdefault(w.bodies, len(known)) for w in side], dtype=np.int64)
            for known, side in zip(lists, (before, after), strict=True)
        ]
        self._related = np.zeros((max(1, len(lists[0])), max(1, len(lists[1]))), dtype=np.float32)
        self._named = np.zeros_like(self._related, dtype=bool)
        for a, row in lists[0].items():
            for b, column in lists[1].items():
                if a and b:
                    self._named[row, column] = True
                    self._related[row, column] = _relate(a, b, vocabulary)

    def compare(self, pairs: Candidates) -> tuple[Floats, Floats]:
        """How nearly the two bind one body, 0 where unknown; -1 where they bind others."""
        at = self._rows[0][pairs.before], self._rows[1][pairs.after]
        related = self._related[at]
        return related, -(self._named[at] & (related < _UNRELATED)).astype(np.float32)


_UNRELATED: Final = 0.5


def _relate(a: tuple[str, ...], b: tuple[str, ...], vocabulary: Vocabulary) -> float:
    """The mean, over the bodies of the shorter list, of how near the nearest of the other is."""
    few, many = sorted((a, b), key=len)
    return sum(max(vocabulary.related(x, y) for y in many) for x in few) / len(few)


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
        # Row values are idf / length; what is wanted here is membership with the idf itself.
        self._before = _with_values(terms.before, terms.idf)
        self._after = _with_values(terms.after, np.ones_like(terms.idf))
        weights = _with_values(terms.after, terms.idf)
        self._totals = [
            np.asarray(rows.sum(axis=1), dtype=np.float32).ravel()
            for rows in (self._before, weights)
        ]
        self._most = float(terms.idf.max()) if len(terms.idf) else 1.0

    def overlap(self, pairs: Candidates) -> tuple[Floats, Floats, Floats]:
        """The weight that each pair shares, and the whole weight of either side."""
        common = self._before[pairs.before].multiply(self._after[pairs.after])
        shared = np.asarray(common.sum(axis=1), dtype=np.float32).ravel()
        return shared, self._totals[0][pairs.before], self._totals[1][pairs.after]

    def compare(self, pairs: Candidates) -> tuple[Floats, Floats]:
        """How much of the lighter side each pair shares; -1 where both have some and share none."""
        shared, left, right = self.overlap(pairs)
        clash = (left > 0) & (right > 0) & (shared == 0)
        return _ratio(shared, np.minimum(left, right)), -clash.astype(np.float32)

    def rarest(self, pairs: Candidates) -> Floats:
        """The greatest weight among what each pair shares, 1 for the rarest there is."""
        common = self._before[pairs.before].multiply(self._after[pairs.after])
        most: Floats = np.asarray(common.max(axis=1).todense(), dtype=np.float32).ravel()
        return most / np.float32(self._most)


def _with_values(rows: sparse.csr_array, by_column: Floats) -> sparse.csr_array:
    return sparse.csr_array((by_column[rows.indices], rows.indices, rows.indptr), shape=rows.shape)


_PAIRS_AT_ONCE: Final = 100_000


def _chunks(length: int) -> list[slice]:
    return [slice(start, start + _PAIRS_AT_ONCE) for start in range(0, length, _PAIRS_AT_ONCE)]


def _part(pairs: Candidates, chunk: slice) -> Candidates:
    return Candidates(before=pairs.before[chunk], after=pairs.after[chunk])


def _ratio(part: Floats, whole: Floats) -> Floats:
    """part / whole, 0 where the whole is 0."""
    ratio: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return ratio


def _fuzz(scorer: Any, before: Sequence[str], after: Sequence[str], pairs: Candidates) -> Floats:
    left = [before[i] for i in pairs.before.tolist()]
    right = [after[j] for j in pairs.after.tolist()]
    scores = process.cpdist(left, right, scorer=scorer, dtype=np.float32, workers=-1)
    scores /= 100
    return np.asarray(scores)
