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

    features = np.ascontiguousarray(tokens.data)
    row = np.dtype((np.void, features.dtype.itemsize * features.shape[1]))
    kinds, which = np.unique(features.view(row).ravel(), return_inverse=True)
    vectors = kinds.view(features.dtype).reshape(-1, features.shape[1])
    for layer in model.layers:
        vectors = layer.predict(vectors)
    return Ragged(vectors[which], tokens.lengths), _no_way_back  # type: ignore[arg-type]


def _no_way_back(_: Ragged) -> Ragged:
    raise NotImplementedError("This parser is only asked; train spaCy's own.")
