# --- wrong: cost_after
# why: each cost is the one after its step
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
        costs.append(cost(forward(X, parameters)[-1], Y))
    return parameters, costs

# --- wrong: gradients_of_the_beginning
# why: every step takes the first gradients
def train(X, Y, parameters, alpha, steps):
    costs, gradients = [], backward(forward(X, parameters), Y, parameters)
    for _ in range(steps):
        costs.append(cost(forward(X, parameters)[-1], Y))
        parameters = gradient_step(parameters, gradients, alpha)
    return parameters, costs

# --- right: while_loop
# why: counts by hand
def train(X, Y, parameters, alpha, steps):
    costs, step = [], 0
    while step < steps:
        A = forward(X, parameters)
        costs += [cost(A[-1], Y)]
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
        step += 1
    return parameters, costs
