"""models/cues.yml as checked records: which words carry a modality, and how each must stand."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
import yaml

from pipeline.errors import UsageError

ModalityWord = Literal[
    "obligation", "prohibition", "recommendation", "permission", "commitment", "future", "possibility"
]


class Modal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A word and what it says, and says with "not": an auxiliary ("must publish"), a status ("is permitted")."""

    word: str
    modality: ModalityWord
    negated: ModalityWord
    strength: int
    hit: str
    near_miss: str


class Verb(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A verb with an infinitive, active or passive. `past` is what its past tense means."""

    lemma: str
    modality: ModalityWord
    strength: int
    hit: str
    near_miss: str
    past: Literal["history", "report"] = "report"


class Predicate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An adjective or a noun with a complement. `bearer` is its subject, or the complement clause's."""

    word: str
    modality: ModalityWord
    strength: int
    bearer: Literal["subject", "clause"]
    hit: str
    near_miss: str
    after: str | None = None


class CueRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of models/cues.yml."""

    modals: tuple[Modal, ...]
    verb_to: tuple[Verb, ...]
    passives: tuple[Verb, ...]
    speakers: tuple[Verb, ...]
    adjectives: tuple[Predicate, ...]
    nouns: tuple[Predicate, ...]
    status: tuple[Modal, ...]
    issuers: frozenset[str]
    outcome_verbs: frozenset[str]
    agent_nouns: frozenset[str]

    def modal(self, word: str) -> Modal | None:
        return next((m for m in self.modals if m.word == word), None)


def load_cue_rules(path: Path) -> CueRules:
    """Read and check cues.yml; raises UsageError that names the field at fault."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return msgspec.convert(yaml.load(path.read_text(encoding="utf-8"), Loader=loader), CueRules)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise UsageError(f"{path.name}: {error}. Mend the file, or put the original back.") from error
