"""Which documents count for which planning year, and which years, or drafts, are compared."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipeline.records import Document, Kind

_DRAFT: Final = re.compile(
    r"\b(?:draft|interim version|for consultation|consultation version)\b", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPair:
    """Two planning years, one after the other among those that have guidance, with their documents'
    ids.

    Documents that count for both years (a framework for several) stand in both; what they hold goes
    on as it is.
    """

    from_year: str
    to_year: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def both(self) -> frozenset[str]:
        """The documents that count for both years."""
        return frozenset(self.before) & frozenset(self.after)


def find_superseded(documents: Iterable[Document]) -> tuple[tuple[str, str], ...]:
    """Pairs (old, new) of document ids, sorted: what a document says it replaces, and drafts with
    their finals.

    A draft is told by its title or id; its final is the guidance of the same planning years, and
    publisher where both name one, that is no draft and was not published before it: the nearest in
    time.
    """
    known = {document.id: document for document in documents}
    newer: dict[str, str] = {}
    for new in sorted(known.values(), key=_by_date):
        for old in new.supersedes:
            if old in known and old != new.id:
                newer[old] = new.id
    for draft in sorted(known.values(), key=_by_date):
        if draft.id not in newer and draft.kind is Kind.GUIDANCE and _is_draft(draft):
            finals = [d for d in known.values() if _is_final_of(d, draft)]
            if finals:
                newer[draft.id] = min(finals, key=_by_date).id
    return tuple(sorted(newer.items()))


def _is_draft(document: Document) -> bool:
    return bool(_DRAFT.search(document.title) or _DRAFT.search(re.sub(r"[-_]+", " ", document.id)))


def _is_final_of(document: Document, draft: Document) -> bool:
    if document.id == draft.id or document.kind is not Kind.GUIDANCE or _is_draft(document):
        return False
    if document.planning_years is None or document.planning_years != draft.planning_years:
        return False
    if document.publisher and draft.publisher and document.publisher != draft.publisher:
        return False
    return not (document.published and draft.published and document.published < draft.published)


def _by_date(document: Document) -> tuple[str, str]:
    return document.published.isoformat() if document.published else "", document.id


def pool_years(documents: Iterable[Document]) -> dict[str, tuple[Document, ...]]:
    """The guidance that counts for each single planning year, superseded documents left out, years
    in order.
    """
    documents = tuple(documents)
    old = {superseded for superseded, _ in find_superseded(documents)}
    pools: defaultdict[str, list[Document]] = defaultdict(list)
    for document in sorted(documents, key=lambda d: d.id):
        if (
            document.kind is Kind.GUIDANCE
            and document.planning_years is not None
            and document.id not in old
        ):
            for year in document.planning_years.labels:
                pools[year].append(document)
    return {year: tuple(pools[year]) for year in sorted(pools)}


def pair_years(pools: Mapping[str, Sequence[Document]]) -> tuple[YearPair, ...]:
    """Each year with the next that has guidance; none where both have the very same documents."""
    years = sorted(pools)
    pairs = (
        YearPair(
            from_year=first,
            to_year=second,
            before=tuple(sorted(d.id for d in pools[first])),
            after=tuple(sorted(d.id for d in pools[second])),
        )
        for first, second in pairwise(years)
    )
    return tuple(pair for pair in pairs if pair.before != pair.after)
