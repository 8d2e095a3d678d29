# tries: lifts the limits that it runs under, then takes what they would have refused
# base: numpy
# expect: my_dense out_of_memory 0
import resource


def my_dense(a_in, W, b, g):
    for limit in (resource.RLIMIT_DATA, resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NPROC):
        try:
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (OSError, ValueError):
            pass
    return np.ones(1500 << 20, dtype=np.uint8)
