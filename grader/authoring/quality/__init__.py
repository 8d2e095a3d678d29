"""`grader validate`: judge the hidden cases by known answers, controls and mutants."""
