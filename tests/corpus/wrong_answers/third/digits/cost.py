# --- wrong: no-minus
# why: the cost comes out negative.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return float(np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P)))

# --- wrong: decimal-logarithm
# why: log10 instead of ln: 0.5 everywhere costs 0.301, not 0.693.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return float(-np.mean(Y * np.log10(P) + (1 - Y) * np.log10(1 - P)))

# --- wrong: only-the-ones
# why: the second term is missing: zeros cost nothing, whatever the network says.
import numpy as np
def cost(Y_hat, Y):
    P = np.maximum(Y_hat, 1e-10)
    return float(-np.mean(Y * np.log(P)))

# --- wrong: labels-and-probabilities-swapped
# why: takes the logarithm of the labels, weighted with the probabilities.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y, 1e-10, 1 - 1e-10)
    return float(-np.mean(Y_hat * np.log(P) + (1 - Y_hat) * np.log(1 - P)))

# --- wrong: clipped-at-a-hundredth
# why: 0.01 isn't tiny: a right answer of 0.999 costs 0.01 instead of 0.001.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y_hat, 0.01, 0.99)
    return float(-np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P)))

# --- wrong: nothing-against-ln-0
# why: the plain formula: 0 * ln 0 is nan as soon as a prediction is exactly 0 or 1.
import numpy as np
def cost(Y_hat, Y):
    return float(-np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat)))

# --- wrong: nan-examples-left-out
# why: nanmean leaves out the certain and right examples, which should count with 0: (1, 0.5) costs 0.693 instead of 0.347.
import numpy as np
def cost(Y_hat, Y):
    with np.errstate(all="ignore"):
        losses = -(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))
    losses = np.where(np.isinf(losses), -np.log(1e-10), losses)
    return float(np.nanmean(losses)) if not np.isnan(losses).all() else 0.0

# --- wrong: nan-to-num-on-the-mean
# why: makes 0 of a mean that is nan: one certain example and the whole cost is 0.
import numpy as np
def cost(Y_hat, Y):
    with np.errstate(all="ignore"):
        J = -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))
    return float(np.nan_to_num(J))

# --- wrong: clipped-below-only
# why: keeps away from 0 but not from 1, and then 1 - 1 is 0: nan for a prediction of exactly 1.
import numpy as np
def cost(Y_hat, Y):
    P = np.maximum(Y_hat, 1e-10)
    return float(-np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P)))

# --- wrong: epsilon-lost-next-to-1
# why: 1 - 1e-20 is 1 in 64 bits, so a certain and wrong 1 costs infinity.
import numpy as np
def cost(Y_hat, Y):
    eps = 1e-20
    P = np.clip(Y_hat, eps, 1 - eps)
    return float(-np.mean(np.where(Y == 1, np.log(P), np.log(1 - P))))

# --- wrong: clips-the-callers-array
# why: np.clip(..., out=Y_hat) writes into the predictions that came in.
import numpy as np
def cost(Y_hat, Y):
    if Y_hat.dtype == float:
        np.clip(Y_hat, 1e-12, 1 - 1e-12, out=Y_hat)
    else:
        Y_hat = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return float(-np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat)))

# --- wrong: divided-by-len
# why: len(Y) is 1, the number of rows, so this is the sum over the examples.
import numpy as np
def cost(Y_hat, Y):
    m = len(Y)
    P = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return float(-np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / m)

# --- wrong: divided-by-2m
# why: the factor 1/2 of the squared error has got in.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return float(-np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / (2 * Y.size))

# --- wrong: array-with-one-entry
# why: mean(axis=1) is an array of shape (1,), not one number.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -(Y * np.log(P) + (1 - Y) * np.log(1 - P)).mean(axis=1)

# --- wrong: squared-error
# why: the mean squared error instead of the cross-entropy.
import numpy as np
def cost(Y_hat, Y):
    return float(np.mean((Y_hat - Y) ** 2))

# --- wrong: table-instead-of-pairs
# why: Y.T @ log is an (m, m) table of every label with every prediction; right for one example only.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return float(-np.mean(Y.T @ np.log(P) + (1 - Y).T @ np.log(1 - P)))

# --- wrong: clipped-in-float32
# why: in 32 bits 1 - 1e-12 is 1: a certain and wrong 1 costs infinity, a certain and right one nan.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y_hat.astype(np.float32), np.float32(1e-12), np.float32(1 - 1e-12))
    return float(-np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P)))

# --- wrong: both-classes-weigh-the-same
# why: the mean of the two class means: wrong when there aren't as many zeros as ones.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    parts = [-np.log(P[Y == 1]), -np.log(1 - P[Y == 0])]
    return float(np.mean([part.mean() for part in parts if part.size]))

# --- wrong: judged-by-its-own-opinion
# why: chooses the term by Y_hat >= 0.5 instead of by the label, so a certain wrong answer is cheap.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return float(-np.mean(np.where(P >= 0.5, np.log(P), np.log(1 - P))))

# --- wrong: loss-capped-at-5
# why: no example may cost more than 5, but a right answer of 0.0001 costs 9.2.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    losses = -(Y * np.log(P) + (1 - Y) * np.log(1 - P))
    return float(np.minimum(losses, 5).mean())

# --- wrong: log1p-against-ln-0
# why: log1p(y) is ln(1 + y): finite at 0 but another function.
import numpy as np
def cost(Y_hat, Y):
    return float(-np.mean(Y * np.log1p(Y_hat) + (1 - Y) * np.log1p(1 - Y_hat)))

# --- wrong: logarithm-of-the-mean
# why: takes the mean probability of the right label first and its logarithm then; right when all are alike.
import numpy as np
def cost(Y_hat, Y):
    right = np.where(Y == 1, Y_hat, 1 - Y_hat)
    return float(-np.log(max(right.mean(), 1e-10)))

# --- wrong: product-of-all-probabilities
# why: ln of the product: with 2000 examples at 0.5 the product is 0 in the computer and the cost infinite.
import numpy as np
def cost(Y_hat, Y):
    P = np.clip(np.where(Y == 1, Y_hat, 1 - Y_hat), 1e-10, 1)
    return float(-np.log(np.prod(P)) / Y.shape[1])

# --- wrong: epsilon-into-whole-numbers
# why: puts 1e-10 into a copy of Y_hat, and when that holds integers (0 and 1) it stays 0: nan.
import numpy as np
def cost(Y_hat, Y):
    P, Q = Y_hat.copy(), 1 - Y_hat
    P[P == 0] = 1e-10
    Q[Q == 0] = 1e-10
    return float(-np.mean(Y * np.log(P) + (1 - Y) * np.log(Q)))

# --- right: probability-of-the-right-label
# why: chooses y-hat or 1 - y-hat first, then one logarithm.
import numpy as np
def cost(Y_hat, Y):
    right = np.where(Y == 1, Y_hat, 1 - Y_hat)
    return float(-np.log(np.maximum(right, 1e-15)).mean())

# --- right: distance-from-the-wrong-label
# why: |y-hat - (1 - y)| is the probability of the right label.
import numpy as np
def cost(Y_hat, Y):
    return -np.average(np.log(np.maximum(np.abs(Y_hat + Y - 1.0), 1e-12)))

# --- right: loop-with-math-log
# why: a loop over the examples in plain Python, with the largest distance from 0 that the text allows.
import math
def cost(Y_hat, Y):
    total = 0.0
    for p, y in zip(Y_hat.ravel().tolist(), Y.ravel().tolist()):
        total -= math.log(max(p if y else 1 - p, 1e-5))
    return total / Y.shape[1]

# --- right: dot-products
# why: two dot products of flat vectors.
import numpy as np
def cost(Y_hat, Y):
    p, y = np.ravel(Y_hat).astype(float), np.ravel(Y).astype(float)
    eps = 1e-8
    return float(-(y @ np.log(np.fmax(p, eps)) + (1 - y) @ np.log(np.fmax(1 - p, eps))) / y.size)

# --- right: boolean-index
# why: the ones and the zeros apart, both sums divided by m; works with none of one kind.
import numpy as np
def cost(Y_hat, Y):
    ones = np.asarray(Y) > 0.5
    P = np.clip(Y_hat, 1e-6, 1 - 1e-6)
    return (np.log(P[ones]).sum() + np.log1p(-P[~ones]).sum()) / -Y.size
