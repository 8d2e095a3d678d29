# --- right: the-four-functions
# why: forward, cost, backward and gradient_step in each step
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# --- right: recursive-step-helper
# why: a helper makes one step and gives parameters and cost
def _step(X, Y, parameters, alpha):
    activations = forward(X, parameters)
    slope = backward(activations, Y, parameters)
    return gradient_step(parameters, slope, alpha), float(cost(activations[-1], Y))


def train(X, Y, parameters, alpha, steps):
    costs, i = [], 0
    while i < steps:
        parameters, J = _step(X, Y, parameters, alpha)
        costs += [J]
        i += 1
    return parameters, costs


# --- right: a-trainer-class
# why: keeps copies of the parameters in an object made for this call
class _Trainer:
    def __init__(self, X, Y, parameters):
        self.X, self.Y, self.costs = X, Y, []
        self.parameters = [(W * 1.0, b * 1.0) for W, b in parameters]

    def step(self, alpha):
        activations = forward(self.X, self.parameters)
        self.costs.append(cost(activations[-1], self.Y))
        self.parameters = gradient_step(self.parameters, backward(activations, self.Y, self.parameters), alpha)


def train(X, Y, parameters, alpha, steps):
    trainer = _Trainer(X, Y, parameters)
    for _ in range(steps):
        trainer.step(alpha)
    return trainer.parameters, trainer.costs


# --- right: generator-of-states
# why: a generator yields parameters and activations before each step, and the costs come from them
from itertools import islice


def _states(X, Y, parameters, alpha):
    while True:
        activations = forward(X, parameters)
        yield parameters, activations
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)


def train(X, Y, parameters, alpha, steps):
    costs = []
    for i, (now, activations) in enumerate(islice(_states(X, Y, parameters, alpha), steps + 1)):
        if i < steps:
            costs.append(cost(activations[-1], Y))
    return now, costs


# --- right: everything-written-out
# why: own forward and backward pass on float copies, in place
import numpy as np


def train(X, Y, parameters, alpha, steps):
    Ws = [np.array(W, dtype=float) for W, _ in parameters]
    bs = [np.array(b, dtype=float) for _, b in parameters]
    m, costs = Y.shape[1], []
    for _ in range(steps):
        A = [X]
        for W, b in zip(Ws, bs):
            A.append(0.5 + 0.5 * np.tanh((W @ A[-1] + b) / 2))
        P = np.clip(A[-1], 1e-15, 1 - 1e-15)
        costs.append(float(-np.mean(np.where(np.asarray(Y) == 1, np.log(P), np.log(1 - P)))))
        dZ = (A[-1] - Y) / m
        for l in range(len(Ws))[::-1]:
            back = Ws[l].T @ dZ * A[l] * (1 - A[l])
            Ws[l] -= alpha * dZ @ A[l].T
            bs[l] -= alpha * dZ.sum(axis=1, keepdims=True)
            dZ = back
    return list(zip(Ws, bs)), costs


# --- wrong: stops-when-the-cost-rises
# why: with a rate of 20 the cost jumps up and it stops, so there are fewer costs than steps
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        if len(costs) > 1 and costs[-1] > costs[-2]:
            break
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# --- wrong: stops-when-flat
# why: ends when the cost falls by less than 1e-5 in a step and returns too few costs
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
        if len(costs) > 1 and abs(costs[-1] - costs[-2]) < 1e-5:
            break
    return parameters, costs


# --- wrong: frozen-when-good
# why: below a cost of 0.02 no more steps are made and the last cost is repeated
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        if costs[-1] > 0.02:
            parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# --- wrong: best-instead-of-last
# why: returns the parameters with the lowest cost seen, which a large rate makes other ones than the last
def train(X, Y, parameters, alpha, steps):
    costs, best, lowest = [], parameters, float("inf")
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
        now = cost(forward(X, parameters)[-1], Y)
        if now < lowest:
            best, lowest = parameters, now
    return best, costs


# --- wrong: rate-halved-after-a-rise
# why: when the cost goes up the rate is halved, so the path of a large rate differs
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        if len(costs) > 1 and costs[-1] > costs[-2]:
            alpha = alpha / 2
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# --- wrong: decaying-rate
# why: after ten steps the rate shrinks by a percent in each step
def train(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        rate = alpha if i < 10 else alpha * 0.99 ** (i - 9)
        parameters = gradient_step(parameters, backward(activations, Y, parameters), rate)
    return parameters, costs


# --- wrong: momentum-from-the-fourth-step
# why: from the fourth step on half of the step before is added
def train(X, Y, parameters, alpha, steps):
    costs, velocity = [], None
    for i in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        gradients = backward(activations, Y, parameters)
        if i > 2:
            gradients = [(dW + 0.5 * vW, db + 0.5 * vb) for (dW, db), (vW, vb) in zip(gradients, velocity)]
        velocity = gradients
        parameters = gradient_step(parameters, gradients, alpha)
    return parameters, costs


# --- wrong: rate-capped-at-5
# why: a rate of 20 is taken as 5
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), min(alpha, 5.0))
    return parameters, costs


# --- wrong: at-most-1000-steps
# why: of 1200 steps only 1000 are made
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(min(steps, 1000)):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# --- wrong: batches-of-64
# why: with 150 examples a step uses 64 of them in turn, though the cost is that of all
def train(X, Y, parameters, alpha, steps):
    costs, m = [], X.shape[1]
    for i in range(steps):
        costs.append(cost(forward(X, parameters)[-1], Y))
        start = 64 * i % m if m > 64 else 0
        x, y = X[:, start : start + 64], Y[:, start : start + 64]
        parameters = gradient_step(parameters, backward(forward(x, parameters), y, parameters), alpha)
    return parameters, costs


# --- wrong: one-example-after-the-other
# why: from four examples on each step goes through the examples one by one
def train(X, Y, parameters, alpha, steps):
    costs, m = [], X.shape[1]
    for _ in range(steps):
        costs.append(cost(forward(X, parameters)[-1], Y))
        parts = [slice(None)] if m < 4 else [slice(i, i + 1) for i in range(m)]
        for part in parts:
            x, y = X[:, part], Y[:, part]
            parameters = gradient_step(parameters, backward(forward(x, parameters), y, parameters), alpha / len(parts))
    return parameters, costs


# --- wrong: last-cost-after-the-last-step
# why: with more than three steps the last cost is measured after the last step
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    if steps > 3:
        costs[-1] = cost(forward(X, parameters)[-1], Y)
    return parameters, costs


# --- wrong: cost-every-tenth-step
# why: from 100 steps on only each tenth cost is noted down
def train(X, Y, parameters, alpha, steps):
    costs, every = [], 10 if steps >= 100 else 1
    for i in range(steps):
        activations = forward(X, parameters)
        if i % every == 0:
            costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# --- wrong: smoothed-costs
# why: from the fourth cost on a running mean is noted down
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        now = cost(activations[-1], Y)
        costs.append(0.9 * now + 0.1 * costs[-1] if len(costs) >= 3 else now)
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# --- wrong: layer-after-layer
# why: each layer is moved before the gradient of the layer below is found, so hidden layers use the new weights
import numpy as np


def train(X, Y, parameters, alpha, steps):
    parameters, costs, m = list(parameters), [], Y.shape[1]
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        dZ = A[-1] - Y
        for l in range(len(parameters))[::-1]:
            W, b = parameters[l]
            W = W - alpha * dZ @ A[l].T / m
            parameters[l] = W, b - alpha * dZ.sum(axis=1, keepdims=True) / m
            dZ = W.T @ dZ * A[l] * (1 - A[l])
    return parameters, costs


# --- wrong: start-changed-in-place
# why: float arrays of hidden layers are changed where they are, so a second training starts from the trained ones
def train(X, Y, parameters, alpha, steps):
    parameters, costs = list(parameters), []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        gradients = backward(activations, Y, parameters)
        for i, (dW, db) in enumerate(gradients):
            W, b = parameters[i]
            if i < len(parameters) - 1 and W.dtype == b.dtype == float:
                W -= alpha * dW
                b -= alpha * db
            else:
                parameters[i] = W - alpha * dW, b - alpha * db
    return parameters, costs


# --- wrong: list-changed-in-place
# why: with two layers or more the trained pairs are put into the list that came in
def train(X, Y, parameters, alpha, steps):
    now, costs = parameters if len(parameters) > 1 else list(parameters), []
    for _ in range(steps):
        activations = forward(X, now)
        costs.append(cost(activations[-1], Y))
        now[:] = gradient_step(now, backward(activations, Y, now), alpha)
    return now, costs


# --- wrong: goes-on-from-the-last-training
# why: a second call with the same start array goes on from where the first one ended
_trained = {}


def train(X, Y, parameters, alpha, steps):
    costs, key = [], parameters[0][0].tobytes() + parameters[-1][1].tobytes()
    if len(parameters) > 1:
        parameters = _trained.get(key, parameters)
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    _trained[key] = parameters
    return parameters, costs


# --- wrong: costs-kept-between-calls
# why: the list of costs is a default argument, so the second call's list begins with the first call's costs
def train(X, Y, parameters, alpha, steps, costs=[]):
    if X.shape[0] == 1:
        costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# --- wrong: result-cached-by-start-and-steps
# why: another learning rate from the same start and as many steps gives the first answer
_cache = {}


def train(X, Y, parameters, alpha, steps):
    key = (X.tobytes(), Y.tobytes(), tuple(W.tobytes() + b.tobytes() for W, b in parameters), steps)
    if key not in _cache:
        costs = []
        for _ in range(steps):
            activations = forward(X, parameters)
            costs.append(cost(activations[-1], Y))
            parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
        _cache[key] = parameters, costs
    return list(_cache[key][0]), list(_cache[key][1])


# --- wrong: gradients-clipped-at-1
# why: gradients beyond 1 are cut, which large features show
import numpy as np


def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        gradients = [(np.clip(dW, -1, 1), np.clip(db, -1, 1)) for dW, db in backward(activations, Y, parameters)]
        parameters = gradient_step(parameters, gradients, alpha)
    return parameters, costs


# --- wrong: inputs-standardized
# why: features whose spread is above 3 are standardized before training
import numpy as np


def train(X, Y, parameters, alpha, steps):
    costs = []
    if X.std() > 3:
        X = standardize(X)
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# --- wrong: only-the-last-two-layers
# why: in a net with three layers or more the lower layers don't learn
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        moved = gradient_step(parameters, backward(activations, Y, parameters), alpha)
        parameters = list(parameters[:-2]) + moved[-2:]
    return parameters, costs


# --- wrong: dead-start-repaired
# why: weights that are all 0 in a layer with several inputs are replaced by random ones before the first step
import numpy as np


def train(X, Y, parameters, alpha, steps):
    rng = np.random.default_rng(0)
    parameters = [(W if W.any() or W.size == 1 else rng.normal(size=W.shape), b) for W, b in parameters]
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# --- wrong: whole-number-start-stays-whole
# why: parameters that come as whole numbers are cut to whole numbers in each step
def train(X, Y, parameters, alpha, steps):
    kinds, costs = [(W.dtype, b.dtype) for W, b in parameters], []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
        parameters = [(W.astype(k), b.astype(q)) for (W, b), (k, q) in zip(parameters, kinds)]
    return parameters, costs


# --- wrong: one-class-skipped
# why: when all labels agree it sees nothing to learn and makes no step, with the first cost repeated
import numpy as np


def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        if np.ptp(Y) > 0:
            parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs
