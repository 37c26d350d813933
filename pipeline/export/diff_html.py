"""What changed as one web page that needs nothing else: for ears, print and the colour-blind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from pipeline.export.about import licence_words
from pipeline.export.diff import SAME, Diff, Entry
from pipeline.export.diff_text import document_words, shown_relations
from pipeline.export.redline import PieceKind
from pipeline.export.rows import Row
from pipeline.export.text import html_text, web_link
from pipeline.wording import MODALITIES, RELATIONS, bearer_words, count_words, source_words

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1f2a37; --soft: #53606d; --paper: #fff;
  --rule: #c9d3dc; --head: #003d6b; --link: #0b5cad;
  --ins: #0b5a28; --ins-back: #dff2e3; --del: #8f1a12; --del-back: #fbe3e1 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9ee; --soft: #a8b4c0; --paper: #14191f;
    --rule: #3a4652; --head: #8fc3ee; --link: #86bdf2;
    --ins: #8fdca4; --ins-back: #12351e; --del: #ffaea6; --del-back: #471a16 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 1rem 1.25rem 4rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, Arial, sans-serif }
h1, h2, h3 { line-height: 1.25; color: var(--head) }
h2 { margin-top: 2.5rem; padding-bottom: .25rem; border-bottom: 2px solid var(--rule) }
a { color: var(--link) }
table { border-collapse: collapse; margin: 1rem 0 }
caption { text-align: left; white-space: nowrap; font-weight: 600; padding-bottom: .25rem }
th, td { padding: .25rem 1.5rem .25rem 0; border-bottom: 1px solid var(--rule); text-align: left }
td.count { text-align: right; font-variant-numeric: tabular-nums }
article { padding: .75rem 0; border-bottom: 1px solid var(--rule); break-inside: avoid }
article p { margin: .25rem 0; overflow-wrap: anywhere }
bdi { unicode-bidi: isolate }
ins { color: var(--ins); background: var(--ins-back); text-decoration: underline }
del { color: var(--del); background: var(--del-back); text-decoration: line-through }
.numbers { font-weight: 600 }
.facts { color: var(--soft); font-size: .875rem }
.aloud { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap }
@media print {
  body { max-width: none; font-size: 10pt }
  nav { display: none }
  a { color: inherit } }
"""
# No script, no picture, nothing from elsewhere: whatever a document's words try.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def render_html(diff: Diff, out: BinaryIO) -> None:
    """Write the changes as a page of HTML in UTF-8."""
    for line in _page(diff):
        out.write(line.encode("utf-8") + b"\n")


def _page(diff: Diff) -> Iterator[str]:
    title = html_text(diff.title)
    yield from (
        "<!doctype html>",
        '<html lang="en-GB">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<header>",
        f"<h1>{title}</h1>",
        *_introduction(diff),
        "</header>",
        *_counts(diff),
        "<main>",
    )
    for relation in shown_relations(diff):
        yield f'<section aria-labelledby="{relation}">'
        yield f'<h2 id="{relation}">{RELATIONS[relation]} ({diff.counts[relation]:,})</h2>'
        for topic, entries in diff.by_topic(relation).items():
            yield f"<h3>{html_text(topic)}</h3>"
            for entry in entries:
                yield from _entry(entry)
        yield "</section>"
    yield from _the_same(diff)
    yield "</main>"
    words = licence_words(diff.about.documents)
    yield from (f'<footer class="facts"><p>{html_text(words)}</p></footer>', "</body>", "</html>")


def _introduction(diff: Diff) -> Iterator[str]:
    for name, documents in (("From", diff.before), ("To", diff.after)):
        shown = []
        for document in documents:
            words, url = html_text(document_words(document)), web_link(document.source_url)
            shown.append(f'<a href="{html_text(url)}">{words}</a>' if url else words)
        yield f"<p>{name}: <bdi>{'</bdi>; <bdi>'.join(shown)}</bdi></p>"
    yield (
        f'<p class="facts">Database built {html_text(diff.about.built_words)}.'
        f" Filters: <bdi>{html_text(diff.about.filter_words)}</bdi>.</p>"
    )
    for words in filter(None, (diff.repeat_words, diff.note)):
        yield f"<p>{html_text(words)}</p>"


def _counts(diff: Diff) -> Iterator[str]:
    if not diff.counts:
        yield "<p>Nothing changed, or nothing answers to the filters.</p>"
        return
    yield '<nav aria-label="Changes"><table>'
    yield "<caption>How many requirements changed, and how</caption>"
    yield '<thead><tr><th scope="col">Change</th><th scope="col">Number</th></tr></thead><tbody>'
    for relation, count in diff.counts.items():
        yield (
            f'<tr><th scope="row"><a href="#{relation}">{RELATIONS[relation]}</a></th>'
            f'<td class="count">{count:,}</td></tr>'
        )
    yield "</tbody></table></nav>"


def _entry(entry: Entry) -> Iterator[str]:
    yield "<article>"
    if entry.pieces:
        yield f'<p dir="auto">{_redline(entry)}</p>'
    else:
        yield from _statements(entry)
    if entry.numbers:
        yield f'<p class="numbers"><bdi>{html_text(entry.numbers)}</bdi></p>'
    for name, rows in (("Before", entry.before), ("After", entry.after)):
        for row in rows:
            yield f'<p class="facts">{name}: {_facts(row)}</p>'
    if entry.again:
        yield f'<p class="facts">Said again <bdi>{html_text(entry.again)}</bdi></p>'
    yield "</article>"


def _statements(entry: Entry) -> Iterator[str]:
    """The wordings whole; where both sides have some, marked as taken out and put in."""
    both = bool(entry.before and entry.after)
    for rows, tag, said in (
        (entry.before, "del", "Taken out: "),
        (entry.after, "ins", "Put in: "),
    ):
        for row in rows:
            words = html_text(row["statement"])
            marked = f'<{tag}><span class="aloud">{said}</span>{words}</{tag}>' if both else words
            yield f'<p dir="auto">{marked}</p>'


def _redline(entry: Entry) -> str:
    parts = []
    marks = {
        PieceKind.DELETED: ("del", "taken out: "),
        PieceKind.INSERTED: ("ins", "put in: "),
    }
    for piece in entry.pieces:
        words = html_text(piece.text)
        if piece.kind in marks:
            tag, said = marks[piece.kind]
            parts.append(f'<{tag}><span class="aloud"> {said}</span>{words}</{tag}>')
        else:
            parts.append(words)
    return "".join(parts)


def _facts(row: Row) -> str:
    link = web_link(row["source_link"])
    source = html_text(source_words(row))
    facts: Sequence[str] = (
        html_text(MODALITIES.get(row["modality"], row["modality"])),
        html_text(bearer_words(row)),
        f'<a href="{html_text(link)}">{source}</a>' if link else source,
        html_text(row["section"]),
    )
    return " · ".join(f"<bdi>{fact}</bdi>" for fact in facts if fact)


def _the_same(diff: Diff) -> Iterator[str]:
    if not diff.same_by_topic:
        return
    yield f'<section aria-labelledby="same"><h2 id="same">The same ({diff.counts[SAME]:,})</h2><ul>'
    for topic, count in diff.same_by_topic.items():
        yield f"<li>{html_text(topic)}: {count_words(count, 'requirement')}</li>"
    yield "</ul></section>"
