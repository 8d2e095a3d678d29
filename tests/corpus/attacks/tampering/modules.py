# tries: puts modules of its own in the place of those that a grader would import
# base: numpy
# expect: my_dense failed 0
import sys
import types


def my_dense(a_in, W, b, g):
    for name in ("grader", "grader.checks", "grader.grading.scoring", "pytest", "unittest", "numpy.testing", "doctest"):
        module = types.ModuleType(name)
        module.close = module.equal = module.main = lambda *args, **kwargs: None
        sys.modules[name] = module
    return b * 0 + 7
