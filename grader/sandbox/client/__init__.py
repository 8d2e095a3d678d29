"""Trusted end: call a student function, read its answer."""
