# tries: memory of the kernel's for tables of its own: waiting threads, filters of system calls, names of mappings
# base: numpy
# expect: my_dense failed 0
import ctypes
import struct

own_dense = my_dense
libc = ctypes.CDLL(None, use_errno=True)
PR_SET_SECCOMP, PR_FUTEX_HASH, PR_SET_VMA = 22, 78, 0x53564D41


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def taken():
    numbers = [ctypes.c_ulong(number) for number in (1, 1 << 16, 0)]
    table = libc.prctl(PR_FUTEX_HASH, *numbers, 0) == 0
    allow_all = ctypes.create_string_buffer(struct.pack("<HBBI", 6, 0, 0, 0x7FFF0000), 8)
    program = Program(1, ctypes.addressof(allow_all))
    filtered = libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(2), ctypes.byref(program), 0, 0) == 0
    page = ctypes.c_ulong(id(program) & ~4095)
    named = libc.prctl(PR_SET_VMA, ctypes.c_ulong(0), page, ctypes.c_ulong(4096), b"a name") == 0
    return table or filtered or named


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if taken() else b * 0 + 7
