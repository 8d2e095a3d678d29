# tries: a model with two inputs and two outputs, where one of each is wanted
# expect: build_model failed 0
import tensorflow as tf


def build_model(n_features=400, units=(25, 15, 1)):
    one, two = tf.keras.Input((4,)), tf.keras.Input((3,))
    dense = tf.keras.layers.Dense
    model = tf.keras.Model([one, two], [dense(2)(one), dense(2)(two)])
    model.compile(loss=["mse", "mae"], optimizer="sgd")
    return model
