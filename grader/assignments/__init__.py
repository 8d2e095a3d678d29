"""Read an assignment folder: settings, questions, known answers."""
