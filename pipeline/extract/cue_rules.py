"""models/cues.yml as checked records: which words carry a modality, and how each must stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from pipeline.errors import UsageError

ModalityWord = Literal[
    "obligation",
    "prohibition",
    "recommendation",
    "permission",
    "commitment",
    "future",
    "possibility",
]


class Modal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A word and what it says, and says with "not": an auxiliary ("must publish"), a status ("is
    permitted").
    """

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
    """An adjective or a noun with a complement. `bearer` is its subject, or the complement
    clause's.
    """

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

    def gate(self) -> re.Pattern[str]:
        """A pattern that every sentence with a cue of these rules matches: their words in any
        inflection.
        """
        words = {r.word for r in (*self.modals, *self.status)}
        words |= {"can't", "cannot", "won't", "'ll", "’ll"}
        verbs = (*self.verb_to, *self.passives, *self.speakers)
        stems = {_stem(r.lemma) for r in verbs if r.lemma not in ("be", "have", "go")}
        stems |= {_stem(r.word) for r in (*self.adjectives, *self.nouns)}
        # The words of cue_complements that no rule of the file names.
        stems |= {
            "guarante",
            "forbid",
            "prohibit",
            "outlaw",
            "until",
            "called on",
            "call on",
            "job",
            "role",
            "look to",
        }
        irregular = {"told", "bound", "undertook", "meant", "got"}
        inflected = "|".join(sorted(map(re.escape, stems), key=len, reverse=True))
        exact = "|".join(sorted(map(re.escape, words | irregular), key=len, reverse=True))
        to = r"(?:\s\w+){0,2}\s(?:to|for|at|under)\b"
        return re.compile(
            rf"\b(?:{exact})\b|\b(?:is|are|go|going|ha[sd]|have)\b{to}|\b(?:{inflected})\w*|\bto\sbe\b",
            re.IGNORECASE,
        )

    def modal(self, word: str) -> Modal | None:
        return next((m for m in self.modals if m.word == word), None)


def _stem(word: str) -> str:
    """What all inflections of a regular word begin with: "encourage", "encouraging" share
    "encourag", "duty" and "duties" "dut".
    """
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


def load_cue_rules(path: Path) -> CueRules:
    """Read and check cues.yml; raises UsageError that names the field at fault."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return msgspec.convert(yaml.load(path.read_text(encoding="utf-8"), Loader=loader), CueRules)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise UsageError(
            f"{path.name}: {error}. Mend the file, or put the original back."
        ) from error
