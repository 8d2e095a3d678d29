"""Keras models as data: what a case reads of a student's model, and what it passes to a student's function.

TensorFlow itself is imported only in the sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, overload

import msgspec
import numpy as np

from grader.sandbox.limits import MAX_MODEL_ITEMS, MAX_NAME

NOT_KERAS_SUFFIX = ", no class of Keras"  # a worker appends this to the name of a class without a base class of Keras
NOT_IN_NAMES = re.compile(r"[^\w.<>-]")  # characters that don't occur in names of classes, functions and losses
BoundedLength = msgspec.Meta(max_length=MAX_MODEL_ITEMS)


@dataclass(frozen=True)
class Layer:
    """A layer of a Keras model, as data. Kernels have shape (n_in, units)."""

    kind: str  # the class of Keras, or the base class of Keras if the submission defines the class
    units: Any
    activation: str | None
    use_bias: bool
    weights: list[np.ndarray[Any, Any]]
    trainable: bool = True


@dataclass(frozen=True)
class Tensor:
    """An array that a student's function receives as a TensorFlow tensor, alone or in lists and tuples."""

    array: Any


@dataclass(frozen=True)
class KerasModel:
    """A Keras model, as data. A model that a student returned can be asked what it computes.

    Kinds, names and settings are the model's own claims, good for messages only: a wrong loss may have a right name,
    and a right loss a name of its own. Judge by what the model computes, with weights that the case chooses:

        model = student.build_model(6, (5, 1)).with_weights([kernel1, bias1, kernel2, bias2])
        close(model(X), A)                        # the outputs, examples in rows
        close(model.loss_of(X, Y), cost)          # a number; includes regularisers and dropout, as in training
        model.through(X)                          # the outputs of each layer in turn, then the model's own
        model.after_step(X, Y)                    # the weights after one step of training
        model.optimized(numbers, gradients)       # numbers after steps of the optimizer: see grader.checks.adam

    Asking leaves the student's model unchanged. A question that a model can't answer raises StudentError.
    """

    kind: str  # the class of Keras, or the base class of Keras
    layers: tuple[Layer, ...]
    loss: str | None
    from_logits: bool
    optimizer: str | None
    input_shape: tuple[int | None, ...] | None
    settings: dict[str, float] = field(default_factory=dict)  # numeric settings of the optimizer: learning_rate ...
    ask: Callable[[dict[str, Any]], Any] | None = None
    weights: tuple[Any, ...] | None = None  # to use in questions; None: the model's own

    @property
    def compiled(self) -> bool:
        """Return whether the model has a loss or an optimizer."""
        return self.loss is not None or self.optimizer is not None

    def __call__(self, rows: Any) -> Any:
        """Return the model's outputs for examples in rows."""
        return self._ask_worker("answer", rows=rows)

    def with_weights(self, weights: Sequence[Any]) -> KerasModel:
        """Return the model with other weights: kernel and bias of the first layer, then of the next, and so on."""
        return replace(self, weights=tuple(np.asarray(each, np.float32) for each in weights))

    def through(self, rows: Any) -> Any:
        """Return the outputs of each layer in turn, and last the model's own, for examples in rows."""
        return self._ask_worker("through", rows=rows)

    def loss_of(self, rows: Any, labels: Any) -> Any:
        """Return the loss that the model is compiled with, for a batch with examples and labels in rows."""
        return self._ask_worker("loss_of", rows=rows, labels=labels)

    def after_step(self, rows: Any, labels: Any) -> Any:
        """Return the weights after one step of training on a batch, in the form that `with_weights` takes.

        The optimizer has the model's settings and has made no step before.
        """
        return self._ask_worker("after_step", rows=rows, labels=labels)

    def optimized(self, numbers: Any, gradients: Sequence[Any]) -> Any:
        """Return an array of numbers after each step of the model's optimizer, with one array of gradients for each
        step.
        """
        return self._ask_worker(
            "optimized", numbers=np.asarray(numbers), gradients=[np.asarray(each) for each in gradients]
        )

    def _ask_worker(self, what: str, **arguments: Any) -> Any:
        if self.ask is None:
            raise TypeError("this model is data without a worker; only a model that a student returned can be asked")
        weights = None if self.weights is None else list(self.weights)
        return self.ask({"what": what, "weights": weights, "arguments": arguments})

    @classmethod
    def dense(
        cls, weights: Sequence[tuple[Any, Any]], activation: str = "sigmoid", frozen: Sequence[int] = ()
    ) -> KerasModel:
        """Return a Sequential of Dense layers, to pass to a student's function.

        :param weights: a (kernel (n_in, units), bias (units,)) pair for each layer
        :param frozen: indices of layers that can't be trained
        """
        layers = tuple(
            Layer("Dense", kernel.shape[1], activation, True, [np.asarray(kernel), np.asarray(bias)], i not in frozen)
            for i, (kernel, bias) in enumerate(weights)
        )
        shape = (None, layers[0].weights[0].shape[0])
        return cls("Sequential", layers, "binary_crossentropy", False, "adam", shape)

    @classmethod
    def from_description(cls, description: Description, ask: Callable[[dict[str, Any]], Any]) -> KerasModel:
        """Return a model from a worker's description. `ask` sends a question about it to the worker."""
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
    """A layer as a worker describes it. `units` of a student's own layer may be anything."""

    kind: str
    activation: str | None
    use_bias: bool
    trainable: bool
    weights: Annotated[list[np.ndarray[Any, Any]], BoundedLength]
    units: Any = None


class Description(msgspec.Struct):
    """A model as a worker describes it. `msgspec.convert` raises ValidationError for any other form."""

    handle: int  # the worker's number of the model
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
    """Return a name that the student chose (`loss="..."`, a class) as a single word: cases use it in sentences."""
    if text is None:
        return None
    word, foreign, _ = text.partition(NOT_KERAS_SUFFIX)
    return NOT_IN_NAMES.sub("_", word[:MAX_NAME]) + foreign
