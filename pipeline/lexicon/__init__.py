"""What mustdo knows of its field: bodies and their lineage, measures, topics.

Checked data in YAML, and pure matchers over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.lexicon.abbreviations import learn_abbreviations
from pipeline.lexicon.load import default_directory
from pipeline.lexicon.measures import Measure, Measures
from pipeline.lexicon.organisations import Mention, Organisation, Organisations
from pipeline.lexicon.topics import Topic, Topics

__all__ = [
    "Lexicon",
    "Measure",
    "Measures",
    "Mention",
    "Organisation",
    "Organisations",
    "Topic",
    "Topics",
    "learn_abbreviations",
    "load_lexicon",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All of the lexicon; nothing in it changes after loading."""

    organisations: Organisations
    measures: Measures
    topics: Topics


def load_lexicon(directory: Path | None = None) -> Lexicon:
    """The lexicon of a folder of YAML files, by default mustdo's own; the same one on each call.

    Raises UsageError that names the file, the entry and the field where a file is missing or wrong.
    """
    return _load(default_directory() if directory is None else directory.resolve())


@lru_cache(maxsize=4)
def _load(directory: Path) -> Lexicon:
    topics = Topics.load(directory / "topics.yml")
    return Lexicon(
        organisations=Organisations.load(directory / "organisations.yml"),
        measures=Measures.load(directory / "measures.yml", topics=topics.ids),
        topics=topics,
    )
