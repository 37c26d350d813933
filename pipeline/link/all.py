"""Everything that spans documents: links between years, drafts and finals, mentions, threads, changes, targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.lexicon import Lexicon
from pipeline.link.mentions import link_mentions, link_reports
from pipeline.link.model import LinkModel
from pipeline.link.pairs import PairLinks, Reader, link_key, link_pair
from pipeline.link.targets import draw_target_lines
from pipeline.link.threads import join_threads
from pipeline.link.years import YearPair, find_superseded, pair_years, pool_years
from pipeline.records import Document, Figure, Link, Relation, Requirement, Thread
from pipeline.store.save import Change, TargetPoint

Requirements = Mapping[str, Sequence[Requirement]]  # by document id

GAP: Final = 3  # how many years of guidance back a requirement that seems new is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """What linking gives, each in an order that depends on the records alone.

    `superseded` are pairs (old, new) of document ids.
    """

    links: tuple[Link, ...]
    threads: tuple[Thread, ...]
    changes: tuple[Change, ...]
    target_lines: tuple[TargetPoint, ...]
    superseded: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two documents compared: links, and for each requirement of either what became of it."""

    links: tuple[Link, ...]
    changes: tuple[Change, ...]


def link_all(
    documents: Sequence[Document],
    requirements: Requirements,
    *,
    lexicon: Lexicon,
    model: LinkModel,
    figures: Mapping[str, Sequence[Figure]] | None = None,
) -> Linking:
    """Link everything; the same documents and requirements in any order give the same result.

    With `figures` (by document id), sentences of papers that hold numbers but no requirement are mentions too:
    their links start at a figure's id.
    """
    reader = Reader(lexicon)
    superseded = find_superseded(documents)
    pools = pool_years(documents)
    links: list[Link] = []
    repeats: list[tuple[str, ...]] = []
    changes: list[Change] = []
    for pair in pair_years(pools):
        found = link_years(pair, requirements, lexicon=lexicon, model=model, reader=reader)
        links += found.links
        repeats += found.repeats
        changes += list_changes(pair, requirements, found)
    links += _link_gaps(pools, requirements, links, lexicon=lexicon, model=model, reader=reader)
    known = {document.id: document for document in documents}
    for old, new in superseded:
        found = _link_documents(
            known[old], known[new], requirements, lexicon=lexicon, model=model, reader=reader
        )
        links += found.links
        repeats += found.repeats
    reports = link_reports(
        documents, requirements, frozenset(pools), lexicon=lexicon, reader=reader
    )
    links += reports
    links += link_mentions(
        documents, requirements, figures=figures or {}, lexicon=lexicon, model=model, reader=reader
    )
    by_id = {r.id: r for rs in requirements.values() for r in rs}
    year_of = {
        r.id: document.planning_years.labels[0]
        for document in documents
        if document.planning_years is not None
        for r in requirements.get(document.id, ())
    }
    year_of |= {link.from_id: link.from_year for link in reports if link.from_year}
    unique = {link_key(link): link for link in links}
    ordered = tuple(unique[key] for key in sorted(unique))
    return Linking(
        links=ordered,
        threads=join_threads(ordered, repeats, by_id, year_of),
        changes=tuple(changes),
        target_lines=draw_target_lines(pools, requirements),
        superseded=superseded,
    )


def link_years(
    pair: YearPair,
    requirements: Requirements,
    *,
    lexicon: Lexicon,
    model: LinkModel,
    reader: Reader | None = None,
) -> PairLinks:
    """The links between two planning years: of the earlier year's own documents and the later year's own.

    What a document that counts for both years says goes on unchanged and is linked only with what is new beside it.
    """
    reader = reader or Reader(lexicon)
    own_before = [d for d in pair.before if d not in pair.both]
    own_after = [d for d in pair.after if d not in pair.both]
    # A document of both years takes part on the side where the other side has something of its own.
    before = _gather(pair.before if not own_before else own_before, requirements)
    after = _gather(pair.after if not own_after else own_after, requirements)
    return link_pair(
        before,
        after,
        lexicon=lexicon,
        model=model,
        from_year=pair.from_year,
        to_year=pair.to_year,
        reader=reader,
    )


def compare_documents(
    from_document: Document,
    to_document: Document,
    requirements: Requirements,
    *,
    lexicon: Lexicon,
    model: LinkModel,
) -> Comparison:
    """What changed between any two documents, a draft and its final, or two years'."""
    found = _link_documents(
        from_document,
        to_document,
        requirements,
        lexicon=lexicon,
        model=model,
        reader=Reader(lexicon),
    )
    pair = YearPair(
        from_year=_year_label(from_document),
        to_year=_year_label(to_document),
        before=(from_document.id,),
        after=(to_document.id,),
    )
    return Comparison(links=found.links, changes=tuple(list_changes(pair, requirements, found)))


def _link_documents(
    before: Document,
    after: Document,
    requirements: Requirements,
    *,
    lexicon: Lexicon,
    model: LinkModel,
    reader: Reader,
) -> PairLinks:
    return link_pair(
        requirements.get(before.id, ()),
        requirements.get(after.id, ()),
        lexicon=lexicon,
        model=model,
        from_year=before.planning_years.labels[-1] if before.planning_years else None,
        to_year=after.planning_years.labels[0] if after.planning_years else None,
        reader=reader,
    )


def _year_label(document: Document) -> str:
    return str(document.planning_years) if document.planning_years else ""


def list_changes(pair: YearPair, requirements: Requirements, found: PairLinks) -> list[Change]:
    """What became of each requirement between two years: a link's relation, or new, or dropped.

    A repeat of something linked is neither new nor dropped, nor is what a document of both years says.
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
    for relation, ids in (("new", pair.after), ("dropped", pair.before)):
        for document in ids:
            if document in pair.both:
                continue
            for r in sorted(requirements.get(document, ()), key=lambda r: (r.ordinal, r.id)):
                if r.id not in covered:
                    rows.append(
                        Change(
                            from_year=pair.from_year,
                            to_year=pair.to_year,
                            relation=relation,
                            from_id=r.id if relation == "dropped" else None,
                            to_id=r.id if relation == "new" else None,
                            topic=r.topic,
                        )
                    )
    return rows


def _weight(link: Link) -> tuple[bool, str]:
    """Of two links of one pair a changed number tells more than one that stayed."""
    return link.relation is Relation.TARGET_CHANGED, link.relation.value


def _link_gaps(
    pools: Mapping[str, Sequence[Document]],
    requirements: Requirements,
    links: Sequence[Link],
    *,
    lexicon: Lexicon,
    model: LinkModel,
    reader: Reader,
) -> list[Link]:
    """Links over years between: what an earlier year dropped and a later one brings back."""
    years = sorted(pools)
    continued = {link.from_id for link in links}
    begun = {link.to_id for link in links}
    found: list[Link] = []
    for at in range(2, len(years)):
        for back in range(2, min(GAP, at) + 1):
            first, last = years[at - back], years[at]
            before_ids = {d.id for d in pools[first]}
            after_ids = {d.id for d in pools[last]}
            gone = [
                r
                for r in _gather(sorted(before_ids - after_ids), requirements)
                if r.id not in continued
            ]
            new = [
                r
                for r in _gather(sorted(after_ids - before_ids), requirements)
                if r.id not in begun
            ]
            returns = link_pair(
                gone,
                new,
                lexicon=lexicon,
                model=model,
                from_year=first,
                to_year=last,
                reader=reader,
            ).links
            continued |= {link.from_id for link in returns}
            begun |= {link.to_id for link in returns}
            found += returns
    return found


def _gather(document_ids: Iterable[str], requirements: Requirements) -> list[Requirement]:
    return [r for document_id in document_ids for r in requirements.get(document_id, ())]
