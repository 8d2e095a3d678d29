"""Limits of the trusted side: what the host and the client accept from a worker, and how long they wait for one.

Limits that a worker itself has to keep are in protocol/limits.py.
"""

# ---- starting and ending workers

# Seconds for the fork server to import everything, TensorFlow included, on a busy machine with a cold disk cache.
SERVER_START_SECONDS = 120.0
# Seconds for a new worker to answer its first request on a busy machine: it has only to fork and isolate itself.
WORKER_START_SECONDS = 60.0
# Seconds between two tries while the machine has no room for another process: submissions with many threads end soon.
ROOM_CHECK_SECONDS = 0.1
# Tries to start a worker: the fork server may be ending at that moment, and the next try starts another.
START_TRIES = 3
# Threads for which there must be room on the machine after a worker has crashed: else that may have been the reason.
# TensorFlow starts a few for each core.
ROOM_THREADS = 128
# Seconds for the kernel to take a killed worker apart, with all its memory.
KILL_SECONDS = 10.0
# Seconds for a worker whose socket has closed to end by itself, so that its own exit code is reported.
EXIT_SECONDS = 2.0
# Bytes of a fork server's error output that are searched for the reason why it didn't start: the last lines.
MAX_SERVER_ERRORS = 4000

# ---- time: see client/deadline.py

# Seconds on the wall clock before the times of threads are read from /proc: most requests are answered earlier.
FIRST_CHECK_SECONDS = 0.25
# Seconds that a wait is prolonged by, at least, while the worker has time left: avoids a busy loop.
MIN_WAIT_SECONDS = 0.01
# Wall-clock seconds of a request, as a multiple of its limit, whatever the kernel reports of waiting; more on a busy
# machine, up to ten times as many.
MAX_REQUEST_WALL_FACTOR = 20
# Wall-clock seconds of a submission, as a multiple of its total, on an idle machine; more on a busy one.
MAX_TOTAL_WALL_FACTOR = 2.5

# ---- replies of a worker: see client/replies.py and client/worker_client.py

# Characters of an exception's message, and of every other sentence. No less than a worker sends.
MAX_MESSAGE = 500
# Characters of a place in the submission, with its line of code.
MAX_WHERE = 300
# Characters of a name: of an exception's type, a global variable, a class of Keras.
MAX_NAME = 100
# Bytes of a submission's output that are kept for the instructor.
MAX_OUTPUT_BYTES = 64 << 10
# Layers of a model, weights of a layer, axes of an input: far more than the model of any exercise.
MAX_MODEL_ITEMS = 1000

# ---- callbacks: calls of the grader's functions by a worker

# Callbacks of one worker: each costs time of the trusted side, and an honest training loop makes thousands.
MAX_CALLBACKS = 1_000_000
# Numbers in the arguments of a callback: what a function computes with them is time of the trusted side.
MAX_CALLBACK_NUMBERS = 250_000
# Characters of the message of an exception that a callback raised.
MAX_CALLBACK_ERROR = 500
# Requests inside callbacks inside requests: each level is a few frames of Python's stack.
MAX_NESTED_REQUESTS = 20
