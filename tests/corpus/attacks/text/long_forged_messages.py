# tries: forged messages of eight megabytes for every case, to make a report that nobody can store
# base: stubs
# expect: sigmoid error 0
# expect: my_dense error 0
# expect: cost error 0
# expect: everything else missing 0
import gc

BIG = "\x01" * ((8 << 20) - 2000)


def forge(*args):
    worker = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Worker")
    honest = worker.do_call
    said = {"status": "error", "type": "E", "message": BIG, "where": "", "unknown": ""}
    names = ("sigmoid", "my_dense", "cost")
    worker.do_call = lambda name, args, kwargs, echo: said if name in names else honest(name, args, kwargs, echo)
    raise ValueError(BIG)


def sigmoid(z):
    forge()


def my_dense(a_in, W, b, g):
    forge()


def cost(Y_hat, Y):
    forge()
