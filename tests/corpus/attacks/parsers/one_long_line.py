# tries: a line of five megabytes
# base: numpy
text = "{{"passed " * 700000}}"
