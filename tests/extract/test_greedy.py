"""The faster steps of the parse give what spaCy's own give."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from spacy.language import Language
from spacy.pipeline import DependencyParser
from spacy.pipeline.tok2vec import Tok2Vec
from spacy.tokens import Doc

from pipeline.extract import ExtractionModels
from pipeline.extract.greedy import can_replace
from pipeline.extract.parse import load_plain_parser
from pipeline.extract.tok2vec import hasten
from pipeline.gold import default_gold, load_gold


def _tree(doc: Doc) -> list[tuple[str, str, int]]:
    return [(t.tag_, t.dep_, t.head.i) for t in doc]


def test_trees_of_labelled_documents_are_those_of_spacy(
    models: ExtractionModels, plain: Language
) -> None:
    assert "greedy_parser" in models.nlp.pipe_names
    assert "parser" not in models.nlp.pipe_names
    texts = [u.quote for d in load_gold(default_gold())[::6] for u in d.units]
    assert len(texts) > 300
    for mine, theirs in zip(models.nlp.pipe(texts), plain.pipe(texts), strict=True):
        assert _tree(mine) == _tree(theirs), theirs.text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("Plan", id="one-word"),
        pytest.param("Boards must act. They must also tell us why.", id="two-sentences-as-one"),
        pytest.param("a b " * 300, id="no-sentence"),
    ],
)
def test_trees_of_odd_texts_are_those_of_spacy(
    text: str, models: ExtractionModels, plain: Language
) -> None:
    assert _tree(models.nlp(text)) == _tree(plain(text))


def test_a_batch_may_hold_nothing_to_parse(models: ExtractionModels) -> None:
    assert [len(d) for d in models.nlp.pipe(["", "Boards must act.", ""])] == [0, 4, 0]


def test_tok2vec_gives_the_same_vectors_and_refuses_to_learn() -> None:
    nlp = load_plain_parser()
    docs = [nlp.make_doc("The board tells the board what the board does."), nlp.make_doc("")]
    tok2vec = cast(Tok2Vec, nlp.get_pipe("tok2vec")).model
    expected = tok2vec.predict(docs)
    assert hasten(tok2vec)
    found, way_back = tok2vec(docs, is_train=False)
    for theirs, mine in zip(expected, found, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-4)
    with pytest.raises(NotImplementedError, match="only asked"):
        way_back(found)


def test_tok2vec_of_another_make_is_left_alone() -> None:
    tok2vec = cast(Tok2Vec, load_plain_parser().get_pipe("tok2vec")).model
    assert hasten(tok2vec)
    layers = [list(part.layers) for part in tok2vec.layers]
    assert not hasten(tok2vec), "it has been done"
    assert [list(part.layers) for part in tok2vec.layers] == layers


@pytest.mark.parametrize(
    ("cfg", "has_upper", "pieces", "expected"),
    [
        pytest.param({"beam_width": 1}, True, 2, True, id="as-the-small-model"),
        pytest.param({"beam_width": 8}, True, 2, False, id="beam"),
        pytest.param({"beam_width": 1}, False, 2, False, id="no-upper-layer"),
        pytest.param({"beam_width": 1}, True, 3, False, id="three-pieces"),
    ],
)
def test_only_a_parser_of_the_known_kind_is_replaced(
    cfg: dict[str, int], has_upper: bool, pieces: int, expected: bool
) -> None:
    layer = SimpleNamespace(has_dim=lambda _: True, get_dim=lambda _: pieces)
    model = SimpleNamespace(layers=[layer] * 3, attrs={"has_upper": has_upper})
    assert can_replace(cast(DependencyParser, SimpleNamespace(model=model, cfg=cfg))) is expected
