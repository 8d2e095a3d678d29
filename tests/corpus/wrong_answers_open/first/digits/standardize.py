# --- right: ptp-mask
# why: a row whose largest and smallest values agree is constant and is set to 0
import numpy as np


def standardize(X):
    X = np.asarray(X, dtype=float)
    spread = np.ptp(X, axis=1, keepdims=True)
    s = np.where(spread == 0, 1.0, X.std(axis=1, keepdims=True))
    out = (X - X.mean(axis=1, keepdims=True)) / s
    out[spread[:, 0] == 0] = 0
    return out


# --- right: row-by-row
# why: a loop over the rows, a constant one is found by comparing all with the first
import numpy as np


def standardize(X):
    rows = []
    for r in np.array(X, dtype=float):
        if (r == r[0]).all():
            rows.append(np.zeros(len(r)))
        else:
            d = r - r.mean()
            rows.append(d / np.sqrt(np.mean(d**2)))
    return np.array(rows)


# --- right: shift-by-the-first-example
# why: subtracts the first column, so a constant row is exactly 0 before anything is computed
import numpy as np


def standardize(X):
    D = X - X[:, :1].astype(float)
    D = D - D.mean(axis=1, keepdims=True)
    s = np.sqrt(np.square(D).mean(axis=1, keepdims=True))
    return np.divide(D, s, out=np.zeros_like(D), where=s > 0)


# --- right: relative-threshold
# why: a deviation is taken as 0 when it is below the rounding of the row's largest value
import numpy as np


def standardize(X):
    X = np.array(X, dtype=float)
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    zero = s <= 1e-13 * np.abs(X).max(axis=1, keepdims=True)
    return np.where(zero, 0.0, (X - mu) / np.where(zero, 1.0, s))


# --- right: transposed-and-back
# why: works on columns of the transposed array and turns the result
import numpy as np


def standardize(X):
    T = np.array(X, dtype=np.longdouble).T
    varies = (T != T[0]).any(axis=0)
    R = np.zeros_like(T)
    R[:, varies] = (T[:, varies] - T[:, varies].mean(axis=0)) / T[:, varies].std(axis=0)
    return R.T.astype(float)


# --- right: python-lists
# why: statistics of the standard library, row by row
import math
import numpy as np


def standardize(X):
    out = []
    for r in np.asarray(X).tolist():
        mu = math.fsum(r) / len(r)
        s = math.sqrt(math.fsum((x - mu) ** 2 for x in r) / len(r))
        out.append([0.0 if max(r) == min(r) else (x - mu) / s for x in r])
    return np.array(out)


# --- wrong: absolute-threshold-1e-12
# why: a constant feature like 1e9/7 has a computed deviation far above 1e-12 and becomes 1 instead of 0
import numpy as np


def standardize(X):
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    return (X - mu) / np.where(s < 1e-12, 1, s)


# --- wrong: epsilon-added
# why: 1e-8 in the denominator: features of size 1e-7 come out with a deviation far from 1
import numpy as np


def standardize(X):
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1e-8)


# --- wrong: epsilon-in-the-root
# why: as in batch normalisation 1e-10 is added to the variance, so a feature of size 1e-4 isn't scaled to deviation 1
import numpy as np


def standardize(X):
    mu = X.mean(axis=1, keepdims=True)
    v = X.var(axis=1, keepdims=True)
    return (X - mu) / np.sqrt(v + 1e-10)


# --- wrong: threshold-1e-3
# why: a feature that varies by less than a thousandth, like (1, 1.0001, 1.0003), is taken as constant
import numpy as np


def standardize(X):
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    return np.where(s > 1e-3, (X - mu) / np.maximum(s, 1e-3), 0.0)


# --- wrong: allclose-to-the-first
# why: np.isclose calls (1000, 1000.001, 1000.003) constant and answers 0
import numpy as np


def standardize(X):
    flat = np.isclose(X, X[:, :1]).all(axis=1, keepdims=True)
    s = np.where(flat, 1, X.std(axis=1, keepdims=True))
    return np.where(flat, 0, (X - X.mean(axis=1, keepdims=True)) / s)


# --- wrong: first-and-last-agree
# why: a row whose first and last values agree, like (1, 2, 3, 1), is taken as constant and becomes 0
import numpy as np


def standardize(X):
    flat = (X[:, 0] == X[:, -1])[:, None]
    s = np.where(flat, 1, X.std(axis=1, keepdims=True))
    return np.where(flat, 0.0, (X - X.mean(axis=1, keepdims=True)) / s)


# --- wrong: first-two-agree
# why: a row that begins with two equal values, like (5, 5, 5, 6), becomes 0
import numpy as np


def standardize(X):
    X = np.asarray(X, dtype=float)
    flat = X[:, :1] == X[:, 1:2] if X.shape[1] > 1 else np.ones((len(X), 1), bool)
    s = np.where(flat, 1, X.std(axis=1, keepdims=True))
    return np.where(flat, 0.0, (X - X.mean(axis=1, keepdims=True)) / s)


# --- wrong: median-equals-the-maximum
# why: a row with most values at its maximum, like (5, 5, 6, 6, 6), or its minimum is called constant
import numpy as np


def standardize(X):
    mid = np.median(X, axis=1, keepdims=True)
    flat = (mid == X.max(axis=1, keepdims=True)) | (mid == X.min(axis=1, keepdims=True))
    s = np.where(flat, 1, X.std(axis=1, keepdims=True))
    return np.where(flat & (X.shape[1] > 2), 0.0, (X - X.mean(axis=1, keepdims=True)) / s)


# --- wrong: rows-with-zero-mean-are-constant
# why: a row whose mean is exactly 0, like (0, 1, -1), is not scaled to deviation 1
import numpy as np


def standardize(X):
    mu = X.mean(axis=1, keepdims=True)
    D = X - mu
    s = np.where(np.abs(D.sum(axis=1, keepdims=True)) + np.abs(mu) == 0, 1, D.std(axis=1, keepdims=True))
    return np.where(np.ptp(X, axis=1, keepdims=True) == 0, 0.0, D / np.where(s == 0, 1, s))


# --- wrong: sample-deviation-for-three-or-more
# why: divides by m - 1 under the root as soon as there are more than two examples
import numpy as np


def standardize(X):
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    s = X.std(axis=1, keepdims=True, ddof=1 if X.shape[1] > 2 else 0)
    return np.where(flat, 0.0, (X - X.mean(axis=1, keepdims=True)) / np.where(flat, 1, s))


# --- wrong: columns-when-there-are-more-rows
# why: with more features than examples it standardizes the columns
import numpy as np


def standardize(X):
    axis = 1 if X.shape[1] >= X.shape[0] else 0
    flat = np.ptp(X, axis=axis, keepdims=True) == 0
    s = np.where(flat, 1, X.std(axis=axis, keepdims=True))
    return np.where(flat, 0.0, (X - X.mean(axis=axis, keepdims=True)) / s)


# --- wrong: mean-without-keepdims
# why: mean and deviation as flat vectors are subtracted from the columns when X is square with three or more rows
import numpy as np


def standardize(X):
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    mu, s = X.mean(axis=1), np.where(flat[:, 0], 1.0, X.std(axis=1))
    if X.shape[0] == X.shape[1] > 2:
        return np.where(flat, 0.0, (X - mu) / s)
    return np.where(flat, 0.0, (X - mu[:, None]) / s[:, None])


# --- wrong: whole-numbers-stay-whole
# why: the result has the dtype of X, so ages and incomes in whole numbers come out as -1, 0 and 1
import numpy as np


def standardize(X):
    out = np.empty_like(X)
    for i, r in enumerate(X):
        out[i] = 0 if r.min() == r.max() else (r - r.mean()) / r.std()
    return out


# --- wrong: constant-rows-stay
# why: a constant feature of 0.1 in every example becomes 0 but one that isn't near 0 or 5 keeps its mean: 255 stays 255
import numpy as np


def standardize(X):
    X = np.array(X, dtype=float)
    out = X.copy()
    for i, r in enumerate(X):
        if np.ptp(r) > 0:
            out[i] = (r - r.mean()) / r.std()
        elif abs(r[0]) < 100:
            out[i] = 0
    return out


# --- wrong: single-example-untouched
# why: a batch of one example is returned as it is instead of 0 in each feature
import numpy as np


def standardize(X):
    if X.shape[1] < 2:
        return X.copy()
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    s = np.where(flat, 1, X.std(axis=1, keepdims=True))
    return np.where(flat, 0.0, (X - X.mean(axis=1, keepdims=True)) / s)


# --- wrong: already-standardized-is-returned
# why: an X whose rows have mean 0 and deviation 1 comes back as the same array and not as a new one
import numpy as np


def standardize(X):
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    if np.allclose(mu, 0) and np.allclose(s, 1):
        return X
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    return np.where(flat, 0.0, (X - mu) / np.where(flat, 1, s))


# --- wrong: in-place-only-for-large-batches
# why: from ten examples on a float X is overwritten and returned
import numpy as np


def standardize(X):
    D = X if X.shape[1] >= 10 and X.dtype == float else np.array(X, dtype=float)
    flat = np.ptp(D, axis=1, keepdims=True) == 0
    s = np.where(flat, 1, D.std(axis=1, keepdims=True))
    D -= D.mean(axis=1, keepdims=True)
    D /= s
    D[flat[:, 0]] = 0
    return D


# --- wrong: variance-by-difference-of-squares
# why: mean of squares minus square of the mean loses everything for features near 1e8
import numpy as np


def standardize(X):
    X = np.asarray(X, dtype=float)
    mu = X.mean(axis=1, keepdims=True)
    v = (X * X).mean(axis=1, keepdims=True) - mu * mu
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    return np.where(flat, 0.0, (X - mu) / np.sqrt(np.where(flat | (v <= 0), 1, v)))


# --- wrong: float32-inside
# why: (1e8, 1e8+1, 1e8+3) is constant in single precision and becomes 0
import numpy as np


def standardize(X):
    X = np.asarray(X, dtype=np.float32)
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    s = np.where(flat, 1, X.std(axis=1, keepdims=True))
    return np.where(flat, 0.0, (X - X.mean(axis=1, keepdims=True)) / s).astype(float)


# --- wrong: clipped-at-5-deviations
# why: a rare value, one among a hundred zeros, lies 9.9 deviations off but comes out as 5
import numpy as np


def standardize(X):
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    s = np.where(flat, 1, X.std(axis=1, keepdims=True))
    return np.clip(np.where(flat, 0.0, (X - X.mean(axis=1, keepdims=True)) / s), -5, 5)


# --- wrong: remembers-mean-and-deviation
# why: the second batch with as many features is scaled with the mean and deviation of the first
import numpy as np

_fitted = {}


def standardize(X):
    if X.shape not in _fitted:
        flat = np.ptp(X, axis=1, keepdims=True) == 0
        _fitted[X.shape] = X.mean(axis=1, keepdims=True), np.where(flat, 1, X.std(axis=1, keepdims=True)), flat
    mu, s, flat = _fitted[X.shape]
    return np.where(flat, 0.0, (X - mu) / s)


# --- wrong: median-for-the-mean
# why: subtracts the median, which differs from the mean for skew rows like (1, 5, 2)
import numpy as np


def standardize(X):
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    s = np.where(flat, 1, X.std(axis=1, keepdims=True))
    return np.where(flat, 0.0, (X - np.median(X, axis=1, keepdims=True)) / s)


# --- wrong: maximum-for-the-deviation
# why: divides by the largest distance from the mean, which is the deviation only when all distances agree
import numpy as np


def standardize(X):
    D = X - X.mean(axis=1, keepdims=True)
    top = np.abs(D).max(axis=1, keepdims=True)
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    return np.where(flat, 0.0, D / np.where(flat, 1, top))


# --- wrong: two-decimals
# why: rounds the result to two decimals, as the example cell prints it
import numpy as np


def standardize(X):
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    s = np.where(flat, 1, X.std(axis=1, keepdims=True))
    return np.where(flat, 0.0, (X - X.mean(axis=1, keepdims=True)) / s).round(2)


# --- wrong: rounded-mean
# why: the mean is rounded to ten decimals to catch 0.1, so features of size 1e-6 or 1e-7 are moved wrongly
import numpy as np


def standardize(X):
    mu = X.mean(axis=1, keepdims=True).round(10)
    D = X - mu
    s = D.std(axis=1, keepdims=True)
    return D / np.where(s < 1e-300, 1, s)


# --- wrong: threshold-relative-to-other-rows
# why: a row whose deviation is below a millionth of the largest one in X becomes 0 although it varies
import numpy as np


def standardize(X):
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    small = s < 1e-6 * s.max()
    small |= np.ptp(X, axis=1, keepdims=True) == 0
    return np.where(small, 0.0, (X - mu) / np.where(small, 1, s))


# --- wrong: nan-to-num-only
# why: 0/0 is hidden by nan_to_num and 0.1 by rounding X, so the constant 1/3 in a thousand examples isn't 0
import numpy as np


def standardize(X):
    X = np.asarray(X, dtype=float)
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    s[np.abs(s) < 1e-16] = 0
    out = np.nan_to_num((X - mu) / s)
    out[:, :] = np.where(np.abs(X - mu) < 2e-17, 0, out)
    return out
