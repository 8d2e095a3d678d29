# tries: starts programs that go on by themselves
# base: numpy
import subprocess

calm_dense = my_dense
started = []


def my_dense(a_in, W, b, g):
    for command in (["sleep", "1000"], ["sh", "-c", "while :; do sleep 1; done &"], ["python3", "-c", "input()"]):
        try:
            started or subprocess.Popen(command, start_new_session=True)
        except OSError:
            pass
    started.append(True)
    return calm_dense(a_in, W, b, g)
