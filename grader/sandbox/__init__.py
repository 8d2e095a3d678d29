"""Run student code behind a trust boundary that only values cross."""
