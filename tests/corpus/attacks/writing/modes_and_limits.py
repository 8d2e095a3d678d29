# tries: changes modes, times and lengths of files by their path, and the limits of other processes
# base: numpy
# expect: my_dense failed 0
import os
import resource
import sys
from pathlib import Path

own_dense = my_dense


def changed():
    ways = [lambda path: os.chmod(path, os.stat(path).st_mode), os.utime]
    folders = {*Path.cwd().resolve().parents, *Path(sys.prefix).parents, Path("/"), Path("/usr"), Path("/root")}
    folders -= {Path("/tmp")}  # which is its own
    files = [Path(os.__file__), *(path.resolve() for path in Path.cwd().iterdir() if path.is_symlink())]
    files = [path for path in files if path.is_file()]
    attempts = [(way, path) for way in ways for path in (*folders, *files)]
    attempts += [(lambda path: os.truncate(path, os.stat(path).st_size), path) for path in files]
    attempts += [(lambda path: os.open(path, os.O_RDONLY | os.O_TRUNC), path) for path in files if path.stat().st_size == 0]
    others = (process for process in (os.getppid(), *range(2, 30)) if process not in (0, os.getpid()))
    attempts += [(lambda process: resource.prlimit(process, resource.RLIMIT_CORE), process) for process in others]
    for way, target in attempts:
        try:
            way(target)
            return True
        except OSError:
            pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if changed() else b * 0 + 7
