# --- wrong: return-inside-the-loop
# why: the return is indented too far, so only the first layer is computed.
def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g)
        return a

# --- wrong: takes-the-layers-out-of-the-list
# why: pop(0) empties the caller's list; a second call with it returns x.
def my_sequential(x, parameters, g):
    a = x
    while len(parameters) > 0:
        W, b = parameters.pop(0)
        a = my_dense(a, W, b, g)
    return a

# --- wrong: exactly-three-layers
# why: unpacks three layers by hand, so a list of any other length raises an error.
def my_sequential(x, parameters, g):
    (W1, b1), (W2, b2), (W3, b3) = parameters
    a1 = my_dense(x, W1, b1, g)
    a2 = my_dense(a1, W2, b2, g)
    return my_dense(a2, W3, b3, g)

# --- wrong: probability-at-the-end
# why: the last layer always gets the sigmoid, because the output is a probability; it should get g.
def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters[:-1]:
        a = my_dense(a, W, b, g)
    W, b = parameters[-1]
    return my_dense(a, W, b, sigmoid)

# --- wrong: g-once-more-in-each-layer
# why: my_dense has already called g and it is called again; unseen for the identity and ReLU, wrong for the sigmoid or tanh.
def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        z = my_dense(a, W, b, g)
        a = g(z)
    return a
