"""Reads notebooks and modules: from bytes to statements and their dependencies. Nothing is run.

The sandbox shows this package. It imports nothing from the rest of the grader.
"""
