# tries: twenty thousand statements on one line
# base: numpy
{{"a = 1; " * 20000}}
