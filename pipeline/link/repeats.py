"""One requirement said several times in a document: in the list of priorities, in the body, in the
table of success.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from pipeline.link.candidates import (
    Candidates,
    Floats,
    Ints,
    find_candidates,
    weigh_search,
)
from pipeline.link.features import Comparer
from pipeline.link.text import Vocabulary, Wording

Flags = npt.NDArray[np.bool_]

# A repeat says the same with the same numbers: nearer than a link between years has to be.
_CLASHES: Final = ("measure_clash", "threshold_clash", "population_clash", "bearer_clash")
_WORDING: Final = 0.62
_AT_ONCE: Final = 100_000


def find_repeats(wordings: Sequence[Wording], vocabulary: Vocabulary) -> Ints:
    """The group that each requirement belongs to; requirements of one group say the same.

    Groups are numbered by their first member, in order. Requirements of different documents are
    never grouped: what two bodies say alike are two duties.
    """
    n = len(wordings)
    if n < 2:
        return np.zeros(n, dtype=np.int64)
    search = weigh_search(wordings, wordings, vocabulary.common)
    found = find_candidates(wordings, wordings, search)
    documents = {w.requirement.document_id: n for n, w in enumerate(wordings)}
    of = np.array([documents[w.requirement.document_id] for w in wordings], dtype=np.int64)
    keep = (found.before < found.after) & (of[found.before] == of[found.after])
    pairs = Candidates(before=found.before[keep], after=found.after[keep])
    comparer = Comparer(wordings, wordings, vocabulary)
    repeats = np.zeros(len(pairs), dtype=bool)
    for start in range(0, len(pairs), _AT_ONCE):
        chunk = slice(start, start + _AT_ONCE)
        part = Candidates(before=pairs.before[chunk], after=pairs.after[chunk])
        repeats[chunk] = _are_repeats(comparer.compare(part))
    edges = sparse.csr_array(
        (np.ones(int(repeats.sum()), dtype=np.int8), (pairs.before[repeats], pairs.after[repeats])),
        shape=(n, n),
    )
    _, groups = connected_components(edges, directed=False)
    return np.asarray(groups, dtype=np.int64)


def _are_repeats(column: Mapping[str, Floats]) -> Flags:
    no_clash = np.all([column[name] == 0 for name in _CLASHES], axis=0)
    same_numbers = (column["targets_one"] == 0) & (
        (column["targets_both"] == 0) | (column["values_shared"] >= 0.99)
    )
    wording = np.maximum(
        column["words_cosine"], 0.5 * column["words_contained"] + 0.5 * column["words_jaccard"]
    )
    near = wording >= _WORDING
    # With a shared measure and the same number fewer words need to agree ("78% within 4 hours").
    tied = (column["measure_same"] >= 0.99) & (column["targets_both"] > 0) & (wording >= 0.3)
    return np.asarray(no_clash & same_numbers & (near | tied))
