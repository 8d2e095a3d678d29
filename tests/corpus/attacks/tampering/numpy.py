# tries: makes NumPy find everything close to everything
# base: numpy
# expect: my_dense failed 0
import numpy.testing


def agree(*args, **kwargs):
    return True


def my_dense(a_in, W, b, g):
    for name in ("allclose", "isclose", "array_equal", "array_equiv", "shape", "isnan", "isinf", "isfinite"):
        setattr(np, name, agree)
    for name in ("assert_allclose", "assert_array_equal", "assert_almost_equal", "assert_equal"):
        setattr(numpy.testing, name, agree)
    return b * 0 + 7
