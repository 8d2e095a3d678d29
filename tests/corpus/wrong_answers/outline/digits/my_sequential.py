# --- wrong: two_layers
# why: no more than two layers are used
def my_sequential(x, parameters, g):
    for W, b in parameters[:2]:
        x = my_dense(x, W, b, g)
    return x

# --- wrong: linear_end
# why: the last layer has no activation
def my_sequential(x, parameters, g):
    for W, b in parameters[:-1]:
        x = my_dense(x, W, b, g)
    W, b = parameters[-1]
    return W @ x + b

# --- right: recursion
# why: the first layer, then the rest
def my_sequential(x, parameters, g):
    if not parameters:
        return x
    return my_sequential(my_dense(x, *parameters[0], g), parameters[1:], g)
