"""What extraction needs to know, loaded once and passed in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.extract.classifier import RequirementClassifier, load_classifier
from pipeline.extract.cue_rules import CueRules, load_cue_rules
from pipeline.extract.parse import load_parser
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.lexicon.load import default_directory

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True, slots=True)
class ExtractionModels:
    """The parser, the lexicon, the cue rules, and the verbs that can open an imperative."""

    nlp: Language
    lexicon: Lexicon
    rules: CueRules
    verbs: frozenset[str]
    classifier: RequirementClassifier | None = None


def load_models(directory: Path | None = None, *, with_classifier: bool = True) -> ExtractionModels:
    """Load everything from models/; takes about two seconds."""
    nlp = load_parser()
    index = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_index")  # type: ignore[attr-defined]
    return ExtractionModels(
        nlp=nlp,
        lexicon=load_lexicon(directory),
        rules=load_cue_rules((directory or default_directory()) / "cues.yml"),
        verbs=frozenset(index["verb"]),
        classifier=load_classifier(directory or default_directory()) if with_classifier else None,
    )
