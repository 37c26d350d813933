"""Tokens of a parse by their words, lemmas, tags or dependencies, found without looking at each.

Making a token and asking it for its word costs far more than comparing two numbers, and
most sentences hold few of the words that a rule is about. So the numbers by which spaCy knows them
are taken out of a parse once, and the rules' own words are numbered likewise.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from spacy.strings import get_string_id

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_ASKED: Final[list[int | str]] = ["LOWER", "LEMMA", "DEP", "TAG", "IDX"]
_KEY: Final = "numbers"
_NUMBER: Final = "number"


class _Lookup:
    """A set of strings to look for among the tokens of parses."""

    def __init__(self, strings: Iterable[str]) -> None:
        self._ids = frozenset(get_string_id(s) for s in strings)

    def places(self, doc: Doc) -> list[int]:
        """Where in a parse the tokens stand, in order."""
        raise NotImplementedError

    def stand_in(self, doc: Doc) -> bool:
        """Whether a parse holds any of them."""
        return bool(self.places(doc))

    def tokens(self, doc: Doc) -> list[Token]:
        """The tokens, in order."""
        return [doc[n] for n in self.places(doc)]


class Words(_Lookup):
    """Words in small letters, as written or as lemmas."""

    def places(self, doc: Doc) -> list[int]:
        ids, numbers = self._ids, _numbers(doc)
        if ids.isdisjoint(numbers.words):
            return []
        pairs = enumerate(zip(numbers.forms, numbers.lemmas, strict=True))
        return [n for n, (form, lemma) in pairs if form in ids or lemma in ids]

    def stand_in(self, doc: Doc) -> bool:
        return not self._ids.isdisjoint(_numbers(doc).words)


class Dependencies(_Lookup):
    """Names of dependencies, such as nsubj."""

    def places(self, doc: Doc) -> list[int]:
        ids = self._ids
        return [n for n, number in enumerate(_numbers(doc).dependencies) if number in ids]


class Tags(_Lookup):
    """Tags of the Penn treebank, such as VBD."""

    def places(self, doc: Doc) -> list[int]:
        ids = self._ids
        return [n for n, number in enumerate(_numbers(doc).tags) if number in ids]


_ROOTS: Final = Dependencies({"ROOT"})
SUBJECTS: Final = Dependencies({"nsubj", "nsubjpass"})


def root_place(doc: Doc) -> int | None:
    """Where the word stands that the rest of a sentence hangs on; None of an empty one."""
    return next(iter(_ROOTS.places(doc)), None)


def root_of(doc: Doc) -> Token | None:
    """The word that the rest of a sentence hangs on; None of an empty one."""
    place = root_place(doc)
    return None if place is None else doc[place]


def tokens_within(doc: Doc, start: int, end: int) -> list[Token]:
    """The tokens that share a character with [start, end) of the text."""
    offsets = _numbers(doc).offsets
    tokens = doc[max(0, bisect_right(offsets, start) - 1) : bisect_left(offsets, end)]
    return [t for t in tokens if t.idx + len(t) > start]


def token_from(doc: Doc, position: int) -> Token | None:
    """The first token that begins at or after a place of the text."""
    n = bisect_left(_numbers(doc).offsets, position)
    return doc[n] if n < len(doc) else None


def has_number(doc: Doc) -> bool:
    """Whether a parse holds a word or a sign that looks like a number."""
    found: bool | None = doc.user_data.get(_NUMBER)
    if found is None:
        found = doc.user_data[_NUMBER] = 1 in doc.to_array("LIKE_NUM")
    return found


@dataclass(frozen=True, slots=True)
class _Numbers:
    """spaCy's numbers of a parse's tokens, in order, and of all its words once."""

    forms: list[int]
    lemmas: list[int]
    dependencies: list[int]
    tags: list[int]
    offsets: list[int]
    words: frozenset[int]


def _numbers(doc: Doc) -> _Numbers:
    numbers: _Numbers | None = doc.user_data.get(_KEY)
    if numbers is None:
        forms, lemmas, dependencies, tags, offsets = (
            doc.to_array(_ASKED).T.tolist() if len(doc) else [[]] * len(_ASKED)
        )
        words = frozenset(forms).union(lemmas)
        numbers = _Numbers(forms, lemmas, dependencies, tags, offsets, words)
        doc.user_data[_KEY] = numbers
    return numbers
