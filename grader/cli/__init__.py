"""The command `grader`. What a command does stands elsewhere; here are its options, its words and its exit code."""
