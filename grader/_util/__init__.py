"""Helpers that know nothing of grading: escaping, files, signals, text."""
