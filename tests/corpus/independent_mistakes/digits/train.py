# --- wrong: one_step_more
# why: one step too many
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps + 1):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: one_step_less
# why: range(1, steps)
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(1, steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: cost_after
# why: notes the cost after the step
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
        costs.append(cost(forward(X, parameters)[-1], Y))
    return parameters, costs

# --- wrong: cost_at_end_too
# why: notes the final cost as well
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    costs.append(cost(forward(X, parameters)[-1], Y))
    return parameters, costs

# --- wrong: gradient_once
# why: the gradients are computed once, before the loop
def train(X, Y, parameters, alpha, steps):
    costs = []
    gradients = backward(forward(X, parameters), Y, parameters)
    for _ in range(steps):
        costs.append(cost(forward(X, parameters)[-1], Y))
        parameters = gradient_step(parameters, gradients, alpha)
    return parameters, costs

# --- wrong: forward_once
# why: the forward pass stands before the loop
def train(X, Y, parameters, alpha, steps):
    costs = []
    A = forward(X, parameters)
    for _ in range(steps):
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: never_moves
# why: forgets to keep what gradient_step returns
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: returns_old
# why: returns the parameters that came in
def train(X, Y, parameters, alpha, steps):
    costs, now = [], parameters
    for _ in range(steps):
        A = forward(X, now)
        costs.append(cost(A[-1], Y))
        now = gradient_step(now, backward(A, Y, now), alpha)
    return parameters, costs

# --- wrong: swapped_result
# why: (costs, parameters)
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return costs, parameters

# --- wrong: parameters_only
# why: forgets the costs
def train(X, Y, parameters, alpha, steps):
    for _ in range(steps):
        A = forward(X, parameters)
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters

# --- wrong: last_cost
# why: returns the last cost and not the list
def train(X, Y, parameters, alpha, steps):
    J = 0.0
    for _ in range(steps):
        A = forward(X, parameters)
        J = cost(A[-1], Y)
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, J

# --- wrong: stops_early
# why: stops when the cost rises
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        if len(costs) > 1 and costs[-1] > costs[-2]:
            break
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: fixed_rate
# why: a rate of 0.1, whatever comes
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), 0.1)
    return parameters, costs

# --- wrong: decays
# why: halves the rate in each step
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
        alpha = alpha * 0.5
    return parameters, costs

# --- wrong: one_example_at_a_time
# why: a step for each example
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        costs.append(cost(forward(X, parameters)[-1], Y))
        for i in range(X.shape[1]):
            A = forward(X[:, [i]], parameters)
            parameters = gradient_step(parameters, backward(A, Y[:, [i]], parameters), alpha)
    return parameters, costs

# --- wrong: hundred_steps
# why: makes 100 steps, whatever comes
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(100):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: rounds_costs
# why: rounds the costs to four places
def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(round(float(cost(A[-1], Y)), 4))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs

# --- wrong: global_costs
# why: the list of costs is a default argument, so it grows
def train(X, Y, parameters, alpha, steps, costs=[]):
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, list(costs)
