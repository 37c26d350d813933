"""Rules that are known only from those who report them: their numbers linked through the years.

Of a year whose guidance is not in the database, commentary and board papers may still say what it
asked for. Several numbers often share a sentence, so here numbers are matched, each with what it is
about; a total is known by its parts adding up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from pipeline.lexicon import Lexicon
from pipeline.lexicon.words import fold
from pipeline.link.numbers import dimension, direction_of_ambition, quantity_unit, show_quantity
from pipeline.link.patterns import find_words
from pipeline.link.statements import Statement, label, place_of
from pipeline.link.text import Vocabulary
from pipeline.records import (
    Document,
    Kind,
    Link,
    Modality,
    Quantity,
    QuantityKind,
    Relation,
    Requirement,
)

_ALIKE: Final = 0.5
_AROUND: Final = 60  # code points either side of a number that may tell what it is about
_BACK: Final = 3  # how many requirements back "this" may point
_YEARS_APART: Final = 3
_LEVELS: Final = (
    QuantityKind.PERCENTAGE,
    QuantityKind.PERCENTAGE_POINTS,
    QuantityKind.MONEY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """A number of a statement with what it is about.

    `parts` are the requirements that hold the numbers of which this one is the total, if it is one.
    """

    statement: Statement
    quantity: Quantity
    concepts: frozenset[str]
    measure: str | None
    parts: tuple[Requirement, ...] = ()

    @property
    def sentence(self) -> tuple[str, str]:
        """The document and the words: several requirements may stand in one sentence."""
        return self.statement.requirement.document_id, self.statement.requirement.quote

    @property
    def place(self) -> int:
        """Where the number stands in its sentence."""
        return place_of(self.quantity, self.statement.requirement)


def link_statements(
    statements: Sequence[Statement], vocabulary: Vocabulary, lexicon: Lexicon
) -> list[Link]:
    """Links between the numbers of statements of different years, and of one year as it becomes
    firmer.

    The earlier year comes first, and within one year the earlier published. A total and its parts
    in one year are linked as split.
    """
    read = _read_figures(statements, vocabulary)
    totalled = [_as_total(figure, read) for figure in read]
    figures = sorted((_continued(figure, totalled) for figure in totalled), key=_when)
    links: dict[tuple[str, ...], Link] = {}
    for a, b in combinations(figures, 2):
        link = _compare(a, b, lexicon)
        if link is not None:
            key = (link.from_id, link.to_id, link.relation.value)
            if key not in links or links[key].score < link.score:
                links[key] = link
    for figure in figures:
        for part in figure.parts:
            link = _part_link(figure, part)
            links.setdefault((link.from_id, link.to_id, link.relation.value), link)
    return list(links.values())


def _when(figure: _Figure) -> tuple[int, str, str, int, int]:
    s = figure.statement
    return s.year, s.published, s.requirement.document_id, s.requirement.ordinal, figure.place


def _read_figures(statements: Sequence[Statement], vocabulary: Vocabulary) -> list[_Figure]:
    """The numbers that state a rule: "a 2% fund", not "the 2%", which points to one."""
    figures = []
    for index, statement in enumerate(statements):
        for quantity in statement.quantities:
            before = statement.requirement.quote[: place_of(quantity, statement.requirement)]
            if find_words("pointing").search(before):
                continue
            concepts = _subject(quantity, statement.requirement, vocabulary)
            if not concepts and quantity.measure is None:
                concepts = _subject_before(statements, index, vocabulary)
            figures.append(
                _Figure(
                    statement=statement,
                    quantity=quantity,
                    concepts=concepts,
                    measure=quantity.measure,
                )
            )
    return figures


def _subject(
    quantity: Quantity, requirement: Requirement, vocabulary: Vocabulary
) -> frozenset[str]:
    """The concepts that a number is about: those of its metric, else those in the words near it."""
    concepts = _find_concepts((quantity.metric or "").partition("(")[0], vocabulary)
    if concepts:
        return concepts
    if sum(q.role is quantity.role for q in requirement.quantities) == 1:
        return _find_concepts(requirement.quote, vocabulary)
    at = place_of(quantity, requirement)
    return _find_concepts(requirement.quote[max(0, at - _AROUND) : at + _AROUND], vocabulary)


def _find_concepts(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    return vocabulary.find_concepts(fold(text))["subject"]


def _subject_before(
    statements: Sequence[Statement], index: int, vocabulary: Vocabulary
) -> frozenset[str]:
    """What the requirement before speaks of, for one that only points back ("if it is a minimum of
    0.5%").
    """
    here = statements[index].requirement
    for other in reversed(statements[max(0, index - _BACK) : index]):
        if other.requirement.document_id == here.document_id and other.requirement.id != here.id:
            concepts = _find_concepts(other.requirement.quote, vocabulary)
            if concepts:
                return concepts
    return frozenset()


def _as_total(figure: _Figure, figures: Sequence[_Figure]) -> _Figure:
    """The figure as a total, where others of its year in its sentence or the next add up to it."""
    sentences: dict[tuple[str, str], list[_Figure]] = {}
    for other in figures:
        if other is not figure and _may_be_part(other, figure):
            sentences.setdefault(other.sentence, []).append(other)
    for parts in sentences.values():
        total = sum(part.quantity.value for part in parts)
        if len(parts) >= 2 and abs(total - figure.quantity.value) < _ROUNDING:
            elsewhere = {
                part.statement.requirement.id: part.statement.requirement for part in parts
            }
            own = parts[0].sentence == figure.sentence
            return replace(figure, parts=() if own else tuple(elsewhere.values()), measure=TOTAL)
    return figure


TOTAL: Final = "total of several"
_ROUNDING: Final = 1e-9


def _may_be_part(part: _Figure, whole: _Figure) -> bool:
    mine, theirs = whole.statement, part.statement
    return (
        theirs.requirement.document_id == mine.requirement.document_id
        and abs(theirs.requirement.ordinal - mine.requirement.ordinal) <= _NEXT
        and theirs.year == mine.year
        and part.quantity.kind is whole.quantity.kind
        and part.quantity.role is whole.quantity.role
    )


_NEXT: Final = 5  # how many requirements on: a sentence with several numbers holds as many


def _continued(figure: _Figure, figures: Sequence[_Figure]) -> _Figure:
    """A number that another "rises to" is about the same thing: the one before it, brackets left
    out.
    """
    quote = figure.statement.requirement.quote
    if not find_words("onward").search(quote[: figure.place]):
        return figure
    before = [
        other
        for other in figures
        if other.sentence == figure.sentence
        and other.place < figure.place
        and other.quantity.kind is figure.quantity.kind
        and quote[: other.place].count("(") == quote[: other.place].count(")")
    ]
    if not before:
        return figure
    origin = max(before, key=lambda other: other.place)
    return replace(figure, measure=origin.measure, concepts=origin.concepts)


def _alike(a: _Figure, b: _Figure) -> float:
    """How surely two numbers are about one thing, 0 to 1."""
    if (a.quantity.role, dimension(a.quantity)) != (b.quantity.role, dimension(b.quantity)):
        return 0.0
    if a.measure is not None and b.measure is not None:
        return 1.0 if a.measure == b.measure or {a.measure, b.measure} <= _TOTALS else 0.0
    if a.quantity.kind not in _LEVELS or not a.concepts or not b.concepts:
        return 0.0
    return len(a.concepts & b.concepts) / len(a.concepts | b.concepts)


_TOTALS: Final = frozenset({TOTAL, "total-set-aside"})


def _compare(a: _Figure, b: _Figure, lexicon: Lexicon) -> Link | None:
    """The link from the earlier of two numbers to the later; None where they are not about one
    thing.
    """
    alike = _alike(a, b)
    apart = b.statement.year - a.statement.year
    if alike < _ALIKE or apart > _YEARS_APART:
        return None
    if apart == 0 and not a.statement.published < b.statement.published:
        return None
    changed = (a.quantity.value, a.quantity.high) != (b.quantity.value, b.quantity.high)
    firmer = apart == 0 and _is_hedged(a) and not _is_hedged(b)
    if not changed and (a.sentence == b.sentence or (apart == 0 and not firmer)):
        return None
    relation, why, ambition = _relate(a, b, changed=changed, firmer=firmer, lexicon=lexicon)
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
    a: _Figure, b: _Figure, *, changed: bool, firmer: bool, lexicon: Lexicon
) -> tuple[Relation, str, str | None]:
    before, after = show_quantity(a.quantity), show_quantity(b.quantity)
    years = label(a.statement.year), label(b.statement.year)
    if changed:
        ambition = direction_of_ambition(a.quantity, b.quantity, b.statement.requirement, lexicon)
        said = f"Number {before} for {years[0]}, {after} for {years[1]}" + (
            f": {ambition}" if ambition else ""
        )
        return Relation.TARGET_CHANGED, said, ambition
    if firmer:
        return (
            Relation.STRENGTHENED,
            f"{after} for {years[1]}, told as likely at first and as settled later",
            None,
        )
    return Relation.SAME, f"{after} for {years[1]} as for {years[0]}", None


def _is_hedged(figure: _Figure) -> bool:
    requirement = figure.statement.requirement
    hedged = find_words("hedge").search(requirement.quote) is not None
    return hedged or requirement.modality is Modality.NONE


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


def choose_reports(
    document: Document, requirements: Iterable[Requirement]
) -> Iterator[Requirement]:
    """The requirements of a paper that tell what others asked for.

    What its writer would like, or its own body plans, is left out as far as can be told.
    """
    for requirement in requirements:
        rule = requirement.modality in (Modality.OBLIGATION, Modality.NONE)
        past = find_words("past").search(requirement.quote) is not None
        if requirement.reported or (document.kind is Kind.COMMENTARY and (rule or past)):
            yield requirement
