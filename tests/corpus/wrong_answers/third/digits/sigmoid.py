# --- wrong: e-to-the-plus-z
# why: for z = 2 it gives 0.119 instead of 0.881: the minus in the exponent is missing.
import numpy as np
def sigmoid(z):
    return 1 / (1 + np.exp(z))

# --- wrong: minus-in-the-denominator
# why: 1 - e^-z below the line: for z = 2 it gives 1.157, and for 0 it divides by zero.
import numpy as np
def sigmoid(z):
    return 1 / (1 - np.exp(-z))

# --- wrong: brackets-missing
# why: 1 / 1 + e^-z is 1 + e^-z: for z = 0 it gives 2.
import numpy as np
def sigmoid(z):
    return 1 / 1 + np.exp(-z)

# --- wrong: expm1-adds-nothing
# why: takes expm1 for "e^x plus 1", but it is e^x minus 1: for z = 2 it gives -1.157.
import numpy as np
def sigmoid(z):
    return 1 / np.expm1(-z)

# --- wrong: tanh-without-the-half
# why: (1 + tanh z) / 2 is the sigmoid of 2z; at 0 and far out it is right, at 1 it gives 0.881 instead of 0.731.
import numpy as np
def sigmoid(z):
    return (1 + np.tanh(z)) / 2

# --- wrong: math-exp-overflows
# why: math.exp raises an OverflowError at z = -1000, where the text wants 0.
import math
import numpy as np
def sigmoid(z):
    return np.vectorize(lambda t: 1 / (1 + math.exp(-t)))(z)

# --- wrong: infinity-by-infinity
# why: e^z / (1 + e^z) everywhere gives nan at z = 1000.
import numpy as np
def sigmoid(z):
    e = np.exp(z)
    return e / (1 + e)

# --- wrong: both-forms-weighted-with-0-and-1
# why: chooses between the two forms by multiplying with 0 or 1, and 0 times nan is nan: nan at z = 1000.
import numpy as np
def sigmoid(z):
    positive = z >= 0
    return positive * (1 / (1 + np.exp(-z))) + (1 - positive) * (np.exp(z) / (1 + np.exp(z)))

# --- wrong: clipped-at-6
# why: clips z to -6..6 against overflow, so sigmoid(-1000) is 0.0025 instead of 0.
import numpy as np
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -6, 6)))

# --- wrong: abs-for-stability
# why: e^-|z| never overflows, but without the second form negative z give what positive ones give.
import numpy as np
def sigmoid(z):
    return 1 / (1 + np.exp(-np.abs(z)))

# --- wrong: result-of-the-type-of-z
# why: empty_like takes over whole numbers, so for an array of integers every result is cut off to 0 (or 1 far out).
import numpy as np
def sigmoid(z):
    z = np.asarray(z)
    out = np.empty_like(z)
    out[...] = 1 / (1 + np.exp(-z))
    return out[()]

# --- wrong: rounded-to-three-digits
# why: rounds as the worked example does: sigmoid(2) is 0.8808, not 0.881.
import numpy as np
def sigmoid(z):
    return np.round(1 / (1 + np.exp(-z)), 3)

# --- wrong: flat-list-of-results
# why: goes through all elements and forgets the shape: (2, 2) in, (4,) out.
import numpy as np
def sigmoid(z):
    values = np.array([1 / (1 + np.exp(-v)) for v in np.ravel(z)])
    return values if np.ndim(z) else values[0]

# --- wrong: number-becomes-an-array
# why: atleast_1d makes an array of shape (1,) of a number, and a number should give a number.
import numpy as np
def sigmoid(z):
    z = np.atleast_1d(np.asarray(z, dtype=float))
    out = np.empty(z.shape)
    out[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    out[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return out

# --- wrong: squeezed
# why: a column (3, 1) comes back as (3,), and a (1, 1) as a number: the shape should stay.
import numpy as np
def sigmoid(z):
    return np.squeeze(1 / (1 + np.exp(-np.asarray(z, dtype=float))))[()]

# --- wrong: if-on-an-array
# why: the branch works for a number only: the truth value of an array of two elements is an error.
import numpy as np
def sigmoid(z):
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))

# --- wrong: two-axes-only
# why: unpacks z.shape into rows and columns, so numbers and vectors are errors.
import numpy as np
def sigmoid(z):
    rows, columns = z.shape
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = 1 / (1 + np.exp(-z[i, j]))
    return out

# --- wrong: shifted-by-the-maximum
# why: subtracts the largest z as one does for softmax; the sigmoid isn't invariant, so a single number always gives 0.5.
import numpy as np
def sigmoid(z):
    z = z - np.max(z)
    return np.exp(z) / (1 + np.exp(z))

# --- wrong: sum-in-the-denominator
# why: a softmax with one more zero: right for one number, but for (0, 0) it gives 1/3 twice, not 1/2.
import numpy as np
def sigmoid(z):
    e = np.exp(z)
    return e / (1 + np.sum(e))

# --- wrong: table-with-steps-of-a-fifth
# why: looks values up in a table and interpolates: up to 5e-4 beside the truth, and 0.00005 instead of 0 at -1000.
import numpy as np
_grid = np.linspace(-10, 10, 101)
_values = 1 / (1 + np.exp(-_grid))
def sigmoid(z):
    return np.interp(z, _grid, _values)

# --- wrong: answers-remembered-by-id
# why: remembers results by id(z); when the array has been changed meanwhile, the old answer comes back.
import numpy as np
_known = {}
def sigmoid(z):
    if id(z) not in _known:
        _known[id(z)] = (z, 1 / (1 + np.exp(-np.asarray(z, dtype=float))))
    return _known[id(z)][1]

# --- right: logaddexp
# why: e to the minus ln(1 + e^-z), with logaddexp, which never overflows.
import numpy as np
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -np.asarray(z, dtype=float)))

# --- right: tanh-of-the-half
# why: the sigmoid is a tanh, moved and squeezed.
import numpy as np
def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * np.asarray(z))

# --- right: masks
# why: each form where it is safe, with boolean masks, and [()] turns 0 dimensions into a number.
import numpy as np
def sigmoid(z):
    z = np.asarray(z, dtype=np.float64)
    out = np.empty(z.shape)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    out[~positive] = e / (e + 1)
    return out[()]

# --- right: where-with-unused-nan
# why: computes both forms everywhere and chooses; the nan of the form that isn't chosen does no harm.
import numpy as np
def sigmoid(z):
    with np.errstate(all="ignore"):
        return np.where(np.greater_equal(z, 0), 1 / (1 + np.exp(np.negative(z))), np.exp(z) / (1 + np.exp(z)))[()]

# --- right: python-floats-vectorised
# why: plain Python for one number, with a branch so that math.exp never overflows; vectorize does the arrays.
import math
import numpy as np
def _one(t):
    if t < 0:
        e = math.exp(t)
        return e / (1.0 + e)
    return 1.0 / (1.0 + math.exp(-t))
_all = np.vectorize(_one, otypes=[float])
def sigmoid(z):
    return _all(z) if np.ndim(z) else _one(float(z))

# --- right: reciprocal-in-steps
# why: in-place steps on an array of its own, a fresh one from np.exp.
import numpy as np
def sigmoid(z):
    e = np.array(np.exp(np.multiply(-1.0, z)))
    e += 1
    np.reciprocal(e, out=e)
    return e[()]
