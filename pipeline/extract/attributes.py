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
_TOLD: Final[list[int | str]] = ["POS", "MORPH", "LEMMA"]
# Where the patterns of two words begin; one of them begins with an expletive.
_FIRST_OF_TWO: Final = frozenset({"ai", "gon", "got", "let", "c'm", "y", "y'"})
_Key = tuple[int, int, int, bool]


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
        self._known: dict[_Key, tuple[int, ...]] = {}
        self._expletive = vocab.strings.add("expl")
        self._first_of_two = frozenset(vocab.strings.add(word) for word in _FIRST_OF_TWO)

    def __call__(self, doc: Doc) -> Doc:
        if not len(doc):
            return doc
        asked = doc.to_array(_ASKED).tolist()
        if any(word in self._first_of_two or space for _, _, _, word, space in asked):
            return self._lemmatizer(self._ruler(doc))
        keys = self._keys(asked)
        try:
            told = [self._known[key] for key in keys]
        except KeyError:
            doc = self._lemmatizer(self._ruler(doc))
            for key, answer in zip(keys, doc.to_array(_TOLD).tolist(), strict=True):
                self._known[key] = tuple(answer)
            return doc
        return doc.from_array(_TOLD, np.array(told, dtype="uint64"))  # type: ignore[arg-type]

    def _keys(self, asked: list[list[int]]) -> list[_Key]:
        before = [0, *(dependency for _, _, dependency, _, _ in asked[:-1])]
        return [
            (form, tag, dependency, last == self._expletive)
            for (form, tag, dependency, _, _), last in zip(asked, before, strict=True)
        ]


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
