"""What of a comparison is counted: stories, each told once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.link.stories import find_first, tell_stories
from pipeline.records import Change, Link, Relation

# Requirements are named by document and place: a0 is the first of the earlier year's.
PLACES = {f"{d}{n}": (d, n) for d in "abc" for n in range(9)}

Row = tuple[str, str | None, str | None, float]  # relation, earlier, later, score


def tell(rows: Sequence[Row], *repeats: tuple[str, ...]) -> list[set[str]]:
    """The stories told: what is counted as "a0-b0 same", what says it again as "(a1-b0)"."""
    changes = [
        Change(
            from_year="2024/25", to_year="2025/26", relation=r, from_id=a, to_id=b, topic="cancer"
        )
        for r, a, b, _ in rows
    ]
    links = [
        Link(
            from_id=a, to_id=b, from_year="2024/25", to_year="2025/26", relation=Relation(r),
            score=score, evidence="much the same words",
        )
        for r, a, b, score in rows
        if a and b
    ]  # fmt: skip
    told = tell_stories(changes, links, repeats, PLACES)
    assert [(c.relation, c.from_id, c.to_id) for c in told] == [row[:3] for row in rows]
    stories: dict[str | None, set[str]] = {}
    for c in told:
        ends = f"{c.from_id or ''}-{c.to_id or ''}"
        words = f"({ends})" if c.again else f"{ends} {c.relation}"
        stories.setdefault(c.story, set()).add(words)
    return list(stories.values())


@pytest.mark.parametrize(
    ("rows", "repeats", "stories"),
    [
        pytest.param(
            [("same", "a0", "b0", 0.9), ("reworded", "a1", "b1", 0.8)],
            [],
            [{"a0-b0 same"}, {"a1-b1 reworded"}],
            id="said-once",
        ),
        pytest.param(
            [
                ("same", "a0", "b0", 0.99),
                ("reworded", "a0", "b1", 0.7),
                ("reworded", "a1", "b0", 0.7),
                ("strengthened", "a1", "b1", 0.95),
            ],
            [("a0", "a1"), ("b0", "b1")],
            [{"a1-b1 strengthened", "(a0-b0)", "(a0-b1)", "(a1-b0)"}],
            id="like-with-like-and-what-tells-more",
        ),
        pytest.param(
            [("same", "a0", "b0", 0.99), ("weakened", "a0", "b1", 0.6)],
            [("b0", "b1")],
            [{"a0-b0 same", "(a0-b1)"}],
            id="bullet-with-sentence-does-not-count",
        ),
        pytest.param(
            [("new", None, "b0", 0), ("new", None, "b2", 0), ("new", None, "b1", 0)],
            [("b1", "b2")],
            [{"-b0 new"}, {"-b1 new", "(-b2)"}],
            id="new-in-two-places",
        ),
        pytest.param(
            [("dropped", "a2", None, 0), ("dropped", "a1", None, 0)],
            [("a2", "a1")],
            [{"a1- dropped", "(a2-)"}],
            id="dropped-from-two-places",
        ),
        pytest.param(
            [
                ("split", "a0", "b0", 0.9),
                ("split", "a0", "b1", 0.8),
                ("split", "a1", "b1", 0.7),
                ("same", "a2", "b2", 0.9),
            ],
            [("a0", "a1")],
            [{"a0-b0 split", "a0-b1 split", "(a1-b1)"}, {"a2-b2 same"}],
            id="parts-of-one-are-one",
        ),
        pytest.param(
            [("merged", "a0", "b0", 0.9), ("merged", "a1", "b0", 0.8)],
            [],
            [{"a0-b0 merged", "a1-b0 merged"}],
            id="several-into-one-are-one",
        ),
        pytest.param(
            [("same", "a0", "b0", 0.9), ("same", "a1", "b0", 0.9)],
            [("a0", "a1")],
            [{"a0-b0 same", "(a1-b0)"}],
            id="as-sure-the-first-place",
        ),
    ],
)
def test_stories(rows: list[Row], repeats: list[tuple[str, ...]], stories: list[set[str]]) -> None:
    assert tell(rows, *repeats) == stories
    assert sorted(map(sorted, tell(rows[::-1], *repeats[::-1]))) == sorted(map(sorted, stories))


def test_groups_that_share_a_member_are_one() -> None:
    assert find_first([("a3", "a2"), ("b1", "b0"), ("a1", "a3")], PLACES) == {
        "a1": "a1", "a2": "a1", "a3": "a1", "b0": "b0", "b1": "b0",
    }  # fmt: skip
