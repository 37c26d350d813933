"""Who speaks of what: board papers and commentary linked to the guidance, and to each other where
there is none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import date
from functools import partial
from typing import Final

import numpy as np

from pipeline.lexicon import Lexicon
from pipeline.link.candidates import find_candidates, weigh_search
from pipeline.link.features import FEATURES, describe_pairs
from pipeline.link.kept import Kept
from pipeline.link.model import LinkModel
from pipeline.link.numbers import quantity_unit
from pipeline.link.pairs import Reader
from pipeline.link.repeats import find_repeats
from pipeline.link.reports import choose_reports, link_statements
from pipeline.link.stance import read_stance
from pipeline.link.statements import (
    Statement,
    label,
    last_years,
    plans_in_the_making,
    read_statements,
    usual_year,
)
from pipeline.link.targets import financial_year
from pipeline.link.text import Wording
from pipeline.link.years import find_superseded
from pipeline.records import (
    Deadline,
    Document,
    Figure,
    Kind,
    Link,
    Modality,
    PairLinks,
    Quantity,
    Relation,
    Requirement,
    Role,
)

Requirements = Mapping[str, Sequence[Requirement]]


_LEAST: Final = 0.6  # probability from which wording alone makes a mention
_LEAST_COSINE: Final = 0.2  # and how alike the words must be for that
_LEAST_WORDS: Final = 5  # fewer content words ("Workforce") speak of nothing in particular
_WITH_MEASURE: Final = 0.12  # probability where both name one measure and the paper a number
_MEASURE_ALONE: Final = 0.4  # and where the paper names no number
_NARRATED: Final = 0.95  # where the paper tells a number and the guidance asks for none
_ASKED: Final = (Role.TARGET, Role.CHANGE)
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_LEAST_TELLING: Final = 3  # words beside the numbers


def link_reports(
    documents: Sequence[Document],
    requirements: Requirements,
    covered: Set[str],
    *,
    lexicon: Lexicon,
    reader: Reader,
) -> list[Link]:
    """Links among what papers say of planning years whose guidance is not there; `covered` are the
    years that have it.
    """
    ended = last_years(lexicon)
    statements: list[Statement] = []
    for document in sorted(
        documents, key=lambda d: (d.published.isoformat() if d.published else "", d.id)
    ):
        if document.kind is not Kind.GUIDANCE:
            told = choose_reports(document, requirements.get(document.id, ()))
            statements += [
                s for s in read_statements(document, told, ended) if label(s.year) not in covered
            ]
    return link_statements(statements, reader.vocabulary, lexicon)


def link_mentions(
    documents: Sequence[Document],
    requirements: Requirements,
    *,
    figures: Mapping[str, Sequence[Figure]],
    lexicon: Lexicon,
    model: LinkModel,
    reader: Reader,
    kept: Kept,
) -> list[Link]:
    """Links from what papers say to the guidance that they speak of, of the year that they speak
    of.

    A paper's requirement leads to the best requirement of that year for each measure that it names,
    or to the best by its words; one that names no year to that of the plans in force or in the
    making when it was published. A draft is what a paper speaks of until its final is out. A
    sentence with numbers that is no requirement ("we reached 74.1%") leads to the requirement on
    its measure, and its link starts at its first figure's id.
    """
    shelf = _Shelf(documents)
    ended = last_years(lexicon)
    readers: defaultdict[tuple[int, tuple[str, ...], bool], list[Requirement]] = defaultdict(list)
    spoken: dict[str, list[int]] = {}
    for document in sorted(documents, key=lambda d: d.id):
        if document.kind is Kind.GUIDANCE:
            continue
        narrative = _read_figures(figures.get(document.id, ()), lexicon)
        for told in (requirements.get(document.id, ()), narrative):
            for requirement in sorted(told, key=lambda r: (r.ordinal, r.id)):
                spoken[requirement.id] = _years_spoken_of(document, requirement, ended, shelf)
                for year in spoken[requirement.id]:
                    # Apart, so that what requirements speak of does not hang on the narrative.
                    among = year, shelf.find(year, document.published), told is narrative
                    readers[among].append(requirement)
    found: defaultdict[str, list[Link]] = defaultdict(list)
    for (year, ids, narrated), papers in sorted(readers.items()):
        guidance = [r for id_ in ids for r in requirements.get(id_, ())]
        speaks = partial(
            _match,
            papers,
            guidance,
            label(year),
            narrated=narrated,
            lexicon=lexicon,
            model=model,
            reader=reader,
        )
        kind = "narrative" if narrated else "mentions"
        for link in kept.find(kind, (label(year),), papers, guidance, speaks).links:
            found[link.from_id].append(link)
    return [link for from_id, links in found.items() for link in _best_year(links, spoken[from_id])]


class _Shelf:
    """The guidance for each year that was there on a day."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._newer = dict(find_superseded(documents))
        self._by_year: defaultdict[int, list[Document]] = defaultdict(list)
        for document in sorted(documents, key=lambda d: d.id):
            if document.kind is Kind.GUIDANCE and document.planning_years is not None:
                for year in range(document.planning_years.first, document.planning_years.last + 1):
                    self._by_year[year].append(document)

    def __contains__(self, year: int) -> bool:
        return year in self._by_year

    def find(self, year: int, day: date | None) -> tuple[str, ...]:
        """The ids of the guidance for a year that had come out by a day, without what was
        superseded by then.

        Where none had come out, or the day is unknown: all there is for the year, without what is
        superseded.
        """
        known = [
            d
            for d in self._by_year[year]
            if day is None or d.published is None or d.published <= day
        ]
        ids = {d.id for d in known or self._by_year[year]}
        return tuple(sorted(id_ for id_ in ids if self._newer.get(id_) not in ids))


def _read_figures(figures: Sequence[Figure], lexicon: Lexicon) -> list[Requirement]:
    """Sentences that tell a number of a known measure and are no requirements, as requirements
    without modality.

    A bare cell, and the words "52-week waits" alone, tell none.
    """
    sentences: defaultdict[tuple[str, str], list[Figure]] = defaultdict(list)
    telling: set[tuple[str, str]] = set()
    for figure in figures:
        if figure.requirement_id is not None or len(_WORD.findall(figure.quote)) < _LEAST_TELLING:
            continue
        key = figure.passage_id, figure.quote
        if figure.quantity.measure is not None:
            sentences[key].append(figure)
        if _tells(figure.quantity, lexicon):
            telling.add(key)
    return [_as_requirement(group) for key, group in sentences.items() if key in telling]


def _tells(quantity: Quantity, lexicon: Lexicon) -> bool:
    """Whether a number says how a measure stands: not the 52 of "52-week waits", its name."""
    measure = lexicon.measures.get(quantity.measure) if quantity.measure is not None else None
    own = measure is not None and f"{quantity.value:g}" in _NUMBER.findall(measure.name)
    return quantity.role is not Role.THRESHOLD and not (own and quantity.high is None)


def _as_requirement(figures: Sequence[Figure]) -> Requirement:
    first = figures[0]
    due = next((figure.deadline for figure in figures if figure.deadline is not None), None)
    return Requirement(
        id=first.id,
        document_id=first.document_id,
        passage_id=first.passage_id,
        ordinal=0,
        section=first.section,
        page=first.page,
        bbox=None,
        quote=first.quote,
        start=0,
        end=len(first.quote),
        stem=None,
        statement=first.quote,
        modality=Modality.NONE,
        cue="",
        reported=False,
        reported_by=None,
        bearer=None,
        bearer_canonical=(),
        action=None,
        condition=None,
        deadline=Deadline(text="", date=due) if due is not None else None,
        quantities=tuple(figure.quantity for figure in figures),
        topic=None,
        confidence=1.0,
    )


def _years_spoken_of(
    document: Document, requirement: Requirement, ended: Mapping[str, int], shelf: _Shelf
) -> list[int]:
    """The planning years that a requirement in a paper may speak of, likeliest first.

    A year that it names, or that its deadline falls in, comes first. In the planning season board
    papers speak rather of this year's performance, and commentary of next year's rules.
    """
    years = [s.year for s in read_statements(document, (requirement,), ended) if s.named]
    usual = usual_year(document, requirement, ended)
    if document.planning_years is not None:
        years += range(document.planning_years.first, document.planning_years.last + 1)
    elif document.published is not None and usual is not None:
        in_force = int(financial_year(document.published)[:4])
        in_making = plans_in_the_making(document.published)
        years += (
            (in_force, in_making)
            if document.kind is Kind.BOARD_PAPER
            else (usual, in_making, in_force)
        )
    return [year for year in dict.fromkeys(years) if year in shelf]


_ABOUT_AS_SURE: Final = 0.15


def _best_year(links: list[Link], years: list[int]) -> list[Link]:
    """Of the years that a requirement may speak of, the likeliest whose link is about as sure as
    the surest.

    A year in which the number is the same goes before one in which it is another.
    """
    surest = max(link.score for link in links)
    sure = [link for link in links if link.score >= surest - _ABOUT_AS_SURE]
    order = {label(year): place for place, year in enumerate(years)}
    best = min(
        sure, key=lambda link: (not _same_number(link), order[link.to_year or ""], -link.score)
    )
    return [link for link in links if link.to_year == best.to_year]


def _same_number(link: Link) -> bool:
    return link.from_value is not None and link.from_value == link.to_value


def _match(
    papers: Sequence[Requirement],
    guidance: Sequence[Requirement],
    year: str,
    *,
    narrated: bool,
    lexicon: Lexicon,
    model: LinkModel,
    reader: Reader,
) -> PairLinks:
    told = reader.read(papers)
    rules = reader.read(sorted(guidance, key=lambda r: (r.document_id, r.ordinal, r.id)))
    if not told or not rules:
        return PairLinks(links=(), repeats=())
    terms = weigh_search(told, rules, reader.vocabulary.common)
    pairs = find_candidates(told, rules, terms)
    groups = np.arange(len(told)), find_repeats(rules, reader.vocabulary)
    features = describe_pairs(told, rules, pairs, reader.vocabulary, groups)
    chances = model.score(features)
    column = {name: index for index, name in enumerate(FEATURES)}
    options: defaultdict[tuple[int, str], list[tuple[float, int]]] = defaultdict(list)
    for k in range(len(pairs)):
        i, j, chance = int(pairs.before[k]), int(pairs.after[k]), float(chances[k])
        clash = (
            features[k, column["population_clash"]] < 0
            or features[k, column["threshold_clash"]] < 0
        )
        numbers = bool(told[i].requirement.quantities)
        if len(told[i].terms) < _LEAST_WORDS and not numbers:
            continue
        shared = told[i].measures & rules[j].measures
        if narrated and chance < _NARRATED:
            # What only touches on the measure is not what a sentence of numbers speaks of.
            shared &= {q.measure for q in rules[j].requirement.quantities if q.role in _ASKED}
        if shared and not clash and chance >= (_WITH_MEASURE if numbers else _MEASURE_ALONE):
            for measure in sorted(shared):
                options[i, measure].append((0.5 + chance / 2, -j))
        elif (
            not narrated
            and chance >= _LEAST
            and features[k, column["words_cosine"]] >= _LEAST_COSINE
        ):
            options[i, ""].append((chance, -j))
    chosen: dict[tuple[int, int], float] = {}
    for (i, measure), ranked in sorted(options.items()):
        if measure or not any(key[0] == i and key[1] for key in options):
            score, j = max(ranked)
            chosen[i, -j] = max(score, chosen.get((i, -j), 0.0))
    links = (
        _mention(told[i], rules[j], year, score, lexicon)
        for (i, j), score in sorted(chosen.items())
    )
    return PairLinks(links=tuple(links), repeats=())


def _mention(told: Wording, rule: Wording, year: str, score: float, lexicon: Lexicon) -> Link:
    reading = read_stance(told, rule)
    shared = sorted(told.measures & rule.measures)
    names = [m.name for m in (lexicon.measures.get(measure) for measure in shared) if m is not None]
    reasons = [*reading.reasons, *([f"same measure ({', '.join(names)})"] if names else [])]
    evidence = "; ".join([f"{reading.stance.value.capitalize()} it", *reasons])
    numbers = reading.numbers
    return Link(
        from_id=told.requirement.id,
        to_id=rule.requirement.id,
        from_year=year,
        to_year=year,
        relation=Relation.MENTIONS,
        score=round(score, 4),
        evidence=evidence,
        from_value=numbers[0].value if numbers else None,
        to_value=numbers[1].value if numbers else None,
        unit=quantity_unit(numbers[1]) if numbers else None,
        stance=reading.stance.value,
    )
