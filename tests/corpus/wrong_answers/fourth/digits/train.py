# --- wrong: returns-the-best
# why: returns the parameters with the lowest cost so far, not those after the last step.
def train(X, Y, parameters, alpha, steps):
    costs = []
    best, lowest = parameters, float("inf")
    for _ in range(steps):
        activations = forward(X, parameters)
        J = cost(activations[-1], Y)
        costs.append(J)
        if J < lowest:
            best, lowest = parameters, J
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return best, costs

# --- wrong: smaller-rate-each-step
# why: alpha shrinks by a percent after each step; the rate should stay as it is given.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
        alpha = alpha * 0.99
    return parameters, costs

# --- wrong: at-least-one-step
# why: asks only at the end of the loop whether to stop, so with steps=0 a step is made.
def train(X, Y, parameters, alpha, steps):
    costs = []
    while True:
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
        if len(costs) >= steps:
            return parameters, costs

# --- wrong: costs-with-three-digits
# why: rounds the costs to three digits, as the notebook prints them.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(round(float(cost(activations[-1], Y)), 3))
        gradients = backward(activations, Y, parameters)
        parameters = gradient_step(parameters, gradients, alpha)
    return parameters, costs

# --- wrong: trains-the-start-parameters
# why: makes the step with -= on the arrays that came in, so training twice from the same start isn't possible.
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        gradients = backward(activations, Y, parameters)
        for (W, b), (dW, db) in zip(parameters, gradients):
            W -= alpha * dW
            b -= alpha * db
    return parameters, costs
