"""What the sentences before leave in mind: who was bound, who promised, who was named."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
import os

# A body bound stays in mind, half as strongly after each few sentences; below the least weight it
# is out of mind. Several mentions add up: a chapter on schools is about schools, whoever else is
# named once.
_DECAY: Final = 0.7
_LEAST: Final = 0.2
_LEAST_OF_COMMANDS: Final = 0.1
_DETERMINERS: Final = re.compile(
    r"^(?:the|an?|all|each|every|any|both|our|their|its|no)\s+", re.IGNORECASE
)


@dataclass(slots=True)
class _Mention:
    text: str
    weight: float


@dataclass(slots=True)
class Discourse:
    """One for each document, told of every sentence in turn."""

    section: str | None = None
    bearer: str | None = None  # the last body bound
    promiser: str | None = None  # the last one that promised something
    plural: str | None = None  # the last plural body named, for "they"
    singular: str | None = None  # the last singular one, for "it"
    _bound: dict[str, _Mention] = field(default_factory=dict)

    def enter(self, section: str | None) -> bool:
        """Forget across headings, and let the rest fade a little; whether there was a heading."""
        for mention in self._bound.values():
            mention.weight *= _DECAY
        if section == self.section:
            return False
        self.section = section
        self.bearer = self.promiser = self.plural = self.singular = None
        self._bound.clear()
        return True

    def bind(self, text: str) -> None:
        """Note a body that has to act."""
        self.bearer = text
        key = _key(text)
        held = self._bound.get(key)
        self._bound[key] = _Mention(text, 1.0 + (held.weight if held else 0.0))

    def foremost(self, *, command: bool = False) -> str | None:
        """The body that the passage is about: the one bound most and last; None where that is too
        long ago. A command lasts longer: somebody must be meant.
        """
        best = max(self._bound.values(), key=lambda m: m.weight, default=None)
        least = _LEAST_OF_COMMANDS if command else _LEAST
        return best.text if best is not None and best.weight >= least else None


def _key(text: str) -> str:
    """ "A school", "all schools" and "Schools" are one."""
    words = _DETERMINERS.sub("", text.strip()).lower().split()
    return " ".join([*words[:-1], words[-1].removesuffix("s")]) if words else ""
