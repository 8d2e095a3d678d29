# tries: writes memory and makes it read-only, after which the kernel's limit on memory counts it no more
# base: numpy
# expect: my_dense out_of_memory 0
import ctypes

own_dense = my_dense
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
PIECE = 64 << 20


def hoarded():
    for count in range(40):
        piece = libc.mmap(None, PIECE, 3, 0x22, -1, 0)
        ctypes.memset(piece, 1, PIECE)
        libc.mprotect(piece, PIECE, 1)
    return count


HELD = hoarded()  # here, where there is more time than in a call


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if HELD else b * 0 + 7
