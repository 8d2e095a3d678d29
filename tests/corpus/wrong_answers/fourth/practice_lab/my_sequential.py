# --- wrong: whole-pixels
# why: x.astype(int) because pixels are whole numbers; here they are from 0 to 1, and all but full ink becomes 0.
import numpy as np
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    x = np.asarray(x).astype(int)
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: first-unit-only
# why: returns the first number of a3 only; right while the last layer has one unit.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    a3 = my_dense(a2, W3, b3, sigmoid)
    return a3[:1]

# --- wrong: input-through-the-sigmoid
# why: "each layer has the sigmoid", so the input layer gets one too: the network sees sigmoid(x).
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a0 = sigmoid(x)
    a1 = my_dense(a0, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b2, sigmoid)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: hidden-units-fire-or-not
# why: the hidden activations are turned into 0 and 1 before they go on.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = (my_dense(x, W1, b1, sigmoid) >= 0.5).astype(float)
    a2 = (my_dense(a1, W2, b2, sigmoid) >= 0.5).astype(float)
    return my_dense(a2, W3, b3, sigmoid)

# --- wrong: bias-after-the-sigmoid
# why: written out without my_dense, with the bracket closed too early: sigmoid(a W) + b in each layer.
import numpy as np
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1 = sigmoid(np.dot(x, W1)) + b1
    a2 = sigmoid(np.dot(a1, W2)) + b2
    a3 = sigmoid(np.dot(a2, W3)) + b3
    return a3

# --- wrong: sizes-of-our-network
# why: 25, 15 and 1 units are written down: layers of fewer units raise an error, and of more units the rest is left out.
import numpy as np
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    a1, a2, a3 = np.zeros(25), np.zeros(15), np.zeros(1)
    for k in range(25):
        a1[k] = sigmoid(np.dot(x, W1[:, k]) + b1[k])
    for k in range(15):
        a2[k] = sigmoid(np.dot(a1, W2[:, k]) + b2[k])
    for k in range(1):
        a3[k] = sigmoid(np.dot(a2, W3[:, k]) + b3[k])
    return a3

# --- wrong: all-three-answers
# why: returns the activations of all layers in a list, as forward passes elsewhere do, instead of the last.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    answers = []
    a = x
    for W, b in [(W1, b1), (W2, b2), (W3, b3)]:
        a = my_dense(a, W, b, sigmoid)
        answers.append(a)
    return answers

# --- wrong: z-of-the-layer-before
# why: a1 and z1 mixed up: the second layer gets the weighted sums of the first instead of their sigmoid.
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    z1 = x @ W1 + b1
    a1 = sigmoid(z1)
    z2 = z1 @ W2 + b2
    a2 = sigmoid(z2)
    z3 = a2 @ W3 + b3
    a3 = sigmoid(z3)
    return a3
