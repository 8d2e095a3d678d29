# --- wrong: every-layer-gets-x
# why: each layer works on x instead of on what the one before returned.
def my_sequential(x, parameters, g):
    for W, b in parameters:
        a = my_dense(x, W, b, g)
    return a

# --- wrong: three-layers-exactly
# why: unpacks three layers, so a list of two or four is an error.
def my_sequential(x, parameters, g):
    (W1, b1), (W2, b2), (W3, b3) = parameters
    a1 = my_dense(x, W1, b1, g)
    a2 = my_dense(a1, W2, b2, g)
    return my_dense(a2, W3, b3, g)

# --- wrong: from-the-last-to-the-first
# why: goes through the list backwards: an error for most shapes, other numbers for square layers.
def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters[::-1]:
        a = my_dense(a, W, b, g)
    return a

# --- wrong: last-layer-without-g
# why: the last layer gives its weighted sum as it is.
def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters[:-1]:
        a = my_dense(a, W, b, g)
    W, b = parameters[-1]
    return my_dense(a, W, b, lambda z: z)

# --- wrong: return-inside-the-loop
# why: returns after the first layer.
def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g)
        return a

# --- wrong: list-of-all-activations
# why: returns what every layer answered, as forward does, not what the last one did.
def my_sequential(x, parameters, g):
    activations = [x]
    for W, b in parameters:
        activations.append(my_dense(activations[-1], W, b, g))
    return activations

# --- wrong: sigmoid-handed-on
# why: hands sigmoid on to my_dense instead of g.
def my_sequential(x, parameters, g):
    for W, b in parameters:
        x = my_dense(x, W, b, sigmoid)
    return x

# --- wrong: pops-the-callers-list
# why: takes the layers out of the list that came in, which is empty afterwards.
def my_sequential(x, parameters, g):
    a = x
    while parameters:
        W, b = parameters.pop(0)
        a = my_dense(a, W, b, g)
    return a

# --- wrong: begins-with-the-second
# why: range(1, L) leaves the first layer out.
def my_sequential(x, parameters, g):
    a = x
    for l in range(1, len(parameters)):
        W, b = parameters[l]
        a = my_dense(a, W, b, g)
    return a

# --- wrong: stops-at-the-object-of-the-last
# why: breaks when the layer is the last one's object; in [A, B, A] that is already the first.
def my_sequential(x, parameters, g):
    a = x
    for layer in parameters:
        a = my_dense(a, *layer, g)
        if layer is parameters[-1]:
            break
    return a

# --- wrong: a-number-at-the-end
# why: takes the single entry out of the result: a number instead of (1, 1), and a last layer of two units loses one.
def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g)
    return a[0, 0]

# --- wrong: overwrites-x-when-it-fits
# why: when a layer has as many units as inputs, it writes the answer into the caller's x.
def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        new = my_dense(a, W, b, g)
        if new.shape == a.shape and a.dtype == new.dtype:
            a[:] = new
        else:
            a = new
    return a

# --- wrong: goes-on-where-the-last-call-ended
# why: keeps the activations in a list of the module, so the second call starts from the answer of the first.
_stack = []
def my_sequential(x, parameters, g):
    if not _stack:
        _stack.append(x)
    for W, b in parameters:
        _stack.append(my_dense(_stack[-1], W, b, g))
    return _stack[-1]

# --- wrong: bias-of-the-layer-before
# why: index l - 1 for the bias: the first layer gets the last one's.
def my_sequential(x, parameters, g):
    a = x
    for l in range(len(parameters)):
        a = my_dense(a, parameters[l][0], parameters[l - 1][1], g)
    return a

# --- wrong: one-matrix-for-the-network
# why: multiplies the weights together first and applies g once: right for g(z) = z only.
def my_sequential(x, parameters, g):
    W_all, b_all = parameters[0]
    for W, b in parameters[1:]:
        W_all, b_all = W @ W_all, W @ b_all + b
    return my_dense(x, W_all, b_all, g)

# --- wrong: g-on-the-input-too
# why: x goes through g before the first layer.
def my_sequential(x, parameters, g):
    a = g(x)
    for W, b in parameters:
        a = my_dense(a, W, b, g)
    return a

# --- wrong: stops-when-nothing-changes
# why: takes a layer that returns what it got for the end; the layers after it are left out.
import numpy as np
def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        new = my_dense(a, W, b, g)
        if new.shape == a.shape and np.allclose(new, a):
            return new
        a = new
    return a

# --- wrong: remembered-by-x
# why: looks answers up by x alone; the same x in another network gets the first one's answer.
_answers = {}
def my_sequential(x, parameters, g):
    key = x.tobytes()
    if key not in _answers:
        a = x
        for W, b in parameters:
            a = my_dense(a, W, b, g)
        _answers[key] = a
    return _answers[key]

# --- wrong: one-unit-is-the-end
# why: goes on only while there is more than one unit: a network that narrows to one unit and widens again is cut off.
def my_sequential(x, parameters, g):
    W, b = parameters[0]
    a = my_dense(x, W, b, g)
    i = 1
    while i < len(parameters) and len(a) > 1:
        a = my_dense(a, *parameters[i], g)
        i += 1
    return a

# --- wrong: reduce-without-a-start
# why: reduce without the start value takes the first layer for the input.
from functools import reduce
def my_sequential(x, parameters, g):
    return reduce(lambda a, layer: my_dense(a, layer[0], layer[1], g), parameters)

# --- right: reduce
# why: a fold over the list, with x as the start.
from functools import reduce
def my_sequential(x, parameters, g):
    return reduce(lambda a, layer: my_dense(a, *layer, g), parameters, x)

# --- right: recursion-from-the-end
# why: the network is its last layer after the rest.
def my_sequential(x, parameters, g):
    if not parameters:
        return x
    *rest, (W, b) = parameters
    return my_dense(my_sequential(x, rest, g), W, b, g)

# --- right: copy-that-is-emptied
# why: a deque of its own is emptied from the left; the caller's list stays.
from collections import deque
def my_sequential(x, parameters, g):
    waiting = deque(parameters)
    while waiting:
        W, b = waiting.popleft()
        x = my_dense(a_in=x, W=W, b=b, g=g)
    return x

# --- right: accumulate
# why: all activations from itertools.accumulate, then the last.
from itertools import accumulate
def my_sequential(x, parameters, g):
    *_, last = accumulate(parameters, lambda a, p: my_dense(a, p[0], p[1], g), initial=x)
    return last

# --- right: composed-functions
# why: builds one function out of the layers first, then calls it.
def my_sequential(x, parameters, g):
    def network(v):
        return v
    for W, b in parameters:
        def network(v, before=network, W=W, b=b):
            return my_dense(before(v), W, b, g)
    return network(x)
