# tries: an exception whose name is as long as a book
# base: numpy
# expect: my_dense error 0


def my_dense(a_in, W, b, g):
    raise type("Error" * 2_000_000, (Exception,), {})("short")
