"""Split a notebook or module into statements and dependencies.

The sandbox shows this package: it imports nothing from the rest of the grader.
"""
