"""A sample document as plain text, the way a blog reads when it is saved from a browser."""

from .source import (
    NOTICE,
    Block,
    Container,
    Heading,
    Item,
    Paragraph,
    SampleDocument,
    SourceError,
    plain_text,
)


def render_text(document: SampleDocument) -> bytes:
    """The text as UTF-8, a paragraph a line, empty lines between; the notice first and last."""
    meta = document.meta
    chunks = [meta.title, meta.subtitle, NOTICE]
    in_list = False
    for block in document.blocks:
        line = _write_block(block)
        if in_list and isinstance(block, Item):
            chunks[-1] += f"\n{line}"
        else:
            chunks.append(line)
        in_list = isinstance(block, Item)
    return ("\n\n".join([*chunks, NOTICE]) + "\n").encode("utf-8")


def _write_block(block: Block) -> str:
    match block:
        case Heading() | Paragraph():
            return plain_text(block.text)
        case Item():
            return f"  • {plain_text(block.text)}"
        case Container() if block.name == "verbatim":
            return "\n".join(block.lines)
    raise SourceError(f"plain text has no place for {block!r:.60}")
