"""Every page answers, says what it should, leads nowhere that is not there, and lets nothing of a
document run.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from pipeline.export import render_diff
from pipeline.store.database import open_for_writing
from pipeline.web.serve import make_datasette
from tests.web.conftest import Reader, text_of
from tests.web.small import HOSTILE, HOSTILE_ID, PDF_ID, build

PAGES = (
    "/",
    "/search",
    "/search?q=patients",
    "/compare",
    "/compare?from=2023/24&to=2024/25",
    "/compare?from=guide-2023-24&to=guide-2025-26",
    "/targets",
    "/documents",
    f"/document/{PDF_ID}",
    f"/document/{HOSTILE_ID}",
    "/checklist",
    "/checklist?year=2023/24&bearer=NHS+trust",
    "/review",
)
_NOT_FOLLOWED = re.compile(
    r"\.(png|xlsx|docx|ics|reqif|jsonl|csv|db|html)(\?|$)|^/-/|_sort|_facet|sql="
)


def _ids(reader: Reader) -> list[str]:
    rows = reader.get("/small/requirements.json?_shape=array&_size=max&_col=id").json()
    return [row["id"] for row in rows]


def _addresses(reader: Reader) -> Iterator[str]:
    yield from PAGES
    yield from (f"/requirement/{identifier}" for identifier in _ids(reader))


@pytest.mark.parametrize("address", PAGES)
def test_page_is_well_formed(reader: Reader, address: str) -> None:
    tree = HTMLParser(reader.page(address))
    html = tree.css_first("html")
    assert html is not None
    assert html.attributes["lang"] == "en-GB"
    assert len(tree.css("h1")) == 1
    assert len(tree.css("main#content")) == 1
    assert tree.css_first("a.skip") is not None
    title = tree.css_first("title")
    assert title is not None
    assert title.text().endswith("– mustdo")
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    known = set(ids)
    for label in tree.css("label"):
        assert label.attributes.get("for") in known
    for node in tree.css("[aria-labelledby]"):
        assert set((node.attributes["aria-labelledby"] or "").split()) <= known


def test_no_page_holds_scripts_or_styles_of_its_own(reader: Reader) -> None:
    for address in _addresses(reader):
        tree = HTMLParser(reader.page(address))
        for script in tree.css("script"):
            assert (script.attributes.get("src") or "").startswith("/-/mustdo/"), address
            assert not script.text().strip(), address
        assert not tree.css("style"), address
        for node in tree.css("*"):
            names = [name for name in node.attributes if name == "style" or name.startswith("on")]
            assert not names, f"{address}: {node.tag} {names}"
            for name in ("src", "href", "action"):
                value = (node.attributes.get(name) or "").strip().lower()
                assert not value.startswith(("javascript:", "data:", "//")), address


def test_nothing_is_loaded_from_elsewhere(reader: Reader) -> None:
    for address in _addresses(reader):
        for node in HTMLParser(reader.page(address)).css(
            "link, script, img, iframe, object, source"
        ):
            value = node.attributes.get("src") or node.attributes.get("href") or ""
            assert not urlsplit(value).netloc, f"{address}: {value}"


def test_hostile_text_is_shown_as_text(reader: Reader) -> None:
    rows = reader.get(f"/small/requirements.json?_shape=array&document_id={HOSTILE_ID}").json()
    addresses = [
        f"/requirement/{rows[0]['id']}",
        f"/document/{HOSTILE_ID}",
        "/documents",
        "/search?q=onerror",
        f"/checklist?document={HOSTILE_ID}",
        f"/compare?from=guide-2025-26&to={HOSTILE_ID}",
    ]
    for address in addresses:
        tree = HTMLParser(reader.page(address))
        main = tree.css_first("main")
        assert main is not None
        assert HOSTILE[0] in main.text(), address
        assert not [
            i for i in tree.css("img") if "page-image" not in (i.attributes.get("src") or "")
        ]
        assert not tree.css("main script")
    page = reader.page(f"/requirement/{rows[0]['id']}")
    shown = HTMLParser(page).css_first("h1")
    assert shown is not None
    for text in HOSTILE:
        assert text in shown.text(), text


def test_every_link_of_ours_leads_somewhere(reader: Reader) -> None:
    waiting, seen = ["/"], {"/"}
    while waiting:
        address = waiting.pop()
        response = reader.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        if "small/" in address or not response.headers["content-type"].startswith("text/html"):
            continue  # Datasette's own pages are opened, not searched for further links
        tree = HTMLParser(response.text)
        ids = {node.attributes["id"] for node in tree.css("[id]")}
        for node in tree.css("a[href]"):
            target, fragment = urldefrag(urljoin(address, node.attributes["href"] or ""))
            if urlsplit(target).netloc:
                continue
            if fragment and target == address:
                assert fragment in ids, f"{address}: #{fragment}"
            if target not in seen and not _NOT_FOLLOWED.search(target) and len(seen) < 900:
                seen.add(target)
                waiting.append(target)
    assert len(seen) > 60


def test_a_link_to_a_place_in_a_document_finds_it(reader: Reader) -> None:
    identifier = _ids(reader)[0]
    page = HTMLParser(reader.page(f"/requirement/{identifier}"))
    link = next(
        a.attributes["href"] for a in page.css("a") if "?at=" in (a.attributes["href"] or "")
    )
    assert link is not None
    address, fragment = urldefrag(link)
    assert HTMLParser(reader.page(address)).css_first(f"#{fragment}") is not None


def test_home_shows_years_side_by_side(reader: Reader) -> None:
    text = reader.page("/")
    rows = {
        text_of(row, "th"): [cell.text().split("\n")[0].strip() for cell in row.css("td")]
        for row in HTMLParser(text).css("table.years tbody tr")
    }
    assert list(rows) == ["2025/26", "2024/25", "2023/24"]
    #                     requirements, targets, new, dropped, changed, same
    assert rows["2024/25"][:6] == ["3", "1", "0", "1", "1", "2"]
    assert rows["2023/24"][2:6] == ["–"] * 4
    assert "1 file could not be read" in text
    assert "broken.pdf" in text


def test_requirement_page_explains_itself(reader: Reader) -> None:
    rows = reader.get(
        f"/small/requirements.json?_shape=array&document_id={PDF_ID}&has_target=1"
    ).json()
    page = HTMLParser(reader.page(f"/requirement/{rows[0]['id']}"))
    marked = {node.attributes["class"]: node.text() for node in page.css("h1 .m")}
    assert marked == {
        "m m-bearer ": "ICBs",
        "m m-cue ": "must",
        "m m-number ": "at least 78%",
        "m m-deadline ": "by March 2026",
    }
    assert [node.text() for node in page.css(".legend li")] == [
        "gives it force",
        "who is bound",
        "by when",
        "number",
    ]
    steps = [text_of(step, ".year") for step in page.css(".thread .step")]
    assert steps == ["2023/24", "2024/25", "2025/26"]
    assert [node.text() for node in page.css(".thread del")] == ["should", "76%", "2024", "2025"]
    assert text_of(page, "svg title") == "A&E within 4 hours"
    assert "2023/24: at least 76%" in text_of(page, "svg desc")
    assert "States it otherwise" in text_of(page, "#mentions-by ~ ul")
    picture = page.css_first("figure.picture img")
    assert picture is not None
    assert "boxed" in (picture.attributes["alt"] or "")


def test_requirement_json_has_the_contract_s_fields(reader: Reader) -> None:
    identifier = _ids(reader)[0]
    found = reader.get(f"/requirement/{identifier}.json").json()
    assert set(found) >= {
        "id",
        "document",
        "file",
        "planning_year",
        "kind",
        "page",
        "bbox",
        "section",
        "quote",
        "stem",
        "statement",
        "modality",
        "cue",
        "reported",
        "bearer",
        "bearer_canonical",
        "action",
        "condition",
        "deadline",
        "quantities",
        "topic",
        "confidence",
    }
    assert found["id"] == identifier
    lines = reader.page("/export/checklist.jsonl").splitlines()
    assert found in [json.loads(line) for line in lines]


def test_rows_lead_back_to_our_pages(reader: Reader) -> None:
    identifier = _ids(reader)[0]
    assert f'href="/requirement/{identifier}"' in reader.page(f"/small/requirements/{identifier}")
    assert f'href="/document/{PDF_ID}"' in reader.page(f"/small/documents/{PDF_ID}")


def test_a_format_without_pages_shows_the_passage_instead(reader: Reader) -> None:
    rows = reader.get("/small/requirements.json?_shape=array&document_id=guide-2024-25").json()
    page = HTMLParser(reader.page(f"/requirement/{rows[0]['id']}"))
    assert page.css_first("figure.picture") is None
    assert rows[0]["quote"] in text_of(page, ".passage-here")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        pytest.param("/requirement/0000", "no requirement 0000", id="requirement"),
        pytest.param("/document/none", "no document", id="document"),
        pytest.param("/compare?from=1901/02&to=2025/26", "1901/02", id="year"),
        pytest.param(
            "/compare?from=guide-2023-24&to=2025/26", "not one of each", id="year-and-document"
        ),
        pytest.param("/export/compare.exe?from=1&to=2", "cannot be had", id="export-format"),
    ],
)
def test_what_is_not_there_is_said_plainly(reader: Reader, address: str, says: str) -> None:
    response = reader.get(address)
    assert response.status_code == 404
    assert says in text_of(HTMLParser(response.text), "main")


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        pytest.param(
            "change=dropped", ["Trusts must count their fax machines by June 2023."], id="dropped"
        ),
        pytest.param("body=integrated+care+board", 1, id="body"),
        pytest.param("topic=urgent+care", 3, id="topic"),
        pytest.param("targets=1", 1, id="only-targets"),
        pytest.param("change=dropped&body=integrated+care+board", 0, id="nothing-left"),
        pytest.param("change=nonsense&page=99999", 0, id="unknown-values"),
    ],
)
def test_compare_filters(reader: Reader, query: str, statements: list[str] | int) -> None:
    page = HTMLParser(reader.page(f"/compare?from=2023/24&to=2024/25&{query}"))
    shown = [text_of(node, ".words", strip=True) for node in page.css("article.change")]
    if isinstance(statements, int):
        assert len(shown) == statements
    else:
        assert shown == statements


def test_compare_shows_target_chips_and_redlines(reader: Reader) -> None:
    page = HTMLParser(reader.page("/compare?from=2023/24&to=2024/25&change=target_changed"))
    card = page.css_first("article.change")
    assert card is not None
    assert text_of(card, ".chip").split() == (
        ["from", "at", "least", "76%", "→", "to", "at", "least", "78%,", "harder"]
    )
    assert [node.text() for node in card.css("del")] == ["should", "76%", "2024"]
    assert [node.text() for node in card.css("ins")] == ["must", "78%", "2025"]


def test_documents_compared(reader: Reader) -> None:
    page = HTMLParser(reader.page("/compare?from=guide-2023-24&to=guide-2025-26"))
    counts = {
        text_of(node, "span"): int(text_of(node, "strong")) for node in page.css(".tally-link")
    }
    # Each sentence has its counterpart but the one that was dropped; how each changed is linking's.
    assert counts["dropped"] == 1
    assert counts["new"] == 0
    assert sum(counts.values()) == 4


def test_checklist_lists_what_binds(reader: Reader) -> None:
    page = HTMLParser(reader.page("/checklist?year=2023/24&bearer=NHS+trust"))
    assert [node.text() for node in page.css(".checklist .words a")] == [
        "Trusts should publish their waiting times every month.",
        "Trusts must count their fax machines by June 2023.",
    ]


@pytest.mark.parametrize("form", ["xlsx", "docx", "csv", "ics", "reqif", "jsonl"])
def test_checklist_can_be_taken_away(reader: Reader, form: str) -> None:
    response = reader.get(f"/export/checklist.{form}?year=2023/24")
    assert response.status_code == 200
    assert response.headers["content-disposition"].endswith(f'.{form}"')
    assert len(response.content) > 200


def test_targets_show_years_side_by_side(reader: Reader) -> None:
    page = HTMLParser(reader.page("/targets"))
    assert [node.text() for node in page.css(".matrix thead th")] == [
        "Measure",
        "2023/24",
        "2024/25",
        "2025/26",
    ]
    cells = [node.text(strip=True) for node in page.css(".matrix tbody td")]
    assert cells == ["at least 76%", "at least 78%", "at least 78%"]


def test_a_requirement_shows_who_speaks_of_it_in_narrative(tmp_path: Path) -> None:
    """A sentence with a number and no requirement, which leads to its place in its document."""
    path = build(tmp_path)
    db = open_for_writing(path)
    spoken_of = next(
        iter(db.query("SELECT id FROM requirements WHERE document_id = ? LIMIT 1", [PDF_ID]))
    )["id"]
    passage = next(iter(db.query("SELECT * FROM passages WHERE document_id <> ?", [PDF_ID])))
    number = {"id": "told", "document_id": passage["document_id"], "passage_id": passage["id"]}
    number |= {"quote": "In July we saw 74.1% <b>in time</b>.", "text": "74.1%", "value": 74.1}
    db.table("quantities").insert(number)
    mention = {"id": "m", "quantity_id": "told", "to_id": spoken_of, "stance": "reports"}
    db.table("figure_mentions").insert(mention | {"score": 0.9, "evidence": "Reports it"})
    db.conn.close()
    someone = Reader(make_datasette(path))
    page = HTMLParser(someone.page(f"/requirement/{spoken_of}"))
    cards = [li for li in page.css("#mentions-by ~ ul li") if "74.1%" in li.text()]
    assert len(cards) == 1
    assert text_of(cards[0], ".words") == number["quote"]
    link = cards[0].css_first(".card-foot a")
    assert link is not None
    address = str(link.attributes["href"])
    assert address.endswith(f"?passage={passage['id']}#p-{passage['id']}")
    reading = HTMLParser(someone.page(address.partition("#")[0]))
    assert reading.css_first(f"#p-{passage['id']}") is not None
    someone.close()


def test_topics_are_written_like_sentences(reader: Reader) -> None:
    heading = HTMLParser(reader.page("/checklist?year=2024/25")).css_first(".topic-head")
    assert heading is not None
    assert heading.text().startswith("Urgent care")


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("/compare?from=2023/24&to=2024/25-2025/26", id="compare"),
        pytest.param("/compare?from=2023-24&to=2024-25", id="otherwise-written"),
        pytest.param("/checklist?year=2024/25-2025/26", id="checklist"),
    ],
)
def test_a_span_of_years_means_its_first(reader: Reader, address: str) -> None:
    heading = text_of(HTMLParser(reader.page(address)), "h1")
    assert "2024/25" in heading
    assert "2025/26" not in heading


def test_columns_that_say_nothing_are_left_out(reader: Reader) -> None:
    groups = HTMLParser(reader.page("/documents")).css("section table")
    heads = [[head.text() for head in group.css("thead th")] for group in groups]
    assert "Pages" in heads[0]  # guidance, of which one is a PDF
    assert all("Pages" not in names for names in heads[1:])


def test_beside_a_picture_only_near_passages_stand(reader: Reader) -> None:
    rows = reader.get(
        f"/small/requirements.json?_shape=array&document_id={PDF_ID}&ordinal=0"
    ).json()
    context = HTMLParser(reader.page(f"/requirement/{rows[0]['id']}")).css(".passage")
    assert 1 < len(context) < 7
    here = [passage for passage in context if "passage-here" in str(passage.attributes["class"])]
    assert len(here) == 1


def test_a_search_does_not_count_what_it_did_not_find(reader: Reader) -> None:
    page = HTMLParser(reader.page("/search?q=fax"))
    assert text_of(page, "#results-title") == "1 requirement for fax"


def test_review_begins_with_the_least_sure(reader: Reader) -> None:
    page = HTMLParser(reader.page("/review"))
    section = page.css_first('section[aria-labelledby="unsure-title"]')
    assert section is not None
    sure = [int(found) for found in re.findall(r"(\d+)% sure", section.text())]
    assert sure
    assert sure == sorted(sure)


def test_choosing_another_body_keeps_the_other_filters(reader: Reader) -> None:
    page = HTMLParser(reader.page("/checklist?year=2023/24&modality=obligation"))
    kept = page.css_first('form.picker input[name="modality"]')
    assert kept is not None
    assert kept.attributes["value"] == "obligation"


def test_a_freedom_has_its_neighbours_but_no_place_in_the_checklist(reader: Reader) -> None:
    rows = reader.get("/small/requirements.json?_shape=array&modality=permission").json()
    page = reader.page(f"/requirement/{rows[0]['id']}")
    assert "Previous in the document" in page
    assert "In the checklist" not in page


def test_pages_and_files_count_changes_alike(reader: Reader, small_database: Path) -> None:
    page = HTMLParser(reader.page("/compare?from=2023/24&to=2024/25"))
    shown = {}
    for link in page.css(".tally-link"):
        relation = str(link.attributes["class"]).split()[1].removeprefix("tally-")
        shown[relation] = int(text_of(link, "strong"))
    told = json.loads(render_diff(small_database, "2023/24", "2024/25", "json"))["counts"]
    assert {relation: number for relation, number in shown.items() if number} == told


def test_a_draft_in_a_thread_says_that_it_was_replaced(
    small_database: Path, tmp_path: Path
) -> None:
    database = tmp_path / "small.db"
    database.write_bytes(small_database.read_bytes())
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "UPDATE documents SET superseded_by = 'guide-2025-26' WHERE id = 'guide-2024-25'"
        )
        target = connection.execute(
            "SELECT id FROM requirements WHERE document_id = 'guide-2025-26' AND ordinal = 0"
        ).fetchone()[0]
    someone = Reader(make_datasette(database))
    steps = HTMLParser(someone.page(f"/requirement/{target}")).css(".step")
    someone.close()
    said = ["a later document replaced it" in step.text() for step in steps]
    assert said == [False, True, False]
