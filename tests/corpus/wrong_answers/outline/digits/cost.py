# --- wrong: sum
# why: not divided by the number of examples
def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return float(-np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)))

# --- wrong: ones_only
# why: examples with label 0 cost nothing
def cost(Y_hat, Y):
    return float(-np.mean(Y * np.log(np.clip(Y_hat, 1e-15, 1))))

# --- right: picked
# why: the probability of the label that is right
def cost(Y_hat, Y):
    right = np.where(np.asarray(Y) == 1, Y_hat, 1 - np.asarray(Y_hat, dtype=float))
    return float(-np.log(np.clip(right, 1e-15, 1)).mean())

# --- right: added-1e-5
# why: what is added keeps the logarithms 1e-5 away from 0, as the notebook allows
def cost(Y_hat, Y):
    return -np.mean(Y * np.log(Y_hat + 1e-5) + (1 - Y) * np.log(1 - Y_hat + 1e-5))
