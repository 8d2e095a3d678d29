"""Describes a Keras model as data, computes with it, and builds a model from data.

Keras stores the kernel of a Dense layer as (n_in, units) and takes examples as rows. Names and settings are the
model's own claims. What counts is what it computes, on inputs and with weights that the trusted side chooses. Asking
leaves the model unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


def describe_model(model: Any) -> dict[str, Any]:
    """Return the kind, layers, loss and optimizer of a model as plain values."""
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


def make_model(description: dict[str, Any]) -> Any:
    """Return a Sequential of Dense layers with the given kernels and biases.

    It isn't compiled, because nobody trains it.
    """
    import tensorflow as tf

    kernels = [kernel for kernel, _ in description["layers"]]
    layers = []
    for i, kernel in enumerate(kernels):
        name = f"layer_{len(kernels) - i}"  # names in reverse: student code must not sort by them
        dense = tf.keras.layers.Dense(kernel.shape[1], description["activation"], kernel_initializer="zeros", name=name)
        dense.trainable = i not in description["frozen"]
        layers.append(dense)
    # All layers at once: Keras rebuilds the whole model after each `add`.
    model = tf.keras.Sequential([tf.keras.Input((kernels[0].shape[0],)), *layers])
    for layer, (kernel, bias) in zip(model.layers, description["layers"], strict=True):
        layer.kernel.assign(kernel)
        layer.bias.assign(bias)
    return model


def tensor(array: Any) -> Any:
    """Return an array as a TensorFlow tensor."""
    import tensorflow as tf

    return tf.constant(array)


def model_answer(model: Any, what: str, weights: list[Any] | None, arguments: dict[str, Any]) -> Any:
    """Return what a model computes: see QUESTIONS.

    :param weights: used for this question only, in the order of the layers; None for the model's own
    """
    if what == "optimized":  # concerns numbers outside of the model
        return _optimized(model, **arguments)
    with _state_restored(model):
        if weights is not None:
            _set_weights(model, weights)
        return QUESTIONS[what](model, **arguments)


def _answer(model: Any, rows: Any) -> Any:
    """Return the outputs for examples in rows. A direct call takes a sixth of the time of `predict`."""
    return model(_tensor(rows))


def _through(model: Any, rows: Any) -> list[Any]:
    """Return the output of each layer in turn, and last the model's own, which may not use its layers."""
    x, outputs = _tensor(rows), []
    for layer in _layers(model):
        x = layer(x)
        outputs.append(np.asarray(x))
    return [*outputs, _answer(model, rows)]


def _loss_of(model: Any, rows: Any, labels: Any) -> Any:
    """Return the loss on a batch, as in a step of training.

    The loss receives the outputs as plain numbers. Otherwise Keras would remember the input of a final sigmoid, and
    accept from_logits=True for probabilities.
    """
    x, y = _tensor(rows), _tensor(labels)
    return model.compute_loss(x=x, y=y, y_pred=_tensor(np.asarray(model(x, training=True))))


def _after_step(model: Any, rows: Any, labels: Any) -> list[Any]:
    """Return the weights after one step of training on a batch, with a new optimizer that has the model's settings."""
    import tensorflow as tf

    x, y, optimizer = _tensor(rows), _tensor(labels), _fresh_optimizer(model)
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x=x, y=y, y_pred=model(x, training=True))
    variables = model.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
    return [weight for layer in _layers(model) for weight in layer.get_weights()]


def _optimized(model: Any, numbers: Any, gradients: list[Any]) -> list[Any]:
    """Return an array of numbers after each step of a new optimizer, with one array of gradients for each step."""
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
    """Restore weights, moving averages and random states of a model at the end of this context."""
    before = [(variable, np.array(variable)) for variable in model.variables]
    try:
        yield
    finally:
        for variable, value in before:
            variable.assign(value)


def _set_weights(model: Any, weights: list[Any]) -> None:
    """Set the weights of a model. Raises ValueError if they don't fit."""
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
    """Return the Keras class of an object: of a submission's own class, its base class in Keras."""
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
    """Return the numeric settings of the optimizer. A scheduled learning rate counts with its current value."""
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
