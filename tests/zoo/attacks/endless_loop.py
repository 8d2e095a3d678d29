# tries: never comes back
# expect: cost timeout 0


def cost(Y_hat, Y):
    while True:
        pass
