"""models/cues.yml as checked records: which words carry a modality, and how each must stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

import msgspec
import yaml

from pipeline.errors import UsageError
from pipeline.extract.lookup import Words

ModalityWord = Literal[
    "obligation",
    "prohibition",
    "recommendation",
    "permission",
    "commitment",
    "future",
    "possibility",
]


# What one needs before one may: "travel needs approval".
LEAVE: Final = frozenset(
    """
    agreement approval authorisation authority consent permission signature clearance
    """.split()
)


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


class CueRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """All of models/cues.yml, and the same by word."""

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
        words |= {"called on", "call on", "calls on", "look to", "looks to", "got to", "gotta"}
        words |= {"responsibility for", "accountability for", "responsibilities for"}
        words |= {"guarantees", "guaranteed", "promises", "promised", "pledges", "pledged"}
        words |= {"were to", "were not to", "were also to"}
        holding = {_forms(r.word) for r in self.nouns}
        asking = {_forms(v.lemma) for v in (*self.verb_to, *self.passives, *self.speakers)} - {
            _forms(lemma) for lemma in ("be", "have", "go")
        }
        asking |= {"told", "bound", "undertook", "meant"}
        predicates = {re.escape(r.word) for r in self.adjectives}
        return re.compile(
            rf"\b(?:{_any(map(re.escape, words))})\b|n['’]t\b"
            r"|\b(?:we|i)(?:\s\w+){0,2}\s(?:encourage|recommend|advise|urge)\b"
            r"|\b(?:is|are|go|going|ha[sd]|have)\b(?:\s\w+){0,2}\s(?:to|for|at|under)\b"
            rf"|\b(?:{_any(asking)})\b{_WITHIN}(?:to|that|of|all|every|each|both)\b"
            r"|\b(?:advise|recommend|suggest)\s\w+ing\b"
            r"|\b(?:agreed|resolved|decided),?\sthat\b"
            rf"|\b(?:require|need)(?:s|ed)?\s(?:\w+\s){{0,3}}(?:{_any(LEAVE)})\b"
            rf"|\b(?:{_any(predicates)})\b{_WITHIN}(?:to|that|for|if)\b"
            rf"|\b(?:{_any(holding)})\b{_WITHIN}(?:to|that|for|is|are|was|be|includes?)\b",
            re.IGNORECASE,
        )

    def modal(self, word: str) -> Modal | None:
        return self._modals.get(word)

    @cached_property
    def _modals(self) -> dict[str, Modal]:
        return {m.word: m for m in self.modals}

    @cached_property
    def modal_words(self) -> Words:
        """The modals, and what the tokenizer makes of the contracted ones."""
        return Words({*self._modals, *CONTRACTED_MODALS})

    @cached_property
    def verb_words(self) -> Words:
        """Lemmas and participles of every verb that may be a cue."""
        return Words({*self.verb_to_of, *self.passive_of, *self.speaker_of, *RESOLVED})

    @cached_property
    def status_words(self) -> Words:
        return Words(self.status_of)

    @cached_property
    def predicate_words(self) -> Words:
        return Words({*self.adjective_of, *self.noun_of})

    @cached_property
    def verb_to_of(self) -> dict[str, Verb]:
        """Verbs with an infinitive, by lemma."""
        return {v.lemma: v for v in self.verb_to}

    @cached_property
    def passive_of(self) -> dict[str, Verb]:
        """Passives by lemma and by every way in which their participle may be spelt: the tagger
        calls many participles adjectives ("committed", "tasked") and leaves them unlemmatised.
        """
        return {form: v for v in self.passives for form in (v.lemma, *_participles(v.lemma))}

    @cached_property
    def speaker_of(self) -> dict[str, Verb]:
        """Verbs of the issuer, by lemma."""
        return {v.lemma: v for v in self.speakers}

    @cached_property
    def status_of(self) -> dict[str, Modal]:
        return {s.word: s for s in self.status}

    @cached_property
    def adjective_of(self) -> dict[str, Predicate]:
        return {p.word: p for p in self.adjectives}

    @cached_property
    def noun_of(self) -> dict[str, Predicate]:
        return {p.word: p for p in self.nouns}


CONTRACTED_MODALS: Final = {
    "'ll": "will",
    "’ll": "will",
    "ca": "can",
    "wo": "will",
    "sha": "shall",
    "cannot": "can",
}
# Verbs that bind only so: "it was agreed that the clerk write", "it is proposed that fees rise".
RESOLVED: Final = {
    "agree": ("obligation", 2),
    "resolve": ("obligation", 2),
    "decide": ("obligation", 2),
    "propose": ("recommendation", 1),
}
_IRREGULAR: Final = {"tell": "told", "bind": "bound"}


def _participles(lemma: str) -> tuple[str, ...]:
    """The ways in which a past participle may be spelt, right or not: only right ones occur in
    text.
    """
    return (
        lemma + "ed",
        lemma + "d",
        lemma + lemma[-1] + "ed",
        _IRREGULAR.get(lemma, lemma + "ed"),
    )


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
