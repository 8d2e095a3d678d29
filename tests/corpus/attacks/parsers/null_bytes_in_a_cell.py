# tries: null bytes in a cell of a notebook
# base: numpy
# form: notebook
nothing = "{{"\u0000" * 3}}"
