# tries: models that nobody expects, in turn: empty, unbuilt, bent, renamed
# expect: my_dense failed 0
# expect: build_model failed 0
import itertools

import tensorflow as tf

keras = tf.keras


def empty():
    return keras.Sequential([])


def unbuilt():
    return keras.Sequential([keras.layers.Dense(24), keras.layers.Dense(1)])


def bent():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation=lambda x: x)])
    model.compile(loss=lambda a, b: 0.0, optimizer="sgd")
    return model


def renamed():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.loss, model.optimizer = {"a": 5}, "adam"
    return model


models = itertools.cycle([empty, unbuilt, bent, renamed])


def build_model(n_features=400, units=(25, 15, 1)):
    return next(models)()


def my_dense(a_in, W, b, g):
    return next(models)()
