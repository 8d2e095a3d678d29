"""Find submissions that are alike.

The result is a question for an instructor, never a part of a score.
"""
