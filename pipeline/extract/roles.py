"""What each number is for, and of what: target, change, threshold, statistic, allocation; and its metric."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.extract.quantities import Measurement
from pipeline.records import QuantityKind, Role

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CHANGE_NOUN: Final = (
    r"(?:reductions?|increases?|improvements?|growth|cuts?|savings?|falls?|rises?|uplifts?|decreases?|drop|gains?|"
    r"fewer|less|more|lower|higher|extra|additional|new|better|net)"
)
_CHANGE_AFTER: Final = re.compile(
    rf"^(?:\s(?:per\s\w+|a\syear|real[- ]terms|overall|annual|year[- ]on[- ]year|[\w-]+)){{0,2}}?\s{_CHANGE_NOUN}\b",
    re.IGNORECASE,
)
_CHANGE_BEFORE: Final = re.compile(
    rf"(?:\b(?:reductions?|increases?|improvements?|growth|cuts?|savings?|uplifts?|decreases?|rises?|falls?)\s(?:of|by)\s|"
    r"\b(?:by|further|additional|extra|another)\s)(?:at\sleast\s|up\sto\s|a\s|an\s|more\sthan\s|over\s|around\s|about\s|some\s|"
    r"(?:a\s)?minimum\s(?:of\s)?|the\s)*$",
    re.IGNORECASE,
)
_CHANGE_VERB: Final = frozenset(
    "reduce increase improve cut raise lower grow expand rise fall decrease boost shrink save uplift add recruit".split()
)
_TO_BEFORE: Final = re.compile(
    r"\b(?:to|reach(?:es|ing)?|achiev\w+|at|towards?|hit(?:ting)?|meet(?:ing)?|is|of|deliver(?:ing)?|be)\s(?:an?\s|the\s)?"
    r"(?:(?:average|mean|median|minimum|maximum|total|level|rate|target|figure)\s(?:of\s)?)?$",
    re.IGNORECASE,
)
_FROM_BEFORE: Final = re.compile(
    r"\b(?:up|down)?\s?from\s(?:an?\s|the\s|around\s|about\s|its\s|just\s|over\s)*$", re.IGNORECASE
)
_MONEY_GIVEN: Final = re.compile(
    r"\b(?:fund(?:ing|ed|s)?|allocat\w+|invest\w*|grants?|budgets?|provid\w+|ma(?:k|d)e\savailable|worth|capital|backed|"
    r"spend(?:ing)?|share|ring[- ]?fenced?|set\saside|pot|pay(?:ment)?s?|award\w*|receiv\w+|giv\w+|pool\w*|support\w*)\b",
    re.IGNORECASE,
)
_MONEY_REACHED: Final = re.compile(
    r"\b(?:sav(?:e|es|ing|ings)|effici\w+|deliver\w*|achiev\w*|deficits?|surplus\w*|ceiling|cap|limit|exceed|charges?|cost)\b",
    re.IGNORECASE,
)
_TIME_MEASURED: Final = re.compile(
    r"\b(?:average|averag\w+|mean|median|response\stimes?|takes?|taking|handovers?|within|no\s(?:longer|more|later)\sthan|every|"
    r"at\sleast|minimum|last(?:s|ing)?|retain\w*|kept?|keep|respond|repl(?:y|ies)|answer|notify|notified|notice|publish\w*|"
    r"submit\w*|report(?:ed)?|complete[ds]?|begin|start|review\w*|respon\w+|record\w*|inform\w*|return\w*|decid\w+|appeal\w*)\b",
    re.IGNORECASE,
)
_OTHERS_WAIT: Final = re.compile(
    r"\b(?:patients?|people|those|waits?|waiting|waited|waiters?|breach\w*|seen|treated|discharged|admitted|aged?|cases?|pathways?|"
    r"stays?|delays?|proportion|percentage|number|share|rate|children|adults|homes|calls|referrals|tenants|pupils|applications)\b",
    re.IGNORECASE,
)
_SETTING: Final = re.compile(
    r"^\s(?:[\w-]+\s){0,3}?(?:plans?|programmes?|strateg\w+|periods?|contracts?|frameworks?|settlements?|budgets?|terms?|cycles?)\b",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    r"^\s(?:[\w’'‘-]+\s){0,3}?(?:areas?|principles?|parts?|phases?|tranches?|types?|ways?|reasons?|things?|elements?|stages?|themes?|"
    r"categor\w+|steps?|factors?|options?|questions?|issues?|points?|chapters?|sections?|domains?|pillars?|groups?|sets?|kinds?|"
    r"priorit\w+|objectives?|goals?|aims?|shifts?|conditions?|criteria|tests?|measures?|features?)\b",
    re.IGNORECASE,
)


def role_of(m: Measurement, doc: Doc, others: list[Measurement], *, binding: bool) -> Role:
    """What the number `m` of a parsed unit is for; `others` are the unit's numbers, `binding` tells a requirement."""
    before, after = doc.text[: m.start], doc.text[m.end :]
    if not binding and not re.search(
        r"\b(?:target|ambition|standard|goal|aim)\b", doc.text, re.IGNORECASE
    ):
        return (
            Role.THRESHOLD
            if m.kind is QuantityKind.DURATION and _defines(m, doc.text, others)
            else Role.STATISTIC
        )
    if _FROM_BEFORE.search(before):
        return Role.STATISTIC
    if m.kind is QuantityKind.DURATION:
        return _role_of_duration(m, doc.text, others)
    if m.kind is QuantityKind.PERCENTAGE_POINTS:
        return Role.CHANGE
    if m.kind is QuantityKind.MONEY:
        return _role_of_money(m, doc)
    if _is_change(m, doc, before, after):
        return Role.CHANGE
    if m.kind is QuantityKind.COUNT and _LISTED.match(after) and not _is_object(m, doc):
        return Role.STATISTIC
    return Role.TARGET


def _is_change(m: Measurement, doc: Doc, before: str, after: str) -> bool:
    words = doc.text[m.start : m.end]
    if re.search(
        r"\b(?:more|fewer|less|additional|extra|further|another)$", words, re.IGNORECASE
    ) and not re.search(r"\bor\s(?:more|fewer|less)$", words, re.IGNORECASE):
        return True
    if re.search(
        r"\b(?:hal[fv]\w*|doubl\w+|trebl\w+|tripl\w+)$", words, re.IGNORECASE
    ) and not words.lower().endswith("half"):
        return True
    if re.match(
        r"(?:an?\s)?(?:additional|extra|further|another)\b", words, re.IGNORECASE
    ) or _CHANGE_AFTER.match(after):
        return True
    if _CHANGE_BEFORE.search(before) and not _TO_BEFORE.search(before):
        return True
    if re.search(r"\b(?:additional|extra|further|another)\s$", before, re.IGNORECASE):
        return True
    verb = _governor(m, doc)
    return (
        verb is not None
        and verb.lemma_.lower() in _CHANGE_VERB
        and bool(re.search(r"\bby\b[^,;]{0,20}$", before))
    )


def _governor(m: Measurement, doc: Doc) -> Token | None:
    """The verb over a number."""
    token = next((t for t in doc if t.idx >= m.number_start), None)
    while token is not None and token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        token = token.head
    return token


def _is_object(m: Measurement, doc: Doc) -> bool:
    """Whether the number counts what is to be done: it modifies the direct object of a verb."""
    token = next((t for t in doc if t.idx >= m.number_start), None)
    while token is not None and token.dep_ in (
        "nummod",
        "compound",
        "quantmod",
        "amod",
        "poss",
        "det",
        "npadvmod",
    ):
        token = token.head
    return token is not None and token.dep_ in ("dobj", "nsubjpass", "conj")


def _role_of_money(m: Measurement, doc: Doc) -> Role:
    near = doc.text[max(0, m.start - 60) : m.end + 50]
    verb = _governor(m, doc)
    if verb is not None and verb.lemma_.lower() in (
        "save",
        "cut",
        "reduce",
        "deliver",
        "achieve",
        "exceed",
    ):
        by = re.search(r"\bby\s(?:[\w ]{0,20})$", doc.text[: m.start])
        return (
            Role.CHANGE
            if by
            or verb.lemma_.lower() in ("cut", "reduce")
            and not re.search(r"\bto\s[\w ]{0,20}$", doc.text[: m.start])
            else Role.TARGET
        )
    if _MONEY_GIVEN.search(near) and not _MONEY_REACHED.search(near):
        return Role.ALLOCATION
    if re.search(r"\b(?:allocat|invest|fund|grant|provide|ringfence|pool)\w*", near, re.IGNORECASE):
        return Role.ALLOCATION
    return Role.TARGET


def _defines(m: Measurement, text: str, others: list[Measurement]) -> bool:
    """Whether a length of time is part of what is measured: "seen within 4 hours"."""
    clause = text[max(0, m.start - 70) : m.start]
    return bool(_OTHERS_WAIT.search(clause)) or any(
        o is not m and o.kind is not QuantityKind.DURATION for o in others
    )


def _role_of_duration(m: Measurement, text: str, others: list[Measurement]) -> Role:
    words, before, after = text[m.start : m.end], text[: m.start], text[m.end :]
    clause = re.split(r"[;:]|,\s(?:and|with|but)\s", before)[-1]
    if re.search(
        r"\baged?\b|\bold\b|\bages\b", text[max(0, m.start - 12) : m.end + 8]
    ) or _SETTING.match(after):
        return Role.THRESHOLD
    if re.match(r"(?:over\s)?(?:the\s)?(?:next|coming)", words, re.IGNORECASE):
        return Role.THRESHOLD if _SETTING.search(after) else Role.TARGET
    shared = [
        o
        for o in others
        if o is not m
        and o.kind
        in (
            QuantityKind.PERCENTAGE,
            QuantityKind.COUNT,
            QuantityKind.PERCENTAGE_POINTS,
            QuantityKind.RATE,
        )
    ]
    if any(abs(o.start - m.start) < 160 for o in shared):
        return Role.THRESHOLD
    if m.comparator in (">", ">=") and _OTHERS_WAIT.search(clause[-60:]):
        return Role.THRESHOLD
    if re.search(r"\b(?:no|any|every|each|all)\s[\w\s]{1,30}$", clause) and m.comparator in (
        "<=",
        "<",
    ):
        return Role.TARGET
    if re.search(r"\b(?:proportion|percentage|number|share|rate)\sof\b", clause, re.IGNORECASE):
        return Role.THRESHOLD
    if m.comparator == ">":
        return Role.THRESHOLD
    if _TIME_MEASURED.search(clause + words):
        return Role.TARGET
    return Role.THRESHOLD


def metric_of(m: Measurement, doc: Doc) -> str | None:
    """What is measured, in the text's words: the noun that the number counts, or the object of its verb."""
    token = next((t for t in doc if t.idx >= m.number_start), None)
    if token is None:
        return None
    inside = [t for t in doc if m.number_start <= t.idx < m.number_end]
    for t in reversed(inside):
        if t.head.i > inside[-1].i and t.head.pos_ in ("NOUN", "PROPN"):
            return _phrase(t.head, m, doc)
    following = doc[inside[-1].i + 1] if inside and inside[-1].i + 1 < len(doc) else None
    if following is not None and following.lower_ == "of":
        noun = next((c for c in following.children if c.dep_ == "pobj"), None)
        if noun is not None:
            return _phrase(noun, m, doc)
    verb = _governor(m, doc)
    if verb is not None:
        for dep in ("dobj", "nsubjpass", "nsubj"):
            noun = next(
                (c for c in verb.children if c.dep_ == dep and not m.start <= c.idx < m.end), None
            )
            if noun is not None:
                return _phrase(noun, m, doc)
    return None


def _phrase(noun: Token, m: Measurement, doc: Doc) -> str | None:
    tokens = [t for t in noun.subtree if not (m.start <= t.idx < m.end)]
    run = [t for t in tokens if t.i >= noun.left_edge.i]
    if not run:
        return None
    first, last = run[0], run[-1]
    text = doc.text[first.idx : last.idx + len(last)]
    if first.idx < m.end <= last.idx:
        text = doc.text[m.end : last.idx + len(last)]
    words = " ".join(text.split()).strip(" ,;:.()")
    words = re.sub(r"^(?:the|an?|of|their|its|our)\s+", "", words)
    return " ".join(words.split()[:16]) or None
