# --- wrong: stops-when-it-hardly-improves
# why: when the cost changes by less than 1e-6 it stops, and costs has fewer entries than steps.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        if i and abs(costs[-2] - costs[-1]) < 1e-6:
            break
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: returns-the-best
# why: when the cost went up again the parameters with the lowest cost are returned and not those after the last step.
def train(X, Y, parameters, alpha, steps):
    costs, best = [], None
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
        now = cost(forward(X, parameters)[-1], Y)
        if best is None or now <= best[0]:
            best = now, parameters
    return (best[1] if best else parameters), costs

# --- wrong: mini-batches-for-many
# why: with more than 256 examples each step uses the next 256 only and not all of them.
def train(X, Y, parameters, alpha, steps):
    costs, m, size = [], X.shape[1], 256
    for i in range(steps):
        costs.append(cost(forward(X, parameters)[-1], Y))
        if m > size:
            start = i * size % m
            x, y = X[:, start : start + size], Y[:, start : start + size]
        else:
            x, y = X, Y
        parameters = gradient_step(parameters, backward(forward(x, parameters), y, parameters), alpha)
    return parameters, costs

# --- wrong: every-tenth-cost
# why: for 100 steps and more only every tenth cost is noted down, as when it is printed.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        activations = forward(X, parameters)
        if steps < 100 or i % 10 == 0:
            costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: five-hundred-steps-at-most
# why: it stops after 500 steps even when more are asked for.
MAX_STEPS = 500

def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(min(steps, MAX_STEPS)):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: replaces-the-entries-of-the-list
# why: the new pairs are put into the caller's list, so a second training starts where the first ended.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters[:] = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: updates-the-arrays-in-place
# why: the caller's arrays are changed by W -= ..., so one cannot train twice from the same start.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        for (W, b), (dW, db) in zip(parameters, backward(activations, Y, parameters)):
            W -= alpha * dW
            b -= alpha * db
    return parameters, costs

# --- wrong: halves-the-rate-when-the-cost-rises
# why: with a rate that is too large the cost rises and alpha is halved, so the later costs differ.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        if len(costs) > 1 and costs[-1] > costs[-2]:
            alpha = alpha / 2
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: alpha-zero-does-nothing
# why: for alpha = 0 the list of costs is empty instead of having an entry for each step.
def train(X, Y, parameters, alpha, steps):
    costs = []
    if alpha == 0 or steps == 0:
        return parameters, costs
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: one-class-is-not-trained
# why: when all labels are equal the parameters come back as they were.
import numpy as np

def train(X, Y, parameters, alpha, steps):
    if np.all(Y == Y[0, 0]):
        return parameters, [cost(forward(X, parameters)[-1], Y)] * steps
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: breaks-the-symmetry
# why: a deeper network whose weights are all 0 starts from random weights instead of those that came.
import numpy as np

def train(X, Y, parameters, alpha, steps):
    if len(parameters) > 1 and not any(W.any() for W, b in parameters):
        rng = np.random.default_rng(0)
        parameters = [(rng.normal(0, 0.1, W.shape), b) for W, b in parameters]
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: rate-falls-every-ten-steps
# why: from the tenth step on alpha is multiplied by 0.9 again and again, and the text keeps it.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        if i and i % 10 == 0:
            alpha *= 0.9
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: stale-activations-to-save-time
# why: with more than 20 steps the forward pass is made only every second step, so costs come in pairs.
def train(X, Y, parameters, alpha, steps):
    costs, every = [], 2 if steps > 20 else 1
    for i in range(steps):
        if i % every == 0:
            activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: good-enough-and-padded
# why: below a cost of 0.01 nothing is trained any more, and the list is filled up with the last cost.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        if costs[-1] < 0.01:
            costs += [costs[-1]] * (steps - len(costs))
            break
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: duplicates-removed
# why: examples that occur twice count once, so cost and gradients of such data differ.
import numpy as np

def train(X, Y, parameters, alpha, steps):
    _, first = np.unique(np.vstack([X, Y]), axis=1, return_index=True)
    keep = np.sort(first)
    X, Y = X[:, keep], Y[:, keep]
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: balances-the-classes
# why: with more zeros than ones the surplus is dropped, and each step shall use all the examples.
import numpy as np

def train(X, Y, parameters, alpha, steps):
    ones, zeros = np.flatnonzero(Y[0] == 1), np.flatnonzero(Y[0] == 0)
    k = min(len(ones), len(zeros))
    if k:
        keep = np.sort(np.concatenate([ones[:k], zeros[:k]]))
        X, Y = X[:, keep], Y[:, keep]
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- wrong: costs-as-a-default-argument
# why: the list of costs is a default argument and goes on growing, a second call returns the first one's costs too.
def train(X, Y, parameters, alpha, steps, costs=[]):
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs

# --- right: while-loop
# why: counts down in a while loop and works with copies.
def train(X, Y, parameters, alpha, steps):
    left, costs = steps, []
    now = [(W.copy(), b.copy()) for W, b in parameters]
    while left > 0:
        A = forward(X, now)
        costs += [cost(A[-1], Y)]
        now = gradient_step(now, backward(A, Y, now), alpha)
        left -= 1
    return now, costs

# --- right: recursion-of-halves
# why: splits the steps in two halves and trains one after the other, so the recursion stays shallow.
def train(X, Y, parameters, alpha, steps):
    if steps <= 0:
        return list(parameters), []
    if steps == 1:
        A = forward(X, parameters)
        return gradient_step(parameters, backward(A, Y, parameters), alpha), [cost(A[-1], Y)]
    middle, first = train(X, Y, parameters, alpha, steps // 2)
    end, second = train(X, Y, middle, alpha, steps - steps // 2)
    return end, first + second

# --- right: generator-of-states
# why: a generator yields the state of each step, train collects.
def _descent(X, Y, parameters, alpha):
    while True:
        A = forward(X, parameters)
        J = cost(A[-1], Y)
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
        yield J, parameters

def train(X, Y, parameters, alpha, steps):
    costs = []
    for _, (J, parameters) in zip(range(steps), _descent(X, Y, parameters, alpha)):
        costs.append(J)
    return parameters, costs

# --- right: costs-filled-by-index
# why: the list of costs is made in full length first and filled by index.
def train(X, Y, parameters, alpha, steps):
    costs = [0.0] * steps
    for i in range(steps):
        *inner, answer = activations = forward(X, parameters)
        costs[i] = float(cost(answer, Y))
        slopes = backward(activations, Y, parameters)
        parameters = gradient_step(parameters, slopes, alpha)
    return parameters, costs
