# --- wrong: first_example
# why: every row is the first example's
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(my_dense_v(X, W1, b1, sigmoid), W2, b2, sigmoid)
    return np.repeat(my_dense_v(A, W3, b3, sigmoid)[:1], len(X), axis=0)

# --- wrong: second_layer_left_out
# why: a square layer is left out
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A = my_dense_v(X, W1, b1, sigmoid)
    if W2.shape[0] != W2.shape[1]:
        A = my_dense_v(A, W2, b2, sigmoid)
    return my_dense_v(A, W3, b3, sigmoid)

# --- right: loop
# why: the layers in a loop
def my_sequential_v(X, *weights):
    for W, b in zip(weights[::2], weights[1::2]):
        X = my_dense_v(X, W, b, sigmoid)
    return X
