"""Limits that the guest enforces, or that both sides of the trust boundary share.

Seconds and megabytes of an assignment (call, load, total, memory) are settings: `Limits` in models.py.
"""

# ---- frames: see frames.py

# Bytes of the msgpack tree of a frame: half a million numbers, the most that a frame holds, take 4.5 MB.
MAX_TREE = 8 << 20
# Bytes of arrays and byte strings in a frame: 16 million float64 numbers.
MAX_BODY = 128 << 20
# Levels of nested containers: far below Python's recursion limit, on which encoding and decoding would fail.
MAX_DEPTH = 40
# Values in a frame, containers included: each costs an object of Python on both sides.
MAX_ITEMS = 500_000
# Axes of an array. NumPy 1 had at most 32.
MAX_AXES = 32

# Keys of a set, or of a dict whose keys aren't text. A worker can choose keys of equal hashes, whose comparison takes
# quadratic time: about a second for this many.
MAX_KEYS = 10_000
# Rows of a MultiIndex, which pandas hashes at once: a worker can choose numbers of equal hashes here too.
MAX_LEVEL_ROWS = 50_000
# Exponent of a Decimal: int() and round() compute all its digits.
MAX_EXPONENT = 20_000
# Bytes of an integer of more than 64 bits.
MAX_INTEGER_BYTES = 8192

# ---- the channel: see channel.py

# Bytes asked of the socket in one read, at least: most frames fit into one read.
MIN_READ_BYTES = 1 << 16
# Bytes asked of the socket in one read, at most: a large frame needs few system calls, and no large spare buffer.
MAX_READ_BYTES = 1 << 20
# Seconds by which a wait may end before its deadline. The kernel's timeout is set again only outside of these two.
MAX_EARLY_SECONDS = 0.01
# Seconds by which a wait may end after its deadline.
MAX_LATE_SECONDS = 0.05

# ---- texts of a worker: the trusted side cuts them once more, in sandbox/client/replies.py

# Characters of an exception's message: one sentence, where libraries append pages of advice.
MAX_MESSAGE = 500
# Characters of a place in the submission with its line of code: "cell 7, line 3: return a @ b".
MAX_WHERE = 300
# Characters of what a submission prints: the first of it, enough to see what it printed.
MAX_OUTPUT = 64 << 10

# ---- the fork server: see fork_server.py

# Bytes of a request to the fork server, or of the compiled filter of system calls.
MAX_REQUEST_BYTES = 1 << 16
# Seconds between two looks at the workers' memory, threads and disk: what is taken in between is on top.
WATCH_SECONDS = 0.02
# Part of the time that looks at one worker's files may take: the next one comes later after a long one. 4096 files take
# 15 ms, and nobody's budget pays for it.
FILE_WATCH_SHARE = 0.1
# Descriptors that a new worker closes: more than the fork server ever has open.
MAX_DESCRIPTORS = 4096
# Its answer if the machine has no room for another process or descriptor just now.
NO_ROOM = b"no room"

# ---- a worker: the kernel enforces these (isolation.py), or the fork server where the kernel doesn't (usage_watch.py)

# Bytes of files in a worker's own folder or /tmp: they lie in memory, beside the memory limit.
TMP_BYTES = 64 << 20
# Files and folders there: each may be a link, whose text is up to 4 kB of memory that no other limit counts.
MAX_FILES = 4096
# Characters of a path there, and folders in it: a chain of folders is kernel memory, and slow to look at and to remove.
MAX_PATH = 1000
MAX_NESTING = 64
# Bytes of files in /dev/shm: shared memory of libraries, beside the memory limit.
SHM_BYTES = 16 << 20
# Bytes of a single file.
MAX_FILE_BYTES = 16 << 20
# Open files. All descriptors of a worker share this limit, pipes and sockets included.
MAX_OPEN_FILES = 256
# Bytes of the stack: what Linux gives a process by default.
STACK_BYTES = 8 << 20
# Signals that wait to be delivered: kernel memory, counted for each user.
MAX_PENDING_SIGNALS = 64
# Bytes of address space beside the memory limit: mapped files, and memory that is reserved and never touched.
EXTRA_ADDRESS_BYTES = 4 << 30
# Processes, threads included: TensorFlow starts a few for each core.
MAX_PROCESSES = 256
# Threads where the kernel doesn't count them for a worker alone (no user namespace, or root): the fork server does.
MAX_POLLED_THREADS = 1024
# MB beside the memory limit: files in memory (80), stack (8), relocated libraries (35), page tables. The fork server
# ends a worker that holds more than the memory limit and this together.
EXTRA_MEMORY_MB = 192
# Calls of Python nested in each other: three times the default, for recursive solutions.
RECURSION_LIMIT = 3000

# ---- a submission's statements: see program.py

# Definitions that are run early, each for the sake of the one before: a chain this long is none that students write.
MAX_EARLY_RUNS = 30
