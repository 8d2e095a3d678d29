"""Limits of LTI: what platforms may send, and how long things wait and are valid."""

# ---- requests to platforms (platform_client.py)

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0  # for an answer as a whole, after which reading stops at the next piece
MAX_ANSWER = 4 << 20  # bytes
MAX_WORDS = 300  # characters of an answer that are shown or kept

# ---- keys and tokens (tool_keys.py, tokens.py)

KEY_BITS = 2048
RETIRED_DAYS = 30  # that the public part of an earlier key stays in the JWKS
SIGNED_SECONDS = 300  # that what the portal signs is valid
MAX_TOKEN_BYTES = 1 << 16  # of a token that a platform signed
MAX_KEYS = 100  # of a platform
KEYS_SECONDS = 3600.0  # that the keys of a platform are remembered
REFETCH_SECONDS = 10.0  # between two reads of a platform's keys because of an unknown one
CLOCK_SECONDS = 60.0  # that clocks may differ
MAX_AGE_SECONDS = 600.0  # of a launch

# ---- tickets (pages.py)

LOGIN_SECONDS = 600.0  # from login to launch
WINDOW_SECONDS = 300.0  # to open a new window, or to ask the platform's storage
CHOICE_SECONDS = 3600.0  # to choose an assignment
REGISTRATION_SECONDS = 86_400.0  # to use a registration link
MAX_PARAMETER = 8000  # characters of a parameter of a login

# ---- services (services.py)

MAX_PAGES = 200  # of a list of members or line items
MAX_LINE_ITEMS = 2000
TOKEN_MARGIN = 60.0  # seconds before its end, from which on an access token isn't used

# ---- outbox (sender.py)

SEND_LEASE_SECONDS = 300.0  # longer than a score with its token and line item takes
CLOSE_SECONDS = 20.0  # at the end of the server, for the score on its way
SEND_POLL_SECONDS = 2.0
CATCH_UP_SECONDS = 300.0  # between two looks for scores that a date has changed
FIRST_WAIT = 10.0  # seconds before the second try; doubled each time
LONGEST_WAIT = 900.0
GIVE_UP_SECONDS = 14 * 86_400.0  # after which a score that found no platform is parked
OUTBOX_ROWS = 200  # on the page
