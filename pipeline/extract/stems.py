"""What the lead-in of a list passes on to its items: modality, bearer, deadline, condition."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_record import Cue
from pipeline.extract.cue_rules import CueRules
from pipeline.extract.cues import find_cues

if TYPE_CHECKING:
    from spacy.tokens import Doc

# A lead-in breaks off where its items go on; a word in their place lets it be parsed as a sentence.
_COMPLETIONS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), completion)
    for pattern, completion in (
        (
            r"\b(?:must|shall|should|will|may|can|could|to|not|also|then|either|both|and|or)$",
            " act",
        ),
        # "The board agreed that:": what is to be done, not what is so.
        (r"\b(?:agreed|resolved|decided),?\sthat$", " this be done"),
        (r"\bthat$", " they act"),
        (
            r"\b(?:by|through|on|for|of|from|with|including|include|includes|via|in|about)$",
            " acting",
        ),
        (r"\b(?:is|are|were|was)$", " these"),
        (r"\b(?:if|where|when|unless|whether)$", " they act"),
        # "We suggest that each practice": the items are what it is to do.
        (
            r"\b(?:ask|advise|demand|insist|propose|recommend|request|require|suggest)(?:s|ed|d)?"
            r"\sthat\s(?:(?:the|all|both|each|every|any|our|your)\s)?[\w’-]+(?:\s[\w’-]+){0,3}$",
            " do this",
        ),
    )
)
_TRAILING: Final = re.compile(r"[\s:;,.–—-]+$")


def complete_stem(stem: str) -> str:
    """The stem as a sentence that can be parsed: "All systems must:" is "All systems must act."."""
    bare = _TRAILING.sub("", stem)
    for pattern, completion in _COMPLETIONS:
        if pattern.search(bare):
            return f"{bare}{completion}."
    return f"{bare}."


def _turns_to_things(doc: Doc, cue: Cue) -> bool:
    """Whether a later clause, with a subject of its own, brings in what the items name: "Trusts
    were asked to join, and the following groups have been formed:".
    """
    return any(
        verb.dep_ == "conj"
        and verb.i > max(cue.head, cue.anchor)
        and any(
            subject.dep_ in ("nsubj", "nsubjpass")
            and any(word.lower_ in ("following", "these") for word in subject.subtree)
            for subject in verb.children
        )
        for verb in doc
        if verb.pos_ in ("VERB", "AUX")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StemReading:
    """A parsed stem: its governing cue, where it has one, in the completed sentence `text`."""

    stem: str
    text: str
    doc: Doc
    cue: Cue | None
    leads_to_that: bool  # "We expect that:": the items are clauses with bearers of their own
    conditional: bool  # "if:", "where:", "unless:": the items are conditions, not duties


def read_stem(stem: str, doc: Doc, rules: CueRules) -> StemReading:
    """Find the cue that governs what follows a stem: the last one that is not closed off in a side
    clause.
    """
    text = complete_stem(stem)
    bare = _TRAILING.sub("", stem).lower()
    cues = [
        c
        for c in find_cues(doc, rules)
        if not c.past
        and c.clause not in ("conditional", "question")
        and c.modality != "possibility"
    ]
    main = [c for c in cues if c.clause == "main"]
    governing = main or cues
    cue = governing[-1] if governing else None
    if cue is not None and _turns_to_things(doc, cue):
        cue = None
    return StemReading(
        stem=stem,
        text=text,
        doc=doc,
        cue=cue,
        leads_to_that=bare.endswith("that"),
        conditional=bare.endswith(
            ("if", "where", "when", "unless", "whether", "either of", "any of the following")
        ),
    )
