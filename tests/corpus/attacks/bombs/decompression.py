# tries: unpacks a gigabyte from a few kilobytes, beside something large
# base: numpy
# expect: my_dense out_of_memory 0
import zlib


def my_dense(a_in, W, b, g):
    hoard = bytes(800 << 20)
    press = zlib.compressobj(1, zlib.DEFLATED, -15)
    page = press.compress(bytes(1 << 24)) + press.flush(zlib.Z_FULL_FLUSH)
    return zlib.decompressobj(-15).decompress(page * 64)
