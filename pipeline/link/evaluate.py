"""How well links are found and named, measured on labelled pairs that were held out in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.lexicon import Lexicon
from pipeline.link.gold import LabelledPair
from pipeline.link.model import LinkModel
from pipeline.link.pairs import Reader, link_pair
from pipeline.link.text import Vocabulary, load_concepts
from pipeline.link.train import Example, fit, read_examples
from pipeline.records import Link, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts of what was found, what was wanted, and what of the found was right."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        """right / found, 0 where nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """right / wanted, 0 where nothing was wanted."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkScores:
    """Scores over all pairs, by pair and by relation; `relation_accuracy` is over links found that
    are right.

    A link counts as right for a relation where both its ends and its relation are right.
    """

    links: Score
    relation_accuracy: float
    by_pair: Mapping[str, Score]
    by_relation: Mapping[Relation, Score]
    confusion: Mapping[tuple[Relation, Relation], int]  # (wanted, found) of links that were found


def evaluate_links(
    pairs: Sequence[LabelledPair], *, lexicon: Lexicon, model: LinkModel
) -> LinkScores:
    """Scores of models like this one, each fitted anew on all pairs but the one that it links."""
    examples = read_examples(pairs, Vocabulary(lexicon, load_concepts(), model.common))
    return evaluate_examples(examples, lexicon=lexicon, model=model)


def measure_links(
    pairs: Sequence[LabelledPair], *, lexicon: Lexicon, model: LinkModel
) -> LinkScores:
    """Scores of this very model on pairs that it has not learned from."""
    reader = Reader(lexicon, model)
    outcomes = {
        pair.name: link_labelled(pair, lexicon=lexicon, model=model, reader=reader)
        for pair in pairs
    }
    return score_links(pairs, outcomes)


def evaluate_examples(
    examples: Sequence[Example], *, lexicon: Lexicon, model: LinkModel
) -> LinkScores:
    """The same for examples that have been read already."""
    outcomes: dict[str, list[Link]] = {}
    reader = Reader(lexicon, model)
    for out in examples:
        known = [e for e in examples if e is not out]
        held_out = fit(
            model.kind, known, accept=model.accept, extra=model.extra, common=model.common
        )
        outcomes[out.pair.name] = link_labelled(
            out.pair, lexicon=lexicon, model=held_out, reader=reader
        )
    return score_links([e.pair for e in examples], outcomes)


def link_labelled(
    pair: LabelledPair, *, lexicon: Lexicon, model: LinkModel, reader: Reader | None = None
) -> list[Link]:
    """What linking makes of a labelled pair."""
    found = link_pair(
        pair.before,
        pair.after,
        lexicon=lexicon,
        model=model,
        from_year=pair.from_year,
        to_year=pair.to_year,
        reader=reader,
    )
    return list(found.links)


def score_links(
    pairs: Sequence[LabelledPair], outcomes: Mapping[str, Sequence[Link]]
) -> LinkScores:
    """Scores of what was found (by the name of the pair) against what the pairs say."""
    by_pair: dict[str, Score] = {}
    wanted: Counter[Relation] = Counter()
    found: Counter[Relation] = Counter()
    right: Counter[Relation] = Counter()
    confusion: Counter[tuple[Relation, Relation]] = Counter()
    for pair in pairs:
        gold = {(link.from_id, link.to_id): link.relation for link in pair.links}
        ours: dict[tuple[str, str], set[Relation]] = {}
        for link in outcomes[pair.name]:
            ours.setdefault((link.from_id, link.to_id), set()).add(link.relation)
        both = gold.keys() & ours.keys()
        by_pair[pair.name] = Score(right=len(both), found=len(ours), wanted=len(gold))
        wanted.update(gold.values())
        found.update(relation for relations in ours.values() for relation in relations)
        for ends in both:
            hit = gold[ends] in ours[ends]
            right[gold[ends]] += hit
            confusion[gold[ends], gold[ends] if hit else min(ours[ends])] += 1
    total = Score(
        right=sum(s.right for s in by_pair.values()),
        found=sum(s.found for s in by_pair.values()),
        wanted=sum(s.wanted for s in by_pair.values()),
    )
    return LinkScores(
        links=total,
        relation_accuracy=sum(right.values()) / total.right if total.right else 0.0,
        by_pair=by_pair,
        by_relation={
            relation: Score(right=right[relation], found=found[relation], wanted=wanted[relation])
            for relation in Relation
            if wanted[relation] or found[relation]
        },
        confusion=dict(confusion),
    )
