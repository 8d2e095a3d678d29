"""What authors of assignments use: a first assignment, the release for students, importers, the quality of cases."""
