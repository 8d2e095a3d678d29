"""Find submissions that are alike.

A question for a person to ask, never a part of a score.
"""
