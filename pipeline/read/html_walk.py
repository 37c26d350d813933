"""From the elements of a page to blocks, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from selectolax.lexbor import LexborNode

from pipeline.read.html_guard import too_deep
from pipeline.read.html_notes import Notes, mark_of
from pipeline.read.html_shape import is_box, is_contents, is_links, number_text, parts_of
from pipeline.read.html_table import is_layout, read_table
from pipeline.read.text_furniture import Furniture, fold
from pipeline.records import Block, BlockKind

MAX_DEPTH: Final = 120  # elements, each of which takes up to five of Python's own frames

_DROPPED_TEXT: Final = (
    "nav footer script style noscript template svg canvas iframe object embed audio video map "
    "button select textarea input label dialog head del rp rt datalist menu search"
)
_DROPPED: Final = frozenset(_DROPPED_TEXT.split())
_DROPPED_ROLES: Final = frozenset(
    ["navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog"]
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_INLINE_TEXT: Final = (
    "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark math nobr q s "
    "samp small span strike strong sub sup time tt u var wbr img"
)
_INLINE: Final = frozenset(_INLINE_TEXT.split())
_SPACES: Final = re.compile(r"[^\S\n]+")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MAX_FORM_TEXT: Final = 600  # a form with more text than this holds the page itself


@dataclass(slots=True, kw_only=True)
class _Item:
    """The list item whose text is being gathered; its marker goes to its first block."""

    level: int
    marker: str | None


@dataclass(slots=True, kw_only=True)
class Walker:
    """Gathers the blocks of one page; `walk` may be called for several elements in turn."""

    path: Path
    furniture: Furniture
    notes: Notes
    half: int  # an element with more text than this is never taken for furniture
    entries: bool = False  # whether articles start posts of their own
    blocks: list[Block] = field(default_factory=list)
    _buffer: list[str] = field(default_factory=list)
    _item: _Item | None = None
    _level: int = 0
    _boxed: bool = False
    _depth: int = 0

    def walk(self, node: LexborNode) -> None:
        """Adds the blocks of an element's content."""
        self._children(node)
        self._flush()

    def _children(self, node: LexborNode) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise too_deep(self.path)
        for child in node.iter(include_text=True):
            self._visit(child)
        self._depth -= 1

    def _visit(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._buffer.append((node.text_content or "").replace("\n", " "))
        elif tag == "br":
            self._buffer.append("\n")
        elif node.mem_id in self.notes.notes:
            self._footnote(node)
        elif node.mem_id in self.notes.marks or self._is_dropped(node, tag):
            self._keep_notes(node)
        elif tag in _INLINE:
            self._inline(node, tag)
        elif tag in _HEADINGS:
            self._heading(node, _HEADINGS[tag])
        else:
            self._block(node, tag)

    def _block(self, node: LexborNode, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._list(node, ordered=tag == "ol")
        elif tag == "table":
            self._table(node)
        elif tag in ("figcaption", "caption", "legend"):
            self._whole(node, BlockKind.CAPTION)
        elif tag == "summary":
            self._heading(node, 6)
        elif tag in ("dd", "li"):
            self._in_item(node, _Item(level=self._level + 1, marker="•" if tag == "li" else None))
        elif tag == "article" and self.entries:
            self._entry(node)
        else:
            self._division(node, tag)

    def _division(self, node: LexborNode, tag: str) -> None:
        """A paragraph, division or the like; inside a list item it only parts words."""
        boxed = self._boxed
        self._boxed = boxed or tag == "aside" or is_box(node)
        if self._item is None or self._boxed != boxed:
            self._flush()
            self._children(node)
            self._flush()
        else:
            self._buffer.append(" ")
            self._children(node)
            self._buffer.append(" ")
        self._boxed = boxed

    def _inline(self, node: LexborNode, tag: str) -> None:
        if tag == "img":
            return
        if tag == "sup":
            mark = mark_of(node.text())
            if mark is not None and mark in self.notes.numbers and self._ends_in_word():
                return
        self._children(node)

    def _ends_in_word(self) -> bool:
        """Whether the text so far ends as text does before a footnote's mark: not a unit's
        exponent.
        """
        text = "".join(self._buffer[-3:]).rstrip()
        return re.search(r"(?:[^\W\d_]{3}|[.,;:!?)’”'\"])$", text) is not None

    def _heading(self, node: LexborNode, level: int) -> None:
        self._flush()
        item, self._item = self._item, None
        self._children(node)
        self._flush(BlockKind.HEADING, level=level)
        self._item = item

    def _whole(self, node: LexborNode, kind: BlockKind) -> None:
        self._flush()
        self._children(node)
        self._flush(kind)

    def _footnote(self, node: LexborNode) -> None:
        mark = self.notes.notes[node.mem_id]
        self._flush()
        item, self._item = self._item, None
        self._children(node)
        text = self._text().replace("\n", " ")
        if mark is not None:
            text = re.sub(rf"^[\[(]?{re.escape(mark)}[\])]?[.:]?\s*", "", text, count=1)
        if text:
            self._emit(Block(kind=BlockKind.FOOTNOTE, text=text, marker=mark))
        self._item = item

    def _keep_notes(self, node: LexborNode) -> None:
        """Footnotes may stand inside what is left out, a page's footer for one."""
        if self.notes.notes and node.tag in ("footer", "aside", "div", "section"):
            for inner in node.traverse():
                if inner.mem_id in self.notes.notes:
                    self._footnote(inner)

    def _entry(self, node: LexborNode) -> None:
        self._flush()
        stamp = node.css_first("time")
        if stamp is not None:
            text = (stamp.attributes.get("datetime") or "")[:10] or fold(stamp.text())
            self._emit(Block(kind=BlockKind.ENTRY, text=text))
        self._children(node)
        self._flush()

    def _list(self, node: LexborNode, *, ordered: bool) -> None:
        if is_contents(node):
            return
        self._flush()
        start = node.attributes.get("start") or ""
        number = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
        style = node.attributes.get("type") or "1"
        for child in node.iter():
            if child.tag != "li":
                self._visit(child)
                continue
            value = child.attributes.get("value") or ""
            number = int(value) if re.fullmatch(r"\d{1,6}", value) else number
            if child.mem_id in self.notes.notes:
                self._visit(child)
            elif any(child.css_first(tag) is not None for tag in _HEADINGS):
                self._children(child)  # a card, not an item
                self._flush()
            elif not self._is_dropped(child, "li"):
                marker = number_text(number, style) if ordered else "•"
                self._in_item(child, _Item(level=self._level + 1, marker=marker))
            number += 1

    def _in_item(self, node: LexborNode, item: _Item) -> None:
        self._flush()
        outer, self._item = self._item, item
        level, self._level = self._level, item.level
        self._children(node)
        self._flush()
        self._item, self._level = outer, level

    def _table(self, node: LexborNode) -> None:
        self._flush()
        if is_layout(node):
            boxed = self._boxed
            self._boxed = boxed or node.attributes.get("role") not in ("presentation", "none")
            self._layout(node)
            self._boxed = boxed
            return
        for part in node.iter():
            if part.tag == "caption":
                self._whole(part, BlockKind.CAPTION)
        table = read_table(node, self._cell)
        if any(cell.text for cell in table.cells):
            self._emit(Block(kind=BlockKind.TABLE, text="", table=table, boxed=self._boxed))

    def _layout(self, node: LexborNode) -> None:
        """The cells of a table that only places things, one after the other."""
        for child in node.iter():
            if child.tag in ("tbody", "thead", "tfoot", "tr"):
                self._layout(child)
            else:
                self._flush()
                self._visit(child)
                self._flush()

    def _cell(self, node: LexborNode) -> str:
        """A cell's paragraphs and list items, one a line, items with their markers."""
        inner = Walker(
            path=self.path,
            furniture=self.furniture,
            notes=self.notes,
            half=self.half,
            _depth=self._depth + 2,
        )
        inner.walk(node)
        lines: list[str] = []
        for block in inner.blocks:
            if block.table is not None:
                lines.extend(cell.text for cell in block.table.cells if cell.text)
            elif block.kind is BlockKind.FOOTNOTE:
                self._emit(block)
            else:
                lines.append(f"{block.marker} {block.text}" if block.marker else block.text)
        return "\n".join(lines)

    def _is_dropped(self, node: LexborNode, tag: str) -> bool:
        if tag in _DROPPED or (tag == "aside" and is_links(node)):
            return True
        attributes = node.attributes
        if not attributes:
            return False
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return True
        if attributes.get("role") in _DROPPED_ROLES or _HIDDEN_STYLE.search(
            attributes.get("style") or ""
        ):
            return len(node.text()) <= self.half
        if tag == "form":
            return len(node.text()) <= min(_MAX_FORM_TEXT, self.half)
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
        named = any(self.furniture.names_furniture(name) for name in names)
        return named and len(node.text()) <= self.half

    def _text(self) -> str:
        """The gathered text, white space folded but for line breaks; the buffer is empty
        afterwards.
        """
        text = _INVISIBLE.sub("", "".join(self._buffer))
        self._buffer.clear()
        return re.sub(r" ?\n ?", "\n", _SPACES.sub(" ", text)).strip()

    def _flush(self, kind: BlockKind = BlockKind.PARAGRAPH, *, level: int = 0) -> None:
        """Emits what has been gathered; a text with two line breaks, or markers after one, is
        several.
        """
        text = self._text()
        if not text:
            return
        for part in parts_of(text) if kind is BlockKind.PARAGRAPH else [text]:
            line = part.replace("\n", " ")
            if self._item is not None and kind is BlockKind.PARAGRAPH:
                block = Block(
                    kind=BlockKind.LIST_ITEM,
                    text=line,
                    level=self._item.level,
                    marker=self._item.marker,
                )
                self._item.marker = None
            else:
                block = Block(kind=kind, text=line, level=level)
            self._emit(block)

    def _emit(self, block: Block) -> None:
        if self._boxed and not block.boxed:
            block = Block(
                kind=block.kind,
                text=block.text,
                level=block.level,
                marker=block.marker,
                table=block.table,
                boxed=True,
            )
        self.blocks.append(block)
