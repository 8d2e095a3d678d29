"""Limits of what students hand in: files, folders, archives, names."""

# ---- files and folders (file_tree.py)

MAX_SUBMISSION = 32 * 2**20  # bytes of one notebook, module or student's zip
MAX_ENTRIES = 10_000  # files and folders in one folder or zip

# ---- archives (archives.py)

MAX_CLASS_ZIP = 2**30  # bytes of a zip with the submissions of a class
MAX_DIRECTORY = 2**22  # bytes of a zip's table of contents, which is read into memory
MAX_EXTRA_FIELD = 2**12  # bytes that an entry of it may have beside the names; zipfile's time grows with their square
MAX_DEPTH = 8  # nested folders; deeper members are ignored
MAX_RATIO = 200  # unpacked to packed; notebooks reach about 20
RATIO_EXEMPT_BYTES = 2**20  # unpacked bytes up to which MAX_RATIO isn't checked
MAX_COMMENT = 2**16  # bytes

# ---- a class (collect.py)

MAX_CLASS_BYTES = 64 * 2**30  # bytes of all submissions together; they are stored on the disk
MAX_LISTED = 5  # names in a note

# ---- the choice of a file (selection.py)

MAX_LEVELS = 3
MAX_COMPARED_BYTES = 4 << 20  # of such a notebook: read as cells, it may take twenty times its size
MAX_COMPARED = 10  # notebooks of one student that are compared with the assignment's own

# ---- names (student_names.py)

MAX_STUDENT_NAME = 100  # characters
MAX_STUDENT_NAME_BYTES = 200  # in UTF-8: file systems allow 255, and an ending is added
NUMBER_ROOM = 8  # characters for the number of a second student with the name

# ---- metadata of Gradescope (gradescope_metadata.py)

MAX_METADATA_DEPTH = 4  # submission -> :submitters -> index -> :name
MAX_METADATA_EVENTS = 1_000_000  # 1 to 2 seconds; an export has a few hundred for each submission
MAX_PEOPLE = 100_000

# ---- a watched folder (incoming.py)

STILL_SECONDS = 2.0  # seconds without a change
FREE_VERSIONS = 20  # of one entry. Each further version waits longer, because the gradebook stores every one for good
PENALTY_SECONDS = 30.0  # wait, times the number of versions above FREE_VERSIONS
VERSIONS_PER_SECOND = 1.0  # of one owner, above the first MAX_ENTRIES
MAX_NODES_PER_OWNER = 20 * MAX_ENTRIES  # files and folders that one scan inspects
