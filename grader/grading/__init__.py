"""Run hidden cases against a submission; make its score report."""
