# --- wrong: first_twice
# why: uses the first layer's output for the third layer
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    return my_dense(a2, W3, b3, lambda z: z)

# --- wrong: returns_second
# why: returns the second layer's answer
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    a3 = my_dense(a2, W3, b3, sigmoid)
    return a2

# --- wrong: all_three
# why: returns all three answers
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    return a1, a2, my_dense(a2, W3, b3, sigmoid)

# --- wrong: tanh
# why: tanh in the hidden layers
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, np.tanh)
    a2 = my_dense(a1, W2, b2, np.tanh)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: label
# why: rounds the probability to a label
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    return np.round(my_dense(a2, W3, b3, sigmoid))
