# tries: reads in its own folder of /proc where the course lies, which sockets the machine has, and what else it is
# base: numpy
# expect: my_dense failed 0
from pathlib import Path

own_dense = my_dense
TELLING = (
    *("mountinfo", "mounts", "mountstats", "cgroup", "net/tcp", "net/unix", "net/dev", "loginuid", "sessionid"),
    *("task/1/mountinfo", "smaps", "pagemap", "io", "sched", "autogroup", "numa_maps", "ns/mnt"),
)


def told():
    for own in ("/proc/self", "/proc/thread-self", "/proc/1"):
        for name in TELLING:
            try:
                if Path(own, name).read_bytes():
                    return True
            except OSError:
                pass
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if told() else b * 0 + 7
