"""Who is bound: the subject of the cue, of its stem, or of the sentence before."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_record import Cue
from pipeline.extract.cue_rules import CueRules
from pipeline.extract.parse import noun_phrase
from pipeline.lexicon import Organisations

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_AUTHOR: Final = frozenset({"we", "i", "us"})
_PLURAL_PRONOUNS: Final = frozenset({"they", "them", "these", "those", "their"})
_SINGULAR_PRONOUNS: Final = frozenset({"it", "this", "that", "he", "she", "its", "his", "her"})
_PERSONAL: Final = frozenset({"they", "them", "it", "he", "she", "those"})
_RELATIVE: Final = frozenset({"who", "which", "that", "whoever", "whichever", "what"})
_TRIM: Final = re.compile(r"^(?:and|or|but|that|,|;)\s+|[\s,;:]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who is bound: the words, and how they were come by.

    `source` is subject, author (we), agent (of a passive), possessive, pronoun, context or stem.
    """

    text: str
    source: str
    national: bool = False  # a department, regulator or national body: with "will" it promises


_NATIONAL: Final = frozenset({"government", "national", "regulator"})


@dataclass(slots=True)
class Discourse:
    """What the sentences before leave in mind; one for each document, told of every sentence in
    turn.
    """

    section: str | None = None
    bearer: str | None = None  # the last body bound
    plural: str | None = None  # the last plural body named, for "they"
    singular: str | None = None  # the last singular one, for "it"
    age: int = 99  # sentences since `bearer`

    def enter(self, section: str | None) -> None:
        """Forget across headings."""
        if section != self.section:
            self.section = section
            self.bearer = self.plural = self.singular = None
            self.age = 99
        self.age += 1


@dataclass(frozen=True, slots=True)
class BearerFinder:
    """Finds bearers in the documents of one date with the abbreviations that they define."""

    organisations: Organisations
    rules: CueRules
    on: date | None
    abbreviations: dict[str, str]

    def find(self, doc: Doc, cue: Cue, discourse: Discourse) -> Bearer | None:
        """Whom `cue` binds; None where nobody is named and nobody can be inferred."""
        found = self._find(doc, cue, discourse)
        return None if found is None else replace(found, national=self._is_national(found.text))

    def _is_national(self, phrase: str) -> bool:
        """Whether the first body named is a national one."""
        mentions = self.organisations.find(phrase, on=self.on, abbreviations=self.abbreviations)
        return bool(mentions) and self.organisations[mentions[0].id].kind in _NATIONAL

    def _find(self, doc: Doc, cue: Cue, discourse: Discourse) -> Bearer | None:
        subject = None if cue.subject is None else doc[cue.subject]
        if subject is None:
            owner = self._owner(doc, doc[cue.anchor]) if cue.rule.startswith("noun:") else None
            return (
                self._agent(doc, cue)
                or owner
                or self.find_named(doc)
                or self._from_context(discourse)
            )
        if subject.pos_ == "PRON" or subject.lower_ in _AUTHOR | _PERSONAL | _RELATIVE | {
            "this",
            "these",
        }:
            found = self._from_pronoun(doc, subject, cue, discourse)
            if found is not None or subject.lower_ in ("this", "these", "it", "that", "there"):
                return found or self._agent(doc, cue) or self._from_context(discourse)
        start, end = noun_phrase(subject)
        phrase = self._tidy(doc.text[start:end])
        if subject.pos_ == "NUM":
            return Bearer(text=phrase, source="subject")
        agent = self._agent(doc, cue)
        if agent is not None and not self.is_agent(subject, phrase):
            return agent
        if self.is_agent(subject, phrase):
            return Bearer(text=phrase, source="subject")
        owner = self._owner(doc, subject)
        if owner is not None:
            return owner
        return self._from_context(discourse) or (
            Bearer(text=phrase, source="thing") if cue.speaker else None
        )

    def find_named(self, doc: Doc) -> Bearer | None:
        """A local body that a sentence names without binding it: "a 30% reduction across all
        systems".
        """
        for mention in self.organisations.find(
            doc.text, on=self.on, abbreviations=self.abbreviations
        ):
            if self.organisations[mention.id].kind in _NATIONAL or not mention.text.endswith("s"):
                continue
            before = doc.text[: mention.start].split()[-1:]
            every = before and before[0].lower() in ("all", "every", "each", "both", "our")
            text = (
                f"{before[0]} {mention.text}"
                if every and before[0].lower() != "our"
                else mention.text
            )
            return Bearer(text=text, source="context")
        return None

    def find_opening(self, doc: Doc) -> Bearer | None:
        """The body that a clause opens with: "all systems mitigate the risk" under "We expect
        that:".
        """
        mentions = self.organisations.find(doc.text, on=self.on, abbreviations=self.abbreviations)
        if not mentions or len(doc.text[: mentions[0].start].split()) > 2:
            return None
        return Bearer(text=self._tidy(doc.text[: mentions[0].end]), source="subject")

    def is_agent(self, head: Token, phrase: str) -> bool:
        """Whether a noun phrase names a body or people: its head noun does, or the register knows
        its end.
        """
        if head.lower_ in _AUTHOR:
            return True
        nouns = [head, *(c for c in head.conjuncts if c.i > head.i)]
        if any(
            n.lemma_.lower() in self.rules.agent_nouns or n.lower_ in self.rules.agent_nouns
            for n in nouns
        ):
            return True
        mentions = self.organisations.find(phrase, on=self.on, abbreviations=self.abbreviations)
        offset = phrase.find(head.text)
        return any(m.start <= offset < m.end for m in mentions)

    def is_body(self, phrase: str) -> bool:
        """Whether the register knows a body in `phrase`."""
        return bool(self.organisations.find(phrase, on=self.on, abbreviations=self.abbreviations))

    def canonical(self, bearer: str | None, publisher: str | None) -> tuple[str, ...]:
        """The organisation types of a bearer; "we" is whoever published the document."""
        if bearer is None:
            return ()
        words = bearer.lower().split()
        if words and words[0] in _AUTHOR and len(words) <= 2:
            return self.organisations.canonical(publisher or "", on=self.on)
        return self.organisations.canonical(bearer, on=self.on, abbreviations=self.abbreviations)

    def note(self, doc: Doc, discourse: Discourse, bearer: Bearer | None) -> None:
        """Tell the discourse what this sentence leaves in mind."""
        subjects = [
            t for t in doc if t.dep_ in ("nsubj", "nsubjpass") and t.pos_ in ("NOUN", "PROPN")
        ]
        spans = [(t, self._tidy(doc.text[slice(*noun_phrase(t))])) for t in subjects]
        bodies = [(t, p) for t, p in spans if self.is_agent(t, p)]
        if not bodies:
            mentions = self.organisations.find(
                doc.text, on=self.on, abbreviations=self.abbreviations
            )
            named = [m for m in mentions if m.text.lower() not in ("nhs", "system", "the nhs")]
            for mention in named[:1]:
                self._remember(discourse, mention.text, plural=mention.text.endswith("s"))
        for token, phrase in bodies[:1]:
            plural = (
                "Plur" in token.morph.get("Number", [])
                or token.lower_.endswith("s")
                or any(c.dep_ == "conj" for c in token.children)
            )
            self._remember(discourse, phrase, plural=plural)
        if bearer is not None and bearer.source in (
            "subject",
            "author",
            "agent",
            "possessive",
            "pronoun",
            "stem",
        ):
            discourse.bearer, discourse.age = bearer.text, 0

    @staticmethod
    def _remember(discourse: Discourse, phrase: str, *, plural: bool) -> None:
        if plural:
            discourse.plural = phrase
        else:
            discourse.singular = phrase

    def _from_pronoun(
        self, doc: Doc, token: Token, cue: Cue, discourse: Discourse
    ) -> Bearer | None:
        word = token.lower_
        if word in _AUTHOR:
            start, end = noun_phrase(token)
            return Bearer(text=self._tidy(doc.text[start:end]), source="author")
        if word in (
            "you",
            "everyone",
            "everybody",
            "anyone",
            "all",
            "one",
            "nobody",
            "none",
            "both",
            "each",
            "some",
            "many",
            "most",
            "any",
        ):
            start, end = noun_phrase(token)
            phrase = self._tidy(doc.text[start:end])
            if (
                word in ("all", "both", "each", "some", "many", "most", "any")
                and len(phrase.split()) == 1
            ):
                antecedent = discourse.plural or discourse.bearer
                return (
                    Bearer(text=antecedent, source="pronoun")
                    if antecedent
                    else Bearer(text=phrase, source="subject")
                )
            return Bearer(text=phrase, source="subject") if word != "nobody" else None
        earlier = self._earlier_in_sentence(doc, token)
        if word in _PERSONAL or word in _RELATIVE:
            plural = word in _PLURAL_PRONOUNS
            antecedent = (
                earlier or (discourse.plural if plural else discourse.singular) or discourse.bearer
            )
            return Bearer(text=antecedent, source="pronoun") if antecedent else None
        return None

    def _earlier_in_sentence(self, doc: Doc, token: Token) -> str | None:
        """The nearest body named before a pronoun in its own sentence."""
        wants_plural = token.lower_ in _PLURAL_PRONOUNS
        best: str | None = None
        if any(t.lower_ in ("their", "its", "his", "her") for t in doc[: token.i]):
            return None  # "In their role as commissioners, they ...": both look further back
        for other in doc[: token.i]:
            if other.dep_ in ("nsubj", "nsubjpass", "pobj", "dobj") and other.pos_ in (
                "NOUN",
                "PROPN",
            ):
                phrase = self._tidy(doc.text[slice(*noun_phrase(other))])
                plural = "Plur" in other.morph.get("Number", []) or other.lower_.endswith("s")
                if self.is_agent(other, phrase) and (plural or not wants_plural):
                    best = phrase if other.dep_.startswith("nsubj") or best is None else best
        return best

    def _agent(self, doc: Doc, cue: Cue) -> Bearer | None:
        """ "Plans must be signed off by boards": the boards."""
        verbs = [doc[cue.head], *doc[cue.head].conjuncts]
        for verb in verbs:
            for child in verb.children:
                if child.dep_ in ("agent", "prep") and child.lower_ == "by":
                    noun = next((c for c in child.children if c.dep_ == "pobj"), None)
                    if noun is None:
                        continue
                    phrase = self._tidy(doc.text[slice(*noun_phrase(noun))])
                    if self.is_agent(noun, phrase):
                        return Bearer(text=phrase, source="agent")
        return None

    def _owner(self, doc: Doc, subject: Token) -> Bearer | None:
        """ "Trusts' plans must ...", "the role of NHS England has to ...": a body that owns the
        subject.
        """
        for token in subject.subtree:
            if token.dep_ == "poss" and token.pos_ in ("NOUN", "PROPN"):
                phrase = self._tidy(doc.text[slice(*noun_phrase(token))])
                if self.is_agent(token, phrase):
                    return Bearer(text=re.sub(r"['’]s?$", "", phrase), source="possessive")
        for preposition in subject.children:
            if preposition.dep_ == "prep" and preposition.lower_ in (
                "of",
                "for",
                "on",
                "in",
                "by",
                "from",
                "between",
                "within",
                "across",
            ):
                noun = next((c for c in preposition.children if c.dep_ == "pobj"), None)
                if noun is not None:
                    phrase = self._tidy(doc.text[slice(*noun_phrase(noun))])
                    if self.is_agent(noun, phrase) and self.is_body(phrase):
                        return Bearer(text=phrase, source="possessive")
        return None

    @staticmethod
    def _from_context(discourse: Discourse) -> Bearer | None:
        """The body bound last under the same heading, if that is not long ago."""
        if discourse.bearer is not None and discourse.age <= 4:
            return Bearer(text=discourse.bearer, source="context")
        return None

    @staticmethod
    def _tidy(phrase: str) -> str:
        folded = " ".join(phrase.split())
        return _TRIM.sub("", folded)
