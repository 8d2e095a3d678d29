"""A Keras model is judged by what it computes: names of classes, losses and optimizers prove nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from grader import checks
from grader.assignments.loader import load
from grader.authoring.quality.solution import Solution
from grader.authoring.quality.trivial_answers import trivial_answers
from grader.diagnosis.probes import Recorder
from grader.grading import call_summary
from grader.models import Limits, Status, Submission
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.model_view import KerasModel, Tensor
from grader.sandbox.client.student_proxy import StudentProxy
from tests.factories import SETTINGS, notebook, submission
from tests.helpers.grading import GradedClass
from tests.helpers.kept_helpers import shared_launcher

MODELS = """
import numpy as np
import tensorflow as tf
keras = tf.keras
layers = keras.layers

def network(activation="sigmoid", extra=(), optimizer="adam", loss="binary_crossentropy", **others):
    dense = [layers.Dense(4, activation=activation), *extra, layers.Dense(1, activation=activation, **others)]
    model = keras.Sequential([keras.Input((3,)), *dense])
    model.compile(loss=loss, optimizer=optimizer)
    return model

def plain():
    return network()

def own_sigmoid(z):
    return 1 / (1 + tf.exp(-z))

def of_own_sigmoid():
    return network(own_sigmoid)

def of_layers():
    model = keras.Sequential([keras.Input((3,))])
    for units in (4, 1):
        model.add(layers.Dense(units))
        model.add(layers.Activation("sigmoid"))
    model.compile(loss="bce", optimizer="Adam", metrics=["accuracy"])
    return model

class Digits(keras.Sequential):
    pass

class Layer(layers.Dense):
    pass

class Slow(keras.optimizers.Adam):
    pass

def of_own_classes():
    model = Digits([keras.Input((3,)), Layer(4, "sigmoid"), Layer(1, "sigmoid")])
    model.compile(loss=keras.losses.BinaryCrossentropy(), optimizer=Slow(1e-4))
    return model

def my_loss(y, p):
    p = tf.clip_by_value(p, 1e-7, 1 - 1e-7)
    return -tf.reduce_mean(y * tf.math.log(p) + (1 - y) * tf.math.log(1 - p))

def of_own_loss():
    return network(loss=my_loss, optimizer=keras.optimizers.Adam(0.05))

def compiled_at_once():
    model = network()
    model.compile(loss="binary_crossentropy", optimizer="adam", jit_compile=True, metrics=["acc", "mae"])
    return model

def trained():
    model = network()
    model.fit(np.ones((8, 3)), np.ones((8, 1)), epochs=3, verbose=0)
    return model

def of_schedule():
    schedule = keras.optimizers.schedules.ExponentialDecay(1e-2, 1000, 0.9)
    return network(optimizer=keras.optimizers.Adam(schedule))

def binary_crossentropy(y, p):
    return tf.reduce_mean((y - p) ** 2)

def squared_by_name():
    return network(loss=binary_crossentropy)

def from_logits():
    return network(loss=keras.losses.BinaryCrossentropy(from_logits=True))

def smoothed():
    return network(loss=keras.losses.BinaryCrossentropy(label_smoothing=0.1))

def summed():
    return network(loss=keras.losses.BinaryCrossentropy(reduction="sum"))

def weighted():
    model = network()
    model.compile(loss="binary_crossentropy", loss_weights=[2.0], optimizer="adam")
    return model

def regular():
    return network(kernel_regularizer=keras.regularizers.L2(0.01))

def with_dropout():
    return network(extra=[layers.Dropout(0.5)])

def squared():
    return network(loss="mse")

def hard():
    return network("hard_sigmoid")

def sigmoid(z):
    return tf.nn.relu(z)

def relu_by_name():
    return network(sigmoid)

def swish_inside():
    return network("silu")

def frozen():
    model = network()
    model.layers[0].trainable = False
    return model

class Adam(keras.optimizers.SGD):
    pass

def sgd_by_name():
    return network(optimizer=Adam())

def optimizer(name):
    return network(optimizer=name)

def rmsprop_told_as_adam():
    class Adam(keras.optimizers.RMSprop):
        def get_config(self):
            return {**super().get_config(), "beta_1": 0.9, "beta_2": 0.999}
        @classmethod
        def from_config(cls, config):
            return cls(config["learning_rate"])
    return network(optimizer=Adam())

def tiny_rate():
    return network(optimizer=keras.optimizers.Adam(1e-12))

def not_compiled():
    return keras.Sequential([keras.Input((3,)), layers.Dense(4, "sigmoid"), layers.Dense(1, "sigmoid")])

def plain_classes():
    class Dense:
        units, use_bias = 4, True
        def activation(self): pass
        def get_weights(self): return []
        def set_weights(self, weights): pass
    class Sequential(keras.Model):
        layers = [Dense(), Dense()]
        loss = property(lambda self: "binary_crossentropy")
        input_shape = (None, 3)
        def __call__(self, rows, **named):
            return np.full((len(rows), 1), 0.5)
    return object.__new__(Sequential)

def takes(model, *changes):
    for change in changes:
        if change == "pop":
            model.pop()
        elif change == "freeze":
            model.layers[0].trainable = False
    return [layer.name for layer in model.layers], [layer.trainable for layer in model.layers]

def is_tensor(value, pairs):
    return [tf.is_tensor(value), value.dtype.name, tf.is_tensor(pairs[0][0]), tf.is_tensor(pairs[0][1])]

kept = network()

def again():
    return kept

def all_of_kept():
    optimizer = [np.array(v) for v in kept.optimizer.variables]
    return [np.array(v).tolist() for v in kept.variables], optimizer, bool(kept.optimizer.built)
"""
RIGHT = ("plain", "of_own_sigmoid", "of_layers", "of_own_classes", "of_own_loss", "compiled_at_once", "trained")


@pytest.fixture(scope="module")
def student() -> Iterator[StudentProxy]:
    """A worker with all of these models."""
    names = [
        "network",
        "all_of_kept",
        *(line[4:].partition("(")[0] for line in MODELS.splitlines() if line[:4] == "def "),
    ]
    limits = Limits(load_seconds=120, call_seconds=120, total_seconds=600, memory_mb=2000)
    with shared_launcher("numpy", "tensorflow") as launcher:
        handle = StudentProxy(submission(MODELS), names, launcher, limits)
        yield handle
        handle.close()


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture
def weights(rng: np.random.Generator) -> list[np.ndarray]:
    return [rng.normal(size=shape) for shape in ((3, 4), (4,), (4, 1), (1,))]


@pytest.fixture
def batch(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    return rng.normal(size=(6, 3)), np.array([[0.0, 1, 1, 0, 1, 0]]).T


def forward(X: np.ndarray, weights: list[np.ndarray]) -> list[np.ndarray]:
    """The activations of the network, by hand."""
    outputs = [X]
    for kernel, bias in zip(weights[::2], weights[1::2], strict=True):
        outputs.append(1 / (1 + np.exp(-(outputs[-1] @ kernel + bias))))
    return outputs


def cost(A: np.ndarray, Y: np.ndarray) -> float:
    return float(-np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)))


def model_of(student: StudentProxy, name: str, *arguments: object) -> KerasModel:
    model = getattr(student, name)(*arguments)
    assert isinstance(model, KerasModel)
    return model


def holds(check: Callable[..., None], *arguments: object) -> bool:
    """Whether a check is passed; a model that can't answer fails it."""
    try:
        check(*arguments)
    except (checks.CheckFailed, StudentError):
        return False
    return True


@pytest.mark.parametrize("name", [*RIGHT, "of_schedule"])
def test_a_right_model_is_right_whatever_its_parts_are_called(
    student: StudentProxy,
    rng: np.random.Generator,
    weights: list[np.ndarray],
    batch: tuple[np.ndarray, np.ndarray],
    name: str,
) -> None:
    """Outputs, layers, loss and optimizer: own functions and classes, layers of activation, metrics, a past."""
    X, Y = batch
    model = model_of(student, name).with_weights(weights)
    A = forward(X, weights)
    assert model.kind == "Sequential" and model.layers[0].kind == "Dense"
    checks.close(model(X), A[-1], atol=1e-5)
    checks.close(model.through(X)[-1], A[-1], atol=1e-5)
    checks.close(model.loss_of(X, Y), cost(A[-1], Y), rtol=1e-4)
    checks.adam(model, rng)


def test_the_outputs_of_each_layer(
    student: StudentProxy, weights: list[np.ndarray], batch: tuple[np.ndarray, np.ndarray]
) -> None:
    """One after another, without the input, and then what the model itself gives."""
    X, _ = batch
    *outputs, answer = model_of(student, "plain").with_weights(weights).through(X)
    assert len(outputs) == 2
    checks.close(answer, outputs[-1])
    for got, want in zip(outputs, forward(X, weights)[1:], strict=True):
        checks.close(got, want, atol=1e-5)


@pytest.mark.parametrize(
    "name",
    ["squared_by_name", "from_logits", "smoothed", "summed", "weighted", "regular", "with_dropout", "squared",
     "not_compiled"],
)  # fmt: skip
def test_a_wrong_loss_is_wrong_whatever_its_name(
    student: StudentProxy, weights: list[np.ndarray], batch: tuple[np.ndarray, np.ndarray], name: str
) -> None:
    """Squares under a right name, logits, smoothed labels, a sum, a weight, a penalty, dropout: other numbers."""
    X, Y = batch
    model = model_of(student, name).with_weights(weights)
    assert not holds(lambda: checks.close(model.loss_of(X, Y), cost(forward(X, weights)[-1], Y), rtol=1e-3))


@pytest.mark.parametrize("name", ["hard", "relu_by_name", "swish_inside", "plain_classes"])
def test_a_wrong_activation_is_wrong_whatever_its_name(
    student: StudentProxy, weights: list[np.ndarray], batch: tuple[np.ndarray, np.ndarray], name: str
) -> None:
    """Something like a sigmoid, or called so, gives other numbers."""
    model = model_of(student, name).with_weights(weights)
    assert not holds(lambda: checks.close(model(batch[0]), forward(batch[0], weights)[-1], atol=1e-3))


@pytest.mark.parametrize(
    "name",
    ["sgd_by_name", "rmsprop_told_as_adam", "tiny_rate", "not_compiled",
     *("sgd", "rmsprop", "nadam", "adamax", "adamw", "adagrad", "adadelta", "ftrl", "lion", "adafactor")],
)  # fmt: skip
def test_another_optimizer_is_wrong_whatever_its_name(
    student: StudentProxy, rng: np.random.Generator, name: str
) -> None:
    """Each takes other steps than Adam, or none."""
    model = model_of(student, name) if hasattr_of(name) else model_of(student, "optimizer", name)
    assert not holds(checks.adam, model, rng)


def hasattr_of(name: str) -> bool:
    """Whether there is a model of this name above."""
    return f"def {name}(" in MODELS


@pytest.mark.parametrize("name", ["adam", "Adam"])
def test_adam_is_right_with_any_learning_rate(student: StudentProxy, rng: np.random.Generator, name: str) -> None:
    """Named, and with rates from one in a hundred thousand to one in ten (test above: other rates, a schedule)."""
    checks.adam(model_of(student, "optimizer", name), rng)


def test_a_step_of_training(
    student: StudentProxy, weights: list[np.ndarray], batch: tuple[np.ndarray, np.ndarray]
) -> None:
    """The first step of Adam with the gradients of the chain rule, whatever was before; a frozen layer stays."""
    X, Y = batch
    _, hidden, A = forward(X, weights)
    delta = (A - Y) / len(X)
    below = (delta @ weights[2].T) * hidden * (1 - hidden)
    gradients = [X.T @ below, below.sum(axis=0), hidden.T @ delta, delta.sum(axis=0)]
    for name in ("plain", "trained", "of_own_loss"):
        model = model_of(student, name).with_weights(weights)
        after = model.after_step(X, Y)
        for got, old, gradient in zip(after, weights, gradients, strict=True):
            (wanted,) = checks.adam_steps(old, [gradient], model.settings)
            checks.close(got, wanted, rtol=0, atol=5e-3 * model.settings["learning_rate"] + 1e-6)
    after = model_of(student, "frozen").with_weights(weights).after_step(X, Y)
    np.testing.assert_array_equal(after[0], weights[0].astype(np.float32))
    assert not np.array_equal(after[2], weights[2].astype(np.float32))


def test_asking_leaves_the_model_as_it_was(
    student: StudentProxy, rng: np.random.Generator, weights: list[np.ndarray], batch: tuple[np.ndarray, np.ndarray]
) -> None:
    """Weights and the state of the optimizer are the student's own afterwards, also where an answer fails."""
    model = model_of(student, "again")
    before = student.all_of_kept()
    other = model.with_weights(weights)
    checks.adam(other, rng)
    for asked in (model, other):
        asked(batch[0])
        asked.through(batch[0])
        asked.loss_of(*batch)
        asked.after_step(*batch)
        with pytest.raises(StudentError):
            asked.after_step(batch[0], np.ones((5, 7)))
    assert student.all_of_kept() == before
    assert not before[2]  # nor was the optimizer built
    own = [weight for layer in model.layers for weight in layer.weights]
    checks.close(model(batch[0]), forward(batch[0], own)[-1], atol=1e-5)


@pytest.mark.parametrize("count", [0, 3, 5])
def test_weights_that_do_not_fit_are_an_error_of_the_model(
    student: StudentProxy, weights: list[np.ndarray], count: int
) -> None:
    """A model of other layers than the case expects: told, and nobody's crash."""
    model = model_of(student, "plain").with_weights([*weights, np.ones(2)][:count])
    with pytest.raises(StudentError) as caught:
        model(np.ones((2, 3)))
    assert caught.value.status is Status.ERROR


def test_kinds_are_those_of_keras(student: StudentProxy) -> None:
    """A class of the submission counts as the one of Keras that it builds on; a plain one is called what it is."""
    own = model_of(student, "of_own_classes")
    assert (own.kind, [layer.kind for layer in own.layers], own.optimizer) == ("Sequential", ["Dense", "Dense"], "adam")
    fake = model_of(student, "plain_classes")
    assert (fake.kind, {layer.kind for layer in fake.layers}) == ("Model", {"Dense<not-of-Keras>"})


def test_a_model_that_is_handed_over_comes_back_as_it_is_then(student: StudentProxy, weights: list[np.ndarray]) -> None:
    """Its layers show what the student did to it; their names are in no order, and some may be frozen."""
    given = KerasModel.dense([(weights[0], weights[1]), (weights[2], weights[3])], frozen=[1])
    call = student.call("takes", given)
    names, trainable = call.value
    assert names == sorted(names, reverse=True) and trainable == [True, False]
    assert [layer.trainable for layer in call.arguments[0].layers] == [True, False]
    checks.close(call.arguments[0].layers[1].weights[0], weights[2])
    call = student.call("takes", given, "pop", "freeze")
    assert [(layer.units, layer.trainable) for layer in call.arguments[0].layers] == [(4, False)]


def test_an_array_may_go_as_a_tensor(student: StudentProxy) -> None:
    """Alone or inside of lists and tuples, with its dtype; what is an array stays one."""
    numbers = np.ones((2, 3))
    assert student.is_tensor(Tensor(numbers), [(Tensor(numbers), numbers)]) == [True, "float64", True, False]
    recorder = Recorder(student, "is_tensor")
    for _ in range(2):
        recorder.call("is_tensor", Tensor(numbers.astype(np.float32)), [(Tensor(numbers), numbers)])
    assert len(recorder.probes) == 1
    assert call_summary.describe_call(("value",), (Tensor(numbers),), {}) == "value (2, 3)"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "learning_rate is 0"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"learning_rate": 1e-12}, "learning_rate is 1e-12"),
        ({"learning_rate": 0.1, "beta_1": 1.0}, "beta_1 is 1"),
        ({"learning_rate": 0.1, "beta_2": -1.0}, "beta_2 is -1"),
        ({"learning_rate": 0.1, "epsilon": 1e9}, "epsilon is 1e\\+09"),
        ({"learning_rate": 0.1}, "named adam, but its steps"),
    ],
)  # fmt: skip
def test_whatever_the_optimizer_says_of_itself_is_taken(
    rng: np.random.Generator, settings: dict[str, float], told: str
) -> None:
    """Numbers that make no sense are told, and break no check; so is an optimizer that moves nothing."""
    model = KerasModel("Sequential", (), None, False, "adam", None, settings, ask=lambda _: [np.zeros(8)] * 2)
    with pytest.raises(checks.CheckFailed, match=told):
        checks.adam(model, rng)


# ---- a question whose answer is a model

MODEL_QUESTION = """
import tensorflow as tf
### BEGIN SOLUTION
double = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(2, "sigmoid")])
double.compile(loss="mse", optimizer="adam")
### END SOLUTION
"""
QUADRUPLE = "def quadruple(x):\n    return 4 * x\n"
OF_MODEL = '''
import pytest

@pytest.mark.points(3)
def test_names(student):
    """Everything has its right name, and only that is looked at."""
    model = student.get("double")
    assert (model.kind, model.loss, model.optimizer, model.input_shape) == ("Sequential", "mse", "adam", (None, 3))
    (layer,) = model.layers
    assert (layer.kind, layer.units, layer.activation) == ("Dense", 2, "sigmoid")
    assert [weight.shape for weight in layer.weights] == [(3, 2), (2,)]
    assert model([[1, 2, 3]]).shape == (1, 2)
'''


def test_a_fake_by_name_is_among_the_answers_that_compute_nothing(tiny_folder: Path) -> None:
    """What is a value is answered too: by a fake that has every name and shape right and computes nothing."""
    settings = tiny_folder / "assignment.toml"
    settings.write_text(SETTINGS.replace("points = 3", 'points = 3\npreload = ["numpy", "tensorflow"]'))
    (tiny_folder / "tiny.ipynb").write_text(notebook([MODEL_QUESTION + QUADRUPLE]))
    (tiny_folder / "hidden" / "test_double.py").write_text(OF_MODEL)
    assignment = load(tiny_folder)
    found = list(trivial_answers(Solution(assignment), "double"))
    assert not [answer for answer in found if "argument" in answer.what or "quadruple" in answer.what]
    submissions = [
        Submission(answer.what, "tiny.py", answer.code.encode(), "00", questions=("double",)) for answer in found
    ]
    earned = {report.student: report.score for report in GradedClass(assignment, submissions, workers=1)}
    assert len(earned) == len(found)
    assert {what for what, score in earned.items() if score} == {what for what in earned if "right shape" in what}
