# --- wrong: two_layers
# why: written for two layers
def my_sequential(x, parameters, g):
    a = my_dense(x, *parameters[0], g)
    return my_dense(a, *parameters[1], g)

# --- wrong: three_layers
# why: written for three layers
def my_sequential(x, parameters, g):
    (W1, b1), (W2, b2), (W3, b3) = parameters
    return my_dense(my_dense(my_dense(x, W1, b1, g), W2, b2, g), W3, b3, g)

# --- wrong: always_x
# why: gives x to each layer
def my_sequential(x, parameters, g):
    for W, b in parameters:
        a = my_dense(x, W, b, g)
    return a

# --- wrong: skips_first
# why: begins with the second layer
def my_sequential(x, parameters, g):
    for W, b in parameters[1:]:
        x = my_dense(x, W, b, g)
    return x

# --- wrong: skips_last
# why: the loop ends one layer early
def my_sequential(x, parameters, g):
    for i in range(len(parameters) - 1):
        x = my_dense(x, *parameters[i], g)
    return x

# --- wrong: first_only
# why: return inside the loop
def my_sequential(x, parameters, g):
    for W, b in parameters:
        x = my_dense(x, W, b, g)
        return x

# --- wrong: all_activations
# why: returns the list of all activations
def my_sequential(x, parameters, g):
    out = [x]
    for W, b in parameters:
        out.append(my_dense(out[-1], W, b, g))
    return out

# --- wrong: reversed_layers
# why: last layer first
def my_sequential(x, parameters, g):
    for W, b in reversed(parameters):
        x = my_dense(x, W, b, g)
    return x

# --- wrong: sigmoid_fixed
# why: passes sigmoid and not g
def my_sequential(x, parameters, g):
    for W, b in parameters:
        x = my_dense(x, W, b, sigmoid)
    return x

# --- wrong: linear_output
# why: no activation in the last layer
def my_sequential(x, parameters, g):
    for W, b in parameters[:-1]:
        x = my_dense(x, W, b, g)
    W, b = parameters[-1]
    return W @ x + b

# --- wrong: sigmoid_output
# why: the last layer has the sigmoid, whatever g is
def my_sequential(x, parameters, g):
    for W, b in parameters[:-1]:
        x = my_dense(x, W, b, g)
    return my_dense(x, *parameters[-1], sigmoid)

# --- wrong: g_twice
# why: applies g once more to what my_dense returns
def my_sequential(x, parameters, g):
    for W, b in parameters:
        x = g(my_dense(x, W, b, g))
    return x

# --- wrong: first_weights_only
# why: uses the first layer's weights each time
def my_sequential(x, parameters, g):
    W, b = parameters[0]
    for _ in parameters:
        x = my_dense(x, W, b, g)
    return x

# --- wrong: pops
# why: takes the layers out of the caller's list
def my_sequential(x, parameters, g):
    while parameters:
        W, b = parameters.pop(0)
        x = my_dense(x, W, b, g)
    return x

# --- wrong: scalar_result
# why: returns a plain number for a network with one output
def my_sequential(x, parameters, g):
    for W, b in parameters:
        x = my_dense(x, W, b, g)
    return x[0, 0]
