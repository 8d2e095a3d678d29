# tries: looks into the environment for anything of the machine that grades
# base: numpy
# expect: my_dense failed 0
import os
from pathlib import Path

own_dense = my_dense


def found():
    seen = " ".join(f"{key}={value}" for key, value in os.environ.items())
    try:
        seen += Path("/proc/self/environ").read_text(errors="replace")
    except OSError:  # closed to a worker whose user isn't the one that grades
        pass
    words = ("secret", "token", "passw", "aws_", "github", "ssh_", "/root", "/home", "solutions", "pytest", "virtual_env")
    return any(word in seen.lower() for word in words)


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
