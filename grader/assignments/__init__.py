"""From a folder to an Assignment: its settings, questions and known answers."""
