# --- wrong: first-equals-last
# why: takes a row for constant when its first and last number agree; (1, 5, 1) becomes 0 though it varies.
import numpy as np
def standardize(X):
    mean = X.mean(axis=1, keepdims=True)
    constant = X[:, :1] == X[:, -1:]
    s = np.where(constant, 1, X.std(axis=1, keepdims=True))
    return np.where(constant, 0, (X - mean) / s)

# --- wrong: norm-for-deviation
# why: divides by the length of the row, which is the deviation times the root of m.
import numpy as np
def standardize(X):
    centered = X - X.mean(axis=1, keepdims=True)
    constant = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    length = np.linalg.norm(centered, axis=1, keepdims=True)
    return np.where(constant, 0, centered / np.where(constant, 1, length))

# --- wrong: only-rows-of-zeros-are-constant
# why: looks for rows of zeros; a row such as (5, 5, 5) is divided by its deviation 0 and becomes nan.
import numpy as np
def standardize(X):
    mean = X.mean(axis=1, keepdims=True)
    empty = np.all(X == 0, axis=1, keepdims=True)
    s = np.where(empty, 1, X.std(axis=1, keepdims=True))
    return np.where(empty, 0, (X - mean) / s)

# --- wrong: filled-into-the-type-of-X
# why: the result is stored in a copy of X; for whole numbers (ages, pixels) everything after the point is lost.
import numpy as np
def standardize(X):
    result = X.copy()
    for i in range(X.shape[0]):
        row = X[i]
        if row.min() == row.max():
            result[i] = 0
        else:
            result[i] = (row - row.mean()) / row.std()
    return result

# --- wrong: brackets-missing
# why: X - mean / s divides the mean only.
import numpy as np
def standardize(X):
    mean = np.mean(X, axis=1, keepdims=True)
    constant = np.max(X, axis=1, keepdims=True) == np.min(X, axis=1, keepdims=True)
    s = np.where(constant, 1, np.std(X, axis=1, keepdims=True))
    return np.where(constant, 0, X - mean / s)
