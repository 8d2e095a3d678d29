"""Find submissions that are more similar than stubs, known answers and the rest of the class explain.

The result is a question for an instructor, never a part of a score.
"""
