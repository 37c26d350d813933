"""Lines of a page into running text: white space, line-end hyphens, and where each stretch
stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records import Line, Place

_WORD: Final = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_BROKEN: Final = re.compile(r"([^\W_]+(?:[-‐‑][^\W_]+)*)[-‐‑\u00ad]$")
_FIRST: Final = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*")
_SOFT: Final = "\u00ad"
_HYPHENS: Final = ("-", "‐", "‑", _SOFT)
_LONGEST_WORD: Final = 60
_SPACE: Final = re.compile(r"\s+")
# First halves, and second ones, of words that are written with a hyphen far more often than they
# are parts of one that a line breaks.
_FIRSTS_TEXT: Final = "non self co post cross well long short high low two three four five"
_FIRSTS: Final = frozenset(_FIRSTS_TEXT.split())
_SECONDS_TEXT: Final = (
    "based weighted initiated wide term related adjusted facing funded focused driven specific "
    "centred oriented quality risk cost income making sharing onset house hours free friendly"
)
_SECONDS: Final = frozenset(_SECONDS_TEXT.split())
_LEAST_SECOND: Final = 4  # letters of the half after a first one of these


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of a document as they stand unbroken, and whether its lines break words at all.

    `breaks` is judged from the words that lines end in: more of them known without their hyphen
    than with it.
    """

    words: frozenset[str]
    breaks: bool

    def joins(self, first: str, second: str) -> bool:
        """Whether two halves at a line's end are one word without a hyphen.

        A form that the document has elsewhere decides; then capitals and figures, which are not
        broken; then halves that take a hyphen; then whether both are words of the document; then
        whether it breaks words at all.
        """
        known = self._known(first, second)
        if known is not None:
            return known
        if not second[:1].islower() or not first[-1:].islower():
            return False
        last = re.split(r"[-‐‑]", first)[-1].lower()
        if (last in _FIRSTS and len(second) >= _LEAST_SECOND) or second.lower() in _SECONDS:
            return False
        if last in self.words and second.lower() in self.words:
            return False
        return self.breaks

    def _known(self, first: str, second: str) -> bool | None:
        whole, hyphened = (first + second).lower(), f"{first}-{second}".lower()
        if hyphened in self.words:
            return False
        if whole in self.words and len(whole) > 3:
            return True
        return None


def learn_vocabulary(texts: Iterable[str]) -> Vocabulary:
    """The vocabulary of a document's lines, given in reading order."""
    words: set[str] = set()
    broken: list[tuple[str, str]] = []
    half: str | None = None
    for text in texts:
        first = _FIRST.match(text)
        if half is not None and first is not None:
            broken.append((half, first[0]))
        half = _broken_word(text)
        inner = list(_WORD.finditer(text))
        # Halves of broken words are no words.
        skipped_first = 1 if broken and first is not None and broken[-1][1] == first[0] else 0
        kept = inner[skipped_first : len(inner) - 1 if half is not None else len(inner)]
        words.update(word[0].lower().replace("‐", "-").replace("‑", "-") for word in kept)
    vocabulary = Vocabulary(words=frozenset(words), breaks=False)
    verdicts = Counter(vocabulary._known(first, second) for first, second in broken)
    unknown = [(a, b) for a, b in broken if vocabulary._known(a, b) is None]
    real = sum(a.lower() in words and b.lower() in words for a, b in unknown)
    return Vocabulary(words=frozenset(words), breaks=verdicts[True] > verdicts[False] + real)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A line's text as it goes into running text, with where it stands; marks of footnotes already
    taken out.
    """

    text: str
    page: int
    line: Line


def join_stretches(
    stretches: Sequence[Stretch], vocabulary: Vocabulary
) -> tuple[str, tuple[Place, ...]]:
    """Lines as one text, white space folded, with the place of each line's part of it.

    A hyphen at a line's end goes where the word is whole without it, and stays where it is the
    word's own.
    """
    text = ""
    places: list[Place] = []
    for stretch in stretches:
        words = _SPACE.sub(" ", stretch.text).strip()
        if not words:
            continue
        if text:
            text = _open_end(text, words, vocabulary)
        start = len(text)
        text += words
        places.append(Place(start=start, end=len(text), page=stretch.page, box=stretch.line.box))
        if len(places) > 1 and places[-2].end > start:
            # The hyphen that closed the line before has gone.
            before = places[-2]
            places[-2] = Place(start=before.start, end=start, page=before.page, box=before.box)
    text = text.replace(_SOFT, "-") if text.endswith(_SOFT) else text
    return text, tuple(places)


def join_lines(lines: Iterable[str], vocabulary: Vocabulary) -> str:
    """Lines as one text, as `join_stretches` joins them."""
    text = ""
    for line in lines:
        words = _SPACE.sub(" ", line).strip()
        if words:
            text = (_open_end(text, words, vocabulary) if text else "") + words
    return text


def _broken_word(text: str) -> str | None:
    """What stands of the word that a text ends in, if a hyphen ends it."""
    if not text.endswith(_HYPHENS):
        return None
    found = _BROKEN.search(text, max(len(text) - _LONGEST_WORD, 0))
    return found[1] if found is not None else None


def _open_end(text: str, following: str, vocabulary: Vocabulary) -> str:
    """The text so far, ready for the next line's words to be put after it."""
    half = _broken_word(text)
    first = _FIRST.match(following)
    if half is None or first is None:
        return text if text.endswith(("/", "–")) and not text.endswith((" /", " –")) else f"{text} "
    if first[0].lower() in ("and", "or", "to"):
        return f"{text} "  # a hanging hyphen ("short- and long-term") breaks no word
    return text[:-1] if text.endswith(_SOFT) or vocabulary.joins(half, first[0]) else text
