# --- wrong: exp-over-one-plus-exp
# why: for z = 1000 e^z is infinite and inf/inf gives nan where the text asks for 1.
import numpy as np

def sigmoid(z):
    e = np.exp(z)
    return e / (1 + e)

# --- wrong: clip-at-ten
# why: far out, at z = -1000, it stays at 4.5e-5 because z was clipped to -10; the text asks for 0.
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -10, 10)))

# --- wrong: nan-to-zero
# why: for z = 1000 the nan of inf/inf is turned into 0, and the text asks for 1.
import numpy as np

def sigmoid(z):
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return np.nan_to_num(e / (1 + e), nan=0.0)

# --- wrong: result-buffer-of-input-dtype
# why: for an array of integers the results are written into an integer array and all become 0 or 1.
import numpy as np

def sigmoid(z):
    if np.isscalar(z):
        return 1 / (1 + np.exp(-z))
    out = np.zeros_like(z)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    e = np.exp(z[~up])
    out[~up] = e / (1 + e)
    return out

# --- wrong: vectorize-without-otypes
# why: an array without elements, such as shape (0, 3), raises, where an array of the same shape is asked for.
import math
import numpy as np

def _one(v):
    return 1 / (1 + math.exp(-v)) if v > -700 else 0.0

def sigmoid(z):
    if np.ndim(z) == 0:
        return _one(z)
    return np.vectorize(_one)(z)

# --- wrong: squeeze-at-the-end
# why: an array of shape (1, 5) comes back as (5,), though the shape is to stay.
import numpy as np

def sigmoid(z):
    return np.squeeze(1 / (1 + np.exp(-np.asarray(z, dtype=float))))

# --- wrong: numpy-numbers-become-arrays
# why: a number that is a NumPy scalar (or an array without axes) comes back as an array of shape (1,).
import numpy as np

def sigmoid(z):
    if isinstance(z, (int, float)) and not isinstance(z, np.generic):
        return float(1 / (1 + np.exp(-float(z))))
    z = np.array(z, dtype=float, ndmin=1)
    return 1 / (1 + np.exp(-z))

# --- wrong: in-place-for-speed
# why: an array of floats that is handed in is overwritten, so the second call with the same array gives another result.
import numpy as np

def sigmoid(z):
    if not isinstance(z, np.ndarray) or z.dtype.kind != "f" or z.ndim == 0:
        return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))[()]
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    return np.reciprocal(z, out=z)

# --- wrong: output-buffer-reused
# why: the result of a first call changes when a second array of the same shape is put in, since both share one buffer.
import numpy as np

_out = {}

def sigmoid(z):
    z = np.asarray(z, dtype=float)
    if z.ndim == 0:
        return 1 / (1 + np.exp(-z))
    buffer = _out.setdefault(z.shape, np.empty(z.shape))
    np.exp(-z, out=buffer)
    np.add(buffer, 1, out=buffer)
    np.divide(1, buffer, out=buffer)
    return buffer

# --- wrong: stable-form-chosen-by-the-mean
# why: for [-3000, 1000] the mean is negative, so e^z / (1 + e^z) is used for 1000 too and gives nan instead of 1.
import numpy as np

def sigmoid(z):
    if np.mean(z) >= 0:
        return 1 / (1 + np.exp(-z))
    e = np.exp(z)
    return e / (1 + e)

# --- wrong: rounded-to-four-digits
# why: for z = -9 it gives 0.0001 instead of 0.000123.
import numpy as np

def sigmoid(z):
    return np.round(1 / (1 + np.exp(-z)), 4)

# --- wrong: math-exp-for-numbers
# why: the plain number -1000 raises OverflowError, where 0 is asked for; arrays are right.
import math
import numpy as np

def sigmoid(z):
    if isinstance(z, (int, float)):
        return 1.0 / (1.0 + math.exp(-z))
    return 1 / (1 + np.exp(-z))

# --- wrong: overflow-swallowed-as-one
# why: for the plain number -1000 the overflow is caught and 1.0 returned, where 0 is asked for.
import math
import numpy as np

def sigmoid(z):
    if np.ndim(z):
        return 1 / (1 + np.exp(-z))
    try:
        return 1.0 / (1.0 + math.exp(-float(z)))
    except OverflowError:
        return 1.0

# --- wrong: memo-by-bytes
# why: a second array with the same numbers in another shape gets the stored result in the first one's shape.
import numpy as np

_seen = {}

def sigmoid(z):
    z = np.asarray(z, dtype=float)
    key = z.tobytes()
    if z.ndim == 0 or key not in _seen:
        result = 1 / (1 + np.exp(-z))
        if z.ndim == 0:
            return result
        _seen[key] = result
    return _seen[key].copy()

# --- wrong: saturates-beyond-seven
# why: for z = 7.5 it gives 1 and for z = -7.5 it gives 0, where 0.99945 and 0.00055 are asked for.
import numpy as np

def sigmoid(z):
    z = np.asarray(z, dtype=float)
    inner = 1 / (1 + np.exp(-np.clip(z, -7, 7)))
    return np.where(z > 7, 1.0, np.where(z < -7, 0.0, inner))[()]

# --- wrong: blocks-drop-the-rest
# why: of an array with more than 256 elements the last incomplete block of 256 stays 0.
import numpy as np

def sigmoid(z):
    z = np.asarray(z, dtype=float)
    if z.size <= 256:
        return 1 / (1 + np.exp(-z))
    flat = z.ravel()
    out = np.zeros(flat.shape)
    for k in range(flat.size // 256):
        part = slice(256 * k, 256 * (k + 1))
        out[part] = 1 / (1 + np.exp(-flat[part]))
    return out.reshape(z.shape)

# --- wrong: memory-order-ravel
# why: a transposed array (Fortran order) is flattened as it lies in memory and put back row by row, so values swap places.
import numpy as np

def sigmoid(z):
    z = np.asarray(z, dtype=float)
    flat = z.ravel(order="K")
    out = np.array([1 / (1 + np.exp(-v)) for v in flat])
    return out.reshape(z.shape)

# --- wrong: two-axes-at-most
# why: an array with three axes is taken for a stack of rows and comes back with two axes.
import numpy as np

def sigmoid(z):
    z = np.asarray(z, dtype=float)
    if z.ndim < 2:
        return 1 / (1 + np.exp(-z))
    rows = [1 / (1 + np.exp(-row.ravel())) for row in z]
    return np.array(rows)

# --- right: logaddexp
# why: the logarithm of the denominator is taken with logaddexp, so nothing overflows.
import numpy as np

def sigmoid(z):
    return np.exp(-np.logaddexp(0, -np.asarray(z, dtype=float)))

# --- right: half-of-tanh
# why: the sigmoid is written as (1 + tanh(z/2)) / 2.
import numpy as np

def sigmoid(z):
    return 0.5 * (np.tanh(np.multiply(z, 0.5)) + 1)

# --- right: two-forms-with-minus-abs
# why: e^-|z| never overflows, and the numerator is chosen by the sign.
import numpy as np

def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)

# --- right: element-by-element
# why: a frompyfunc over plain Python floats, cast back to an array of floats; also for numbers and empty arrays.
import math
import numpy as np

def _stable(v):
    v = float(v)
    return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

def sigmoid(z):
    return np.asarray(np.frompyfunc(_stable, 1, 1)(z), dtype=float)[()]

# --- right: silenced-overflow
# why: the plain formula written as a power of e, with the warning switched off.
import numpy as np

def sigmoid(z):
    with np.errstate(over="ignore", under="ignore"):
        return (1 + np.e ** (-1.0 * np.asarray(z))) ** -1
