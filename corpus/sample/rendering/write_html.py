"""A sample document as web page, with a site's furniture around it from a template."""

from html import escape
from pathlib import Path
from string import Template

from .source import (
    NOTICE,
    Block,
    Container,
    Heading,
    Item,
    Mark,
    Paragraph,
    SampleDocument,
    SourceError,
    Table,
    plain_text,
    split_runs,
)

LIST_TAGS = {"-": "<ul>", "(": '<ol type="a">', "i": '<ol type="i">', "1": "<ol>"}


def render_html(document: SampleDocument, templates: Path) -> bytes:
    """The page as UTF-8; raises SourceError where the document names no template."""
    meta = document.meta
    if meta.page is None:
        raise SourceError(f"{document.name}: a web page needs `page`, the template around it")
    template = Template((templates / meta.page).read_text(encoding="utf-8"))
    headings = [
        block for block in document.blocks if isinstance(block, Heading) and block.level == 1
    ]
    contents = "\n".join(
        f'    <li><a href="#{heading.slug}">{escape(heading.text)}</a></li>' for heading in headings
    )
    page = template.substitute(
        title=escape(meta.title),
        subtitle=escape(meta.subtitle),
        audience=escape(meta.audience),
        date=escape(meta.date),
        reference=escape(meta.reference),
        notice=escape(NOTICE),
        contents=contents,
        body="\n".join([*_write_blocks(document.blocks), *_write_notes(document)]),
    )
    return page.encode("utf-8")


def _write_blocks(blocks: tuple[Block, ...]) -> list[str]:
    lines: list[str] = []
    items: list[Item] = []
    for block in blocks:
        if isinstance(block, Item):
            items.append(block)
            continue
        lines += _write_list(items)
        items = []
        lines += _write_block(block)
    return [*lines, *_write_list(items)]


def _write_block(block: Block) -> list[str]:
    match block:
        case Heading():
            level = block.level + 1  # the title is the page's only h1
            return [f'<h{level} id="{block.slug}">{escape(block.text)}</h{level}>']
        case Paragraph():
            number = f"{block.number} " if block.number else ""
            return [f"<p>{number}{_write_runs(block.text)}</p>"]
        case Table():
            return _write_table(block)
        case Container() if block.name == "signature":
            return [
                line.replace("<p>", '<p class="signature">') for line in _write_blocks(block.blocks)
            ]
        case Container() if block.name == "box":
            inner = _write_blocks(block.blocks)
            return ['<div class="box">', f"<h3>{escape(block.title)}</h3>", *inner, "</div>"]
        case Mark() if block.name == "anchor":
            return [f'<a id="{block.argument}"></a>']
    raise SourceError(f"a web page has no place for {block!r:.60}")


def _write_list(items: list[Item]) -> list[str]:
    """The items as lists, the second level inside the item before it."""
    lines: list[str] = []
    closing: list[str] = []  # end tags still to come, innermost last
    for item in items:
        while len(closing) > 2 * item.depth + 1:
            lines.append(closing.pop())
        if len(closing) == 2 * item.depth:
            tag = LIST_TAGS[item.marker[0]]
            lines.append(tag)
            closing.append(f"</{tag[1:3]}>")
        lines.append(f"<li>{_write_runs(item.text)}")
        closing.append("</li>")
    return [*lines, *reversed(closing)]


def _write_table(table: Table) -> list[str]:
    header = "".join(f'<th scope="col">{_write_runs(cell)}</th>' for cell in table.header)
    lines = ["<table>", f"<thead><tr>{header}</tr></thead>", "<tbody>"]
    for number, row in enumerate(table.rows):
        cells = []
        for column, text in enumerate(row):
            if text is None:
                continue
            height = 1
            while number + height < len(table.rows) and table.rows[number + height][column] is None:
                height += 1
            span = f' rowspan="{height}"' if height > 1 else ""
            tag = 'th scope="rowgroup"' if column == 0 else "td"
            cells.append(f"<{tag}{span}>{_write_runs(text)}</{tag[:2]}>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return [*lines, "</tbody>", "</table>"]


def _write_notes(document: SampleDocument) -> list[str]:
    return [
        f'<p class="footnote" id="fn{mark}"><sup>{mark}</sup> {escape(plain_text(text))}</p>'
        for mark, text in document.notes.items()
    ]


def _write_runs(text: str) -> str:
    parts = []
    for run in split_runs(text):
        words = escape(run.text, quote=False)
        if run.note:
            words = f'<sup><a href="#fn{run.note}">{words}</a></sup>'
        elif run.href:
            words = f'<a href="{escape(run.href)}">{words}</a>'
        elif run.bold:
            words = f"<strong>{words}</strong>"
        parts.append(words)
    return "".join(parts)
