# --- wrong: no_bias
# why: forgets the bias
def my_dense(a_in, W, b, g):
    return g(a_in @ W)

# --- wrong: loops_inputs
# why: loops over the inputs, not the units
def my_dense(a_in, W, b, g):
    z = np.zeros(W.shape[1])
    for j in range(min(W.shape)):
        z[j] = a_in @ W[:, j] + b[j]
    return g(z)

# --- wrong: rows
# why: takes rows of W for units
def my_dense(a_in, W, b, g):
    return g(W @ a_in + b)

# --- wrong: column
# why: returns a column
def my_dense(a_in, W, b, g):
    return g(a_in @ W + b).reshape(-1, 1)

# --- wrong: sigmoid_fixed
# why: sigmoid in place of g
def my_dense(a_in, W, b, g):
    return 1 / (1 + np.exp(-(a_in @ W + b)))

# --- wrong: per_unit
# why: calls g for each unit
def my_dense(a_in, W, b, g):
    return np.array([g(a_in @ W[:, j] + b[j]) for j in range(W.shape[1])])

# --- wrong: bias_zero
# why: the first bias for all
def my_dense(a_in, W, b, g):
    return g(a_in @ W + b[0])
