"""The record of what a numeral measures."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records import QuantityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What a numeral measures: its kind, where the words end, its name, what one of it is worth.

    `named` tells that number and unit are part of a name after all ("18-week standard").
    """

    kind: QuantityKind
    end: int
    name: str | None = None
    factor: float = 1.0
    named: bool = False
