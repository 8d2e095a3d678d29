"""Revisions, one for each version of the tables. A revision is never changed after its release."""
