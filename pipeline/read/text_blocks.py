"""Offsets for blocks of formats that have neither pages nor a text of their own (HTML, DOCX)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.records import Block


def with_offsets(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with `start` counted in the text that they make: each block, and each cell, on a
    line of its own.
    """
    position = 0
    placed = []
    for block in blocks:
        placed.append(replace(block, start=position))
        if block.table is not None:
            position += sum(len(cell.text) + 1 for cell in block.table.cells)
        else:
            position += len(block.text) + 1
    return tuple(placed)
