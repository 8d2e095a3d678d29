# tries: a model whose loss, optimizer and layers are named by books
# base: stubs
# expect: build_model failed 5
# expect: everything else missing 0
import tensorflow as tf

LONG = "e" * 100_000


def build_model(n_features=400, units=(25, 15, 1)):
    class Own(tf.keras.layers.Layer):
        pass

    Own.__name__ = LONG
    layers = [tf.keras.layers.Dense(n, "sigmoid") for n in units]
    model = tf.keras.Sequential([tf.keras.Input((n_features,)), *layers])
    loss = lambda y, p: tf.reduce_mean(y - p)
    loss.__name__ = LONG
    model.compile(loss=loss, optimizer="adam")
    return model
