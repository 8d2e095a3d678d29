# tries: an object with the attributes of a model
# expect: build_model bad_value 0
from types import SimpleNamespace


def build_model(n_features=400, units=(25, 15, 1)):
    layers = [SimpleNamespace(units=size, activation="sigmoid", use_bias=True, weights=[]) for size in units]
    return SimpleNamespace(layers=layers, loss="binary_crossentropy", optimizer="adam", kind="Sequential")
