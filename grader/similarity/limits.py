"""Limits of comparing submissions: tokens, processes, the page."""

# ---- tokens (fingerprints.py)

MAX_TOKENS = 40_000  # of one submission; those of solutions/digits have about 1,500
MAX_PIECE_CHARACTERS = 20_000  # of the text of a piece that a page can show
MAX_TOTAL_CHARACTERS = 200_000  # of the texts of all pieces of a submission
MAX_NAME = 200  # characters of the name of a piece
MAX_CACHED_TOKEN = 100  # characters: the hash of a longer token isn't cached

# ---- the processes that parse (parser_process.py)

CPU_SECONDS = 5  # processor time for one submission; an ordinary one takes hundredths of a second
TIMEOUT_SECONDS = 60.0  # wall-clock time for one submission, on a busy machine
MEMORY_BYTES = 1 << 30  # limit of the process
# Memory above which a process ends: what it couldn't free would count against the next submission.
RESTART_BYTES = 256 << 20
MAX_ANSWER_BYTES = 8 << 20

# ---- pairs (compare.py)

MAX_PAIRS = 50  # on a page

# ---- pieces on the page (side_by_side.py)

MAX_PIECES = 40  # of each submission, those that share most
MAX_LINES = 200  # of a piece
MAX_LINE_CHARACTERS = 500
MAX_CHARACTERS = 60_000  # of a submission
