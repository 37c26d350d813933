"""What a number is for: each role with near misses; and what it measures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.extract.parse import load_parser
from pipeline.extract.quantities import find_measurements
from pipeline.extract.quantity_rules import WordList, quantity_rules
from pipeline.extract.roles import metric_of, role_of
from pipeline.records import Role

T, G, H, S, A = Role.TARGET, Role.CHANGE, Role.THRESHOLD, Role.STATISTIC, Role.ALLOCATION
Roles = Callable[..., list[Role]]


@pytest.fixture(scope="module")
def roles() -> Roles:
    """Reads the roles of a unit's numbers, in order."""
    nlp = load_parser()

    def read(text: str, *, binding: bool = True) -> list[Role]:
        found = find_measurements(text)
        doc = nlp(text)
        return [role_of(m, doc, found, binding=binding) for m in found]

    return read


BINDING = [
    # targets
    pytest.param(
        "Trusts must see 78% of patients within 4 hours.", [T, H], id="share-and-its-time"
    ),
    pytest.param("Trusts must reply within 10 days.", [T], id="time-alone"),
    pytest.param("Keep bed occupancy at or below 92%.", [T], id="level"),
    pytest.param("Boards must move uptake from 65% to 72%.", [S, T], id="from-to"),
    pytest.param("Cut the vacancy rate to below 8%.", [T], id="change-verb-to"),
    pytest.param("Cut the vacancy rate by 8%.", [G], id="change-verb-by"),
    pytest.param("Systems should open 40 beds by June.", [T], id="count"),
    pytest.param("Systems should open 40 more beds by June.", [G], id="count-more"),
    pytest.param("Systems should open an additional 40 beds.", [G], id="additional"),
    pytest.param("See that no handover takes longer than 45 minutes.", [T], id="upper-limit"),
    pytest.param("Trusts must save £30m.", [T], id="saving"),
    pytest.param(
        "Uptake is at 61%; every practice must reach 70%.", [S, T], id="where-it-stands-now"
    ),
    pytest.param("The target is at 61%; every ward must meet it.", [T], id="a-target-that-stands"),
    pytest.param("The £5m promised last May must go to hostels.", [A], id="promised-money"),
    pytest.param("Hostels must find the £5m by May.", [T], id="money-to-be-found"),
    # changes
    pytest.param("Deliver a 5 percentage point improvement.", [G], id="points"),
    pytest.param("Deliver a reduction of at least 10%.", [G], id="reduction-of"),
    pytest.param("Deliver a minimum 10% reduction.", [G], id="reduction-behind"),
    pytest.param("Halve the number of long stays.", [G], id="halve"),
    pytest.param("Half of those who finish should recover.", [T], id="half"),
    pytest.param("Trusts must have it signed by 5 members.", [T], id="by-an-agent"),
    pytest.param("Trusts must raise uptake by a further 5%.", [G], id="further"),
    # thresholds
    pytest.param("Cut the number of people waiting over 52 weeks.", [H], id="definition"),
    pytest.param("Reach people aged 0-25 first.", [H], id="age"),
    pytest.param("Boards must agree two year financial plans.", [H], id="term-of-a-plan"),
    pytest.param("Boards must consult for twelve weeks.", [T], id="term-of-the-duty"),
    pytest.param("End 65-week waits by March.", [H], id="adjective"),
    pytest.param("If uptake falls below 60%, the board must act.", [H], id="condition"),
    pytest.param(
        "If uptake falls, the board must act within 30 days.", [T], id="after-a-condition"
    ),
    pytest.param("A supplier with more than 1,000 customers must report.", [H], id="subject"),
    pytest.param("At least 90% of suppliers must report.", [T], id="head-of-the-subject"),
    pytest.param("Every site of over 500 homes must have a plan.", [H], id="kind-of-thing"),
    pytest.param("Bids must not be for more than £5m.", [H], id="prohibition"),
    pytest.param(
        "A charge that exceeds £120 must be refunded within ten days.", [H, T], id="relative"
    ),
    pytest.param("Give 40% of it to the most deprived fifth of areas.", [T, H], id="superlative"),
    pytest.param("Once it goes above 60 degrees, the manager must act.", [H], id="once"),
    pytest.param("If you disagree you must appeal within 28 days.", [T], id="no-comma"),
    # statistics
    pytest.param("Boards must act, since 40% of staff leave.", [S], id="reason"),
    pytest.param("Delays, which account for 5% of beds, must end.", [S], id="aside"),
    pytest.param("Fill 9 of the 12 posts.", [T, S], id="part-of"),
    pytest.param("Two will merge with neighbours.", [S], id="those-who-act"),
    pytest.param("Practices can nominate two clinicians to attend.", [T], id="those-sent"),
    pytest.param("Boards must apply the lessons in 4 key areas.", [S], id="listed"),
    # allocations
    pytest.param("NHS England will provide funding of £2m for repairs.", [A], id="funding"),
    pytest.param("Providers must find savings of £2m.", [T], id="savings-are-found"),
    pytest.param("Councils must pay £54 to each tenant.", [T], id="payment"),
]

TOLD = [
    pytest.param("Uptake was 61% last year.", [S], id="fact"),
    pytest.param("The national target is 65%.", [T], id="named-target"),
    pytest.param("The target was 65% last year.", [S], id="former-target"),
    pytest.param("In May 40 patients waited over 52 weeks.", [S, H], id="definition"),
    pytest.param("The meeting lasted 3 hours.", [S], id="length"),
    pytest.param("Uptake rose from 61%.", [S], id="from"),
]

ROWS = [
    pytest.param("Waits under 18 weeks | 66.3% | 80%", [H, S, T], id="now-and-target"),
    pytest.param("Bank use | 12% reduction", [G], id="change"),
    pytest.param("Uptake | 80%", [T], id="target-alone"),
]


@pytest.mark.parametrize(("text", "expected"), BINDING)
def test_roles_in_a_requirement(roles: Roles, text: str, expected: list[Role]) -> None:
    assert roles(text) == expected


@pytest.mark.parametrize(("text", "expected"), TOLD)
def test_roles_outside_a_requirement(roles: Roles, text: str, expected: list[Role]) -> None:
    assert roles(text, binding=False) == expected


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_roles_in_a_row(roles: Roles, text: str, expected: list[Role]) -> None:
    assert roles(text) == expected


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("change_nouns", G),
        ("change_verbs", G),
        ("driving_verbs", T),
        ("giving_words", A),
        ("allotting_verbs", A),
        ("finding_words", T),
        ("setting_nouns", H),
        ("listed_nouns", S),
        ("case_words", H),
    ],
)
def test_each_list_of_words_hits_and_misses(roles: Roles, name: str, role: Role) -> None:
    words: WordList = getattr(quantity_rules(), name)
    assert roles(words.hit)[-1] is role
    assert roles(words.near_miss)[-1] is not role


METRICS = [
    pytest.param("Trusts must open 40 beds.", "beds", id="noun-counted"),
    pytest.param("Trusts must treat 65% of patients.", "patients", id="noun-of-the-share"),
    pytest.param("Trusts must bring uptake to 65%.", "uptake", id="object-of-the-verb"),
    pytest.param("Pay £5.", None, id="nothing-measured"),
]


@pytest.mark.parametrize(("text", "metric"), METRICS)
def test_tells_what_is_measured(text: str, metric: str | None) -> None:
    assert metric_of(find_measurements(text)[0], load_parser()(text)) == metric
