# tries: replaces the test runner, and the exception that tells it of a failure
# base: numpy
# expect: my_dense failed 0
import builtins
import unittest


def my_dense(a_in, W, b, g):
    try:
        import _pytest.runner
        import pytest

        pytest.main = lambda *args, **kwargs: 0
        _pytest.runner.runtestprotocol = lambda *args, **kwargs: []
        _pytest.runner.TestReport.from_item_and_call = lambda item, call: None
    except ImportError:
        pass
    unittest.TestCase.assertEqual = unittest.TestCase.assertTrue = lambda *args: None
    builtins.AssertionError = ZeroDivisionError
    return b * 0 + 7
