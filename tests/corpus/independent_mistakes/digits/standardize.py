# --- wrong: axis_0
# why: mean and deviation of each column
def standardize(X):
    s = X.std(axis=0, keepdims=True)
    s[s == 0] = 1
    return (X - X.mean(axis=0, keepdims=True)) / s

# --- wrong: whole_array
# why: one mean and one deviation for the whole array
def standardize(X):
    return (X - X.mean()) / X.std()

# --- wrong: no_constant
# why: a constant feature becomes nan
def standardize(X):
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)

# --- wrong: epsilon
# why: adds a small number to the deviation
def standardize(X):
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1e-8)

# --- wrong: epsilon_large
# why: adds 0.001 to the deviation
def standardize(X):
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1e-3)

# --- wrong: exactly_zero
# why: compares the deviation with 0 exactly
def standardize(X):
    s = X.std(axis=1, keepdims=True)
    s[s == 0] = 1
    return (X - X.mean(axis=1, keepdims=True)) / s

# --- wrong: threshold
# why: calls a feature constant below a deviation of 1e-6
def standardize(X):
    s = X.std(axis=1, keepdims=True)
    s[s < 1e-6] = 1
    return (X - X.mean(axis=1, keepdims=True)) / s

# --- wrong: sample_deviation
# why: ddof=1
def standardize(X):
    s = X.std(axis=1, keepdims=True, ddof=1)
    varies = X.max(axis=1, keepdims=True) > X.min(axis=1, keepdims=True)
    return np.where(varies, (X - X.mean(axis=1, keepdims=True)) / np.where(varies, s, 1), 0)

# --- wrong: variance
# why: divides by the variance
def standardize(X):
    s = X.var(axis=1, keepdims=True)
    varies = X.max(axis=1, keepdims=True) > X.min(axis=1, keepdims=True)
    return np.where(varies, (X - X.mean(axis=1, keepdims=True)) / np.where(varies, s, 1), 0)

# --- wrong: only_centred
# why: forgets to divide
def standardize(X):
    return X - X.mean(axis=1, keepdims=True)

# --- wrong: min_max
# why: scales to 0..1
def standardize(X):
    low, high = X.min(axis=1, keepdims=True), X.max(axis=1, keepdims=True)
    return (X - low) / np.where(high > low, high - low, 1)

# --- wrong: in_place
# why: changes the caller's array
def standardize(X):
    varies = X.max(axis=1, keepdims=True) > X.min(axis=1, keepdims=True)
    mean, s = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    X[:] = np.where(varies, (X - mean) / np.where(varies, s, 1), 0)
    return X

# --- wrong: median
# why: the median in place of the mean
def standardize(X):
    varies = X.max(axis=1, keepdims=True) > X.min(axis=1, keepdims=True)
    s = X.std(axis=1, keepdims=True)
    return np.where(varies, (X - np.median(X, axis=1, keepdims=True)) / np.where(varies, s, 1), 0)

# --- wrong: drops_constant
# why: leaves constant features out
def standardize(X):
    X = X[X.max(axis=1) > X.min(axis=1)]
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)

# --- wrong: constant_to_itself
# why: a constant feature stays as it is
def standardize(X):
    out = np.array(X, dtype=float)
    for i, row in enumerate(out):
        if row.max() > row.min():
            out[i] = (row - row.mean()) / row.std()
    return out

# --- wrong: keeps_integers
# why: the copy keeps the type of X, so whole numbers stay whole
def standardize(X):
    out = np.zeros_like(X)
    for i, row in enumerate(X):
        if row.max() > row.min():
            out[i] = (row - row.mean()) / row.std()
    return out

# --- wrong: not_centred
# why: divides and forgets to subtract the mean
def standardize(X):
    varies = X.max(axis=1, keepdims=True) > X.min(axis=1, keepdims=True)
    return np.where(varies, X / np.where(varies, X.std(axis=1, keepdims=True), 1), 0)
