"""Targets that are told without a modality: "The standard is that 78% ...", a row of a table of
targets; and what a unit as a whole says on whether it holds a requirement.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.extract.bearers import Bearer, BearerFinder, context_body
from pipeline.extract.bearers_context import Discourse
from pipeline.extract.candidate import Candidate, UnitView
from pipeline.extract.lookup import Dependencies, Tags, Words, root_of
from pipeline.extract.milestones import success_words
from pipeline.extract.quantities import Measurement
from pipeline.extract.roles import is_told_target
from pipeline.extract.units import Unit
from pipeline.records import Kind, Modality, PassageKind, QuantityKind

if TYPE_CHECKING:
    from spacy.tokens import Doc

_TARGET_NOUNS: Final = tuple(
    """
    aim objective allowance milestone benchmark tolerance quota target standard ambition goal
    requirement expectation limit ceiling cap threshold floor
    """.split()
)
_TARGET_NOUN: Final = rf"(?:(?:{'|'.join(_TARGET_NOUNS)})s?|trajector(?:y|ies)|control\stotals?)"
_LEVEL: Final = r"(?:rate|level|figure|share)s?"
_SOUGHT: Final = (
    r"(?:sought|wanted|required|expected|aimed\s(?:at|for)|looked\sfor|asked\sfor|needed)"
)
_TARGET_STATED: Final = re.compile(
    rf"\b{_TARGET_NOUN}\b[^.;]{{0,80}}?\b(?:is|are|remains?|stays?|rises?|moves?|becomes?|"
    rf"stands?)\b(?!\sbeing\b)"
    rf"|\b(?:is|are|with|has|have|set|sets|given|include|includes|including)\s(?:set\s)?(?:an?|"
    rf"the)?\s?(?:[\w’'-]+\s){{0,4}}?{_TARGET_NOUN}\s(?:of|for|to|that|at)\b"
    rf"|%\s(?:[\w-]+\s){{0,3}}?{_TARGET_NOUN}\b"
    r"|\b(?:measures?\sof\ssuccess|success\smeasures?)\s(?:is|are)\s"
    # "The rate sought is 67%", "25% is the level aimed at"
    rf"|\b{_LEVEL}\s(?:that\sis\s)?{_SOUGHT}\b[^.;]{{0,30}}?\b(?:is|are|remains)\b"
    rf"|\b(?:is|are|remains)\sthe\s(?:[\w-]+\s)?{_LEVEL}\s(?:that\sis\s|we\s)?{_SOUGHT}\b"
    # "Standard for the year: 78%", "Expected level by June: no more than 5%"
    rf"|^\W*(?:[\w’'-]+\s){{0,3}}?(?:{_TARGET_NOUN}|(?:expected|required|minimum|maximum|planned)\s"
    r"[\w-]+)(?:\s[\w’'/-]+){0,8}?:\s(?:[a-z]+\s){0,4}£?\d"
    # Prices and budgets lay down what they take for granted: "the tariff assumes savings of 2%".
    r"|\b(?:tariffs?|prices?|payment\sscheme|settlement|contracts?|rules?|planning\sassumptions?)\s"
    r"(?:also\s|now\s)?(?:assumes?|sets?|requires?|includes?|implies|imply|contains?|carr(?:y|ies))\s"
    r"(?:in\s)?(?:an?\s|the\s)?(?:[\w-]+\s){0,4}?(?:of|at)\s£?\d"
    r"|\b(?:is|are)\s(?:now\s|again\s)?(?:set|fixed|capped|pegged)\sat\s£?\d"
    r"|\befficiency\s(?:factor|requirement|ask|assumption)\s(?:of|at|is)\s\d"
    r"|\bwants?\s(?:at\sleast\s|a\sminimum\sof\s)?\d[\d.,]*\s?(?:%|per\scent)"
    # "The code calls for 95%", "the guidance looked for 40 beds".
    r"|\b(?:guidance|framework|code|contract|rules?|standard|mandate|constitution|regulator|"
    r"government)\s(?:calls|called|looks|looked|asks|asked)\sfor\s(?:[\w-]+\s){0,3}?\d"
    r"|\b(?:is|are)\sbuilt\sinto\s(?:the\s|all\s)?(?:[\w-]+\s)?(?:tariffs?|prices?|plans?|allocations?|"
    r"baselines?|contracts?|budgets?)\b",
    re.IGNORECASE,
)
# "The former ceiling of £5,000", "no minimum is set": no target, or one no more.
_ABOLISHED: Final = re.compile(
    rf"\b(?:previous|former|old|earlier)\s(?:[\w-]+\s)?{_TARGET_NOUN}\b"
    rf"|\bnumber\sof\s(?:[\w-]+\s){{0,2}}{_TARGET_NOUN}\b"
    rf"|\bno\s(?:[\w-]+\s)?(?:{_TARGET_NOUN}|minimum|maximum|figure)\s(?:is|has|was)\b"
    rf"|\b{_TARGET_NOUN}\b[^.;,]{{0,30}}\b(?:was|were|has\sbeen|have\sbeen)\s"
    r"(?:removed|scrapped|abolished|dropped|lifted|withdrawn)\b",
    re.IGNORECASE,
)
# "It reckons that a missed target costs £3m": an estimate of somebody's.
_RECKONED: Final = frozenset({"reckon", "estimate", "calculate", "guess", "predict", "forecast"})
# What every match of the patterns above holds, so that most units need not be searched.
_HINTS: Final = Words(
    {*_TARGET_NOUNS, *(f"{noun}s" for noun in _TARGET_NOUNS)}
    | {"trajectory", "trajectories", "control"}
    | {"tariff", "tariffs", "price", "prices", "payment", "settlement", "contract", "contracts"}
    | {"rule", "rules", "assumption", "assumptions", "set", "fixed", "capped", "pegged"}
    | {"efficiency", "want", "wants", "built", "minimum", "maximum", "figure"}
    | {"success", "sought", "wanted", "required", "expected", "planned", "aimed", "looked", "asked"}
    | {"needed"}
    | {"call", "look", "ask"}
)
_PLURAL: Final = Words({"they", "these"})
_SAID_OF: Final = Dependencies({"nsubj", "attr"})
_PAST: Final = Tags({"VBD"})
_MEASURED: Final = frozenset(QuantityKind) - {QuantityKind.COUNT}
# A bound on one of these is somebody's rule more often than not; on a duration, a measure's name
# ("waits of 12 hours or more").
_BOUNDED: Final = frozenset({QuantityKind.PERCENTAGE, QuantityKind.MONEY, QuantityKind.RATE})
_TARGET_WORD: Final = re.compile(rf"\b{_TARGET_NOUN}\b", re.IGNORECASE)
_AGAINST: Final = re.compile(
    r"\b(?:against(?!\s20\d\d)|compared|missed?|missing|met|below|above|short\sof|exceed\w*|achieved|"
    r"performance\swas|was|were|had|fell|rose|last\syear)\b",
    re.IGNORECASE,
)
_TARGET_LABEL: Final = re.compile(
    r"\b(?:targets?|ambition|trajectory|standard|goal|plan(?:ned|\sfor)|objective|expected|required"
    r"|milestone|minimum|by\s(?:the\send\sof\s)?(?:(?:january|february|march|april|may|june|july"
    r"|august|september|october|november|december)\b|Q[1-4]))\b|20\d\d/\d\d|(?<!\S)Q[1-4](?!\S)",
    re.IGNORECASE,
)


def find_target(
    view: UnitView, bearers: BearerFinder, discourse: Discourse, *, kind: Kind
) -> Candidate | None:
    """A target that is stated without a modality: "The standard is that 78% ..."; a row of a
    table of targets.
    """
    unit, doc, numbers = view.unit, view.doc, view.numbers
    if unit.text.rstrip().endswith("?"):
        return None
    success = success_words(unit.stems[-1]) if unit.stems else None
    if not numbers and success is None:
        return None
    row = unit.passage.kind is PassageKind.TABLE_ROW
    root = root_of(doc)
    hints = _HINTS.stand_in(doc)
    abolished = hints and _ABOLISHED.search(unit.text)
    if abolished or (root is not None and root.lemma_ in _RECKONED):
        return None
    told = any(is_told_target(n, doc) for n in numbers)
    if view.row is not None and view.row.is_record:
        return None
    stated = told or (
        hints
        and any(
            _TARGET_STATED.search(clause) and not _AGAINST.search(clause)
            for clause in unit.text.split("; ")
        )
    )
    labelled = row and kind is Kind.GUIDANCE and _is_labelled(view)
    measured = any(n.kind in _MEASURED or n.high is not None for n in numbers)
    bounded = any(n.kind in _BOUNDED and n.comparator in (">=", "<=") for n in numbers)
    hinted = bounded or (measured and hints and bool(_TARGET_WORD.search(unit.text)))
    in_table = row and measured and kind is Kind.GUIDANCE
    if not (stated or labelled or hinted or in_table or success):
        return None
    return Candidate(
        origin="target",
        modality=Modality.NONE,
        accepted=bool(stated or labelled or success),
        cue_text=success or ("target" if row else _target_words(unit.text)),
        confidence=0.55,
        bearer=bearers.find_named(doc) or _continued(doc, discourse),
        head=None,
        stem=unit.stems[-1] if success else None,
        governing=unit.stems[-1:] if success else (),
        evidence={
            "kind": kind.value,
            "stated": float(bool(stated)),
            "told": float(told),
            "labelled": float(labelled),
            "success": float(success is not None),
            "subject_target": float(_is_target_subject(doc)),
        },
    )


def _is_labelled(view: UnitView) -> bool:
    """Whether the headings of a row make targets of its figures."""
    if view.row is not None and view.row.targets:
        return True
    return bool(_TARGET_LABEL.search(" ".join(view.unit.passage.labels)))


def _continued(doc: Doc, discourse: Discourse) -> Bearer | None:
    """ "They include ...": a sentence that goes on about the last one has its bearer."""
    pronoun = any(
        t.dep_ == "nsubj" and t.head.dep_ == "ROOT" and t.lower_ in ("they", "these")
        for t in _PLURAL.tokens(doc)
    )
    return context_body(discourse) if pronoun else None


def _is_target_subject(doc: Doc) -> bool:
    """Whether a word for a target is the subject of the sentence, or what its subject is said to
    be.
    """
    return any(
        t.head.dep_ == "ROOT" and _TARGET_WORD.fullmatch(t.text) for t in _SAID_OF.tokens(doc)
    )


def _target_words(text: str) -> str:
    """The noun that says that a number is a target, as written."""
    found = re.search(rf"\b{_TARGET_NOUN}\b", text, re.IGNORECASE)
    return found.group() if found else "target"


def unit_evidence(unit: Unit, doc: Doc, numbers: list[Measurement]) -> dict[str, float | str]:
    """What a unit as a whole has to say on whether it holds a requirement."""
    root = root_of(doc)
    words = unit.text.lower().split()
    return {
        "passage": unit.passage.kind.value,
        "item": float(unit.is_item),
        "stem": float(bool(unit.stems)),
        "opening": doc[0].lemma_.lower() if len(doc) else "",
        "opening_tag": doc[0].tag_ if len(doc) else "",
        "root": root.lemma_.lower() if root is not None else "",
        "root_tag": root.tag_ if root is not None else "",
        "numbers": float(min(len(numbers), 4)) / 4,
        "percentage": float(any(n.kind is QuantityKind.PERCENTAGE for n in numbers)),
        "bounded": float(any(n.comparator in (">=", "<=") for n in numbers)),
        "target_word": float(_HINTS.stand_in(doc) and bool(_TARGET_WORD.search(unit.text))),
        "against": float(bool(_AGAINST.search(unit.text))),
        "past_verbs": float(min(len(_PAST.places(doc)), 3)) / 3,
        "quoted": float(unit.quoted),
        "mentioned": float(
            "“must”" in unit.text or "“should”" in unit.text or '"must"' in unit.text
        ),
        "length": float(min(len(words), 60)) / 60,
        "question_word": float(
            bool(words) and words[0] in ("what", "why", "how", "who", "whether", "which")
        ),
    }
