"""Which documents count for which year, and which are superseded."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.link import YearPair, find_superseded, pair_years, pool_years
from pipeline.records import Document, Kind
from tests.link.build import paper

GUIDE_24 = paper("guide-24", "2024/25", published=date(2024, 3, 27))
GUIDE_25 = paper("guide-25", "2025/26", published=date(2025, 1, 30))
FRAMEWORK = paper("framework", "2026/27-2028/29")


@pytest.mark.parametrize(
    ("documents", "superseded"),
    [
        pytest.param(
            [paper("a", "2024/25"), paper("b", "2024/25", supersedes=["a"])],
            (("a", "b"),),
            id="stated",
        ),
        pytest.param(
            [paper("a", "2024/25", title="Guidance (draft)"), GUIDE_24],
            (("a", "guide-24"),),
            id="title",
        ),
        pytest.param(
            [paper("guide-24-draft", "2024/25"), GUIDE_24],
            (("guide-24-draft", "guide-24"),),
            id="id",
        ),
        pytest.param([paper("a-draft", "2023/24"), GUIDE_24], (), id="other-year"),
        pytest.param(
            [paper("a-draft", "2024/25", published=date(2024, 6, 1)), GUIDE_24],
            (),
            id="later-draft",
        ),
        pytest.param(
            [
                paper("a-draft", "2024/25", publisher="A council"),
                paper("b", "2024/25", publisher="Another council"),
            ],
            (),
            id="other-publisher",
        ),
        pytest.param([GUIDE_24, paper("b", "2024/25", supersedes=["gone"])], (), id="unknown"),
    ],
)
def test_superseded(documents: list[Document], superseded: tuple[tuple[str, str], ...]) -> None:
    assert find_superseded(documents) == superseded
    assert find_superseded(reversed(documents)) == superseded


def test_framework_counts_for_each_of_its_years() -> None:
    pools = pool_years([FRAMEWORK, GUIDE_25])
    assert {year: [d.id for d in pool] for year, pool in pools.items()} == {
        "2025/26": ["guide-25"],
        "2026/27": ["framework"],
        "2027/28": ["framework"],
        "2028/29": ["framework"],
    }
    assert pair_years(pools) == (
        YearPair(
            from_year="2025/26", to_year="2026/27", before=("guide-25",), after=("framework",)
        ),
    )


def test_drafts_papers_and_undated_guidance_are_in_no_year() -> None:
    others = [
        paper("guide-24-draft", "2024/25"),
        paper("board", "2024/25", kind=Kind.BOARD_PAPER),
        paper("ten-year-plan"),
    ]
    assert [d.id for pool in pool_years([GUIDE_24, *others]).values() for d in pool] == ["guide-24"]


def test_years_without_guidance_are_stepped_over() -> None:
    early = paper("guide-19", "2019/20")
    pairs = pair_years(pool_years([GUIDE_24, early, GUIDE_25]))
    assert [(p.from_year, p.to_year) for p in pairs] == [
        ("2019/20", "2024/25"),
        ("2024/25", "2025/26"),
    ]
