"""Helpers that are independent of grading: escaping, files, signals, wording."""
