"""Inside the worker: reads a Keras model as data, computes with it, and builds one from data.

Keras stores the kernel of a Dense layer as (n_in, units) and takes examples as rows. Names and settings are what the
model says of itself. What it computes, on inputs and with weights that the other side chooses, is what counts; it
leaves the model as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


def describe(model: Any) -> dict[str, Any]:
    """What a case may want to know of a model, as plain values."""
    loss, from_logits = _loss(model)
    return {
        "kind": _kind(model),
        "layers": [_layer(layer) for layer in _layers(model)],
        "loss": loss,
        "from_logits": from_logits,
        "optimizer": _optimizer(model),
        "settings": _settings(model),
        "input_shape": _input_shape(model),
    }


def build(description: dict[str, Any]) -> Any:
    """A Sequential of Dense layers with the given kernels and biases. Not compiled: nobody trains it."""
    import tensorflow as tf

    kernels = [kernel for kernel, _ in description["layers"]]
    layers = []
    for i, kernel in enumerate(kernels):
        name = f"layer_{len(kernels) - i}"  # names are no order to go by
        dense = tf.keras.layers.Dense(kernel.shape[1], description["activation"], kernel_initializer="zeros", name=name)
        dense.trainable = i not in description["frozen"]
        layers.append(dense)
    # All at once: after each `add` Keras builds the whole model again.
    model = tf.keras.Sequential([tf.keras.Input((kernels[0].shape[0],)), *layers])
    for layer, (kernel, bias) in zip(model.layers, description["layers"], strict=True):
        layer.kernel.assign(kernel)
        layer.bias.assign(bias)
    return model


def tensor(array: Any) -> Any:
    import tensorflow as tf

    return tf.constant(array)


def ask(model: Any, what: str, weights: list[Any] | None, arguments: dict[str, Any]) -> Any:
    """What the model computes: see QUESTIONS. `weights`, in the order of its layers, are put into it for this once."""
    if what == "optimized":  # of numbers that are no part of the model
        return _optimized(model, **arguments)
    with _state_restored(model):
        if weights is not None:
            _set_weights(model, weights)
        return QUESTIONS[what](model, **arguments)


def _answer(model: Any, rows: Any) -> Any:
    """The outputs for examples in rows, by a direct call: `predict` takes six times as long."""
    return model(_tensor(rows))


def _through(model: Any, rows: Any) -> list[Any]:
    """What comes out of each layer in turn, and last what the model itself gives, which may not use its layers."""
    x, outputs = _tensor(rows), []
    for layer in _layers(model):
        x = layer(x)
        outputs.append(np.asarray(x))
    return [*outputs, _answer(model, rows)]


def _loss_of(model: Any, rows: Any, labels: Any) -> Any:
    """The loss on a batch, as in a step of training.

    The loss gets the outputs as plain numbers. Keras would otherwise remember with the output of a sigmoid what went
    into it, and overlook that a loss with from_logits=True is none for probabilities.
    """
    x, y = _tensor(rows), _tensor(labels)
    return model.compute_loss(x=x, y=y, y_pred=_tensor(np.asarray(model(x, training=True))))


def _after_step(model: Any, rows: Any, labels: Any) -> list[Any]:
    """The weights after one step of training on a batch, by an optimizer like the model's that has done nothing yet."""
    import tensorflow as tf

    x, y, optimizer = _tensor(rows), _tensor(labels), _fresh_optimizer(model)
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x=x, y=y, y_pred=model(x, training=True))
    variables = model.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
    return [weight for layer in _layers(model) for weight in layer.get_weights()]


def _optimized(model: Any, numbers: Any, gradients: list[Any]) -> list[Any]:
    """What such an optimizer makes of an array of numbers, after each step, with one array of gradients for each."""
    import tensorflow as tf

    optimizer, after = _fresh_optimizer(model), []
    variable = tf.keras.Variable(np.asarray(numbers, np.float32))
    for gradient in gradients:
        optimizer.apply_gradients([(_tensor(gradient), variable)])
        after.append(np.array(variable))
    return after


QUESTIONS: dict[str, Callable[..., Any]] = {
    "answer": _answer,
    "through": _through,
    "loss_of": _loss_of,
    "after_step": _after_step,
}


@contextmanager
def _state_restored(model: Any) -> Iterator[None]:
    """Puts everything back that a model holds: weights, moving averages, states of random numbers."""
    before = [(variable, np.array(variable)) for variable in model.variables]
    try:
        yield
    finally:
        for variable, value in before:
            variable.assign(value)


def _set_weights(model: Any, weights: list[Any]) -> None:
    """Raises ValueError where they don't fit."""
    start = 0
    for layer in _layers(model):
        end = start + len(layer.get_weights())
        layer.set_weights(weights[start:end])
        start = end
    if start != len(weights):
        raise ValueError(f"the model has {start} arrays of weights; expected {len(weights)}")


def _fresh_optimizer(model: Any) -> Any:
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        raise ValueError("the model isn't compiled with an optimizer")
    return type(optimizer).from_config(optimizer.get_config())


def _tensor(numbers: Any) -> Any:
    import tensorflow as tf

    return tf.convert_to_tensor(np.asarray(numbers, np.float32))


def _layers(model: Any) -> list[Any]:
    return [layer for layer in model.layers if _kind(layer) != "InputLayer"]


def _kind(thing: Any) -> str:
    """The class of Keras that an object belongs to: a class of the submission counts as that which it builds on."""
    for each in type(thing).__mro__:
        if str(each.__module__).partition(".")[0] == "keras":
            return each.__name__
    return f"{type(thing).__name__}<not-of-Keras>"


def _layer(layer: Any) -> dict[str, Any]:
    activation = getattr(layer, "activation", None)
    return {
        "kind": _kind(layer),
        "units": getattr(layer, "units", None),
        "activation": None if activation is None else getattr(activation, "__name__", _snake(activation)),
        "use_bias": bool(getattr(layer, "use_bias", False)),
        "trainable": bool(getattr(layer, "trainable", False)),
        "weights": [np.asarray(weight) for weight in layer.get_weights()],
    }


def _loss(model: Any) -> tuple[str | None, bool]:
    loss = getattr(model, "loss", None)
    if isinstance(loss, list | tuple) and len(loss) == 1:
        loss = loss[0]
    if loss is None or isinstance(loss, str):
        return (None if loss is None else _snake_name(loss)), False
    name = getattr(loss, "__name__", None) or _kind(loss)
    config = loss.get_config() if hasattr(loss, "get_config") else {}
    return _snake_name(name), bool(config.get("from_logits", getattr(loss, "from_logits", False)))


def _optimizer(model: Any) -> str | None:
    optimizer = getattr(model, "optimizer", None)
    return None if optimizer is None else _kind(optimizer).lower()


def _settings(model: Any) -> dict[str, float]:
    """The numbers among the settings of the optimizer. A learning rate that changes counts as what it is now."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None or not hasattr(optimizer, "get_config"):
        return {}
    message = {str(name): float(value) for name, value in optimizer.get_config().items() if type(value) in (int, float)}
    rate = getattr(optimizer, "learning_rate", None)
    return message if rate is None else {**message, "learning_rate": float(np.asarray(rate))}


def _input_shape(model: Any) -> list[int | None] | None:
    try:
        shape = list(model.input_shape)
    except (AttributeError, TypeError, ValueError):
        return None  # not built yet
    return shape if all(size is None or isinstance(size, int) for size in shape) else None  # several inputs


def _snake(thing: Any) -> str:
    return _snake_name(type(thing).__name__)


def _snake_name(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
