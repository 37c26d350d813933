"""Reads the lexicon's YAML files and checks them as strictly as code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import yaml

from pipeline.errors import UsageError

E = TypeVar("E", bound=msgspec.Struct)

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_BASE: Final[Any] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # libyaml's where PyYAML was built with it


class _Loader(_BASE):  # type: ignore[misc]
    """Reads plain words as YAML 1.2 does: "no" and "on" are words, and dates stay text."""


_PLAIN: Final = {
    "bool": (re.compile(r"true|false"), "tf"),
    "null": (re.compile(r"null|~|"), "n~"),
    "int": (re.compile(r"[-+]?[0-9]+"), "-+0123456789"),
    "float": (re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)"), "-+0123456789."),
}
_Loader.yaml_implicit_resolvers = {}
for _tag, (_pattern, _starts) in _PLAIN.items():
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern.pattern})$"), list(_starts)
    )


def default_directory() -> Path:
    """Where the lexicon's files are: an installed mustdo's own copy, or models/ of a checkout."""
    packaged = _PACKAGE / "_models"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "models"


def load_file(path: Path) -> dict[str, Any]:
    """The mapping that a YAML file holds; raises UsageError where there is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read ({error.strerror}). "
            "Name a folder that holds the lexicon's files."
        ) from error
    try:
        content = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise UsageError(f"{path.name}: not well-formed YAML: {error}. Mend it there.") from error
    if not isinstance(content, dict):
        raise UsageError(f"{path.name}: a mapping of names to entries was expected at the top.")
    return content


def parse_entries(path: Path, content: dict[str, Any], key: str, kind: type[E]) -> tuple[E, ...]:
    """The list under `key` as checked records; raises UsageError naming file, entry, field."""
    rows = content.get(key)
    if not isinstance(rows, list):
        raise UsageError(f"{path.name}: no list named {key!r}. Put the entries under it.")
    entries: list[E] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        name = (
            str(row.get("id", f"number {number}")) if isinstance(row, dict) else f"number {number}"
        )
        try:
            entry = msgspec.convert(row, kind, strict=True)
        except msgspec.ValidationError as error:
            raise UsageError(
                f"{path.name}, entry {name!r}: {error}. Correct that field."
            ) from error
        if name in seen:
            raise UsageError(
                f"{path.name}, entry {name!r}: field 'id' stands twice. Merge the two entries."
            )
        seen.add(name)
        entries.append(entry)
    return tuple(entries)


def parse_vocabulary(path: Path, content: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """The named lists of words that entries refer to as "$name"; a list may use those above it."""
    lists: dict[str, tuple[str, ...]] = {}
    for name, words in (content.get("vocabulary") or {}).items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise UsageError(
                f"{path.name}, vocabulary {name!r}: a list of words was expected (quote numbers)."
            )
        lists[str(name)] = expand(path, f"vocabulary {name!r}", "words", words, lists)
    return lists


def expand(
    path: Path,
    entry: str,
    field: str,
    words: list[str] | tuple[str, ...],
    lists: dict[str, tuple[str, ...]],
) -> tuple[str, ...]:
    """The words with each "$name" replaced by the list of that name, without repeats."""
    expanded: dict[str, None] = {}
    for word in words:
        if not word.startswith("$"):
            expanded[word] = None
        elif word[1:] in lists:
            expanded.update(dict.fromkeys(lists[word[1:]]))
        else:
            known = ", ".join(sorted(lists)) or "none"
            raise UsageError(
                f"{path.name}, {entry}: {field}: no vocabulary {word!r}. There are: {known}."
            )
    return tuple(expanded)
