# tries: the formula of the textbook, whose overflow warning is mentioned nowhere and charged never


def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z)))
