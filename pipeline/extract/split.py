"""A sentence with several duties, each with a number of its own, becomes several requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.extract.candidate import Candidate
from pipeline.extract.parse import text_of
from pipeline.records import Quantity, Role

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


def split_actions(
    doc: Doc, candidate: Candidate, quantities: list[Quantity]
) -> list[tuple[str, list[Quantity]]]:
    """(action, its numbers) for each of two or more coordinated verbs that each have a target; else
    empty.

    "deliver a 1% surplus, create a 2% fund and hold a 0.5% contingency" are three.
    """
    if candidate.origin in ("target", "carried"):
        return _split_targets(quantities)
    if candidate.head is None or candidate.head >= len(doc):
        return []
    head = doc[candidate.head]
    verbs = [head, *(c for c in _coordinated(head))]
    if len(verbs) < 2 or not quantities or quantities[0].start is None:
        return []
    base = quantities[0].start - text_of(doc).find(quantities[0].text)
    bounds = [v.idx for v in verbs] + [len(text_of(doc))]
    parts: list[tuple[str, list[Quantity]]] = []
    for n, verb in enumerate(verbs):
        start = 0 if n == 0 else bounds[n]
        mine = [
            q for q in quantities if q.start is not None and start <= q.start - base < bounds[n + 1]
        ]
        if not any(q.role in (Role.TARGET, Role.CHANGE) for q in mine):
            return []
        text = text_of(doc)[verb.idx : bounds[n + 1]].strip()
        parts.append(
            (text.rstrip(" ,;.").removesuffix(" and").removesuffix(" or").rstrip(" ,;"), mine)
        )
    return parts


def _split_targets(quantities: list[Quantity]) -> list[tuple[str, list[Quantity]]]:
    """Bare targets of several measures, each by itself: "a 0.5% contingency, 1% surplus, ..."."""
    targets = [q for q in quantities if q.role in (Role.TARGET, Role.CHANGE)]
    measures = {q.measure for q in targets}
    if len(measures) < 2 or None in measures:
        return []
    parts: dict[str, list[Quantity]] = {}
    for quantity in targets:
        parts.setdefault(str(quantity.measure), []).append(quantity)
    return [(" ".join((of[0].text, of[0].metric or "")).strip(), of) for of in parts.values()]


def _coordinated(head: Token) -> list[Token]:
    """Verbs joined to `head` without a subject of their own, in order."""
    found = []
    for token in head.conjuncts:
        if (
            token.i > head.i
            and token.pos_ == "VERB"
            and not any(c.dep_ in ("nsubj", "nsubjpass") for c in token.children)
        ):
            found.append(token)
    return sorted(found, key=lambda t: t.i)
