"""What linking sees of a requirement: its words without what changes every year, and what they are
about.

Bodies stand as the line of succession that they belong to (a duty on PCTs and one on ICBs use the
same word), numbers, months and years are masked, and phrases that mean one thing in this field
("A&E", "emergency department") give one concept, from models/link-concepts.yml.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec

from pipeline.lexicon import Lexicon
from pipeline.lexicon.load import default_directory, load_file, parse_entries
from pipeline.lexicon.words import SENTENCE, PhraseFinder, Words, fold
from pipeline.records import Modality, Quantity, Requirement, Role

MASK: Final = "#"
CONCEPTS_FILE: Final = "link-concepts.yml"
KINDS: Final = ("subject", "population", "action")

_MONTHS: Final = frozenset(
    "january february march april june july august september october november december".split()
)
_STOP: Final = frozenset(
    (
        "a an the and or of to in on for with by at from as is are be been being was were that "
        "this these those it its their they them there which who whom whose will shall must "
        "should may can could would have has had do does not no nor than then so such all any "
        "each every both more most other others own same also their our your we you he she his "
        "her i us into over under within during per via if where when while but through across "
        "between against up out about including include includ ensure make take continue further "
        "need expect require ask nhs england national nationally local locally s "
    ).split()
)
_SUFFIXES: Final = (
    "isation", "ization", "ational", "fulness", "ousness", "iveness", "ation", "ition", "ments",
    "ement", "ment", "ively", "ingly", "ances", "ance", "ence", "able", "ible", "ness", "sion",
    "tion", "ally", "edly", "ings", "ity", "ive", "ing", "ies", "ise", "ize", "ery", "ary",
    "ory", "ure", "ial", "ion", "ed", "er", "or", "es", "al", "ly", "ic", "y", "e", "s",
)  # fmt: skip
_MIN_STEM: Final = 4


class Concept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that mean one thing; `kind` is subject, population (whom it is for) or action (what is
    done).
    """

    id: str
    kind: str
    words: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A requirement as linking compares it.

    `own` are its words in order, masked and stemmed, stop words included as "" so that pairs of
    words do not reach over them; `stem` those of its lead-in; `text` the own words in one string,
    stop words kept, for edit distances; `names` the capitalised words that do not start a sentence,
    and words with digits in them. `thresholds` are (value, unit) of numbers that are part of a
    measure's definition, `targets` those to reach.
    """

    requirement: Requirement
    own: tuple[str, ...]
    stem: tuple[str, ...]
    section: tuple[str, ...]
    text: str
    names: frozenset[str]
    subjects: frozenset[str]
    populations: frozenset[str]
    actions: frozenset[str]
    bodies: tuple[str, ...]
    measures: frozenset[str]
    topics: Mapping[str, float]
    thresholds: frozenset[tuple[float, str]]
    targets: frozenset[tuple[float, str]]
    strength: int

    @property
    def terms(self) -> frozenset[str]:
        """The different content words."""
        return frozenset(word for word in self.own if word and word != MASK)


# How binding the words are, within and across modalities: the ladder by which a duty grows or
# shrinks.
_STRENGTH: Final[dict[Modality, int]] = {
    Modality.PROHIBITION: 90,
    Modality.OBLIGATION: 88,
    Modality.COMMITMENT: 66,
    Modality.NONE: 55,
    Modality.RECOMMENDATION: 45,
    Modality.PERMISSION: 20,
}
_SOFTER: Final = (
    (
        re.compile(r"\b(?:should|ought|advised)\b", re.I),
        {Modality.PROHIBITION: 25, Modality.OBLIGATION: 30},
    ),
    (
        re.compile(r"\b(?:expect\w*|ask\w*)\b", re.I),
        {Modality.OBLIGATION: 4, Modality.PROHIBITION: 4},
    ),
    (
        re.compile(r"\b(?:encourag\w+|consider|aim|seek|intend|hope|invit\w+|wish)\b", re.I),
        {Modality.OBLIGATION: 30, Modality.RECOMMENDATION: 10, Modality.COMMITMENT: 10},
    ),
)
_BINDING: Final = re.compile(r"\b(?:must|shall|required)\b", re.I)  # "must be invited to"
_NOBODY: Final = re.compile(r"^(?:no|nobody|neither|none)\b", re.I)


def modality_strength(requirement: Requirement) -> int:
    """How binding a requirement is, 0 to 100: its modality first, then the force of its cue within
    that.
    """
    modality = requirement.modality
    if modality is Modality.PERMISSION and _NOBODY.search(requirement.quote):
        modality = Modality.PROHIBITION  # "no child may wait" permits nothing
    for pattern, less in () if _BINDING.search(requirement.cue) else _SOFTER:
        if pattern.search(requirement.cue):
            return _STRENGTH[modality] - less.get(modality, 0)
    return _STRENGTH[modality]


Bodies = Mapping[
    int, tuple[int, str]
]  # where a body stands: its first word -> the word after it, its line
ConceptsByKind = Mapping[str, frozenset[str]]


class Vocabulary:
    """Finds bodies, measures, topics and concepts in a text; built once from a lexicon and the
    concepts' file.

    `common` says what share of requirements in general holds each common term, so that a small
    document, too, knows which of its words tell little.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        concepts: Iterable[Concept],
        common: Mapping[str, float] | None = None,
    ) -> None:
        self.common: Mapping[str, float] = common or {}
        self._organisations = lexicon.organisations
        self._measures = lexicon.measures
        self._topics = lexicon.topics
        self._finder: PhraseFinder[tuple[str, str]] = PhraseFinder(
            (word, (concept.kind, concept.id)) for concept in concepts for word in concept.words
        )

    def related(self, a: str, b: str) -> float:
        """How far a duty on one body is a duty on the other, 0 to 1; an unknown body is related to
        itself alone.
        """
        return self._organisations.related(a, b)

    def find_bodies(self, words: Words) -> Bodies:
        """Where bodies stand in a text."""
        bodies: dict[int, tuple[int, str]] = {}
        for mention in self._organisations.find(words.text):
            first = bisect_left(words.starts, mention.start)
            last = bisect_left(words.starts, mention.end)
            if first < last:
                bodies[first] = (last, self._organisations.line_of(mention.id))
        return bodies

    def find_concepts(self, words: Words) -> ConceptsByKind:
        """The ids of the concepts of each kind that a text names."""
        concepts: dict[str, set[str]] = {kind: set() for kind in KINDS}
        for found in self._finder.find(words):
            kind, concept = found.value
            concepts[kind].add(concept)
        return {kind: frozenset(ids) for kind, ids in concepts.items()}

    def find_measures(self, text: str) -> frozenset[str]:
        """The ids of the measures that a text names."""
        return frozenset(measure for measure, _, _ in self._measures.find(text))

    def score_topics(self, requirement: Requirement) -> dict[str, float]:
        """How much of each topic is in a requirement under its lead-in and headings; of length 1 if
        any.
        """
        headings = requirement.section.split(" > ")
        texts = [(requirement.quote, 1.0), (requirement.stem or "", 0.7)]
        texts += [(heading, 0.8 / (1 + depth)) for depth, heading in enumerate(reversed(headings))]
        scores = self._topics.score(texts)
        length = math.sqrt(sum(score * score for score in scores.values()))
        return {topic: score / length for topic, score in scores.items()}


@lru_cache(maxsize=4)
def load_concepts(directory: Path | None = None) -> tuple[Concept, ...]:
    """The concepts of link-concepts.yml; raises UsageError that names file, entry and field."""
    path = (directory or default_directory()) / CONCEPTS_FILE
    return parse_entries(path, load_file(path), "concepts", Concept)


def read_wordings(requirements: Iterable[Requirement], vocabulary: Vocabulary) -> list[Wording]:
    """What linking sees of each requirement, in the order given.

    Of a sentence that holds several requirements each is read by its own action where that is
    known.
    """
    requirements = tuple(requirements)
    shared = Counter(_quote_key(r) for r in requirements)
    read_heading = lru_cache(maxsize=None)(lambda text: _context_words(text, vocabulary))
    read_stem = lru_cache(maxsize=None)(
        lambda text: (_context_words(text, vocabulary), vocabulary.find_concepts(fold(text)))
    )
    wordings = []
    for requirement in requirements:
        stem, stem_concepts = read_stem(requirement.stem or "")
        said = requirement.quote
        if shared[_quote_key(requirement)] > 1 and requirement.action is not None:
            said = requirement.action
        words = fold(said)
        concepts = vocabulary.find_concepts(words)
        own, text = _mask(words, vocabulary.find_bodies(words))
        quantities = requirement.quantities
        named = frozenset(q.measure for q in quantities if q.measure is not None)
        wordings.append(
            Wording(
                requirement=requirement,
                own=own,
                stem=stem,
                section=read_heading(requirement.section),
                text=text,
                names=_names(words),
                subjects=concepts["subject"],
                populations=concepts["population"],
                # A lead-in often holds the verb ("reduce spending on temporary staff by:"), never
                # the population.
                actions=concepts["action"] or stem_concepts["action"],
                bodies=requirement.bearer_canonical,
                measures=named | vocabulary.find_measures(said),
                topics=vocabulary.score_topics(requirement),
                thresholds=_numbers(quantities, (Role.THRESHOLD,)),
                targets=_numbers(quantities, (Role.TARGET, Role.CHANGE)),
                strength=modality_strength(requirement),
            )
        )
    return wordings


def _quote_key(requirement: Requirement) -> tuple[str, str, str]:
    return requirement.document_id, requirement.passage_id, requirement.quote


def _numbers(
    quantities: Iterable[Quantity], roles: tuple[Role, ...]
) -> frozenset[tuple[float, str]]:
    return frozenset((q.value, q.unit or q.kind.value) for q in quantities if q.role in roles)


def _context_words(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The content words of a heading path or lead-in, masked and stemmed."""
    words = fold(text)
    own, _ = _mask(words, vocabulary.find_bodies(words))
    return tuple(word for word in own if word and word != MASK)


def _mask(words: Words, bodies: Bodies) -> tuple[tuple[str, ...], str]:
    """The masked, stemmed words, "" for each stop word; and all words in one string, bodies and
    numbers masked.
    """
    own: list[str] = []
    shown: list[str] = []
    position = 0
    while position < len(words.forms):
        form = words.forms[position]
        if position in bodies:
            position, line = bodies[position]
            own.append(f"@{line}")
            shown.append(f"@{line}")
            continue
        position += 1
        if form[0].isdigit():
            if not own or own[-1] != MASK:
                own.append(MASK)
                shown.append(MASK)
        elif form in _MONTHS:
            own.append("")
        else:
            own.append("" if form in _STOP else stem_word(form))
            shown.append(form)
    return tuple(own), " ".join(shown)


def _names(words: Words) -> frozenset[str]:
    """Words written as names: a capital inside a sentence, or letters with digits, stemmed."""
    names = set()
    for index, form in enumerate(words.forms):
        raw = words.raw(index)
        inside = index > 0 and words.breaks[index] < SENTENCE
        if inside and raw[0].isupper() and form not in _MONTHS and form not in _STOP:
            names.add(stem_word(form))
    return frozenset(names)


@lru_cache(maxsize=65536)
def stem_word(word: str) -> str:
    """The word without its endings, as long as four letters stay: "reducing", "reduction" ->
    "reduc".

    Endings come off one after the other (J. B. Lovins, Development of a stemming algorithm, 1968,
    in spirit), so that "delivery" and "delivering" meet; what comes out is a key, not a word.
    """
    for _ in range(3):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= _MIN_STEM:
                word = word[: -len(suffix)]
                break
        else:
            break
    if len(word) > _MIN_STEM and word[-1] == word[-2]:
        return word[:-1]
    return word


def word_pairs(words: Sequence[str]) -> list[str]:
    """Neighbouring words as "a b"; none over a stop word or a number."""
    return [f"{a} {b}" for a, b in pairwise(words) if a and b and a != MASK and b != MASK]
