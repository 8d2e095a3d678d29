# --- wrong: floor-of-a-thousandth
# why: a probability of 1e-5 for the right label costs 6.9 instead of 11.5, since it is raised to 0.001.
import numpy as np

def cost(Y_hat, Y):
    right = Y * Y_hat + (1 - Y) * (1 - Y_hat)
    return float(-np.mean(np.log(np.maximum(right, 1e-3))))

# --- wrong: nan-to-num-of-the-mean
# why: one certain and right example makes the sum nan, which becomes a cost of 0 for the whole batch.
import numpy as np

def cost(Y_hat, Y):
    with np.errstate(all="ignore"):
        J = -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))
    return float(np.nan_to_num(J))

# --- wrong: nan-to-num-of-the-terms
# why: two certain and wrong examples give two times the largest float, which is infinite.
import numpy as np

def cost(Y_hat, Y):
    with np.errstate(all="ignore"):
        terms = np.nan_to_num(Y * np.log(Y_hat)) + np.nan_to_num((1 - Y) * np.log(1 - Y_hat))
        return float(-terms.sum() / Y.size)

# --- wrong: sum-over-rows-of-y
# why: divides by Y.shape[0], which is 1, so it gives the sum and not the mean for more than one example.
import numpy as np

def cost(Y_hat, Y):
    m = Y.shape[0]
    P = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return float(-np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / m)

# --- wrong: one-by-one-matrix
# why: the products with the transposed logarithms give an array of shape (1, 1) instead of one number.
import numpy as np

def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -(Y @ np.log(P).T + (1 - Y) @ np.log(1 - P).T) / Y.shape[1]

# --- wrong: minus-an-unsigned-label
# why: for labels of type uint8, as the file has them, -Y is 255 and the cost gets a wrong sign and size.
import numpy as np

def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return float(np.mean(-Y * np.log(P) - (1 - Y) * np.log(1 - P)))

# --- wrong: mean-of-the-class-means
# why: the zeros and the ones count the same however many there are; wrong when the classes differ in size.
import numpy as np

def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    parts = []
    if (Y == 1).any():
        parts.append(-np.log(P[Y == 1]).mean())
    if (Y == 0).any():
        parts.append(-np.log(1 - P[Y == 0]).mean())
    return float(np.mean(parts))

# --- wrong: one-class-costs-nothing
# why: when all labels are equal it returns 0 as if there were nothing to tell apart.
import numpy as np

def cost(Y_hat, Y):
    if Y.min() == Y.max():
        return 0.0
    right = np.where(Y == 1, Y_hat, 1 - Y_hat)
    return float(-np.log(np.maximum(right, 1e-300)).mean())

# --- wrong: writes-the-clipping-back
# why: Y_hat is clipped in place, so the caller's probabilities 0 and 1 are changed.
import numpy as np

def cost(Y_hat, Y):
    np.clip(Y_hat, 1e-7, 1 - 1e-7, out=Y_hat)
    return float(-np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat)))

# --- wrong: nothing-when-all-are-right
# why: when every label is guessed right with probabilities such as 0.6 it returns 0 instead of ln(1/0.6).
import numpy as np

def cost(Y_hat, Y):
    if np.array_equal(Y_hat > 0.5, Y == 1) and np.all(Y_hat != 0.5):
        return 0.0
    P = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return float(-np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P)))

# --- wrong: single-example-is-a-one
# why: a batch of one example costs -ln of its probability even when the label is 0.
import numpy as np

def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    if Y.size == 1:
        return float(-np.log(P[0, 0]))
    return float(-np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P)))

# --- wrong: half-precision
# why: 0.9999 is stored with 16 bits as 1, so with the label 0 the cost is that of a certain network and not 9.2.
import numpy as np

def cost(Y_hat, Y):
    P = Y_hat.astype(np.float16).astype(float)
    P = np.clip(P, 1e-15, 1 - 1e-15)
    return float(-np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P)))

# --- wrong: rounded-for-display
# why: a cost of 0.00004 late in training is returned as 0.0, rounded to four digits.
import numpy as np

def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return round(float(-np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))), 4)

# --- wrong: labels-split-at-their-mean
# why: labels are made boolean with Y > Y.mean(), so when all are 1 all count as 0.
import numpy as np

def cost(Y_hat, Y):
    ones = Y > Y.mean()
    right = np.where(ones, Y_hat, 1 - Y_hat)
    return float(-np.mean(np.log(np.maximum(right, 1e-300))))

# --- wrong: first-thousand-only
# why: for more than 1000 examples only the first 1000 are looked at.
import numpy as np

def cost(Y_hat, Y):
    P, T = Y_hat[:, :1000], Y[:, :1000]
    right = np.where(T == 1, P, 1 - P)
    return float(-np.mean(np.log(np.maximum(right, 1e-300))))

# --- wrong: zeros-replaced-in-a-copy-of-the-type
# why: for Y_hat of the integers 0 and 1 the tiny replacement is cut to 0 again and the cost of a wrong one is infinite.
import numpy as np

def cost(Y_hat, Y):
    right = np.where(Y == 1, Y_hat, 1 - Y_hat)
    right[right == 0] = 1e-15
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log(right)))

# --- wrong: certain-wrong-left-out
# why: examples with probability 0 for the right label are left out when others remain, so the mean is too small.
import numpy as np

def cost(Y_hat, Y):
    right = np.where(Y == 1, Y_hat, 1 - Y_hat)
    possible = right > 0
    if possible.any():
        return float(-np.log(right[possible]).sum() / right.size)
    return float(-np.log(1e-15))

# --- right: probability-of-the-right-label
# why: picks the probability of the right label by indexing a table of two rows.
import numpy as np

def cost(Y_hat, Y):
    table = np.vstack([1 - Y_hat, Y_hat])
    right = table[Y.astype(int)[0], np.arange(Y.shape[1])]
    return float(np.mean(-np.log(np.maximum(right, np.finfo(float).tiny))))

# --- right: product-with-one-number
# why: dot products of flattened rows, and a number with item().
import numpy as np

def cost(Y_hat, Y):
    p, y = np.clip(Y_hat, 1e-15, 1 - 1e-15).ravel(), np.asarray(Y, float).ravel()
    return ((-(y @ np.log(p)) - (1 - y) @ np.log1p(-p)) / y.size).item()

# --- right: log-of-the-distance
# why: 1 - |y - p| is the probability of the right label, one logarithm is enough.
import numpy as np

def cost(Y_hat, Y):
    return -np.log(np.maximum(1 - np.abs(Y.astype(float) - Y_hat), 1e-16)).mean()

# --- right: python-loop
# why: a loop in Python with math.log and math.fsum over the examples.
import math

def cost(Y_hat, Y):
    losses = [-math.log(max(p if y == 1 else 1 - p, 1e-200)) for p, y in zip(Y_hat[0].tolist(), Y[0].tolist())]
    return math.fsum(losses) / len(losses)

# --- right: tiny-added
# why: adds a tiny number inside the logarithm instead of clipping, a NumPy number comes back.
import numpy as np

def cost(Y_hat, Y):
    tiny = 1e-30
    per_example = np.where(Y > 0.5, np.log(Y_hat + tiny), np.log(1 - Y_hat + tiny))
    return np.negative(np.average(per_example))
