# tries: a model that shows the right layers and computes something else
# expect: build_model failed 0
import tensorflow as tf


class Sequential(tf.keras.Sequential):
    def call(self, inputs, *args, **kwargs):
        return tf.zeros((tf.shape(inputs)[0], 1)) + 0.5


def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(size, activation="sigmoid") for size in units]
    model = Sequential([tf.keras.Input((n_features,)), *layers])
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model
