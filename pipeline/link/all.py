"""Everything that spans documents: links between years, drafts and finals, mentions, threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.lexicon import Lexicon
from pipeline.link.kept import Kept
from pipeline.link.mentions import link_mentions, link_reports
from pipeline.link.model import LinkModel
from pipeline.link.pairs import Reader, link_key, link_pair
from pipeline.link.stories import Place, find_first, tell_stories
from pipeline.link.targets import draw_target_lines
from pipeline.link.threads import join_threads
from pipeline.link.years import YearPair, find_superseded, pair_years, pool_years
from pipeline.records import (
    Change,
    Document,
    Figure,
    Link,
    PairLinks,
    Relation,
    Requirement,
    TargetPoint,
    Thread,
)

Requirements = Mapping[str, Sequence[Requirement]]  # by document id

GAP: Final = 3  # how many years of guidance back a requirement that seems new is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """What linking gives, each in an order that depends on the records alone.

    `figure_mentions` lead from a figure of a paper (its id) to the requirement that it speaks of;
    `superseded` are pairs (old, new) of document ids. `repeats` lead from each requirement that its
    document said before to the first place that says it (ids). `units` are the comparisons of two
    years, of a draft and its final, or of papers and what they speak of, by a key over what went
    into each: given to the next `link_all` as `known`, they are not made again.
    """

    links: tuple[Link, ...]
    threads: tuple[Thread, ...]
    changes: tuple[Change, ...]
    target_lines: tuple[TargetPoint, ...]
    superseded: tuple[tuple[str, str], ...]
    repeats: Mapping[str, str]
    figure_mentions: tuple[Link, ...]
    units: Mapping[str, PairLinks]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two documents, or years, compared: links, for each requirement of either what became of it,
    and the first place of each that is said again (ids).
    """

    links: tuple[Link, ...]
    changes: tuple[Change, ...]
    repeats: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class _Linker:
    """Links two sets of requirements, unless that was done before with the very same ones."""

    lexicon: Lexicon
    model: LinkModel
    reader: Reader
    kept: Kept

    @classmethod
    def of(
        cls, lexicon: Lexicon, model: LinkModel, known: Mapping[str, PairLinks] | None = None
    ) -> _Linker:
        return cls(
            lexicon=lexicon,
            model=model,
            reader=Reader(lexicon, model),
            kept=Kept(model=repr(model), known=known or {}),
        )

    def link(
        self,
        before: Sequence[Requirement],
        after: Sequence[Requirement],
        from_year: str | None,
        to_year: str | None,
    ) -> PairLinks:
        return self.kept.find(
            "years",
            (from_year, to_year),
            before,
            after,
            lambda: link_pair(
                before,
                after,
                lexicon=self.lexicon,
                model=self.model,
                from_year=from_year,
                to_year=to_year,
                reader=self.reader,
            ),
        )


def link_all(
    documents: Sequence[Document],
    requirements: Requirements,
    *,
    lexicon: Lexicon,
    model: LinkModel,
    figures: Mapping[str, Sequence[Figure]] | None = None,
    known: Mapping[str, PairLinks] | None = None,
) -> Linking:
    """Link everything; the same documents and requirements in any order give the same result.

    With `figures` (by document id), sentences of papers that hold numbers but no requirement
    ("we reached 74.1%") are mentions too, told apart from links. `known` are the `units` of an
    earlier linking with the same program and lexicon: what has not changed is not compared again.
    """
    linker = _Linker.of(lexicon, model, known)
    pools = pool_years(documents)
    superseded = find_superseded(documents)
    units, changes = _link_pools(pools, requirements, linker)
    by_id = {document.id: document for document in documents}
    units += [_link_two(by_id[a], by_id[b], requirements, linker) for a, b in superseded]
    reports = link_reports(
        documents, requirements, frozenset(pools), lexicon=lexicon, reader=linker.reader
    )
    mentions = link_mentions(
        documents,
        requirements,
        figures=figures or {},
        lexicon=lexicon,
        model=model,
        reader=linker.reader,
        kept=linker.kept,
    )
    found = [link for unit in units for link in unit.links]
    told = {r.id for of_document in requirements.values() for r in of_document}
    links = _unique((*found, *reports, *(m for m in mentions if m.from_id in told)))
    repeats = [group for unit in units for group in unit.repeats]
    return Linking(
        links=links,
        threads=_join(links, repeats, documents, requirements, reports),
        changes=tuple(changes),
        target_lines=draw_target_lines(pools, requirements),
        superseded=superseded,
        repeats=_list_repeats(repeats, _places(r for rs in requirements.values() for r in rs)),
        figure_mentions=_unique(m for m in mentions if m.from_id not in told),
        units=linker.kept.used,
    )


def _list_repeats(
    repeats: Iterable[Sequence[str]], place_of: Mapping[str, Place]
) -> dict[str, str]:
    first = find_first(repeats, place_of)
    return {member: head for member, head in first.items() if member != head}


def _places(requirements: Iterable[Requirement]) -> dict[str, Place]:
    return {r.id: (r.document_id, r.ordinal) for r in requirements}


def _unique(links: Iterable[Link]) -> tuple[Link, ...]:
    """The links in order, each pair of requirements once for each relation: in its first years.

    Documents for several years meet in more than one pair of years.
    """
    seen: set[tuple[str, str, Relation]] = set()
    kept: list[Link] = []
    for link in sorted(links, key=link_key):
        key = (link.from_id, link.to_id, link.relation)
        if key not in seen:
            seen.add(key)
            kept.append(link)
    return tuple(kept)


def _link_pools(
    pools: Mapping[str, Sequence[Document]], requirements: Requirements, linker: _Linker
) -> tuple[list[PairLinks], list[Change]]:
    """The links of each year with the next and over years between, and what changed from each to
    the next.
    """
    units: list[PairLinks] = []
    changes: list[Change] = []
    for pair in pair_years(pools):
        unit = _link_years(pair, requirements, linker)
        units.append(unit)
        changes += list_changes(pair, requirements, unit)
    units += _link_gaps(pools, requirements, units, linker)
    return units, changes


def _join(
    links: Sequence[Link],
    repeats: Sequence[tuple[str, ...]],
    documents: Sequence[Document],
    requirements: Requirements,
    reports: Sequence[Link],
) -> tuple[Thread, ...]:
    year_of = {
        r.id: document.planning_years.labels[0]
        for document in documents
        if document.planning_years is not None
        for r in requirements.get(document.id, ())
    }
    # A paper's requirement stands in the year that it speaks of.
    for link in reports:
        year_of |= {link.from_id: link.from_year or "", link.to_id: link.to_year or ""}
    by_id = {r.id: r for of_document in requirements.values() for r in of_document}
    return join_threads(links, repeats, by_id, year_of)


def compare_years(
    pair: YearPair, requirements: Requirements, *, lexicon: Lexicon, model: LinkModel
) -> Comparison:
    """What changed between two planning years.

    What a document that counts for both years says goes on unchanged, and is linked only with what
    is new beside it.
    """
    linker = _Linker.of(lexicon, model)
    return _compare(pair, requirements, _link_years(pair, requirements, linker))


def _link_years(pair: YearPair, requirements: Requirements, linker: _Linker) -> PairLinks:
    own_before = [d for d in pair.before if d not in pair.both]
    own_after = [d for d in pair.after if d not in pair.both]
    # A document of both years takes part on the side that has nothing of its own.
    before = _gather(own_before or pair.before, requirements)
    after = _gather(own_after or pair.after, requirements)
    return linker.link(before, after, pair.from_year, pair.to_year)


def compare_documents(
    from_document: Document,
    to_document: Document,
    requirements: Requirements,
    *,
    lexicon: Lexicon,
    model: LinkModel,
) -> Comparison:
    """What changed between any two documents, a draft and its final, or two years'."""
    linker = _Linker.of(lexicon, model)
    found = _link_two(from_document, to_document, requirements, linker)
    pair = YearPair(
        from_year=_year_label(from_document),
        to_year=_year_label(to_document),
        before=(from_document.id,),
        after=(to_document.id,),
    )
    return _compare(pair, requirements, found)


def _compare(pair: YearPair, requirements: Requirements, found: PairLinks) -> Comparison:
    place_of = _places(_gather((*pair.before, *pair.after), requirements))
    return Comparison(
        links=found.links,
        changes=tuple(list_changes(pair, requirements, found)),
        repeats=_list_repeats(found.repeats, place_of),
    )


def _link_two(
    before: Document, after: Document, requirements: Requirements, linker: _Linker
) -> PairLinks:
    return linker.link(
        requirements.get(before.id, ()),
        requirements.get(after.id, ()),
        before.planning_years.labels[0] if before.planning_years else None,
        after.planning_years.labels[0] if after.planning_years else None,
    )


def _year_label(document: Document) -> str:
    return str(document.planning_years) if document.planning_years else ""


def list_changes(pair: YearPair, requirements: Requirements, found: PairLinks) -> list[Change]:
    """What became of each requirement between two years: a link's relation, or new, or dropped.

    A repeat of something linked is neither new nor dropped, nor is what a document of both years
    says.
    """
    topics = {r.id: r.topic for d in (*pair.before, *pair.after) for r in requirements.get(d, ())}
    best: dict[tuple[str, str], Link] = {}
    for link in found.links:
        ends = link.from_id, link.to_id
        if ends not in best or _weight(link) > _weight(best[ends]):
            best[ends] = link
    rows = [
        Change(
            from_year=pair.from_year,
            to_year=pair.to_year,
            relation=link.relation.value,
            from_id=link.from_id,
            to_id=link.to_id,
            topic=topics[link.to_id] or topics[link.from_id],
        )
        for _, link in sorted(best.items())
    ]
    linked = {end for ends in best for end in ends}
    covered = linked | {m for group in found.repeats if linked & set(group) for m in group}
    for r in _left_over(pair.after, pair, requirements, covered):
        rows.append(_change(pair, "new", r, from_id=None, to_id=r.id))
    for r in _left_over(pair.before, pair, requirements, covered):
        rows.append(_change(pair, "dropped", r, from_id=r.id, to_id=None))
    place_of = _places(_gather((*pair.before, *pair.after), requirements))
    return tell_stories(rows, found.links, found.repeats, place_of)


def _left_over(
    documents: Iterable[str], pair: YearPair, requirements: Requirements, covered: set[str]
) -> list[Requirement]:
    own = [document for document in documents if document not in pair.both]
    rest = [r for r in _gather(own, requirements) if r.id not in covered]
    return sorted(rest, key=lambda r: (r.document_id, r.ordinal, r.id))


def _change(
    pair: YearPair, relation: str, r: Requirement, *, from_id: str | None, to_id: str | None
) -> Change:
    return Change(
        from_year=pair.from_year,
        to_year=pair.to_year,
        relation=relation,
        from_id=from_id,
        to_id=to_id,
        topic=r.topic,
    )


def _weight(link: Link) -> tuple[bool, str]:
    """Of two links of one pair a changed number tells more than one that stayed."""
    return link.relation is Relation.TARGET_CHANGED, link.relation.value


def _link_gaps(
    pools: Mapping[str, Sequence[Document]],
    requirements: Requirements,
    units: Sequence[PairLinks],
    linker: _Linker,
) -> list[PairLinks]:
    """Links over years between: what an earlier year dropped and a later one brings back."""
    years = sorted(pools)
    continued = {link.from_id for unit in units for link in unit.links}
    begun = {link.to_id for unit in units for link in unit.links}
    found: list[PairLinks] = []
    for at in range(2, len(years)):
        for back in range(2, min(GAP, at) + 1):
            ids = [{d.id for d in pools[years[y]]} for y in (at - back, at)]
            gone = _gather(sorted(ids[0] - ids[1]), requirements)
            new = _gather(sorted(ids[1] - ids[0]), requirements)
            unit = linker.link(
                [r for r in gone if r.id not in continued],
                [r for r in new if r.id not in begun],
                years[at - back],
                years[at],
            )
            continued |= {link.from_id for link in unit.links}
            begun |= {link.to_id for link in unit.links}
            found.append(unit)
    return found


def _gather(document_ids: Iterable[str], requirements: Requirements) -> list[Requirement]:
    return [r for document_id in document_ids for r in requirements.get(document_id, ())]
