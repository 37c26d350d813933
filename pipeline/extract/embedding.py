"""The first layer of spaCy's tok2vec, asked once for each kind of token in a batch.

The layer sees six features of a token (its norm, prefix, suffix, shape and two flags) and nothing
of its neighbours, so equal tokens get equal vectors, and most tokens of a text occur many times.
thinc has the same idea as `uniqued`, for layers that look at one column.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from thinc.model import Model
    from thinc.types import Ragged

# What MultiHashEmbed is made of: features, one array of them, their embeddings, a mix, a list.
_LAYERS: Final = 5
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed


def embed_once(tok2vec: Model[Any, Any]) -> bool:
    """Make a tok2vec's embedding compute each kind of token once a batch; False where its layers
    are not as expected, and nothing was changed.
    """
    embedding = tok2vec.layers[0]
    if len(embedding.layers) != _LAYERS or not all(
        layer.name.startswith("with_array(") for layer in embedding.layers[2:4]
    ):
        return False
    features, flatten, embed, mix, unflatten = embedding.layers
    once = _once(embed.layers[0], mix.layers[0])
    embedding._layers = [features, flatten, once, unflatten]
    return True


def _once(*layers: Model[Any, Any]) -> Model[Ragged, Ragged]:
    from thinc.model import Model

    return Model("once", _forward, layers=layers)


def _forward(
    model: Model[Ragged, Ragged], tokens: Ragged, is_train: bool
) -> tuple[Ragged, Callable[[Ragged], Ragged]]:
    """Rows of features to rows of vectors. It is no layer to train: it has no way back."""
    from thinc.types import Ragged

    features = np.asarray(tokens.data)
    _, first, which = np.unique(_digest(features), return_index=True, return_inverse=True)
    vectors = features[first]
    if not np.array_equal(vectors[which], features):  # two kinds with one digest
        vectors, which = np.unique(features, axis=0, return_inverse=True)
    for layer in model.layers:
        vectors = layer.predict(vectors)
    return Ragged(vectors[which], tokens.lengths), _no_way_back  # type: ignore[arg-type]


def _digest(features: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """One number for each row of features, for all practical purposes its own."""
    digest = np.zeros(len(features), dtype="uint64")
    for column in features.T:
        digest = (digest ^ column) * _MULTIPLIER
        digest ^= digest >> np.uint64(29)
    return digest


def _no_way_back(_: Ragged) -> Ragged:
    raise NotImplementedError("This parser is only asked; train spaCy's own.")
