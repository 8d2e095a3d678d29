# --- wrong: cost-after-the-step
# why: notes the cost of the parameters that the step has made: costs[0] is 0.127 in the worked example, not 0.693.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        gradients = backward(forward(X, parameters), Y, parameters)
        parameters = gradient_step(parameters, gradients, alpha)
        costs.append(cost(forward(X, parameters)[-1], Y))
    return parameters, costs

# --- wrong: always-from-the-start
# why: every step begins at the parameters that came in, so the second changes nothing; right for one step.
def train(X, Y, parameters, alpha, steps):
    costs, new = [], parameters
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        new = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return new, costs

# --- wrong: predicts-once
# why: forward stands before the loop, so all steps use the first predictions and all costs are alike.
def train(X, Y, parameters, alpha, steps):
    costs = []
    activations = forward(X, parameters)
    for _ in range(steps):
        costs.append(cost(activations[-1], Y))
        gradients = backward(activations, Y, parameters)
        parameters = gradient_step(parameters, gradients, alpha)
    return parameters, costs

# --- wrong: costs-first
# why: returns (costs, parameters).
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return costs, parameters

# --- wrong: stops-when-the-cost-rises
# why: ends at the first rise, though all steps are to be made.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        J = cost(A[-1], Y)
        if costs and J > costs[-1]:
            break
        costs.append(J)
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: stops-when-it-hardly-falls
# why: ends when the cost changes by less than 1e-6; with a tiny rate that is after two steps.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        if len(costs) > 1 and abs(costs[-2] - costs[-1]) < 1e-6:
            break
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: rate-that-decays
# why: the rate shrinks from step to step, though it is to stay as it came in; right for one step.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha / (1 + 0.01 * i))
    return parameters, costs

# --- wrong: rate-halved-when-the-cost-rises
# why: halves alpha after a rise; it shows only with a rate that is too large.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        if len(costs) > 1 and costs[-1] > costs[-2]:
            alpha = alpha / 2
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: best-instead-of-last
# why: returns the last parameters unless an earlier cost was lower: as it should be while the cost falls, wrong when it rises.
def train(X, Y, parameters, alpha, steps):
    costs, seen = [], []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        seen.append(parameters)
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    seen.append(parameters)
    final = [*costs, cost(forward(X, parameters)[-1], Y)]
    return seen[min(range(len(final)), key=final.__getitem__)], costs

# --- wrong: one-step-too-many
# why: range(steps + 1).
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps + 1):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: last-step-only-measured
# why: the last turn notes the cost but makes no step.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        if i == steps - 1:
            break
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: one-example-a-step
# why: stochastic gradient descent: step i sees only example i; right for one example.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        costs.append(cost(forward(X, parameters)[-1], Y))
        k = i % X.shape[1]
        x, y = X[:, [k]], Y[:, [k]]
        parameters = gradient_step(parameters, backward(forward(x, parameters), y, parameters), alpha)
    return parameters, costs

# --- wrong: batches-of-32
# why: goes through batches of 32 examples: the same for up to 32, more steps for more.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        costs.append(cost(forward(X, parameters)[-1], Y))
        for start in range(0, X.shape[1], 32):
            x, y = X[:, start : start + 32], Y[:, start : start + 32]
            parameters = gradient_step(parameters, backward(forward(x, parameters), y, parameters), alpha)
    return parameters, costs

# --- wrong: start-parameters-changed
# why: its own step with -= on the arrays that came in, so the next training starts from the trained ones.
def train(X, Y, parameters, alpha, steps):
    costs = []
    parameters = list(parameters)
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        for (W, b), (dW, db) in zip(parameters, backward(A, Y, parameters)):
            W -= alpha * dW
            b -= alpha * db
    return parameters, costs

# --- wrong: every-tenth-cost
# why: notes the cost in every tenth step only; right for one step.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        A = forward(X, parameters)
        if i % 10 == 0:
            costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: costs-go-on-growing
# why: the list of costs is a default argument and keeps those of earlier trainings.
def train(X, Y, parameters, alpha, steps, costs=[]):
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: nothing-to-return-without-steps
# why: the name `new` exists only after a step: with steps=0 it is an error.
def train(X, Y, parameters, alpha, steps):
    costs, current = [], parameters
    for _ in range(steps):
        A = forward(X, current)
        costs.append(cost(A[-1], Y))
        new = gradient_step(current, backward(A, Y, current), alpha)
        current = new
    return new, costs

# --- wrong: only-X-shuffled
# why: shuffles the pictures and forgets the labels.
import numpy as np
def train(X, Y, parameters, alpha, steps):
    rng = np.random.default_rng(0)
    costs = []
    for _ in range(steps):
        X = X[:, rng.permutation(X.shape[1])]
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: random-start
# why: starts at small random weights of its own instead of the parameters that came in.
import numpy as np
def train(X, Y, parameters, alpha, steps):
    rng = np.random.default_rng(1)
    if steps:
        parameters = [(rng.normal(size=W.shape) * 0.1, np.zeros(b.shape)) for W, b in parameters]
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: momentum
# why: a part of the last move is added to each step: right for one step, wrong from the second on.
def train(X, Y, parameters, alpha, steps):
    costs = []
    velocity = [(0 * W, 0 * b) for W, b in parameters]
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        gradients = backward(A, Y, parameters)
        velocity = [(0.9 * vW + dW, 0.9 * vb + db) for (vW, vb), (dW, db) in zip(velocity, gradients)]
        parameters = gradient_step(parameters, velocity, alpha)
    return parameters, costs

# --- wrong: divides-by-m-once-more
# why: backward has taken the mean already; alpha / m is too small a step unless there is one example.
def train(X, Y, parameters, alpha, steps):
    m = X.shape[1]
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha / m)
    return parameters, costs

# --- wrong: recursion-with-the-costs-backwards
# why: the cost of this step is put behind those of the later ones; right for one step.
def train(X, Y, parameters, alpha, steps):
    if steps == 0:
        return parameters, []
    A = forward(X, parameters)
    new = gradient_step(parameters, backward(A, Y, parameters), alpha)
    last, costs = train(X, Y, new, alpha, steps - 1)
    return last, costs + [cost(A[-1], Y)]

# --- wrong: a-fifth-held-back
# why: trains with the first 80 % of the examples and keeps the others for validation; it shows from two examples on.
def train(X, Y, parameters, alpha, steps):
    cut = max(1, int(0.8 * X.shape[1]))
    X, Y = X[:, :cut], Y[:, :cut]
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: resumes-the-last-training
# why: goes on from where the last training of a network of that shape ended.
_trained = {}
def train(X, Y, parameters, alpha, steps):
    key = tuple(W.shape for W, b in parameters)
    parameters = _trained.get(key, parameters)
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    if steps:
        _trained[key] = parameters
    return parameters, costs

# --- right: while-loop
# why: counts the steps by the length of the list of costs.
def train(X, Y, parameters, alpha, steps):
    current, costs = parameters, []
    while len(costs) < steps:
        activations = forward(X, current)
        costs += [cost(activations[-1], Y)]
        current = gradient_step(current, backward(activations, Y, current), alpha)
    return current, costs

# --- right: generator-of-states
# why: an endless generator of (parameters, cost), of which so many are taken.
from itertools import islice
def train(X, Y, parameters, alpha, steps):
    def states(p):
        while True:
            A = forward(X, p)
            yield cost(A[-1], Y)
            p = gradient_step(p, backward(A, Y, p), alpha)
            seen.append(p)
    seen = [parameters]
    walk = states(parameters)
    costs = list(islice(walk, steps))
    if steps:
        A = forward(X, seen[-1])
        seen.append(gradient_step(seen[-1], backward(A, Y, seen[-1]), alpha))
    return seen[-1], costs

# --- right: deep-copies-in-place
# why: float copies at the start, which are changed in place afterwards.
import numpy as np
def train(X, Y, parameters, alpha, steps):
    own = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in parameters]
    costs = []
    for _ in range(steps):
        A = forward(X, own)
        costs.append(float(cost(A[-1], Y)))
        for (W, b), (dW, db) in zip(own, backward(A, Y, own)):
            W -= alpha * dW
            b -= alpha * db
    return own, costs

# --- right: all-costs-afterwards
# why: keeps the parameters of every step and works the costs out at the end.
def train(X, Y, parameters, alpha, steps):
    history = [parameters]
    for _ in range(steps):
        now = history[-1]
        history.append(gradient_step(now, backward(forward(X, now), Y, now), alpha))
    return history[-1], [cost(forward(X, p)[-1], Y) for p in history[:-1]]

# --- right: reduce
# why: a fold whose state is the pair (parameters, costs).
from functools import reduce
def train(X, Y, parameters, alpha, steps):
    def step(state, _):
        p, costs = state
        A = forward(X, p)
        return gradient_step(p, backward(A, Y, p), alpha), costs + [cost(A[-1], Y)]
    return reduce(step, range(steps), (parameters, []))
