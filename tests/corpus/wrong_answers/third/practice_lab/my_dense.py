# --- wrong: W-times-a
# why: W @ a_in takes rows for units: an error unless W is square, and then other numbers.
import numpy as np
def my_dense(a_in, W, b, g):
    return g(np.dot(W, a_in) + b)

# --- wrong: row-k-for-unit-k
# why: W[k] instead of W[:, k]; for a square W nobody complains.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros(len(b))
    for k in range(len(b)):
        z[k] = np.dot(W[k], a_in) + b[k]
    return g(z)

# --- wrong: bias-forgotten
# why: the bias is missing: (5, 2, -1) in the worked example.
def my_dense(a_in, W, b, g):
    return g(a_in @ W)

# --- wrong: loops-over-the-inputs
# why: W.shape[0] is the number of inputs: with two inputs and three units the third stays 0, with three and two it is an error.
import numpy as np
def my_dense(a_in, W, b, g):
    a_out = np.zeros(W.shape[1])
    for k in range(W.shape[0]):
        a_out[k] = g(np.dot(a_in, W[:, k]) + b[k])
    return a_out

# --- wrong: row-with-two-axes
# why: the input is made a row of a batch, and the answer keeps the shape (1, j).
def my_dense(a_in, W, b, g):
    return g(a_in.reshape(1, -1) @ W + b)

# --- wrong: sigmoid-not-g
# why: always the sigmoid.
import numpy as np
def my_dense(a_in, W, b, g):
    return sigmoid(np.matmul(a_in, W) + b)

# --- wrong: bias-added-last
# why: g(a W) + b.
def my_dense(a_in, W, b, g):
    z = a_in @ W
    return g(z) + b

# --- wrong: one-unit-short
# why: range(j - 1): the last unit is always g(0) or 0.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros(W.shape[1])
    for k in range(W.shape[1] - 1):
        z[k] = a_in @ W[:, k] + b[k]
    return g(z)

# --- wrong: elementwise-along-the-columns
# why: a_in * W stretches a_in along the rows, so input i meets column i: only for square W, and wrong there.
import numpy as np
def my_dense(a_in, W, b, g):
    return g(np.sum(a_in * W, axis=0) + b)

# --- wrong: like-units-like-answers
# why: remembers each unit by its weights; of two units with the same weights and different biases the second gets the first one's answer.
import numpy as np
def my_dense(a_in, W, b, g):
    known = {}
    z = np.zeros(W.shape[1])
    for k in range(W.shape[1]):
        weights = tuple(W[:, k])
        if weights not in known:
            known[weights] = np.dot(a_in, W[:, k]) + b[k]
        z[k] = known[weights]
    return g(z)

# --- wrong: position-by-value
# why: looks the place of a bias up with list.index, which finds the first of equal ones: two units with one bias share a place.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros(W.shape[1])
    biases = b.tolist()
    for bias in biases:
        k = biases.index(bias)
        z[k] = a_in @ W[:, k] + bias
    return g(z)

# --- wrong: z-as-a-list
# why: hands g a list; for a list 2 * z is the list twice, and most functions fail.
import numpy as np
def my_dense(a_in, W, b, g):
    z = [float(np.dot(a_in, W[:, k]) + b[k]) for k in range(W.shape[1])]
    return np.array(g(z))

# --- wrong: adds-up-in-b
# why: begins with z = b and adds to it, which is the caller's array.
import numpy as np
def my_dense(a_in, W, b, g):
    z = b
    for i in range(len(a_in)):
        z += a_in[i] * W[i]
    return g(z)

# --- wrong: sum-over-everything
# why: one sum over inputs and units: each unit gets the total.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.sum(a_in[:, None] * W) + b
    return g(z)

# --- wrong: first-bias
# why: b[0] for every unit.
import numpy as np
def my_dense(a_in, W, b, g):
    return g(np.einsum("i,ik->k", a_in, W) + b[0])

# --- wrong: answer-array-kept
# why: fills an array that is kept between calls and returns it: the answer of the first call changes with the second, and a list of answers holds the last one m times.
import numpy as np
_out = {}
def my_dense(a_in, W, b, g):
    units = W.shape[1]
    out = _out.setdefault(units, np.zeros(units))
    out[:] = g(a_in @ W + b)
    return out

# --- wrong: small-weights-cut
# why: takes weights below 1e-6 for 0; with inputs of a million they count.
import numpy as np
def my_dense(a_in, W, b, g):
    W = np.where(np.abs(W) < 1e-6, 0, W)
    return g(a_in @ W + b)

# --- right: unit-by-unit-with-numbers
# why: g gets one number at a time, as the formula has it.
import numpy as np
def my_dense(a_in, W, b, g):
    units = W.shape[1]
    a_out = np.zeros(units)
    for j in range(units):
        w = W[:, j]
        z = np.dot(w, a_in) + b[j]
        a_out[j] = g(z)
    return a_out

# --- right: transposed-product
# why: W.T @ a, the textbook form, which for a vector is the same.
def my_dense(a_in, W, b, g):
    return g(W.T @ a_in + b)

# --- right: sum-of-rows
# why: adds up the rows of W, each as often as its input says.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.array(b, dtype=float)
    for a, row in zip(a_in, W):
        z = z + a * row
    return g(z)

# --- right: one-more-input
# why: the bias as the weight of an input that is 1.
import numpy as np
def my_dense(a_in, W, b, g):
    return g(np.append(a_in, 1.0) @ np.vstack([W, b]))

# --- right: plain-python
# why: zip(*W) gives the columns; sums with a generator.
import numpy as np
def my_dense(a_in, W, b, g):
    z = [sum(a * w for a, w in zip(a_in, column)) + bias for column, bias in zip(zip(*W), b)]
    return g(np.array(z))
