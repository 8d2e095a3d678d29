# --- wrong: columns-instead-of-rows
# why: axis=0 standardises each example, not each feature.
import numpy as np
def standardize(X):
    s = X.std(axis=0, keepdims=True)
    return (X - X.mean(axis=0, keepdims=True)) / np.where(s == 0, 1, s)

# --- wrong: one-mean-for-all
# why: mean and deviation of the whole matrix, so features with different scales stay different.
import numpy as np
def standardize(X):
    s = X.std()
    return (X - X.mean()) / (s if s > 0 else 1)

# --- wrong: sample-deviation
# why: ddof=1 divides by m - 1: the row (2, 4, 6) becomes (-1, 0, 1) instead of (-1.225, 0, 1.225).
import numpy as np
def standardize(X):
    constant = (X == X[:, :1]).all(axis=1, keepdims=True)
    s = np.std(X, axis=1, keepdims=True, ddof=1 if X.shape[1] > 1 else 0)
    return np.where(constant, 0.0, (X - X.mean(axis=1, keepdims=True)) / np.where(constant, 1, s))

# --- wrong: variance
# why: divides by the variance; right only where that is 1.
import numpy as np
def standardize(X):
    constant = (X == X[:, :1]).all(axis=1, keepdims=True)
    return np.where(constant, 0.0, (X - X.mean(axis=1, keepdims=True)) / np.where(constant, 1, X.var(axis=1, keepdims=True)))

# --- wrong: deviation-exactly-0
# why: looks for a deviation of exactly 0, and that of three numbers 0.1 is 1e-17: the row becomes -1 instead of 0.
import numpy as np
def standardize(X):
    mu = np.mean(X, axis=1, keepdims=True)
    s = np.std(X, axis=1, keepdims=True)
    s[s == 0] = 1
    return (X - mu) / s

# --- wrong: small-deviation-means-constant
# why: a deviation below 1e-8 counts as constant, but (0, 1e-10, 2e-10) varies and must become (-1.225, 0, 1.225).
import numpy as np
def standardize(X):
    mu = X.mean(axis=1, keepdims=True)
    s = X.std(axis=1, keepdims=True)
    return np.where(s < 1e-8, 0.0, (X - mu) / np.where(s < 1e-8, 1, s))

# --- wrong: bound-too-low-for-large-numbers
# why: 1e-12 catches the 0.1s, but three numbers 123456789.1 have a computed deviation of about 1e-8 and become +-1.
import numpy as np
def standardize(X):
    mu = X.mean(axis=1, keepdims=True)
    s = X.std(axis=1, keepdims=True)
    varied = s > 1e-12
    return np.divide(X - mu, s, out=np.zeros(X.shape), where=varied)

# --- wrong: allclose-means-constant
# why: allclose compares with a relative 1e-5, so (1000000, 1000001) counts as constant.
import numpy as np
def standardize(X):
    out = np.zeros(X.shape)
    for i, row in enumerate(X):
        if not np.allclose(row, row[0]):
            out[i] = (row - row.mean()) / row.std()
    return out

# --- wrong: in-place
# why: X -= mu changes the caller's array.
import numpy as np
def standardize(X):
    if X.dtype != float:
        X = X.astype(float)
    constant = (X == X[:, :1]).all(axis=1, keepdims=True)
    X -= X.mean(axis=1, keepdims=True)
    X /= np.where(constant, 1, X.std(axis=1, keepdims=True))
    return np.where(constant, 0.0, X)

# --- wrong: epsilon-in-the-denominator
# why: s + 1e-8: a feature with the deviation 1e-8 is scaled to 0.5, not 1.
import numpy as np
def standardize(X):
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1e-8)

# --- wrong: nan-to-zero-afterwards
# why: turns 0/0 into 0 afterwards; 1e-17/1e-17 isn't nan, so three numbers 0.7 don't become 0.
import numpy as np
def standardize(X):
    with np.errstate(all="ignore"):
        return np.nan_to_num((X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True))

# --- wrong: constant-rows-left-alone
# why: a constant row is copied as it is: 5 stays 5.
import numpy as np
def standardize(X):
    out = X.astype(float)
    for i in range(len(X)):
        if X[i].max() > X[i].min():
            out[i] = (X[i] - X[i].mean()) / X[i].std()
    return out

# --- wrong: constant-rows-removed
# why: leaves constant features out, so the shape changes.
import numpy as np
def standardize(X):
    varied = X[np.ptp(X, axis=1) > 0]
    return (varied - varied.mean(axis=1, keepdims=True)) / varied.std(axis=1, keepdims=True)

# --- wrong: whole-numbers-stay-whole
# why: the result array takes the dtype of X: for integers everything is cut off to -1, 0, 1.
import numpy as np
def standardize(X):
    out = np.zeros_like(X)
    for i in range(X.shape[0]):
        if (X[i] != X[i, 0]).any():
            out[i] = (X[i] - X[i].mean()) / X[i].std()
    return out

# --- wrong: first-equals-last
# why: a row that ends as it began counts as constant: (1, 5, 1).
import numpy as np
def standardize(X):
    same = X[:, :1] == X[:, -1:]
    s = np.where(same, 1, X.std(axis=1, keepdims=True))
    return np.where(same, 0.0, (X - X.mean(axis=1, keepdims=True)) / s)

# --- wrong: only-zeros-are-constant
# why: looks for rows of zeros only; a row of fives gives 0/0 = nan.
import numpy as np
def standardize(X):
    used = X.any(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return np.where(used, (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True), 0.0)

# --- wrong: between-0-and-1
# why: divides by the range max - min instead of the standard deviation.
import numpy as np
def standardize(X):
    span = np.ptp(X, axis=1, keepdims=True)
    return np.where(span == 0, 0.0, (X - X.mean(axis=1, keepdims=True)) / np.where(span == 0, 1, span))

# --- wrong: mean-not-as-a-column
# why: without keepdims the means lie down: an error unless X is square, and then the wrong means are subtracted.
import numpy as np
def standardize(X):
    mu, s = X.mean(axis=1), X.std(axis=1)
    s = np.where(np.ptp(X, axis=1) == 0, 1, s)
    return (X - mu) / s

# --- wrong: mean-of-squares-minus-square-of-mean
# why: E[x^2] - E[x]^2 loses all digits for large numbers: (1e9, 1e9 + 1, 1e9 + 2) comes out far off.
import numpy as np
def standardize(X):
    X = np.asarray(X, dtype=float)
    constant = (X == X[:, :1]).all(axis=1, keepdims=True)
    mu = X.mean(axis=1, keepdims=True)
    variance = (X**2).mean(axis=1, keepdims=True) - mu**2
    with np.errstate(all="ignore"):
        return np.where(constant, 0.0, (X - mu) / np.sqrt(variance))

# --- wrong: scale-of-the-first-call
# why: keeps mean and deviation of the first X and uses them for every later one of the same size.
import numpy as np
_fitted = {}
def standardize(X):
    if len(X) not in _fitted:
        constant = (X == X[:, :1]).all(axis=1, keepdims=True)
        _fitted[len(X)] = X.mean(axis=1, keepdims=True), np.where(constant, 1, X.std(axis=1, keepdims=True)), constant
    mu, s, constant = _fitted[len(X)]
    return np.where(constant, 0.0, (X - mu) / s)

# --- wrong: one-example-comes-back
# why: with one example it returns X itself; every feature is constant then and should be 0.
import numpy as np
def standardize(X):
    if X.shape[1] == 1:
        return X
    constant = (X == X[:, :1]).all(axis=1, keepdims=True)
    return np.where(constant, 0.0, (X - X.mean(axis=1, keepdims=True)) / np.where(constant, 1, X.std(axis=1, keepdims=True)))

# --- wrong: returns-X-when-nothing-to-do
# why: an X that is standardised already comes back itself, not a new array: writing into the result changes X.
import numpy as np
def standardize(X):
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    if (mu == 0).all() and (s == 1).all():
        return X
    constant = (X == X[:, :1]).all(axis=1, keepdims=True)
    return np.where(constant, 0.0, (X - mu) / np.where(constant, 1, s))

# --- wrong: apply-along-axis-takes-the-first-type
# why: apply_along_axis takes the dtype from the first row; if that is constant and whole, all rows are cut off to integers.
import numpy as np
def _one(row):
    if (row == row[0]).all():
        return row * 0
    return (row - row.mean()) / row.std()
def standardize(X):
    return np.apply_along_axis(_one, 1, X)

# --- wrong: float32-pixels
# why: as float32 the numbers 16777216 and 16777217 are the same, and the feature counts as constant.
import numpy as np
def standardize(X):
    X = X.astype(np.float32)
    constant = (X == X[:, :1]).all(axis=1, keepdims=True)
    return np.where(constant, 0.0, (X - X.mean(axis=1, keepdims=True)) / np.where(constant, 1, X.std(axis=1, keepdims=True)))

# --- right: row-by-row-with-unique
# why: a loop over the features; np.unique says whether they differ.
import numpy as np
def standardize(X):
    out = np.zeros(X.shape)
    for i, feature in enumerate(np.asarray(X, dtype=float)):
        if len(np.unique(feature)) > 1:
            centred = feature - feature.mean()
            out[i] = centred / np.sqrt(centred @ centred / len(centred))
    return out

# --- right: divide-where
# why: np.divide leaves the zeros of `out` where the row doesn't vary.
import numpy as np
def standardize(X):
    varied = X.max(axis=1, keepdims=True) > X.min(axis=1, keepdims=True)
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    return np.divide(X - mu, s, out=np.zeros(X.shape), where=np.broadcast_to(varied, X.shape))

# --- right: constant-rows-first-set-to-0
# why: a copy in which constant rows are made 0; then their mean and deviation are exactly 0.
import numpy as np
def standardize(X):
    X = np.array(X, dtype=float)
    X[(np.diff(X, axis=1) == 0).all(axis=1)] = 0
    s = X.std(axis=1, keepdims=True)
    s[s == 0] = np.inf
    X -= X.mean(axis=1, keepdims=True)
    X /= s
    return X

# --- right: plain-python-sums
# why: plain Python with exactly rounded sums, math.fsum.
from math import fsum, sqrt
import numpy as np
def standardize(X):
    rows = []
    for row in X.tolist():
        if min(row) == max(row):
            rows.append([0.0] * len(row))
        else:
            mu = fsum(row) / len(row)
            s = sqrt(fsum((x - mu) ** 2 for x in row) / len(row))
            rows.append([(x - mu) / s for x in row])
    return np.array(rows)

# --- right: shifted-by-the-first-column
# why: the first example is taken away first: a constant feature is then exactly 0, and no digits are lost.
import numpy as np
def standardize(X):
    D = np.asarray(X, dtype=float) - np.asarray(X[:, :1], dtype=float)
    D = D - D.mean(axis=1, keepdims=True)
    s = np.sqrt((D * D).mean(axis=1, keepdims=True))
    return D / np.where(s == 0, 1.0, s)
