"""A large database of invented guidance, to measure the web pages and the exports with.

    python benchmarks/generate.py large.db --requirements 50000 --passages 200000

The words are made from templates; what matters is that there are as many rows, words, years, links
and numbers as ten years of real guidance for many bodies would bring. The same arguments give the
same database.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.records import (
    Box,
    Change,
    Deadline,
    Document,
    Extraction,
    Figure,
    Format,
    Kind,
    Link,
    Modality,
    Passage,
    PassageKind,
    Place,
    PlanningYears,
    Quantity,
    QuantityKind,
    Relation,
    Requirement,
    Section,
    StructuredDocument,
    TargetPoint,
    Thread,
    stable_id,
)
from pipeline.store.database import open_for_writing
from pipeline.store.save import (
    SavedSource,
    finish,
    save_source,
    save_spanning,
)

_BODIES = (
    ("ICBs", "integrated care board"),
    ("Trusts", "NHS trust"),
    ("Providers", "provider"),
    ("Systems", "system"),
    ("GP practices", "GP practice"),
    ("NHS England", "NHS England"),
    ("Community providers", "community provider"),
    ("Local authorities", "local authority"),
)
_CUES = (
    ("must", Modality.OBLIGATION),
    ("are required to", Modality.OBLIGATION),
    ("will need to", Modality.OBLIGATION),
    ("should", Modality.RECOMMENDATION),
    ("are encouraged to", Modality.RECOMMENDATION),
    ("may", Modality.PERMISSION),
    ("must not", Modality.PROHIBITION),
    ("will", Modality.COMMITMENT),
)
_VERBS = (
    "improve", "publish", "agree", "review", "reduce", "extend", "open", "monitor", "report on",
    "fund", "strengthen", "redesign", "commission", "staff", "audit", "consult on", "simplify",
    "expand",
)  # fmt: skip
_ADJECTIVES = (
    "local", "joint", "weekly", "digital", "out-of-hours", "same-day", "planned", "shared",
    "audited", "seven-day", "risk-based", "neighbourhood", "regional", "specialist", "remote",
    "funded", "early",
)  # fmt: skip
_NOUNS = (
    "discharge plans", "ward rounds", "waiting lists", "clinic slots", "handover times",
    "bed stocks", "referral routes", "theatre lists", "rotas", "records", "estates plans",
    "pharmacy stocks", "screening rounds", "virtual wards", "crisis lines", "call queues",
    "health checks", "care plans", "outreach visits", "training places", "maternity reviews",
    "imaging slots", "budgets", "savings plans",
)  # fmt: skip
_PLACES = (
    "in every place", "across the system", "for frail patients",
    "for children and young people", "in rural areas", "at each site", "with local partners",
    "before winter", "through the year", "for people who wait longest",
    "in mental health units", "with the voluntary sector",
)  # fmt: skip
_TOPICS = (
    "urgent care", "elective care", "cancer", "finance", "workforce", "mental health",
    "primary care", "maternity", "digital", "prevention",
)  # fmt: skip
_HEADINGS = (
    "Priorities for the year", "Urgent and emergency care", "Planned care", "Cancer", "Money",
    "People", "Mental health", "General practice", "Maternity and neonatal care",
    "Digital records", "Prevention", "Assurance", "Annex",
)  # fmt: skip
_RELATIONS = (
    (Relation.SAME, 40),
    (Relation.REWORDED, 25),
    (Relation.TARGET_CHANGED, 12),
    (Relation.STRENGTHENED, 10),
    (Relation.WEAKENED, 9),
    (Relation.SPLIT, 2),
    (Relation.MERGED, 2),
)
_PER_DOCUMENT = 150  # requirements in one document
_CARRIED = 0.85  # share of requirements that go on to the next year


@dataclass(frozen=True, slots=True, kw_only=True)
class _Theme:
    """A duty that lives on for some years: its words stay much the same, its number moves."""

    key: int
    body: tuple[str, str]
    cue: tuple[str, Modality]
    action: str
    topic: str
    target: float | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the database that the arguments ask for; 0 when done."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("database", type=Path)
    parser.add_argument("--requirements", type=int, default=50_000)
    parser.add_argument("--passages", type=int, default=200_000)
    parser.add_argument("--years", type=int, default=12)
    parser.add_argument("--seed", type=int, default=20_250_130)
    options = parser.parse_args(arguments)
    if options.database.exists():
        parser.error(f"{options.database} exists already; name a file that does not")
    generate(
        options.database,
        requirements=options.requirements,
        passages=options.passages,
        years=options.years,
        seed=options.seed,
    )
    return 0


def generate(path: Path, *, requirements: int, passages: int, years: int, seed: int) -> None:
    """Write a database with about so many requirements and passages, over so many years."""
    chance = random.Random(seed)
    db = open_for_writing(path)
    db.table("organisations").insert_all(
        {"id": name, "line": name, "level": "any", "aliases": "[]", "successors": "[]"}
        for _, name in _BODIES
    )
    measures = [f"invented-{number:02}" for number in range(24)]
    db.table("measures").insert_all(
        {
            "id": measure,
            "name": f"Share of {_NOUNS[number]} on time",
            "topic": _TOPICS[number % len(_TOPICS)],
            "unit": "%",
            "better": "higher",
        }
        for number, measure in enumerate(measures)
    )
    per_year = requirements // years
    ratio = passages / requirements
    first_year = 2026 - years
    earlier: dict[int, str] = {}
    guided: list[str] = []
    links: list[Link] = []
    changes: list[Change] = []
    threads: dict[int, list[str]] = {}
    themes = [_theme(chance, key) for key in range(per_year * 3 // 5)]
    next_key = len(themes)
    for year in range(first_year, 2026):
        years_of = PlanningYears(first=year, last=year)
        now: dict[int, str] = {}
        for number, chunk in enumerate(_chunks(themes, _PER_DOCUMENT)):
            document = _document(years_of, Kind.GUIDANCE, number)
            made = _write(chance, document, chunk, years_of, ratio, measures)
            save_source(db, _source(document), [made])
            now |= {theme.key: r.id for theme, r in zip(chunk, made[1].requirements, strict=True)}
        guided = list(now.values())
        links += _write_papers(
            db, chance, years_of, per_year - len(themes), ratio, measures, guided
        )
        if earlier:
            _compare(chance, year, themes, earlier, now, links, changes)
        for key, identifier in now.items():
            threads.setdefault(key, []).append(identifier)
        themes, next_key = _age(chance, themes, next_key)
        earlier = now
    save_spanning(
        db,
        links=links,
        threads=_threads(threads),
        changes=changes,
        target_lines=_target_lines(db, measures),
        superseded=[],
    )
    finish(
        db,
        {
            "id": 1,
            "started": "2025-06-02T09:00:00Z",
            "finished": "2025-06-02T09:14:31Z",
            "version": "0.0.0",
            "read": requirements // _PER_DOCUMENT,
            "unchanged": 0,
            "removed": 0,
            "quarantined": 0,
        },
    )
    db.conn.close()


def _theme(chance: random.Random, key: int) -> _Theme:
    action = " ".join(
        (
            chance.choice(_VERBS),
            chance.choice(_ADJECTIVES),
            chance.choice(_NOUNS),
            "and",
            chance.choice(_NOUNS),
            chance.choice(_PLACES),
        )
    )
    return _Theme(
        key=key,
        body=chance.choice(_BODIES),
        cue=chance.choice(_CUES),
        action=action,
        topic=chance.choice(_TOPICS),
        target=float(chance.randint(40, 95)) if chance.random() < 0.3 else None,
    )


def _age(chance: random.Random, themes: list[_Theme], next_key: int) -> tuple[list[_Theme], int]:
    """Next year's duties: most go on, some with another number or force; the rest make room for new
    ones.
    """
    aged = []
    for theme in themes:
        if chance.random() >= _CARRIED:
            aged.append(_theme(chance, next_key))
            next_key += 1
        elif theme.target is not None and chance.random() < 0.4:
            aged.append(replace(theme, target=min(99.0, theme.target + chance.randint(-3, 6))))
        elif chance.random() < 0.2:
            aged.append(replace(theme, cue=chance.choice(_CUES)))
        else:
            aged.append(theme)
    return aged, next_key


def _write_papers(
    db: object,
    chance: random.Random,
    years: PlanningYears,
    count: int,
    ratio: float,
    measures: Sequence[str],
    guided: Sequence[str],
) -> list[Link]:
    """Board papers and commentary of one year, and what they mention."""
    links = []
    themes = [_theme(chance, -1) for _ in range(count)]
    for number, chunk in enumerate(_chunks(themes, _PER_DOCUMENT)):
        kind = Kind.BOARD_PAPER if number % 3 else Kind.COMMENTARY
        document = _document(years, kind, number)
        made = _write(chance, document, chunk, years, ratio, measures)
        save_source(db, _source(document), [made])  # type: ignore[arg-type]
        links += [
            Link(
                from_id=requirement.id,
                to_id=chance.choice(guided),
                from_year=str(years),
                to_year=str(years),
                relation=Relation.MENTIONS,
                score=0.8,
                evidence="names the same action",
                stance=chance.choice(("reports", "repeats", "misstates", "contests")),
            )
            for requirement in made[1].requirements
            if chance.random() < 0.4
        ]
    return links


def _document(years: PlanningYears, kind: Kind, number: int) -> Document:
    name = f"{kind.value.replace('_', '-')}-{str(years).replace('/', '-')}-{number:03}"
    return Document(
        id=name,
        file=f"{name}.pdf",
        sha256=stable_id(name) * 4,
        format=Format.PDF,
        kind=kind,
        title=f"Invented {kind.value.replace('_', ' ')} {number + 1} for {years}",
        publisher="Made for measuring",
        planning_years=years,
        published=date(years.first, 1, 28),
        pages=40,
    )


def _source(document: Document) -> SavedSource:
    return SavedSource(
        path=Path(f"invented/{document.file}"),
        sha256=document.sha256,
        size=1,
        modified_ns=1,
        key=document.sha256,
        document_ids=(document.id,),
    )


def _write(
    chance: random.Random,
    document: Document,
    themes: Sequence[_Theme],
    years: PlanningYears,
    ratio: float,
    measures: Sequence[str],
) -> tuple[StructuredDocument, Extraction]:
    """A document that states these duties, with plain narrative between them."""
    sections = tuple(
        Section(
            id=stable_id(document.id, "section", number),
            document_id=document.id,
            ordinal=number,
            level=1 if number % 3 == 0 else 2,
            heading=_HEADINGS[number],
            path=_HEADINGS[number],
            page=number * 3 + 1,
        )
        for number in range(len(_HEADINGS))
    )
    passages: list[Passage] = []
    requirements: list[Requirement] = []
    figures: list[Figure] = []
    total = max(len(themes), round(len(themes) * ratio))
    spots = sorted(chance.sample(range(total), len(themes)))
    wanted = dict(zip(spots, themes, strict=True))
    for ordinal in range(total):
        section = sections[ordinal * len(sections) // total]
        page = 1 + ordinal * 40 // total
        theme = wanted.get(ordinal)
        narrative = _narrative(chance)
        quote = _sentence(theme, years) if theme else ""
        text = f"{quote} {narrative}" if theme else narrative
        top = 60.0 + 10 * (ordinal % 60)
        passage = Passage(
            id=stable_id(document.id, "passage", ordinal),
            document_id=document.id,
            section_id=section.id,
            ordinal=ordinal,
            kind=PassageKind.PARAGRAPH,
            text=text,
            page=page,
            places=(
                Place(
                    start=0,
                    end=len(text),
                    page=page,
                    box=Box(x0=56, top=top, x1=540, bottom=top + 12),
                ),
            ),
        )
        passages.append(passage)
        if theme:
            requirement = _requirement(
                theme, document, passage, section, quote, len(requirements), chance
            )
            requirements.append(requirement)
            figures += _figures(requirement, theme, measures)
    return (
        StructuredDocument(document=document, sections=sections, passages=tuple(passages)),
        Extraction(requirements=tuple(requirements), figures=tuple(figures)),
    )


def _sentence(theme: _Theme, years: PlanningYears) -> str:
    tail = f", so that {theme.target:g}% of them are on time" if theme.target is not None else ""
    return f"{theme.body[0]} {theme.cue[0]} {theme.action}{tail}, by March {years.last + 1}."


def _narrative(chance: random.Random) -> str:
    return " ".join(
        f"The {chance.choice(_ADJECTIVES)} {chance.choice(_NOUNS)} of last year were helped by"
        f" {chance.choice(_ADJECTIVES)} {chance.choice(_NOUNS)} {chance.choice(_PLACES)}."
        for _ in range(chance.randint(1, 3))
    )


def _requirement(
    theme: _Theme,
    document: Document,
    passage: Passage,
    section: Section,
    quote: str,
    ordinal: int,
    chance: random.Random,
) -> Requirement:
    years = document.planning_years
    assert years is not None
    quantities: tuple[Quantity, ...] = ()
    if theme.target is not None:
        words = f"{theme.target:g}%"
        start = quote.index(words)
        quantities = (
            Quantity(
                text=words,
                kind=QuantityKind.PERCENTAGE,
                value=theme.target,
                unit="%",
                comparator=">=",
                start=start,
                end=start + len(words),
            ),
        )
    return Requirement(
        id=stable_id(document.id, quote, ordinal),
        document_id=document.id,
        passage_id=passage.id,
        ordinal=ordinal,
        section=section.path,
        page=passage.page,
        bbox=passage.places[0].box,
        quote=quote,
        start=0,
        end=len(quote),
        stem=None,
        statement=quote,
        modality=theme.cue[1],
        cue=theme.cue[0],
        reported=document.kind is Kind.COMMENTARY and chance.random() < 0.5,
        reported_by=None,
        bearer=theme.body[0],
        bearer_canonical=(theme.body[1],),
        action=theme.action,
        condition=None,
        deadline=Deadline(text=f"by March {years.last + 1}", date=years.end),
        quantities=quantities,
        topic=theme.topic,
        confidence=round(chance.uniform(0.5, 1.0), 3),
    )


def _figures(requirement: Requirement, theme: _Theme, measures: Sequence[str]) -> Iterator[Figure]:
    for number, quantity in enumerate(requirement.quantities):
        measure = measures[theme.key % len(measures)] if theme.key % 5 == 0 else None
        yield Figure(
            id=stable_id(requirement.id, "quantity", number),
            document_id=requirement.document_id,
            passage_id=requirement.passage_id,
            section=requirement.section,
            page=requirement.page,
            quote=requirement.quote,
            quantity=replace(quantity, measure=measure),
            deadline=requirement.deadline.date if requirement.deadline else None,
            requirement_id=requirement.id,
        )


def _compare(
    chance: random.Random,
    year: int,
    themes: Sequence[_Theme],
    earlier: dict[int, str],
    now: dict[int, str],
    links: list[Link],
    changes: list[Change],
) -> None:
    """Links and changes from the year before: what both years hold is linked, the rest is new or
    dropped.
    """
    from_year = str(PlanningYears(first=year - 1, last=year - 1))
    to_year = str(PlanningYears(first=year, last=year))
    relations = [relation for relation, _ in _RELATIONS]
    weights = [weight for _, weight in _RELATIONS]
    topics = {theme.key: theme.topic for theme in themes}
    for key in sorted(earlier.keys() | now.keys()):
        before, after = earlier.get(key), now.get(key)
        relation = "new" if before is None else "dropped"
        if before is not None and after is not None:
            kind = chance.choices(relations, weights)[0]
            relation = kind.value
            moved = kind is Relation.TARGET_CHANGED
            links.append(
                Link(
                    from_id=before,
                    to_id=after,
                    from_year=from_year,
                    to_year=to_year,
                    relation=kind,
                    score=round(chance.uniform(0.6, 1.0), 3),
                    evidence="much the same words; same body",
                    from_value=70.0 if moved else None,
                    to_value=75.0 if moved else None,
                    unit="%" if moved else None,
                    ambition="harder" if moved else None,
                )
            )
        changes.append(
            Change(
                from_year=from_year,
                to_year=to_year,
                relation=relation,
                from_id=before,
                to_id=after,
                topic=topics.get(key),
            )
        )


def _threads(members: dict[int, list[str]]) -> Iterator[Thread]:
    for key, identifiers in members.items():
        if len(identifiers) > 1:
            yield Thread(id=stable_id("thread", key), requirement_ids=tuple(identifiers))


def _target_lines(db: object, measures: Sequence[str]) -> Iterator[TargetPoint]:
    """A target a year for each measure, with a gap here and there."""
    rows = db.query(  # type: ignore[attr-defined]
        "SELECT measure, planning_year, document_id, requirement_id, value, deadline FROM"
        " quantities"
        " WHERE measure IS NOT NULL GROUP BY measure, planning_year ORDER BY measure, planning_year"
    )
    for number, row in enumerate(list(rows)):
        dropped = number % 11 == 10
        yield TargetPoint(
            measure=row["measure"],
            year=row["planning_year"],
            document_id=None if dropped else row["document_id"],
            requirement_id=None if dropped else row["requirement_id"],
            value=None if dropped else row["value"],
            high=None,
            kind="percentage",
            unit="%",
            comparator=None if dropped else ">=",
            role="target",
            deadline=date.fromisoformat(row["deadline"]),
            dropped=dropped,
        )


def _chunks(themes: Sequence[_Theme], size: int) -> Iterator[Sequence[_Theme]]:
    for start in range(0, len(themes), size):
        yield themes[start : start + size]


if __name__ == "__main__":
    sys.exit(main())
