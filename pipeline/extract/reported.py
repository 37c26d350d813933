"""Whose requirement it is: the document's own, or somebody else's that it reports.

Guidance speaks for itself. A commentary mostly passes on what it comments, and mixes in advice of
its own; a board paper mostly speaks of its own house, and passes on what was laid down for all.
Three questions tell them apart, in this order: does the author speak, is somebody else said to want
it, and if neither, what do documents of this kind mostly do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import Bearer, BearerFinder
from pipeline.extract.candidate import Candidate
from pipeline.extract.governors import governor_of, speaks_for_itself
from pipeline.extract.lookup import Words
from pipeline.extract.parse import noun_phrase, subject_of, text_of
from pipeline.records import Kind, Modality

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SPEECH: Final = Words(
    """
    say tell state announce argue warn claim write report suggest explain confirm insist stress
    mandate require instruct outline urge recommend promise dictate demand order set specify
    stipulate ask expect call propose add remind oblige assure pledge reveal mean
    """.split()
)
# What lays rules down, where a document names it as their origin.
_RULEBOOK: Final = (
    r"(?:guidance|framework|mandate|white paper|act|bill|regulations?|rules?|letter|constitution|"
    r"document|contract|regime|law|standards?)"
)
_SOURCE: Final = re.compile(
    r"\baccording to\b|\bas reported\b|\b(?:statutory|by statute|job description)\b|"
    r"\bnational(?:ly)?\s(?:\w+\s)?(?:targets?|standards?|requirements?|guidance|ambitions?|goals?|"
    r"rules?|objectives?|expectations?|polic\w+|strategy)\b|"
    rf"\b(?:under|in|by|from)\s(?:the|this|that|last|next)(?:\s[\w’-]+){{0,3}}?\s{_RULEBOOK}\b|"
    r"\b(?:required|told|asked|expected|set|laid down|demanded|wanted)\sby\s(?:NHS|the\s(?:centre|"
    r"government|treasury|region|department|regulators?|inspectors?))\b",
    re.IGNORECASE,
)
_NAMES_RULEBOOK: Final = re.compile(
    rf"\b(?:{_RULEBOOK}|plan|paper|report|centre|regulators?)\b", re.IGNORECASE
)
_SAID: Final = re.compile(
    r"(?P<who>[\w’'&]+(?:\s[\w’'&]+){0,5}?)(?<!\bis)(?<!\bare)(?<!\bwas)(?<!\bwere)(?<!\bbe)"
    r"(?<!\bbeen)\s(?:has\s|have\s|had\s)?(?:says?|said|asks?|asked|"
    r"wants?|wanted|requires?|required|expects?|expected|told)\b",
    re.IGNORECASE,
)
_LEVEL: Final = re.compile(
    r"\b(?:requirement|standard|objective|ambition|constitution|tolerance)\b", re.IGNORECASE
)
_ATTRIBUTED: Final = re.compile(
    r"\baccording to\s+(?:the\s+)?(?P<who>[A-Z][\w’'& ]{2,60}?)(?=[,.(]|$)"
)
_OWN_VOICE: Final = re.compile(
    r"\b(?:my|our)\s(?:own\s)?(?:\w+\s)?(?:advice|view|counsel|recommendation|suggestion|plea|"
    r"verdict|hope|message|trajectory|plan|target|limit|policy|ceiling)\b|"
    r"\b(?:we|i)(?:['’](?:d|ll|ve))?\s(?:\w+\s){0,2}?(?:advise|recommend|suggest|urge|think|"
    r"believe|argue|argued|propose|say|would|wish|want|written)\b",
    re.IGNORECASE,
)
_FIRST: Final = frozenset({"we", "i", "us", "our", "my"})
_READERS: Final = frozenset("you your reader readers member members subscribers colleagues".split())
# Who meets, in a board paper or its minutes, and is asked to note and to approve.
_MEETING: Final = re.compile(
    r"^(?:(?:the|all|every|each|any)\s)?(?:board|directors?|governors|committee|members?|panel|"
    r"cabinet|council|trustees|colleagues)\b",
    re.IGNORECASE,
)
_ASKED_TO_NOTE: Final = re.compile(r"passive:(?:ask|invite|recommend|advise|request)$")
# Those who speak at a meeting, and for the house itself.
_OWN_PEOPLE: Final = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|prof|professor|sir|dame|cllr|chair(?:man|woman)?|director|officer|"
    r"executive|secretary|nurse|team|member|governor|trust|board|committee|division|people|attendees|he|she|i|we)\b",
    re.IGNORECASE,
)
_RESOLVED: Final = frozenset({"passive:agree", "passive:resolve", "passive:decide"})
_PROMISED: Final = frozenset(
    {"verb:promise", "verb:pledge", "verb:undertake", "verb:agree", "verb:commit"}
)
_OWN_ORIGINS: Final = frozenset({"action", "request", "imperative"})
# Everybody of a kind: what is said of all of them is no business of one house.
_KIND: Final = (
    r"(?:trust|provider|system|icb|ccg|integrated care board|commissioner|practice|organisation|"
    r"council|authority|body|group|force|hospital|health board|pharmacy)"
)
_KINDS: Final = (
    r"(?:trusts|providers|systems|icbs|ccgs|integrated care boards|commissioners|practices|"
    r"organisations|councils|authorities|bodies|groups|forces|hospitals|health boards|pharmacies|"
    r"patients|people)"
)
_GENERIC: Final = re.compile(
    rf"^(?:nobody\b|(?:all|every|each|any|no)\s(?:\w+\s)?(?:{_KIND}|{_KINDS})\b(?!\sboard)|"
    rf"(?!(?:the|our|this|these|its|my|your)\s)(?:\w+\s)?{_KINDS}\b)",
    re.IGNORECASE,
)
# The house as a whole: what it must do, somebody else has laid down.
_HOUSE: Final = re.compile(
    r"^(?:the|this|our)\s(?:\w+\s)?(?:trust|icb|ccg|council|force|authority|system|panel|"
    r"integrated care board|health board|organisation)$",
    re.IGNORECASE,
)
_BINDING: Final = frozenset({Modality.OBLIGATION, Modality.PROHIBITION})
_POWERS: Final = re.compile(
    r"\b(?:national bodies|ministers?|government|treasury|officials|department|regulators?|"
    r"whitehall|parliament)\b",
    re.IGNORECASE,
)
# How a commentator advises; without a number or a day, it is he who does.
_ADVICE: Final = frozenset({"verb:need", "modal:must"})
_STANDARDS: Final = frozenset({"modal:should", "modal:ought"})


def is_reported(
    candidate: Candidate, doc: Doc, *, kind: Kind, quoted: bool, quantities: int, dated: bool
) -> bool:
    """Whether the document reports the requirement of another; guidance speaks for itself.

    Quantities and a day tell for a rule that was laid down: mere advice seldom has them.
    """
    if kind is Kind.GUIDANCE:
        return False
    if quoted:
        return True
    if candidate.origin in _OWN_ORIGINS or _rule(candidate) in _RESOLVED:
        return False
    if _says_so_itself(candidate, doc):
        return False
    paper = kind is Kind.BOARD_PAPER
    told = _passed_on_in_paper(candidate, doc) if paper else _passed_on_in_comment(candidate, doc)
    if told is not None:
        return told
    if paper:
        return _of_everybody(candidate, doc, measured=quantities > 0)
    return _of_comment(candidate, quantities=quantities, dated=dated)


def _says_so_itself(candidate: Candidate, doc: Doc) -> bool:
    """Whether the author speaks: "we urge", "my advice", "we will"."""
    cue, bearer = candidate.cue, candidate.bearer
    before = text_of(doc)[: cue.end if cue else None]
    if _OWN_VOICE.search(" ".join((*candidate.governing, before))):
        return True
    if candidate.modality is Modality.COMMITMENT:
        return bearer is not None and bearer.source == "author"
    if cue is None:
        return False
    if cue.speaker and (issuer := subject_of(doc[cue.anchor])) is not None:
        return issuer.lower_ in ("we", "i")
    governor = governor_of(doc[cue.anchor])
    return governor is not None and speaks_for_itself(governor)


def _rule(candidate: Candidate) -> str:
    return candidate.cue.rule if candidate.cue is not None else candidate.origin


def _sayers(candidate: Candidate, doc: Doc) -> Iterator[Token]:
    """Who is said to say or want something, the requirement's own verb aside."""
    for token in _SPEECH.tokens(doc):
        if token.pos_ != "VERB":
            continue
        if candidate.cue is not None and (
            token.i == candidate.cue.head
            # "Boards must listen to those who say so": no source, but for ", she said".
            or (token.i > candidate.cue.anchor and token.dep_ not in ("ROOT", "parataxis"))
        ):
            continue
        sayer = subject_of(token)
        participle = token.dep_ == "acl" and token.tag_ == "VBN"  # "the level set last year"
        if participle or (sayer is not None and sayer.dep_ == "nsubjpass"):
            sayer = _agent(token)
        if sayer is None or sayer.lower_ in _FIRST or sayer.i > token.i + 5:
            continue
        if token.lemma_.lower() == "mean" and not _NAMES_RULEBOOK.search(sayer.text):
            continue  # "the regulations mean that they must", but not "the leak means that"
        if candidate.cue is None or sayer.i != candidate.cue.subject:
            yield sayer


def _agent(verb: Token) -> Token | None:
    """By whom something is said or asked."""
    by = next((c for c in verb.children if c.dep_ == "agent"), None)
    return None if by is None else next((c for c in by.children if c.dep_ == "pobj"), None)


def _names_source(candidate: Candidate, doc: Doc) -> bool:
    """Whether the words name a rulebook, or its lead-in says that somebody else said so."""
    if _SOURCE.search(text_of(doc)):
        return True
    lead_in = " ".join(candidate.governing)
    return _SOURCE.search(lead_in) is not None or any(
        said["who"].split()[-1].lower() not in _FIRST for said in _SAID.finditer(lead_in)
    )


def _passed_on_in_comment(candidate: Candidate, doc: Doc) -> bool | None:
    """Whether a commentary attributes what it tells; None where it does not say."""
    cue, bearer, rule = candidate.cue, candidate.bearer, _rule(candidate)
    if _names_source(candidate, doc):
        return True
    if cue is not None and (cue.speaker or rule.startswith("asked:")):
        return True
    if bearer is not None and _first_word(bearer) in _READERS:
        return False
    if rule.startswith("passive:"):
        return True
    if candidate.modality is Modality.COMMITMENT and bearer is not None:
        return True
    return True if next(_sayers(candidate, doc), None) is not None else None


def _passed_on_in_paper(candidate: Candidate, doc: Doc) -> bool | None:
    """The same of a board paper, where the house's own people speak for the house."""
    cue, bearer, rule = candidate.cue, candidate.bearer, _rule(candidate)
    asked_to_note = candidate.stem is not None or _ASKED_TO_NOTE.match(rule)
    if asked_to_note and bearer is not None and _MEETING.match(bearer.text):
        return False
    if _names_source(candidate, doc):
        return True
    if (cue is not None and cue.speaker) or rule.startswith("asked:"):
        sayer = subject_of(doc[cue.anchor]) if cue is not None else None
        return sayer is None or not _OWN_PEOPLE.search(_phrase(sayer))
    if candidate.modality is Modality.COMMITMENT:
        if bearer is None or bearer.source == "context":
            return next(_sayers(candidate, doc), None) is not None
        if bearer.national or _POWERS.search(bearer.text):
            return True
        return rule in _PROMISED and not _OWN_PEOPLE.search(bearer.text)
    if any(not _OWN_PEOPLE.search(_phrase(s)) for s in _sayers(candidate, doc)):
        return True
    return None


def _first_word(bearer: Bearer) -> str:
    words = [w for w in bearer.text.lower().split() if w not in ("the", "all", "every", "each")]
    return words[0] if words else ""


def _phrase(noun: Token) -> str:
    start, end = noun_phrase(noun)
    return text_of(noun.doc)[start:end]


def _of_everybody(candidate: Candidate, doc: Doc, *, measured: bool) -> bool:
    """What a board paper says of trusts at large, or as a standard of no one, was laid down for
    all.
    """
    if candidate.modality is Modality.NONE:
        return _LEVEL.search(text_of(doc)) is not None
    bearer = candidate.bearer
    if bearer is not None and bearer.source != "context":
        advice = candidate.modality is Modality.RECOMMENDATION and not measured
        if candidate.modality in _BINDING and _HOUSE.match(bearer.text):
            return True
        return _GENERIC.match(bearer.text) is not None and not advice
    return measured and _rule(candidate) in _STANDARDS


def _of_comment(candidate: Candidate, *, quantities: int, dated: bool) -> bool:
    """What a commentary neither owns nor attributes: rules, mostly, and advice."""
    if candidate.modality is Modality.NONE:
        return True
    bearer = candidate.bearer
    named = bearer is not None and bearer.source != "context"
    if bearer is not None and named and (bearer.national or _POWERS.search(bearer.text)):
        return False  # told to those who lay the rules down, by one who does not
    if candidate.modality in (Modality.RECOMMENDATION, Modality.PROHIBITION):
        return quantities > 0 and candidate.origin != "stem"
    return _rule(candidate) not in _ADVICE or quantities > 0 or dated


def find_speaker(candidate: Candidate, doc: Doc, finder: BearerFinder) -> str | None:
    """Who says it: the subject of the verb of saying or the agent of its passive, the source it is
    attributed to, or who speaks in the lead-in; None where none is named.
    """
    attributed = _ATTRIBUTED.search(text_of(doc))
    if attributed is not None:
        return " ".join(attributed["who"].split())
    for sayer in _sayers(candidate, doc):
        if sayer.pos_ in ("NOUN", "PROPN"):
            phrase = " ".join(_phrase(sayer).split())
            if (
                sayer.pos_ == "PROPN"
                or finder.is_agent(sayer, phrase)
                or _NAMES_RULEBOOK.search(phrase)
            ):
                return phrase
    for said in _SAID.finditer(" ".join(candidate.governing)):
        if finder.is_body(said["who"]) or _NAMES_RULEBOOK.search(said["who"]):
            return said["who"]
    return None
