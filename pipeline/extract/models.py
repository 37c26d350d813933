"""What extraction needs to know, loaded once and passed in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.extract.classifier import RequirementClassifier, load_classifier
from pipeline.extract.cue_rules import CueRules, load_cue_rules
from pipeline.extract.parse import load_parser
from pipeline.extract.topics import TopicModel, load_topic_model
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.lexicon.load import default_directory

if TYPE_CHECKING:
    from spacy.language import Language


# "Mean response times" are an average, "thank you" asks for nothing.
_NO_COMMANDS: Final = frozenset({"mean", "thank"})


@dataclass(frozen=True, slots=True)
class ExtractionModels:
    """The parser, the lexicon, the cue rules, and the verbs that can open an imperative; those of
    them that can be nothing else ("accelerate", not "review").
    """

    nlp: Language
    lexicon: Lexicon
    rules: CueRules
    verbs: frozenset[str]
    mere_verbs: frozenset[str]
    classifier: RequirementClassifier | None = None
    topic_model: TopicModel | None = None


def load_models(directory: Path | None = None, *, with_classifier: bool = True) -> ExtractionModels:
    """Load everything from models/, the fitted ones unless told not to; takes about two seconds."""
    directory = directory or default_directory()
    nlp = load_parser()
    index = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_index")  # type: ignore[attr-defined]
    verbs = frozenset(index["verb"]) - _NO_COMMANDS
    return ExtractionModels(
        nlp=nlp,
        lexicon=load_lexicon(directory),
        rules=load_cue_rules(directory / "cues.yml"),
        verbs=verbs,
        mere_verbs=verbs.difference(index["noun"], index["adj"], index["adv"]),
        classifier=load_classifier(directory) if with_classifier else None,
        topic_model=load_topic_model(directory) if with_classifier else None,
    )
