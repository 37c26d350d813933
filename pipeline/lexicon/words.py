"""Words folded for matching, each with its place in the text, and a finder of phrases over them.

Everything in this package matches on these words, so that "4-hour", "four hours" and "4hrs", or
"A & E" and "a&e", are one thing, while spans still lead back to the text as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")

JOINED: Final = 0  # white space, a hyphen, a slash, quotation marks
COMMA: Final = 1  # a comma or a bracket
CLAUSE: Final = 2  # a semicolon, a colon, a dash, the bar between table cells
SENTENCE: Final = 3


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: word i is text[starts[i]:ends[i]], folded to forms[i].

    breaks[i] tells what parts it from the word before: JOINED, COMMA, CLAUSE or SENTENCE.

    A possessive ending belongs to no word. "per cent" is one word, and so is a number in words
    below a hundred.
    """

    text: str
    forms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    breaks: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.forms)

    def joined(self, first: int, last: int) -> bool:
        """Whether the words [first, last) exist and nothing but space or a hyphen parts them."""
        return last <= len(self.forms) and all(
            part == JOINED for part in self.breaks[first + 1 : last]
        )

    def raw(self, index: int) -> str:
        """Word `index` as written."""
        return self.text[self.starts[index] : self.ends[index]]


class Found(NamedTuple, Generic[T]):
    """A phrase found as the words [first, last), with what its maker filed it under."""

    first: int
    last: int
    value: T


_TOKEN: Final = re.compile(
    r"(?P<initials>(?<![^\W_])[A-Za-z]\ ?&(?:amp;)?\ ?[A-Za-z](?![^\W_]))"
    r"|(?P<percent>%|\b[Pp]er\s?cent\b)"
    r"|(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"|(?P<word>[^\W\d_]+(?:['’](?![sS]\b)[^\W\d_]+)*)(?:['’][sS]?(?![^\W\d_]))?"
    r"|(?P<sign>[£$€])"
)
_ONES: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = (
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_NUMBER_WORDS: Final = {
    **{word: str(n) for n, word in enumerate(_ONES, start=1)},
    **{word: str(10 * n) for n, word in enumerate(_TENS, start=2)},
    "zero": "0",
    "hundred": "100",
}
_UNITS_AFTER_A_NUMBER: Final = {
    "h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "wk": "week",
    "wks": "week", "d": "day", "yr": "year", "yrs": "year", "m": "million", "mn": "million",
    "bn": "billion", "k": "thousand",
}  # fmt: skip


def stem(word: str) -> str:
    """The word in lower case without its plural ending.

    After D. Harman, How effective is suffixing?, JASIS 42 (1991), her "s" stemmer.

    Words of three letters keep their s ("NHS", "ICS", "bus") but for a small one after capitals
    ("GPs").
    """
    lower = word.lower()
    if not lower.endswith("s"):
        return lower
    if len(word) > 2 and word[-1] == "s" and word[:-1].isupper():
        return lower[:-1]
    if len(lower) <= 3 or lower.endswith(("ss", "us", "is")):
        return lower
    if lower.endswith("ies") and not lower.endswith(("eies", "aies")) and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("ches", "shes", "xes", "sses")):
        return lower[:-2]
    return lower[:-1]


@lru_cache(maxsize=8192)
def fold(text: str) -> Words:
    """The words of a text in order."""
    forms: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    breaks: list[int] = []
    for found in _TOKEN.finditer(text):
        group = found.lastgroup or "word"
        start, end = found.span(group)
        parting = _parting(text[ends[-1] : start], text[start]) if ends else JOINED
        form = _form(text[start:end], group)
        tens = forms and parting == JOINED and group == "word" and form in _ONE_DIGITS
        if tens and text[starts[-1] : ends[-1]].lower() in _TENS and not text[start].isdigit():
            forms[-1] = str(int(forms[-1]) + int(form))
            ends[-1] = end
            continue
        if group == "word" and forms and parting == JOINED and form in _UNITS_AFTER_A_NUMBER:
            form = _UNITS_AFTER_A_NUMBER[form] if forms[-1][0].isdigit() else form
        forms.append(form)
        starts.append(start)
        ends.append(end)
        breaks.append(parting)
    return Words(text, tuple(forms), tuple(starts), tuple(ends), tuple(breaks))


_ONE_DIGITS: Final = frozenset("123456789")


def _form(raw: str, group: str) -> str:
    if group == "percent":
        return "%"
    if group == "number":
        return raw.replace(",", "")
    if group == "initials":
        return f"{raw[0]}&{raw[-1]}".lower()
    form = stem(raw)
    return _NUMBER_WORDS.get(form, form)


_MARKS: Final = ((CLAUSE, re.compile(r"[;:|•▪●\n]|\s[–—-]\s|—")), (COMMA, re.compile(r"[,()\[\]]")))
_STOP: Final = re.compile(r"[.?!…]")


@lru_cache(maxsize=1024)
def _marks(gap: str) -> tuple[int, bool]:
    """The strongest mark in what parts two words, and whether a full stop is in it."""
    for strength, pattern in _MARKS:
        if pattern.search(gap):
            return strength, bool(_STOP.search(gap))
    return JOINED, bool(_STOP.search(gap))


def _parting(gap: str, following: str) -> int:
    if gap in ("", " ", "-"):
        return JOINED
    strength, stop = _marks(gap if len(gap) < 40 else gap[:40])
    if not stop:
        return strength
    if gap[-1:].isspace() and not following.islower():
        return SENTENCE
    return max(strength, COMMA if gap[-1:].isspace() else JOINED)


class PhraseFinder(Generic[T]):
    """Finds many phrases in one pass: a trie of folded words.

    The last word of a phrase may end in "*" and then stands for every word that starts so
    ("vaccinat*"); so may any other. A phrase is not found across a comma, a bracket or a full
    stop.
    """

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._root: dict[str, Any] = {}
        self._prefixes: dict[int, set[str]] = {}
        self._exact: set[str] = set()
        self._known: dict[str, tuple[str, ...]] = {}
        for phrase, value in phrases:
            self._add(phrase, value)

    def _add(self, phrase: str, value: T) -> None:
        symbols = phrase_symbols(phrase)
        if not symbols:
            raise ValueError(f"a phrase without words: {phrase!r}")
        node = self._root
        for symbol in symbols:
            if symbol.endswith("*"):
                self._prefixes.setdefault(len(symbol) - 1, set()).add(symbol[:-1])
            else:
                self._exact.add(symbol)
            node = node.setdefault(symbol, {})
        node.setdefault("", []).append(value)

    def find(self, words: Words) -> Iterator[Found[T]]:
        """Every occurrence of every phrase, in order of its first word; they may overlap."""
        symbols = [self._symbols(form) for form in words.forms]
        for first, begun in enumerate(symbols):
            if not begun:
                continue  # most words begin no phrase
            nodes = [self._root[s] for s in begun if s in self._root]
            last = first
            while nodes:
                last += 1
                for node in nodes:
                    for value in node.get("", ()):
                        yield Found(first, last, value)
                if last == len(symbols) or words.breaks[last] != JOINED:
                    break
                nodes = [node[s] for node in nodes for s in symbols[last] if s in node]

    def _symbols(self, form: str) -> tuple[str, ...]:
        """The words of the trie that a word stands for: itself, and each beginning that it has."""
        known = self._known.get(form)
        if known is None:
            begun = (form[:n] for n, starts in self._prefixes.items() if form[:n] in starts)
            known = (*((form,) if form in self._exact else ()), *(f"{start}*" for start in begun))
            self._known[form] = known
        return known


def phrase_symbols(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase of the lexicon; a word written with "*" keeps it and is not
    stemmed.
    """
    symbols: list[str] = []
    for part in phrase.split():
        if part.endswith("*"):
            symbols.extend(fold(part[:-1]).forms[:-1])
            symbols.append(part[:-1].rpartition("-")[2].lower() + "*")
        else:
            symbols.append(part)
    joined: list[str] = []
    run: list[str] = []
    for symbol in symbols:
        if symbol.endswith("*"):
            joined.extend(fold(" ".join(run)).forms)
            run = []
            joined.append(symbol)
        else:
            run.append(symbol)
    joined.extend(fold(" ".join(run)).forms)
    return tuple(joined)
