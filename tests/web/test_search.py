"""Searching: what is typed becomes a query that always answers, and facets count what they would
leave.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from pipeline.web.search_query import to_match
from tests.web.conftest import Reader, text_of


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("  \t ", "", id="spaces"),
        pytest.param("urgent care", '"urgent" AND "care"', id="words"),
        pytest.param('"urgent care"', '"urgent care"', id="phrase"),
        pytest.param("“urgent care”", '"urgent care"', id="curly-quotes"),
        pytest.param("discharg*", '"discharg" *', id="prefix"),
        pytest.param('"front doo"*', '"front doo" *', id="phrase-prefix"),
        pytest.param("care -winter", '("care") NOT "winter"', id="without"),
        pytest.param("-winter", "", id="only-without"),
        pytest.param("62-day", '"62-day"', id="hyphen-inside"),
        pytest.param('"never closed', '"never closed"', id="open-quote"),
        pytest.param("A&E (4 hours)", '"A&E" AND "(4" AND "hours)"', id="signs"),
        pytest.param(
            "care OR NEAR(x) AND", '"care" AND "OR" AND "NEAR(x)" AND "AND"', id="operators"
        ),
        pytest.param("& % *", "", id="only-signs"),
    ],
)
def test_to_match(typed: str, match: str) -> None:
    assert to_match(typed) == match


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="ab \"*-()^:{}+%&~\\'\x00NOTANDR")))
def test_whatever_is_typed_is_a_query(small_database: Path, typed: str) -> None:
    match = to_match(typed)
    with closing(sqlite3.connect(small_database)) as connection:
        if match:
            connection.execute(
                "SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?", (match,)
            ).fetchall()


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "*",
        "a*b*",
        "NOT",
        "x AND",
        "((((",
        "'; DROP TABLE x; --",
        "\\",
        "%",
        "é",
        "𝔘",
        "\u202e",
        "w" * 9000,
    ],
)
def test_no_error_page_whatever_is_typed(reader: Reader, typed: str) -> None:
    page = HTMLParser(reader.page(f"/search?q={quote(typed)}"))
    assert page.css_first("#results-title") is not None


def test_unknown_filters_are_no_error(reader: Reader) -> None:
    page = reader.page(
        "/search?year=x&topic=%00&review=nonsense&page=-3&what=z&target=9&kind=&body="
    )
    assert "Nothing was found" in page


def _facets(page: HTMLParser) -> dict[str, dict[str, int]]:
    return {
        text_of(section, "h3"): {
            text_of(link, ".facet-label"): int(text_of(link, ".facet-count"))
            for link in section.css("a")
        }
        for section in page.css("section.facet")
    }


def _total(page: HTMLParser) -> int:
    return len(page.css("ol.found > li"))


def test_words_are_marked_and_both_kinds_found(reader: Reader) -> None:
    page = HTMLParser(reader.page("/search?q=months+departments"))
    # A sentence that is no requirement is found as a passage, its words marked, whatever their
    # endings.
    assert {node.text() for node in page.css("li.result-passage mark")} == {"months", "department"}
    found = HTMLParser(reader.page("/search?q=waiting"))
    assert {node.text() for node in found.css("li.result mark")} == {"waiting"}


def test_each_facet_leaves_what_it_counts(reader: Reader) -> None:

    page = HTMLParser(reader.page("/search?q=trusts"))
    for section in page.css("section.facet"):
        for link in section.css("a"):
            count = int(text_of(link, ".facet-count"))
            narrowed = HTMLParser(reader.page(link.attributes["href"] or ""))
            assert _total(narrowed) == count, link.text()


def test_a_filter_can_be_taken_off(reader: Reader) -> None:
    page = HTMLParser(reader.page("/search?q=trusts&year=2023/24&modality=obligation"))
    chips = {link.text(): link.attributes["href"] for link in page.css(".chosen a")}
    assert len(chips) == 3  # two filters, and all of them
    off = next(href for text, href in chips.items() if "2023/24" in text)
    assert off == "/search?q=trusts&modality=obligation"


def test_facets_count_years_bodies_topics_and_force(reader: Reader) -> None:
    facets = _facets(HTMLParser(reader.page("/search?kind=guidance")))
    assert facets["Planning year"] == {"2025/26": 3, "2024/25": 3, "2023/24": 4}
    assert facets["Who is bound"] == {"NHS trust": 4, "integrated care board": 3, "system": 3}
    assert facets["Topic"] == {"urgent care": 7, "No topic": 3}
    assert facets["Numbers"] == {"Only with a target": 3}
    assert facets["Force"] == {"Must": 3, "Should": 4, "May": 3}


def test_a_passage_that_is_a_found_requirement_stands_once(reader: Reader) -> None:
    page = HTMLParser(reader.page("/search?q=fax"))
    assert _total(page) == 1
    assert page.css_first("li.result-passage") is None


def test_the_search_over_all_tables_is_this_one(reader: Reader) -> None:
    response = reader.get("/-/search?q=fax")
    assert (response.status_code, response.headers["location"]) == (302, "/search?q=fax")
