"""Which rows at the top of a table head its columns, and which headings stand over each column."""

from __future__ import annotations

import re
from typing import Final

from pipeline.read.text_furniture import fold
from pipeline.structure.pieces import Grid, GridCell

_HEADER_WORDS: Final = 6
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR: Final = r"(?:(?:19|20)\d{2}(?:\s?[/–-]\s?(?:20)?\d{2})?|\d{2}\s?/\s?\d{2}|FY\s?\d{2,4})"
_PERIOD: Final = (
    rf"(?:(?:Q[1-4]|H[12]|quarter\s(?:[1-4]|one|two|three|four)|year\s(?:\d|one|two|three|four|five))"
    rf"(?:,?\s?{_YEAR})?|(?:\d{{1,2}}\s)?{_MONTH}(?:[\s’'-]{{1,2}}(?:\d{{4}}|\d{{2}}))?|{_YEAR})"
)
# What a heading over a column of figures says of them, with or without a period of time.
_OF_FIGURES: Final = (
    r"(?:targets?|baselines?|ambitions?|trajector(?:y|ies)|actuals?|plan(?:ned)?|forecast|outturn"
    r"|standard|required|requirement|objective|milestones?|current|latest|position|performance"
    r"|change|ytd|year\sto\sdate|total|value|figures?|threshold|minimum|maximum)"
)
_HEADS_FIGURES: Final = re.compile(rf"\b(?:{_PERIOD}|{_OF_FIGURES})(?!\w)", re.IGNORECASE)
_PERIOD_ONLY: Final = re.compile(
    rf"\W*(?:(?:by|in|end|to|of|year|ending|at|{_OF_FIGURES})\s)*{_PERIOD}"
    rf"(?:[\s,]+{_OF_FIGURES})?\W*",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(r"\d\s?(?:%|per\scent\b)|£\s?\d|\d\.\d|\d,\d{3}", re.IGNORECASE)
# A cell that gives a figure: a few words at most around a number, or a blank for one.
_FIGURE: Final = re.compile(
    r"\W*(?:[a-z]+\s){0,4}(?:£\s?)?\d[\d.,]*(?:\s?%|\s?[a-z]+){0,3}\W*|[–—-]|n/?a|tb[ac]|nil|zero",
    re.IGNORECASE,
)


def header_rows(grid: Grid) -> int:
    """How many rows at the top head the columns.

    Those whose cells are all marked as headers; where none are, the first row if it holds only
    short labels without figures over longer cells, or names the periods and standings ("2026/27",
    "Baseline") of figures below it. A second row that does no more than tell periods apart belongs
    to them.
    """
    rows = 0
    while rows < grid.height:
        cells = [cell for cell in grid.cells if cell.row == rows and cell.text]
        if not cells or not all(cell.header for cell in cells):
            break
        rows = max(cell.row + cell.rows for cell in cells)
    marked = rows > 0 or any(cell.header and cell.column > 0 for cell in grid.cells)
    if not rows and _heads_figures(grid):
        first = [cell for cell in grid.cells if cell.row == 0 and cell.column > 0]
        rows = max((cell.rows for cell in first if cell.text), default=1)
    if not rows:
        return 0 if marked or not _has_plain_header(grid) else 1
    while rows < grid.height - 1 and _tells_periods_apart(grid, rows):
        rows += 1
    return min(rows, grid.height - 1) if grid.height > 1 else 0


def column_heads(grid: Grid, rows: int) -> dict[int, tuple[GridCell, ...]]:
    """The header cells over each column that has any, the topmost first."""
    heads: dict[int, tuple[GridCell, ...]] = {}
    for cell in sorted(grid.cells, key=lambda cell: cell.row):
        if cell.row >= rows or not cell.text:
            continue
        for column in range(cell.column, cell.column + cell.columns):
            heads[column] = (*heads.get(column, ()), cell)
    return heads


def _heads_figures(grid: Grid) -> bool:
    """Whether the first row, unmarked, says of which time or standing the figures below are."""
    first = [cell for cell in grid.cells if cell.row == 0]
    if grid.height < 2 or grid.width < 2 or any(cell.columns >= grid.width for cell in first):
        return False
    texts = {cell.column: fold(cell.text) for cell in first}
    later = [text for column, text in texts.items() if column > 0 and text]
    if not later or any(len(text.split()) > _HEADER_WORDS for text in texts.values()):
        return False
    if any(_VALUE.search(text) and not _PERIOD_ONLY.fullmatch(text) for text in texts.values()):
        return False
    named = [column for column, text in texts.items() if column and text]
    if not texts.get(0) or _are_times(grid, 0):
        return all(_holds_figures(grid, column) for column in named)
    heading = [column for column in named if _HEADS_FIGURES.search(texts[column])]
    return any(_holds_figures(grid, column) for column in heading)


def _are_times(grid: Grid, column: int) -> bool:
    """Whether the cells of a column below its first are periods: years down the side."""
    below = [fold(cell.text) for cell in grid.cells if cell.row > 0 and cell.column == column]
    return len(below) > 1 and all(_PERIOD_ONLY.fullmatch(text) for text in below)


def _holds_figures(grid: Grid, column: int) -> bool:
    """Whether the cells of a column below its first are figures, all but the odd one."""
    below = [
        fold(cell.text)
        for cell in grid.cells
        if cell.row > 0 and cell.column == column and cell.columns == 1 and cell.text
    ]
    figures = [text for text in below if _FIGURE.fullmatch(text) or _PERIOD_ONLY.fullmatch(text)]
    return any(_FIGURE.fullmatch(text) for text in below) and len(figures) > 0.7 * len(below)


def _tells_periods_apart(grid: Grid, row: int) -> bool:
    """Whether a row under the header names a period or standing in each column, and no measure."""
    above = any(cell.row < row and cell.columns > 1 for cell in grid.cells)
    cells = [cell for cell in grid.cells if cell.row == row and cell.text]
    opens = any(cell.column == 0 for cell in cells)
    if not above or opens or len(cells) < 2:
        return False
    return all(
        _PERIOD_ONLY.fullmatch(text) or (_HEADS_FIGURES.search(text) and not _VALUE.search(text))
        for text in (fold(cell.text) for cell in cells)
    )


def _has_plain_header(grid: Grid) -> bool:
    first = [cell for cell in grid.cells if cell.row == 0]
    if grid.height < 3 or grid.width < 2 or sum(cell.columns for cell in first) < grid.width:
        return False
    for cell in first:
        text = fold(cell.text)
        if not text or len(text.split()) > _HEADER_WORDS or re.search(r"\d|[.:;]$", text):
            return False
    body = [len(cell.text) for cell in grid.cells if cell.row > 0 and cell.text]
    heads = [len(cell.text) for cell in first]
    return bool(body) and sum(body) / len(body) >= 1.8 * sum(heads) / len(heads)
