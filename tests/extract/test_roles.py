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

    def read(text: str, *, binding: bool = True, column: Role | None = None) -> list[Role]:
        found = find_measurements(text)
        doc = nlp(text)
        return [role_of(m, doc, found, binding=binding, column=column) for m in found]

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
    pytest.param(
        "Minimise delays between ambulance and ward, ensuring 65% of them take place within 15 "
        "minutes.",
        [T, H],
        id="what-is-ensured",
    ),
    pytest.param(
        "Raise to 60% the share of people aged 25 to 84 with a risk score above 20%.",
        [T, H, H],
        id="people-with-a-level",
    ),
    pytest.param(
        "Bring the vacancy rate of wards to under 5%.", [T], id="near-miss-level-of-wards"
    ),
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

BESIDE = [
    # facts beside a duty
    pytest.param("Only 67% of them had a plan; 80% is wanted.", [S, T], id="past-then-goal"),
    pytest.param("Each of them must have a plan; 80% must be written.", [T], id="duty-then-duty"),
    pytest.param("Coverage was 71% and must be 80%.", [S, T], id="one-subject"),
    pytest.param("The target was set at 71% and must be met.", [T], id="what-was-set-holds"),
    pytest.param("It has fallen by 12% since May and must fall.", [S], id="fall-so-far"),
    pytest.param("It has to fall by 12% and must stay there.", [G], id="fall-to-come"),
    pytest.param("With 12% of posts vacant, boards must hire.", [S], id="with-and-no-verb"),
    pytest.param("Boards must hire, with 12% of posts for nurses.", [T], id="with-behind"),
    pytest.param("As 30% of staff are new, boards must train.", [S], id="opening-reason"),
    pytest.param("Two in five homes have none, so 10 must open.", [S, S], id="present"),
    pytest.param("Notice is 28 days, and it must be in writing.", [T], id="present-rule"),
    pytest.param(
        "Of those seen, 3% waited when no more than 1% should.", [S, T], id="when-it-should-be"
    ),
    pytest.param("When more than 1% wait, boards must act.", [H], id="when-it-happens"),
    # where a thing stands today
    pytest.param("Lift it from its current rate of 44% to 60%.", [S, T], id="current-rate"),
    pytest.param("Lift the current 44% to 60%.", [S, T], id="the-current"),
    pytest.param("Meet the current 95% standard.", [T], id="current-standard"),
    pytest.param("Lift uptake, now at 58%, to 65%.", [S, T], id="now-at"),
    pytest.param("Uptake must now be 58%.", [T], id="must-now-be"),
    pytest.param(
        "Against a national average of 62%, trusts should reach 70%.", [S, T], id="average"
    ),
    pytest.param("Trusts should reach an average of 62%.", [T], id="average-to-reach"),
    # changes
    pytest.param("Costs must fall to 10% below the level of 2019.", [G], id="below-a-level"),
    pytest.param("Costs must fall to 10% of turnover.", [T], id="share-of-a-level"),
    pytest.param("Capacity should grow at least 4% a year.", [G], id="grow"),
    pytest.param("Capacity should grow to at least 4% of it.", [T], id="grow-to"),
    # thresholds
    pytest.param("Panels can veto it by a two-thirds majority.", [H], id="majority"),
    pytest.param("Panels must win over two-thirds of members.", [T], id="no-majority"),
    pytest.param("Record whether patients are told within 28 days.", [H], id="whether"),
    pytest.param("Boards must tell patients within 28 days.", [T], id="no-whether"),
    pytest.param("Tell bidders where they stand within 20 days.", [T], id="where-they-stand"),
    pytest.param("Where bidders wait over 20 days, boards must act.", [H], id="where"),
    pytest.param("Boards must report stays of 21 days.", [H], id="stays-of"),
    pytest.param("Boards must offer a stay of 21 days.", [T], id="a-stay-of"),
    pytest.param("Anyone with three years of service may apply.", [H], id="with-service"),
    pytest.param("Two consecutive estimates must not be sent.", [H], id="consecutive"),
    pytest.param("Two estimates must be sent.", [T], id="not-consecutive"),
    # lengths of time
    pytest.param("Boards must clear actions that are 3 months overdue.", [S], id="overdue"),
    pytest.param("Boards must clear actions within 3 months.", [T], id="not-overdue"),
    pytest.param("Publish the rota six weeks ahead.", [T], id="ahead"),
    # counts
    pytest.param("Leaders should do three things.", [S], id="things"),
    pytest.param("Leaders should do three audits.", [T], id="audits"),
    pytest.param("Close every one of the 19 actions.", [T], id="every-one-of"),
    pytest.param("Close one of the 19 actions.", [S], id="one-of"),
    pytest.param("It is to be tested in seven areas.", [T], id="tested-in"),
    pytest.param("It is to be set out in seven parts.", [S], id="set-out-in"),
    # money
    pytest.param("We will make £12m available for training.", [A], id="made-available"),
    pytest.param("The government will spend £200m on roads.", [A], id="will-spend"),
    pytest.param("Councils must spend £200m on roads.", [T], id="must-spend"),
    pytest.param("A further £25m has been set aside for hubs.", [A], id="further-sum"),
    pytest.param("£9m is for hospices.", [A], id="is-for"),
    pytest.param("£9m is to be found by hospices.", [T], id="is-to-be-found"),
    pytest.param("There will be £50m to help those areas.", [A], id="there-will-be"),
    pytest.param("Boards should explain the £4m gap.", [S], id="the-gap"),
    pytest.param("Boards should plan for a £4m deficit.", [T], id="a-deficit-planned"),
    pytest.param("We will pay 80% of the cost.", [A], id="share-of-a-cost-met"),
    pytest.param("Councils must pay 80% of invoices in May.", [T], id="share-of-invoices"),
    # what is found, held, said or taken off
    pytest.param("Trusts must make efficiencies of 2%.", [T], id="efficiencies"),
    pytest.param("Trusts must make reductions of 2%.", [G], id="reductions"),
    pytest.param("The uplift for the year must be 3%.", [G], id="uplift-is"),
    pytest.param("The contingency for the year must be 3%.", [T], id="contingency-is"),
    pytest.param("Trusts must take 1% off their cost base.", [G], id="taken-off"),
    pytest.param("Trusts must take 1% of their cost base.", [T], id="taken-of"),
    pytest.param("A further 2% has to be held in reserve.", [T], id="further-share-held"),
    pytest.param("A further 2% has to be saved on drugs.", [G], id="further-share-saved"),
    pytest.param("Trusts must shrink bank bills by 30% and more.", [G], id="shrink-by"),
    pytest.param(
        "Trusts must save a further 1%, over and above the 2% in prices.", [G, S], id="above-the"
    ),
    pytest.param("Trusts must save 1%, on top of a 2% cut.", [T, G], id="on-top-of-a-cut"),
    # levels that a noun asks for, and descriptions
    pytest.param("sickness absence of 4% or lower", [T], id="level-alone"),
    pytest.param("sites with absence of 4% or lower", [H], id="level-that-tells-which"),
    pytest.param("sickness absence of 4% or lower (baseline 5%)", [T, S], id="level-and-baseline"),
    pytest.param("Delays must be held at an average of 40 or fewer.", [T], id="average-held"),
    pytest.param("Boards must list delays of 40 or more.", [H], id="delays-listed"),
    pytest.param("Give it in each of the three years.", [S], id="each-year"),
    pytest.param("Give it to each of the three boards.", [T], id="each-board"),
    pytest.param("Boards must look at the ten aims below.", [S], id="below-at-the-end"),
    pytest.param("Costs must stand 10% below plan.", [G], id="below-plan"),
    pytest.param(
        "Test lists, where the target is 90%, must be clean.", [T], id="where-the-target-is"
    ),
    pytest.param("Test lists where uptake is 90% must be kept.", [H], id="where-uptake-is"),
    pytest.param("Boards whose uptake is below 70% must report.", [H], id="whose"),
    pytest.param("Boards whose staff left must see 70% of calls.", [T], id="whose-and-a-duty"),
    pytest.param("The menu has three options, one of which must be met.", [S], id="has-options"),
    pytest.param("Hire nurses, for whom funding of up to £7,000 is there.", [A], id="funding-of"),
    pytest.param("The aim is unchanged: 95% of patients dealt with.", [T], id="aim-and-colon"),
    pytest.param("Boards must act: 95% of patients were dealt with.", [S], id="duty-and-colon"),
    pytest.param("No fee is due, since the target is 3%.", [T], id="since-the-target-is"),
    # facts beside a duty, and duties that go on
    pytest.param(
        "The standard was met for 94%; the level for it must be 95%.", [S, T], id="was-met"
    ),
    pytest.param("The standard was set at 94%; 95% must meet it.", [T, T], id="was-set"),
    pytest.param(
        "Trusts must see that wards open, and that 80% of calls are met.", [T], id="and-that"
    ),
    pytest.param("Trusts must see to wards, and 80% of calls are met.", [S], id="and-a-fact"),
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
    pytest.param("Uptake | Standard of 80% | Action plan", [T], id="named-in-the-middle"),
    pytest.param("Uptake | 80% last May | Action plan", [S], id="fact-in-the-middle"),
    pytest.param("Agency | Reduce spend by a third", [G], id="by-a-share"),
    pytest.param("Agency | Reduce spend to a third", [T], id="to-a-share"),
    pytest.param("Tests | Share of patients seen within 6 weeks: 95%", [H, T], id="time-of-cases"),
    pytest.param("Tests | Report within 6 weeks", [T], id="time-alone"),
    pytest.param("Waits | Cut the number waiting over 52 weeks", [H], id="cases-waiting-over"),
    pytest.param("Hospice grant | £2m", [A], id="funds"),
    pytest.param("Hospice savings | £2m", [T], id="no-funds"),
]

COLUMNS = [
    pytest.param("Uptake | 61% | 70%", Role.TARGET, [T, T], id="aims"),
    pytest.param("Uptake | 61% | 70%", Role.STATISTIC, [S, S], id="facts"),
    pytest.param("Uptake | 61% | 70%", None, [S, T], id="untold"),
    pytest.param("Uptake | 4% | 5%", Role.CHANGE, [G, G], id="changes"),
    pytest.param("Uptake | 70% (from 61%)", Role.TARGET, [T, S], id="aim-with-its-baseline"),
]


@pytest.mark.parametrize(("text", "expected"), BINDING)
def test_roles_in_a_requirement(roles: Roles, text: str, expected: list[Role]) -> None:
    assert roles(text) == expected


@pytest.mark.parametrize(("text", "expected"), BESIDE)
def test_roles_beside_and_behind_a_duty(roles: Roles, text: str, expected: list[Role]) -> None:
    assert roles(text) == expected


@pytest.mark.parametrize(("text", "expected"), TOLD)
def test_roles_outside_a_requirement(roles: Roles, text: str, expected: list[Role]) -> None:
    assert roles(text, binding=False) == expected


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_roles_in_a_row(roles: Roles, text: str, expected: list[Role]) -> None:
    assert roles(text) == expected


@pytest.mark.parametrize(("text", "column", "expected"), COLUMNS)
def test_roles_under_a_heading(
    roles: Roles, text: str, column: Role | None, expected: list[Role]
) -> None:
    assert roles(text, column=column) == expected


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
