"""Hidden cases and a submission become the results of its questions, and those a ScoreReport."""
