"""Lines of a page to paragraphs, list items, footnotes and captions, before their text is
joined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.read.text_markers import Marker, parse_marker
from pipeline.records import Box, Line, Table
from pipeline.structure.boxes import find_frame
from pipeline.structure.columns import Run
from pipeline.structure.sentences import is_cut, is_ended
from pipeline.structure.typography import Typography

_LONE_BULLET: Final = re.compile(
    r"[•●▪■◦○‣·–—\uf000-\uf0ff-]|o|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]"
)
_INDENT: Final = 3.0  # points
_LOOSE: Final = 1.17  # times the leading, from which lines are paragraphs apart
_TITLE_LEADING: Final = 1.7  # times the size, for lines of one heading
_SAME_SIZE: Final = 0.6  # points
_CAPITALS: Final = 0.22  # of the size, by which small capitals may lie below it
_ROOM: Final = 0.2  # of a column's width: a line this short was ended by its writer
_CAPTION: Final = re.compile(
    r"(?:figure|fig\.|table|chart|box|map|exhibit|diagram|image|photo(?:graph)?|infographic)\s*"
    r"(?:\d{1,3}|[A-Z])(?:\.\d{1,2})?(?:\s*[:.–-]\s|\s+(?=[A-Z‘“]))"
    r"|source\s?:\s|(?:image|photo) (?:credit|text)\s?:",
    re.IGNORECASE,
)
_LONGEST_CAPTION: Final = 300
_SYMBOL_MARK: Final = re.compile(r"[*†‡§]{1,3}\s?(?=\S)")
_NUMBER_MARK: Final = re.compile(r"\d{1,3}[.)]?\s+(?=\S)")


@dataclass(slots=True, kw_only=True)
class Draft:
    """Lines that make one paragraph, with the page and the column of each; or a table.

    `marker` is the one that the first line starts with. `frame` is the box drawn around it, as
    (page, index). `indent` is where its first line starts, from its column's left edge, `hang`
    where its second one does.
    """

    run: Run
    lines: list[tuple[Run, Line]] = field(default_factory=list)
    table: Table | None = None
    marker: Marker | None = None
    frame: tuple[int, int] | None = None
    footnote: str | None = None
    caption: bool = False

    @property
    def first(self) -> Line:
        return self.lines[0][1]

    @property
    def last(self) -> Line:
        return self.lines[-1][1]

    @property
    def text(self) -> str:
        return " ".join(line.text for _, line in self.lines)

    @property
    def indent(self) -> float:
        return self.first.box.x0 - self.lines[0][0].left

    @property
    def hang(self) -> float | None:
        if len(self.lines) < 2:
            return None
        run, line = self.lines[1]
        return line.box.x0 - run.left

    @property
    def bold(self) -> bool:
        return all(line.bold for _, line in self.lines)


def gather(
    runs: Sequence[Run], typography: Typography, frames: dict[int, tuple[Box, ...]]
) -> list[Draft]:
    """The drafts of a document in reading order, joined over columns and pages.

    `frames` are the boxes drawn on each page.
    """
    drafts: list[Draft] = []
    for run in runs:
        start = len(drafts)
        boxes = frames.get(run.page, ())
        elements = _attach_lone_markers(run.elements)
        for index, element in enumerate(elements):
            if isinstance(element, Table):
                frame = find_frame(element.box, boxes) if element.box is not None else None
                drafts.append(
                    Draft(
                        run=run,
                        table=element,
                        frame=(run.page, frame) if frame is not None else None,
                    )
                )
                continue
            framed = find_frame(element.box, boxes)
            frame_key = (run.page, framed) if framed is not None else None
            after = next((x for x in elements[index + 1 : index + 2] if isinstance(x, Line)), None)
            marker = _find_marker(element)
            current = drafts[-1] if len(drafts) > start and drafts[-1].table is None else None
            if current is None or _starts(current, element, marker, after, frame_key, typography):
                drafts.append(
                    Draft(run=run, lines=[(run, element)], marker=marker, frame=frame_key)
                )
            else:
                current.lines.append((run, element))
    _mark_notes(drafts, typography)
    return _join_over_breaks(drafts, typography)


def would_fit(line: Line, following: Line, right: float) -> bool:
    """Whether the first word of the next line had room on this one: then its writer ended the
    line.
    """
    word = following.text.split(maxsplit=1)[0] if following.text.split() else ""
    wide = (line.box.x1 - line.box.x0) / max(len(line.text), 1)
    return line.box.x1 + wide * (len(word) + 1) < right - line.size


def _find_marker(line: Line) -> Marker | None:
    """The marker in front of a line; a raised mark is a footnote's."""
    if line.superscripts and line.superscripts[0][0] == 0:
        return None
    return parse_marker(line.text)


def _attach_lone_markers(elements: Sequence[Line | Table]) -> list[Line | Table]:
    """Markers that the file sets as lines of their own go in front of the text on the same
    height.
    """
    attached: list[Line | Table] = []
    for element in elements:
        before = attached[-1] if attached else None
        if (
            isinstance(element, Line)
            and isinstance(before, Line)
            and _LONE_BULLET.fullmatch(before.text.strip())
            and abs(before.box.bottom - element.box.bottom) <= 0.4 * element.size
            and element.box.x0 >= before.box.x1 - 1
        ):
            sign = before.text.strip()
            shift = len(sign) + 1
            attached[-1] = Line(
                text=f"{sign} {element.text}",
                box=Box(
                    x0=before.box.x0,
                    top=min(before.box.top, element.box.top),
                    x1=element.box.x1,
                    bottom=max(before.box.bottom, element.box.bottom),
                ),
                size=element.size,
                bold=element.bold,
                italic=element.italic,
                superscripts=tuple(
                    (start + shift, end + shift) for start, end in element.superscripts
                ),
            )
        else:
            attached.append(element)
    return attached


def _starts(
    draft: Draft,
    line: Line,
    marker: Marker | None,
    after: Line | None,
    frame: tuple[int, int] | None,
    typography: Typography,
) -> bool:
    """Whether a line starts a draft of its own after the draft before it in its column."""
    last = draft.last
    if frame != draft.frame or _is_other_size(last, line, draft.run.right):
        return True
    if line.superscripts and line.superscripts[0][0] == 0 and typography.is_small(line.size):
        return True
    pitch = line.box.bottom - last.box.bottom
    if pitch <= 0:
        return not _on_one_height(last, line)
    if typography.is_large(line.size):
        return pitch > _TITLE_LEADING * line.size or line.bold != last.bold or marker is not None
    if pitch > _LOOSE * typography.leading_of(line.size) + 0.6:
        return True
    fits = would_fit(last, line, draft.run.right)
    if marker is not None and _is_own_marker(draft, line, marker, fits=fits):
        return True
    return _parts_from(draft, line, after, fits=fits)


def _is_other_size(last: Line, line: Line, right: float) -> bool:
    """Whether a line is set in another size than the one before it, so that it belongs to other
    text.

    A line mostly of small capitals, in the middle of a sentence, is set a little smaller only in
    part.
    """
    apart = abs(line.size - last.size)
    if apart <= _SAME_SIZE:
        return False
    return apart > _CAPITALS * last.size or is_ended(last.text) or would_fit(last, line, right)


def _on_one_height(last: Line, line: Line) -> bool:
    return (
        abs(last.box.bottom - line.box.bottom) <= 0.3 * line.size and line.box.x0 >= last.box.x1 - 1
    )


def _is_own_marker(draft: Draft, line: Line, marker: Marker, *, fits: bool) -> bool:
    """Whether what looks like a marker is one, not a number that a line break put in front of its
    line.
    """
    if marker.is_bullet and marker.text not in "-–—o":
        return True
    moved = abs(line.box.x0 - draft.last.box.x0) > _INDENT
    if draft.marker is not None and marker.follows(draft.marker):
        return True
    ended = is_ended(draft.last.text) or draft.last.text.rstrip().endswith((":", ";"))
    return ended or fits or (moved and marker.starts_list())


def _parts_from(draft: Draft, line: Line, after: Line | None, *, fits: bool) -> bool:
    """Whether a line at the usual distance starts a paragraph, by its indent and by where the last
    one ended.
    """
    last = draft.last
    ended = is_ended(last.text)
    lower = line.text[:1].islower()
    room = draft.run.right - last.box.x1
    fits = fits and (ended or room > _ROOM * (draft.run.right - draft.run.left))
    if draft.bold and not line.bold and fits and not lower:
        return True
    step = line.box.x0 - last.box.x0
    if len(draft.lines) == 1 and draft.marker is not None:
        # The second line of an item hangs under its text, or goes back to the margin.
        if step > -_INDENT:
            return fits and not lower
        return (fits or ended) and not lower
    if step > _INDENT:
        first_indent = after is None or after.box.x0 < line.box.x0 - _INDENT
        return (first_indent and (fits or ended or len(draft.lines) > 1) and not lower) or (
            fits and ended
        )
    if step < -_INDENT:
        if len(draft.lines) == 1:
            return fits and not lower  # the first line of a paragraph was indented
        return not lower or (fits and ended)
    return fits and not lower


def _mark_notes(drafts: Sequence[Draft], typography: Typography) -> None:
    """Tells footnotes and captions among the drafts."""
    has_text_below: set[int] = set()  # runs, as ids
    for draft in reversed(drafts):
        if draft.table is not None:
            continue
        line = draft.first
        if typography.is_small(line.size):
            draft.footnote = _footnote_mark(line, at_foot=id(draft.run) not in has_text_below)
            if draft.footnote is not None:
                draft.marker = None
        else:
            has_text_below.add(id(draft.run))
        if (
            draft.footnote is None
            and len(draft.text) <= _LONGEST_CAPTION
            and _CAPTION.match(draft.text)
        ):
            draft.caption = True


def _footnote_mark(line: Line, *, at_foot: bool) -> str | None:
    """The mark that a line of small type starts with: raised anywhere, not raised only below the
    text.
    """
    if line.superscripts and line.superscripts[0][0] == 0:
        return line.text[: line.superscripts[0][1]].strip() or None
    found = _SYMBOL_MARK.match(line.text) or _NUMBER_MARK.match(line.text) if at_foot else None
    return found[0].strip().rstrip(".)") if found is not None else None


def _join_over_breaks(drafts: Sequence[Draft], typography: Typography) -> list[Draft]:
    """The drafts, with those that a column or page break cut in two put together.

    Footnotes, captions and tables may stand between the halves.
    """
    joined: list[Draft] = []
    for draft in drafts:
        open_draft = _find_open(joined, draft)
        if open_draft is not None and _continues(open_draft, draft, typography):
            open_draft.lines.extend(draft.lines)
        else:
            joined.append(draft)
    return joined


def _find_open(joined: Sequence[Draft], draft: Draft) -> Draft | None:
    """The draft before a break that this one, the first after it, may go on from."""
    if draft.table is not None or draft.caption:
        return None
    for before in reversed(joined[-8:]):
        if before.table is None and before.lines[-1][0] is draft.run:
            # Text of its own column stands before it: no break lies between.
            if before.footnote is None and not before.caption:
                return None
            continue
        if (
            (before.footnote is None) == (draft.footnote is None)
            and before.table is None
            and not before.caption
        ):
            return before
    return None


def _continues(before: Draft, draft: Draft, typography: Typography) -> bool:
    last, line = before.last, draft.first
    if (
        draft.marker is not None
        or draft.footnote is not None
        or abs(line.size - last.size) > _SAME_SIZE
    ):
        return False
    if typography.is_large(line.size) or (before.frame is None) != (draft.frame is None):
        return False
    if is_ended(last.text) or last.text.rstrip().endswith((":", ";")):
        return False
    if line.text[:1].islower() or last.text.endswith("-") or is_cut(last.text):
        return True
    if would_fit(last, line, before.lines[-1][0].right) or (draft.bold and not before.last.bold):
        return False
    if before.marker is not None:
        return draft.indent > before.indent + _INDENT
    return (
        abs(draft.indent - (before.hang if before.hang is not None else before.indent))
        <= 2 * _INDENT
    )
