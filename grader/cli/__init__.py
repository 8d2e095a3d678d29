"""The `grader` command: options, messages, exit codes."""
