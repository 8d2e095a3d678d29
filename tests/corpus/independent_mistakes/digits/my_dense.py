# --- wrong: no_bias
# why: forgets the bias
def my_dense(a_in, W, b, g):
    return g(W @ a_in)

# --- wrong: sigmoid_fixed
# why: calls sigmoid and not g
def my_dense(a_in, W, b, g):
    return sigmoid(W @ a_in + b)

# --- wrong: no_activation
# why: forgets g
def my_dense(a_in, W, b, g):
    return W @ a_in + b

# --- wrong: flat_result
# why: a loop that fills a one-dimensional array
def my_dense(a_in, W, b, g):
    units = W.shape[0]
    z = np.zeros(units)
    for j in range(units):
        z[j] = (W[j] @ a_in + b[j]).item()
    return g(z)

# --- wrong: g_per_unit
# why: calls g for each unit alone
def my_dense(a_in, W, b, g):
    units = W.shape[0]
    out = np.zeros((units, 1))
    for j in range(units):
        out[j] = g(W[j] @ a_in + b[j])
    return out

# --- wrong: skips_last_unit
# why: the loop ends one unit early
def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for j in range(W.shape[0] - 1):
        z[j] = W[j] @ a_in + b[j]
    return g(z)

# --- wrong: loops_inputs
# why: loops over the inputs as if there were as many units
def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for j in range(min(W.shape)):
        z[j] = W[j] @ a_in + b[j]
    return g(z)

# --- wrong: transposed_w
# why: multiplies by the transposed weights
def my_dense(a_in, W, b, g):
    return g(W.T @ a_in + b)

# --- wrong: bias_first_only
# why: adds the first bias to every unit
def my_dense(a_in, W, b, g):
    return g(W @ a_in + b[0])

# --- wrong: bias_outside
# why: adds the bias after the activation
def my_dense(a_in, W, b, g):
    return g(W @ a_in) + b

# --- wrong: elementwise
# why: * in place of @, then sums each column
def my_dense(a_in, W, b, g):
    return g(np.sum(W * a_in.T, axis=0, keepdims=True).T + b)

# --- wrong: integer_z
# why: the column for z is made with the type of W, whole numbers stay whole
def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1), dtype=int)
    for j in range(W.shape[0]):
        z[j] = (W[j] @ a_in + b[j]).item()
    return g(z)

# --- wrong: row_result
# why: returns a row in place of a column
def my_dense(a_in, W, b, g):
    return g(W @ a_in + b).T

# --- wrong: returns_z_too
# why: returns both z and g(z)
def my_dense(a_in, W, b, g):
    z = W @ a_in + b
    return z, g(z)

# --- wrong: return_in_loop
# why: the return stands inside the loop
def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for j in range(W.shape[0]):
        z[j] = W[j] @ a_in + b[j]
        return g(z)

# --- wrong: accumulates_bias
# why: adds the bias once for each input
def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for k in range(W.shape[1]):
        z += W[:, [k]] * a_in[k] + b
    return g(z)
