# tries: reads from counters of the whole machine what others do meanwhile
# base: numpy
# expect: my_dense failed 0
# expect at process: my_dense passed
# at process: /proc is the machine's there, of which a worker may read two files; one of them is the free memory
import time
from pathlib import Path

own_dense = my_dense
COUNTERS = ("stat", "meminfo", "loadavg", "uptime", "vmstat", "interrupts", "softirqs", "diskstats", "sys/fs/file-nr")


def read():
    seen = {}
    for name in COUNTERS:
        try:
            seen[name] = Path("/proc", name).read_bytes()
        except OSError:
            pass
    return seen


def changes():
    before, hoard = read(), []
    for _ in range(20):
        hoard.append(b"x" * (1 << 20))
        time.sleep(0.01)
    return read() != before


changed = changes()  # once: it waits, and a case makes many calls


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if changed else b * 0 + 7
