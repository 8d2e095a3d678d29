"""Limits of the grading of many submissions: processes, queues, logs and waits."""

# ---- grading processes (pool.py, grading_process.py)

MAX_JOB_MEMORY = 3 << 30  # bytes of a grading process: a case may compute with whatever a submission sent
MAX_LOG_ENTRY = 20_000  # characters: a traceback may quote a whole answer
JOB_END_SECONDS = 1.0  # for a process to remove its folder
DISMISSED_END_SECONDS = 5.0  # for a dismissed process to save its known answers, too
# That a pool waits for room for a grading process while it has none: what fills the machine may end soon.
NO_ROOM_SECONDS = 60.0
ROOM_RETRY_SECONDS = 0.5  # between two tries to start a process for which there was no room
MAX_FALSE_STARTS = 3  # processes in a row that end before they take a submission
POLL_SECONDS = 0.5  # between two calls of poll_more
HANG_CHECK_SECONDS = 5.0  # between two looks at whether a process hangs
HANG_MARGIN_SECONDS = 60.0  # beyond all limits of a submission, after which its process hangs

# ---- timeouts on a busy machine (confirmations.py)

CONFIRMATION_SHARE = 10  # confirmations take at most this part of the time that others wait
MAX_CONFIRMATION_CREDIT = 60.0  # seconds that confirmations may take in a row while others wait, before the last one
MAX_UNCONFIRMED = 20  # submissions that wait for their confirmation; the reports of further ones are for review

# ---- queues (grader.py, service.py)

QUEUED_PER_WORKER = 4  # submissions: enough that no worker waits, and few contents in memory
QUEUED_FOR_CLUSTER = 10_000  # submissions: a cluster takes them in batches, and their contents are in a spool
SIGNAL_CHECK_SECONDS = 0.5  # between two looks of a thread that waits for a submission
POOL_END_SECONDS = 8.0  # for a pool to end
CLUSTER_END_SECONDS = 12.0  # for a pool on a cluster: its client and its cluster have CLOSE_SECONDS each
MAX_LOG_ENTRIES = 1000  # that are kept for `Grader.log`

# ---- results (output.py)

MAX_PRINTED = 1 << 17  # characters in the file of what a submission printed: a visible escape takes several

# ---- watched folders (watch.py)

SCAN_SECONDS = 0.5  # between two scans of the folder
SCAN_SHARE = 10  # a scan takes at most this part of the time
MAX_IN_PROGRESS = 256  # submissions in the queue; beyond them, each user's come in turn
WRITE_SECONDS = 60.0  # after which the files of the class are written, though more is being graded

# ---- clusters (batches.py, retries.py)

MAX_LOST_WORKERS = 2  # that graded nothing else, after which a submission is given up
BATCHES_PER_THREAD = 2  # on their way to a worker: one at work, and one that is there when it has ended
BATCH_SECONDS = 1.0  # of work in a batch, once that was measured
MAX_BATCH = 100  # submissions
BATCH_SHARE = 2  # a batch is at most this part of a thread's share of what is left, so that all end together
ASSUMED_SECONDS = 1.0  # for a submission before one was measured
MAX_FUTILE_RETRIES = 5  # second tries on another worker that failed too, after which there are no others

# ---- Dask (dask/pool.py, dask/client.py)

MAX_WAITING = 1000  # submissions in the queue of the driver
MAX_BATCH_BYTES = 1 << 20  # of submissions in a batch, after which no other is added
MAX_WORKER_FAILURES = 3  # of a worker that went well on another, after which it is quarantined
NO_WORKER_SECONDS = 3600.0  # to wait for a first worker, or for another one
HINT_SECONDS = 2.0  # without a worker, after which the user gets a notice
CONNECT_SECONDS = 10.0  # for a scheduler to answer
RETURN_SECONDS = 120.0  # for a scheduler that went away to come back
CLOSE_SECONDS = 5.0  # for a client or a cluster to close
MAX_LOCAL_WORKERS = 1024  # of --cluster local:N
ASSUMED_WORKERS = 32  # of a scheduler that somebody has started
