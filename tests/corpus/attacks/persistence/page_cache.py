# tries: asks what is in the page cache, and puts pages in and out, so that the next submission reads what it leaves
# base: numpy
# expect: my_dense failed 0
import ctypes
import mmap
import os

own_dense = my_dense
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
NOWAIT, DONTCACHE = 8, 0x80
WILLNEED, COLD, PAGEOUT, POPULATE_READ = 3, 20, 21, 22


def told():
    common = os.open(os.__file__, os.O_RDONLY)
    page = libc.mmap(None, mmap.PAGESIZE, 1, 2, common, 0)
    ways = {
        "mincore": lambda: libc.mincore(ctypes.c_void_p(page), mmap.PAGESIZE, ctypes.create_string_buffer(8)),
        "cachestat": lambda: libc.syscall(451, common, ctypes.create_string_buffer(16), ctypes.create_string_buffer(40), 0),
        "a lease": lambda: libc.fcntl(common, 1024, 0),
    }
    for advice in (WILLNEED, COLD, PAGEOUT, POPULATE_READ):
        ways[f"advice {advice}"] = lambda advice=advice: libc.madvise(ctypes.c_void_p(page), mmap.PAGESIZE, advice)
    for flag in (NOWAIT, DONTCACHE):
        ways[f"flag {flag}"] = lambda flag=flag: os.preadv(common, [bytearray(8)], 0, flag) - 8
    for way in ways.values():
        try:
            if way() == 0:
                return True
        except BlockingIOError:  # an answer too: it isn't there
            return True
        except OSError:
            pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if told() else b * 0 + 7
