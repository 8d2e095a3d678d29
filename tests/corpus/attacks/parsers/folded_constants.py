# tries: constants that a compiler might work out while it reads them
# base: numpy
text = "a" * 10**9 if False else ""
number = 0 and 1 << 10**12
digits = {{"9" * 100000}}
