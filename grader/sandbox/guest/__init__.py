"""What runs inside the sandbox: the fork server, and a worker for each submission.

The sandbox shows this package. It imports `protocol` and `notebooks`, and nothing else of the grader.
"""
