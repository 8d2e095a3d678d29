"""Importers of assignments that were made for other tools, one module a tool. `base.py` defines what they return."""
