"""Rules that are known only from those who report them: their numbers linked through the years.

Of a year whose guidance is not in the database, commentary and board papers may still say what it
asked for. Several numbers often share a sentence, so here numbers are matched, each with what it is
about; a total is known by its parts adding up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from pipeline.lexicon import Lexicon
from pipeline.lexicon.words import fold
from pipeline.link.numbers import direction_of_ambition, quantity_unit, show_quantity
from pipeline.link.patterns import find_words
from pipeline.link.statements import Statement, label, place_of
from pipeline.link.text import Vocabulary, stem_word
from pipeline.records import Link, Modality, Quantity, Relation, Requirement

_ALIKE: Final = 0.5
_AROUND: Final = (
    60  # code points either side of a number that tell what it is about, where nothing else does
)
_BACK: Final = 3  # how many requirements back "this" may point


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """A number of a statement with what it is about: tags of measures, concepts and words."""

    statement: Statement
    quantity: Quantity
    about: frozenset[str]
    parts: tuple[Requirement, ...] = ()  # of a total: the requirements that hold its parts


def link_statements(
    statements: Sequence[Statement], vocabulary: Vocabulary, lexicon: Lexicon
) -> list[Link]:
    """Links between the numbers of statements of different years, and of one year as it becomes
    firmer.

    The earlier year comes first, and within one year the earlier published. A total and its parts
    in one year are linked as split.
    """
    figures = [
        _continued(f, figures)
        for figures in [_read_figures(statements, vocabulary)]
        for f in figures
    ]
    links: dict[tuple[str, ...], Link] = {}
    for a, b in combinations(sorted(figures, key=_when), 2):
        link = _compare(a, b, lexicon)
        if link is not None:
            key = (link.from_id, link.to_id, link.relation.value)
            if key not in links or links[key].score < link.score:
                links[key] = link
    for figure in figures:
        for part in figure.parts:
            if part.id != figure.statement.requirement.id:
                link = _part_link(figure, part)
                links.setdefault((link.from_id, link.to_id, link.relation.value), link)
    return list(links.values())


def _when(figure: _Figure) -> tuple[int, str, str, int, int]:
    s = figure.statement
    at = place_of(figure.quantity, s.requirement)
    return s.year, s.published, s.requirement.document_id, s.requirement.ordinal, at


def _read_figures(statements: Sequence[Statement], vocabulary: Vocabulary) -> list[_Figure]:
    figures = []
    for index, statement in enumerate(statements):
        for quantity in statement.quantities:
            about = _subject(quantity, statement.requirement, vocabulary)
            if not any(tag[0] in "%+" for tag in about):
                about |= _subject_before(statements, index, vocabulary)
            figures.append(_Figure(statement=statement, quantity=quantity, about=about))
    return [_as_total(figure, figures) for figure in figures]


def _subject(
    quantity: Quantity, requirement: Requirement, vocabulary: Vocabulary
) -> frozenset[str]:
    """What a number is about: its measure, and the concepts and words of its metric, else those
    near it.
    """
    near = quantity.metric or ""
    tags = _tags(near, vocabulary)
    if quantity.measure is not None:
        tags |= {f"%{quantity.measure}"}
    if not any(tag[0] == "+" for tag in tags):
        at = place_of(quantity, requirement)
        alone = sum(q.role is quantity.role for q in requirement.quantities) == 1
        near = (
            requirement.quote if alone else requirement.quote[max(0, at - _AROUND) : at + _AROUND]
        )
        tags |= {tag for tag in _tags(near, vocabulary) if tag[0] == "+"}
    return tags


def _tags(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    words = fold(text)
    concepts = vocabulary.find_concepts(words)["subject"]
    stems = {stem_word(form) for form in words.forms if len(form) > 4 and not form[0].isdigit()}
    return frozenset({f"+{concept}" for concept in concepts} | stems)


def _subject_before(
    statements: Sequence[Statement], index: int, vocabulary: Vocabulary
) -> frozenset[str]:
    """What the last requirement before speaks of, for one that only points back ("if it is a
    minimum of 0.5%").
    """
    here = statements[index].requirement
    for other in reversed(statements[max(0, index - _BACK) : index]):
        if other.requirement.document_id == here.document_id and other.requirement.id != here.id:
            tags = {tag for tag in _tags(other.requirement.quote, vocabulary) if tag[0] == "+"}
            if tags:
                return frozenset(tags)
    return frozenset()


def _as_total(figure: _Figure, figures: Sequence[_Figure]) -> _Figure:
    """The figure as the total of others of its year in the same or the next requirement, where they
    add up to it.
    """
    mine = figure.statement
    neighbours: dict[str, list[_Figure]] = {}
    for other in figures:
        theirs = other.statement
        if (
            other is not figure
            and theirs.requirement.document_id == mine.requirement.document_id
            and abs(theirs.requirement.ordinal - mine.requirement.ordinal) <= 1
            and theirs.year == mine.year
            and other.quantity.kind is figure.quantity.kind
            and other.quantity.role is figure.quantity.role
        ):
            neighbours.setdefault(theirs.requirement.id, []).append(other)
    for parts in neighbours.values():
        total = sum(part.quantity.value for part in parts)
        if len(parts) >= 2 and abs(total - figure.quantity.value) < 1e-9:
            about = frozenset(
                {"=total", *(tag for part in parts for tag in part.about if tag[0] in "%+")}
            )
            return _Figure(
                statement=mine,
                quantity=figure.quantity,
                about=about,
                parts=(parts[0].statement.requirement,),
            )
    return figure


def _continued(figure: _Figure, figures: Sequence[_Figure]) -> _Figure:
    """A number that another "rises to" is about the same thing: the sentence's total, else the
    number before it.
    """
    requirement = figure.statement.requirement
    at = place_of(figure.quantity, requirement)
    if not find_words("onward").search(requirement.quote[:at]):
        # The comparator belongs to the number's own text: "rising to" + "just over 6%".
        return figure
    before = [
        f
        for f in figures
        if f.statement.requirement.id == requirement.id
        and f.quantity.kind is figure.quantity.kind
        and place_of(f.quantity, requirement) < at
    ]
    if not before:
        return figure
    totals = [f for f in before if f.parts]
    origin = totals[0] if totals else before[-1]
    return _Figure(statement=figure.statement, quantity=figure.quantity, about=origin.about)


def _alike(a: _Figure, b: _Figure) -> float:
    """How surely two numbers are about one thing, 0 to 1."""
    if ("=total" in a.about) != ("=total" in b.about) or a.quantity.role is not b.quantity.role:
        return 0.0
    if (a.quantity.kind, a.quantity.unit or "") != (b.quantity.kind, b.quantity.unit or ""):
        return 0.0
    measures = [frozenset(tag for tag in f.about if tag[0] == "%") for f in (a, b)]
    if "=total" not in a.about and measures[0] & measures[1]:
        return 1.0
    named = "%+" if "=total" in a.about else "+"
    concepts = [frozenset(tag for tag in f.about if tag[0] in named) for f in (a, b)]
    if all(concepts):
        shared = len(concepts[0] & concepts[1]) / min(len(c) for c in concepts)
        # A measure is told by words nearby and may be a neighbour's; two that differ need the same
        # subject in full.
        return shared if not all(measures) or shared == 1.0 else 0.0
    return len(a.about & b.about) / max(1, min(len(a.about), len(b.about)))


def _compare(a: _Figure, b: _Figure, lexicon: Lexicon) -> Link | None:
    """The link from the earlier of two numbers to the later; None where they are not about one
    thing.
    """
    alike = _alike(a, b)
    same_requirement = a.statement.requirement.id == b.statement.requirement.id
    same_year = a.statement.year == b.statement.year
    if alike < _ALIKE or (
        same_year and (same_requirement or not a.statement.published < b.statement.published)
    ):
        return None
    changed = (a.quantity.value, a.quantity.high) != (b.quantity.value, b.quantity.high)
    if same_requirement and not changed:
        return None
    relation, why, ambition = _relate(a, b, changed=changed, same_year=same_year, lexicon=lexicon)
    return Link(
        from_id=a.statement.requirement.id,
        to_id=b.statement.requirement.id,
        from_year=label(a.statement.year),
        to_year=label(b.statement.year),
        relation=relation,
        score=round(0.5 + 0.45 * alike, 4),
        evidence=f"{why}; told by those who report it",
        from_value=a.quantity.value,
        to_value=b.quantity.value,
        unit=quantity_unit(b.quantity),
        ambition=ambition,
    )


def _relate(
    a: _Figure, b: _Figure, *, changed: bool, same_year: bool, lexicon: Lexicon
) -> tuple[Relation, str, str | None]:
    before, after = show_quantity(a.quantity), show_quantity(b.quantity)
    years = label(a.statement.year), label(b.statement.year)
    if changed:
        ambition = direction_of_ambition(a.quantity, b.quantity, b.statement.requirement, lexicon)
        said = f"Number {before} for {years[0]}, {after} for {years[1]}" + (
            f": {ambition}" if ambition else ""
        )
        return Relation.TARGET_CHANGED, said, ambition
    if (
        same_year
        and _is_hedged(a.statement.requirement)
        and not _is_hedged(b.statement.requirement)
    ):
        return (
            Relation.STRENGTHENED,
            f"{after} for {years[1]}, told as likely at first and as settled later",
            None,
        )
    return Relation.SAME, f"{after} for {years[1]} as for {years[0]}", None


def _is_hedged(requirement: Requirement) -> bool:
    return requirement.modality is Modality.NONE or bool(
        find_words("hedge").search(requirement.quote)
    )


def _part_link(total: _Figure, part: Requirement) -> Link:
    year = label(total.statement.year)
    return Link(
        from_id=total.statement.requirement.id,
        to_id=part.id,
        from_year=year,
        to_year=year,
        relation=Relation.SPLIT,
        score=0.9,
        evidence=f"The numbers there add up to the {show_quantity(total.quantity)} here",
        from_value=total.quantity.value,
        to_value=total.quantity.value,
        unit=quantity_unit(total.quantity),
    )


def choose_reports(requirements: Iterable[Requirement]) -> Iterator[Requirement]:
    """The requirements that tell what others asked for, rather than what the writer would like."""
    for requirement in requirements:
        if requirement.reported or requirement.modality in (Modality.OBLIGATION, Modality.NONE):
            yield requirement
