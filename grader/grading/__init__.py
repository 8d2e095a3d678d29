"""Runs hidden cases on a submission and turns their outcomes into question results and a score report."""
