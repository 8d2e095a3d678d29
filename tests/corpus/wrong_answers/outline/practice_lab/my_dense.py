# --- wrong: rows_of_W
# why: takes the rows of W for units
def my_dense(a_in, W, b, g):
    return g(np.array([W[k] @ a_in[: W.shape[1]] if W.shape[1] <= len(a_in) else 0.0 for k in range(len(b))]) + b)

# --- wrong: bias_after
# why: the bias is added after the activation
def my_dense(a_in, W, b, g):
    return g(a_in @ W) + b

# --- right: loop
# why: two loops
def my_dense(a_in, W, b, g):
    z = np.array(b, dtype=float)
    for j in range(W.shape[1]):
        for i in range(W.shape[0]):
            z[j] += a_in[i] * W[i, j]
    return g(z)
