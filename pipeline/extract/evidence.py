"""The evidence on a cue in its sentence: what the rules and the fitted classifier weigh."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import Bearer
from pipeline.extract.bearers_agents import is_served, is_share
from pipeline.extract.cue_record import Cue
from pipeline.extract.cue_rules import CueRules
from pipeline.extract.governors import (
    governor_kind,
    governor_of,
    promises_itself,
    speaks_for_itself,
)
from pipeline.extract.lookup import Tags, Words, has_number
from pipeline.extract.parse import own_clause, subject_of, text_of
from pipeline.records import Kind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


_STATIVE: Final = frozenset(
    """
    be have seem appear remain become contain depend vary exist lie stand belong know believe
    like hope feel wish expect
    """.split()
)
_ASIDE: Final = re.compile(
    r"^(?:say|admit|note|add|stress|emphasi[sz]e|confess|remember|recall|wonder|ask|think|assume|"
    r"imagine|suspect|argue|hope)$"
)
HISTORY: Final = re.compile(
    r"\b(?:in the past|previously|historically|at the time|last year|in those days|used to|no "
    r"longer|back then|until recently)\b",
    re.IGNORECASE,
)
_HEDGED: Final = re.compile(
    r"\b(?:hopefully|probably|perhaps|maybe|no doubt|likely|i "
    r"(?:think|suspect|fear|hope|believe|expect)|it seems|apparently|"
    r"it (?:is|seems) (?:also |quite |just |very )?(?:possible|conceivable|doubtful|unlikely) that|"
    r"in time|sooner or later|of course|arguably|inevitably|certainly|surely|doubtless|"
    r"undoubtedly|"
    r"on\s(?:current|present|this|these|past|recent)\s(?:form|trends?|assumptions?|projections?|"
    r"trajector(?:y|ies)|showing|estimates?)|at\s(?:this|the\s(?:current|present))\srate)\b",
    re.IGNORECASE,
)
# "I think" makes a guess of a forecast; before "should" or "need to" it only softens advice.
_OPINION: Final = re.compile(
    r"\b(?:i|we)(?:\s\w+)?\s(?:think|believe|feel)(?:\sthat)?\b", re.IGNORECASE
)
# What is said to get through a meeting, and done in saying it.
_CONDUCT: Final = re.compile(
    r"(?:['’]ll|\b(?:will|shall|let\sme|going\sto))\s(?:just\s|now\s|then\s|quickly\s)*(?:hand\s"
    r"(?:over|back|you)|move\son|come\s(?:back|on)\sto|turn\s(?:now\s)?to|make\sa\sstart|stop\s"
    r"there|pause|leave\s(?:it|that)\sthere|take\s[^,.;]{1,30}\sas\sread|start\swith|"
    r"begin\swith|kick\soff|wrap\sup|press\son|crack\son|keep\s(?:it|this)\s(?:brief|short)|"
    r"move\s(?:us|it|things)\son|come\s(?:in\son|to\syou)|"
    r"take\s(?:all\s)?(?:the\s|those\s|these\s)?questions|pass\s(?:on|over|it|you|back)\b|"
    r"ask\s\w+\sto\s(?:come|say|explain|introduce|talk|take\sus|start|comment|respond|speak)|"
    r"(?:not\s)?(?:say|comment|speculate|be\sdrawn))\b",
    re.IGNORECASE,
)
# "You will see from the table": what the reader finds out, and need not do.
_PERCEIVED: Final = frozenset(
    """
    see notice find recall remember know hear appreciate understand realise gather recognise guess
    """.split()
)
# What a risk would bring: "If the trust fails to recruit, then wards will close".
_RISK: Final = re.compile(
    r"\brisks?\s(?:is\s|are\s|was\s|remains?\s)?that\b[^.;:]*$|\bfailure\sto\b[^.;:]*$|"
    r"\bif\b[^.;]{0,120}\b(?:fails?|unable|not|cannot|without)\b[^.;]{0,200}\bthen\b",
    re.IGNORECASE,
)
_DUTIES: Final = frozenset({"obligation", "recommendation", "prohibition"})
_ASPECTS: Final = frozenset({"continue", "start", "begin", "resume", "cease"})
_CONDITIONS: Final = Words({"if", "unless"})
_PAST: Final = Tags({"VBD"})
# "Sets out what boards need to do": told elsewhere, and not here.
_INDIRECT: Final = re.compile(
    r"\b(?:describ\w+|explain\w*|list(?:s|ed|ing)?|outlin\w+|summaris\w+|cover(?:s|ed|ing)?|clarif\w+"
    r"|show(?:s|ed|n|ing)?|set(?:s|ting)?\sout|tells?\s\w+)\s(?:what|how|why|which|who)\b[^,;:.]*$",
    re.IGNORECASE,
)
# "The share of patients seen should rise to a third": a level to be reached, and no mere outcome.
_LEVEL: Final = re.compile(
    r"(?:\s[\w%£.,’'-]+){0,6}?\s(?:to|below|under|above)\s(?:(?:at|no|not|an?|about|around|least|most"
    r"|more|less|fewer|than|between|nearer)\s){0,3}"
    r"(?:£?\d|(?:zero|nil|half|third|quarter|fifth|two|three|four|five|one\sin)\b)",
    re.IGNORECASE,
)
_SPEECH: Final = Words(
    """
    say tell state announce argue warn add claim write report suggest explain confirm insist
    stress note reveal tweet respond
    """.split()
)


def gather_evidence(
    cue: Cue, doc: Doc, bearer: Bearer | None, *, kind: Kind, rules: CueRules, text: str
) -> dict[str, float | str]:
    """Named features of a cue in its sentence."""
    subject = None if cue.subject is None else doc[cue.subject]
    head = _what_is_done(doc[cue.head])
    issuer = _is_issuer(subject, bearer, rules)
    clause = cue.clause
    if kind is not Kind.GUIDANCE and cue.modality in _DUTIES and _OPINION.search(text[: cue.start]):
        text = _OPINION.sub("", text)
        clause = "main" if clause == "complement" else clause
    if clause == "complement" and (
        _INDIRECT.search(text, 0, cue.start) or _is_denied(doc[cue.anchor])
    ):
        clause = "question"
    subject_class = _subject_class(subject, bearer, issuer=issuer)
    own = own_clause(doc[cue.anchor])
    added = clause == "relative" and subject_class == "body" and _is_added(doc, cue)
    return {
        "governor": _governor(doc[cue.anchor], head, subject_class, clause=clause),
        "handed_on": "" if kind is Kind.GUIDANCE else _handed_on(cue, doc, subject, head),
        "rule": cue.rule,
        "modality": cue.modality,
        "clause": clause,
        "added": float(added),
        "kind": kind.value,
        "verb": head.lemma_.lower(),
        "outcome_verb": float(head.lemma_.lower() in rules.outcome_verbs and not _is_served(head)),
        "gain": float(_is_gain(head)),
        "counted": float(subject is not None and is_share(subject)),
        "told": float(clause == "complement" and _is_told_of_others(doc[cue.anchor], head)),
        "anecdote": float(bool(_ANECDOTE.match(text))),
        "disposed": float(head.lemma_.lower() in _DISPOSED and _is_passive(cue, head, subject)),
        "unable": float(head.lemma_.lower() in _UNABLE),
        "level": float(_LEVEL.match(text, head.idx + len(head)) is not None),
        "performance": float(subject is not None and _is_level_set(subject, head)),
        "predicted": float(_is_predicted(head)),
        "stative": float(
            head.lemma_.lower() in _STATIVE and (subject is None or subject.dep_ != "expl")
        ),
        "existential": float(subject is not None and subject.dep_ == "expl"),
        "aside": float(bool(_ASIDE.match(head.lemma_.lower()))),
        "passive": float(_is_passive(cue, head, subject)),
        "subject": subject_class,
        "bearer": bearer.source if bearer else "none",
        "past": float(cue.past),
        "perfect": float(cue.perfect),
        "negated": float(cue.negated),
        "question": float(text.rstrip(" ”’\"'").endswith("?")),
        "inverted": float(
            subject is not None and subject.i > cue.anchor and not _turned_by_ban(doc, cue)
        ),
        "history": float(bool(HISTORY.search(text))),
        "speech": float(any(t.pos_ == "VERB" for t in _SPEECH.tokens(doc))),
        "aside_to_reader": float(
            subject is not None and subject.lower_ == "you" and head.lemma_.lower() in _PERCEIVED
        ),
        "forecast": float(cue.speaker and _is_forecast(doc[cue.anchor])),
        "conduct": float(kind is not Kind.GUIDANCE and bool(_CONDUCT.search(text))),
        "risk": float(kind is not Kind.GUIDANCE and bool(_RISK.search(text[: cue.end]))),
        "first_person": float(bool(re.search(r"\b(?:I|my|me)\b", text))),
        "would": float(bool(re.search(r"\b(?:would|could|might)\b", text))),
        "if": float(any(t.dep_ == "mark" for t in _CONDITIONS.tokens(doc))),
        "pronoun": subject.lower_ if subject is not None and subject.pos_ == "PRON" else "",
        "hedged": float(bool(_HEDGED.search(text))),
        "depth": float(_depth(doc[cue.anchor], own)),
        "own_past": float(any(own_clause(t).i == own.i for t in _PAST.tokens(doc))),
        "joined": float(own.dep_ == "conj"),
        "words": float(min(len(doc), 80)) / 80,
        "number": float("%" in text_of(doc) or has_number(doc)),
    }


# What some one place does, told as an example to others.
_ANECDOTE: Final = re.compile(
    r"^\W*(?:case (?:study|example)\W+)?(?:in|at|across) (?:one|some|several|a few|many|most)"
    r" (?!of (?:the|these|those)\b)(?!cases?\b|circumstances\b|year\b|month\b)(?:[\w-]+ ){0,2}"
    r"(?:places?|areas?|parts?|systems?|trusts?|practices?|neighbourhoods?|regions?|sites?|"
    r"hospitals?|towns?|cit(?:y|ies)|count(?:y|ies)|boroughs?|networks?|boards?|services?|wards?|schools?)\b",
    re.IGNORECASE,
)
# What nobody can be forbidden, for it is not theirs to choose: "small sites cannot cope".
_UNABLE: Final = frozenset(
    """
    cope afford manage succeed survive thrive foresee predict guess concentrate flourish
    """.split()
)
# What rules say may or may not be done with a sum, a duty or a form; not what is possible.
_DISPOSED: Final = frozenset(
    """
    use spend delegate transfer carry claim count extend defer waive combine include submit upload
    share charge substitute withdraw pool vire reclaim redirect offset apply
    """.split()
)
_PREDICTABLE: Final = frozenset("possible rare unusual straightforward noticeable visible".split())
_SUFFICIENT: Final = frozenset({"enough", "sufficient", "adequate"})


# Measures of a service, whose "should rise to 78%" sets a level; demand and prices only rise.
_PERFORMANCE: Final = frozenset(
    """
    performance proportion percentage share rate coverage uptake compliance productivity utilisation
    occupancy achievement attainment completion
    """.split()
)


def _is_level_set(subject: Token, head: Token) -> bool:
    """ "Performance is expected to improve to 78%": a level to be reached."""
    if subject.lemma_.lower() not in _PERFORMANCE:
        return False
    return any(
        c.dep_ == "prep"
        and c.lower_ in ("to", "above", "below")
        and any(g.dep_ == "pobj" and any(t.like_num for t in g.subtree) for g in c.children)
        for c in head.children
    )


def _is_predicted(head: Token) -> bool:
    """ "One lagoon should be sufficient", "there should be fewer delays": how it is likely to
    be, not how it must be.
    """
    return head.lemma_ == "be" and any(
        (c.dep_ == "acomp" and c.lower_ in _PREDICTABLE)
        # "Staffing should be sufficient to meet demand" tells how much there must be.
        or (c.dep_ == "acomp" and c.lower_ in _SUFFICIENT and not any(c.children))
        or (c.dep_ == "attr" and any(m.tag_ == "JJR" and m.i < c.i for m in c.children))
        for c in head.children
    )


def _is_served(head: Token) -> bool:
    """ "Practices will see nine in ten patients": what they do for them, not what they notice."""
    if head.lemma_.lower() != "see":
        return False
    seen = next((c for c in head.children if c.dep_ == "dobj"), None)
    return seen is not None and (
        is_served(seen)
        or any(
            g.dep_ == "pobj" and is_served(g)
            for p in seen.children
            if p.lower_ == "of"
            for g in p.children
        )
    )


_BANS: Final = frozenset(
    {"nor", "neither", "circumstances", "account", "time", "never", "nowhere", "case", "point"}
)


def _turned_by_ban(doc: Doc, cue: Cue) -> bool:
    """ "Nor should boards sign", "under no circumstances may they": no question, a ban."""
    return cue.negated and cue.anchor > 0 and doc[cue.anchor - 1].lower_ in _BANS


_GAINED: Final = frozenset({"see", "notice", "feel", "find", "experience", "enjoy", "gain"})
_GAINS: Final = frozenset(
    """
    improvement reduction benefit change rise fall drop difference result gain saving increase
    decrease effect
    """.split()
)


def _is_gain(head: Token) -> bool:
    """ "Providers should see fewer falls": what is to be hoped for, whoever the subject is."""
    if head.lemma_.lower() not in _GAINED:
        return False
    return any(
        c.dep_ == "dobj"
        and (
            c.lemma_.lower() in _GAINS
            or any(a.tag_ in ("JJR", "RBR") and a.i < c.i for a in c.children)
        )
        for c in head.children
    )


def _is_added(doc: Doc, cue: Cue) -> bool:
    """Whether a relative clause says something more of its noun, and does not tell which is meant:
    "boards, who are free to decide".
    """
    if cue.rule.startswith("modal:"):
        return False
    relative = next(
        (
            t
            for t in reversed(doc[max(0, cue.anchor - 4) : cue.anchor])
            if t.lower_ in ("who", "which")
        ),
        None,
    )
    return relative is not None and relative.i > 0 and doc[relative.i - 1].text == ","


_FORECASTERS: Final = frozenset(
    """
    analyst economist expert forecaster commentator observer insider researcher pundit modeller
    academic critic
    """.split()
)


def _is_forecast(expecting: Token) -> bool:
    """ "Analysts expect the deficit to grow": they ask for nothing."""
    who = subject_of(expecting)
    return who is not None and who.lemma_.lower() in _FORECASTERS


_MEANING: Final = frozenset({"mean", "imply", "follow", "suggest"})


def _is_denied(anchor: Token) -> bool:
    """ "This does not mean that boards have to": it says that they need not, and binds nobody."""
    governor = governor_of(anchor)
    return (
        governor is not None
        and governor.lemma_.lower() in _MEANING
        and any(c.dep_ == "neg" for c in governor.children)
    )


def _what_is_done(head: Token) -> Token:
    """The verb that says what is done: of "continue to be reported", the reporting."""
    if head.lemma_.lower() not in _ASPECTS:
        return head
    return next(
        (
            c
            for c in head.children
            if c.dep_ == "xcomp"
            and c.tag_ in ("VB", "VBN")
            and any(t.lower_ == "to" for t in c.children)
        ),
        head,
    )


def _governor(anchor: Token, head: Token, subject_class: str, *, clause: str) -> str:
    """What the cue's clause hangs on: speech, promise, belief, view, asking or nothing."""
    governor = governor_of(anchor) or governor_of(head)
    kind = governor_kind(governor)
    if kind == "promise" and governor is not None and speaks_for_itself(governor):
        # "I promise you that they will come" is what I believe of others.
        return kind if subject_class == "author" else "view"
    if kind == "belief" and clause != "complement":
        return "view"  # "I think boards should": advice, and put softly
    return kind


def _handed_on(cue: Cue, doc: Doc, subject: Token | None, head: Token) -> str:
    """Of what is said or promised to come: whether the speaker is to do it, somebody else, or
    nobody in particular.
    """
    if cue.modality != "future":
        return ""
    governor = governor_of(doc[cue.anchor]) or governor_of(doc[cue.head])
    if governor is None or governor_kind(governor) not in ("speech", "promise"):
        return ""
    if any(c.tag_ in ("WP", "WDT", "WRB") for c in head.children):
        return ""  # "what she said that she will do"
    if promises_itself(governor, subject) and head.tag_ != "VBG":
        return "self"  # but for "she said that she would be writing it in the bath"
    return "done" if _is_passive(cue, head, subject) else "other"


def _is_told_of_others(anchor: Token, head: Token) -> bool:
    """ "Five practices agreed that no call should wait": what others once settled or thought."""
    governor = governor_of(anchor) or governor_of(head)
    if governor is None or governor.tag_ != "VBD" or governor_kind(governor) == "speech":
        return False
    return bool(governor_kind(governor)) and not speaks_for_itself(governor)


def _is_passive(cue: Cue, head: Token, subject: Token | None) -> bool:
    """Whether what is to be done is said in the passive: its subject is no doer."""
    if any(c.dep_ == "auxpass" for c in head.children):
        return True
    return cue.rule.startswith("modal:") and subject is not None and subject.dep_ == "nsubjpass"


def _depth(token: Token, own: Token) -> int:
    """How far below the verb of its own clause a word hangs."""
    depth = 0
    while token.i != own.i and depth < 8:
        token, depth = token.head, depth + 1
    return depth


def _is_issuer(subject: object, bearer: Bearer | None, rules: CueRules) -> bool:
    if bearer is None or bearer.source == "context":
        return False
    name = re.sub(r"^(?:the|our)\s+", "", bearer.text.lower())
    name = re.sub(r"['’]s\b.*$", "", name)
    if bearer.national:
        return True
    first = re.split(r"\s+(?:and|or|,)\s+|,", name)[0].strip()
    return bearer.source == "author" or first in rules.issuers or name in rules.issuers


def _subject_class(subject: object, bearer: Bearer | None, *, issuer: bool) -> str:
    """author, body, pronoun, thing or none."""
    if issuer:
        return "author"
    if bearer is None:
        return "none" if subject is None else "thing"
    if bearer.source in ("subject", "stem"):
        return "body"
    return {"pronoun": "pronoun", "agent": "agent", "possessive": "owned"}.get(
        bearer.source, "thing"
    )
