"""Collect submissions from paths, archives and downloads."""
