"""Keras models as data: what a case reads of a student's model, and what it hands to a student.

TensorFlow itself is only ever imported in the sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, overload

import msgspec
import numpy as np

from grader.sandbox.limits import MAX_MODEL_ITEMS, MAX_NAME

NOT_KERAS_SUFFIX = ", no class of Keras"  # what a worker adds to the name of a class that builds on none of Keras
NOT_IN_NAMES = re.compile(r"[^\w.<>-]")  # signs that no name of a class, a function or a loss has
BoundedLength = msgspec.Meta(max_length=MAX_MODEL_ITEMS)  # layers of a model, weights of a layer, axes of an input


@dataclass(frozen=True)
class Layer:
    """A layer of a Keras model, as data. Kernels are (n_in, units)."""

    kind: str  # the class of Keras; of a class of the submission's own, the one that it builds on
    units: Any
    activation: str | None
    use_bias: bool
    weights: list[np.ndarray[Any, Any]]
    trainable: bool = True


@dataclass(frozen=True)
class Tensor:
    """An array that a student's function gets as a tensor of TensorFlow, alone or in lists and tuples."""

    array: Any


@dataclass(frozen=True)
class KerasModel:
    """A Keras model, as data. One that came from a student can be asked what it computes.

    Kinds, names and settings are what the model says of itself, and good for messages: a wrong loss may have a right
    name, and a right one a name of its own. Judge by what is computed, with weights that the case chooses:

        model = student.build_model(6, (5, 1)).with_weights([kernel1, bias1, kernel2, bias2])
        close(model(X), A)                        # the outputs, examples in rows
        close(model.loss_of(X, Y), cost)          # a number: regularisers and dropout count, as in training
        model.through(X)                          # the outputs of each layer in turn, and last the model's own
        model.after_step(X, Y)                    # the weights after one step of training
        model.optimized(numbers, gradients)       # what the optimizer makes of numbers: see grader.checks.adam

    Asking leaves the student's model as it is. What a model can't answer is the student's error.
    """

    kind: str  # as that of a layer: "Sequential" for whatever builds on Sequential
    layers: tuple[Layer, ...]
    loss: str | None
    from_logits: bool
    optimizer: str | None
    input_shape: tuple[int | None, ...] | None
    settings: dict[str, float] = field(default_factory=dict)  # numbers that the optimizer is set to: learning_rate ...
    ask: Callable[[dict[str, Any]], Any] | None = None
    weights: tuple[Any, ...] | None = None  # that it is asked with; None: its own

    @property
    def compiled(self) -> bool:
        return self.loss is not None or self.optimizer is not None

    def __call__(self, rows: Any) -> Any:
        """The outputs for examples in rows."""
        return self._ask_worker("answer", rows=rows)

    def with_weights(self, weights: Sequence[Any]) -> KerasModel:
        """The same model, asked with these weights in it: kernel and bias of the first layer, then of the next."""
        return replace(self, weights=tuple(np.asarray(each, np.float32) for each in weights))

    def through(self, rows: Any) -> Any:
        """The outputs of each layer in turn, and last those of the model itself, for examples in rows."""
        return self._ask_worker("through", rows=rows)

    def loss_of(self, rows: Any, labels: Any) -> Any:
        """The loss that the model is compiled with, on a batch: examples and labels in rows."""
        return self._ask_worker("loss_of", rows=rows, labels=labels)

    def after_step(self, rows: Any, labels: Any) -> Any:
        """The weights after one step of training on a batch, as `with_weights` takes them.

        The optimizer is set as the model's, and has done nothing before.
        """
        return self._ask_worker("after_step", rows=rows, labels=labels)

    def optimized(self, numbers: Any, gradients: Sequence[Any]) -> Any:
        """What such an optimizer makes of an array of numbers, after each step; one array of gradients a step."""
        return self._ask_worker(
            "optimized", numbers=np.asarray(numbers), gradients=[np.asarray(each) for each in gradients]
        )

    def _ask_worker(self, what: str, **arguments: Any) -> Any:
        if self.ask is None:
            raise TypeError("only a model that came from a student can be asked")
        weights = None if self.weights is None else list(self.weights)
        return self.ask({"what": what, "weights": weights, "arguments": arguments})

    @classmethod
    def dense(
        cls, weights: Sequence[tuple[Any, Any]], activation: str = "sigmoid", frozen: Sequence[int] = ()
    ) -> KerasModel:
        """A Sequential of Dense layers from (kernel (n_in, units), bias (units,)) pairs, to hand to a student.

        The layers with the indices `frozen` can't be trained.
        """
        layers = tuple(
            Layer("Dense", kernel.shape[1], activation, True, [np.asarray(kernel), np.asarray(bias)], i not in frozen)
            for i, (kernel, bias) in enumerate(weights)
        )
        shape = (None, layers[0].weights[0].shape[0])
        return cls("Sequential", layers, "binary_crossentropy", False, "adam", shape)

    @classmethod
    def from_description(cls, description: Description, ask: Callable[[dict[str, Any]], Any]) -> KerasModel:
        """Return the model that a worker described."""
        return cls(
            kind=_name(description.kind),
            layers=tuple(map(_layer, description.layers)),
            loss=_name(description.loss),
            from_logits=description.from_logits,
            optimizer=_name(description.optimizer),
            input_shape=None if description.input_shape is None else tuple(description.input_shape),
            settings=description.settings,
            ask=ask,
        )


class LayerDescription(msgspec.Struct):
    """A layer as a worker describes it. A layer of the student's own may have anything as its `units`."""

    kind: str
    activation: str | None
    use_bias: bool
    trainable: bool
    weights: Annotated[list[np.ndarray[Any, Any]], BoundedLength]
    units: Any = None


class Description(msgspec.Struct):
    """A model as a worker describes it: `msgspec.convert` raises ValidationError for every other form."""

    handle: int  # by which the worker knows the model
    kind: str
    layers: Annotated[list[LayerDescription], BoundedLength]
    loss: str | None
    from_logits: bool
    optimizer: str | None
    input_shape: Annotated[list[int | None], BoundedLength] | None
    settings: Annotated[dict[str, float], BoundedLength]


def _layer(description: LayerDescription) -> Layer:
    units = description.units if type(description.units) is int else None
    activation = _name(description.activation)
    return Layer(
        _name(description.kind), units, activation, description.use_bias, description.weights, description.trainable
    )


@overload
def _name(text: str) -> str: ...
@overload
def _name(text: None) -> None: ...
@overload
def _name(text: str | None) -> str | None: ...
def _name(text: str | None) -> str | None:
    """Return a name that the student chose (`loss="..."`, a class's) as one word, for cases put it in sentences."""
    if text is None:
        return None
    word, foreign, _ = text.partition(NOT_KERAS_SUFFIX)
    return NOT_IN_NAMES.sub("_", word[:MAX_NAME]) + foreign
