# tries: searches the whole heap for objects of the grader: cases, the reference, submissions
# base: numpy
# expect: my_dense failed 0
import gc
import sys

own_dense = my_dense


def found():
    gc.unfreeze()
    ours = [name for name in sys.modules if name.split(".")[0] in ("grader", "pytest", "_pytest", "conftest")]
    kinds = {f"{type(thing).__module__}.{type(thing).__qualname__}" for thing in gc.get_objects()}
    wanted = {"Submission", "Assignment", "Reference", "Grading", "Student", "Case", "ScoreReport", "ForkServer"}
    return bool(ours) or any(kind.split(".")[-1] in wanted for kind in kinds)


checked = found()


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if checked else b * 0 + 7
