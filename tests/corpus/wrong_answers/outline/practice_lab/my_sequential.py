# --- wrong: last_layer_twice
# why: the third layer uses the second's bias where it fits
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)
    return my_dense(a, W3, b2[: len(b3)], sigmoid)

# --- wrong: linear_end
# why: the last layer has no activation
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a = my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)
    return a @ W3 + b3

# --- right: nested
# why: one call in another
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    return my_dense(my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid), W3, b3, sigmoid)
