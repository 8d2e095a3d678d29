# tries: leaves bits in modes, times and flags of what outlives it: devices, /proc, mount points, its standard input
# base: numpy
# expect: my_dense failed 0
import os
import stat

own_dense = my_dense
OWN = ("/tmp", "/dev/shm")


def places():
    """Devices, what isn't of a process in /proc, every folder near the root, and descriptors that it came with."""
    yield 0
    for name in ("cpuinfo", "meminfo", "stat", "loadavg", "uptime", "version", "filesystems", "self", "sys", "."):
        yield f"/proc/{name}"
    for folder, folders, files in os.walk("/"):
        if folder.startswith(OWN):
            folders.clear()
            continue
        if folder == "/":
            folders.remove("proc") if "proc" in folders else None
        if folder.count("/") > 3:
            folders.clear()
        yield folder
        if folder == "/dev":
            yield from (f"/dev/{name}" for name in files)


def changed():
    for place in places():
        try:
            status = os.stat(place)
            if os.path.realpath(f"/proc/self/fd/{place}" if place == 0 else place).startswith(OWN):
                continue
        except OSError:
            continue
        for way in (
            lambda: os.chmod(place, stat.S_IMODE(status.st_mode)),
            lambda: os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns)),
        ):
            try:
                way()
                return True
            except OSError:
                pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if changed() else b * 0 + 7
