# tries: null bytes between the lines
# base: numpy
# expect: everything else passed
nothing = "{{"\u0000" * 3}}"
