# tries: text of every hostile kind in what is noted while the submission is loaded
# base: numpy
# expect: my_dense error 0
WEIGHT = int("</script><script>alert(1)</script>\x1b[2J\u202e=1+1" * 20)


def my_dense(a_in, W, b, g):
    return g(WEIGHT * W @ a_in + b)
