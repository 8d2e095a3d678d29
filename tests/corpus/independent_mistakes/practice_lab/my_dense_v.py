# --- wrong: no_bias
# why: forgets the bias
def my_dense_v(A_in, W, b, g):
    return g(A_in @ W)

# --- wrong: column_bias
# why: makes a column of the bias
def my_dense_v(A_in, W, b, g):
    return g(A_in @ W + b.reshape(-1, 1))

# --- wrong: transposed
# why: examples as columns
def my_dense_v(A_in, W, b, g):
    return g(A_in @ W + b).T

# --- wrong: per_row
# why: calls g for each example
def my_dense_v(A_in, W, b, g):
    return np.array([g(row @ W + np.ravel(b)) for row in A_in])

# --- wrong: no_g
# why: forgets g
def my_dense_v(A_in, W, b, g):
    return A_in @ W + b
