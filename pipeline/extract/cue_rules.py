"""models/cues.yml as checked records: which words carry a modality, and how each must stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

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
        # The words of cue_complements that no rule of the file names.
        words |= {"can't", "cannot", "won't", "'ll", "’ll", "until", "to be"}
        words |= {"forbid", "forbids", "prohibits", "prohibit", "outlaw", "outlaws", "guarantee"}
        words |= {"guarantees", "guaranteed", "promises", "promised", "pledges", "pledged"}
        holding = {_forms(r.word) for r in self.nouns}
        asking = {_forms(v.lemma) for v in (*self.verb_to, *self.passives, *self.speakers)} - {
            _forms(lemma) for lemma in ("be", "have", "go")
        }
        asking |= {"told", "bound", "undertook", "meant"}
        predicates = {re.escape(r.word) for r in self.adjectives}
        return re.compile(
            rf"\b(?:{_any(map(re.escape, words))})\b|n['’]t\b"
            r"|\b(?:is|are|go|going|ha[sd]|have)\b(?:\s\w+){0,2}\s(?:to|for|at|under)\b"
            rf"|\b(?:{_any(asking)})\b{_WITHIN}(?:to|that|of|all|every|each|both)\b"
            rf"|\b(?:{_any(predicates)})\b{_WITHIN}(?:to|that|for|if)\b"
            rf"|\b(?:{_any(holding)})\b{_WITHIN}(?:to|that|for|is|are|was|be|includes?)\b",
            re.IGNORECASE,
        )

    def modal(self, word: str) -> Modal | None:
        return next((m for m in self.modals if m.word == word), None)


_WITHIN: Final = r"[^.;?!]{0,90}?\b"  # as far as a cue reaches for what it governs


def _any(patterns: Iterable[str]) -> str:
    return "|".join(sorted(patterns, key=lambda p: (-len(p), p)))


def _forms(word: str) -> str:
    """A pattern of a regular word in any inflection: "plan", "planned", "duties"."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return rf"{re.escape(word[:-1])}(?:y|ies|ied|ying)"
    if word.endswith("e"):
        return rf"{re.escape(word[:-1])}(?:e|es|ed|ing)"
    return rf"{re.escape(word)}(?:e?s|{re.escape(word[-1])}?ed|{re.escape(word[-1])}?ing)?"


def load_cue_rules(path: Path) -> CueRules:
    """Read and check cues.yml; raises UsageError that names the field at fault."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return msgspec.convert(yaml.load(path.read_text(encoding="utf-8"), Loader=loader), CueRules)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise UsageError(
            f"{path.name}: {error}. Mend the file, or put the original back."
        ) from error
