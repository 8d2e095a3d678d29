"""Quality of the hidden cases, for `grader validate`: known answers, controls and mutants."""
