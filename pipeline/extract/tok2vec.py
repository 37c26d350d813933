"""spaCy's tok2vec in fewer steps, for parsing alone: the same vectors.

The embedding sees six features of a token (its norm, prefix, suffix, shape and two flags) and
nothing of its neighbours, so equal tokens get equal vectors, and it is asked once for each kind of
token in a batch. thinc has the same idea as `uniqued`, for layers that look at one column.

The encoder looks at each token with its neighbours, four times over. thinc fills, copies and clears
an array for every step that a model in training needs; here the steps of a layer share one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from thinc.model import Model
    from thinc.types import Ragged

_Array = np.ndarray[Any, Any]
# What MultiHashEmbed is made of: features, one array of them, their embeddings, a mix, a list.
_LAYERS: Final = 5
_WINDOW: Final = {"expand_window", "maxout", "layernorm", "dropout"}
_LEAST_VARIANCE: Final = np.float32(1e-8)  # thinc's
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well mixed


def hasten(tok2vec: Model[Any, Any]) -> bool:
    """Put faster layers into a loaded tok2vec, in place; False where its layers are not as
    expected, and nothing was changed.
    """
    if len(tok2vec.layers) != 2:
        return False
    embedding, encoder = tok2vec.layers
    windows = [_read_window(layer) for layer in encoder.layers[0].layers]
    if len(embedding.layers) != _LAYERS or not windows or not all(windows):
        return False
    features, flatten, embed, mix, unflatten = embedding.layers
    embedding._layers = [features, flatten, _once(embed.layers[0], mix.layers[0]), unflatten]
    encoder._layers = [_encoder([w for w in windows if w is not None])]
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
    return Ragged(vectors.take(which, axis=0), tokens.lengths), _no_way_back  # type: ignore[arg-type]


def _digest(features: _Array) -> _Array:
    """One number for each row of features, for all practical purposes its own."""
    digest = np.zeros(len(features), dtype="uint64")
    for column in features.T:
        digest = (digest ^ column) * _MULTIPLIER
        digest ^= digest >> np.uint64(29)
    return digest


@dataclass(frozen=True, slots=True)
class _Window:
    """A layer that sees a token between its neighbours: the weights of its pieces side by side, of
    which the largest counts, and how its output is brought to scale.
    """

    weights: _Array  # (3 * width, pieces * width)
    bias: _Array
    scale: _Array
    shift: _Array


def _read_window(residual: Model[Any, Any]) -> _Window | None:
    """The weights of residual(expand_window >> maxout >> layernorm >> dropout), or None of another
    layer.
    """
    nodes = {node.name: node for node in residual.walk() if not node.layers}
    if nodes.keys() != _WINDOW or nodes["expand_window"].attrs["window_size"] != 1:
        return None
    weights = np.asarray(nodes["maxout"].get_param("W"))  # (width, pieces, inputs)
    return _Window(
        weights=np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(-1, weights.shape[2]).T),
        bias=np.asarray(nodes["maxout"].get_param("b")).T.ravel(),
        scale=np.asarray(nodes["layernorm"].get_param("G")),
        shift=np.asarray(nodes["layernorm"].get_param("b")),
    )


def _encoder(windows: list[_Window]) -> Model[Any, Any]:
    from thinc.model import Model

    return Model("windows", _encode, attrs={"windows": windows})


def _encode(
    model: Model[Any, Any], tokens: _Array, is_train: bool
) -> tuple[_Array, Callable[[Any], Any]]:
    """Rows of vectors to rows of vectors that know of their neighbours."""
    rows, width = tokens.shape
    triples = np.zeros((rows, 3 * width), dtype=tokens.dtype)
    pieces = np.empty((rows, model.attrs["windows"][0].weights.shape[1]), dtype=tokens.dtype)
    for window in model.attrs["windows"]:
        triples[1:, :width] = tokens[:-1]
        triples[:, width : 2 * width] = tokens
        triples[:-1, 2 * width :] = tokens[1:]
        np.matmul(triples, window.weights, out=pieces)
        pieces += window.bias
        largest = pieces[:, :width].copy()
        for start in range(width, pieces.shape[1], width):
            np.maximum(largest, pieces[:, start : start + width], out=largest)
        largest -= largest.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", largest, largest) / width + _LEAST_VARIANCE
        largest *= (1 / np.sqrt(variance))[:, None]
        largest *= window.scale
        largest += window.shift
        largest += tokens
        tokens = largest
    return tokens, _no_way_back


def _no_way_back(_: Any) -> Any:
    raise NotImplementedError("This parser is only asked; train spaCy's own.")
