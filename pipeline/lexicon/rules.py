"""Rules of words: which of many rules a text fulfils, and at which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import msgspec

from pipeline.lexicon.nearness import walled
from pipeline.lexicon.words import SENTENCE, PhraseFinder, Words, fold

NEAR: Final = 10  # how many words from the anchor none_of reaches
ELSEWHERE: Final = 0.25  # what a set counts that was found outside the anchor's sentence
PER_ANCHOR_WORD: Final = 0.1
HAS_NUMBER: Final = 0.5  # an anchor with a number in it ("62 day") tells more than one without


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that name a thing: a phrase of each set in `all_of` in one sentence.

    The first set is the anchor: its words say where in the sentence the thing stands. A phrase of
    `none_of` within ten words of it rules the thing out, unless another number starts between.
    """

    all_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's words, the places [first, last) of each set, and each word's sentence number."""

    words: Words
    places: dict[int, list[tuple[int, int]]]
    sentence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule's owner, named at the words [first, last) of a text or of its context.

    `weight` is how much of the rule was found.
    """

    owner: int
    first: int
    last: int
    weight: float
    in_context: bool = False


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A rule over numbered sets of phrases; its first set is the anchor."""

    owner: int
    sets: tuple[int, ...]
    none_of: int | None


class RuleSet:
    """Many rules, each with an owner (a number), read in one pass over a text."""

    def __init__(self, rules: Iterable[tuple[int, Rule]]) -> None:
        sets: dict[frozenset[str], int] = {}

        def number(phrases: tuple[str, ...]) -> int:
            return sets.setdefault(frozenset(phrases), len(sets))

        self._by_anchor: dict[int, list[_Numbered]] = {}
        for owner, rule in rules:
            numbered = _Numbered(
                owner,
                tuple(number(s) for s in rule.all_of),
                number(rule.none_of) if rule.none_of else None,
            )
            self._by_anchor.setdefault(numbered.sets[0], []).append(numbered)
        by_phrase: dict[str, list[int]] = {}
        for phrases, set_number in sets.items():
            for phrase in sorted(phrases):
                by_phrase.setdefault(phrase, []).append(set_number)
        self._finder = PhraseFinder(
            (phrase, tuple(numbers)) for phrase, numbers in by_phrase.items()
        )
        self.read = lru_cache(maxsize=2048)(self._read)

    def _read(self, text: str) -> Reading:
        words = fold(text)
        places: dict[int, list[tuple[int, int]]] = {}
        for hit in self._finder.find(words):
            for number in hit.value:
                places.setdefault(number, []).append((hit.first, hit.last))
        sentence: list[int] = []
        for parting in words.breaks:
            sentence.append((sentence[-1] if sentence else 0) + (parting == SENTENCE))
        return Reading(words, places, tuple(sentence))

    def candidates(self, reading: Reading, context: Reading | None = None) -> Iterator[Candidate]:
        """Every owner with a rule fulfilled: anchored in the text, then in the context alone.

        Text and context complete each other: a set that one lacks may be in the other.
        """
        yield from self._anchored(reading, context, in_context=False)
        if context is not None:
            yield from self._anchored(context, reading, in_context=True)

    def _anchored(
        self, reading: Reading, other: Reading | None, *, in_context: bool
    ) -> Iterator[Candidate]:
        for anchor, places in reading.places.items():
            for rule in self._by_anchor.get(anchor, ()):
                for first, last in places:
                    weight = _weigh(rule, first, last, reading, other)
                    if weight is not None:
                        yield Candidate(rule.owner, first, last, weight, in_context)


def remaining(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Of candidates in the text that overlap, those of which most was found, in order of place."""
    kept: list[Candidate] = []
    in_text = (c for c in candidates if not c.in_context)
    for candidate in sorted(in_text, key=lambda c: (-c.weight, c.first - c.last, c.first, c.owner)):
        if all(candidate.last <= other.first or other.last <= candidate.first for other in kept):
            kept.append(candidate)
    return sorted(kept, key=lambda c: c.first)


def _weigh(
    rule: _Numbered, first: int, last: int, reading: Reading, other: Reading | None
) -> float | None:
    """How much of a rule is found with its anchor at [first, last); None where it is unmet."""
    sentence = reading.sentence[first]
    if rule.none_of is not None:
        for at, end in reading.places.get(rule.none_of, ()):
            near = reading.sentence[at] == sentence and at < last + NEAR and end > first - NEAR
            if near and not walled(reading.words, (first, last), (at, end)):
                return None
    weight = 1.0 + PER_ANCHOR_WORD * (last - first)
    if any(form[0].isdigit() for form in reading.words.forms[first:last]):
        weight += HAS_NUMBER
    for number in rule.sets[1:]:
        found = reading.places.get(number, ())
        if any(reading.sentence[at] == sentence for at, _ in found):
            weight += 1.0
        elif found or (other is not None and number in other.places):
            weight += ELSEWHERE
        else:
            return None
    return weight
