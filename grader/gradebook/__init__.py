"""What was graded, in SQLite: reports, runs, the difference between two runs, item analysis."""
