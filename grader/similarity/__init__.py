"""Which submissions of a class are alike beyond what stubs, known answers and the class itself explain.

A question for a person to ask, never a part of a score.
"""
