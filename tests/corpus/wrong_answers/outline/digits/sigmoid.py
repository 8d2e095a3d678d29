# --- wrong: nan_becomes_a_number
# why: the sum overflows for negative numbers, and what was to be infinite is hidden
def sigmoid(z):
    e = np.exp(np.asarray(z, dtype=float))
    return np.nan_to_num(e / (1 + e))

# --- wrong: matrices_only
# why: a vector comes back as a row
def sigmoid(z):
    return 1 / (1 + np.exp(-np.atleast_2d(z)))

# --- right: by_tanh
# why: the same function, by the hyperbolic tangent
def sigmoid(z):
    return 0.5 * (1 + np.tanh(np.asarray(z) / 2))
