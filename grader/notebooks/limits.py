"""Limits on what is read of a notebook or module. A submission chooses each of these texts."""

# Notes of one submission: a reader looks at a few. The last one says that there are more.
MAX_NOTES = 50
# Characters of a note: one or two lines of a report.
MAX_NOTE = 300
# Characters of the name of an object's type.
MAX_TYPE_NAME = 100
# Broken chunks in one cell. After these only definitions are searched for, as each chunk costs a parse.
MAX_FAULTS = 2000
# Characters of a line that regular expressions look at: keeps them linear in the size of the file.
MAX_WIDTH = 300
# Magic lines in a chunk that are found one by one: each costs a parse of the chunk.
MAX_MAGICS = 50
# Characters that may be parsed to find where chunks end: this many, and so many times the size of the cell.
MIN_PARSED_CHARACTERS = 200_000
PARSED_PER_CHARACTER = 10
