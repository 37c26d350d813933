"""A candidate: a unit that may hold a requirement, and by what sign."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.extract.bearers import Bearer
from pipeline.extract.cue_record import Cue
from pipeline.extract.quantities import Measurement
from pipeline.extract.stems import StemReading
from pipeline.extract.table_rows import RowReading
from pipeline.extract.units import Unit
from pipeline.records import Modality

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A requirement in the making, or what looked like one: `accepted` tells.

    `origin` is cue, stem, imperative, request, action (of minutes), carried (over from the
    sentence before), step (of a timetable) or target. `head` is the token of the verb to be done.
    """

    origin: str
    modality: Modality
    accepted: bool
    cue_text: str
    confidence: float
    bearer: Bearer | None
    head: int | None
    cue: Cue | None = None
    stem: str | None = None
    governing: tuple[str, ...] = ()
    evidence: dict[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitView:
    """A unit with everything that is known of it before its candidates are found."""

    unit: Unit
    doc: Doc
    stems: tuple[StemReading, ...]
    numbers: list[Measurement]
    command: tuple[int, Doc] | None = None  # where in the text it begins, and its own parse
    row: RowReading | None = None  # of a table's row

    @property
    def imperative(self) -> bool:
        """Whether the unit tells somebody to do something."""
        return self.command is not None
