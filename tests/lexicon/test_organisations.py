"""How bodies are named in text, and how they follow each other."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import Organisations, load_lexicon


@pytest.fixture(scope="module")
def organisations() -> Organisations:
    return load_lexicon().organisations


NAMED = [
    pytest.param(
        "ICBs and provider trusts", ["integrated care board", "NHS trust"], id="two-plurals"
    ),
    pytest.param("every trust", ["NHS trust"], id="common-noun-after-determiner"),
    pytest.param("All systems must", ["integrated care system"], id="systems"),
    pytest.param(
        "NHS trusts and foundation trusts",
        ["NHS trust", "NHS foundation trust"],
        id="both-kinds-of-trust",
    ),
    pytest.param("place-based partnerships", ["place-based partnership"], id="hyphen"),
    pytest.param(
        "the CCG's plan and the CCGs' budgets",
        ["clinical commissioning group"] * 2,
        id="possessives",
    ),
    pytest.param(
        "integrated care boards (ICBs)", ["integrated care board"] * 2, id="long-and-short"
    ),
    pytest.param(
        "Acute, community and ambulance trusts",
        ["acute provider", "community provider", "ambulance trust"],
        id="noun-shared-by-three",
    ),
    pytest.param(
        "boards of providers and ICBs",
        ["board", "provider", "integrated care board"],
        id="boards-of",
    ),
    pytest.param("Health and Wellbeing Boards", ["health and wellbeing board"], id="longest-wins"),
    pytest.param(
        "Riverside University NHS Foundation Trust", ["NHS foundation trust"], id="named-one"
    ),
    pytest.param("Northtown City Council", ["local authority"], id="named-council"),
    pytest.param(
        "the NHS Commissioning Board (NHSCB)", ["NHS Commissioning Board"] * 2, id="old-name"
    ),
    pytest.param("SHA clusters and PCT clusters", ["SHA cluster", "PCT cluster"], id="clusters"),
    pytest.param("leaders of the STPs", ["STP"], id="plan-as-body"),
    pytest.param(
        "GP practices in each PCN", ["general practice", "primary care network"], id="primary-care"
    ),
    pytest.param("governing bodies of schools", ["school governing body"], id="school"),
    pytest.param("Monitor will publish", ["Monitor"], id="regulator-opens-sentence"),
    pytest.param("as advised by NICE", ["NICE"], id="capitals"),
    pytest.param(
        "42 ICBS AND CCGs",
        ["integrated care board", "clinical commissioning group"],
        id="capital-s",
    ),
    pytest.param("all parts of the NHS", ["NHS organisation"], id="parts-of-the-nhs"),
]

NOT_NAMED = [
    pytest.param("you should plan for growth", id="pronoun"),
    pytest.param("Monitor progress each week", id="monitor-the-verb"),
    pytest.param("it would be nice", id="nice-the-word"),
    pytest.param("we trust that all agree", id="trust-the-verb"),
    pytest.param("to build public trust", id="trust-the-feeling"),
    pytest.param("IT systems must be secure", id="machines"),
    pytest.param("its own systems and processes", id="systems-and-processes"),
    pytest.param("council tax", id="council-tax"),
    pytest.param("patients use the NHS App", id="app"),
    pytest.param("good practice and working practices", id="practice"),
    pytest.param("across the board", id="idiom"),
    pytest.param("to regulate the pace", id="verb"),
    pytest.param("", id="empty"),
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_bodies_are_found_in_order(
    organisations: Organisations, text: str, expected: list[str]
) -> None:
    assert [m.id for m in organisations.find(text)] == expected


@pytest.mark.parametrize("text", NOT_NAMED)
def test_other_words_are_no_bodies(organisations: Organisations, text: str) -> None:
    assert organisations.find(text) == ()


def test_mention_leaves_out_the_possessive(organisations: Organisations) -> None:
    (mention,) = organisations.find("In NHS England’s view")
    assert (mention.start, mention.end, mention.text) == (3, 14, "NHS England")


@pytest.mark.parametrize(
    ("text", "on", "expected"),
    [
        pytest.param(
            "the Department must", date(2013, 1, 1), ("Department of Health",), id="dh-2013"
        ),
        pytest.param(
            "the Department must",
            date(2020, 1, 1),
            ("Department of Health and Social Care",),
            id="dhsc-2020",
        ),
        pytest.param("All systems plan", date(2013, 1, 1), ("health system",), id="systems-2013"),
        pytest.param("local systems plan", date(2013, 1, 1), ("health system",), id="local-2013"),
        pytest.param(
            "All systems plan", date(2024, 1, 1), ("integrated care system",), id="systems-2024"
        ),
        pytest.param(
            "consortia form", date(2011, 9, 1), ("GP commissioning consortium",), id="soon-after"
        ),
        pytest.param("consortia form", date(2020, 9, 1), (), id="long-after"),
        pytest.param(
            "PCTs close", date(2020, 9, 1), ("primary care trust",), id="names-of-the-past"
        ),
    ],
)
def test_date_tells_apart(
    organisations: Organisations, text: str, on: date, expected: tuple[str, ...]
) -> None:
    assert organisations.canonical(text, on=on) == expected


@pytest.mark.parametrize(
    ("text", "abbreviations", "expected"),
    [
        pytest.param(
            "NCH pays", {"NCH": "Northtown Care NHS Trust"}, ("NHS trust",), id="a-named-trust"
        ),
        pytest.param("ICPs apply", {"ICP": "integrated care pathway"}, (), id="hides-the-usual"),
        pytest.param("ICPs apply", {}, ("integrated care partnership",), id="the-usual"),
        pytest.param(
            "SCNT ends", {"SCNT": "standard contract for NHS trusts"}, (), id="not-a-body"
        ),
        pytest.param("the NHS App", {"NHS": "National Health Service"}, (), id="has-conditions"),
        pytest.param("the nch", {"NCH": "Northtown Care NHS Trust"}, (), id="case-counts"),
    ],
)
def test_own_abbreviations_go_first(
    organisations: Organisations,
    text: str,
    abbreviations: dict[str, str],
    expected: tuple[str, ...],
) -> None:
    assert organisations.canonical(text, abbreviations=abbreviations) == expected


@pytest.mark.parametrize(
    ("id_", "line"),
    [
        pytest.param("primary care group", "integrated care board", id="pcg"),
        pytest.param("primary care trust", "integrated care board", id="pct"),
        pytest.param("PCT cluster", "integrated care board", id="pct-cluster"),
        pytest.param("GP commissioning consortium", "integrated care board", id="consortium"),
        pytest.param("clinical commissioning group", "integrated care board", id="ccg"),
        pytest.param("NHS Commissioning Board", "NHS England", id="nhscb"),
        pytest.param("Monitor", "NHS England", id="monitor"),
        pytest.param("NHS Trust Development Authority", "NHS England", id="tda"),
        pytest.param("NHS Improvement", "NHS England", id="nhsi"),
        pytest.param("NHS Digital", "NHS England", id="nhs-digital"),
        pytest.param("Health Education England", "NHS England", id="hee"),
        pytest.param("NHSX", "NHS England", id="nhsx"),
        pytest.param("STP", "integrated care system", id="stp"),
        pytest.param("Health Protection Agency", "UKHSA", id="hpa"),
        pytest.param("Public Health England", "UKHSA", id="phe"),
        pytest.param("Department of Health", "Department of Health and Social Care", id="dh"),
        pytest.param("Healthcare Commission", "CQC", id="healthcare-commission"),
        pytest.param("Local Involvement Network", "local Healthwatch", id="link"),
        pytest.param("NHS trust", "NHS trust", id="no-successor"),
        pytest.param("a body unknown", "a body unknown", id="unknown"),
    ],
)
def test_line_leads_to_the_latest_body(organisations: Organisations, id_: str, line: str) -> None:
    assert organisations.line_of(id_) == line


@pytest.mark.parametrize(
    ("a", "b", "degree"),
    [
        pytest.param("NHS trust", "NHS trust", 1.0, id="same"),
        pytest.param("primary care trust", "integrated care board", 0.9, id="same-line"),
        pytest.param("NHS trust", "provider", 0.7, id="member-of-group"),
        pytest.param("general practice", "provider", 0.7, id="member-of-a-member"),
        pytest.param(
            "integrated care board", "integrated care system", 0.6, id="board-of-the-system"
        ),
        pytest.param("clinical commissioning group", "STP", 0.6, id="stated-of-the-lines"),
        pytest.param("NICE", "NHS trust", 0.0, id="unrelated"),
        pytest.param("NHS trust", "a body unknown", 0.0, id="unknown"),
    ],
)
def test_related(organisations: Organisations, a: str, b: str, degree: float) -> None:
    assert organisations.related(a, b) == degree
    assert organisations.related(b, a) == degree


@pytest.mark.parametrize(
    ("before", "after", "on"),
    [
        pytest.param(
            "primary care trust", "clinical commissioning group", date(2013, 4, 1), id="pct-ccg"
        ),
        pytest.param(
            "clinical commissioning group", "integrated care board", date(2022, 7, 1), id="ccg-icb"
        ),
        pytest.param("strategic health authority", "NHS England", date(2013, 4, 1), id="sha"),
        pytest.param("NHS Commissioning Board", "NHS England", date(2013, 4, 1), id="nhscb"),
        pytest.param("Monitor", "NHS Improvement", date(2016, 4, 1), id="monitor"),
        pytest.param("NHS Improvement", "NHS England", date(2022, 7, 1), id="nhsi"),
        pytest.param("NHS Digital", "NHS England", date(2023, 2, 1), id="nhs-digital"),
        pytest.param("Health Education England", "NHS England", date(2023, 4, 1), id="hee"),
        pytest.param("Public Health England", "UKHSA", date(2021, 10, 1), id="phe"),
        pytest.param(
            "Department of Health",
            "Department of Health and Social Care",
            date(2018, 1, 8),
            id="dh",
        ),
    ],
)
def test_successions(organisations: Organisations, before: str, after: str, on: date) -> None:
    (succession,) = [s for s in organisations[before].successors if s.id == after]
    assert succession.on == on
    assert before in organisations.predecessors(after)


def test_dates_fit_together_and_have_a_source(organisations: Organisations) -> None:
    for entry in organisations:
        dated = entry.start or entry.to
        assert not dated or entry.source or entry.successors, entry.id
        for succession in entry.successors:
            assert succession.source.startswith("https://"), entry.id
            assert entry.to is not None or succession.how == "functions", entry.id
            assert entry.to is None or entry.to < succession.on, entry.id
            start = organisations[succession.id].start
            # The consortia of the plans of 2010 were renamed before there were any groups.
            renamed = succession.how == "renamed"
            assert start is None or start <= succession.on or renamed, entry.id


def test_each_name_finds_its_own_body(organisations: Organisations) -> None:
    for entry in organisations:
        names = [*entry.aliases, *entry.abbreviations]
        names += [entry.id] if entry.named else []
        names += [entry.plural] if entry.named and entry.plural else []
        for name in names:
            found = organisations.find(name, on=entry.to)
            assert [(m.id, m.text) for m in found][-1:] == [(entry.id, name)], name


PIECES = st.sampled_from(
    [
        *("ICBs", "ICB's", "NHS", "trusts", "the", "foundation", "acute", "and", ",", "é", "’"),
        *("providers", "systems", "NHS England", "(CCGs)", "board", ". ", "integrated", "care"),
        *("every", "Monitor", "PCT clusters", "all", "place", "\n", "health", "councils"),
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map(" ".join)))
def test_mentions_quote_the_text_and_never_overlap(text: str) -> None:
    organisations = load_lexicon().organisations
    mentions = organisations.find(text)
    end = 0
    for mention in mentions:
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        end = mention.end
    assert organisations.canonical(text) == tuple(dict.fromkeys(m.id for m in mentions))


@given(st.sampled_from(sorted(e.id for e in load_lexicon().organisations if e.named)))
def test_canonical_name_is_stable(id_: str) -> None:
    organisations = load_lexicon().organisations
    assert organisations.canonical(id_) == (id_,)
    assert organisations.related(id_, organisations.line_of(id_)) >= 0.9
