"""Cues: the words that carry a modality, found in the parse, each with what it governs and whom it
binds.

The classes are LegalRuleML's; scope and pseudo-cues follow the practice of negation detection
(NegEx, ConText). Each kind of cue has a module of its own: modals, verbs, predicates.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_complements import find_complements
from pipeline.extract.cue_headlines import find_headlines
from pipeline.extract.cue_infinitives import find_infinitives
from pipeline.extract.cue_modals import find_modals
from pipeline.extract.cue_needs import find_needs
from pipeline.extract.cue_predicates import find_predicates, find_requests, find_statuses
from pipeline.extract.cue_record import TURNED, Cue, has_negative_subject
from pipeline.extract.cue_rules import CueRules
from pipeline.extract.cue_verbs import find_verbs
from pipeline.extract.parse import subject_of

if TYPE_CHECKING:
    from spacy.tokens import Doc


def find_cues(doc: Doc, rules: CueRules) -> list[Cue]:
    """Every cue of a parsed unit, in order; of cues that govern one another one is left ("will need
    to").
    """
    found = [
        *find_modals(doc, rules),
        *find_verbs(doc, rules),
        *find_headlines(doc, rules),
        *find_predicates(doc, rules),
        *find_statuses(doc, rules),
        *find_infinitives(doc),
        *find_requests(doc, rules),
        *find_complements(doc),
        *find_needs(doc),
    ]
    return sorted(_merge(found, doc), key=lambda c: c.start)


_ONLY_WITH_MAY: Final = frozenset({"verb:wish", "verb:like", "verb:want"})


# "Required to plan to spend 1%": what somebody is told to intend is no promise of theirs.
_INTENT: Final = frozenset(
    {"verb:plan", "verb:aim", "verb:intend", "verb:propose", "verb:agree", "verb:undertake"}
)


def _merge(cues: list[Cue], doc: Doc) -> list[Cue]:
    """One cue where one governs the other: "will need to" is a need, "may be required to" a
    possibility.
    """
    merged: list[Cue] = []
    absorbed: set[int] = set()
    by_anchor = {c.anchor: n for n, c in enumerate(cues)}
    for n, outer in enumerate(cues):
        if not outer.rule.startswith("modal:"):
            continue
        inner_n = by_anchor.get(outer.head)
        if inner_n is None:
            inner_n = next(
                (
                    k
                    for k, c in enumerate(cues)
                    if k != n
                    and c.start <= outer.start
                    and outer.end <= c.end
                    and not c.rule.startswith("modal:")
                ),
                None,
            )
        if inner_n is None or inner_n == n or inner_n in absorbed:
            continue
        inner = cues[inner_n]
        absorbed |= {n, inner_n}
        forbids = outer.negated and has_negative_subject(doc[outer.head])
        issuer = subject_of(doc[inner.anchor])
        polite = inner.rule not in _TAKES or (issuer is not None and issuer.lower_ in ("we", "i"))
        merged.append(_combine(outer, inner, forbids=forbids, polite=polite))
    left = merged + [
        c for n, c in enumerate(cues) if n not in absorbed and c.rule not in _ONLY_WITH_MAY
    ]
    governed = {c.head for c in left if c.anchor != c.head}
    return [c for c in left if c.rule not in _INTENT or c.anchor not in governed]


_ADVISED: Final = frozenset(
    {
        "predicate:wise",
        "predicate:sensible",
        "predicate:better",
        "predicate:advisable",
        "predicate:helpful",
        "passive:advise",
        "noun:advice",
        "noun:recommendation",
    }
)


# "It would require them to recruit" says what it would take.
_TAKES: Final = frozenset(
    {"speaker:require", "speaker:need", "speaker:allow", "speaker:permit", "speaker:oblige"}
)


def _combine(outer: Cue, inner: Cue, *, forbids: bool, polite: bool) -> Cue:
    """A modal and what it governs as one cue; `forbids` tells of "no patient should have to",
    `polite` that the author speaks: "we would ask", where "it would require them to" supposes.
    """
    start, end = min(outer.start, inner.start), max(outer.end, inner.end)
    text = inner.text if inner.start <= outer.start else f"{outer.text} {inner.text}"
    both = replace(
        inner, start=start, end=end, text=text, past=False, subject=inner.subject or outer.subject
    )
    if outer.rule == "modal:would" and (
        (inner.rule.startswith(("speaker:", "expect:")) and polite)
        or inner.rule in _ADVISED
        or inner.modality == "prohibition"
    ):
        return both  # "we would ask", "would be wise to": polite, and no weaker for it
    if inner.rule in ("verb:wish", "verb:like", "verb:want"):
        weak = outer.rule in ("modal:may", "modal:might", "modal:can", "modal:could")
        # "Boards will want to", "will wish to": the mandarin's way of saying that they should.
        weak |= outer.rule == "modal:will" and inner.rule != "verb:like" and not outer.negated
        return replace(both, modality="recommendation" if weak else "possibility")
    if outer.rule == "modal:will" and outer.negated and inner.rule.startswith("speaker:"):
        return replace(
            both,
            modality="future",
            rule="modal:will",
            speaker=False,
            subject=outer.subject,
            negated=True,
        )
    binding = outer.rule in (
        "modal:must",
        "modal:should",
        "modal:ought",
        "modal:shall",
    ) and inner.rule not in ("verb:need", "verb:have")
    if not binding and (
        outer.rule in ("modal:will", "modal:shall")
        or (inner.rule.startswith("verb:") and outer.rule != "modal:would")
    ):
        weak = outer.rule in ("modal:may", "modal:can", "modal:could", "modal:might")
        modality = "possibility" if weak else inner.modality
        if outer.negated and not inner.negated:  # both have seen the one "not"
            modality = TURNED.get(inner.modality, inner.modality)
            if forbids and inner.modality == "obligation" and not outer.rule.endswith("will"):
                modality = "prohibition"
        return replace(both, modality=modality, negated=outer.negated or inner.negated)
    if inner.speaker:
        # "A supplier shall not require customers to pay", "boards may ask to wait": the subject is
        # told what to ask of others.
        both = replace(both, speaker=False, subject=outer.subject, head=outer.head)
    if outer.rule in ("modal:may", "modal:can", "modal:could", "modal:might", "modal:would"):
        if outer.rule == "modal:would" and outer.modality == "future" and not outer.negated:
            return both  # "she said that staff would be able to": they will
        return replace(both, modality="possibility")
    return replace(
        both,
        modality=outer.modality,
        strength=outer.strength,
        rule=outer.rule,
        negated=outer.negated,
    )
