# tries: a dict with more keys than any answer has, one with keys that are no text, one with keys that lie
# base: numpy
# expect: sigmoid bad_value 0
# expect: my_dense bad_value 0
# expect: cost failed 0


class Key(str):
    __hash__ = lambda self: 1
    __eq__ = lambda self, other: False
    __str__ = lambda self: "value"


answers = [dict.fromkeys(map(str, range(600_000)))]


def sigmoid(z):
    return answers.pop() if answers else None


def my_dense(a_in, W, b, g):
    return {(1, 2): b, None: W}


def cost(Y_hat, Y):
    return {Key("status"): "passed", Key("status"): 1.0}
