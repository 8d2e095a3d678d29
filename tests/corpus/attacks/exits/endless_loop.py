# tries: never comes back
# base: numpy
# expect: cost timeout 0


def cost(Y_hat, Y):
    while True:
        pass
