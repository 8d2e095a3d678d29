# --- wrong: sum-not-set-back
# why: total is set to 0 once, before the loop over the units, so each unit also gets the sums of those before it.
import numpy as np
def my_dense(a_in, W, b, g):
    units, n = W.shape
    z = np.zeros((units, 1))
    total = 0
    for j in range(units):
        for k in range(n):
            total += W[j, k] * a_in[k, 0]
        z[j, 0] = total + b[j, 0]
    return g(z)

# --- wrong: bias-with-every-input
# why: the bias is added inside the inner loop, n times instead of once.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for j in range(W.shape[0]):
        for k in range(W.shape[1]):
            z[j, 0] += W[j, k] * a_in[k, 0] + b[j, 0]
    return g(z)

# --- wrong: type-of-the-bias
# why: zeros_like(b) holds whole numbers when the biases are whole, and cuts the sums off.
import numpy as np
def my_dense(a_in, W, b, g):
    z = np.zeros_like(b)
    for j in range(len(z)):
        z[j, 0] = np.sum(W[j] * a_in[:, 0]) + b[j, 0]
    return g(z)

# --- wrong: z-starts-as-b-itself
# why: z = b makes no copy, so the sums are added to the caller's biases; a second call gives other numbers.
import numpy as np
def my_dense(a_in, W, b, g):
    z = b
    for j in range(W.shape[0]):
        z[j, 0] += W[j] @ a_in[:, 0]
    return g(z)

# --- wrong: g-for-every-unit-alone
# why: g is called on a single number for each unit; softmax, which looks at all units, gives 1 everywhere.
import numpy as np
def my_dense(a_in, W, b, g):
    a_out = np.zeros((W.shape[0], 1))
    for j in range(W.shape[0]):
        z = W[[j]] @ a_in + b[[j]]
        a_out[[j]] = g(z)
    return a_out
