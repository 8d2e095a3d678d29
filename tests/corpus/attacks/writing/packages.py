# tries: changes NumPy, pytest and the bytecode caches on the disk
# base: numpy
# expect: my_dense failed 0
import importlib.util
import os

own_dense = my_dense


def written():
    origins = [importlib.util.find_spec(name).origin for name in ("numpy", "json", "tensorflow", "msgspec")]
    for origin in (*origins, *map(importlib.util.cache_from_source, origins)):
        for way in (
            lambda path: open(path, "ab").close(),
            lambda path: os.chmod(path, 0o777),
            os.remove,
            lambda path: os.rename(path, path + "x"),
            lambda path: os.utime(path),
            lambda path: os.close(os.open(path + ".new", os.O_CREAT | os.O_WRONLY)),
        ):
            try:
                way(origin)
                return True
            except OSError:
                pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if written() else b * 0 + 7
