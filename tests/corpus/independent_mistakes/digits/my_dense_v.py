# --- wrong: no_bias
# why: forgets the bias
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in)

# --- wrong: row_bias
# why: flattens the bias
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in + b.flatten())

# --- wrong: per_example
# why: calls g for each example
def my_dense_v(A_in, W, b, g):
    return np.hstack([g(W @ A_in[:, [i]] + b) for i in range(A_in.shape[1])])

# --- wrong: per_example_my_dense
# why: a loop over the examples with my_dense
def my_dense_v(A_in, W, b, g):
    out = np.zeros((W.shape[0], A_in.shape[1]))
    for i in range(A_in.shape[1]):
        out[:, [i]] = my_dense(A_in[:, [i]], W, b, g)
    return out

# --- wrong: transposed_result
# why: works with examples as rows and forgets to turn back
def my_dense_v(A_in, W, b, g):
    return g(A_in.T @ W.T + b.T)

# --- wrong: first_example
# why: only the first example is computed
def my_dense_v(A_in, W, b, g):
    Z = np.zeros((W.shape[0], A_in.shape[1]))
    Z[:, [0]] = W @ A_in[:, [0]] + b
    return g(Z)

# --- wrong: sigmoid_fixed
# why: sigmoid in place of g
def my_dense_v(A_in, W, b, g):
    return sigmoid(W @ A_in + b)

# --- wrong: bias_subtracted
# why: minus in place of plus
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in - b)

# --- wrong: bias_mean
# why: adds the mean of the biases
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in + b.mean())

# --- wrong: elementwise_product
# why: * in place of @
def my_dense_v(A_in, W, b, g):
    return g(W * A_in + b)

# --- wrong: no_activation
# why: forgets g
def my_dense_v(A_in, W, b, g):
    return W @ A_in + b

# --- wrong: g_of_each_term
# why: applies g to the product and to the bias
def my_dense_v(A_in, W, b, g):
    return g(W @ A_in) + g(b)

# --- wrong: divided_by_m
# why: divides by the number of examples
def my_dense_v(A_in, W, b, g):
    return g((W @ A_in + b) / A_in.shape[1])

# --- wrong: g_input
# why: applies g to the input as well
def my_dense_v(A_in, W, b, g):
    return g(W @ g(A_in) + b)
