# tries: looks for the name of the machine that grades, and in its own command line for folders of it
# base: numpy
# expect: my_dense failed 0
# expect at process: my_dense passed
# at process: a host name is hidden by a UTS namespace, and where the grader lies by a mount namespace
import socket
from pathlib import Path

own_dense = my_dense


def found():
    command = Path("/proc/self/cmdline").read_text(errors="replace")
    return "'/grader'" not in command or "'/support'" not in command or socket.gethostname() != "sandbox"


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
