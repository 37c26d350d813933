"""Web pages to blocks: the article itself, without what the site puts around it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.errors import DocumentError, Outcome
from pipeline.read.html_guard import MAX_BYTES, check_page, declared_encoding
from pipeline.read.html_notes import find_notes
from pipeline.read.html_walk import Walker
from pipeline.read.text_blocks import with_offsets
from pipeline.read.text_bytes import decode, load_bytes
from pipeline.read.text_furniture import fold, load_furniture
from pipeline.records import Block, BlockKind, Format, Source

_ENOUGH: Final = 200  # characters of text that an article holds at least
_PUBLISHED: Final = (
    "article:published_time",
    "dcterms.issued",
    "dcterms.date",
    "dc.date.issued",
    "dc.date",
    "citation_publication_date",
    "date",
    "pubdate",
)
_WORD: Final = re.compile(r"\w+")


def read_html(path: Path) -> Source:
    """The page as blocks in order: headings, paragraphs, nested list items, tables, footnotes,
    captions.

    The article is `<main>` or `<article>`; where a page has neither, trafilatura tells where it
    begins and ends. Marks of footnotes are left out of the text. `start` of a block counts in the
    page's own text, its blocks and cells one a line. Raises DocumentError for pages that are empty,
    too large, or made to break readers.
    """
    content, checksum = load_bytes(path, limit=MAX_BYTES)
    text = decode(path, content, declared=declared_encoding(content))
    check_page(path, text)
    page = LexborHTMLParser(text)
    blocks = _read_blocks(path, page, text)
    if not blocks:
        raise DocumentError(
            path,
            Outcome.EMPTY,
            "the page holds no text",
            remedy="Save it again from a browser, fully loaded",
        )
    return Source(
        file=path.name,
        sha256=checksum,
        format=Format.HTML,
        blocks=with_offsets(blocks),
        metadata=_read_metadata(page),
    )


def _read_blocks(path: Path, page: LexborHTMLParser, text: str) -> list[Block]:
    roots = _find_articles(page)
    if roots:
        return _walk(path, roots)
    body = page.body
    if body is None:
        return []
    import trafilatura  # slow to load, and few pages need it

    blocks = _walk(path, [body])
    article = trafilatura.extract(
        text, output_format="txt", include_tables=True, include_comments=False, favor_recall=True
    )
    return _between(blocks, article) if article else blocks


def _walk(path: Path, roots: list[LexborNode]) -> list[Block]:
    blocks: list[Block] = []
    furniture = load_furniture()
    whole = sum(len(root.text()) for root in roots)
    posts = sum(len(_posts(root)) for root in roots)
    for root in roots:
        walker = Walker(
            path=path,
            furniture=furniture,
            notes=find_notes(root),
            half=whole // 2,
            entries=posts > 1,
        )
        walker.walk(root)
        blocks.extend(walker.blocks)
    return blocks


def _find_articles(page: LexborHTMLParser) -> list[LexborNode]:
    """The elements that hold the article: the fullest main one, else the outermost articles; empty
    for none.
    """
    mains = [node for node in page.css("main, [role=main]") if len(fold(node.text())) >= _ENOUGH]
    if mains:
        return [max(mains, key=lambda node: len(node.text()))]
    articles = [node for node in page.css("article") if len(fold(node.text())) >= _ENOUGH]
    return [node for node in articles if not _inside_article(node)]


def _inside_article(node: LexborNode) -> bool:
    outer = node.parent
    while outer is not None:
        if outer.tag == "article":
            return True
        outer = outer.parent
    return False


def _posts(root: LexborNode) -> list[LexborNode]:
    """The dated articles under an element, or the element itself where it is one."""
    articles = [root] if root.tag == "article" else root.css("article")
    return [article for article in articles if article.css_first("time") is not None]


def _between(blocks: list[Block], article: str) -> list[Block]:
    """The blocks from the first to the last that stand in the article's text, with headings right
    before them and the table that ends it, whose cells are too short to be known by themselves.
    """
    lines = {_key(line) for line in article.splitlines() if len(line) >= 40}
    inside = [
        place for place, block in enumerate(blocks) if any(_key(t) in lines for t in _texts(block))
    ]
    if not inside:
        return blocks
    first = inside[0]
    while first > 0 and blocks[first - 1].kind is BlockKind.HEADING:
        first -= 1
    last = inside[-1] + 1
    said = " ".join(_WORD.findall(article.lower()))
    while last < len(blocks) and _ends_article(blocks[last], said):
        last += 1
    return blocks[first:last]


def _ends_article(block: Block, said: str) -> bool:
    """Whether a block right after an article's known text is a table, or its caption, of it."""
    if block.kind not in (BlockKind.TABLE, BlockKind.CAPTION):
        return False
    texts = [" ".join(_WORD.findall(text.lower())) for text in _texts(block)]
    return all(text in said for text in texts)


def _texts(block: Block) -> list[str]:
    return [cell.text for cell in block.table.cells] if block.table is not None else [block.text]


def _key(line: str) -> tuple[str, ...]:
    """A line's first words: enough to know it again where white space, marks and links differ."""
    return tuple(_WORD.findall(line.lower())[:6])


def _read_metadata(page: LexborHTMLParser) -> tuple[tuple[str, str], ...]:
    """What the page says of itself: title, author, publisher, published (ISO date), url."""
    named: dict[str, str] = {}
    for node in page.css("meta"):
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or "").lower()
        value = fold(attributes.get("content") or "")
        if name and value:
            named.setdefault(name, value)
    title = page.css_first("title")
    canonical = page.css_first('link[rel="canonical"]')
    found = {
        "title": fold(title.text()) if title is not None else named.get("og:title"),
        "author": named.get("author") or named.get("dc.creator"),
        "publisher": named.get("og:site_name")
        or named.get("dc.publisher")
        or named.get("dcterms.publisher"),
        "published": _find_published(page, named),
        "url": canonical.attributes.get("href") if canonical is not None else named.get("og:url"),
    }
    return tuple((key, value) for key, value in found.items() if value)


def _find_published(page: LexborHTMLParser, named: dict[str, str]) -> str | None:
    stated = [named.get(name) for name in _PUBLISHED]
    for script in page.css('script[type="application/ld+json"]'):
        stated.append(_published_in(script.text()))
    for value in stated:
        found = re.match(r"\d{4}-\d{2}-\d{2}", value or "")
        if found is not None:
            return found[0]
    return None


def _published_in(script: str) -> str | None:
    """The first datePublished of a page's linked data; None where it has none or is not JSON."""
    try:
        content = json.loads(script)
    except (ValueError, RecursionError):
        return None  # broken linked data says nothing of the page
    parts = [content] if isinstance(content, dict) else content if isinstance(content, list) else []
    for part in parts:
        if isinstance(part, dict) and isinstance(part.get("datePublished"), str):
            return str(part["datePublished"])
    return None
