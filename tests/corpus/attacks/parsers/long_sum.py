# tries: a sum of fifty thousand terms, a tree as deep
# base: numpy
TOTAL = 0{{" + 1" * 50000}}
