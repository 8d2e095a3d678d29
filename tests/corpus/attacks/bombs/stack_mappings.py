# tries: mappings that grow downwards, which the kernel counts as stack and so by no limit on memory
# base: numpy
# expect: my_dense failed 0
import ctypes

own_dense = my_dense
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
MAP_PRIVATE, MAP_ANONYMOUS, NOWHERE = 0x02, 0x20, 2**64 - 1
UNCOUNTED = {"growing downwards": 0x100, "locked": 0x2000, "huge pages": 0x40000, "locked stack": 0x22000}


def mapped():
    for kind in UNCOUNTED.values():
        for _ in range(24):
            if libc.mmap(None, 64 << 20, 3, MAP_PRIVATE | MAP_ANONYMOUS | kind, -1, 0) == NOWHERE:
                break
        else:
            return True
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if mapped() else b * 0 + 7
