"""Transcripts as text: lines with time marks, or subtitle files (SubRip, WebVTT)."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pipeline.read.text_lines import TextLine
from pipeline.records import Block, BlockKind

_TIME: Final = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_MARKED: Final = re.compile(rf"[\[(]?(?P<time>{_TIME})[\])]?(?:\s+[-–]\s+|:?\s+|$)(?P<text>.*)")
_CUE: Final = re.compile(rf"(?P<time>{_TIME})\s*-->\s*{_TIME}.*")
_TAG: Final = re.compile(r"</?(?:c|i|b|u|ruby|rt|lang|font|v)(?:[. ][^>]*)?>|<\d[\d:.]*>")
_VOICE: Final = re.compile(r"<v(?:\.[^ >]*)? ([^>]+)>")
_MIN_CUES: Final = 5
_MIN_SHARE: Final = 0.25  # of the lines carry a time mark


def is_transcript(lines: Sequence[TextLine]) -> bool:
    """Whether a text is a transcript: at least five time marks that run forward, on a quarter of
    its lines.

    A live page, whose entries have the time of day with "am" or "pm", or run backwards, is none.
    """
    full = [line for line in lines if line.text]
    seconds = [_seconds(found["time"]) for line in full if (found := _match(line.text)) is not None]
    if len(seconds) < _MIN_CUES or len(seconds) < _MIN_SHARE * len(full):
        return False
    forward = sum(after >= before for before, after in pairwise(seconds))
    return forward >= 0.9 * (len(seconds) - 1)


def read_cues(lines: Sequence[TextLine]) -> list[Block]:
    """An entry for each time mark, and a paragraph for each line of speech under it.

    A speaker whom the file names (`<v Name>`) stands in front of the line with a colon. A line said
    twice in a row, as rolling subtitles do, is taken once.
    """
    blocks: list[Block] = []
    said = ""
    for line in lines:
        found = _match(line.text)
        if found is not None:
            blocks.append(Block(kind=BlockKind.ENTRY, text=found["time"], start=line.start))
            rest = found.groupdict().get("text") or ""
            start = line.start + len(line.text) - len(rest)
        else:
            rest, start = line.text, line.start
        speech = _clean(rest)
        if not blocks or not speech or speech.isdecimal() or speech == said:
            continue
        said = speech
        blocks.append(Block(kind=BlockKind.PARAGRAPH, text=speech, start=start))
    return blocks


def read_head(lines: Sequence[TextLine]) -> tuple[tuple[str, str], ...]:
    """What stands before the first time mark: a title and an address, where they are given."""
    found: dict[str, str] = {}
    for line in lines:
        if _match(line.text) is not None:
            break
        text = line.text.lstrip("#").strip()
        if text.startswith(("http://", "https://")):
            found.setdefault("url", text)
        elif len(text.split()) > 1 and not re.search(
            r"\btranscript\b|^no title|^note\b", text, re.IGNORECASE
        ):
            found.setdefault("title", text)
    return tuple(found.items())


def _match(text: str) -> re.Match[str] | None:
    return _CUE.fullmatch(text) or _MARKED.fullmatch(text)


def _clean(text: str) -> str:
    voice = _VOICE.search(text)
    plain = html.unescape(_TAG.sub("", text)).strip()
    plain = re.sub(r"\s+", " ", plain)
    return f"{voice[1].strip()}: {plain}" if voice is not None and plain else plain


def _seconds(time: str) -> float:
    total = 0.0
    for part in time.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total
