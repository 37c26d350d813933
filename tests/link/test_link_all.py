"""Everything that spans documents, on small ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from pipeline.lexicon import Lexicon
from pipeline.link import Linking, LinkModel, compare_documents, link_all, pairs
from pipeline.link import all as all_links
from pipeline.records import Document, Kind, Modality, Relation, Requirement
from tests.link.build import need, paper, percent

FALLS = "Trusts must report every fall on a ward to their board"
SWANS = "Estates teams must test emergency lighting twice a year"
MEALS = "Caterers must offer a hot meal after nine in the evening"
PARKING = "Visitors of dying patients must be given free parking"
INTERPRETERS = "Interpreters must be booked for deaf patients before they arrive"


def year(id_: str, years: str, quotes: Sequence[str]) -> tuple[Document, list[Requirement]]:
    found = [need(q, document=id_, ordinal=n) for n, q in enumerate(quotes)]
    return paper(id_, years), found


YEARS = [
    year("guide-22", "2022/23", [FALLS, MEALS, PARKING]),
    year("guide-23", "2023/24", [FALLS, SWANS, PARKING]),
    year("guide-24", "2024/25", [FALLS, SWANS, MEALS, INTERPRETERS]),
]


def link(
    parts: Sequence[tuple[Document, list[Requirement]]], lexicon: Lexicon, model: LinkModel
) -> Linking:
    documents = [document for document, _ in parts]
    requirements = {document.id: found for document, found in parts}
    return link_all(documents, requirements, lexicon=lexicon, model=model)


def quotes(linking: Linking) -> dict[str, str]:
    del linking
    return {r.id: r.quote for _, found in YEARS for r in found}


def test_threads_run_through_years_and_gaps(lexicon: Lexicon, model: LinkModel) -> None:
    linking = link(YEARS, lexicon, model)
    said = quotes(linking)
    threads = {said[t.requirement_ids[0]]: len(t.requirement_ids) for t in linking.threads}
    assert threads == {FALLS: 3, MEALS: 2, PARKING: 2, SWANS: 2}
    over_gap = [x for x in linking.links if (x.from_year, x.to_year) == ("2022/23", "2024/25")]
    assert [said[x.from_id] for x in over_gap] == [MEALS]


def test_changes_tell_new_and_dropped(lexicon: Lexicon, model: LinkModel) -> None:
    linking = link(YEARS, lexicon, model)
    said = quotes(linking)
    rows = {
        (c.from_year, c.relation, said[c.to_id or c.from_id or ""])
        for c in linking.changes
        if c.relation in ("new", "dropped")
    }
    assert rows == {
        ("2022/23", "dropped", MEALS),
        ("2022/23", "new", SWANS),
        ("2023/24", "dropped", PARKING),
        ("2023/24", "new", MEALS),
        ("2023/24", "new", INTERPRETERS),
    }


def test_order_of_files_does_not_matter(lexicon: Lexicon, model: LinkModel) -> None:
    once = repr(replace(link(YEARS, lexicon, model), units={}))
    shuffled = [(d, list(found)) for d, found in YEARS]
    for seed in range(3):
        rng = random.Random(seed)
        rng.shuffle(shuffled)
        for _, found in shuffled:
            rng.shuffle(found)
        assert repr(replace(link(shuffled, lexicon, model), units={})) == once


def test_adding_a_year_links_only_what_it_touches(
    lexicon: Lexicon, model: LinkModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = link(YEARS[:2], lexicon, model)
    compared: list[tuple[str | None, str | None]] = []
    original = pairs.link_pair

    def watch(*args: object, **more: object) -> object:
        compared.append((str(more["from_year"]), str(more["to_year"])))
        return original(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(all_links, "link_pair", watch)
    documents = [d for d, _ in YEARS]
    requirements = {d.id: found for d, found in YEARS}
    again = link_all(documents, requirements, lexicon=lexicon, model=model, known=first.units)
    assert compared == [("2023/24", "2024/25"), ("2022/23", "2024/25")]
    assert again.links == link(YEARS, lexicon, model).links
    assert set(first.links) <= set(again.links)


def test_removing_a_document_removes_its_links(lexicon: Lexicon, model: LinkModel) -> None:
    gone = {r.id for r in YEARS[1][1]}
    linking = link([YEARS[0], YEARS[2]], lexicon, model)
    assert not gone & {end for x in linking.links for end in (x.from_id, x.to_id)}
    assert not gone & {r for t in linking.threads for r in t.requirement_ids}
    assert {(x.from_year, x.to_year) for x in linking.links} == {("2022/23", "2024/25")}


def test_draft_is_compared_with_its_final_and_left_out_of_years(
    lexicon: Lexicon, model: LinkModel
) -> None:
    draft = year("guide-23-draft", "2023/24", [FALLS, INTERPRETERS])
    linking = link([*YEARS[:2], draft], lexicon, model)
    assert linking.superseded == (("guide-23-draft", "guide-23"),)
    mine = {r.id for r in draft[1]}
    of_draft = [x for x in linking.links if mine & {x.from_id, x.to_id}]
    assert [(x.from_id in mine, x.from_year, x.to_year) for x in of_draft] == [
        (True, "2023/24", "2023/24")
    ]
    assert not any(mine & {c.from_id, c.to_id} for c in linking.changes)


def test_what_a_framework_says_goes_on_through_its_years(
    lexicon: Lexicon, model: LinkModel
) -> None:
    framework = year("framework", "2024/25-2026/27", [FALLS, MEALS])
    extra = year("guide-25", "2025/26", [SWANS, MEALS])
    linking = link([YEARS[0], framework, extra], lexicon, model)
    rows = [c for c in linking.changes if c.from_year == "2024/25"]
    said = {r.id: r.quote for _, found in (framework, extra) for r in found}
    assert {(c.relation, said[c.to_id or ""]) for c in rows} == {("new", SWANS), ("same", MEALS)}


def test_one_pair_is_linked_once_though_its_documents_meet_in_several_years(
    lexicon: Lexicon, model: LinkModel
) -> None:
    first = year("plan-a", "2024/25-2025/26", [FALLS, MEALS])
    second = year("plan-b", "2025/26-2026/27", [FALLS, MEALS])
    links = link([first, second], lexicon, model).links
    keys = [(x.from_id, x.to_id, x.relation) for x in links]
    assert len(keys) == len(set(keys)) == 2


def test_repeats_in_one_document_are_one_requirement(lexicon: Lexicon, model: LinkModel) -> None:
    again = "Trusts must report every fall on a ward to their own board"
    first = year("guide-23", "2023/24", [FALLS, PARKING])
    second = year("guide-24", "2024/25", [FALLS, PARKING, again])
    linking = link([first, second], lexicon, model)
    assert not [c for c in linking.changes if c.relation == "new"]
    longest = max(linking.threads, key=lambda t: len(t.requirement_ids))
    assert len(longest.requirement_ids) == 3


def test_any_two_documents(lexicon: Lexicon, model: LinkModel) -> None:
    (first, before), (last, after) = YEARS[0], YEARS[2]
    found = compare_documents(
        first, last, {first.id: before, last.id: after}, lexicon=lexicon, model=model
    )
    assert {c.relation for c in found.changes} == {"same", "new", "dropped"}
    assert {x.relation for x in found.links} == {Relation.SAME}


def test_target_line_with_a_silent_drop(lexicon: Lexicon, model: LinkModel) -> None:
    def ae(id_: str, years: str, value: float | None) -> tuple[Document, list[Requirement]]:
        numbers = [percent(value, "ae-4-hour", due=date(2000, 3, 31))] if value else []
        return paper(id_, years), [need("Leave A&E in 4 hours", document=id_, quantities=numbers)]

    parts = [ae("g22", "2022/23", 95), ae("g23", "2023/24", 76), ae("g24", "2024/25", None)]
    parts.append(ae("g25", "2025/26", 78))
    points = [p for p in link(parts, lexicon, model).target_lines if p.measure == "ae-4-hour"]
    assert [(p.year, p.value, p.dropped) for p in points] == [
        ("2022/23", 95, False),
        ("2023/24", 76, False),
        ("2024/25", None, True),
        ("2025/26", 78, False),
    ]


def test_target_of_a_framework_counts_for_the_year_it_is_due(
    lexicon: Lexicon, model: LinkModel
) -> None:
    steps = [percent(v, "rtt-18-week", due=date(y, 3, 31)) for v, y in ((70, 2027), (92, 2029))]
    rule = need("Treat patients in time", document="f", quantities=steps)
    linking = link([(paper("f", "2026/27-2028/29"), [rule])], lexicon, model)
    assert [(p.year, p.value, p.dropped) for p in linking.target_lines] == [
        ("2026/27", 70, False),
        ("2028/29", 92, False),
    ]


# ------------------------------------------------------------------------------ papers and guidance

RULE = need(
    "Trusts must see 78% of patients in A&E within 4 hours by March 2025",
    document="guide",
    quantities=[percent(78, "ae-4-hour", due=date(2025, 3, 31))],
    due=date(2025, 3, 31),
)


@pytest.mark.parametrize(
    ("told", "stance"),
    [
        pytest.param(
            need(
                "We reached 78% of patients in A&E within 4 hours in October",
                document="board",
                modality=Modality.NONE,
                quantities=[percent(78, "ae-4-hour")],
            ),
            "reports",
            id="reports",
        ),
        pytest.param(
            need(
                "Guidance says 78% of A&E patients must leave within 4 hours",
                document="board",
                reported=True,
                quantities=[percent(78, "ae-4-hour")],
            ),
            "repeats",
            id="repeats",
        ),
        pytest.param(
            need(
                "Guidance says 83% of A&E patients must leave within 4 hours",
                document="board",
                reported=True,
                quantities=[percent(83, "ae-4-hour")],
            ),
            "misstates",
            id="misstates-number",
        ),
        pytest.param(
            need(
                "Guidance says 78% of A&E patients must leave within 4 hours by June 2025",
                document="board",
                reported=True,
                quantities=[percent(78, "ae-4-hour", due=date(2025, 6, 30))],
                due=date(2025, 6, 30),
            ),
            "misstates",
            id="misstates-date",
        ),
        pytest.param(
            need(
                "78% of A&E patients within 4 hours cannot realistically be met",
                document="board",
                modality=Modality.NONE,
                quantities=[percent(78, "ae-4-hour")],
            ),
            "contests",
            id="contests",
        ),
    ],
)
def test_mentions(told: Requirement, stance: str, lexicon: Lexicon, model: LinkModel) -> None:
    board = paper("board", kind=Kind.BOARD_PAPER, published=date(2024, 11, 6))
    other = need("Caterers must offer hot meals", document="guide", ordinal=1)
    documents = [paper("guide", "2024/25", published=date(2024, 3, 27)), board]
    requirements = {"guide": [RULE, other], "board": [told]}
    linking = link_all(documents, requirements, lexicon=lexicon, model=model)
    found = [x for x in linking.links if x.relation is Relation.MENTIONS]
    assert [(x.to_id, x.to_year, x.stance) for x in found] == [(RULE.id, "2024/25", stance)]


def test_fragment_mentions_nothing(lexicon: Lexicon, model: LinkModel) -> None:
    board = paper("board", kind=Kind.BOARD_PAPER, published=date(2024, 11, 6))
    documents = [paper("guide", "2024/25"), board]
    requirements = {"guide": [RULE], "board": [need("Patients in A&E", document="board")]}
    assert link_all(documents, requirements, lexicon=lexicon, model=model).links == ()


def test_paper_speaks_of_the_draft_until_the_final_is_out(
    lexicon: Lexicon, model: LinkModel
) -> None:
    draft = paper("guide-draft", "2024/25", published=date(2024, 2, 1))
    final = paper("guide", "2024/25", published=date(2024, 3, 27))
    in_draft = replace(RULE, id="in-draft", document_id="guide-draft")
    told = need(
        "They want 78% of A&E patients to leave within 4 hours",
        document="blog",
        reported=True,
        quantities=[percent(78, "ae-4-hour")],
    )
    for day, expected in ((date(2024, 2, 10), "in-draft"), (date(2024, 4, 2), RULE.id)):
        blog = paper("blog", kind=Kind.COMMENTARY, published=day)
        requirements = {"guide": [RULE], "guide-draft": [in_draft], "blog": [told]}
        linking = link_all([draft, final, blog], requirements, lexicon=lexicon, model=model)
        assert [x.to_id for x in linking.links if x.stance] == [expected]


# ------------------------------------------------------ rules known only from those who report them


def post(day: date, told: Sequence[Requirement]) -> tuple[Document, list[Requirement]]:
    id_ = f"blog-{day.isoformat()}"
    document = paper(id_, kind=Kind.COMMENTARY, published=day)
    return document, [replace(r, id=f"{id_}:{r.ordinal}", document_id=id_) for r in told]


def money(value: float, measure: str, text: str | None = None, **more: object) -> object:
    return replace(percent(value, measure), text=text or f"{value:g}%", **more)  # type: ignore[arg-type]


def test_rules_reported_in_the_years_of_transition(lexicon: Lexicon, model: LinkModel) -> None:
    old = need(
        "PCTs had to keep a 2% fund for one-off spending",
        reported=True,
        bearers=["primary care trust"],
        quantities=[percent(2, "non-recurrent-fund")],
    )
    rumour = need(
        "It seems that a contingency of 0.5% may be asked for",
        reported=True,
        ordinal=1,
        quantities=[percent(0.5, "contingency")],
    )
    parts = need(
        "Each CCG must plan a 1% surplus, a 2% one-off fund and a 0.5% contingency",
        reported=True,
        quantities=[
            percent(1, "planned-surplus"),
            percent(2, "non-recurrent-fund"),
            percent(0.5, "contingency"),
        ],
    )
    total = need(
        "In all, 3.5% of the budget is to be set aside",
        reported=True,
        ordinal=1,
        quantities=[percent(3.5, metric="share of the budget set aside")],
    )
    quote = (
        "Next year they must set aside 4% (1% surplus, 2.5% one-off, 0.5% contingency), "
        "rising to 6% in 2015/16"
    )
    following = need(
        quote,
        reported=True,
        quantities=[
            percent(4, metric="share set aside"),
            percent(1, "planned-surplus"),
            percent(2.5, "non-recurrent-fund"),
            percent(0.5, "contingency"),
            percent(6),
        ],
    )
    posts = [
        post(date(2012, 12, 2), [old, rumour]),
        post(date(2013, 3, 24), [parts, total]),
        post(date(2014, 1, 1), [following]),
    ]
    documents = [document for document, _ in posts]
    requirements = {document.id: found for document, found in posts}
    linking = link_all(documents, requirements, lexicon=lexicon, model=model)
    found = {
        (x.from_year, x.to_year, x.relation.value, x.from_value, x.to_value, x.ambition)
        for x in linking.links
    }
    assert found == {
        ("2012/13", "2013/14", "same", 2, 2, None),
        ("2012/13", "2014/15", "target_changed", 2, 2.5, "harder"),
        ("2013/14", "2013/14", "strengthened", 0.5, 0.5, None),
        ("2013/14", "2013/14", "split", 3.5, 3.5, None),
        ("2013/14", "2014/15", "same", 0.5, 0.5, None),
        ("2013/14", "2014/15", "same", 1, 1, None),
        ("2013/14", "2014/15", "target_changed", 2, 2.5, "harder"),
        ("2013/14", "2014/15", "target_changed", 3.5, 4, "harder"),
        ("2014/15", "2015/16", "target_changed", 4, 6, "harder"),
    }


def test_the_writers_own_numbers_are_no_rules(lexicon: Lexicon, model: LinkModel) -> None:
    first = need(
        "CCGs must use the 2% for change",
        reported=True,
        quantities=[percent(2, "non-recurrent-fund")],
    )
    second = replace(first, quote="CCGs must spend a 2% fund")
    posts = [post(date(2012, 12, 2), [first]), post(date(2013, 12, 2), [second])]
    documents = [document for document, _ in posts]
    requirements = {document.id: found for document, found in posts}
    assert link_all(documents, requirements, lexicon=lexicon, model=model).links == ()
