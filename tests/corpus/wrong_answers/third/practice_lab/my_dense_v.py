# --- wrong: W-first
# why: W @ A_in: for square shapes only, and other numbers there.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.matmul(W, A_in) + b)

# --- wrong: textbook-layout
# why: W.T @ A_in, the formula for columns: an error, or silent for square shapes.
def my_dense_v(A_in, W, b, g):
    return g(W.T @ A_in + b)

# --- wrong: bias-down-the-column
# why: b as a column belongs to the examples: an error unless m = j, and then each row has one bias.
def my_dense_v(A_in, W, b, g):
    return g(A_in @ W + b.reshape(-1, 1))

# --- wrong: answer-lies-the-other-way
# why: (j, m) instead of (m, j); when both are alike nothing complains.
def my_dense_v(A_in, W, b, g):
    return g(A_in @ W + b).T

# --- wrong: without-b
# why: no bias.
import tensorflow as tf
def my_dense_v(A_in, W, b, g):
    return g(tf.matmul(A_in, W).numpy())

# --- wrong: b-0-is-the-row
# why: b[0] is the row of biases when b is (1, j), but of b with the shape (j,) it is the first bias only.
def my_dense_v(A_in, W, b, g):
    return g(A_in @ W + b[0])

# --- wrong: b-k-is-a-number
# why: goes through the units with b[k], which for b of shape (1, j) is an error at k = 1 or a whole row.
import numpy as np
def my_dense_v(A_in, W, b, g):
    Z = np.zeros((A_in.shape[0], W.shape[1]))
    for k in range(W.shape[1]):
        Z[:, k] = A_in @ W[:, k] + b[k]
    return g(Z)

# --- wrong: b-made-two-dimensional-in-place
# why: b.shape = (1, j) turns the caller's own b; the arrays that come in should stay.
def my_dense_v(A_in, W, b, g):
    b.shape = (1, b.size)
    return g(A_in @ W + b)

# --- wrong: same-example-once
# why: np.unique takes equal examples together (and sorts them), so there are fewer rows.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.unique(A_in, axis=0) @ W + b)

# --- wrong: place-of-the-example-looked-up
# why: finds each example's place with list.index, so of two equal ones the second row stays empty.
import numpy as np
def my_dense_v(A_in, W, b, g):
    examples = A_in.tolist()
    Z = np.zeros((len(examples), W.shape[1]))
    for example in examples:
        Z[examples.index(example)] = np.dot(example, W) + np.ravel(b)
    return g(Z)

# --- wrong: one-example-a-vector
# why: with one example the answer is (j,), not (1, j).
def my_dense_v(A_in, W, b, g):
    A = g(A_in @ W + b)
    return A[0] if len(A) == 1 else A

# --- wrong: bias-for-the-first-example
# why: adds b to the first row only; right for one example.
def my_dense_v(A_in, W, b, g):
    Z = A_in @ W
    Z[0] = Z[0] + b
    return g(Z)

# --- wrong: batch-normalised
# why: takes the mean of the batch off Z, so the row of an example depends on the others.
def my_dense_v(A_in, W, b, g):
    Z = A_in @ W
    if len(Z) > 1:
        Z = Z - Z.mean(axis=0)
    return g(Z + b)

# --- wrong: products-summed-along-the-units
# why: three axes (example, input, unit) and the sum over the last: the shape is (m, n); only n = j goes through.
def my_dense_v(A_in, W, b, g):
    return g((A_in[:, :, None] * W).sum(axis=2) + b)

# --- wrong: thousand-in-blocks-of-hundred
# why: fills the result in blocks of 100 examples with m // 100 turns: the last 50 of 150 are 0.
import numpy as np
def my_dense_v(A_in, W, b, g):
    m = A_in.shape[0]
    if m <= 100:
        return g(A_in @ W + b)
    Z = np.zeros((m, W.shape[1]))
    for block in range(m // 100):
        rows = slice(100 * block, 100 * block + 100)
        Z[rows] = A_in[rows] @ W + b
    return g(Z)

# --- wrong: z-kept-small
# why: clips Z to -20..20 before g: for the sigmoid that hardly shows, for g(z) = z it does.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.clip(A_in @ W + b, -20, 20))

# --- right: tf-matmul
# why: computed by TensorFlow with 64 bits, g gets an array.
import numpy as np
import tensorflow as tf
def my_dense_v(A_in, W, b, g):
    Z = tf.matmul(tf.cast(A_in, tf.float64), tf.cast(W, tf.float64)) + tf.cast(b, tf.float64)
    return g(Z.numpy())

# --- right: transposed-twice
# why: in columns, then turned back.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g((W.T @ A_in.T + np.reshape(b, (-1, 1))).T)

# --- right: einsum
# why: the sum over the inputs as indices.
import numpy as np
def my_dense_v(A_in, W, b, g):
    Z = np.einsum("mi,ik->mk", A_in, W)
    return g(Z + np.ravel(b))

# --- right: filled-by-example
# why: a loop over the examples fills Z, g gets the whole of it.
import numpy as np
def my_dense_v(A_in, W, b, g):
    Z = np.empty((len(A_in), W.shape[1]))
    for i, a in enumerate(A_in):
        Z[i, :] = a @ W + b
    return g(Z)

# --- right: ones-beside-the-inputs
# why: a column of ones beside the inputs and b below the weights.
import numpy as np
def my_dense_v(A_in, W, b, g):
    return g(np.column_stack([A_in, np.ones(len(A_in))]) @ np.vstack([W, np.reshape(b, (1, -1))]))
