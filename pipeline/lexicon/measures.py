"""The measures that targets are set for, and which of them a number in a sentence belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, Literal

import msgspec

from pipeline.errors import UsageError
from pipeline.lexicon.load import expand, load_file, parse_entries, parse_vocabulary
from pipeline.lexicon.nearness import (
    as_duration,
    distance,
    duration,
    following_nouns,
    number_list,
    overlap,
    word_range,
)
from pipeline.lexicon.rules import Candidate, Reading, Rule, RuleSet, remaining
from pipeline.lexicon.words import Words, fold
from pipeline.records import QuantityKind

KindName = Literal["percentage", "percentage_points", "money", "count", "duration", "rate"]

# What it costs to take a number for a measure, in words of distance (see `nearness`).
_PER_SET: Final = 2.0  # what each set of words found brings
_OTHER_KIND: Final = 4.0
_ANCHOR_IN_CONTEXT: Final = 30.0
_THRESHOLD_MET: Final = -10.0
_TOO_FAR: Final = 50.0
_TOO_FAR_FOR_A_DURATION: Final = 14.0


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limit that is part of a measure's definition: 4 hours."""

    value: float
    unit: Literal["minutes", "hours", "days", "weeks", "months", "years"]


class Past(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A target that was set for a year, in `unit` or else the measure's own.

    `value` None: the guidance of that year named no figure.
    """

    year: str
    source: str
    value: float | None = None
    unit: str | None = None
    comparator: Literal[">=", "<=", ">", "<", "="] = "="
    deadline: date | None = None
    note: str | None = None


class Measure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measure, the rules it is told by, and its past targets.

    `better` is the direction of ambition (None: neither), `also` are further kinds it is stated in.
    """

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


class Measures:
    """The measures of the lexicon."""

    def __init__(self, entries: Iterable[Measure], *, enumerated: Iterable[str] = ()) -> None:
        """`enumerated` are nouns that are counted but never measured, as in "10 actions"."""
        self._entries = tuple(entries)
        self._by_id = {entry.id: entry for entry in self._entries}
        self._rules = RuleSet(
            (owner, rule) for owner, entry in enumerate(self._entries) for rule in entry.any_of
        )
        self._enumerated = frozenset(form for word in enumerated for form in fold(word).forms)

    @classmethod
    def load(cls, path: Path, *, topics: frozenset[str] | None = None) -> Measures:
        """The measures of a YAML file; raises UsageError naming file, entry and field."""
        content = load_file(path)
        lists = parse_vocabulary(path, content)
        entries = [
            _expand_rules(path, e, lists) for e in parse_entries(path, content, "measures", Measure)
        ]
        for entry in entries:
            if topics is not None and entry.topic not in topics:
                raise UsageError(
                    f"{path.name}, entry {entry.id!r}: topic: there is no topic {entry.topic!r}. "
                    "Use one of topics.yml."
                )
        return cls(entries, enumerated=lists.get("enumerated", ()))

    def __iter__(self) -> Iterator[Measure]:
        return iter(self._entries)

    def __getitem__(self, id_: str) -> Measure:
        return self._by_id[id_]

    def get(self, id_: str) -> Measure | None:
        """The measure of that id, or None."""
        return self._by_id.get(id_)

    def find(self, text: str) -> tuple[tuple[str, int, int], ...]:
        """Each measure that a text names, as (id, start, end) of the words that name it.

        In order, and never overlapping.
        """
        reading = self._rules.read(text)
        starts, ends = reading.words.starts, reading.words.ends
        return tuple(
            (self._entries[c.owner].id, starts[c.first], ends[c.last - 1])
            for c in remaining(self._rules.candidates(reading))
        )

    def match(
        self, text: str, *, kind: QuantityKind | None = None, context: str = ""
    ) -> str | None:
        """The measure that a clause with a number of that kind is most likely about, or None.

        `context` (headings, lead-in, labels) can complete what the clause leaves out, or stand
        for it.
        """
        reading = self._rules.read(text)
        context_reading = self._rules.read(context) if context else None
        return self._cheapest(
            (candidate, _kind_cost(self._entries[candidate.owner], kind), 0.0)
            for candidate in self._rules.candidates(reading, context_reading)
        )

    def match_near(
        self,
        text: str,
        start: int,
        end: int,
        *,
        kind: QuantityKind | None = None,
        context: str = "",
    ) -> str | None:
        """The measure that the number at the code points [start, end) belongs to, or None.

        Of several measures in a sentence the nearest one counts, with no other number between;
        "75% and 80% respectively" go to the measures before them in order.
        """
        reading = self._rules.read(text)
        number = word_range(reading.words, start, end)
        if number[0] == number[1]:
            return self.match(text, kind=kind, context=context)
        if kind is QuantityKind.COUNT and not self._enumerated.isdisjoint(
            following_nouns(reading.words, number[1])
        ):
            return None
        candidates = list(
            self._rules.candidates(reading, self._rules.read(context) if context else None)
        )
        in_order = self._respectively(reading, candidates, number, kind)
        if in_order is not None:
            return in_order
        return self._cheapest(
            (candidate, *self._costs_near(candidate, reading.words, number, kind))
            for candidate in candidates
        )

    def _costs_near(
        self,
        candidate: Candidate,
        words: Words,
        number: tuple[int, int],
        kind: QuantityKind | None,
    ) -> tuple[float | None, float]:
        """What a number's kind and its place cost; the first None where it cannot be."""
        entry = self._entries[candidate.owner]
        place = (candidate.first, candidate.last)
        away = 0.0 if candidate.in_context else distance(words, number, place)
        if kind is not QuantityKind.DURATION:
            return (_kind_cost(entry, kind) if away <= _TOO_FAR else None), away
        inside = not candidate.in_context and overlap(number, place)
        return _duration_cost(entry, duration(words, *number), away, inside=inside), away

    def _cheapest(self, costed: Iterable[tuple[Candidate, float | None, float]]) -> str | None:
        """The id of the cheapest of (candidate, cost of its kind or None: out, its distance)."""
        ranks: list[tuple[float, int, int]] = []
        for candidate, kind_cost, away in costed:
            # What only a heading names must at least be of the number's own kind.
            if kind_cost is None or (candidate.in_context and kind_cost > 0):
                continue
            place = _ANCHOR_IN_CONTEXT if candidate.in_context else away
            ranks.append(
                (kind_cost + place - _PER_SET * candidate.weight, candidate.first, candidate.owner)
            )
        return self._entries[min(ranks)[2]].id if ranks else None

    def _respectively(
        self,
        reading: Reading,
        candidates: list[Candidate],
        number: tuple[int, int],
        kind: QuantityKind | None,
    ) -> str | None:
        """The measure of a number in a list that "respectively" closes, by its place there."""
        words = reading.words
        digits = next((i for i in range(*number) if words.forms[i][0].isdigit()), number[0])
        closes = next(
            (i for i in range(digits + 1, len(words)) if words.forms[i] == "respectively"), None
        )
        if closes is None or reading.sentence[closes] != reading.sentence[digits]:
            return None
        numbers = number_list(words, digits, closes)
        fitting = [c for c in candidates if _kind_cost(self._entries[c.owner], kind) is not None]
        before = [
            c
            for c in remaining(fitting)
            if numbers
            and c.last <= numbers[0]
            and reading.sentence[c.first] == reading.sentence[digits]
        ]
        distinct = list(dict.fromkeys(c.owner for c in before))
        if len(numbers) < 2 or len(distinct) < len(numbers):
            return None
        return self._entries[distinct[-len(numbers) :][numbers.index(digits)]].id


_ALIKE: Final = frozenset({("count", "rate"), ("rate", "count"), ("percentage", "rate")})


def _kind_cost(entry: Measure, kind: QuantityKind | None) -> float | None:
    """What it costs to read a number of a kind as one of a measure; None where it cannot be."""
    if kind is None or kind.value in (entry.kind, *entry.also):
        return 0.0
    if kind is QuantityKind.DURATION:
        return 0.0 if entry.threshold is not None else None
    if kind is QuantityKind.PERCENTAGE_POINTS:
        return 0.0 if "percentage" in (entry.kind, *entry.also) else _OTHER_KIND
    if (kind.value, entry.kind) in _ALIKE:
        return _OTHER_KIND / 2
    # A share of anything can rise or fall by a percentage; nothing else is stated in another kind.
    return _OTHER_KIND if kind is QuantityKind.PERCENTAGE else None


def _duration_cost(
    entry: Measure, said: tuple[float, str] | None, away: float, *, inside: bool
) -> float | None:
    """What it costs to read a duration as one of a measure: its limit, or what it measures.

    `inside`: the duration is in the very words that name the measure.
    """
    limit = entry.threshold
    if limit is not None and said == as_duration(limit.value, limit.unit):
        return _THRESHOLD_MET
    if inside:
        return 0.0
    measured = "duration" in (entry.kind, *entry.also) and said is not None
    return 0.0 if measured and away <= _TOO_FAR_FOR_A_DURATION else None


def _expand_rules(path: Path, entry: Measure, lists: dict[str, tuple[str, ...]]) -> Measure:
    """The entry with the named lists of its rules filled in."""
    place = f"entry {entry.id!r}"
    rules = []
    for rule in entry.any_of:
        if not rule.all_of or not all(rule.all_of):
            raise UsageError(
                f"{path.name}, {place}: any_of.all_of: an empty set. Give the measure's words."
            )
        rules.append(
            Rule(
                all_of=tuple(
                    expand(path, place, "any_of.all_of", words, lists) for words in rule.all_of
                ),
                none_of=expand(path, place, "any_of.none_of", rule.none_of, lists),
            )
        )
    return msgspec.structs.replace(entry, any_of=tuple(rules))
