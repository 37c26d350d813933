"""Blocks of marked-up sources to pieces."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.read.text_furniture import fold
from pipeline.records import Block, BlockKind
from pipeline.structure.pieces import Piece
from pipeline.structure.tables import grid_of


def pieces_of(blocks: Iterable[Block]) -> list[Piece]:
    """The pieces of blocks, white space folded, empty ones left out. Entries are no pieces: they
    part documents.
    """
    pieces = []
    for block in blocks:
        if block.table is not None:
            pieces.append(
                Piece(
                    kind=BlockKind.TABLE,
                    text="",
                    grid=grid_of(block.table, page=None, lined=False),
                    boxed=block.boxed,
                    offset=block.start,
                )
            )
            continue
        text = fold(block.text)
        if not text or block.kind is BlockKind.ENTRY:
            continue
        if block.kind is BlockKind.HEADING and block.marker is not None:
            text = f"{block.marker} {text}"
        pieces.append(
            Piece(
                kind=block.kind,
                text=text,
                level=block.level,
                marker=None if block.kind is BlockKind.HEADING else block.marker,
                boxed=block.boxed,
                offset=block.start,
            )
        )
    return pieces
