"""Web pages to blocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import DocumentError, Outcome
from pipeline.read.html import read_html
from pipeline.records import Block, BlockKind

LONG = (
    "Boards must agree their plans for the year by the end of March, and publish them in April. "
    * 3
)


def _read(tmp_path: Path, html: str, *, encoding: str = "utf-8") -> list[Block]:
    path = tmp_path / "page.html"
    path.write_bytes(html.encode(encoding))
    return list(read_html(path).blocks)


def _main(tmp_path: Path, inner: str) -> list[Block]:
    blocks = _read(tmp_path, f"<html><body><main>{inner}<p>{LONG}</p></main></body></html>")
    return blocks[:-1]


def _shape(blocks: list[Block]) -> list[tuple[str, int, str | None, str]]:
    return [(block.kind.value, block.level, block.marker, block.text) for block in blocks]


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        pytest.param(
            "<h2>Beds</h2><p>Open <b>ten</b> more.</p>",
            [("heading", 2, None, "Beds"), ("paragraph", 0, None, "Open ten more.")],
            id="heading-and-paragraph",
        ),
        pytest.param(
            "<ul><li>one<ul><li>in one</li></ul>rest</li><li><p>two</p><p>more</p></li></ul>",
            [
                ("list_item", 1, "•", "one"),
                ("list_item", 2, "•", "in one"),
                ("list_item", 1, None, "rest"),
                ("list_item", 1, "•", "two more"),
            ],
            id="nested-lists",
        ),
        pytest.param(
            '<ol start="3" type="a"><li>c</li><li value="7">g</li></ol><ol type="I"><li>x</li>'
            "</ol>",
            [("list_item", 1, "c.", "c"), ("list_item", 1, "g.", "g"), ("list_item", 1, "I.", "x")],
            id="ordered-lists",
        ),
        pytest.param(
            "<p>Plan:<br>• beds<br>• staff</p>",
            [
                ("paragraph", 0, None, "Plan:"),
                ("paragraph", 0, None, "• beds"),
                ("paragraph", 0, None, "• staff"),
            ],
            id="items-by-line-breaks",
        ),
        pytest.param("<p>One<br>line</p>", [("paragraph", 0, None, "One line")], id="line-break"),
        pytest.param(
            "<p>One<br><br>Two</p>",
            [("paragraph", 0, None, "One"), ("paragraph", 0, None, "Two")],
            id="two-line-breaks",
        ),
        pytest.param(
            "<dl><dt>Trust</dt><dd>A body.</dd></dl>",
            [("paragraph", 0, None, "Trust"), ("list_item", 1, None, "A body.")],
            id="definitions",
        ),
        pytest.param(
            "<details><summary>More</summary><p>Hidden at first.</p></details>",
            [("heading", 6, None, "More"), ("paragraph", 0, None, "Hidden at first.")],
            id="details",
        ),
        pytest.param(
            "<figure><img alt='x'><figcaption>Chart 1: beds</figcaption></figure>",
            [("caption", 0, None, "Chart 1: beds")],
            id="caption",
        ),
        pytest.param(
            "<p>co\u00adoper\u200bate&nbsp;now</p>",
            [("paragraph", 0, None, "cooperate now")],
            id="invisible-signs",
        ),
        pytest.param(
            "<p>Kept <del>gone</del><ins>put in</ins></p>",
            [("paragraph", 0, None, "Kept put in")],
            id="deletion",
        ),
    ],
)
def test_blocks(tmp_path: Path, inner: str, wanted: list[tuple[str, int, str | None, str]]) -> None:
    assert _shape(_main(tmp_path, inner)) == wanted


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param("<nav><ul><li>Menu</li></ul></nav>", id="nav"),
        pytest.param('<div class="cookie-banner"><p>We set cookies</p></div>', id="cookies"),
        pytest.param('<div class="share-buttons"><a>Tweet</a></div>', id="sharing"),
        pytest.param('<div id="comments"><h2>Comments</h2><p>First!</p></div>', id="comments"),
        pytest.param('<span aria-hidden="true">▲</span>', id="aria-hidden"),
        pytest.param("<p hidden>Not yet</p>", id="hidden"),
        pytest.param('<p style="display: none">Not yet</p>', id="not-displayed"),
        pytest.param("<script>var x = 1;</script><style>p{}</style>", id="script-and-style"),
        pytest.param("<form><label>Your email</label><input></form>", id="form"),
        pytest.param(
            '<ul><li><a href="#a">A</a></li><li><a href="#b">B</a></li><li><a href="#c">C</a>'
            "</li></ul>",
            id="contents",
        ),
        pytest.param(
            '<aside><h2>See also</h2><ul><li><a href="/x">Another page</a></li></ul></aside>',
            id="links",
        ),
        pytest.param("<footer><p>Crown copyright</p></footer>", id="footer"),
    ],
)
def test_furniture_inside_the_article_goes(tmp_path: Path, inner: str) -> None:
    assert _main(tmp_path, inner) == []


def test_text_in_an_element_named_like_furniture_stays_if_it_is_most_of_the_page(
    tmp_path: Path,
) -> None:
    blocks = _read(tmp_path, f'<main><div class="modal">{f"<p>{LONG}</p>" * 4}</div></main>')
    assert len(blocks) == 4


def test_what_stands_outside_the_article_goes(tmp_path: Path) -> None:
    html = (
        f"<body><header><p>Site</p></header><article><h1>Plan</h1><p>{LONG}</p></article>"
        "<footer>End</footer></body>"
    )
    assert [block.text for block in _read(tmp_path, html)] == ["Plan", LONG.strip()]


def test_a_page_without_an_article_is_cut_where_its_text_begins_and_ends(tmp_path: Path) -> None:
    links = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(9))
    text = "".join(f"<p>{n}. {LONG}</p>" for n in range(6))
    table = "<table><tr><th>What</th><th>When</th></tr><tr><td>Beds</td><td>May</td></tr></table>"
    html = (
        f"<body><div><ul>{links}</ul></div><div><h1>Plan</h1>"
        f"{text[: len(text) // 2]}{table}{text[len(text) // 2 :]}</div></body>"
    )
    blocks = _read(tmp_path, html)
    assert blocks[0].text == "Plan"
    assert not [block for block in blocks if block.text.startswith("Section")]
    assert [block for block in blocks if block.table is not None]


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        pytest.param("Long | 4%", True, id="table-of-the-article"),
        pytest.param("Contact | Privacy", False, id="near-miss-links-of-the-site"),
    ],
)
def test_a_table_that_ends_a_page_without_an_article(
    tmp_path: Path, after: str, kept: bool
) -> None:
    text = "".join(f"<p>{n}. {LONG}</p>" for n in range(6))
    cells = "".join(
        f"<td>{cell}</td>" if kept else f'<td><a href="/x">{cell}</a></td>'
        for cell in after.split(" | ")
    )
    table = f"<table><tr>{cells}</tr></table>"
    if not kept:
        table = f"<footer>{table}</footer>"
    blocks = _read(tmp_path, f"<body><div><h1>Plan</h1>{text}{table}</div></body>")
    assert (blocks[-1].kind is BlockKind.TABLE) is kept


def test_boxes(tmp_path: Path) -> None:
    blocks = _main(
        tmp_path,
        '<p>Out</p><div class="govuk-inset-text"><p>In</p></div><aside><p>Beside</p></aside>',
    )
    assert [(block.text, block.boxed) for block in blocks] == [
        ("Out", False),
        ("In", True),
        ("Beside", True),
    ]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(
            '<p>Ten<sup><a href="#fn1" id="r1">1</a></sup> beds of 9 m<sup>2</sup>.</p>'
            '<p id="fn1" class="footnote"><sup>1</sup> Or more. <a href="#r1">↩</a></p>',
            id="paragraph",
        ),
        pytest.param(
            '<p>Ten<a href="#fn1" id="r1" class="footnote-ref"><sup>1</sup></a> beds of 9 m<sup>'
            "2</sup>.</p>"
            '<section class="footnotes"><ol><li id="fn1">Or more. <a href="#r1">↩</a></li></ol>'
            "</section>",
            id="list",
        ),
        pytest.param(
            '<p>Ten<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a> beds of 9 m<sup>2</sup>.</p>'
            '<div id="ftn1"><p><a href="#_ftnref1" name="_ftn1"><sup>[1]</sup></a> Or more.</p>'
            "</div>",
            id="word",
        ),
        pytest.param(
            '<p>Ten<sup>1</sup> beds of 9 m<sup>2</sup>.</p><p class="footnote"><sup>1</sup> '
            "Or more.</p>",
            id="without-links",
        ),
    ],
)
def test_footnotes(tmp_path: Path, html: str) -> None:
    text, note = _main(tmp_path, html)
    assert text.text == "Ten beds of 9 m2."
    assert (note.kind, note.marker, note.text) == (BlockKind.FOOTNOTE, "1", "Or more.")


def test_tables_keep_spans_headers_and_bullets(tmp_path: Path) -> None:
    html = (
        "<table><caption>Table 1</caption><thead><tr><th>Aim<th>Measure</thead>"
        "<tr><td rowspan=2>Waits<td>60%<tr><td><ul><li>a</li><li>b</li></ul>"
        "<tr><td colspan=2>All</table>"
    )
    caption, block = _main(tmp_path, html)
    assert (caption.kind, caption.text) == (BlockKind.CAPTION, "Table 1")
    assert block.table is not None
    assert [(c.text, c.row, c.column, c.rows, c.columns, c.header) for c in block.table.cells] == [
        ("Aim", 0, 0, 1, 1, True),
        ("Measure", 0, 1, 1, 1, True),
        ("Waits", 1, 0, 2, 1, False),
        ("60%", 1, 1, 1, 1, False),
        ("• a\n• b", 2, 1, 1, 1, False),
        ("All", 3, 0, 1, 2, False),
    ]


def test_tables_that_only_place_text_are_text(tmp_path: Path) -> None:
    framed, placed = _main(
        tmp_path,
        "<table><tr><td><p>Framed</p></td></tr></table>"
        '<table role="presentation"><tr><td>Placed</td></tr></table>',
    )
    assert (framed.text, framed.boxed) == ("Framed", True)
    assert (placed.text, placed.boxed) == ("Placed", False)


def test_posts_on_a_front_page_are_entries(tmp_path: Path) -> None:
    post = (
        '<article><h2>Post {n}</h2><time datetime="2020-05-0{n}">{n} May</time><p>{text}</p>'
        "</article>"
    )
    html = "<main>" + "".join(post.format(n=n, text=LONG) for n in (2, 1)) + "</main>"
    entries = [block.text for block in _read(tmp_path, html) if block.kind is BlockKind.ENTRY]
    assert entries == ["2020-05-02", "2020-05-01"]


def test_metadata(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        '<title>A  plan | Site</title><meta name="DCTERMS.issued" content="2020-05-01">'
        '<meta property="og:site_name" content="Site"><link rel="canonical" '
        'href="https://example.org/p">'
        f"<main><p>{LONG}</p></main>",
        encoding="utf-8",
    )
    assert dict(read_html(path).metadata) == {
        "title": "A plan | Site",
        "publisher": "Site",
        "published": "2020-05-01",
        "url": "https://example.org/p",
    }


@pytest.mark.parametrize(
    ("html", "encoding"),
    [
        pytest.param(f"<main><p>£5 – “done” {LONG}</p></main>", "utf-8", id="utf-8"),
        pytest.param(f"\ufeff<main><p>£5 – “done” {LONG}</p></main>", "utf-16", id="utf-16"),
        pytest.param(
            f'<meta charset="windows-1252"><main><p>£5 – “done” {LONG}</p></main>',
            "windows-1252",
            id="declared",
        ),
        pytest.param(f"<main><p>£5 – “done” {LONG}</p></main>", "windows-1252", id="guessed"),
    ],
)
def test_encodings(tmp_path: Path, html: str, encoding: str) -> None:
    assert _read(tmp_path, html, encoding=encoding)[0].text.startswith("£5 – “done”")


def test_offsets_count_in_the_text_of_the_blocks(tmp_path: Path) -> None:
    blocks = _main(tmp_path, "<h2>Beds</h2><table><tr><td>a<td>bc</table><p>Text</p>")
    assert [block.start for block in blocks] == [0, 5, 10]


@pytest.mark.parametrize(
    ("html", "outcome"),
    [
        pytest.param("   ", Outcome.EMPTY, id="blank"),
        pytest.param("<main><script>x</script></main>", Outcome.EMPTY, id="no-text"),
        pytest.param(
            '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><body>&b;</body></html>',
            Outcome.CORRUPT,
            id="entities",
        ),
        pytest.param("<div>" * 200_000 + "x", Outcome.TOO_LARGE, id="very-deep"),
        pytest.param("<main>" + "<div>" * 600 + LONG, Outcome.TOO_LARGE, id="deep"),
        pytest.param("<main>" + "<ul><li>" * 400 + LONG, Outcome.TOO_LARGE, id="deep-lists"),
        pytest.param("<main>" + "<b>" * 900 + LONG, Outcome.TOO_LARGE, id="deep-bold"),
    ],
)
def test_pages_that_break_readers(tmp_path: Path, html: str, outcome: Outcome) -> None:
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_html(path)
    assert caught.value.outcome is outcome


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<p>" + LONG + "<p>" * 20_000, id="unclosed-paragraphs"),
        pytest.param(
            "<main><p>" + LONG + "<table>" + "<tr><td>x" * 5_000 + "</table></main>",
            id="long-table",
        ),
        pytest.param(
            "<main><p>"
            + LONG
            + '<table><tr><td rowspan="99999999" colspan="99999">x</table></main>',
            id="huge-spans",
        ),
        pytest.param("<main><p>" + LONG + "<!-- <div> " * 5_000, id="unclosed-comment"),
    ],
)
def test_odd_pages_are_read(tmp_path: Path, html: str) -> None:
    assert _read(tmp_path, html)[0].text.startswith("Boards must agree")
