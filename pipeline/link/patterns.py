"""The words by which linking tells how requirements differ, from models/link-wording.yml."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from pipeline.errors import UsageError
from pipeline.lexicon.load import default_directory, load_file, parse_entries

WORDING_FILE: Final = "link-wording.yml"


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of expressions; `hits` and `near_misses` are what it must and must not find."""

    id: str
    any_of: tuple[str, ...]
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]
    exact: bool = False  # False: found at the borders of words only

    def compile(self) -> re.Pattern[str]:
        """One expression that finds any of them, without regard to case."""
        joined = "|".join(self.any_of)
        return re.compile(joined if self.exact else rf"\b(?:{joined})\b", re.I)


@lru_cache(maxsize=4)
def load_words(directory: Path | None = None) -> dict[str, Words]:
    """The lists by id; raises UsageError that names file, entry and field where one is wrong."""
    path = (directory or default_directory()) / WORDING_FILE
    return {words.id: words for words in parse_entries(path, load_file(path), "wordings", Words)}


@lru_cache(maxsize=64)
def find_words(id_: str) -> re.Pattern[str]:
    """One of the lists as one expression; raises UsageError where there is no such id."""
    words = load_words()
    if id_ not in words:
        raise UsageError(f"{WORDING_FILE}: there is no entry {id_!r}. Add it, or reinstall mustdo.")
    return words[id_].compile()
