# tries: an exception whose type has a number for a name
# base: numpy
# expect: my_dense error 0


class Meta(type):
    __name__ = property(lambda cls: {"status": "ok"})


class Numbered(Exception, metaclass=Meta):
    pass


def my_dense(a_in, W, b, g):
    raise Numbered("who?")
