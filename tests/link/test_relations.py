"""Relations by what differs, with evidence in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.lexicon import Lexicon
from pipeline.link.assign import Matching
from pipeline.link.numbers import Years, direction_of_ambition, show_quantity
from pipeline.link.relations import Judgement, judge
from pipeline.link.text import Vocabulary, read_wordings
from pipeline.records import Modality, Quantity, QuantityKind, Relation, Requirement, Role
from tests.link.build import duration, need, percent

YEARS = Years(before=2023, after=2024)


def compare(
    a: Requirement,
    b: Requirement,
    vocabulary: Vocabulary,
    lexicon: Lexicon,
    matching: Matching = Matching.ONE,
) -> list[Judgement]:
    before, after = read_wordings([a], vocabulary)[0], read_wordings([b], vocabulary)[0]
    return judge(before, after, matching, YEARS, lexicon)


def later(quote: str, **more: object) -> Requirement:
    return need(quote, document="later", **more)  # type: ignore[arg-type]


def late(weeks: float, measure: str) -> Quantity:
    return replace(duration(weeks, "weeks", comparator=">", role=Role.THRESHOLD), measure=measure)


def count(value: float, unit: str | None, role: Role = Role.TARGET) -> Quantity:
    return Quantity(text=f"{value:g}", kind=QuantityKind.COUNT, value=value, unit=unit, role=role)


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        pytest.param(
            need("Trusts must report falls to the board each month"),
            later("Trusts must report falls to the board each month"),
            Relation.SAME,
            id="same-words",
        ),
        pytest.param(
            need("PCTs must agree a prospectus with their councils"),
            later("CCGs must agree a prospectus with their councils"),
            Relation.SAME,
            id="successor",
        ),
        pytest.param(
            need("Boards must look at falls on every ward"),
            later("What happens to patients who fall must be discussed by boards, ward by ward"),
            Relation.REWORDED,
            id="other-words",
        ),
        pytest.param(
            need(
                "Reach 76% of patients in A&E within 4 hours",
                quantities=[percent(76, "ae-4-hour")],
            ),
            later(
                "Within 4 hours 78% of patients should leave A&E",
                quantities=[percent(78, "ae-4-hour")],
            ),
            Relation.TARGET_CHANGED,
            id="number",
        ),
        pytest.param(
            need(
                "Reach 78% of patients in A&E within 4 hours",
                quantities=[percent(78, "ae-4-hour")],
            ),
            later(
                "Reach 78% of patients within 4 hours in A&E",
                quantities=[percent(78, "ae-4-hour")],
            ),
            Relation.SAME,
            id="number-kept",
        ),
        pytest.param(
            need(
                "Trusts should give rotas out in time",
                modality=Modality.RECOMMENDATION,
                cue="should",
            ),
            later("Trusts must give rotas out in time"),
            Relation.STRENGTHENED,
            id="should-must",
        ),
        pytest.param(
            need("Trusts must give rotas out in time"),
            later("Trusts may give rotas out in time", modality=Modality.PERMISSION, cue="may"),
            Relation.WEAKENED,
            id="must-may",
        ),
        pytest.param(
            need("Practices must answer calls", due=date(2024, 3, 31)),
            later("Practices must answer calls", due=date(2024, 9, 30)),
            Relation.WEAKENED,
            id="later-date",
        ),
        pytest.param(
            need("ICBs must send plans to the region", due=date(2023, 5, 4)),
            later("ICBs must send plans to the region", due=date(2024, 3, 27)),
            Relation.STRENGTHENED,
            id="earlier-in-its-year",
        ),
        pytest.param(
            need("ICBs must send plans to the region", due=date(2023, 5, 4)),
            later("ICBs must send plans to the region", due=date(2024, 5, 2)),
            Relation.SAME,
            id="same-day-next-year",
        ),
        pytest.param(
            need("Trusts must fit all doors with closers"),
            later("Trusts must fit all doors with closers where possible"),
            Relation.WEAKENED,
            id="limiter",
        ),
        pytest.param(
            need("Reduce long waits in the emergency department"),
            later(
                "Reduce long waits in the emergency department to 3%",
                quantities=[percent(3)],
            ),
            Relation.STRENGTHENED,
            id="number-added",
        ),
        pytest.param(
            need("Trusts must open the clinic on weekdays"),
            later("Trusts must open the clinic on weekdays and at weekends"),
            Relation.STRENGTHENED,
            id="more-asked",
        ),
        pytest.param(
            need(
                "Answer complaints in 10 days",
                quantities=[duration(10, "days", role=Role.THRESHOLD)],
            ),
            later(
                "Answer complaints in 1 week",
                quantities=[duration(1, "weeks", role=Role.THRESHOLD)],
            ),
            Relation.TARGET_CHANGED,
            id="days-weeks",
        ),
        pytest.param(
            need(
                "Late repairs should be under 8%",
                quantities=[percent(8, "repairs-in-time", comparator="<")],
            ),
            later(
                "Repairs should be in time in 92% of cases",
                quantities=[percent(92, "repairs-in-time")],
            ),
            Relation.REWORDED,
            id="one-number-from-two-ends",
        ),
        pytest.param(
            need(
                "Nobody may wait for over 65 weeks",
                quantities=[late(65, "waits-over-65-weeks")],
            ),
            later(
                "Nobody may wait for over 52 weeks",
                quantities=[late(52, "waits-over-52-weeks")],
            ),
            Relation.TARGET_CHANGED,
            id="next-step-of-a-ladder",
        ),
        pytest.param(
            need("Supply 10 litres a head", quantities=[count(10, None)]),
            later("Supply 15 litres a head each day", quantities=[count(15, "per day")]),
            Relation.TARGET_CHANGED,
            id="count-with-and-without-a-day",
        ),
        pytest.param(
            need("All seven baths stay open", quantities=[count(7, None, Role.STATISTIC)]),
            later("Two baths move to the park", quantities=[count(2, None, Role.STATISTIC)]),
            Relation.REWORDED,
            id="background-numbers-are-no-targets",
        ),
        pytest.param(
            need("Teams should reach 75% of schools", quantities=[percent(75)]),
            later("Teams should reach all schools"),
            Relation.STRENGTHENED,
            id="a-share-became-all",
        ),
        pytest.param(
            need("Teams should reach all schools in the north and the south"),
            later("In north and south 99% of schools should have a team", quantities=[percent(99)]),
            Relation.REWORDED,
            id="all-became-nearly-all",
        ),
        pytest.param(
            need("Wardens must feed the swans in the park every week"),
            later("The swans of our park must be fed once a fortnight at least"),
            Relation.WEAKENED,
            id="less-often",
        ),
        pytest.param(
            need("Wardens must feed the swans"),
            later("Swans should be fed by the wardens", modality=Modality.RECOMMENDATION),
            Relation.WEAKENED,
            id="must-should-in-other-words",
        ),
        pytest.param(
            need("Wardens must feed swans and herons"),
            later("Wardens must feed herons and swans"),
            Relation.REWORDED,
            id="another-order-adds-nothing",
        ),
    ],
)
def test_relation(
    a: Requirement, b: Requirement, relation: Relation, vocabulary: Vocabulary, lexicon: Lexicon
) -> None:
    assert compare(a, b, vocabulary, lexicon)[0].relation is relation


def test_parts_are_named(vocabulary: Vocabulary, lexicon: Lexicon) -> None:
    a, b = need("Open a hub and a clinic"), later("Open a hub")
    split = compare(a, b, vocabulary, lexicon, Matching.SPLIT)[0]
    merged = compare(b, a, vocabulary, lexicon, Matching.MERGED)[0]
    assert (split.relation, merged.relation) == (Relation.SPLIT, Relation.MERGED)


def test_evidence_tells_measure_numbers_years_and_words(
    vocabulary: Vocabulary, lexicon: Lexicon
) -> None:
    a = need("Reach 76% in A&E within 4 hours", quantities=[percent(76, "ae-4-hour")])
    b = later("Reach 78% in A&E within 4 hours", quantities=[percent(78, "ae-4-hour")])
    judgement = compare(a, b, vocabulary, lexicon)[0]
    measure = lexicon.measures["ae-4-hour"].name
    assert judgement.evidence == (
        f"Same measure ({measure}); 76% in 2023/24, 78% in 2024/25: harder; wording 100% alike"
    )
    assert (judgement.from_value, judgement.to_value, judgement.unit) == (76, 78, "%")


def test_one_number_kept_and_one_changed_are_two_links(
    vocabulary: Vocabulary, lexicon: Lexicon
) -> None:
    quote = "Plan for a surplus and a contingency"
    a = need(quote, quantities=[percent(1, "planned-surplus"), percent(2, "non-recurrent-fund")])
    b = later(quote, quantities=[percent(1, "planned-surplus"), percent(2.5, "non-recurrent-fund")])
    found = compare(a, b, vocabulary, lexicon)
    assert [(j.relation, j.from_value, j.to_value) for j in found] == [
        (Relation.TARGET_CHANGED, 2, 2.5),
        (Relation.SAME, 1, 1),
    ]


def test_first_step_of_several_is_compared(vocabulary: Vocabulary, lexicon: Lexicon) -> None:
    a = need("Reach 65%", quantities=[percent(65, "rtt-18-weeks", due=date(2024, 3, 31))])
    b = later(
        "Reach 92%, by way of 70%",
        quantities=[
            percent(92, "rtt-18-weeks", due=date(2029, 3, 31)),
            percent(70, "rtt-18-weeks", due=date(2025, 3, 31)),
        ],
    )
    assert compare(a, b, vocabulary, lexicon)[0].to_value == 70


@pytest.mark.parametrize(
    ("before", "after", "quote", "ambition"),
    [
        pytest.param(
            percent(76, "ae-4-hour"), percent(78, "ae-4-hour"), "", "harder", id="higher-is-better"
        ),
        pytest.param(
            percent(4.1, "sickness-absence"),
            percent(5, "sickness-absence"),
            "",
            "easier",
            id="lower-is-better",
        ),
        pytest.param(
            percent(30, role=Role.CHANGE), percent(40, role=Role.CHANGE), "", "harder", id="cut"
        ),
        pytest.param(
            percent(92, comparator="<="), percent(94, comparator="<="), "", "easier", id="at-most"
        ),
        pytest.param(percent(2), percent(2.5), "set aside 2.5%", "harder", id="verb"),
        pytest.param(percent(2), percent(2.5), "the share was 2.5%", None, id="nothing-tells"),
        pytest.param(percent(5), percent(5), "reach 5%", None, id="no-change"),
    ],
)
def test_direction_of_ambition(
    before: Quantity, after: Quantity, quote: str, ambition: str | None, lexicon: Lexicon
) -> None:
    assert direction_of_ambition(before, after, need(quote), lexicon) == ambition


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        pytest.param(percent(78, comparator=">="), "at least 78%", id="bound"),
        pytest.param(
            Quantity(
                text="£2.5bn", kind=QuantityKind.MONEY, value=2.5e9, role=Role.TARGET, unit="GBP"
            ),
            "£2.5bn",
            id="billions",
        ),
        pytest.param(
            Quantity(text="40 to 50", kind=QuantityKind.COUNT, value=40, high=50),
            "40 to 50",
            id="range",
        ),
        pytest.param(duration(30, "minutes", role=Role.TARGET), "at most 30 minutes", id="time"),
        pytest.param(
            Quantity(text="700,000", kind=QuantityKind.COUNT, value=700000), "700,000", id="count"
        ),
    ],
)
def test_show_quantity(quantity: Quantity, shown: str) -> None:
    assert show_quantity(quantity) == shown
