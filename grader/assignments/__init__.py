"""Load an assignment folder: its settings, questions and known answers."""
