"""What the sentences before leave in mind: who was bound, who promised, who was named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_IN_MIND: Final = 4  # sentences for which a body bound stays in mind


@dataclass(slots=True)
class Discourse:
    """One for each document, told of every sentence in turn."""

    section: str | None = None
    bearer: str | None = None  # the last body bound
    promiser: str | None = None  # the last one that promised something
    plural: str | None = None  # the last plural body named, for "they"
    singular: str | None = None  # the last singular one, for "it"
    _age: int = 0  # sentences since `bearer` was bound

    def enter(self, section: str | None) -> bool:
        """Go on to the next sentence, and forget across headings; whether there was a heading."""
        self._age += 1
        if section == self.section:
            return False
        self.section = section
        self.bearer = self.promiser = self.plural = self.singular = None
        return True

    def bind(self, text: str) -> None:
        """Note a body that has to act."""
        self.bearer, self._age = text, 0

    def foremost(self) -> str | None:
        """The body that is spoken of: the last one bound; None where that is too long ago."""
        return self.bearer if self._age <= _IN_MIND else None
