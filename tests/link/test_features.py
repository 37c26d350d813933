"""The features of a pair."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.link.candidates import Candidates
from pipeline.link.features import FEATURES, describe_pairs
from pipeline.link.text import Vocabulary, read_wordings
from pipeline.records import Requirement, Role
from tests.link.build import duration, need, percent


def describe(
    before: list[Requirement], after: list[Requirement], vocabulary: Vocabulary
) -> dict[tuple[int, int], dict[str, float]]:
    ends = [(i, j) for i in range(len(before)) for j in range(len(after))]
    pairs = Candidates(before=np.array([i for i, _ in ends]), after=np.array([j for _, j in ends]))
    groups = np.arange(len(before)), np.arange(len(after))
    rows = describe_pairs(
        read_wordings(before, vocabulary),
        read_wordings(after, vocabulary),
        pairs,
        vocabulary,
        groups,
    )
    assert rows.shape == (len(ends), len(FEATURES))
    assert np.all(rows >= -1 - 1e-5)
    assert np.all(rows <= 1 + 1e-5)
    return {
        end: dict(zip(FEATURES, row.tolist(), strict=True))
        for end, row in zip(ends, rows, strict=True)
    }


PCT = need("PCTs must hold a contingency", bearers=["primary care trust"])
ICB = need("ICBs must hold a contingency", document="later", bearers=["integrated care board"])
COUNCIL = need("Councils must hold a contingency", document="later", bearers=["local authority"])


def test_lineage_of_bearers(vocabulary: Vocabulary) -> None:
    found = describe([PCT], [ICB, COUNCIL], vocabulary)
    assert found[0, 0]["bearer_related"] > 0.8 > found[0, 1]["bearer_related"]
    assert (found[0, 0]["bearer_clash"], found[0, 1]["bearer_clash"]) == (0, -1)


@pytest.mark.parametrize(
    ("later", "feature", "value"),
    [
        pytest.param(need("Help adults who wait", document="b"), "population_clash", -1, id="whom"),
        pytest.param(
            need("Help children who wait", document="b"), "population_clash", 0, id="same-people"
        ),
        pytest.param(
            need(
                "Children wait 6 weeks",
                document="b",
                quantities=[duration(6, "weeks", role=Role.THRESHOLD)],
            ),
            "threshold_clash",
            -1,
            id="threshold",
        ),
        pytest.param(
            need("Children wait", document="b", quantities=[percent(5, "planned-surplus")]),
            "measure_clash",
            -1,
            id="measure",
        ),
    ],
)
def test_clashes(later: Requirement, feature: str, value: float, vocabulary: Vocabulary) -> None:
    earlier = need(
        "Children should wait no longer than 18 weeks",
        quantities=[
            duration(18, "weeks", role=Role.THRESHOLD),
            percent(92, "rtt-18-weeks"),
        ],
    )
    assert describe([earlier], [later], vocabulary)[0, 0][feature] == value


def test_rank_and_margin(vocabulary: Vocabulary) -> None:
    earlier = [need("Keepers must feed the herons at dawn")]
    later = [
        need("At dawn keepers must feed the herons", document="b"),
        need("Keepers must count the boats", document="b", ordinal=1),
    ]
    found = describe(earlier, later, vocabulary)
    assert found[0, 0]["rank_before"] == 1.0
    assert found[0, 1]["rank_before"] == 0.5
    assert found[0, 0]["margin_before"] > 0 > found[0, 1]["margin_before"]


def test_repeats_are_no_rivals(vocabulary: Vocabulary) -> None:
    quotes = ["Keepers must feed the herons at dawn"] * 2 + ["Keepers must count the boats"]
    later = [need(q, document="b", ordinal=n) for n, q in enumerate(quotes)]
    pairs = Candidates(before=np.zeros(3, dtype=np.int64), after=np.arange(3))
    wordings = read_wordings([need(quotes[0])], vocabulary), read_wordings(later, vocabulary)
    alone = describe_pairs(*wordings, pairs, vocabulary, (np.zeros(1, int), np.arange(3)))
    grouped = describe_pairs(*wordings, pairs, vocabulary, (np.zeros(1, int), np.array([0, 0, 1])))
    margin = FEATURES.index("margin_before")
    assert alone[0, margin] == pytest.approx(0.0, abs=1e-6)
    assert grouped[0, margin] > 0.1
    assert grouped[0, margin] == pytest.approx(grouped[1, margin])
