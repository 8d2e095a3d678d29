"""Helpers of trivial answers. This code is appended to the solution, and runs only in the sandbox.

Numbers in lists, tuples and dicts are replaced, and text becomes empty. A Keras model becomes a fake of the same
classes, with the right names, settings and shapes, which computes nothing.
"""

import numpy as _np

_random_numbers = _np.random.default_rng(0)
_earlier = []


def _zeros(shape, integer):
    return _np.zeros(shape)


def _ones(shape, integer):
    return _np.ones(shape)


def _halves(shape, integer):
    return _np.zeros(shape) if integer else _np.full(shape, 0.5)


def _random(shape, integer):
    return _random_numbers.integers(0, 2, shape) if integer else _random_numbers.uniform(size=shape)


def _filled(value, fill):
    """Return the value with other numbers, from `fill(shape, integer)`."""
    if isinstance(value, list | tuple):
        return type(value)(_filled(inner, fill) for inner in value)
    if isinstance(value, dict):
        return {key: _filled(inner, fill) for key, inner in value.items()}
    if isinstance(value, str | bytes):
        return value[:0]
    if isinstance(value, bool | int | float):
        return type(value)(fill((), isinstance(value, int)))
    if hasattr(value, "__array__"):
        array = _np.asarray(value)
        return fill(array.shape, array.dtype.kind != "f").astype(array.dtype)
    if isinstance(value, set | frozenset | complex):
        return type(value)()
    return _fake(value, fill) if hasattr(value, "get_weights") else value


def _before(value):
    """Return the right answer to an earlier call, if it differs from `value`; else zeros."""
    if hasattr(value, "get_weights"):
        return _fake(value, _zeros)
    others = [each for each in _earlier if repr(each) != repr(value)]
    _earlier[:] = [*others[-1:], value]
    return others[-1] if others else _filled(value, _zeros)


def _like(thing, **attributes):
    """Return an uninitialised object of a subclass of the class of `thing`, with the same name."""
    return object.__new__(type(type(thing).__name__, (type(thing),), attributes))


def _fake(model, fill):
    layers = [_fake_layer(layer, fill) for layer in model.layers]
    units = next((layer.units for layer in reversed(layers) if layer.units), 1)
    weights = [weight for layer in layers for weight in layer.get_weights()]
    settings = {name: getattr(model, name, None) for name in ("loss", "optimizer", "input_shape")}

    def answer(self, rows, *arguments, **named):
        return fill((len(rows), units), False).astype(_np.float32)

    def number(self, *arguments, **named):
        return fill((), False)

    return _like(
        model,
        **dict.fromkeys(("__call__", "call", "predict"), answer),
        **dict.fromkeys(("compute_loss", "evaluate", "test_on_batch", "train_on_batch"), number),
        layers=property(lambda self: layers),
        loss=property(
            lambda self: settings["loss"] if isinstance(settings["loss"], str | None) else _like(settings["loss"])
        ),
        optimizer=property(lambda self: settings["optimizer"] and _fake_optimizer(settings["optimizer"])),
        input_shape=property(lambda self: settings["input_shape"]),
        weights=property(lambda self: weights),
        variables=property(lambda self: []),
        trainable_variables=property(lambda self: []),
        get_weights=lambda self: weights,
        set_weights=lambda self, given: None,
    )


def _fake_layer(layer, fill):
    weights = [fill(weight.shape, True).astype(_np.float32) for weight in layer.get_weights()]

    def activation(*arguments, **named):
        return fill((), False)

    activation.__name__ = getattr(getattr(layer, "activation", None), "__name__", "")
    return _like(
        layer,
        units=getattr(layer, "units", None),
        use_bias=getattr(layer, "use_bias", False),
        activation=staticmethod(activation),
        weights=weights,
        get_weights=lambda self: weights,
        set_weights=lambda self, given: None,
    )


def _fake_optimizer(optimizer):
    fake = _like(
        optimizer,
        learning_rate=1e-3,
        apply_gradients=lambda self, pairs: None,
        get_config=lambda self: {"learning_rate": 1e-3},
        from_config=lambda config: fake,
    )
    return fake
