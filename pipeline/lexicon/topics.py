"""What a text is about: weighted terms for each topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log2
from pathlib import Path
from typing import Final

import msgspec

from pipeline.errors import UsageError
from pipeline.lexicon.load import load_file, parse_entries, parse_vocabulary
from pipeline.lexicon.words import PhraseFinder, fold, phrase_symbols

QUOTE_WEIGHT: Final = 1.0
STEM_WEIGHT: Final = 0.7
SECTION_WEIGHT: Final = 0.8
LEAST: Final = 1.0  # below it a text is about nothing in particular


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`strong` terms settle a topic by themselves, `usual` ones count less, `weak` ones only lean.

    `share` below 1 makes a topic a background one, which wins only where nothing else is said.
    """

    id: str
    strong: tuple[str, ...]
    usual: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]
    share: float = 1.0


_WEIGHTS: Final = {"strong": 3.0, "usual": 1.5, "weak": 0.6}


class Topics:
    """The topics of the lexicon."""

    def __init__(self, entries: Iterable[Topic], *, empty: Iterable[str] = ()) -> None:
        """`empty` are phrases that say nothing of a topic, though a word in them would ("good
        practice").
        """
        self._entries = tuple(entries)
        self.ids = frozenset(entry.id for entry in self._entries)
        self._order = {entry.id: number for number, entry in enumerate(self._entries)}
        terms = [
            (term, (entry.id, weight * entry.share))
            for entry in self._entries
            for strength, weight in _WEIGHTS.items()
            for term in getattr(entry, strength)
        ]
        self._finder = PhraseFinder([*terms, *((phrase, ("", 0.0)) for phrase in empty)])

    @classmethod
    def load(cls, path: Path) -> Topics:
        """The topics of a YAML file; raises UsageError naming file, entry and field."""
        content = load_file(path)
        entries = parse_entries(path, content, "topics", Topic)
        for entry in entries:
            seen: set[tuple[str, ...]] = set()
            for term in (*entry.strong, *entry.usual, *entry.weak):
                symbols = phrase_symbols(term)
                if symbols in seen:
                    raise UsageError(
                        f"{path.name}, entry {entry.id!r}: the term {term!r} stands twice. "
                        "Keep the stronger one."
                    )
                seen.add(symbols)
        empty = parse_vocabulary(path, content).get("empty", ())
        return cls(entries, empty=empty)

    def __iter__(self) -> Iterator[Topic]:
        return iter(self._entries)

    def score(self, texts: Iterable[tuple[str, float]]) -> dict[str, float]:
        """How much each topic has in texts of given weights; topics with nothing are left out.

        A term counts where no longer term holds it, and less each time it comes again.
        """
        scores: dict[str, float] = {}
        for text, weight in texts:
            counts: dict[tuple[str, str], int] = {}
            weights: dict[tuple[str, str], float] = {}
            for term, topic, term_weight in self._terms(text):
                counts[topic, term] = counts.get((topic, term), 0) + 1
                weights[topic, term] = term_weight
            for (topic, term), count in counts.items():
                gain = weight * weights[topic, term] * log2(1 + count)
                scores[topic] = scores.get(topic, 0.0) + gain
        return scores

    def best(
        self,
        quote: str,
        stem: str | None = None,
        section: str | None = None,
        *,
        measured: Iterable[str] = (),
    ) -> str | None:
        """The topic of a quote under its stem and section path ("a > b"); None where nothing tells.

        The headings nearest to the quote count most. `measured` are topics of measures that the
        quote has numbers for (`Measure.topic`); each counts as a strong term.
        """
        texts = [(quote, QUOTE_WEIGHT), (stem or "", STEM_WEIGHT)]
        headings = (section or "").split(" > ")
        texts += [(h, SECTION_WEIGHT / (1 + depth)) for depth, h in enumerate(reversed(headings))]
        scores = self.score(texts)
        for topic in measured:
            scores[topic] = scores.get(topic, 0.0) + _WEIGHTS["strong"]
        if not scores:
            return None
        topic = max(scores, key=lambda t: (scores[t], -self._order[t]))
        return topic if scores[topic] >= LEAST else None

    def _terms(self, text: str) -> Iterable[tuple[str, str, float]]:
        """Each term found that stands in no longer one: its words, its topic, its weight."""
        words = fold(text)
        found = list(self._finder.find(words))
        reach = 0
        longest: dict[int, int] = {}
        for hit in found:
            longest[hit.first] = max(longest.get(hit.first, 0), hit.last)
        kept: set[tuple[int, int]] = set()
        for first in sorted(longest):
            if longest[first] > reach:
                kept.add((first, longest[first]))
                reach = longest[first]
        for hit in found:
            if (hit.first, hit.last) in kept:
                topic, weight = hit.value
                if topic:
                    yield " ".join(words.forms[hit.first : hit.last]), topic, weight
