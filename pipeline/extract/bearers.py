"""Who is bound: the subject of the cue, of its stem, or of the sentence before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers_agents import acts, is_passive, is_served, is_undergone, names_doer
from pipeline.extract.bearers_context import Discourse
from pipeline.extract.cue_record import Cue
from pipeline.extract.cue_rules import CueRules
from pipeline.extract.lookup import SUBJECTS, Words
from pipeline.extract.parse import noun_phrase, text_of
from pipeline.lexicon import Mention, Organisations
from pipeline.records import Modality

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_AUTHOR: Final = frozenset({"we", "i", "us"})
_PLURAL_PRONOUNS: Final = frozenset({"they", "them", "these", "those", "their"})
_PERSONAL: Final = frozenset({"they", "them", "it", "he", "she", "those"})
_RELATIVE: Final = frozenset({"who", "which", "that", "whoever", "whichever", "what"})
_PLEASE: Final = Words({"please"})
_NAMED: Final = frozenset({"subject", "author", "agent", "possessive", "pronoun", "stem"})
_TRIM: Final = re.compile(r"^(?:and|or|but|that|,|;)\s+|[\s,;:]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who is bound: the words, and how they were come by.

    `source` is subject, author (we), agent (of a passive), possessive, pronoun, context or stem.
    """

    text: str
    source: str
    national: bool = False  # a department, regulator or national body: with "will" it promises
    served: bool = False  # one of those whom services are for


# Before a body in which, or throughout which, something is to be so.
_IN: Final = re.compile(
    r"\b(?:in|across|within|among|throughout|at)(?:\s[\w%]+(?:\sor\smore)?\sof)?$", re.IGNORECASE
)
# Before a body that has a part in it without having to act.
_OTHERS: Final = re.compile(
    r"\b(?:with|from|to|alongside|against)\s(?:(?:the|all|other|their|its|our|local|"
    r"neighbouring)\s)*$",
    re.IGNORECASE,
)
_ADDRESSING: Final = re.compile(
    r"\b(?:for|of|to|by|what|that|which)(?:\s(?:the|all))?$", re.IGNORECASE
)
_BINDING: Final = re.compile(r"(?:must|should|need|shall|will|have|are|can|may)\b", re.IGNORECASE)
_HEADING_WORDS: Final = 8
_TASKS: Final = frozenset("role duty responsibility task job remit function obligation".split())
_NATIONAL: Final = frozenset({"government", "national", "regulator"})


@dataclass(frozen=True, slots=True)
class BearerFinder:
    """Finds bearers in the documents of one date with the abbreviations that they define."""

    organisations: Organisations
    rules: CueRules
    on: date | None
    abbreviations: dict[str, str]
    found: dict[str, tuple[Mention, ...]] = field(default_factory=dict)  # so far, by text

    def find(self, doc: Doc, cue: Cue, discourse: Discourse) -> Bearer | None:
        """Whom `cue` binds; None where nobody is named and nobody can be inferred."""
        found = self._find(doc, cue, discourse)
        return None if found is None else replace(found, national=self._is_national(found.text))

    def _mentions(self, text: str) -> tuple[Mention, ...]:
        """The bodies that a text names; the same phrases are asked about many times."""
        if text not in self.found:
            self.found[text] = self.organisations.find(
                text, on=self.on, abbreviations=self.abbreviations
            )
        return self.found[text]

    def _is_national(self, phrase: str) -> bool:
        """Whether the first body named is a national one."""
        mentions = self._mentions(phrase)
        return bool(mentions) and self.organisations[mentions[0].id].kind in _NATIONAL

    def _find(self, doc: Doc, cue: Cue, discourse: Discourse) -> Bearer | None:
        subject = None if cue.subject is None else doc[cue.subject]
        if subject is not None and subject.lower_ == "it" and cue.rule.startswith("predicate:"):
            subject = None  # "it is essential to", "it would be wise to"
        if subject is None:
            owner = self._owner(doc, doc[cue.anchor]) if cue.rule.startswith("noun:") else None
            return (
                self._agent(doc, cue)
                or self.find_requested(doc)
                or owner
                or self.find_named(doc)
                or self._from_context(discourse, cue)
            )
        if subject.pos_ == "PRON" or subject.lower_ in _AUTHOR | _PERSONAL | _RELATIVE | {
            "this",
            "these",
        }:
            found = self._from_pronoun(doc, subject, cue, discourse)
            if found is not None or subject.lower_ in ("this", "these", "it", "that", "there"):
                setting = self._setting(doc) if subject.dep_ == "expl" else None
                return (
                    found or self._agent(doc, cue) or setting or self._from_context(discourse, cue)
                )
        start, end = noun_phrase(subject)
        phrase = self._tidy(text_of(doc)[start:end])
        if subject.pos_ == "NUM":
            return Bearer(text=phrase, source="subject")
        if cue.rule.startswith("modal:") and (by := self._passive_agent(doc, cue)):
            return by  # "trusts will be inspected by the regulator": it has to act
        if self._is_doer(subject, phrase, cue, doc[cue.head]):
            return Bearer(text=phrase, source="subject", served=is_served(subject))
        return (
            self._agent(doc, cue)
            or self._owner(doc, subject)
            or self._told(doc, cue)
            or self._setting(doc)
            or self._from_context(discourse, cue)
            or (Bearer(text=phrase, source="thing") if cue.speaker else None)
        )

    def _is_doer(self, subject: Token, phrase: str, cue: Cue, verb: Token) -> bool:
        """Whether the subject of a cue is who has to act."""
        if is_undergone(subject, cue, verb):
            return False
        return self.is_agent(subject, phrase) or acts(subject, cue, verb)

    def _told(self, doc: Doc, cue: Cue) -> Bearer | None:
        """ "Trusts are reminded that lists must fall": whoever is told what must be so."""
        verb = doc[cue.head]
        while verb.dep_ not in ("ccomp", "ROOT") and verb.head.i != verb.i:
            verb = verb.head
        if verb.dep_ != "ccomp":
            return None
        for child in verb.head.children:
            if child.dep_ == "nsubjpass" or (child.dep_ in ("dobj", "dative") and child.i < verb.i):
                phrase = self._tidy(text_of(doc)[slice(*noun_phrase(child))])
                if self.is_agent(child, phrase):
                    return Bearer(text=phrase, source="agent")
        return None

    def _setting(self, doc: Doc) -> Bearer | None:
        """ "Records must be in place in all trusts": the bodies in which something has to be so."""
        named = self.find_named(doc)
        if named is None:
            return None
        before = text_of(doc)[: text_of(doc).find(named.text)].split()[-6:]
        return named if _IN.search(" ".join(before)) else None

    def find_requested(self, doc: Doc) -> Bearer | None:
        """ "Please would all practices return ...": those who are asked politely."""
        if not _PLEASE.stand_in(doc):
            return None
        modal = next((t for t in doc if t.lower_ in ("would", "could", "will", "can")), None)
        if modal is None:
            return None
        for token in doc[modal.i + 1 : modal.i + 8]:
            if token.pos_ in ("NOUN", "PROPN") and token.dep_ != "compound":
                start, end = noun_phrase(token)
                phrase = self._tidy(text_of(doc)[max(start, doc[modal.i + 1].idx) : end])
                return (
                    Bearer(text=phrase, source="subject") if self.is_agent(token, phrase) else None
                )
        return None

    def find_addressee(self, heading: str) -> str | None:
        """The local bodies that a heading or a short lead-in speaks to: "Actions for ICBs"."""
        if len(heading.split()) > _HEADING_WORDS:
            return None
        mentions = self._mentions(heading)
        local = [m for m in mentions if self.organisations[m.id].kind not in _NATIONAL]
        if len(local) != 1 or len(mentions) != 1 or not local[0].text.endswith("s"):
            return None
        before, after = heading[: local[0].start].strip(), heading[local[0].end :].strip(" :.–-")
        spoken_to = not before or _ADDRESSING.search(before) is not None
        return local[0].text if spoken_to and (not after or _BINDING.match(after)) else None

    def find_named(self, doc: Doc) -> Bearer | None:
        """A local body that a sentence names without binding it: "a 30% reduction across all
        systems".
        """
        for mention in self._mentions(text_of(doc)):
            if self.organisations[mention.id].kind in _NATIONAL or not mention.text.endswith("s"):
                continue
            before = text_of(doc)[: mention.start].split()[-1:]
            if _OTHERS.search(text_of(doc)[: mention.start]):
                continue
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
        mentions = self._mentions(text_of(doc))
        if not mentions or len(text_of(doc)[: mentions[0].start].split()) > 2:
            return None
        return Bearer(text=self._tidy(text_of(doc)[: mentions[0].end]), source="subject")

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
        if any(names_doer(n) for n in nouns):
            return True
        mentions = self._mentions(phrase)
        offset = phrase.find(head.text)
        return any(m.start <= offset < m.end for m in mentions)

    def is_body(self, phrase: str) -> bool:
        """Whether the register knows a body in `phrase`."""
        return bool(self._mentions(phrase))

    def canonical(self, bearer: str | None, publisher: str | None) -> tuple[str, ...]:
        """The organisation types of a bearer; "we" is whoever published the document."""
        if bearer is None:
            return ()
        words = bearer.lower().split()
        if words and words[0] in _AUTHOR and len(words) <= 2:
            return self.organisations.canonical(publisher or "", on=self.on)
        return self.organisations.canonical(bearer, on=self.on, abbreviations=self.abbreviations)

    def note(
        self, doc: Doc, discourse: Discourse, bearer: Bearer | None, modality: Modality | None
    ) -> None:
        """Tell the discourse what a sentence of this modality leaves in mind."""
        self._note_named(doc, discourse)
        if bearer is None or bearer.source not in _NAMED:
            return
        if modality is Modality.COMMITMENT or bearer.source == "author":
            discourse.promiser = bearer.text
        elif not (bearer.served and modality is Modality.PERMISSION):
            discourse.bind(bearer.text)  # what is granted to somebody others have to provide

    def _note_named(self, doc: Doc, discourse: Discourse) -> None:
        """The bodies that "they" and "it" may come to mean."""
        subjects = SUBJECTS.tokens(doc)
        if any(t.lower_ in _PERSONAL and t.head.dep_ == "ROOT" for t in subjects):
            return  # it goes on about the same ones
        nouns = [t for t in subjects if t.pos_ in ("NOUN", "PROPN")]
        spans = [(t, self._tidy(text_of(doc)[slice(*noun_phrase(t))])) for t in nouns]
        bodies = [(t, p) for t, p in spans if self.is_agent(t, p)]
        if not bodies:
            mentions = self._mentions(text_of(doc))
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
            return Bearer(text=self._tidy(text_of(doc)[start:end]), source="author")
        if word == "our":
            return Bearer(text="we", source="author")  # "our ambition is to"
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
            phrase = self._tidy(text_of(doc)[start:end])
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
            return (
                Bearer(
                    text=(word == "you" and self._addressed(doc, token)) or phrase,
                    source="subject",
                    served=word != "you",
                )
                if word != "nobody"
                else None
            )
        earlier = self._earlier_in_sentence(doc, token)
        if word in _PERSONAL or word in _RELATIVE:
            plural = word in _PLURAL_PRONOUNS
            antecedent = earlier or (discourse.plural if plural else discourse.singular)
            if antecedent is None and not (word == "it" and _is_plural(discourse.bearer)):
                antecedent = discourse.bearer
            return Bearer(text=antecedent, source="pronoun") if antecedent else None
        return None

    def _addressed(self, doc: Doc, you: Token) -> str | None:
        """ "To all chief executives: by Easter you should ...": whom "you" means."""
        if doc[0].lower_ not in ("to", "dear") or doc[1].tag_ == "VB":
            return None
        stop = next((t.i for t in doc[: you.i] if t.text in (",", ":")), 0)
        named = [t for t in doc[1:stop] if t.pos_ in ("NOUN", "PROPN")]
        phrase = doc[1:stop].text
        return phrase if any(self.is_agent(t, phrase) for t in named) else None

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
                phrase = self._tidy(text_of(doc)[slice(*noun_phrase(other))])
                plural = "Plur" in other.morph.get("Number", []) or other.lower_.endswith("s")
                if self.is_agent(other, phrase) and plural == wants_plural:
                    best = phrase if other.dep_.startswith("nsubj") or best is None else best
        return best

    def _agent(self, doc: Doc, cue: Cue) -> Bearer | None:
        """ "Plans must be signed off by boards": the boards."""
        verbs = [doc[cue.head], *doc[cue.head].conjuncts]
        return next((by for v in verbs if (by := self._by_whom(doc, v)) is not None), None)

    def _passive_agent(self, doc: Doc, cue: Cue) -> Bearer | None:
        verb = doc[cue.head]
        return self._by_whom(doc, verb) if is_passive(verb) else None

    def _by_whom(self, doc: Doc, verb: Token) -> Bearer | None:
        """The body by which a thing is done."""
        for child in verb.children:
            if child.dep_ in ("agent", "prep") and child.lower_ == "by":
                noun = next((c for c in child.children if c.dep_ == "pobj"), None)
                if noun is None:
                    continue
                phrase = self._tidy(text_of(doc)[slice(*noun_phrase(noun))])
                if self.is_agent(noun, phrase):
                    return Bearer(text=phrase, source="agent")
        return None

    def _owner(self, doc: Doc, subject: Token) -> Bearer | None:
        """ "Trusts' plans must ...", "the role of NHS England has to ...": a body that owns the
        subject.
        """
        for token in subject.subtree:
            if token.dep_ == "poss" and token.pos_ in ("NOUN", "PROPN"):
                phrase = self._tidy(text_of(doc)[slice(*noun_phrase(token))])
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
                    phrase = self._tidy(text_of(doc)[slice(*noun_phrase(noun))])
                    task = preposition.lower_ == "of" and subject.lemma_.lower() in _TASKS
                    if self.is_agent(noun, phrase) and (task or self.is_body(phrase)):
                        return Bearer(text=phrase, source="possessive")
        return None

    @staticmethod
    def _from_context(discourse: Discourse, cue: Cue) -> Bearer | None:
        """The body bound last under the same heading, if that is not long ago; of a promise, the
        one that promised last.
        """
        promise = cue.modality == "commitment" or cue.rule == "modal:will"
        if promise and discourse.promiser is not None:
            return Bearer(text=discourse.promiser, source="context")
        foremost = discourse.foremost()
        return Bearer(text=foremost, source="context") if foremost else None

    @staticmethod
    def _tidy(phrase: str) -> str:
        folded = " ".join(phrase.split())
        return _TRIM.sub("", folded)


def _is_plural(name: str | None) -> bool:
    """Whether a body's name stands for several, so that "it" cannot mean them."""
    return name is not None and name.split(" of ", 1)[0].endswith("s")


def context_body(discourse: Discourse) -> Bearer | None:
    """The body that the passage is about; never the issuer, for a command is to somebody else."""
    foremost = discourse.foremost()
    return Bearer(text=foremost, source="context") if foremost else None
