# tries: hands in the assignment as it came
# base: stubs
# expect: everything else missing 0
