# tries: an exception that is never done with its message
# base: numpy
# expect: my_dense timeout 0


class Talker(Exception):
    def __str__(self):
        while True:
            pass


def my_dense(a_in, W, b, g):
    raise Talker
