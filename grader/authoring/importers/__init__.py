"""Assignments made for other tools, turned into ours: `base.py` says what is taken over, one file a tool how."""
