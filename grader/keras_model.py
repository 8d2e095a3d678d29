"""Keras models as data: what a case reads of a student's model, and what it hands to a student.

TensorFlow itself is only ever imported in the sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, overload

import msgspec
import numpy as np

MAX_NAME = 100  # characters
NO_NAME = re.compile(r"[^\w.<>-]")  # signs that no name of a class, a function or a loss has
Few = msgspec.Meta(max_length=1000)  # layers of a model, weights of a layer, axes of an input


@dataclass(frozen=True)
class Layer:
    """A layer of a Keras model, as data. Kernels are (n_in, units)."""

    kind: str
    units: Any
    activation: str | None
    use_bias: bool
    weights: list[np.ndarray[Any, Any]]


@dataclass(frozen=True)
class KerasModel:
    """A Keras model, as data. One that came from a student can be asked for its answers: `model(X_rows)`."""

    kind: str
    layers: tuple[Layer, ...]
    loss: str | None
    from_logits: bool
    optimizer: str | None
    input_shape: tuple[int | None, ...] | None
    ask: Callable[[Any], Any] | None = None

    @property
    def compiled(self) -> bool:
        return self.loss is not None or self.optimizer is not None

    def __call__(self, rows: Any) -> Any:
        if self.ask is None:
            raise TypeError("only a model that came from a student can be asked")
        return self.ask(rows)

    @classmethod
    def dense(cls, weights: Sequence[tuple[Any, Any]], activation: str = "sigmoid") -> KerasModel:
        """A Sequential of Dense layers from (kernel (n_in, units), bias (units,)) pairs, to hand to a student."""
        layers = tuple(
            Layer("Dense", kernel.shape[1], activation, True, [np.asarray(kernel), np.asarray(bias)])
            for kernel, bias in weights
        )
        shape = (None, layers[0].weights[0].shape[0])
        return cls("Sequential", layers, "binary_crossentropy", False, "adam", shape)

    @classmethod
    def from_description(cls, told: Description, ask: Callable[[Any], Any]) -> KerasModel:
        """Return the model that a worker described."""
        return cls(
            kind=_name(told.kind),
            layers=tuple(map(_layer, told.layers)),
            loss=_name(told.loss),
            from_logits=told.from_logits,
            optimizer=_name(told.optimizer),
            input_shape=None if told.input_shape is None else tuple(told.input_shape),
            ask=ask,
        )


class LayerDescription(msgspec.Struct):
    """A layer as a worker describes it. A layer of the student's own may have anything as its `units`."""

    kind: str
    activation: str | None
    use_bias: bool
    weights: Annotated[list[np.ndarray[Any, Any]], Few]
    units: Any = None


class Description(msgspec.Struct):
    """A model as a worker describes it: `msgspec.convert` raises ValidationError for every other form."""

    handle: int  # by which the worker knows the model
    kind: str
    layers: Annotated[list[LayerDescription], Few]
    loss: str | None
    from_logits: bool
    optimizer: str | None
    input_shape: Annotated[list[int | None], Few] | None


def _layer(told: LayerDescription) -> Layer:
    units = told.units if type(told.units) is int else None
    return Layer(_name(told.kind), units, _name(told.activation), told.use_bias, told.weights)


@overload
def _name(text: str) -> str: ...
@overload
def _name(text: None) -> None: ...
@overload
def _name(text: str | None) -> str | None: ...
def _name(text: str | None) -> str | None:
    """Return a name that the student chose (`loss="..."`, a class's) as one word, for cases put it in sentences."""
    return None if text is None else NO_NAME.sub("_", text[:MAX_NAME])
