"""What was found before between the very same requirements is not looked for again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.records import PairLinks, Requirement, stable_id


@dataclass(slots=True, kw_only=True)
class Kept:
    """Comparisons of two sets of requirements by a key over all that goes into each.

    `model` is the linking model in words. `known` are those of an earlier linking, `used` those
    that this one has asked for, known or made.
    """

    model: str
    known: Mapping[str, PairLinks]
    used: dict[str, PairLinks] = field(default_factory=dict)
    _stamps: dict[str, str] = field(default_factory=dict)

    def find(
        self,
        kind: str,
        years: Sequence[str | None],
        before: Sequence[Requirement],
        after: Sequence[Requirement],
        make: Callable[[], PairLinks],
    ) -> PairLinks:
        """What there is between two sets in any order: as known, else made now."""
        sides = [sorted(map(self._stamp, side)) for side in (before, after)]
        key = stable_id("unit", kind, list(years), stable_id(self.model), *sides)
        found = self.known.get(key)
        self.used[key] = make() if found is None else found
        return self.used[key]

    def _stamp(self, requirement: Requirement) -> str:
        if requirement.id not in self._stamps:
            self._stamps[requirement.id] = stable_id(repr(requirement))
        return self._stamps[requirement.id]
