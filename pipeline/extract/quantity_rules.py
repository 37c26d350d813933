"""models/quantities.yml as checked records: the words around numbers that say what they are."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from pipeline.errors import UsageError
from pipeline.lexicon.load import default_directory, load_file

FILE_NAME: Final = "quantities.yml"
Sign = Literal[">=", "<=", ">", "<", "="]


class Bound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that bound a number, right before or right after it.

    `definite` ones hold across "the"; `only` restricts them to one kind of number.
    """

    words: str
    place: Literal["before", "after"]
    sign: Sign
    hit: str
    near_miss: str
    definite: bool = False
    only: Literal["duration"] | None = None


class WordList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that do one job, with a sentence in which they do it and one in which they do not."""

    words: frozenset[str]
    hit: str
    near_miss: str


class QuantityRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of models/quantities.yml."""

    bounds: tuple[Bound, ...]
    named_lengths: WordList
    labels: WordList
    counted_with_hyphen: WordList
    uncounted: WordList
    written_on: WordList
    exceeding: WordList
    people: WordList
    change_nouns: WordList
    change_verbs: WordList
    driving_verbs: WordList
    giving_words: WordList
    allotting_verbs: WordList
    finding_words: WordList
    setting_nouns: WordList
    listed_nouns: WordList
    case_words: WordList
    year_nouns: WordList
    target_heads: WordList
    fact_heads: WordList
    change_heads: WordList
    owner_heads: WordList
    due_heads: WordList
    mark_heads: WordList


def load_quantity_rules(path: Path) -> QuantityRules:
    """Read and check quantities.yml; raises UsageError that names the field at fault."""
    try:
        return msgspec.convert(load_file(path), QuantityRules)
    except msgspec.ValidationError as error:
        raise UsageError(
            f"{path.name}: {error}. Mend the file, or put the original back."
        ) from error


@cache
def quantity_rules() -> QuantityRules:
    """The rules that come with the project, read once."""
    return load_quantity_rules(default_directory() / FILE_NAME)


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest first; a space is also a hyphen.

    >>> any_of(["plan", "key stage"])
    '(?:key[\\\\s-]stage|plan)'
    """
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"[\s-]") for w in longest_first) + ")"


@cache
def bound_wordings(place: Literal["before", "after"]) -> dict[tuple[str, ...], Bound]:
    """Every wording of the bounds that stand before or after a number, with its rule."""
    return {
        wording: bound
        for bound in quantity_rules().bounds
        if bound.place == place
        for wording in expand_wording(bound.words)
    }


def expand_wording(pattern: str) -> Iterator[tuple[str, ...]]:
    """Every wording of "(a) b/c d".

    >>> [" ".join(words) for words in expand_wording("no less/fewer than (a)")]
    ['no less than', 'no less than a', 'no fewer than', 'no fewer than a']
    """
    slots: list[tuple[str, ...]] = []
    for word in pattern.split():
        optional = word.startswith("(") and word.endswith(")")
        choices = tuple(word.strip("()").split("/"))
        slots.append(("", *choices) if optional else choices)
    for combination in itertools.product(*slots):
        yield tuple(word for word in combination if word)
