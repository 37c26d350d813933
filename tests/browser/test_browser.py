"""What a policy officer does, in a real browser: find, compare, read, review, take away; by mouse
and by keyboard.
"""

from __future__ import annotations

import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.small import HOSTILE_ID, PDF_ID

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

_PAGES = (
    "/",
    "/search",
    "/search?q=patients&year=2025/26",
    "/search?q=nothing+like+it",
    "/compare",
    "/compare?from=2023/24&to=2024/25&change=target_changed",
    "/targets",
    "/documents",
    f"/document/{PDF_ID}",
    f"/document/{HOSTILE_ID}",
    "/checklist?year=2023/24",
    "/review",
    "/requirement/{target}",
    "/requirement/{hostile}",
    "/nothing-like-it/at-all",
)
_DATASETTE = (
    "/small",
    "/small/requirements",
    "/small/requirements?_facet=topic&_sort_desc=page",
    "/small/documents/" + PDF_ID,
    "/small?sql=select+*+from+measures",
    "/small/targets_of_a_measure?measure=A%26E",
    "/small-reviews/reviews",
)


@pytest.fixture(scope="module")
def ids(database: Path) -> dict[str, str]:
    """Requirements to open: the A&E target of the latest year, and the one with hostile text."""
    with closing(sqlite3.connect(database)) as connection:
        of = connection.execute(
            "SELECT document_id, id FROM requirements WHERE ordinal = 0 AND document_id IN (?, ?)",
            (PDF_ID, HOSTILE_ID),
        ).fetchall()
    found = dict(of)
    return {"target": found[PDF_ID], "hostile": found[HOSTILE_ID]}


def test_from_the_first_page_to_a_recorded_view(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("^Compare two years")).click()
    page.get_by_label("Earlier year").select_option("2023/24")
    page.get_by_label("Later year").select_option("2024/25")
    page.get_by_role("button", name="Compare", exact=True).click()
    filters = page.get_by_role("complementary", name="Filters")
    filters.get_by_role("link", name=re.compile("integrated care board")).click()
    filters.get_by_role("link", name=re.compile("urgent care")).click()
    card = page.locator("article.change")
    assert card.count() == 1
    assert "harder" in card.locator(".chip").inner_text()
    assert card.locator("del").all_inner_texts() == ["should", "76%", "2024"]
    # On to the later year's requirement, and along its thread to the year that has a picture.
    card.get_by_role("link", name=re.compile("^2024.25")).click()
    page.get_by_role("link", name=re.compile("guide-2025-26, page 1")).click()
    assert page.locator("h1 .m-cue").inner_text() == "must"
    picture = page.locator("figure.picture img")
    picture.scroll_into_view_if_needed()
    for _ in range(50):
        if picture.evaluate("image => image.naturalWidth") > 600:
            break
        page.wait_for_timeout(100)
    assert picture.evaluate("image => image.naturalWidth") > 600
    assert page.locator(".thread .step").count() == 3
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("Note").fill("Agreed with the region")
    page.get_by_role("button", name="Accept").click()
    assert page.locator("#review .status").first.inner_text() == "✓ Accepted"[2:]
    assert page.locator(".history").inner_text().startswith("Ann accepted it")
    page.get_by_role("button", name=re.compile("Undo ?: accepted it")).click()
    assert page.locator("#review .status").first.inner_text() == "Not reviewed"
    assert page.get_by_label("Your name").input_value() == "Ann"
    # The address alone brings a colleague here.
    address = page.url.partition("#")[0]
    page.goto("/")
    page.goto(address)
    assert "undone" in page.locator(".history").inner_text()


def test_search_filter_and_take_it_off(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Search requirements and passages").fill("waiting tim*")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator("ol.found > li").count() == 3
    assert "waiting" in page.locator("ol.found mark").all_inner_texts()
    page.get_by_role("complementary", name="Filters").get_by_role(
        "link", name=re.compile("2024.25")
    ).click()
    assert page.locator("ol.found > li").count() == 1
    page.get_by_role("link", name=re.compile("Take off the filter Planning year")).click()
    assert page.locator("ol.found > li").count() == 3


def test_enter_in_a_box_decides_nothing(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/requirement/{ids['target']}")
    before = page.locator(".history li").count()
    page.get_by_label("Your name").fill("Ann")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    page.reload()
    assert page.locator(".history li").count() == before


def test_a_field_is_corrected(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/requirement/{ids['target']}")
    page.get_by_label("Your name").fill("Ann")
    page.get_by_text("Correct a field").click()
    page.get_by_label("Due date").fill("2026-06-30")
    page.get_by_role("button", name="Save due date").click()
    assert page.locator("#review .status").first.inner_text() == "Corrected"
    assert "2026-06-30" in page.locator(".corrections").inner_text()
    page.get_by_role("button", name=re.compile("Undo ?: corrected the due date")).click()


@pytest.mark.parametrize("name", ["Excel", "Word", "Web page"])
def test_a_comparison_is_taken_away(page: Page, name: str, tmp_path: Path) -> None:
    page.goto("/compare?from=2023/24&to=2024/25")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.stat().st_size > 500
    if path.suffix != ".html":
        assert zipfile.ZipFile(path).testzip() is None


def test_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("fax")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=fax")
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.getAttribute('href') || ''")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", focused
        if focused.startswith("/requirement/"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/requirement/*")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "reviewer":
            break
    page.keyboard.type("Ann")
    page.keyboard.press("Tab")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/requirement/*#review")
    assert "By keyboard" in page.locator(".history").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, ids: dict[str, str], scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: list[str] = []
    for address in _PAGES[:-1]:
        page.goto(address.format(**ids))
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true; }")
        violations = Axe().run(page).response["violations"]
        found += [
            f"{address}: {violation['impact']} {violation['id']}: {node['html'][:160]}"
            for violation in violations
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]
    assert found == []


def test_axe_would_find_something(page: Page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.set_content(
        "<html><body><img src='data:,'><p style='color:#ccc;background:#fff'>Pale words on white"
        " paper</p></body></html>"
    )
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert found >= {"image-alt", "color-contrast", "html-has-lang"}


def test_a_narrow_screen_needs_no_sideways_scrolling(page: Page, ids: dict[str, str]) -> None:
    page.set_viewport_size({"width": 375, "height": 720})
    for address in _PAGES[:-1]:
        page.goto(address.format(**ids))
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 375, f"{address} is {width} wide"


@pytest.mark.parametrize("address", [*_PAGES[:-1], *_DATASETTE])
def test_nothing_is_said_on_the_console_and_no_document_text_runs(
    page: Page, ids: dict[str, str], address: str
) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address.format(**ids))
    page.wait_for_load_state("networkidle")
    assert page.title() not in ("run", "1")
    assert all(url.startswith(("http://127.0.0.1:", "data:")) for url in requests)


def test_datasette_s_own_scripts_still_work(page: Page) -> None:
    page.goto("/small/requirements")
    page.locator("th[data-column=cue] .dropdown-menu-icon").click()
    menu = page.locator(".dropdown-menu")
    assert "Facet by this" in menu.inner_text()
    page.goto("/small?sql=select+1")
    assert page.locator(".CodeMirror").count() == 1
    page.get_by_role("button", name="Format SQL").click()
    assert "select\n" in page.evaluate(
        "document.querySelector('.CodeMirror').CodeMirror.getValue()"
    )
