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

# --- wrong: columns-in-a-loop
# why: a loop over the examples, though g is called once
def my_dense_v(A_in, W, b, g):
    Z = np.zeros((len(W), A_in.shape[1]))
    for i in range(A_in.shape[1]):
        Z[:, [i]] = W @ A_in[:, [i]] + b
    return g(Z)

# --- wrong: units-in-a-comprehension
# why: a loop over the units
def my_dense_v(A_in, W, b, g):
    return g(np.array([W[j] @ A_in + b[j, 0] for j in range(len(W))]))

# --- wrong: along-an-axis
# why: NumPy's apply_along_axis is a loop over the examples
def my_dense_v(A_in, W, b, g):
    return g(np.apply_along_axis(lambda a: W @ a + b[:, 0], 0, A_in))

# --- right: prints-its-steps
# why: what a student left from looking for a mistake takes NumPy more steps for more examples
def my_dense_v(A_in, W, b, g):
    Z = W @ A_in + b
    print("Z:", Z)
    np.testing.assert_allclose(Z - b, W @ A_in, atol=1)
    return g(Z)
