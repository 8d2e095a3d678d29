# --- wrong: mean-of-each-class
# why: takes the mean over the ones and that over the zeros and adds them: every class counts 1 instead of its share.
import numpy as np
def cost(Y_hat, Y):
    Y_hat = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    J = 0.0
    if np.any(Y == 1):
        J -= np.mean(np.log(Y_hat[Y == 1]))
    if np.any(Y == 0):
        J -= np.mean(np.log(1 - Y_hat[Y == 0]))
    return J

# --- wrong: clipped-by-too-little
# why: 1 - 1e-20 is 1 in the computer, so ln(1 - y_hat) is still -inf, or nan, where y_hat is 1.
import numpy as np
def cost(Y_hat, Y):
    Y_hat = np.clip(Y_hat, 1e-20, 1 - 1e-20)
    return -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))

# --- wrong: infinite-prices-left-out
# why: only finite prices enter the mean, so examples with a probability of exactly 0 or 1 don't count.
import numpy as np
def cost(Y_hat, Y):
    with np.errstate(all="ignore"):
        prices = -(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))
    prices = prices[np.isfinite(prices)]
    return float(np.mean(prices)) if prices.size else 0.0

# --- wrong: price-of-the-guess
# why: the logarithm is chosen by y_hat >= 0.5 instead of by the label, so wrong answers are as cheap as right ones.
import numpy as np
def cost(Y_hat, Y):
    tiny = 1e-10
    log_one = np.log(np.maximum(Y_hat, tiny))
    log_zero = np.log(np.maximum(1 - Y_hat, tiny))
    return -np.mean(np.where(Y_hat >= 0.5, log_one, log_zero))

# --- wrong: clipped-by-a-hundredth
# why: keeps the probabilities between 0.01 and 0.99, so confident answers cost too much or too little.
import numpy as np
def cost(Y_hat, Y):
    m = Y.shape[1]
    p = np.clip(Y_hat, 0.01, 0.99)
    return -(np.sum(Y * np.log(p)) + np.sum((1 - Y) * np.log(1 - p))) / m
