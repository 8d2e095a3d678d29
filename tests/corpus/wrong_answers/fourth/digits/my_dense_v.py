# --- wrong: flat-bias
# why: b.flatten() is read as a row: an error, or, with as many examples as units, the biases go to the examples.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.matmul(W, A_in) + b.flatten())

# --- wrong: bias-column-at-the-wrong-end
# why: b is put before the columns of W but the row of ones below A_in, so biases and weights are mixed up.
import numpy as np
def my_dense_v(A_in, W, b, g):
    ones = np.ones((1, A_in.shape[1]))
    return g(np.hstack([b, W]) @ np.vstack([A_in, ones]))

# --- wrong: W-transposed
# why: W.T @ A_in as in another course: an error unless W is square, and then other numbers.
import numpy as np
def my_dense_v(A_in, W, b, g):
    Z = np.dot(W.T, A_in) + b
    return g(Z)

# --- wrong: einsum-sums-the-wrong-letter
# why: "ij,jk->ij" adds up the examples instead of the inputs: the shape is that of W.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.einsum("ij,jk->ij", W, A_in) + b)

# --- wrong: thirty-two-bits
# why: casts everything to float32, as Keras does, so only about seven digits are right.
import numpy as np
def my_dense_v(A_in, W, b, g):
    A_in, W, b = (np.asarray(array, dtype=np.float32) for array in (A_in, W, b))
    return g(W @ A_in + b)
