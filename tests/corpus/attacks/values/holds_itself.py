# tries: a list that holds itself
# base: numpy
# expect: my_dense bad_value 0
# expect: gradient_step bad_value 0


def my_dense(a_in, W, b, g):
    answer = [b]
    answer.append(answer)
    return answer


def gradient_step(parameters, gradients, alpha):
    step = {}
    step["again"] = [step]
    return step
