"""What is remembered of a token is what spaCy's own components say of it."""

from __future__ import annotations

import pytest
from spacy.language import Language

from pipeline.extract import ExtractionModels

TEXTS = (
    "There is a plan, and there are wards to open.",
    "Trusts must not delay; they need to act by 31 March 2026.",
    "Let's go.",
    "They got ta go, y'all.",
    "There's a rule  with two spaces.",
    "THE BOARD Must Act on what's said.",
    "",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("time", ["first", "again"])
def test_attributes_are_those_of_spacy(
    text: str, time: str, models: ExtractionModels, plain: Language
) -> None:
    assert "remembered_attributes" in models.nlp.pipe_names
    told = [(t.pos_, t.lemma_, str(t.morph), t.tag_, t.dep_) for t in models.nlp(text)]
    assert told == [(t.pos_, t.lemma_, str(t.morph), t.tag_, t.dep_) for t in plain(text)]


def test_attributes_of_whole_documents_are_those_of_spacy(
    models: ExtractionModels, plain: Language
) -> None:
    from pipeline.gold import default_gold, load_gold

    texts = [u.quote for d in load_gold(default_gold())[::12] for u in d.units]
    for mine, theirs in zip(models.nlp.pipe(texts), plain.pipe(texts), strict=True):
        assert [(t.pos, t.lemma, str(t.morph)) for t in mine] == [
            (t.pos, t.lemma, str(t.morph)) for t in theirs
        ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Trusts must act.", True, id="modal"),
        pytest.param("Boards mustn't close it.", True, id="contracted"),
        pytest.param("They plan, by March, to open it.", True, id="verb-with-to"),
        pytest.param("The plan was good.", False, id="noun-alone"),
        pytest.param("The priorities for next year are clear.", True, id="noun-held"),
        pytest.param("It was a priority once.", False, id="noun-not-held"),
        pytest.param("It is vital that they act.", True, id="predicate"),
        pytest.param("It was a vital part.", False, id="predicate-alone"),
    ],
)
def test_the_cheap_test(text: str, found: bool, models: ExtractionModels) -> None:
    assert bool(models.rules.gate().search(text)) is found
