"""Limits of the HTML pages: what a page shows of a submission, and what rendering may cost."""

# ---- process that renders pages (page_process.py)

PAGE_CPU_SECONDS = 6  # of processor time for the pages of a submission; an ordinary one takes hundredths
PAGE_WALL_SECONDS = 120.0  # for the pages of a submission, on a machine that is busy with other work
MAX_PAGE_MEMORY = 1 << 30  # bytes of the process
MAX_PAGE_REPLY = 32 << 20  # bytes of the pages of a submission: three times what their texts may take
LARGE_SUBMISSION = 16 << 20  # bytes, after which a new process renders the next page with all of its memory
STOP_CHECK_SECONDS = 0.2  # between two looks at whether rendering was stopped

# ---- queue of pages (page_queue.py)

STAMP_BYTES = 4096  # at the beginning of a page, in which its stamp is looked for
QUEUE_CHECK_SECONDS = 0.1  # between two looks at how many pages are left
THREAD_START_SECONDS = 60.0  # for the machine to have room for the thread of the queue

# ---- budget of one page (page_room.py)

MAX_OUTPUT_CHARACTERS = 1 << 20  # of outputs and pictures on a page
MAX_SCANNED_CHARACTERS = 3 << 20  # of outputs that are read, whether or not they fit on the page
MAX_PICTURE_PIXELS = 64_000_000  # of all pictures: a browser takes 4 bytes for each, however small the file is
MAX_MARKDOWN_HTML = 2 << 20  # characters of HTML that all Markdown cells become
MAX_MARKDOWN_SECONDS = 2.0  # of processor time for all Markdown cells; an ordinary page takes a thousandth

# ---- Markdown cells (markdown_cells.py)

MAX_MARKDOWN_CELL = 20_000  # characters of a cell that is rendered; a longer one is shown as it was typed
MAX_MARKDOWN_CELL_SECONDS = 1.0  # of processor time for one cell, without sanitising
MAX_FORMULAS = 500  # of a cell that are converted; the TeX of others is shown

# ---- formulas (math.py)

MAX_FORMULA = 2000  # characters
MAX_FORMULA_DEPTH = 60  # nested elements

# ---- pictures (pictures.py)

MAX_PICTURE_SIDE = 4000  # pixels of width or height
MAX_PICTURE_BASE64 = 3 << 19  # characters in base64, line feeds included: more than a page has room for
MAX_PICTURE_CHUNKS = 5000  # of a PNG: matplotlib writes many chunks of 64 kB

# ---- code (code_listing.py, student_page.py)

MAX_CACHED_TEXT = 5000  # characters of code or Markdown whose HTML is cached: many students hand in the same cell
CACHED_TEXTS = 500  # in each cache
MAX_CODE_LINE = 2000  # characters of a line that are shown
MAX_LISTING_LINES = 80  # of a function on the student's page
CONTEXT_LINES = 4  # on each side of a line that raised outside the function

# ---- submissions (submission_view.py, submission_page.py)

MAX_SHOWN_CELLS = 400  # of a notebook
MAX_CELL_TEXT = 30_000  # characters of a cell
MAX_SUBMISSION_TEXT = 300_000  # characters of all cells, or of a module
LINE_COST = 60  # characters that a line counts in addition to its own: it takes so much room on a page
MAX_PLACE_SEARCH = 2000  # characters of a message in which a line number is looked for
MAX_CELL_DEFINITIONS = 2000  # statements of a cell that are searched for definitions
MAX_CELL_OUTPUTS = 500  # outputs of a cell that are read
MAX_OUTPUT_TEXT = 20_000  # characters of one output
MAX_OUTPUT_LINES = 2000  # list entries of an output that are joined
MAX_OUTPUT_TYPE = 40  # characters of the name of a type of output that isn't shown
MAX_LEFT_OUT = 5  # reasons in the note on outputs that aren't shown
MAX_FLAG_TEXT = 200  # characters of a note beside a line of code

# ---- messages (sanitize.py)

MAX_PROSE = 2000  # characters of a message

# ---- page of a class (class_page.py, class_summary.py)

MIN_CORRELATION_STUDENTS = 30  # below which the page warns that a correlation says little
HISTOGRAM_BINS = 10  # of the distribution of scores
MAX_SLOWEST = 5  # submissions in the list of the slowest
MAX_REASON = 300  # characters of the reason why a submission needs review or was rejected

# ---- page of two runs (run_diff_page.py)

MAX_CHANGED_CASES = 12  # of one student that are listed
MAX_CHANGE_MESSAGE = 300  # characters of a message
