"""spaCy's attribute ruler and lemmatizer with a memory.

The ruler tells parts of speech from tags, by some 180 patterns that it tries on every token, and
the lemmatizer looks every token up by rules: together two fifths of the time of a parse. What they
say of a token depends on its form, tag and dependency and on whether an expletive ("there") stands
before it, so they are asked once for each of these. A handful of patterns look at two words
("let's"); a text with one of their first words goes to ruler and lemmatizer themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from spacy.pipeline import AttributeRuler
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_ASKED: Final[list[int | str]] = ["ORTH", "TAG", "DEP", "LOWER", "IS_SPACE"]
_DEP, _LOWER, _SPACE = 2, 3, 4
_TOLD: Final[list[int | str]] = ["POS", "MORPH", "LEMMA"]
# Where the patterns of two words begin; one of them begins with an expletive.
_FIRST_OF_TWO: Final = frozenset({"ai", "gon", "got", "let", "c'm", "y", "y'"})
_Array = np.ndarray[Any, Any]


class RememberedAttributes:
    """Asks ruler and lemmatizer, in this order, once for each kind of token."""

    def __init__(
        self,
        ruler: Callable[[Doc], Doc],
        lemmatizer: Callable[[Doc], Doc],
        vocab: Vocab,
    ) -> None:
        self._ruler = ruler
        self._lemmatizer = lemmatizer
        self._known: dict[bytes, int] = {}  # to rows of what was told
        self._told: _Array = np.empty((0, len(_TOLD)), dtype="uint64")
        self._expletive = vocab.strings.add("expl")
        self._first_of_two = frozenset(vocab.strings.add(word) for word in _FIRST_OF_TWO)

    def __call__(self, doc: Doc) -> Doc:
        if not len(doc):
            return doc
        asked = doc.to_array(_ASKED)
        if asked[:, _SPACE].any() or not self._first_of_two.isdisjoint(asked[:, _LOWER].tolist()):
            return self._lemmatizer(self._ruler(doc))
        keys = self._keys(asked)
        try:
            rows = [self._known[key] for key in keys]
        except KeyError:
            return self._learn(self._lemmatizer(self._ruler(doc)), keys)
        return doc.from_array(_TOLD, self._told[rows])  # type: ignore[arg-type]

    def _learn(self, doc: Doc, keys: list[bytes]) -> Doc:
        """Remember what ruler and lemmatizer said of the tokens that were not known."""
        new: list[int] = []
        for n, key in enumerate(keys):
            if key not in self._known:
                self._known[key] = len(self._told) + len(new)
                new.append(n)
        self._told = np.concatenate([self._told, doc.to_array(_TOLD)[new]])
        return doc

    def _keys(self, asked: _Array) -> list[bytes]:
        """Form, tag and dependency of each token, and whether an expletive stands before it."""
        keys = asked[:, : _DEP + 2].copy()
        keys[0, -1] = 0
        keys[1:, -1] = asked[:-1, _DEP] == self._expletive
        rows: list[bytes] = keys.view(f"V{keys.itemsize * keys.shape[1]}").ravel().tolist()
        return rows


def knows_its_patterns(ruler: AttributeRuler) -> bool:
    """Whether the ruler's patterns look at no more than what a key holds."""
    entries: list[Any] = ruler.patterns
    patterns = [pattern for entry in entries for pattern in entry["patterns"]]
    return all(
        set(token) <= {"LOWER", "TAG", "DEP", "IS_SPACE"}
        for pattern in patterns
        for token in pattern
    ) and all(len(pattern) == 1 or _begins_as_known(pattern[0]) for pattern in patterns)


def _begins_as_known(token: dict[str, Any]) -> bool:
    word = token.get("LOWER")
    if isinstance(word, str):
        return word in _FIRST_OF_TWO
    return token == {"DEP": "expl"} or word == {"REGEX": "^y'?$"}
