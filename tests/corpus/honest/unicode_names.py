# tries: a function whose name is written with letters that Python takes for the plain ones


def ｃｏｓｔ(Ŷ, Y):
    p = np.where(Y == 1, Ŷ, 1 - Ŷ)
    return float(-np.mean(np.log(np.maximum(p, 1e-300))))
