"""The rules that tell a page's furniture (menus, share buttons, comment forms, cookie banners) from
its text.

The rules are data, models/furniture.yml; this module reads them and asks them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

from pipeline.errors import UsageError

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_FILE: Final = "furniture.yml"
_SPACE: Final = re.compile(r"\s+")


class FurnitureRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule of models/furniture.yml, with a text that it matches and one that it must not."""

    id: str
    pattern: str
    hit: str
    near_miss: str


class FurnitureFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """models/furniture.yml as it stands."""

    whole: tuple[FurnitureRule, ...]
    tail: tuple[FurnitureRule, ...]
    section: tuple[FurnitureRule, ...]
    element: tuple[FurnitureRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """The rules, ready to be asked."""

    whole: re.Pattern[str]
    tail: re.Pattern[str]
    section: re.Pattern[str]
    element: re.Pattern[str]

    def is_furniture(self, text: str) -> bool:
        """Whether a paragraph is nothing but furniture."""
        return self.whole.fullmatch(fold(text)) is not None

    def heads_furniture(self, heading: str) -> bool:
        """Whether all that stands under this heading is furniture."""
        return self.section.fullmatch(fold(heading)) is not None

    def names_furniture(self, name: str) -> bool:
        """Whether an HTML class or id of this name marks furniture."""
        return self.element.fullmatch(name) is not None

    def without_tail(self, text: str) -> str:
        """The text without furniture at its end; unchanged where there is none."""
        found = self.tail.search(text)
        return text[: found.start()].rstrip() if found is not None else text


def fold(text: str) -> str:
    """The text with each run of white space as one space and none at its ends."""
    return _SPACE.sub(" ", text).strip()


def read_rules(path: Path | None = None) -> FurnitureFile:
    """The rules as written, those that came with mustdo unless others are named; raises UsageError
    where the file is not what it should be.
    """
    if path is None:
        packaged = _PACKAGE / "_models"
        path = (packaged if packaged.is_dir() else _PACKAGE.parent / "models") / _FILE
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return msgspec.convert(content, FurnitureFile)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise UsageError(
            f"{path.name}: {error}. Restore the file that came with mustdo."
        ) from error


@lru_cache(maxsize=1)
def load_furniture() -> Furniture:
    """The rules of models/furniture.yml, compiled once a process."""
    rules = read_rules()
    return Furniture(
        whole=_compile(rules.whole),
        tail=re.compile(rf"(?:(?<=\s)|^){_any(rules.tail)}\s*$", re.IGNORECASE),
        section=_compile(rules.section),
        element=_compile(rules.element),
    )


def _compile(rules: tuple[FurnitureRule, ...]) -> re.Pattern[str]:
    return re.compile(_any(rules), re.IGNORECASE)


def _any(rules: tuple[FurnitureRule, ...]) -> str:
    return "(?:" + "|".join(f"(?:{rule.pattern})" for rule in rules) + ")"
