"""The commands, one module each: `command` reads the options of `grader NAME` and calls another package."""
