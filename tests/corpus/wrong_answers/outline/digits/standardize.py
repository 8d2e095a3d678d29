# --- wrong: whole_matrix
# why: one mean and one deviation for all features
def standardize(X):
    return (X - np.mean(X)) / np.std(X)

# --- wrong: sample_deviation
# why: divides by m - 1
def standardize(X):
    X = np.asarray(X, dtype=float)
    deviation = X.std(axis=1, keepdims=True, ddof=min(1, X.shape[1] - 1))
    return np.where(np.ptp(X, axis=1, keepdims=True) == 0, 0, (X - X.mean(axis=1, keepdims=True)) / np.where(deviation == 0, 1, deviation))

# --- right: transposed
# why: features as columns in between
def standardize(X):
    rows = np.array(X, dtype=float).T
    constant = np.ptp(rows, axis=0) == 0
    rows = rows - rows.mean(axis=0)
    rows[:, constant] = 0
    return (rows / np.where(constant, 1, rows.std(axis=0))).T

# --- wrong: small-after-a-shift
# why: a deviation below 1e-8 counts as none
def standardize(X):
    d = np.array(X, dtype=float)
    d = d - d[:, :1]
    s = d.std(axis=1, keepdims=True)
    s[s < 1e-8] = 1
    return (d - d.mean(axis=1, keepdims=True)) / s

# --- wrong: mean-without-its-size
# why: s is compared with the mean, which is negative in some constant rows
def standardize(X):
    mean, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    constant = (s <= 1e-12 * mean) | (s == 0)
    return np.where(constant, 0, (X - mean) / np.where(constant, 1, s))
