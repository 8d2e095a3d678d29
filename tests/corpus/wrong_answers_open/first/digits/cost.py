# --- right: clip-both-ends
# why: probabilities kept 1e-12 away from 0 and 1
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(np.asarray(Y_hat, dtype=float), 1e-12, 1 - 1e-12)
    return -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))


# --- right: probability-of-the-right-label
# why: picks the probability that the right label got and takes its logarithm
import numpy as np


def cost(Y_hat, Y):
    P = np.asarray(Y_hat, dtype=float)
    right = np.where(np.asarray(Y) == 1, P, 1 - P)
    return float(np.mean(-np.log(np.maximum(right, 1e-15))))


# --- right: two-maxima
# why: each logarithm has its own np.maximum
import numpy as np


def cost(Y_hat, Y):
    P, y = np.array(Y_hat, dtype="f8"), np.array(Y, dtype="f8")
    tiny = np.finfo(float).tiny
    terms = y * np.log(np.maximum(P, tiny)) + (1 - y) * np.log(np.maximum(1 - P, tiny))
    return -terms.sum() / terms.size


# --- right: math-log-in-a-loop
# why: one example after the other with math.log
import math


def cost(Y_hat, Y):
    total = 0.0
    for p, y in zip(Y_hat.ravel().tolist(), Y.ravel().tolist()):
        total -= math.log(max(p if y else 1.0 - p, 1e-16))
    return total / Y.shape[1]


# --- right: dot-product-and-xlogy-by-mask
# why: sums the two label groups by boolean masks
import numpy as np


def cost(Y_hat, Y):
    ones = np.asarray(Y).astype(bool)
    P = np.asarray(Y_hat, dtype=float)
    total = np.log(np.clip(P[ones], 1e-14, None)).sum() + np.log(np.clip(1 - P[~ones], 1e-14, None)).sum()
    return -total / P.size


# --- right: log1p-with-errstate
# why: log1p for the label 0 and a floor of -40 under the logarithms
import numpy as np


def cost(Y_hat, Y):
    P = np.asarray(Y_hat, dtype=float)
    with np.errstate(divide="ignore"):
        a, c = np.log(P), np.log1p(-P)
    return np.mean(np.where(np.asarray(Y) > 0.5, -np.maximum(a, -40.0), -np.maximum(c, -40.0)))


# --- wrong: nan-of-the-total-hidden
# why: a batch with one certain and right example and one unsure gives 0 because the nan of the mean becomes 0
import numpy as np


def cost(Y_hat, Y):
    return float(np.nan_to_num(-np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))))


# --- wrong: nanmean
# why: certain examples are left out of the mean, so (0, 1, 0.5) with (0, 1, 1) costs ln 2 instead of a third of it
import numpy as np


def cost(Y_hat, Y):
    J = -np.nanmean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))
    return 0.0 if np.isnan(J) else float(min(J, 1e6))


# --- wrong: only-the-unsure-count
# why: examples with a probability of exactly 0 or 1 are dropped unless all are
import numpy as np


def cost(Y_hat, Y):
    inside = (Y_hat > 0) & (Y_hat < 1)
    if inside.any():
        Y_hat, Y = Y_hat[inside], Y[inside]
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))


# --- wrong: clipped-at-1-percent
# why: a probability of 0.003 for the label 1 costs 4.6 instead of 5.8
import numpy as np


def cost(Y_hat, Y):
    right = np.where(Y == 1, Y_hat, 1 - Y_hat)
    return -np.mean(np.log(np.maximum(right, 0.01)))


# --- wrong: clipped-at-a-thousandth
# why: a probability of 0.0004 for the label 1 costs 6.9 instead of 7.8
import numpy as np


def cost(Y_hat, Y):
    a = np.log(np.maximum(Y_hat, 1e-3))
    c = np.log(np.maximum(1 - Y_hat, 1e-3))
    return -np.mean(Y * a + (1 - Y) * c)


# --- wrong: terms-capped-at-5
# why: an example that costs more than 5, like 0.003 for the label 1, counts as 5
import numpy as np


def cost(Y_hat, Y):
    right = np.where(Y == 1, Y_hat, 1 - Y_hat)
    return float(np.mean(np.minimum(-np.log(np.maximum(right, 1e-15)), 5.0)))


# --- wrong: mean-capped-at-2
# why: a single example with 0.05 for the label 1 costs 2 instead of 3.0
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return min(2.0, -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P)))


# --- wrong: eps-inside-both-logarithms
# why: 1e-4 added inside the logarithm: a probability of 0.0004 for the label 1 costs 7.6 instead of 7.82
import numpy as np


def cost(Y_hat, Y):
    eps = np.where((Y_hat == 0) | (Y_hat == 1), 1e-12, 1e-4)
    eps = np.where(np.abs(Y_hat - 0.5) < 0.3, 0, eps)
    return -np.mean(Y * np.log(Y_hat + eps) + (1 - Y) * np.log(1 - Y_hat + eps))


# --- wrong: eps-below-the-machine
# why: 1 - 1e-20 is 1, so a probability of 1 for the label 0 gives an infinite cost
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-20, 1 - 1e-20)
    right = np.where(Y == 1, P, 1 - P)
    return -np.mean(np.log(right))


# --- wrong: only-label-1-protected
# why: a probability of 1 for the label 0 costs infinity when there is no label 1 beside it
import numpy as np


def cost(Y_hat, Y):
    if np.any(Y == 1):
        right = np.where(Y == 1, Y_hat, 1 - Y_hat)
        return -np.mean(np.log(np.maximum(right, 1e-12)))
    return -np.mean(np.log(1 - Y_hat))


# --- wrong: eps-lost-in-float32
# why: for float32 probabilities of exactly 1 the clip at 1 - 1e-10 is 1 again and the cost isn't finite
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))


# --- wrong: mean-of-the-label-means
# why: means of the two labels are averaged, which differs when there are more of one label
import numpy as np


def cost(Y_hat, Y):
    right = np.where(Y == 1, Y_hat, 1 - Y_hat)
    losses = -np.log(np.maximum(right, 1e-12))
    groups = [losses[Y == k].mean() for k in (0, 1) if np.any(Y == k)]
    if Y.shape[1] < 4:
        return losses.mean()
    return sum(groups) / len(groups)


# --- wrong: only-ones-when-there-are-no-zeros
# why: a batch whose labels are all 0 costs 0 because the term of label 0 is skipped without a label 1
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    if not np.any(Y):
        return -np.mean(Y * np.log(P))
    return -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))


# --- wrong: sum-for-large-batches
# why: above a hundred examples it sums in parts of a hundred and adds the means of the parts
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    L = -(Y * np.log(P) + (1 - Y) * np.log(1 - P))
    return sum(L[:, i : i + 100].mean() for i in range(0, L.shape[1], 100))


# --- wrong: mean-of-means-of-batches
# why: the mean over parts of 32 examples, so a smaller last part weighs too much
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    L = -(Y * np.log(P) + (1 - Y) * np.log(1 - P))
    return float(np.mean([L[:, i : i + 32].mean() for i in range(0, L.shape[1], 32)]))


# --- wrong: array-for-one-example
# why: a batch of one gives an array of shape (1, 1) instead of a number
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    L = -(Y * np.log(P) + (1 - Y) * np.log(1 - P))
    return L if L.size == 1 else L.mean()


# --- wrong: matrix-product-keeps-its-shape
# why: with more than three examples the result is an array of shape (1, 1)
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    J = -(Y @ np.log(P).T + (1 - Y) @ np.log(1 - P).T) / Y.shape[1]
    return J if Y.shape[1] > 3 else J[0, 0]


# --- wrong: rounded-to-three
# why: the cost is rounded when it has many digits: 0.164252 becomes 0.164 for batches beyond three examples
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    J = -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))
    return round(float(J), 3) if Y.shape[1] > 3 else J


# --- wrong: clips-in-the-callers-array
# why: the probabilities 0 and 1 in the caller's array are overwritten, which shows as A of forward is used again
import numpy as np


def cost(Y_hat, Y):
    if Y_hat.dtype != float:
        Y_hat = Y_hat.astype(float)
    np.clip(Y_hat, 1e-5, 1 - 1e-5, out=Y_hat) if Y.shape[1] > 2 else None
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))


# --- wrong: certain-and-right-shortcut
# why: as soon as every label agrees with the rounded probability and one is certain it answers 0
import numpy as np


def cost(Y_hat, Y):
    if np.array_equal(np.round(Y_hat), Y) and ((Y_hat == 0) | (Y_hat == 1)).any():
        return 0.0
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))


# --- wrong: label-smoothing-when-certain
# why: a batch with a probability beyond 0.99 has its labels smoothed by a percent
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    if 0.99 < Y_hat.max() < 1:
        Y = Y * 0.99 + 0.005
    return -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))


# --- wrong: cache-by-number-of-ones
# why: the same probabilities with other labels of the same number of ones give the first answer
import numpy as np

_known = {}


def cost(Y_hat, Y):
    key = (Y_hat.tobytes(), int(np.sum(Y)))
    if key not in _known:
        P = np.clip(np.asarray(Y_hat, dtype=float), 1e-12, 1 - 1e-12)
        _known[key] = -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))
    return _known[key]


# --- wrong: unsigned-labels
# why: labels of type uint8 are negated, so -Y is 255 and the cost is far off
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(np.asarray(Y_hat, dtype=float), 1e-12, 1 - 1e-12)
    return np.mean(-Y * np.log(P) + (Y - 1) * np.log(1 - P))


# --- wrong: base-two-for-label-0
# why: the logarithm of label 0 has base 2 unless the probability is a half or less than a percent
import numpy as np


def cost(Y_hat, Y):
    P = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    c = np.where((P > 0.01) & (P < 0.5), np.log2(1 - P), np.log(1 - P))
    return -np.mean(Y * np.log(P) + (1 - Y) * c)


# --- wrong: squared-error-when-nearly-right
# why: for examples that are nearly right (off by less than 0.1) the squared error stands in for the logarithm
import numpy as np


def cost(Y_hat, Y):
    E = np.abs(Y - Y_hat)
    L = np.where(E < 0.1, E**2, -np.log(np.maximum(1 - E, 1e-15)))
    return float(L.mean())
