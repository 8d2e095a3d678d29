"""Tools for authors of assignments: scaffold, release, importers, quality of cases."""
