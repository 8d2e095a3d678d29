"""The command `grader`: options, messages, exit codes."""
