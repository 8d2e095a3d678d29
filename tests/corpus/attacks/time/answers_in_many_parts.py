# tries: keeps the search for a known mistake busy with an answer of sixty thousand parts, and another of few thousand
# base: numpy
# expect: forward bad_value 0
# expect: gradient_step failed 0


def forward(X, parameters):
    return ["x"] * 60_000


def gradient_step(parameters, gradients, alpha):
    return [(np.zeros((1, 1)), "x")] * 2_000
