# tries: an exception whose type has no name that can be read
# base: numpy
# expect: my_dense error 0


class Meta(type):
    @property
    def __name__(cls):
        raise SystemExit(0)


class Nameless(Exception, metaclass=Meta):
    pass


def my_dense(a_in, W, b, g):
    raise Nameless("who?")
