"""Bundles: an assignment with its grader, packed for a platform that runs graders itself.

A module NAME.py makes the bundle of a platform, and NAME_run.py, where there is one, runs on that platform.
"""
