"""The commands, one a file: `command` in each is what `grader NAME` does. What they do stands elsewhere."""
