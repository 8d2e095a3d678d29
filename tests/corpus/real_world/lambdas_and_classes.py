# holds: names given in other ways than by def
# expect: everything else passed
# no notes
# %% = imports
# %%
class Net(Sequential):
    def __init__(self):
        super().__init__([tf.keras.Input((400,)), *(Dense(n, "sigmoid") for n in (25, 15, 1))])

    def __repr__(self):
        return "my net"

net = model = Net()
# %%
dense = lambda a, W, b, g: g(a @ W + b)
my_dense = my_dense_v = dense
# %%
from functools import reduce

class Chain:
    def __call__(self, x, *w):
        return reduce(lambda a, k: my_dense(a, w[2 * k], w[2 * k + 1], sigmoid), range(3), x)

my_sequential = Chain()
my_sequential_v = Chain().__call__
