"""Numbers with a meaning: every form with a near miss, and what holds for any text."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.extract.quantities import find_measurements
from pipeline.extract.quantity_rules import (
    Bound,
    WordList,
    expand_wording,
    load_quantity_rules,
    quantity_rules,
)
from pipeline.records import QuantityKind

P = QuantityKind.PERCENTAGE
PP = QuantityKind.PERCENTAGE_POINTS
M = QuantityKind.MONEY
C = QuantityKind.COUNT
D = QuantityKind.DURATION
R = QuantityKind.RATE

Short = tuple[QuantityKind, float] | tuple[QuantityKind, float, float]


def shorts(text: str) -> list[Short]:
    """Kind, value and, for a range, its upper end, in the order of the text."""
    return [
        (m.kind, m.value) if m.high is None else (m.kind, m.value, m.high)
        for m in find_measurements(text)
    ]


PERCENTAGES = [
    pytest.param("Cover 65% of homes.", [(P, 65)], id="sign"),
    pytest.param("Cover 65 % of homes.", [(P, 65)], id="sign-set-off"),
    pytest.param("Cover 65 per cent of homes.", [(P, 65)], id="words"),
    pytest.param("Cover 65 percent of homes.", [(P, 65)], id="one-word"),
    pytest.param("Cover 65pc of homes.", [(P, 65)], id="newspaper-pc"),
    pytest.param("Sixty-five per cent of homes are warm.", [(P, 65)], id="number-in-words"),
    pytest.param("Hold a 2% fund.", [(P, 2)], id="two-percent-is-no-count"),
    pytest.param("Hold 2 funds.", [(C, 2)], id="two-funds-are-a-count"),
    pytest.param("Growth of 2.25% is planned.", [(P, 2.25)], id="decimals"),
    pytest.param("Raise pay by 2½%.", [(P, 2.5)], id="half-sign"),
    pytest.param("The levy is between 6 and 7%.", [(P, 6, 7)], id="between-and-is-a-range"),
    pytest.param("Levies of 6 and 7% apply.", [(P, 6), (P, 7)], id="and-alone-is-two-numbers"),
    pytest.param("Save between 6% and 7% of it.", [(P, 6, 7)], id="between-with-both-signs"),
    pytest.param("Save 6-7% of it.", [(P, 6, 7)], id="hyphen-range"),
    pytest.param("Save 6–7 per cent of it.", [(P, 6, 7)], id="dash-range"),
    pytest.param("Save 6% to 7% of it.", [(P, 6, 7)], id="to-range"),
    pytest.param("Lift it from 6% to 7%.", [(P, 6), (P, 7)], id="from-to-is-two-numbers"),
    pytest.param("Cuts ranging from 6% to 7% follow.", [(P, 6, 7)], id="ranging-from-to"),
    pytest.param(
        "Move it from 65 to 72 per cent.", [(P, 65), (P, 72)], id="from-to-share-the-sign"
    ),
    pytest.param("Reach 75% and 80% respectively.", [(P, 75), (P, 80)], id="respectively"),
    pytest.param(
        "Reach 75, 80 and 85% in turn.", [(P, 75), (P, 80), (P, 85)], id="list-shares-the-sign"
    ),
    pytest.param("Of 75, 80 came back.", [(C, 75), (C, 80)], id="list-without-a-sign"),
    pytest.param("It fell by 3 to 5 percentage points.", [(PP, 3, 5)], id="points-range"),
    pytest.param("Deliver a 5% point gain.", [(PP, 5)], id="percent-point"),
    pytest.param("Deliver a 5 percentage point gain.", [(PP, 5)], id="percentage-point"),
    pytest.param("Deliver a five percentage-point gain.", [(PP, 5)], id="percentage-hyphen-point"),
    pytest.param("Gain 5pp on it.", [(PP, 5)], id="pp"),
    pytest.param("Gain 3.1 ppts on it.", [(PP, 3.1)], id="ppts"),
    pytest.param("Pay 5p for it.", [(M, 0.05)], id="five-pence-are-no-points"),
    pytest.param("It is 0.6 of a percentage point down.", [(PP, 0.6)], id="part-of-a-point"),
    pytest.param(
        "Uptake stood at 61%, two points down.", [(P, 61), (PP, 2)], id="points-of-a-share"
    ),
    pytest.param("Raise two points with the chair.", [(C, 2)], id="points-of-an-agenda"),
    pytest.param("A 10-point plan followed.", [], id="ten-point-plan"),
    pytest.param(
        "It cut visits by a couple of percentage points.", [(PP, 2)], id="couple-of-points"
    ),
]

FRACTIONS = [
    pytest.param("1 in 5 adults smoke.", [(P, 20)], id="one-in-five"),
    pytest.param("One bed in six is shut.", [(P, 16.67)], id="noun-between"),
    pytest.param("One in every four came.", [(P, 25)], id="in-every"),
    pytest.param("19 out of 20 people have one.", [(P, 95)], id="out-of"),
    pytest.param("Nine out of every ten came.", [(P, 90)], id="out-of-every"),
    pytest.param("They lost £1 in every £3.", [(P, 33.33)], id="pound-in-pounds"),
    pytest.param("Close two wards in five trusts.", [(C, 2), (C, 5)], id="two-in-five-trusts"),
    pytest.param("Open five in 4 weeks.", [(C, 5), (D, 4)], id="five-in-four-weeks"),
    pytest.param("Open twelve in 2026.", [(C, 12)], id="twelve-in-a-year"),
    pytest.param("At least half of wards comply.", [(P, 50)], id="half"),
    pytest.param("The half-term break is long.", [], id="half-term"),
    pytest.param("In the second half of the year it rose.", [], id="second-half"),
    pytest.param("Half a million people came.", [(C, 500_000)], id="half-a-million"),
    pytest.param("Two thirds of it is spent.", [(P, 66.67)], id="two-thirds"),
    pytest.param("Add half a per cent to it.", [(P, 0.5)], id="half-a-per-cent"),
    pytest.param("Add a quarter of a percentage point.", [(PP, 0.25)], id="quarter-of-a-point"),
    pytest.param("Pay a third more than that.", [(P, 33.33)], id="a-third-more"),
    pytest.param("Some 3 to 5 in every 100 people came.", [(P, 3, 5)], id="range-in-every"),
    pytest.param("See 12 of every 100 callers.", [(P, 12)], id="of-every"),
    pytest.param("Three quarters of cancers are found.", [(P, 75)], id="three-quarters"),
    pytest.param("Report in each of the next two quarters.", [(C, 2)], id="two-quarters-of-a-year"),
    pytest.param("Bring it down by a third.", [(P, 33.33)], id="by-a-third"),
    pytest.param("The letter was followed by a third.", [], id="followed-by-a-third"),
    pytest.param("Ring them for a third time.", [], id="third-time"),
    pytest.param("Consult a third party.", [], id="third-party"),
    pytest.param("A quarter of staff left.", [(P, 25)], id="quarter-of-staff"),
    pytest.param("Report once a quarter.", [], id="once-a-quarter"),
    pytest.param("Cut it by a tenth or more.", [(P, 10)], id="tenth-or-more"),
    pytest.param("The poorest tenth of areas gain.", [(P, 10)], id="poorest-tenth"),
    pytest.param("The fifth of May is a holiday.", [], id="fifth-of-may"),
    pytest.param("Pay one twelfth of it each month.", [(P, 8.33)], id="one-twelfth"),
    pytest.param("The least healthy fifth of areas gain.", [(P, 20)], id="least-healthy-fifth"),
    pytest.param("The next healthy fifth of May is far.", [], id="no-extreme"),
]

MULTIPLES = [
    pytest.param("Halve the number of waits.", [(P, 50)], id="halve"),
    pytest.param("The rate was halved.", [(P, 50)], id="halved"),
    pytest.param("It was a game of two halves.", [(C, 2)], id="two-halves"),
    pytest.param("Double the number of places.", [(P, 100)], id="double-as-verb"),
    pytest.param("It is double the average.", [(P, 200)], id="double-as-multiple"),
    pytest.param("Stop double counting.", [], id="double-counting"),
    pytest.param("Places will treble by May.", [(P, 200)], id="treble"),
    pytest.param("Pay twice the rate.", [(P, 200)], id="twice-the-rate"),
    pytest.param("They looked twice.", [], id="looked-twice"),
    pytest.param("Meet twice a year.", [(R, 2)], id="twice-a-year"),
    pytest.param("Costs are three times the norm.", [(P, 300)], id="three-times"),
    pytest.param("Meet three times a week.", [(R, 3)], id="three-times-a-week"),
    pytest.param("They tried three times.", [(C, 3)], id="tried-three-times"),
    pytest.param("Tariffs rose fivefold.", [(P, 500)], id="fivefold"),
    pytest.param("Find one and a half times that sum.", [(P, 150)], id="one-and-a-half-times"),
]

MONEY = [
    pytest.param("Save £30bn in all.", [(M, 30_000_000_000)], id="bn"),
    pytest.param("Save £30 in all.", [(M, 30)], id="pounds"),
    pytest.param("Save £1.15bn in all.", [(M, 1_150_000_000)], id="no-binary-dust"),
    pytest.param("Save £2.2 billion in all.", [(M, 2_200_000_000)], id="billion"),
    pytest.param("Save £12.8m in all.", [(M, 12_800_000)], id="m"),
    pytest.param("Save £900k in all.", [(M, 900_000)], id="k"),
    pytest.param("Save £250,000 in all.", [(M, 250_000)], id="grouped"),
    pytest.param("Save £1-2m in all.", [(M, 1_000_000, 2_000_000)], id="range-shares-scale"),
    pytest.param(
        "Save between £5 and £10 million.", [(M, 5_000_000, 10_000_000)], id="between-shares-scale"
    ),
    pytest.param("Save £120k-£150k in all.", [(M, 120_000, 150_000)], id="range-with-both-scales"),
    pytest.param("Pay £25 a head.", [(M, 25)], id="a-head"),
    pytest.param("Pay £5,000 per breach.", [(M, 5000)], id="per-breach"),
    pytest.param("Mileage rose to 58p a mile.", [(M, 0.58)], id="pence"),
    pytest.param("See p58 for mileage.", [], id="page-58"),
    pytest.param("Figures are in £000.", [], id="thousands-of-pounds-as-a-unit"),
    pytest.param("Claim fifty pounds each.", [(M, 50)], id="pounds-in-words"),
    pytest.param("Raise it from £4 to £6.", [(M, 4), (M, 6)], id="from-to"),
]

COUNTS = [
    pytest.param("Provide 700,000 additional appointments.", [(C, 700_000)], id="grouped"),
    pytest.param("Fund 50 million more slots.", [(C, 50_000_000)], id="million"),
    pytest.param("Concentrate it in 15-30 centres.", [(C, 15, 30)], id="range"),
    pytest.param(
        "Have between 40 and 50 beds for every 100,000 people.", [(R, 40, 50)], id="range-of-a-rate"
    ),
    pytest.param(
        "Keep 40 nurses and 50 beds for every 100,000 people.", [(C, 40), (R, 50)], id="two-rates"
    ),
    pytest.param(
        "Rise by 500 a year to 8,000, from 7,000.", [(R, 500), (C, 8000), (C, 7000)], id="pace"
    ),
    pytest.param("Concentrate it in 15 to 30 centres.", [(C, 15, 30)], id="to-range"),
    pytest.param("Plan for 2015-16 with care.", [], id="years-are-no-range"),
    pytest.param("Open 3 new hubs and one new centre.", [(C, 3), (C, 1)], id="one-in-a-list"),
    pytest.param("Name one lead and one deputy.", [(C, 1), (C, 1)], id="two-ones"),
    pytest.param("Open one new centre and close others.", [], id="one-alone"),
    pytest.param("It took 14 weeks, not the target of eight.", [(D, 14), (D, 8)], id="lent-unit"),
    pytest.param("It took 14 weeks of eight teams.", [(D, 14), (C, 8)], id="unit-not-lent"),
    pytest.param("Train twenty-five midwives.", [(C, 25)], id="words"),
    pytest.param("Train two hundred and six midwives.", [(C, 206)], id="long-words"),
    pytest.param("Train a dozen midwives.", [(C, 12)], id="dozen"),
    pytest.param("Two are told to merge.", [(C, 2)], id="pronoun"),
    pytest.param("The two are counted apart.", [], id="anaphor"),
    pytest.param("One of them will merge.", [], id="one-is-no-count"),
    pytest.param("Name at least one lead.", [(C, 1)], id="at-least-one"),
    pytest.param("One or more leads are named.", [(C, 1)], id="one-or-more"),
    pytest.param("All 42 boards agreed.", [(C, 42)], id="all-42"),
    pytest.param("They won 412 and lost 419.", [(C, 412), (C, 419)], id="two-bare"),
    pytest.param("The tolerance is zero.", [(C, 0)], id="zero"),
    pytest.param("There is zero tolerance.", [], id="zero-tolerance"),
    pytest.param("Reach net zero soon.", [], id="net-zero"),
    pytest.param("Publish a 48-page paper.", [(C, 48)], id="48-page"),
    pytest.param("Run a two-tier service.", [], id="two-tier"),
    pytest.param("We have three and a half doctors.", [(C, 3.5)], id="and-a-half"),
    pytest.param("They meet at two in the morning.", [], id="time-in-words"),
    pytest.param("Five or six teams went.", [(C, 5, 6)], id="five-or-six"),
    pytest.param("Thirty or sixty teams went.", [(C, 30), (C, 60)], id="thirty-or-sixty"),
    pytest.param("Between 160 and 200 are needed.", [(C, 160, 200)], id="between"),
    pytest.param("It sits between 2 roads and 9 homes.", [(C, 2), (C, 9)], id="between-with-nouns"),
]

DURATIONS = [
    pytest.param("Wait no more than 18 weeks.", [(D, 18)], id="weeks"),
    pytest.param("Recover the 18-week standard.", [], id="18-week-standard"),
    pytest.param("Recover the 18 week standard.", [], id="18-week-standard-without-hyphen"),
    pytest.param("Meet the 28-day Faster Diagnosis Standard.", [], id="28-day-fds"),
    pytest.param("Meet the four-hour target again.", [], id="four-hour-target"),
    pytest.param("End 65-week waits.", [(D, 65)], id="65-week-waits"),
    pytest.param("Fine them for 52 week breaches.", [(D, 52)], id="52-week-breaches"),
    pytest.param("The 62-day and 31-day figures fell.", [], id="two-names"),
    pytest.param("It hit the 62-day, at last.", [], id="62-day-by-itself"),
    pytest.param("Write two year plans.", [(D, 2)], id="two-year-plans"),
    pytest.param("Read the 10 Year Health Plan.", [], id="title-with-digits"),
    pytest.param("Read the Five Year Forward View.", [], id="title-with-words"),
    pytest.param("Open 24 hours a day.", [], id="24-hours-a-day"),
    pytest.param("Open 12 hours a day.", [(D, 12)], id="12-hours-a-day"),
    pytest.param("Open seven days a week.", [], id="seven-days-a-week"),
    pytest.param("Reply within ten working days.", [(D, 10)], id="working-days"),
    pytest.param("Answer in 20 mins or 3 hrs.", [(D, 20), (D, 3)], id="short-units"),
    pytest.param("Run for 6, 12 and 18 months.", [(D, 6), (D, 12), (D, 18)], id="list-shares-unit"),
    pytest.param("It fell from 7 to 5 weeks.", [(D, 7), (D, 5)], id="from-to-shares-unit"),
    pytest.param("It takes 6 to 8 weeks.", [(D, 6, 8)], id="range"),
    pytest.param("It takes four or five weeks.", [(D, 4, 5)], id="or-of-neighbours"),
    pytest.param("It takes half an hour.", [(D, 0.5)], id="half-an-hour"),
    pytest.param("It took over an hour.", [(D, 1)], id="over-an-hour"),
    pytest.param("It meets for an hour on a day.", [], id="a-rhythm"),
    pytest.param("Tell them within the hour.", [(D, 1)], id="within-the-hour"),
    pytest.param("It was over the hour.", [], id="over-the-hour"),
    pytest.param("He went in for a fortnight.", [(D, 2)], id="fortnight"),
    pytest.param("Stay six years and two months.", [(D, 74)], id="years-and-months"),
    pytest.param("Stay 47 minutes and 30 seconds.", [(D, 47.5)], id="minutes-and-seconds"),
    pytest.param("Stay three years and ten months.", [(D, 46)], id="years-and-months-in-words"),
    pytest.param("We met at three minutes past ten.", [], id="time-of-the-clock"),
    pytest.param("We met for three minutes in ten rooms.", [(D, 3), (C, 10)], id="minutes"),
    pytest.param("Meet on at least three days a week.", [(C, 3)], id="days-of-the-week"),
    pytest.param("Meet for at least three days.", [(D, 3)], id="days"),
    pytest.param(
        "Test it every 12 months, those every three.", [(D, 12), (D, 3)], id="every-three"
    ),
    pytest.param("Stay 2 weeks and 30 miles off.", [(D, 2), (C, 30)], id="weeks-and-miles"),
    pytest.param(
        "Reply within 24 hours, or within 12 where ill.", [(D, 24), (D, 12)], id="unit-said-once"
    ),
    pytest.param(
        "Reply within 24 hours to 12 callers.", [(D, 24), (C, 12)], id="unit-not-lent-to-a-count"
    ),
    pytest.param("Discharge them by day 7 of their stay.", [(D, 7)], id="by-day-7"),
    pytest.param("At month 6 the trust broke even.", [], id="month-6"),
    pytest.param(
        "Check it after 12 weeks and then every 12 weeks.", [(D, 12), (D, 12)], id="after-and-every"
    ),
    pytest.param("One day it will end.", [], id="one-day"),
    pytest.param("Give a day's notice.", [(D, 1)], id="a-days-notice"),
    pytest.param("Give the saving in each of the three years.", [(C, 3)], id="each-of-three-years"),
    pytest.param("Run three years of it.", [(D, 3)], id="three-years"),
]

AGES = [
    pytest.param("Reach people aged 0-25 first.", [(D, 0, 25)], id="aged-range"),
    pytest.param("Reach people aged 0 to 25 first.", [(D, 0, 25)], id="aged-to"),
    pytest.param("Anyone aged between 16 and 21 may go.", [(D, 16, 21)], id="aged-between"),
    pytest.param("Screen those aged 50 and over.", [(D, 50)], id="and-over"),
    pytest.param("Screen those aged 50+ first.", [(D, 50)], id="plus"),
    pytest.param("Call everyone over 75 first.", [(D, 75)], id="everyone-over-75"),
    pytest.param("Call over 75 practices first.", [(C, 75)], id="over-75-practices"),
    pytest.param("Vaccinate the over-65s.", [(D, 65)], id="over-65s"),
    pytest.param("It goes back to the late 60s.", [], id="decade"),
    pytest.param("They stay until they are 18.", [(D, 18)], id="until-they-are-18"),
    pytest.param("Fund 0-19 services.", [(D, 0, 19)], id="0-19"),
    pytest.param("Fund 10-19 services.", [(C, 10, 19)], id="10-19-services"),
    pytest.param("See 16-18 year olds.", [(D, 16, 18)], id="year-olds"),
    pytest.param("Patients over 78 weeks come first.", [(D, 78)], id="patients-over-78-weeks"),
]

RATES = [
    pytest.param("Have 40 to 50 beds per 100,000 people.", [(R, 40, 50)], id="per-100-000"),
    pytest.param(
        "Have 30 adults in such beds for every million people.", [(R, 30)], id="for-every-million"
    ),
    pytest.param("Have 5 nurses per ward.", [(C, 5)], id="per-ward-is-a-count"),
    pytest.param("It fell from 4.9 to 3.6 per 1,000 births.", [(R, 4.9), (R, 3.6)], id="from-to"),
    pytest.param("We see 512 a day.", [(R, 512)], id="a-day"),
    pytest.param("Do 125 operations a year.", [(C, 125)], id="operations-a-year"),
    pytest.param("Drive at 20mph here.", [(R, 20)], id="mph"),
    pytest.param("Emit 5 milligrams per cubic metre.", [(R, 5)], id="per-cubic-metre"),
    pytest.param("Open 5 rooms per centre.", [(C, 5)], id="per-centre"),
    pytest.param("Care for 1,000 people.", [(C, 1000)], id="thousand-people"),
]

NAMES = [
    pytest.param("the death rate per 100,000", [], id="what-a-rate-is-per"),
    pytest.param("Plan for 2015/16 now.", [], id="financial-year-is-no-division"),
    pytest.param("Plan for 2026/27 to 2028/29 now.", [], id="several-years"),
    pytest.param("Plan for 15/16 now.", [], id="short-financial-year"),
    pytest.param("Support Core20PLUS5 now.", [], id="core20plus5"),
    pytest.param("Ring NHS 111 first.", [], id="nhs-111"),
    pytest.param("Ring 111, not 999.", [], id="two-services"),
    pytest.param("Answer 999 calls at once.", [], id="999-calls"),
    pytest.param("Open 111 homes.", [(C, 111)], id="111-homes"),
    pytest.param("Wait 111 days.", [(D, 111)], id="111-days"),
    pytest.param("Send it by 3 April 2026 or on April 3.", [], id="dates"),
    pytest.param("Meet on 14 and 15 March.", [], id="two-days-of-a-month"),
    pytest.param("Take 3 April babies.", [], id="date-before-a-noun"),
    pytest.param("In March 2026 it opens.", [], id="month-and-year"),
    pytest.param("It serves over 2000 homes.", [(C, 2000)], id="2000-homes"),
    pytest.param("In 2025 more homes were built.", [], id="year-before-more"),
    pytest.param("See section 3 and paragraphs 4, 5 and 6.", [], id="sections"),
    pytest.param("Close 3 sections of it.", [(C, 3)], id="three-sections"),
    pytest.param("Improve Category 2 response times.", [], id="category-2"),
    pytest.param("Find cancers at stages 1 and 2.", [], id="stages"),
    pytest.param("Each year 3 reviews are held.", [(C, 3)], id="each-year-three"),
    pytest.param("Reach Red 1 calls first.", [], id="red-1"),
    pytest.param("Read 1 call first.", [(C, 1)], id="read-1"),
    pytest.param("Teach it in year 3.", [], id="in-year-3"),
    pytest.param("Learn from COVID-19 and ICD-10.", [], id="codes"),
    pytest.param("It was sub-2% last year.", [(P, 2)], id="sub-2-percent"),
    pytest.param("Open at 10am or 8.30 pm or 17:00.", [], id="times"),
    pytest.param("Call 020 7946 0000 now.", [], id="telephone"),
    pytest.param("See https://example.org/2024/05/18-weeks for it.", [], id="address"),
    pytest.param("Open 24/7 from now.", [], id="24-7"),
    pytest.param("See note [12] on it.", [], id="reference-mark"),
    pytest.param("It is the 3rd of its kind.", [], id="ordinal"),
    pytest.param("Climb the Three Peaks in June.", [], id="name-in-words"),
    pytest.param("Deliver the ‘Three year delivery plan’ in full.", [], id="quoted-title"),
    pytest.param("He said ‘we lost 30 beds’ to us.", [(C, 30)], id="quoted-speech"),
    pytest.param("Turn to Page 4 of 12.", [], id="page-of-pages"),
    pytest.param("00:14:18.160 We go on.", [], id="timestamp"),
    pytest.param("Improve it by spring2 at the latest.", [], id="footnote-mark"),
]

COMPARATORS = [
    pytest.param("see at least a 15% reduction", ">=", id="bound-before-an-article"),
    pytest.param("see a 15% reduction", "=", id="near-miss-article-alone"),
    pytest.param("Hold it at 92% or above.", ">=", id="held-or-above"),
    pytest.param("Calls must be answered in ten minutes.", "<=", id="answered-in"),
    pytest.param("Calls must be answered in ten minutes on average.", "=", id="on-average"),
    pytest.param("Calls fell in ten minutes.", "=", id="fell-in"),
    pytest.param("Works are to be completed from first to last in 6 months.", "=", id="in-months"),
    pytest.param("It is held at 92%, or above what we planned.", "<=", id="held"),
    pytest.param("Cover at least 70% of it.", ">=", id="at-least"),
    pytest.param("Cover a minimum of 70% of it.", ">=", id="minimum-of"),
    pytest.param("Deliver a minimum 5% point gain.", ">=", id="minimum"),
    pytest.param("Cover 70% or more of it.", ">=", id="or-more"),
    pytest.param("Cover 70% of patients or more.", ">=", id="noun-or-more"),
    pytest.param("Cover 70%+ of it.", ">=", id="plus"),
    pytest.param("Cover ≥70% of it.", ">=", id="symbol"),
    pytest.param("Cover >= 70% of it.", ">=", id="ascii-symbol"),
    pytest.param("As a minimum all boards save 3% a year.", ">=", id="as-a-minimum"),
    pytest.param("It must not fall below 70%.", ">=", id="not-fall-below"),
    pytest.param("It fell below 70%.", "<", id="fell-below"),
    pytest.param("It should not be allowed to drop below 70%.", ">=", id="not-drop-below"),
    pytest.param("Nothing stays for longer than 70 days.", "<=", id="nothing"),
    pytest.param("Bring it up to 70%.", "=", id="bring-up-to"),
    pytest.param("Keep up to 70% of it.", "<=", id="up-to"),
    pytest.param("Wait no longer than 18 weeks.", "<=", id="no-longer-than"),
    pytest.param("They wait longer than 18 weeks.", ">", id="longer-than"),
    pytest.param("See that no handover takes longer than 45 minutes.", "<=", id="negated-subject"),
    pytest.param("Do not let it take longer than 45 minutes.", "<=", id="negated-verb"),
    pytest.param(
        "Food must not be sold on more than 45 days.", ">", id="prohibition-keeps-its-bound"
    ),
    pytest.param("There were no waits over 65 weeks.", ">", id="no-such-waits"),
    pytest.param("Be seen within 4 hours.", "<=", id="within"),
    pytest.param("Be seen inside four hours.", "<=", id="inside"),
    pytest.param("Bring it to 28 days or less.", "<=", id="or-less"),
    pytest.param("Retain up to 5 days of it.", "<=", id="up-to"),
    pytest.param("It must not exceed 5 days.", "<=", id="not-exceed"),
    pytest.param("It may exceed 5 days.", ">", id="exceed"),
    pytest.param("Limit bids to six projects.", "<=", id="limit-to"),
    pytest.param("Wait over 52 weeks.", ">", id="over"),
    pytest.param("Cut it by much over three years.", "=", id="over-a-period"),
    pytest.param("End waits of over three years.", ">", id="of-over-years"),
    pytest.param("Train them over the next 2 years.", "=", id="over-the-next"),
    pytest.param("It is just over 6% of it.", ">", id="just-over"),
    pytest.param("Bring it under 5% of it.", "<", id="under"),
    pytest.param("Fewer than 1% wait.", "<", id="fewer-than"),
    pytest.param("It is far above the 2% that was set.", "=", id="above-the-known-number"),
    pytest.param("Reach an average of 30 minutes.", "=", id="average"),
    pytest.param("Get close to 100% of it.", "=", id="close-to"),
    pytest.param("Save between 2% and 3% of it.", "range", id="range"),
]


UNITS = [
    pytest.param("Wait 18 weeks.", "weeks", id="weeks"),
    pytest.param("Wait 30 secs.", "minutes", id="seconds-are-part-of-a-minute"),
    pytest.param("Wait a fortnight.", "weeks", id="fortnight"),
    pytest.param("Wait two decades.", "years", id="decades"),
    pytest.param("Pay £5.", "GBP", id="pounds"),
    pytest.param("Pay €5.", "EUR", id="euros"),
    pytest.param("Have 40 beds per 100,000 people.", "per 100,000", id="per-100-000"),
    pytest.param("Do 125 operations a year.", "per year", id="a-year"),
    pytest.param("Do 125 operations.", None, id="no-unit"),
]

QUOTES = [
    pytest.param("Cover at least 70% of it.", "at least 70%", id="bound-before"),
    pytest.param("Cover 70% or more of it.", "70% or more", id="bound-after"),
    pytest.param("Offer 700 more of them.", "700 more", id="more"),
    pytest.param("Save between £5m and £10m.", "between £5m and £10m", id="between"),
    pytest.param("Screen those aged 50 and over.", "50 and over", id="age"),
    pytest.param("Discharge them by day 7 of it.", "by day 7", id="by-day"),
    pytest.param("Have 30 beds per 100,000 people.", "30 beds per 100,000", id="rate"),
]

CELLS = [
    pytest.param("Waits under 18 weeks | 66.3% | 80%", (), [(D, 18), (P, 66.3), (P, 80)], id="row"),
    pytest.param("Waits over a year | 14,812 | 0", (), [(D, 1), (C, 14_812), (C, 0)], id="counts"),
    pytest.param("Uptake (%) | 61 | 70", (), [(P, 61), (P, 70)], id="unit-in-first-cell"),
    pytest.param("Uptake | 61 | 70", ("Share (%)",), [(P, 61), (P, 70)], id="unit-in-label"),
    pytest.param("Income | 61 | 70", ("£m",), [(M, 61e6), (M, 70e6)], id="millions-in-label"),
    pytest.param("Response | 8 | 7", ("(minutes)",), [(D, 8), (D, 7)], id="time-in-label"),
    pytest.param("Staff of 61 trusts", ("Share (%)",), [(C, 61)], id="no-row"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [*PERCENTAGES, *FRACTIONS, *MULTIPLES, *MONEY, *COUNTS, *DURATIONS, *AGES, *RATES, *NAMES],
)
def test_finds_the_numbers_with_a_meaning(text: str, expected: list[Short]) -> None:
    assert shorts(text) == expected


@pytest.mark.parametrize(("text", "sign"), COMPARATORS)
def test_tells_how_a_number_is_bounded(text: str, sign: str) -> None:
    assert [m.comparator for m in find_measurements(text)][:1] == [sign]


@pytest.mark.parametrize(("text", "unit"), UNITS)
def test_names_the_unit(text: str, unit: str | None) -> None:
    assert find_measurements(text)[0].unit == unit


@pytest.mark.parametrize(("text", "quoted"), QUOTES)
def test_quotes_the_number_with_its_bounds(text: str, quoted: str) -> None:
    m = find_measurements(text)[0]
    assert text[m.start : m.end] == quoted


@pytest.mark.parametrize(("text", "labels", "expected"), CELLS)
def test_reads_the_cells_of_a_row(
    text: str, labels: tuple[str, ...], expected: list[Short]
) -> None:
    found = find_measurements(text, labels=labels)
    assert [(m.kind, m.value) for m in found] == expected


# ------------------------------------------------------------------------------ the words as data


@pytest.mark.parametrize(
    "bound", [pytest.param(b, id=f"{b.place} {b.words}") for b in quantity_rules().bounds]
)
def test_each_bound_hits_and_misses(bound: Bound) -> None:
    hits = [m.comparator for m in find_measurements(bound.hit)]
    misses = [m.comparator for m in find_measurements(bound.near_miss)]
    assert hits, bound.hit
    assert hits[0] == bound.sign
    if bound.sign != "=":
        assert not misses or misses[0] != bound.sign
    else:
        m = find_measurements(bound.hit)[0]
        assert m.start < m.number_start, "the words belong to the quoted stretch"
        assert not misses or misses != hits or _bare(bound.near_miss)


def _bare(text: str) -> bool:
    m = find_measurements(text)[0]
    return m.start == m.number_start


@pytest.mark.parametrize("name", ["named_lengths", "labels", "uncounted"])
def test_words_that_make_a_number_none(name: str) -> None:
    words: WordList = getattr(quantity_rules(), name)
    assert find_measurements(words.hit) == []
    assert len(find_measurements(words.near_miss)) == 1


@pytest.mark.parametrize("name", ["counted_with_hyphen", "written_on"])
def test_words_that_make_a_number_one(name: str) -> None:
    words: WordList = getattr(quantity_rules(), name)
    assert len(find_measurements(words.hit)) == 1
    assert find_measurements(words.near_miss) == []


def test_words_for_people_make_an_age() -> None:
    words = quantity_rules().people
    assert [m.form for m in find_measurements(words.hit)] == ["age"]
    assert [m.kind for m in find_measurements(words.near_miss)] == [C]


def test_words_that_over_exceeds() -> None:
    words = quantity_rules().exceeding
    assert [m.comparator for m in find_measurements(words.hit)] == [">"]
    assert [m.comparator for m in find_measurements(words.near_miss)] == ["="]


def test_no_wording_stands_for_two_bounds() -> None:
    wordings = [(b.place, w) for b in quantity_rules().bounds for w in expand_wording(b.words)]
    assert len(wordings) == len(set(wordings))


def test_a_file_with_an_unknown_field_is_named(tmp_path: Path) -> None:
    path = tmp_path / "quantities.yml"
    path.write_text("bounds: []\nunheard_of: 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"quantities\.yml"):
        load_quantity_rules(path)


# --------------------------------------------------------------------------------- for any text

_PIECES = st.sampled_from(
    (
        "5",
        "12",
        "2,500",
        "0.5",
        "£",
        "%",
        " per cent",
        " points",
        "bn",
        "m",
        "-",
        "–",
        " to ",
        " and ",
        " or ",
        "between ",
        "from ",
        "at least ",
        "no more than ",
        "over ",
        " or more",
        " weeks",
        " days",
        "-day",
        " people",
        " in ",
        "half",
        " of ",
        "a ",
        "the ",
        "aged ",
        "2025/26",
        "March ",
        " | ",
        ", ",
        ". ",
        "twice ",
        "double ",
        "one",
        "twenty-",
        "hundred ",
        " per ",
        "million",
        "s",
        "+",
        ">=",
        "(",
        "‘",
        "’",
    )
)
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=14).map("".join))


@given(_TEXTS)
@settings(max_examples=400)
def test_any_text_is_read_into_stretches_apart(text: str) -> None:
    end = 0
    for m in find_measurements(text):
        assert end <= m.start <= m.number_start < m.number_end <= len(text)
        assert m.number_start < m.end <= len(text)
        assert (m.high is not None) == (m.comparator == "range")
        assert m.high is None or m.high > m.value
        end = m.end


@given(_TEXTS)
def test_reading_is_repeatable(text: str) -> None:
    assert find_measurements(text) == find_measurements(text)


@given(st.decimals(min_value=0, max_value=1000, places=2))
def test_a_percentage_comes_back(value: Decimal) -> None:
    number = format(value.normalize(), "f")
    assert shorts(f"Reach {number}% of it.") == [(P, float(value))]
    assert shorts(f"Reach {number} per cent of it.") == [(P, float(value))]


@given(st.integers(min_value=1, max_value=10**9), st.sampled_from(("", "k", "m", "bn")))
def test_money_comes_back(pence: int, scale: str) -> None:
    factor = {"": 1, "k": 10**3, "m": 10**6, "bn": 10**9}[scale]
    value = Decimal(pence) / 100
    assert shorts(f"Pay £{value:,}{scale} for it.") == [(M, float(value * factor))]


@given(st.integers(min_value=2, max_value=999), st.sampled_from(("minutes", "hours", "weeks")))
def test_a_length_of_time_comes_back(value: int, unit: str) -> None:
    found = find_measurements(f"It takes {value} {unit} to do.")
    assert [(m.kind, m.value, m.unit) for m in found] == [(D, value, unit)]


@given(
    st.integers(min_value=1, max_value=400),
    st.integers(min_value=1, max_value=400),
    st.sampled_from(("-", "–", " to ")),
)
def test_a_range_has_its_ends_in_order(low: int, high: int, joint: str) -> None:
    found = shorts(f"Open {low}{joint}{high}% of it.")
    assert found == ([(P, low, high)] if low < high else [(P, low), (P, high)])


@pytest.mark.parametrize(
    "piece", ["1 ", "1,", "one hundred and ", "5 in every ", "5 a b c d e f ", "‘A b’ 5 ", "5 | "]
)
def test_twice_the_text_takes_no_more_than_twice_the_steps(piece: str) -> None:
    """Counts calls and not seconds: what is read per number does not grow with the text."""
    short, long = _calls(piece * 400), _calls(piece * 800)
    assert long < 2.3 * short + 200


def _calls(text: str) -> int:
    count = 0

    def trace(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(trace)
    try:
        find_measurements(text)
    finally:
        sys.setprofile(None)
    return count
