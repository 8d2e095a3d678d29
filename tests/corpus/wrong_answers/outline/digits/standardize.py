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
