"""Make assignments: scaffold, release, importers, quality of cases."""
