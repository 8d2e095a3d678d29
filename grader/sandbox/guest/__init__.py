"""Inside the sandbox: fork server and workers.

The sandbox shows this package. It imports `protocol` and `notebooks`, and nothing else of the grader.
"""
