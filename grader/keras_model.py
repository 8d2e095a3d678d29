"""Keras models as data: what a case reads of a student's model, and what it hands to a student.

TensorFlow itself is only ever imported in the sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np


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
        model.through(X)                          # the outputs of each layer in turn
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
        return self._asked("answer", rows=rows)

    def with_weights(self, weights: Sequence[Any]) -> KerasModel:
        """The same model, asked with these weights in it: kernel and bias of the first layer, then of the next."""
        return replace(self, weights=tuple(np.asarray(each, np.float32) for each in weights))

    def through(self, rows: Any) -> Any:
        """The outputs of each layer in turn, for examples in rows."""
        return self._asked("through", rows=rows)

    def loss_of(self, rows: Any, labels: Any) -> Any:
        """The loss that the model is compiled with, on a batch: examples and labels in rows."""
        return self._asked("loss_of", rows=rows, labels=labels)

    def after_step(self, rows: Any, labels: Any) -> Any:
        """The weights after one step of training on a batch, as `with_weights` takes them.

        The optimizer is set as the model's, and has done nothing before.
        """
        return self._asked("after_step", rows=rows, labels=labels)

    def optimized(self, numbers: Any, gradients: Sequence[Any]) -> Any:
        """What such an optimizer makes of an array of numbers, after each step; one array of gradients a step."""
        return self._asked("optimized", numbers=np.asarray(numbers), gradients=[np.asarray(each) for each in gradients])

    def _asked(self, what: str, **arguments: Any) -> Any:
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
    def from_description(cls, told: Any, ask: Callable[[dict[str, Any]], Any]) -> KerasModel:
        """The model that a worker described. Raises TypeError or KeyError when the form is not right."""
        shape = told["input_shape"]
        return cls(
            kind=_of(str, told["kind"]),
            layers=tuple(map(_layer, _of(list, told["layers"]))),
            loss=_of((str, type(None)), told["loss"]),
            from_logits=_of(bool, told["from_logits"]),
            optimizer=_of((str, type(None)), told["optimizer"]),
            input_shape=None if shape is None else tuple(_of((int, type(None)), size) for size in shape),
            settings={_of(str, name): _of(float, value) for name, value in _of(dict, told["settings"]).items()},
            ask=ask,
        )


def _layer(told: Any) -> Layer:
    return Layer(
        kind=_of(str, told["kind"]),
        units=told["units"],
        activation=_of((str, type(None)), told["activation"]),
        use_bias=_of(bool, told["use_bias"]),
        trainable=_of(bool, told["trainable"]),
        weights=[_of(np.ndarray, weight) for weight in _of(list, told["weights"])],
    )


def _of(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} is not what a model's description has here")
    return value
