"""Assignments made for other tools, turned into ours: `draft.py` says what is taken over, one file a tool how."""
