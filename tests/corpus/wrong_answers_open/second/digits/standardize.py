# --- wrong: epsilon-below-the-fraction
# why: a feature on the scale of 1e-8 (metres of a light wave) is squeezed to about half, since 1e-8 is added to s.
import numpy as np

def standardize(X):
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1e-8)

# --- wrong: small-deviation-counts-as-constant
# why: a feature with deviation 5e-4 is taken for constant and isn't scaled to 1.
import numpy as np

def standardize(X):
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    return (X - mu) / np.where(s < 1e-3, 1, s)

# --- wrong: tolerance-too-small-for-large-constants
# why: of equal numbers such as 123456789.1 the deviation by rounding is above 1e-12, so they become +-1 instead of 0.
import numpy as np

def standardize(X):
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    varies = s > 1e-12
    return np.where(varies, (X - mu) / np.where(varies, s, 1), 0.0)

# --- wrong: tolerance-relative-to-the-largest-feature
# why: next to a feature in millions one in hundredths falls below a millionth of the largest deviation and becomes 0.
import numpy as np

def standardize(X):
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    constant = s <= 1e-6 * s.max()
    return np.where(constant, 0.0, (X - mu) / np.where(constant, 1, s))

# --- wrong: tolerance-relative-to-the-mean
# why: the years 2000 to 2003 vary by less than a thousandth of their mean and become 0.
import numpy as np

def standardize(X):
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    constant = s <= 1e-3 * np.abs(mu)
    s = np.where(constant, 1, s)
    return np.where(constant, 0.0, (X - mu) / s)

# --- wrong: guesses-the-layout
# why: with more features than examples it takes the rows for examples and scales the columns.
import numpy as np

def standardize(X):
    axis = 1 if X.shape[0] <= X.shape[1] else 0
    mu, s = X.mean(axis=axis, keepdims=True), X.std(axis=axis, keepdims=True)
    return (X - mu) / np.where(s < 1e-12 * (1 + np.abs(mu)), 1, s)

# --- wrong: copy-keeps-integers
# why: for integers, such as ages, the result is written into an integer copy and cut to -1, 0, 1.
import numpy as np

def standardize(X):
    out = X.copy()
    for i in range(X.shape[0]):
        mu, s = X[i].mean(), X[i].std()
        out[i] = 0 if np.ptp(X[i]) == 0 else (X[i] - mu) / s
    return out

# --- wrong: constant-rows-zeroed-in-x
# why: the constant rows are set to 0 in the caller's X before the copy is made.
import numpy as np

def standardize(X):
    constant = X.max(axis=1) == X.min(axis=1)
    X[constant] = 0
    s = X.std(axis=1, keepdims=True)
    s[constant] = 1
    return (X - X.mean(axis=1, keepdims=True)) / s

# --- wrong: standardised-already
# why: X that has mean 0 and deviation 1 already comes back itself and not as a new array.
import numpy as np

def standardize(X):
    mu, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    if np.allclose(mu, 0) and np.allclose(s, 1):
        return X
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    return np.where(flat, 0.0, (X - mu) / np.where(flat, 1, s))

# --- wrong: one-example-comes-back
# why: with a single example every feature is constant and shall become 0, but a copy of X is returned.
import numpy as np

def standardize(X):
    if X.shape[1] < 2:
        return X.astype(float)
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    D = X - X.mean(axis=1, keepdims=True)
    return np.where(flat, 0.0, D / np.where(flat, 1, X.std(axis=1, keepdims=True)))

# --- wrong: mean-of-squares-minus-square-of-mean
# why: for values such as 1e9 + (0, 1, 2) the variance by E[x^2] - E[x]^2 loses all digits.
import numpy as np

def standardize(X):
    X = np.asarray(X, dtype=float)
    mu = X.mean(axis=1, keepdims=True)
    var = np.maximum((X * X).mean(axis=1, keepdims=True) - mu * mu, 0)
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    return np.where(flat, 0.0, (X - mu) / np.where(flat | (var == 0), 1, np.sqrt(var)))

# --- wrong: single-precision
# why: seconds since 1970, 1.7e9 + (0, 10, 20), become equal numbers with 32 bits and give 0.
import numpy as np

def standardize(X):
    X = X.astype(np.float32)
    flat = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    D = X - X.mean(axis=1, keepdims=True)
    return np.where(flat, 0, D / np.where(flat, 1, X.std(axis=1, keepdims=True))).astype(float)

# --- wrong: constant-when-first-equals-last
# why: the feature (1, 5, 1) is taken for constant because its first and last values are equal, and becomes 0.
import numpy as np

def standardize(X):
    constant = (X[:, 0] == X[:, -1])[:, None]
    s = np.where(constant, 1, X.std(axis=1, keepdims=True))
    return np.where(constant, 0.0, (X - X.mean(axis=1, keepdims=True)) / s)

# --- wrong: constant-by-the-first-ten
# why: a pixel that is 0 in the first ten pictures and not later is taken for constant and becomes 0.
import numpy as np

def standardize(X):
    head = X[:, :10]
    constant = (head == head[:, :1]).all(axis=1, keepdims=True)
    s = np.where(constant, 1, X.std(axis=1, keepdims=True))
    return np.where(constant, 0.0, (X - X.mean(axis=1, keepdims=True)) / s)

# --- wrong: outliers-clipped
# why: one large value among many gives 9.9 deviations and is clipped to 3.
import numpy as np

def standardize(X):
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    D = (X - X.mean(axis=1, keepdims=True)) / np.where(flat, 1, X.std(axis=1, keepdims=True))
    return np.clip(np.where(flat, 0.0, D), -3, 3)

# --- wrong: fitted-on-the-first-call
# why: mean and deviation are kept from the first X with so many rows, so a second X is not moved to mean 0.
import numpy as np

_scaler = {}

def standardize(X):
    n = X.shape[0]
    if n not in _scaler:
        flat = np.ptp(X, axis=1, keepdims=True) == 0
        _scaler[n] = X.mean(axis=1, keepdims=True), np.where(flat, 1, X.std(axis=1, keepdims=True))
    mu, s = _scaler[n]
    return (X - mu) / s

# --- wrong: mean-of-block-means
# why: with 150 examples in blocks of 100 the second block of 50 counts as much as the first.
import numpy as np

def standardize(X):
    blocks = [X[:, k : k + 100] for k in range(0, X.shape[1], 100)]
    mu = np.mean([B.mean(axis=1, keepdims=True) for B in blocks], axis=0)
    var = np.mean([((B - mu) ** 2).mean(axis=1, keepdims=True) for B in blocks], axis=0)
    flat = np.ptp(X, axis=1, keepdims=True) == 0
    return np.where(flat, 0.0, (X - mu) / np.where(flat, 1, np.sqrt(var)))

# --- right: constant-by-the-range
# why: a row is constant when its largest value is its smallest, whatever rounding does to the deviation.
import numpy as np

def standardize(X):
    low, high = X.min(axis=1, keepdims=True), X.max(axis=1, keepdims=True)
    s = X.std(axis=1, keepdims=True)
    s[low == high] = np.inf
    return (X - X.mean(axis=1, keepdims=True)) / s

# --- right: row-after-row
# why: a plain loop over the rows with the deviation as the norm over the root of m.
import numpy as np

def standardize(X):
    rows = []
    for row in np.asarray(X, dtype=float):
        d = row - row.mean()
        rows.append(np.zeros_like(d) if (row == row[0]).all() else d * np.sqrt(row.size) / np.linalg.norm(d))
    return np.array(rows).reshape(X.shape)

# --- right: first-subtract-the-first
# why: subtracts the first example before anything else, so constant rows are exactly 0 and nothing is lost by rounding.
import numpy as np

def standardize(X):
    D = np.asarray(X, dtype=float) - np.asarray(X, dtype=float)[:, :1]
    D = D - D.mean(axis=1, keepdims=True)
    s = np.sqrt(np.mean(D**2, axis=1, keepdims=True))
    return np.divide(D, s, out=np.zeros_like(D), where=s > 0)

# --- right: columns-of-the-transpose
# why: works on X^T, with the examples as rows, and turns the result back.
import numpy as np

def standardize(X):
    T = X.T
    varies = (T != T[0]).any(axis=0)
    Z = np.zeros(T.shape)
    Z[:, varies] = (T[:, varies] - T[:, varies].mean(0)) / T[:, varies].std(0)
    return Z.T

# --- right: statistics-module
# why: mean and population deviation come from Python's statistics module.
import statistics
import numpy as np

def standardize(X):
    out = np.zeros(X.shape)
    for i, row in enumerate(X.astype(float).tolist()):
        if len(set(row)) > 1:
            mu = statistics.fmean(row)
            s = statistics.pstdev(row)
            out[i] = [(x - mu) / s for x in row]
    return out
