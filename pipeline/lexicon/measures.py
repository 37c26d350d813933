"""The measures that targets are set for, and which of them a number in a sentence belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from pipeline.errors import UsageError
from pipeline.lexicon.load import expand, load_file, parse_entries, parse_vocabulary
from pipeline.lexicon.words import CLAUSE, COMMA, SENTENCE, PhraseFinder, Words, fold
from pipeline.records import QuantityKind

KindName = Literal["percentage", "percentage_points", "money", "count", "duration", "rate"]


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limit that is part of a measure's definition: 4 hours."""

    value: float
    unit: Literal["minutes", "hours", "days", "weeks", "months", "years"]


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that name a measure: one of each set in `all_of` in one sentence, none of `none_of` near the first.

    The first set is the anchor: its words say where in the sentence the measure stands.
    """

    all_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...] = ()


class Past(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A target that was set: `value` in the measure's unit (None: none was given), `year` as published."""

    year: str
    source: str
    value: float | None = None
    unit: str | None = None
    comparator: Literal[">=", "<=", ">", "<", "="] = "="
    deadline: date | None = None
    note: str | None = None


class Measure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measure: `better` is the direction of ambition (None: neither), `also` further kinds it is stated in."""

    id: str
    name: str
    topic: str
    kind: KindName
    unit: str
    better: Literal["higher", "lower"] | None
    any_of: tuple[Rule, ...]
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]
    also: tuple[KindName, ...] = ()
    threshold: Threshold | None = None
    history: tuple[Past, ...] = ()


# What it costs, in words of distance, to take a number for a measure; tuned on sentences of the lexicon's own.
_AND: Final = 1.0
_COMMA: Final = 1.0
_CLAUSE: Final = 4.0
_SENTENCE: Final = 14.0
_OTHER_NUMBER: Final = 6.0
_OTHER_KIND: Final = 4.0
_SUPPORT_IN_CONTEXT: Final = 1.5
_ANCHOR_IN_CONTEXT: Final = 30.0
_PER_SET: Final = 2.0  # what each set of words found brings
_NEAR: Final = 10  # how many words from the anchor none_of reaches
_THRESHOLD_MET: Final = 10.0
_HAS_NUMBER: Final = 0.5  # an anchor with a number in it ("62 day") tells more than one without

_COORDINATORS: Final = frozenset({"and", "or", "but", "while", "with"})
_TIMES: Final = {
    "minute": "minutes", "hour": "hours", "day": "days", "week": "weeks", "month": "months", "year": "years",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule over numbered sets of phrases."""

    measure: int
    sets: tuple[int, ...]
    none_of: int | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text's words, the places of each set of phrases in it, and the number of the sentence of each word."""

    words: Words
    places: dict[int, list[tuple[int, int]]]
    sentence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A measure named at the words [first, last) of a text (or of its context); `sets` were found, some nearby."""

    measure: int
    first: int
    last: int
    weight: float  # how much of the rule was found, and where
    in_context: bool = False


class Measures:
    """The measures of the lexicon."""

    def __init__(self, entries: Iterable[Measure]) -> None:
        self._entries = tuple(entries)
        self._by_id = {entry.id: entry for entry in self._entries}
        sets: dict[frozenset[str], int] = {}

        def number(phrases: tuple[str, ...]) -> int:
            return sets.setdefault(frozenset(phrases), len(sets))

        rules = [
            _Rule(index, tuple(number(s) for s in rule.all_of), number(rule.none_of) if rule.none_of else None)
            for index, entry in enumerate(self._entries)
            for rule in entry.any_of
        ]
        self._rules: dict[int, list[_Rule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.sets[0], []).append(rule)
        by_phrase: dict[str, list[int]] = {}
        for phrases, set_number in sets.items():
            for phrase in sorted(phrases):
                by_phrase.setdefault(phrase, []).append(set_number)
        self._finder = PhraseFinder((phrase, tuple(numbers)) for phrase, numbers in by_phrase.items())
        self._read = lru_cache(maxsize=2048)(self._read_text)

    @classmethod
    def load(cls, path: Path, *, topics: frozenset[str] | None = None) -> Measures:
        """The measures of a YAML file; raises UsageError that names file, entry and field where it is wrong."""
        content = load_file(path)
        lists = parse_vocabulary(path, content)
        entries = [_expand_rules(path, e, lists) for e in parse_entries(path, content, "measures", Measure)]
        for entry in entries:
            if topics is not None and entry.topic not in topics:
                raise UsageError(
                    f"{path.name}, entry {entry.id!r}: topic: there is no topic {entry.topic!r}. "
                    "Use one of topics.yml."
                )
        return cls(entries)

    def __iter__(self) -> Iterator[Measure]:
        return iter(self._entries)

    def __getitem__(self, id_: str) -> Measure:
        return self._by_id[id_]

    def get(self, id_: str) -> Measure | None:
        """The measure of that id, or None."""
        return self._by_id.get(id_)

    def find(self, text: str) -> tuple[tuple[str, int, int], ...]:
        """Each measure that a text names, as (id, start, end) of the words that name it, in order, not overlapping."""
        reading = self._read(text)
        named = self._named(self._candidates(reading, None))
        starts, ends = reading.words.starts, reading.words.ends
        return tuple((self._entries[c.measure].id, starts[c.first], ends[c.last - 1]) for c in named)

    def match(self, text: str, *, kind: QuantityKind | None = None, context: str = "") -> str | None:
        """The measure that a clause with a number of that kind is most likely about, or None.

        `context` (headings, lead-in, labels) can complete what the clause leaves out, or stand for it.
        """
        reading = self._read(text)
        best: tuple[float, int, int] | None = None
        for candidate in self._candidates(reading, self._read(context) if context else None):
            cost = self._kind_cost(candidate.measure, kind, None)
            if cost is None or (candidate.in_context and cost > 0):
                continue
            total = cost - _PER_SET * candidate.weight + (_ANCHOR_IN_CONTEXT if candidate.in_context else 0.0)
            rank = (total, candidate.first, candidate.measure)
            best = rank if best is None else min(best, rank)
        return None if best is None else self._entries[best[2]].id

    def match_near(
        self, text: str, start: int, end: int, *, kind: QuantityKind | None = None, context: str = ""
    ) -> str | None:
        """The measure that the number at the code points [start, end) of a text belongs to, or None.

        Of several measures in a sentence the nearest one counts, with no other number between; "75% and 80%
        respectively" go to the measures before them in order.
        """
        reading = self._read(text)
        first, last = _word_range(reading.words, start, end)
        if first == last:
            return self.match(text, kind=kind, context=context)
        candidates = list(self._candidates(reading, self._read(context) if context else None))
        in_order = self._respectively(reading, candidates, first, kind)
        if in_order is not None:
            return in_order
        duration = _duration(reading.words, first, last)
        best: tuple[float, int, int] | None = None
        for candidate in candidates:
            cost = self._kind_cost(candidate.measure, kind, duration)
            if cost is None or (candidate.in_context and cost > 0):
                continue
            distance = _ANCHOR_IN_CONTEXT if candidate.in_context else _distance(reading, candidate, first, last)
            rank = (cost + distance - _PER_SET * candidate.weight, candidate.first, candidate.measure)
            best = rank if best is None else min(best, rank)
        return None if best is None else self._entries[best[2]].id

    def _read_text(self, text: str) -> _Reading:
        words = fold(text)
        places: dict[int, list[tuple[int, int]]] = {}
        for hit in self._finder.find(words):
            for number in hit.value:
                places.setdefault(number, []).append((hit.first, hit.last))
        sentence: list[int] = []
        for parting in words.breaks:
            sentence.append((sentence[-1] if sentence else 0) + (parting == SENTENCE))
        return _Reading(words, places, tuple(sentence))

    def _candidates(self, reading: _Reading, context: _Reading | None) -> Iterator[_Candidate]:
        """Every measure with its anchor in the text, and after them those whose anchor only the context has."""
        for anchor in reading.places:
            for rule in self._rules.get(anchor, ()):
                for place in reading.places[anchor]:
                    weight = _weigh(rule, place, reading, context)
                    if weight is not None:
                        yield _Candidate(rule.measure, *place, weight)
        if context is None:
            return
        for anchor in context.places:
            for rule in self._rules.get(anchor, ()):
                for place in context.places[anchor]:
                    weight = _weigh(rule, place, context, reading)
                    if weight is not None:
                        yield _Candidate(rule.measure, *place, weight, in_context=True)

    def _named(self, candidates: Iterable[_Candidate]) -> list[_Candidate]:
        """The candidates that remain where they overlap: those of which most was found."""
        named: list[_Candidate] = []
        for candidate in sorted(
            (c for c in candidates if not c.in_context),
            key=lambda c: (-c.weight, c.first - c.last, c.first, c.measure),
        ):
            if all(candidate.last <= other.first or other.last <= candidate.first for other in named):
                named.append(candidate)
        return sorted(named, key=lambda c: c.first)

    def _respectively(
        self, reading: _Reading, candidates: list[_Candidate], number: int, kind: QuantityKind | None
    ) -> str | None:
        """The measure for a number of a list that "respectively" closes: the one at its place among those before."""
        words = reading.words
        closes = next((i for i in range(number + 1, len(words)) if words.forms[i] == "respectively"), None)
        if closes is None or reading.sentence[closes] != reading.sentence[number]:
            return None
        numbers = _number_list(words, number, closes)
        if number not in numbers or len(numbers) < 2:
            return None
        before = [
            c
            for c in self._named(c for c in candidates if self._kind_cost(c.measure, kind, None) is not None)
            if c.last <= numbers[0] and reading.sentence[c.first] == reading.sentence[number]
        ]
        distinct = list(dict.fromkeys(c.measure for c in before))
        if len(distinct) < len(numbers):
            return None
        return self._entries[distinct[-len(numbers) :][numbers.index(number)]].id

    def _kind_cost(
        self, measure: int, kind: QuantityKind | None, duration: tuple[float, str] | None
    ) -> float | None:
        """What it costs to read a number of a kind as one of a measure; None where it cannot be."""
        entry = self._entries[measure]
        if kind is None:
            return 0.0
        if kind is QuantityKind.DURATION:
            limit = entry.threshold
            if limit is not None and duration is not None and duration == (limit.value, limit.unit):
                return -_THRESHOLD_MET
            if limit is not None and duration is None:
                return 0.0
            return 0.0 if "duration" in (entry.kind, *entry.also) else None
        if kind.value in (entry.kind, *entry.also):
            return 0.0
        if kind is QuantityKind.PERCENTAGE_POINTS:
            return 0.0 if entry.kind == "percentage" else _OTHER_KIND
        if kind is QuantityKind.PERCENTAGE:
            return _OTHER_KIND / 2 if entry.kind == "rate" else _OTHER_KIND
        return _OTHER_KIND / 2 if (kind.value, entry.kind) in _ALIKE else None


_ALIKE: Final = frozenset({("count", "rate"), ("rate", "count")})


def _weigh(rule: _Rule, place: tuple[int, int], reading: _Reading, other: _Reading | None) -> float | None:
    """How much of a rule is found with its anchor at `place`; None where a set is missing or a bar stands near.

    A set found in the anchor's sentence counts 1, one found elsewhere in the text or in `other` less.
    """
    first, last = place
    sentence = reading.sentence[first]
    if rule.none_of is not None:
        for at, end in reading.places.get(rule.none_of, ()):
            if reading.sentence[at] == sentence and at < last + _NEAR and end > first - _NEAR:
                return None
    weight = 1.0 + 0.1 * (last - first)
    if any(form[0].isdigit() for form in reading.words.forms[first:last]):
        weight += _HAS_NUMBER
    for number in rule.sets[1:]:
        found = reading.places.get(number, ())
        if any(reading.sentence[at] == sentence for at, _ in found):
            weight += 1.0
        elif found or (other is not None and number in other.places):
            weight += 1.0 - _SUPPORT_IN_CONTEXT / _PER_SET
        else:
            return None
    return weight


def _word_range(words: Words, start: int, end: int) -> tuple[int, int]:
    """The words [first, last) that the code points [start, end) touch."""
    touched = [i for i in range(len(words)) if words.starts[i] < end and words.ends[i] > start]
    return (touched[0], touched[-1] + 1) if touched else (0, 0)


def _duration(words: Words, first: int, last: int) -> tuple[float, str] | None:
    """The (value, unit) of a duration in the words [first, last); None where they hold none."""
    for index in range(first, min(last, len(words) - 1)):
        unit = _TIMES.get(words.forms[index + 1])
        if words.forms[index][0].isdigit() and unit is not None:
            return float(words.forms[index]), unit
    return None


def _distance(reading: _Reading, candidate: _Candidate, first: int, last: int) -> float:
    """How far a measure's words are from the number at [first, last): words between, and what parts them."""
    words = reading.words
    if candidate.first < last and first < candidate.last:
        return 0.0
    low, high = (candidate.last, first) if candidate.last <= first else (last, candidate.first)
    cost = 0.0
    for index in range(low, high):
        cost += 1.0 + (_AND if words.forms[index] in _COORDINATORS else 0.0)
        cost += _OTHER_NUMBER if _is_principal(words, index) else 0.0
    for index in range(low, min(high + 1, len(words))):
        cost += _PARTINGS.get(words.breaks[index], 0.0)
    return cost


_PARTINGS: Final[Mapping[int, float]] = {COMMA: _COMMA, CLAUSE: _CLAUSE, SENTENCE: _SENTENCE}


def _is_principal(words: Words, index: int) -> bool:
    """Whether a word is a number that can be a target's: no year, and not the limit of a measure ("4 hours")."""
    form = words.forms[index]
    if not form[0].isdigit():
        return False
    following = words.forms[index + 1] if index + 1 < len(words) else ""
    if following == "%":
        return True
    return following not in _TIMES and not (len(form) == 4 and form[:2] in ("19", "20")) and form not in _DEFINING


_DEFINING: Final = frozenset({"1", "2", "111", "999"})  # "category 2", "NHS 111", "one of"


def _number_list(words: Words, number: int, closes: int) -> list[int]:
    """The numbers of the list that `number` is in, as in "75%, 80% and 85% respectively"."""
    numbers: list[int] = []
    for index in range(closes - 1, -1, -1):
        form = words.forms[index]
        if form[0].isdigit() and not (len(form) == 4 and form[:2] in ("19", "20")):
            numbers.insert(0, index)
        elif form not in _LISTING and index < number:
            break
        elif form not in _LISTING and index > number:
            numbers.clear()
    return numbers


_LISTING: Final = frozenset({"%", "and", "to", "at", "least", "by", "£", "of", "or", "a", "minimum", "up", "million", "billion"})


def _expand_rules(path: Path, entry: Measure, lists: dict[str, tuple[str, ...]]) -> Measure:
    """The entry with the named lists of its rules filled in."""
    rules = []
    for rule in entry.any_of:
        if not rule.all_of:
            raise UsageError(f"{path.name}, entry {entry.id!r}: any_of.all_of: it is empty. Give the measure's words.")
        rules.append(
            Rule(
                all_of=tuple(expand(path, f"entry {entry.id!r}", "any_of.all_of", s, lists) for s in rule.all_of),
                none_of=expand(path, f"entry {entry.id!r}", "any_of.none_of", rule.none_of, lists),
            )
        )
    return msgspec.structs.replace(entry, any_of=tuple(rules))
