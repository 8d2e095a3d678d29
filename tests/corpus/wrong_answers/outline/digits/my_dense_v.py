# --- wrong: column_by_column
# why: the activation is called for each example
def my_dense_v(A_in, W, b, g):
    return np.hstack([g(W @ A_in[:, [i]] + b) for i in range(A_in.shape[1])])

# --- wrong: bias_of_the_first_unit
# why: every unit has the bias of the first
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in + b[0])

# --- right: einsum
# why: the product written as a sum over indices
def my_dense_v(A_in, W, b, g):
    return g(np.einsum("un,nm->um", W, A_in) + b)
