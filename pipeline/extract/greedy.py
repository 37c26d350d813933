"""spaCy's greedy parser, with the arithmetic of its steps done by numpy for all sentences at once.

The states, their features, the transitions and which of them may be taken are spaCy's own. Only the
scores between them are computed here: in its own loop spaCy calls a linear algebra library eight
times for each state, to add vectors of 128 numbers, and most of the time goes into those calls.
The trees are the same (tests/extract/test_greedy.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from spacy.pipeline import DependencyParser
    from spacy.tokens import Doc

_PIECES: Final = 2  # of the hidden layer's maxout


class GreedyParser:
    """A pipe in the place of a loaded spaCy parser, which it asks for all but the scores."""

    def __init__(self, parser: DependencyParser) -> None:
        self._parser = parser
        self._tokens, self._lower, upper = parser.model.layers
        self._features: int = self._lower.get_dim("nF")
        self._bias = self._lower.get_param("b").ravel()
        self._weights = np.ascontiguousarray(upper.get_param("W").T)
        self._offsets = upper.get_param("b")
        self._unseen = sorted(parser.model.attrs["unseen_classes"])
        self._reader: Any = None  # spaCy's reader of the features of states

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        from spacy.util import minibatch

        for docs in minibatch(stream, size=batch_size):  # type: ignore[no-untyped-call]
            self._parser.set_annotations(docs, self._parse(docs))
            yield from docs

    def _parse(self, docs: Sequence[Doc]) -> list[Any]:
        """The final states of sentences, in order."""
        if self._reader is None:
            self._reader = self._parser.model.predict(docs[:1])
        batch = self._parser.moves.init_batch(docs)
        unfinished = [state for state in batch if not state.is_final()]
        if not unfinished:
            return list(batch)
        hidden = self._hidden(docs)
        while unfinished:
            ids = self._reader.get_token_ids(unfinished)
            unfinished = self._parser.transition_states(unfinished, self._scores(hidden, ids))
        return list(batch)

    def _hidden(self, docs: Sequence[Doc]) -> np.ndarray[Any, Any]:
        """What each token adds to the hidden layer as each of the features: a row of padding for
        each feature, then a row for each token and feature.
        """
        cached = self._lower.predict(self._tokens.predict(docs))
        return np.asarray(cached).reshape(cached.shape[0] * self._features, -1)

    def _scores(
        self, hidden: np.ndarray[Any, Any], ids: np.ndarray[Any, Any]
    ) -> np.ndarray[Any, Any]:
        """Scores of every transition in every state; `ids` are its tokens by feature, -1 for none.

        The sums run in spaCy's order.
        """
        rows = (ids.T + 1) * self._features
        total = hidden.take(rows[0], axis=0)
        for feature in range(1, self._features):
            total += hidden.take(rows[feature] + feature, axis=0)
        total += self._bias
        scores: np.ndarray[Any, Any] = np.maximum(total[:, 0::2], total[:, 1::2]) @ self._weights
        scores += self._offsets
        if self._unseen:
            scores[:, self._unseen] = scores.min()
        return scores


def can_replace(parser: DependencyParser) -> bool:
    """Whether a parser is built as the steps above take for granted."""
    model = parser.model
    return (
        len(model.layers) == 3
        and bool(model.attrs.get("has_upper"))
        and model.layers[1].has_dim("nP") is True
        and model.layers[1].get_dim("nP") == _PIECES
        and parser.cfg.get("beam_width", 1) == 1
    )
