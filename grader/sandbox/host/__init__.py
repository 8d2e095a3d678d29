"""Starts, confines, watches and ends workers. Runs on the trusted side; no sandbox shows it."""
