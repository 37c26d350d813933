"""Which pairs of requirements are worth a closer look: never all of them.

For each requirement the 20 of the other year that share the heaviest words with it, found through
sparse matrices in chunks, and pairs that share a measure, or a topic and a heading, whatever their
words.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.link.text import MASK, Wording, word_pairs

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

TOP: Final = 20  # kept for each requirement by wording, in each direction
PER_BLOCK: Final = (
    12  # kept for each requirement of those that share a measure, or topic and heading
)
_IN_GENERAL: Final = 300  # how many requirements the common terms stand for
_CHUNK: Final = 512
# In large years only the heaviest words of a requirement look for candidates, and none that very
# many hold, so that time grows with the number of requirements and not with its square.
_PRUNE_ABOVE: Final = 3000
_HEAVIEST: Final = 14
_MOST_HOLDERS: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """TF-IDF rows of the two years over one vocabulary, each of length 1 or 0; `idf` by column."""

    before: sparse.csr_array
    after: sparse.csr_array
    idf: Floats

    def dot(self, pairs: Candidates) -> Floats:
        """The cosine of each pair's rows."""
        common = self.before[pairs.before].multiply(self.after[pairs.after])
        return np.asarray(common.sum(axis=1), dtype=np.float32).ravel()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Pairs of positions (before, after), sorted, none twice."""

    before: Ints
    after: Ints

    def __len__(self) -> int:
        return len(self.before)


def weigh_terms(
    before: Sequence[Iterable[str]],
    after: Sequence[Iterable[str]],
    common: Mapping[str, float] | None = None,
) -> Terms:
    """TF-IDF rows of the two years' terms, repeated terms counted 1 + log n.

    `common` (see Vocabulary) weighs as much as the terms of a few hundred further requirements.
    """
    vocabulary: dict[str, int] = {}
    parts = [_count(rows, vocabulary) for rows in (before, after)]
    holders = np.zeros(len(vocabulary), dtype=np.float64)
    for _, columns, _ in parts:
        holders += np.bincount(columns, minlength=len(vocabulary))
    total = len(before) + len(after)
    if common:
        holders += _IN_GENERAL * np.array([common.get(term, 0.0) for term in vocabulary])
        total += _IN_GENERAL
    idf = (np.log((1 + total) / (1 + holders)) + 1).astype(np.float32)
    matrices = []
    for starts, columns, counts in parts:
        values = (1 + np.log(counts)).astype(np.float32) * idf[columns]
        rows = sparse.csr_array(
            (values, columns, starts),
            shape=(len(starts) - 1, max(1, len(vocabulary))),
            dtype=np.float32,
        )
        matrices.append(_normalised(rows))
    return Terms(before=matrices[0], after=matrices[1], idf=idf)


def _count(rows: Sequence[Iterable[str]], vocabulary: dict[str, int]) -> tuple[Ints, Ints, Ints]:
    starts: list[int] = [0]
    columns: list[int] = []
    counts: list[int] = []
    for row in rows:
        counted = Counter(row)
        columns += [vocabulary.setdefault(term, len(vocabulary)) for term in counted]
        counts += counted.values()
        starts.append(len(columns))
    return (
        np.array(starts, dtype=np.int64),
        np.array(columns, dtype=np.int64),
        np.array(counts, dtype=np.int64),
    )


def _normalised(rows: sparse.csr_array) -> sparse.csr_array:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    return sparse.csr_array(sparse.diags_array(1.0 / lengths).dot(rows)).astype(np.float32)


def content_terms(wording: Wording) -> list[str]:
    """A requirement's own words and pairs of words, without stop words and numbers."""
    return [word for word in wording.own if word and word != MASK] + word_pairs(wording.own)


def search_terms(wording: Wording) -> list[str]:
    """What looks for candidates: words, pairs of words, concepts, measures, and the lead-in's
    words.
    """
    concepts = [f"+{c}" for c in sorted(wording.subjects | wording.populations)]
    measures = [f"%{m}" for m in sorted(wording.measures)]
    return content_terms(wording) + concepts + measures * 2 + list(wording.stem)


def weigh_search(
    before: Sequence[Wording], after: Sequence[Wording], common: Mapping[str, float]
) -> Terms:
    """Rows of what looks for candidates."""
    return weigh_terms([search_terms(w) for w in before], [search_terms(w) for w in after], common)


def find_candidates(
    before: Sequence[Wording], after: Sequence[Wording], terms: Terms
) -> Candidates:
    """The pairs worth a closer look; `terms` are rows of search terms."""
    pairs = [_top_pairs(terms.before, terms.after)]
    reverse = _top_pairs(terms.after, terms.before)
    pairs.append(reverse[:, ::-1])
    pairs.append(_block_pairs(before, after))
    width = np.int64(max(1, len(after)))
    keys = np.unique(np.concatenate([p[:, 0] * width + p[:, 1] for p in pairs]))
    return Candidates(before=keys // width, after=keys % width)


def _top_pairs(queries: sparse.csr_array, rows: sparse.csr_array) -> Ints:
    """For each query its TOP most similar rows (fewer where fewer share a term), as pairs (query,
    row).
    """
    if rows.shape[0] > _PRUNE_ABOVE:
        queries, rows = _pruned(queries, rows)
    across = rows.T.tocsr()
    found: list[Ints] = []
    for start in range(0, queries.shape[0], _CHUNK):
        similar: Any = queries[start : start + _CHUNK].dot(across).tocsr()
        for offset in range(similar.shape[0]):
            low, high = similar.indptr[offset], similar.indptr[offset + 1]
            columns = similar.indices[low:high].astype(np.int64)
            if high - low > TOP:
                values = similar.data[low:high]
                # Equal values go by position, so that nothing depends on how the product was summed
                # up.
                floor = np.partition(values, -TOP)[-TOP]
                above = columns[values > floor]
                columns = np.concatenate(
                    [above, np.sort(columns[values == floor])[: TOP - len(above)]]
                )
            if len(columns):
                query = np.full(len(columns), start + offset, dtype=np.int64)
                found.append(np.stack([query, columns], axis=1))
    return np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)


def _pruned(
    queries: sparse.csr_array, rows: sparse.csr_array
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Queries with their heaviest terms alone, and without terms that very many rows hold."""
    holders = np.bincount(rows.indices, minlength=rows.shape[1])
    queries = queries.copy()
    queries.data[holders[queries.indices] > _MOST_HOLDERS] = 0
    for row in range(queries.shape[0]):
        low, high = queries.indptr[row], queries.indptr[row + 1]
        if high - low > _HEAVIEST:
            values = queries.data[low:high]
            values[values < np.partition(values, -_HEAVIEST)[-_HEAVIEST]] = 0
    queries.eliminate_zeros()
    return queries, rows


def _block_pairs(before: Sequence[Wording], after: Sequence[Wording]) -> Ints:
    """Pairs that share a measure, or topic and heading; of a large block those nearest in place."""
    pairs: list[tuple[int, int]] = []
    for keys_of in (_measure_keys, _heading_keys):
        blocks: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for position, wording in enumerate(after):
            for key in keys_of(wording):
                blocks[key].append(position)
        scale = len(after) / max(1, len(before))
        for position, wording in enumerate(before):
            for key in keys_of(wording):
                block = blocks.get(key, ())
                pairs += [(position, other) for other in _nearest(block, position * scale)]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _measure_keys(wording: Wording) -> Iterable[tuple[str, ...]]:
    return [(measure,) for measure in sorted(wording.measures)]


def _heading_keys(wording: Wording) -> Iterable[tuple[str, ...]]:
    topic = wording.requirement.topic
    return [(topic, *wording.section)] if topic is not None and wording.section else []


def _nearest(block: Sequence[int], place: float) -> Sequence[int]:
    """The PER_BLOCK members of a sorted block nearest to a place."""
    if len(block) <= PER_BLOCK:
        return block
    at = int(np.searchsorted(np.asarray(block), math.floor(place)))
    low = min(max(0, at - PER_BLOCK // 2), len(block) - PER_BLOCK)
    return block[low : low + PER_BLOCK]
