"""Grades notebooks and modules: student code in a sandbox, hidden pytest cases outside of it."""

__version__ = "0.1.0"
