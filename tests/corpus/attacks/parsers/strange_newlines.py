# tries: form feeds, lone returns and separators where lines end
# base: numpy
first = 1{{"\f\r\u2028\u0085\u000b" * 50}}
second = 2
