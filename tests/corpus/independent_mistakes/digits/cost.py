# --- wrong: sum
# why: the sum and not the mean
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p))

# --- wrong: positive
# why: forgets the minus
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))

# --- wrong: first_term
# why: only the first of the two terms
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -np.mean(Y * np.log(p))

# --- wrong: second_term
# why: only the second of the two terms
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -np.mean((1 - Y) * np.log(1 - p))

# --- wrong: log2
# why: the logarithm to base 2
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -np.mean(Y * np.log2(p) + (1 - Y) * np.log2(1 - p))

# --- wrong: log10
# why: the logarithm to base 10
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -np.mean(Y * np.log10(p) + (1 - Y) * np.log10(1 - p))

# --- wrong: half
# why: 1 / 2m, as with squares
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / (2 * Y.shape[1])

# --- wrong: swapped
# why: Y and Y_hat swapped
def cost(Y_hat, Y):
    p = np.clip(Y, 1e-10, 1 - 1e-10)
    return -np.mean(Y_hat * np.log(p) + (1 - Y_hat) * np.log(1 - p))

# --- wrong: squares
# why: mean squared error
def cost(Y_hat, Y):
    return np.mean((Y_hat - Y) ** 2)

# --- wrong: infinite
# why: no guard against log(0)
def cost(Y_hat, Y):
    return -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))

# --- wrong: each_example
# why: returns the cost of each example
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -(Y * np.log(p) + (1 - Y) * np.log(1 - p))

# --- wrong: wide_clip
# why: clips at 0.01
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 0.01, 0.99)
    return -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))

# --- wrong: nan_to_zero
# why: certain examples don't count, nan becomes 0
def cost(Y_hat, Y):
    terms = Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat)
    return -np.mean(np.nan_to_num(terms, nan=0, neginf=0))

# --- wrong: by_rows
# why: divides by the number of rows, which is 1
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / len(Y)

# --- wrong: matrix
# why: a dot product over the wrong axis makes a table
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -(Y.T @ np.log(p) + (1 - Y).T @ np.log(1 - p)) / Y.shape[1]

# --- wrong: one_by_one
# why: a dot product, returned as a (1, 1) array
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -(Y @ np.log(p).T + (1 - Y) @ np.log(1 - p).T) / Y.shape[1]

# --- wrong: inner_sign
# why: minus between the two terms
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -np.mean(Y * np.log(p) - (1 - Y) * np.log(1 - p))

# --- wrong: log_plus_eps
# why: adds 0.001 inside the logarithm
def cost(Y_hat, Y):
    return -np.mean(Y * np.log(Y_hat + 1e-3) + (1 - Y) * np.log(1 - Y_hat + 1e-3))

# --- wrong: by_ten
# why: divides by 10, the number of examples in the text's picture
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-10, 1 - 1e-10)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / 10

# --- wrong: last_forgotten
# why: a loop that ends one example early
def cost(Y_hat, Y):
    m, total = Y.shape[1], 0.0
    for i in range(m - 1):
        p = min(max(Y_hat[0, i], 1e-10), 1 - 1e-10)
        total -= Y[0, i] * np.log(p) + (1 - Y[0, i]) * np.log(1 - p)
    return total / m
