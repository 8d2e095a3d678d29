# tries: messages that a spreadsheet takes for formulas
# base: numpy
# expect: sigmoid error 0
# expect: my_dense error 0
# expect: cost failed 0


def sigmoid(z):
    raise ValueError('=HYPERLINK("http://localhost/?"&A1,"see here")')


def my_dense(a_in, W, b, g):
    raise ValueError("@SUM(1+1)*cmd|' /C calc'!A0\r\n+1,-1\t=2")


def cost(Y_hat, Y):
    return "=1+1"
