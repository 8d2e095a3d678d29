# tries: an exception of an ordinary kind
# expect: cost error 0


def cost(Y_hat, Y):
    return np.log(Y_hat) / len(batch)
