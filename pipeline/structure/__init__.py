"""What was read, as documents with sections and passages in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.read.text_furniture import Furniture, load_furniture
from pipeline.records import (
    Block,
    BlockKind,
    Document,
    Kind,
    PassageKind,
    Source,
    Stated,
    StructuredDocument,
)
from pipeline.structure.agenda import mark_items
from pipeline.structure.assemble import Assembler, level_headings
from pipeline.structure.blocks import pieces_of
from pipeline.structure.contents import drop_contents_blocks
from pipeline.structure.describe import Evidence, describe, infer_kind, parse_years
from pipeline.structure.page_breaks import drop_page_furniture
from pipeline.structure.paged import read_pages
from pipeline.structure.pieces import Piece
from pipeline.structure.posts import (
    Archive,
    Post,
    count_bylines,
    has_prose,
    is_archive,
    is_live,
    mark_live_entries,
    split_posts,
)
from pipeline.structure.site import drop_site_furniture
from pipeline.structure.transcript import is_dialogue, is_transcript, read_speech, read_turn

_LETTERS: Final = re.compile(r"[^\W\d_]{3}")


def structure(
    source: Source, stated: Stated, *, furniture: Furniture | None = None
) -> tuple[StructuredDocument, ...]:
    """The documents that a source holds: one, or one a post where it is a blog's archive.

    What `stated` says stands; what it leaves open is taken from the document and named in its
    `inferred`. `furniture` are the rules for what stands around the text of web pages; those of
    models/furniture.yml unless others are given.
    """
    if source.pages:
        return (_structure_pages(source, stated),)
    if is_transcript(source.blocks):
        return (_structure_transcript(source, stated),)
    return _structure_blocks(
        source, stated, furniture if furniture is not None else load_furniture()
    )


def _structure_pages(source: Source, stated: Stated) -> StructuredDocument:
    paged = read_pages(source.pages, source.bookmarks)
    pieces = list(paged.pieces)
    unread = [page.number for page in source.pages if page.covering_image and not page.lines]
    return _assemble(
        source,
        stated,
        pieces,
        Assembler(document_id=stated.id, vocabulary=paged.vocabulary),
        kind=stated.kind or infer_kind(source, pieces, Evidence()),
        warnings=(_unread_warning(unread),) if unread else (),
    )


def _unread_warning(pages: Sequence[int]) -> str:
    numbers = ", ".join(str(page) for page in pages[:10]) + (" and more" if len(pages) > 10 else "")
    return (
        f"pages that are pictures of text were not read: {numbers}; build with --ocr to read them"
    )


def _assemble(
    source: Source,
    stated: Stated,
    pieces: Sequence[Piece],
    assembler: Assembler,
    *,
    kind: Kind,
    warnings: tuple[str, ...] = (),
) -> StructuredDocument:
    if kind is Kind.BOARD_PAPER:
        pieces = mark_items(pieces)
    levelled, title = level_headings(pieces, stated.title)
    assembler.add_pieces(levelled)
    document = describe(source, stated, pieces, heading_title=title, kind=kind, warnings=warnings)
    return assembler.finish(document)


def _structure_transcript(source: Source, stated: Stated) -> StructuredDocument:
    """Speech in passages under a section every ten minutes; a passage's marker is its time."""
    assembler = Assembler(document_id=stated.id)
    section: str | None = None
    for speech in read_speech(source.blocks):
        if speech.section != section:
            section = speech.section
            assembler.open_section(section, 1, None)
        assembler.add_passage(
            PassageKind.SPEECH,
            speech.text,
            marker=speech.time,
            speaker=speech.speaker,
            offset=speech.offset,
        )
    kind = stated.kind or Kind.BOARD_PAPER
    return assembler.finish(describe(source, stated, (), heading_title=None, kind=kind))


def _structure_dialogue(
    source: Source, stated: Stated, blocks: Sequence[Block]
) -> StructuredDocument:
    """A transcript whose paragraphs begin with their speakers: a passage a paragraph."""
    assembler = Assembler(document_id=stated.id)
    levelled, title = level_headings(pieces_of(blocks), stated.title)
    speaker: str | None = None
    for piece in levelled:
        turn = read_turn(piece.text)
        speaker = turn.speaker if turn is not None else speaker
        if speaker is None or (piece.kind is BlockKind.HEADING and turn is None):
            assembler.add_pieces([piece])
            continue
        cut = turn.cut if turn is not None else 0
        offset = piece.offset + cut if piece.offset is not None else None
        assembler.add_passage(PassageKind.SPEECH, piece.text[cut:], speaker=speaker, offset=offset)
    kind = stated.kind or infer_kind(source, pieces_of(blocks), Evidence())
    return assembler.finish(describe(source, stated, levelled, heading_title=title, kind=kind))


def _structure_blocks(
    source: Source, stated: Stated, furniture: Furniture
) -> tuple[StructuredDocument, ...]:
    blocks = drop_contents_blocks(drop_page_furniture(source.blocks))
    if is_dialogue(blocks):
        return (_structure_dialogue(source, stated, blocks),)
    kind = stated.kind or _infer_kind(source, blocks, furniture)
    if kind is Kind.COMMENTARY:
        archive = split_posts(blocks, latest=stated.published)
        if archive is not None:
            return _structure_archive(source, stated, archive, furniture)
        blocks = mark_live_entries(blocks)
    pieces = pieces_of(drop_site_furniture(blocks, furniture, kind))
    return (_assemble(source, stated, pieces, Assembler(document_id=stated.id), kind=kind),)


def _infer_kind(source: Source, blocks: Sequence[Block], furniture: Furniture) -> Kind:
    evidence = Evidence(
        archive=is_archive(blocks),
        live=is_live(blocks),
        bylines=count_bylines(blocks),
        furniture=sum(
            _LETTERS.search(block.text) is not None and furniture.is_furniture(block.text)
            for block in blocks
        ),
    )
    return infer_kind(source, pieces_of(blocks), evidence)


def _structure_archive(
    source: Source, stated: Stated, archive: Archive, furniture: Furniture
) -> tuple[StructuredDocument, ...]:
    """One document a post, with its date in its id; posts of one day are numbered in the page's
    order.

    Text before the first post is a document of its own, under the archive's id.
    """
    head = drop_site_furniture(archive.head, furniture, Kind.COMMENTARY)
    whole = _assemble(
        source, stated, pieces_of(head), Assembler(document_id=stated.id), kind=Kind.COMMENTARY
    )
    documents = [whole] if has_prose(head) else []
    used: Counter[str] = Counter()
    for number, post in enumerate(archive.posts, start=1):
        day = post.published.isoformat() if post.published is not None else f"post-{number}"
        used[day] += 1
        key = f"{stated.id}-{day}" + (f"-{used[day]}" if used[day] > 1 else "")
        pieces = pieces_of(drop_site_furniture(post.blocks, furniture, Kind.COMMENTARY))
        assembler = Assembler(document_id=key)
        assembler.add_pieces(level_headings(pieces, post.title)[0])
        documents.append(assembler.finish(_describe_post(whole.document, post, key)))
    return tuple(documents)


def _describe_post(archive: Document, post: Post, key: str) -> Document:
    """The archive's record as that of one of its posts, with its own title, date and planning
    years.
    """
    shown = (
        f"{post.published.day} {post.published:%B %Y}"
        if post.published is not None
        else post.written
    )
    years = parse_years(post.title) if post.title is not None else None
    given = {
        "title": True,
        "published": post.published is not None,
        "planning_years": years is not None,
    }
    inferred = [name for name in archive.inferred if name not in given]
    warnings = archive.warnings
    if post.year_inferred:
        warnings += (
            f"the page shows only “{post.written}”; the year is inferred from what posts mention",
        )
    elif post.published is None:
        warnings += (
            f"the page shows only “{post.written}”, and nothing in the posts tells the year",
        )
    return replace(
        archive,
        id=key,
        title=post.title or f"{archive.title}: {shown}",
        planning_years=years,
        published=post.published,
        inferred=(*inferred, *(name for name, known in given.items() if known)),
        warnings=warnings,
    )
