"""Transcripts: speech in fragments with time marks, made whole again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records import Block, BlockKind
from pipeline.sentences import sentences_of
from pipeline.structure.sentences import is_ended

_TIME: Final = re.compile(
    r"(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,2}):(?P<seconds>\d{2})(?:[.,]\d{1,3})?"
)
_MIN_MARKS: Final = 5
_WORDS: Final = 60  # a passage takes sentences until it has so many words
_MOST_WORDS: Final = 160  # speech without full stops is cut after a fragment that brings it here
_MIN_TURNS: Final = 6
_TURN_WORDS: Final = 10  # on average
_SECTION_MINUTES: Final = 10
_NAMED: Final = re.compile(
    r"(?P<name>(?:[A-Z][\w.’'-]*|SPEAKER|Speaker)(?:\s+(?:[A-Z][\w.’'-]*|\d{1,2}|of|de|van)){0,4})\s*(?:\([^)]{1,40}\))?:\s+(?=\S)"
)
_TURN: Final = re.compile(r"(?:>>+|–\s|—\s)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What somebody said, in whole sentences; `time` is the mark that it begins at or after,
    `section` the stretch of ten minutes, `offset` where it starts in the source's text.
    """

    text: str
    time: str
    section: str
    speaker: str | None
    offset: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTurn:
    """Who a paragraph says is speaking, and how many of its code points say so."""

    speaker: str
    cut: int


def read_turn(text: str) -> NamedTurn | None:
    """The speaker whom a paragraph begins with ("CHAIR (Ann Lee): Good morning"); None where it
    names none.
    """
    found = _NAMED.match(text)
    return NamedTurn(speaker=found["name"], cut=found.end()) if found is not None else None


def is_dialogue(blocks: Sequence[Block]) -> bool:
    """Whether blocks are a transcript without time marks: most paragraphs begin with a speaker,
    some of whom speak again. Lists of fields ("Present: ...", "Purpose: ...") name each once.
    """
    paragraphs = [block.text for block in blocks if block.kind is BlockKind.PARAGRAPH]
    turns = [
        (turn.speaker, len(text.split()))
        for text in paragraphs
        if (turn := read_turn(text)) is not None
    ]
    if len(turns) < _MIN_TURNS or 5 * len(turns) < 3 * len(paragraphs):
        return False
    names = {name for name, _ in turns}
    words = sum(count for _, count in turns)
    return 3 * len(names) <= 2 * len(turns) and words >= _TURN_WORDS * len(turns)


@dataclass(slots=True, kw_only=True)
class _Turn:
    """Fragments of one speaker, each with the time mark over it and where it starts."""

    speaker: str | None
    fragments: list[tuple[str, str, int | None]]


def is_transcript(blocks: Sequence[Block]) -> bool:
    """Whether blocks are a transcript: at least five entries that are marks of elapsed time."""
    entries = [block for block in blocks if block.kind is BlockKind.ENTRY]
    return len(entries) >= _MIN_MARKS and all(_TIME.fullmatch(entry.text) for entry in entries)


def read_speech(blocks: Sequence[Block]) -> list[Speech]:
    """The speech in order: whole sentences of one speaker, about sixty words together.

    A speaker is known where the transcript names one in front of the words, and until the next
    turn.
    """
    return [speech for turn in _turns(blocks) for speech in _passages(turn)]


def _turns(blocks: Sequence[Block]) -> Iterator[_Turn]:
    time = "00:00:00"
    turn = _Turn(speaker=None, fragments=[])
    for block in blocks:
        if block.kind is BlockKind.ENTRY:
            time = block.text
            continue
        text, start = block.text, block.start
        named, turned = _NAMED.match(text), _TURN.match(text)
        if turned is not None:
            named = _NAMED.match(text, turned.end())
        if named is not None or turned is not None:
            if turn.fragments:
                yield turn
            turn = _Turn(speaker=named["name"] if named is not None else None, fragments=[])
            cut = named.end() if named is not None else turned.end() if turned is not None else 0
            text, start = text[cut:], start + cut if start is not None else None
        if text:
            turn.fragments.append((text, time, start))
    if turn.fragments:
        yield turn


def _passages(turn: _Turn) -> Iterator[Speech]:
    """A turn's sentences, gathered until they have enough words."""
    pending: list[tuple[str, str, int | None]] = []
    words = 0
    for text, time, start in turn.fragments:
        # The part of a fragment up to its last full stop ends a sentence; the rest begins one.
        sentences = sentences_of(text)
        for index, sentence in enumerate(sentences):
            at = start + text.index(sentence) if start is not None else None
            pending.append((sentence, time, at))
            words += len(sentence.split())
            whole = index < len(sentences) - 1 or is_ended(sentence)
            if (whole and words >= _WORDS) or (
                index == len(sentences) - 1 and words >= _MOST_WORDS
            ):
                yield _speech(pending, turn.speaker)
                pending, words = [], 0
    if pending:
        yield _speech(pending, turn.speaker)


def _speech(parts: Sequence[tuple[str, str, int | None]], speaker: str | None) -> Speech:
    _, time, offset = parts[0]
    return Speech(
        text=" ".join(text for text, _, _ in parts),
        time=time,
        section=_section(time),
        speaker=speaker,
        offset=offset,
    )


def _section(time: str) -> str:
    """The ten minutes that a time mark falls in, as the hour and minute at which they begin."""
    match = _TIME.fullmatch(time)
    if match is None:
        return "00:00"
    minutes = int(match["hours"] or 0) * 60 + int(match["minutes"])
    start = minutes - minutes % _SECTION_MINUTES
    return f"{start // 60:02d}:{start % 60:02d}"
