# tries: forgets the minus sign of the exponent; everything else leans on a right sigmoid
# expect: sigmoid failed 0


def sigmoid(z):
    return 1 / (1 + np.exp(z))
