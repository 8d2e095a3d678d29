# --- wrong: no_output_layer
# why: ends after the second layer
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, sigmoid)
    return my_dense_v(A1, W2, b2, sigmoid)

# --- wrong: labels
# why: returns labels
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, sigmoid)
    A2 = my_dense_v(A1, W2, b2, sigmoid)
    return (my_dense_v(A2, W3, b3, sigmoid) >= 0.5).astype(float)

# --- wrong: flat
# why: returns a flat array
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, sigmoid)
    A2 = my_dense_v(A1, W2, b2, sigmoid)
    return my_dense_v(A2, W3, b3, sigmoid).flatten()

# --- wrong: linear_output
# why: no activation at the end
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, sigmoid)
    A2 = my_dense_v(A1, W2, b2, sigmoid)
    return A2 @ W3 + b3

# --- wrong: mean
# why: the mean over the batch
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, sigmoid)
    A2 = my_dense_v(A1, W2, b2, sigmoid)
    return my_dense_v(A2, W3, b3, sigmoid).mean(axis=0)

# --- wrong: only_first_example
# why: the first example only
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    return my_sequential(X[0], W1, b1, W2, b2, W3, b3).reshape(1, -1)
