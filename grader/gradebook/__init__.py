"""Results of a class in SQLite: reports, runs, differences between runs, item analysis."""
