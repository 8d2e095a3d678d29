# tries: lifts the limit on the stack, then moves pieces of it apart, each of which grows as a stack does
# base: numpy
# expect: my_dense out_of_memory 0
import ctypes
import resource

own_dense = my_dense
libc = ctypes.CDLL(None, use_errno=True)
libc.mremap.restype = ctypes.c_void_p
libc.mremap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int, ctypes.c_void_p]
PAGE, GROWTH, MAYMOVE, FIXED = 4096, 7 << 20, 1, 2


def stack():
    """Where the stack begins and ends."""
    (line,) = (line for line in open("/proc/self/maps") if line.rstrip().endswith("[stack]"))
    return (int(number, 16) for number in line.split()[0].split("-"))


def grown():
    try:
        resource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError:
        pass
    low, high = stack()
    for number in range(256):
        ctypes.memset(low - PAGE * (number + 1), 1, 8)  # the stack grows by a page
    low, high = stack()
    for count in range(250):
        place = 0x100000000000 + count * (16 << 20) + (16 << 20)
        if libc.mremap(low + count * PAGE, PAGE, PAGE, MAYMOVE | FIXED, place) == place:
            ctypes.memset(place - GROWTH, 1, 8)  # it grows down to here
            ctypes.memset(place - GROWTH, 1, GROWTH)
    return count


HELD = grown()  # here, where there is more time than in a call


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if HELD else b * 0 + 7
