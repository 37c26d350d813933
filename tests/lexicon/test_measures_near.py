"""Which measure a number in a sentence belongs to, told by place, kind and what is around."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import Measures, load_lexicon
from pipeline.records import QuantityKind

P = QuantityKind.PERCENTAGE
PP = QuantityKind.PERCENTAGE_POINTS
M = QuantityKind.MONEY
C = QuantityKind.COUNT
D = QuantityKind.DURATION
R = QuantityKind.RATE

_MARKED = re.compile(r"<(.+?)>")


@pytest.fixture(scope="module")
def measures() -> Measures:
    return load_lexicon().measures


def unmark(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the place of each "<number>" in it."""
    places: list[tuple[int, int]] = []
    text = ""
    at = 0
    for found in _MARKED.finditer(marked):
        text += marked[at : found.start()]
        places.append((len(text), len(text) + len(found[1])))
        text += found[1]
        at = found.end()
    return text + marked[at:], places


SENTENCES = [
    pytest.param(
        "Bring the 62-day and 31-day cancer figures to <77%> and <95%> respectively.",
        [(P, "cancer-62-day"), (P, "cancer-31-day")],
        id="respectively-two",
    ),
    pytest.param(
        "By May, theatre utilisation, day cases and patient-initiated follow-up should be at "
        "<84%>, <86%> and <6%> respectively.",
        [(P, "theatre-utilisation"), (P, "day-case-rate"), (P, "pifu")],
        id="respectively-three",
    ),
    pytest.param(
        "Increase day cases to <85%> and capped theatre utilisation to <82%>.",
        [(P, "day-case-rate"), (P, "theatre-utilisation")],
        id="number-after-its-measure",
    ),
    pytest.param(
        "Commissioners hold a <1%> surplus, a <2%> non-recurrent reserve and a <0.5%> contingency.",
        [(P, "planned-surplus"), (P, "non-recurrent-fund"), (P, "contingency")],
        id="number-before-its-measure",
    ),
    pytest.param(
        "Surplus <1%>; contingency <0.5%>; running costs <£25> a head.",
        [(P, "planned-surplus"), (P, "contingency"), (M, "running-costs")],
        id="note-form",
    ),
    pytest.param(
        "See <80%> of people who come to A&E <within four hours>, with fewer than <9%> there "
        "over <12 hours>.",
        [(P, "ae-4-hour"), (D, "ae-4-hour"), (P, "ae-12-hour"), (D, "ae-12-hour")],
        id="two-limits-in-a-and-e",
    ),
    pytest.param(
        "No handover should last over <45 minutes>, and most should be done in <15 minutes>.",
        [(D, "ambulance-handover-45"), (D, "ambulance-handover-15")],
        id="two-limits-of-handover",
    ),
    pytest.param(
        "Crews lose the rest of the shift when a handover goes past <an hour>.",
        [(D, "ambulance-handover-60")],
        id="hour-in-words",
    ),
    pytest.param(
        "At least <93%> of urgent cancer referrals seen within <14 days>.",
        [(P, "cancer-two-week-wait"), (D, "cancer-two-week-wait")],
        id="two-weeks-as-days",
    ),
    pytest.param(
        "Raise the share that waits <up to 18 weeks> for its first appointment to <70%>, each "
        "trust by <4 percentage points> or more.",
        [(D, "rtt-first-appointment"), (P, "rtt-first-appointment"), (PP, "rtt-first-appointment")],
        id="points-of-the-same-measure",
    ),
    pytest.param(
        "<65%> of patients should start elective treatment in 18 weeks and <72%> should have had a "
        "first appointment by then.",
        [(P, "rtt-18-week"), (P, "rtt-first-appointment")],
        id="treatment-and-first-appointment",
    ),
    pytest.param(
        "<90%> of admitted and <95%> of non-admitted patients started treatment in 18 weeks.",
        [(P, "rtt-18-week-admitted"), (P, "rtt-18-week-non-admitted")],
        id="admitted-and-not",
    ),
    pytest.param(
        "Waits over <65 weeks> end in September and those over <52 weeks> a year later.",
        [(D, "waits-over-65-weeks"), (D, "waits-over-52-weeks")],
        id="two-long-waits",
    ),
    pytest.param(
        "Agency use falls by <30%> and bank use by <10%>.",
        [(P, "agency-spend"), (P, "bank-spend")],
        id="agency-and-bank",
    ),
    pytest.param(
        "Agency spending stays under <£2bn>, or <3%> of the pay bill.",
        [(M, "agency-spend"), (P, "agency-share-of-pay-bill")],
        id="money-and-share",
    ),
    pytest.param(
        "<75%> of people begin talking therapies in <6 weeks> and <95%> in <18 weeks>.",
        [
            (P, "talking-therapies-6-week"),
            (D, "talking-therapies-6-week"),
            (P, "talking-therapies-18-week"),
            (D, "talking-therapies-18-week"),
        ],
        id="therapies-twice",
    ),
    pytest.param(
        "Take <1.5%> off the cost base while productivity grows <2%> a year.",
        [(P, "cost-base"), (P, "productivity")],
        id="cost-and-productivity",
    ),
    pytest.param(
        "Category 2 ambulances should come in <28 minutes> on average; <65%> of handovers should "
        "take <15 minutes> at most.",
        [
            (D, "ambulance-category-2-mean"),
            (P, "ambulance-handover-15"),
            (D, "ambulance-handover-15"),
        ],
        id="mean-time-and-limit",
    ),
    pytest.param(
        "Hypertension: <80%> treated to target. Statins: <65%> of those at risk.",
        [(P, "hypertension-treatment"), (P, "lipid-lowering-therapy")],
        id="two-sentences",
    ),
    pytest.param(
        "Bed occupancy | <92%> | sickness absence | <4.5%> | turnover of staff | <11%>",
        [(P, "bed-occupancy"), (P, "sickness-absence"), (P, "staff-turnover")],
        id="cells-of-a-row",
    ),
    pytest.param(
        "Provide <650,000> more urgent dental appointments and see <300,000> more children in "
        "mental health services.",
        [(C, "dental-urgent-appointments"), (C, "cyp-mental-health-access")],
        id="two-counts",
    ),
    pytest.param(
        "<2.5%> of 16 year olds are NEET, pupil absence is <7%>, <62%> of EHC plans come in time.",
        [(P, "neet"), (P, "school-attendance"), (P, "ehcp-20-week")],
        id="education",
    ),
    pytest.param(
        "Collect <98%> of council tax, <99%> of business rates, and recycle <55%> of waste.",
        [(P, "council-tax-collection"), (P, "business-rates-collection"), (P, "recycling-rate")],
        id="council",
    ),
]


@pytest.mark.parametrize(("marked", "expected"), SENTENCES)
def test_number_goes_to_the_measure_it_is_of(
    measures: Measures, marked: str, expected: list[tuple[QuantityKind, str]]
) -> None:
    text, places = unmark(marked)
    found = [
        measures.match_near(text, start, end, kind=kind)
        for (start, end), (kind, _) in zip(places, expected, strict=True)
    ]
    assert found == [id_ for _, id_ in expected]


@pytest.mark.parametrize(
    ("marked", "kind"),
    [
        pytest.param("Carry out the <10> actions to cut sickness absence.", C, id="actions"),
        pytest.param("The <six> principles of safe staffing apply.", C, id="principles"),
        pytest.param(
            "Over <five years> the recruitment of midwives is to recover.", D, id="plan-period"
        ),
        pytest.param("Cancer services for people aged <18 to 25> are reviewed.", D, id="ages"),
        pytest.param("<Three> directors attended.", C, id="nothing-measured"),
        pytest.param(
            "Bed occupancy is high; the new wing costs <£4m>.", M, id="money-of-a-percentage"
        ),
    ],
)
def test_number_that_is_of_no_measure(measures: Measures, marked: str, kind: QuantityKind) -> None:
    text, [(start, end)] = unmark(marked)
    assert measures.match_near(text, start, end, kind=kind) is None


@pytest.mark.parametrize(
    ("marked", "kind", "context", "expected"),
    [
        pytest.param(
            "at least <30%> lower", P, "Reduce agency spending by:", "agency-spend", id="stem"
        ),
        pytest.param("<77%>", P, "Cancer > 62-day standard", "cancer-62-day", id="label-of-a-cell"),
        pytest.param(
            "All CYP access should reach <330,000>",
            C,
            "Mental health",
            "cyp-mental-health-access",
            id="completed",
        ),
        pytest.param("Read the <12> pages", C, "Sickness absence", None, id="kind-differs"),
        pytest.param("cut by <3%>", P, "", None, id="no-context"),
    ],
)
def test_context_completes_or_stands_in(
    measures: Measures, marked: str, kind: QuantityKind, context: str, expected: str | None
) -> None:
    text, [(start, end)] = unmark(marked)
    assert measures.match_near(text, start, end, kind=kind, context=context) == expected


def test_text_goes_before_context(measures: Measures) -> None:
    text, [(start, end)] = unmark("Theatre utilisation should pass <85%>.")
    assert (
        measures.match_near(text, start, end, kind=P, context="Bed occupancy")
        == "theatre-utilisation"
    )


@given(
    st.text(max_size=120),
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from([None, *QuantityKind]),
)
def test_any_text_and_place_gives_a_known_measure_or_none(
    text: str, start: int, length: int, kind: QuantityKind | None
) -> None:
    measures = load_lexicon().measures
    found = measures.match_near(text, start, start + length, kind=kind)
    assert found is None or measures[found].id == found
