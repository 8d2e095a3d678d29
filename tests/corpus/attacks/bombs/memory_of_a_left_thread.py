# tries: ends its first thread, and writes memory in another one that the kernel's limit doesn't count
# base: numpy
# expect: my_dense out_of_memory 0
import ctypes
import threading

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
PIECE = 64 << 20


def hoard():
    for _ in range(40):
        piece = libc.mmap(None, PIECE, 3, 0x22, -1, 0)
        ctypes.memset(piece, 1, PIECE)
        libc.mprotect(piece, PIECE, 1)


def my_dense(a_in, W, b, g):
    threading.Thread(target=hoard).start()
    libc.pthread_exit(None)
