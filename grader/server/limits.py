"""Limits of the portal: uploads, rates, waits, lists."""

# ---- uploads (upload.py)

FORM_BYTES = 1 << 16  # of a request beside its file: field names, boundaries, tokens
SMALL_BODY = 1 << 20  # bytes of a request that uploads nothing
MAX_FIELDS = 8  # of a form
MAX_FIELD_BYTES = 1 << 13
BODY_SECONDS = 20.0  # for a body to arrive, and one more second for each MIN_RATE bytes of it
MIN_RATE = 20_000  # bytes a second
HEADER_SECONDS = 15.0  # for the headers of a request to arrive
# Connections that are open at once; further ones get 503. A browser has one that follows the queue, and a few more.
MAX_CONNECTIONS = 4000
OTHER_FILES = 500  # that the server has open beside them: of the database, of uploads, pipes of processes
# That a connection stays open between two requests. Longer than reverse proxies and clients keep theirs (Caddy: 120):
# else one sends a request at the moment at which the server closes.
IDLE_SECONDS = 130

# ---- rates (rate_limit.py)

UPLOADS_AT_ONCE = 30  # of a person
SECONDS_PER_UPLOAD = 2.0  # until a person who has used them all may upload once more
BYTES_AT_ONCE = 256 << 20  # of a person; as many again in an hour
SECONDS_PER_BYTE = 3600 / BYTES_AT_ONCE
REQUESTS_AT_ONCE = 10  # of a student, to look at a case again
SECONDS_PER_REQUEST = 60.0
MAX_RATED = 10_000  # people whose rates are known

# ---- queue and workers (dispatcher.py, estimate.py)

LEASE_SECONDS = 15.0
RENEW_SECONDS = 4.0  # between two renewals of a lease
POLL_SECONDS = 0.5  # between two looks at a queue that other servers may fill
EXPIRE_SECONDS = 5.0  # between two looks for leases that have run out
RESTART_SECONDS = 5.0  # before a grader that failed is started again
# Of grading processes: while they fill all cores, an upload is answered first.
NICENESS = 10
STOP_SECONDS = 20.0  # at the end of the server, for what is being graded; the rest is put back
MAX_FAULTS = 2  # grader errors of an attempt, after which a person looks
MEASURED = 100  # gradings whose times the estimate uses
ASSUMED_SECONDS = 1.0  # of a grading before one was measured
DISTURBED_SECONDS = 60.0  # for which the server is expected to be as busy as it was just now
FRESH_SECONDS = 0.5  # that a read of the queue is used for
# Pages and programs of those who wait look again after this part of the estimate, and after so many seconds at most.
LOOK_SHARE = 0.25
MAX_LOOK_SECONDS = 30.0
ASK_SECONDS = 2  # that programs wait anyway
MAX_RUNNING = 10_000  # attempts that are graded at a time, by all servers and workers

# ---- live pages (live.py)

MAX_STREAMS = 20  # of a person
STREAM_SECONDS = 900.0  # after which the browser connects again
CLASS_EVENT_SECONDS = 1.0  # between two events of a class
STREAM_POLL_SECONDS = 3.0  # between two looks at what another server may have changed
KEEP_ALIVE_SECONDS = 15.0  # between two lines, so that proxies keep the connection open

# ---- lists (api.py, pages.py, staff_pages.py)

PAGE_ROWS = 200  # attempts on a page
MAX_EXTENDED = 1000  # students whom one request extends
MAX_ROWS = 100_000  # students in a table of grades
MAX_SHOWN_PRINTED = 1 << 17  # characters of what a submission printed
# Reports that are made at a time for one reader. One takes seconds if its notebook was made for that, each waits in a
# thread of the server, and others wait for theirs behind them.
MAX_PAGES_AT_ONCE = 4
MAX_CACHED_PAGES = 64 << 20  # bytes of rendered pages in memory

# ---- the class page (class_pages.py)

QUICK_SECONDS = 0.3  # a page that took longer is made anew in the background; who asks for it waits so long
RENDER_SHARE = 10  # making it takes at most this part of one core
