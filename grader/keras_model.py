"""Keras models as data: what a case reads of a student's model, and what it hands to a student.

TensorFlow itself is only ever imported in the sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


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
    def from_description(cls, told: Any, ask: Callable[[Any], Any]) -> KerasModel:
        """The model that a worker described. Raises TypeError or KeyError when the form is not right."""
        shape = told["input_shape"]
        return cls(
            kind=_of(str, told["kind"]),
            layers=tuple(map(_layer, _of(list, told["layers"]))),
            loss=_of((str, type(None)), told["loss"]),
            from_logits=_of(bool, told["from_logits"]),
            optimizer=_of((str, type(None)), told["optimizer"]),
            input_shape=None if shape is None else tuple(_of((int, type(None)), size) for size in shape),
            ask=ask,
        )


def _layer(told: Any) -> Layer:
    return Layer(
        kind=_of(str, told["kind"]),
        units=told["units"],
        activation=_of((str, type(None)), told["activation"]),
        use_bias=_of(bool, told["use_bias"]),
        weights=[_of(np.ndarray, weight) for weight in _of(list, told["weights"])],
    )


def _of(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} is not what a model's description has here")
    return value
