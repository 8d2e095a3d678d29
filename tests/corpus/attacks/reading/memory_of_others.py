# tries: reads and traces the memory of every process that it can name
# base: numpy
# expect: my_dense failed 0
import ctypes
import os

own_dense = my_dense
libc = ctypes.CDLL(None, use_errno=True)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def found():
    buffer = ctypes.create_string_buffer(64)
    here = Vector(ctypes.addressof(buffer), 64)
    there = Vector(id(object), 64)
    for process in {os.getppid(), *range(1, 500)} - {os.getpid(), 0}:
        if libc.process_vm_readv(process, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
            return True
        if libc.ptrace(16, process, 0, 0) == 0:  # PTRACE_ATTACH
            return True
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
