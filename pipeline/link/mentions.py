"""Who speaks of what: board papers and commentary linked to the guidance, and to each other where there is none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np

from pipeline.lexicon import Lexicon
from pipeline.link.candidates import find_candidates, search_terms, weigh_terms
from pipeline.link.features import FEATURES, describe_pairs
from pipeline.link.model import LinkModel
from pipeline.link.pairs import Reader
from pipeline.link.relations import show_day, show_quantity, quantity_unit
from pipeline.link.repeats import find_repeats
from pipeline.link.reports import choose_reports, link_statements
from pipeline.link.statements import Statement, label, last_years, plans_in_the_making, read_statements, usual_year
from pipeline.link.targets import financial_year
from pipeline.link.text import Wording
from pipeline.records import Document, Kind, Link, Quantity, Relation, Requirement, Role

Requirements = Mapping[str, Sequence[Requirement]]


class Stance(StrEnum):
    """How a paper speaks of a requirement."""

    REPORTS = "reports"
    REPEATS = "repeats"
    MISSTATES = "misstates"
    CONTESTS = "contests"


_CONTEST: Final = re.compile(
    r"\b(?:unrealistic\w*|unachievable|undeliverable|unaffordable|unworkable|unreasonable|unfair|arbitrary|"
    r"impossible|implausible|wrong[- ]headed|misguided|perverse|indefensible|counter-?productive|fantasy|"
    r"(?:cannot|can't|will not|won't|could not|never|not going to|no way|not) (?:realistically |possibly |credibly )?"
    r"(?:be )?(?:met|achieved?|delivered?|hit|reached?|afforded?|possible|realistic|achievable|deliverable|credible)|"
    r"(?:should|must|needs? to|ought to) (?:be )?(?:scrap\w*|abandon\w*|dropp?e?d?|relax\w*|delay\w*|revisit\w*|"
    r"reconsider\w*|withdraw\w*|rethink|rethought|push\w* back)|"
    r"relax(?:ing|ation)|too (?:low|high|fast|soon|far|weak|timid|ambitious)|not (?:ambitious )?enough|"
    r"tough ask|tall order|oppos\w+|object(?:s|ed)? to|reject\w*|resist\w*|criticis\w+|concerns?\b|worr(?:y|ied|ying)|"
    r"disappoint\w*|fails? to|lacks?\b|makes? no sense|missed opportunity|disagree\w*|doubt\w*|question(?:s|ed)? whether)",
    re.I,
)
_REPORT: Final = re.compile(
    r"\b(?:(?:has|have|had|was|were|is|are|we|trust|board|system|performance) (?:\w+ ){0,3}?(?:achieved|met|delivered|"
    r"reached|missed|exceeded|improved|deteriorated|fell|fallen|rose|risen|stood|stands|standing|reported|recorded|"
    r"seen|treated|completed|recovered|submitted|published|approved|signed off)|performance|against (?:a|the|our|its) "
    r"(?:\w+ ){0,3}(?:target|standard|plan|trajectory|ambition|requirement|threshold)|year to date|to date|on track|"
    r"off track|behind plan|ahead of plan|above plan|below plan|currently|at present|so far|in (?:month|quarter) "
    r"(?:\d|one|two|three|four)|month \d|\bM\d{1,2}\b|latest (?:figure|position|data)|compliant|not compliant|"
    r"forecast(?:ing|s)?|variance|RAG)\b",
    re.I,
)
_DUTY: Final = re.compile(
    r"\b(?:target|standard|required|requires?|requirement|must|guidance|ambition|expect\w*|ask(?:s|ed)?|mandat\w+|"
    r"national(?:ly)?|obligation|threshold|told|instructed)\b",
    re.I,
)
_LEAST: Final = 0.5  # probability from which wording alone makes a mention
_WITH_MEASURE: Final = 0.12  # the same where both name one measure
_SLACK_DAYS: Final = 45


def link_reports(
    documents: Sequence[Document],
    requirements: Requirements,
    covered: Set[str],
    *,
    lexicon: Lexicon,
    reader: Reader,
) -> list[Link]:
    """Links among what papers say of planning years whose guidance is not there; `covered` are the years that have it."""
    ended = last_years(lexicon)
    statements: list[Statement] = []
    for document in sorted(documents, key=lambda d: (d.published.isoformat() if d.published else "", d.id)):
        if document.kind is not Kind.GUIDANCE:
            told = choose_reports(requirements.get(document.id, ()))
            statements += [s for s in read_statements(document, told, ended) if label(s.year) not in covered]
    return link_statements(statements, reader.vocabulary, lexicon)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """A requirement of a paper with the starts of the planning years that it may speak of, likeliest first."""

    requirement: Requirement
    years: tuple[int, ...]


def link_mentions(
    documents: Sequence[Document],
    requirements: Requirements,
    pools: Mapping[str, Sequence[Document]],
    *,
    lexicon: Lexicon,
    model: LinkModel,
    reader: Reader,
) -> list[Link]:
    """Links from requirements in papers to the guidance that they speak of, of the year that they speak of.

    A paper's requirement leads to the best requirement of that year for each measure that it names, or to the best
    by its words; one that names no year to that of the plans in force or in the making when it was published.
    """
    ended = last_years(lexicon)
    by_year: defaultdict[int, list[_Paper]] = defaultdict(list)
    for document in sorted(documents, key=lambda d: d.id):
        if document.kind is Kind.GUIDANCE:
            continue
        for requirement in sorted(requirements.get(document.id, ()), key=lambda r: (r.ordinal, r.id)):
            for year in _years_spoken_of(document, requirement, ended):
                if label(year) in pools:
                    by_year[year].append(_Paper(requirement=requirement, years=(year,)))
    found: dict[str, list[Link]] = defaultdict(list)
    for year, papers in sorted(by_year.items()):
        guidance = [r for d in pools[label(year)] for r in requirements.get(d.id, ())]
        for link in _match(papers, guidance, label(year), lexicon=lexicon, model=model, reader=reader):
            found[link.from_id].append(link)
    return [link for links in found.values() for link in _best_year(links)]


def _years_spoken_of(document: Document, requirement: Requirement, ended: Mapping[str, int]) -> list[int]:
    """The planning years that a requirement in a paper may speak of."""
    stated = {s.year for s in read_statements(document, (requirement,), ended)}
    usual = usual_year(document, requirement, ended)
    if document.planning_years is not None:
        stated |= set(range(document.planning_years.first, document.planning_years.last + 1))
    elif document.published is not None and usual is not None:
        # In the planning season a paper speaks of this year's performance and of next year's rules.
        in_force = int(financial_year(document.published)[:4])
        stated |= {in_force, plans_in_the_making(document.published)}
    return sorted(stated)


def _best_year(links: list[Link]) -> list[Link]:
    """Of the years that a requirement may speak of, that whose link is surest; at a tie the later."""
    best = max(links, key=lambda link: (link.score, link.to_year or ""))
    return [link for link in links if link.to_year == best.to_year]


def _match(
    papers: Sequence[_Paper],
    guidance: Sequence[Requirement],
    year: str,
    *,
    lexicon: Lexicon,
    model: LinkModel,
    reader: Reader,
) -> list[Link]:
    told = reader.read([paper.requirement for paper in papers])
    rules = reader.read(sorted(guidance, key=lambda r: (r.document_id, r.ordinal, r.id)))
    if not told or not rules:
        return []
    terms = weigh_terms([search_terms(w) for w in told], [search_terms(w) for w in rules])
    pairs = find_candidates(told, rules, terms)
    groups = np.arange(len(told)), find_repeats(rules, reader.vocabulary)
    features = describe_pairs(told, rules, pairs, reader.vocabulary, groups)
    chances = model.score(features)
    column = {name: index for index, name in enumerate(FEATURES)}
    options: defaultdict[tuple[int, str], list[tuple[float, int]]] = defaultdict(list)
    for k in range(len(pairs)):
        i, j, chance = int(pairs.before[k]), int(pairs.after[k]), float(chances[k])
        clash = features[k, column["population_clash"]] < 0 or features[k, column["threshold_clash"]] < 0
        shared = told[i].measures & rules[j].measures
        if shared and not clash and chance >= _WITH_MEASURE:
            for measure in sorted(shared):
                options[i, measure].append((0.5 + chance / 2, -j))
        elif chance >= _LEAST:
            options[i, ""].append((chance, -j))
    chosen: dict[tuple[int, int], float] = {}
    for (i, measure), ranked in sorted(options.items()):
        if measure or not any(key[0] == i and key[1] for key in options):
            score, j = max(ranked)
            chosen[i, -j] = max(score, chosen.get((i, -j), 0.0))
    return [_mention(told[i], rules[j], year, score, lexicon) for (i, j), score in sorted(chosen.items())]


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What is found out about a mention: its stance, the numbers compared and the reasons."""

    stance: Stance
    reasons: list[str] = field(default_factory=list)
    numbers: tuple[Quantity, Quantity] | None = None


def _mention(told: Wording, rule: Wording, year: str, score: float, lexicon: Lexicon) -> Link:
    reading = _read_stance(told, rule)
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


def _read_stance(told: Wording, rule: Wording) -> _Reading:
    """How a paper's requirement speaks of the guidance's: a wrong number or date first, then opinion, then results."""
    quote = told.requirement.quote
    wrong = _wrong_number(told.requirement, rule.requirement)
    if wrong is not None:
        said, meant = wrong
        reason = f"it says {show_quantity(said)}, the guidance {show_quantity(meant)}"
        return _Reading(stance=Stance.MISSTATES, reasons=[reason], numbers=wrong)
    late = _wrong_date(told.requirement, rule.requirement)
    if late is not None:
        return _Reading(stance=Stance.MISSTATES, reasons=[late])
    contest = _CONTEST.search(quote)
    if contest is not None:
        return _Reading(stance=Stance.CONTESTS, reasons=[f"“{contest.group()}”"])
    result = _REPORT.search(quote)
    if result is not None:
        return _Reading(stance=Stance.REPORTS, reasons=[f"“{result.group()}”"])
    return _Reading(stance=Stance.REPEATS)


def _comparable(told: Requirement, rule: Requirement) -> list[tuple[Quantity, Quantity]]:
    return [
        (said, meant)
        for said in told.quantities
        for meant in rule.quantities
        if said.role is meant.role
        and said.role in (Role.TARGET, Role.CHANGE)
        and said.measure is not None
        and said.measure == meant.measure
        and (said.kind, said.unit or "") == (meant.kind, meant.unit or "")
    ]


def _wrong_number(told: Requirement, rule: Requirement) -> tuple[Quantity, Quantity] | None:
    """The number said and the one meant, where the paper tells the rule with another number; None otherwise.

    A paper's own promise may differ from the rule without misstating it.
    """
    pairs = _comparable(told, rule)
    if not pairs or any((s.value, s.high) == (m.value, m.high) for s, m in pairs):
        return None
    if not (told.reported or _DUTY.search(told.quote)):
        return None
    return pairs[0]


def _wrong_date(told: Requirement, rule: Requirement) -> str | None:
    """In words, how the date differs where the paper tells the same number with another date; None otherwise."""
    if not any(s.value == m.value for s, m in _comparable(told, rule)):
        return None
    dates = [
        next((q.deadline for q in r.quantities if q.deadline is not None), r.deadline.date if r.deadline else None)
        for r in (told, rule)
    ]
    said, meant = dates
    if said is None or meant is None or abs((said - meant).days) <= _SLACK_DAYS:
        return None
    if not (told.reported or _DUTY.search(told.quote)):
        return None
    return f"it says {show_day(said)}, the guidance {show_day(meant)}"
