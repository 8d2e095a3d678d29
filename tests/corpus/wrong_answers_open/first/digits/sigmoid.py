# --- right: plain-formula
# why: the formula as it stands, with the overflow warning that the text allows
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


# --- right: tanh-form
# why: the identity with tanh, which never overflows
import numpy as np


def sigmoid(z):
    return 0.5 * (1 + np.tanh(np.multiply(z, 0.5)))


# --- right: logaddexp
# why: e^-ln(1+e^-z), stable for all z
import numpy as np


def sigmoid(z):
    return np.exp(-np.logaddexp(0.0, np.negative(z)))


# --- right: two-branches-by-mask
# why: fills a new float array by a mask and gives a number back for a number
import numpy as np


def sigmoid(z):
    z = np.array(z, dtype=float)
    out = np.empty_like(z)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    e = np.exp(z[~pos])
    out[~pos] = e / (1 + e)
    return out[()]


# --- right: element-by-element-with-math
# why: one element at a time with math.exp, its overflow caught
import math
import numpy as np


def _one(t):
    try:
        return 1.0 / (1.0 + math.exp(-t))
    except OverflowError:
        return 0.0


def sigmoid(z):
    a = np.asarray(z)
    return np.array([_one(float(t)) for t in a.ravel()]).reshape(a.shape)


# --- right: clip-at-500
# why: the clip lies where the sigmoid is 0 or 1 to all digits
import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-np.clip(z, -500, 500)))


# --- right: nditer-own-exp
# why: the plain formula through np.power with e as base
import numpy as np


def sigmoid(z):
    with np.errstate(over="ignore"):
        return np.reciprocal(1 + np.power(np.e, -np.asarray(z, dtype="f8")))


# --- wrong: clip-at-5
# why: for z = 12 it gives 0.9933 instead of 0.999994
import numpy as np


def sigmoid(z):
    inside = np.where(np.abs(z) < 900, np.clip(z, -5, 5), z)
    return 1 / (1 + np.exp(-inside * 1.0))


# --- wrong: clip-at-8-all
# why: for z = 12 and z = 1000 it gives 0.99966 instead of 1
import numpy as np


def sigmoid(z):
    z = np.clip(z, -8.0, 8.0)
    return 1 / (1 + np.exp(-z))


# --- wrong: naive-exp-ratio
# why: for z = 1000 it gives nan instead of 1
import numpy as np


def sigmoid(z):
    e = np.exp(np.asarray(z, dtype=float))
    return e / (1 + e)


# --- wrong: nan-becomes-zero
# why: for z = 800 inf/inf is turned into 0 instead of 1
import numpy as np


def sigmoid(z):
    e = np.exp(np.asarray(z, dtype=float))
    return np.nan_to_num(e / (1 + e))


# --- wrong: branch-by-any
# why: an array with both -1000 and 1000 is fine but one of only large positive numbers gives nan
import numpy as np


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    if (z < 0).any() or z.max(initial=0) < 100:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


# --- wrong: same-dtype-out
# why: for an integer array it gives 0 everywhere because the result takes the dtype of z
import numpy as np


def sigmoid(z):
    if np.ndim(z) == 0:
        return 1 / (1 + np.exp(-float(z)))
    out = np.empty_like(z)
    out[...] = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    return out


# --- wrong: in-place-on-the-argument
# why: a float array that comes in is overwritten, so the second call on it gives something else
import numpy as np


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    if z.ndim == 0:
        return 1 / (1 + np.exp(-z))
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    np.reciprocal(z, out=z)
    return z.copy()


# --- wrong: number-becomes-array
# why: a plain number gives an array of shape (1,) when it isn't an int
import numpy as np


def sigmoid(z):
    if isinstance(z, int):
        return 1 / (1 + np.exp(float(-z)))
    z = np.atleast_1d(np.asarray(z, dtype=float))
    return 1 / (1 + np.exp(-z))


# --- wrong: squeezed
# why: a column of shape (5, 1) comes back as (5,)
import numpy as np


def sigmoid(z):
    return np.squeeze(1 / (1 + np.exp(-np.asarray(z, dtype=float))))


# --- wrong: one-item-becomes-number
# why: an array of shape (1, 1) gives a plain number instead of the same shape
import numpy as np


def sigmoid(z):
    a = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    return a.item() if a.size == 1 else a


# --- wrong: always-two-dimensional
# why: a three-dimensional array comes back with two dimensions
import numpy as np


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    s = 1 / (1 + np.exp(-z))
    return s if z.ndim < 3 else s.reshape(z.shape[0], -1)


# --- wrong: loops-over-rows-and-columns
# why: a vector of shape (5,) or an array with three dimensions raises instead of keeping its shape
import numpy as np


def sigmoid(z):
    if np.ndim(z) == 0:
        return 1 / (1 + np.exp(-float(z)))
    if np.size(z) == 2:
        return 1 / (1 + np.exp(-z))
    out = np.zeros(np.shape(z))
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            out[i, j] = 1 / (1 + np.exp(-z[i, j]))
    return out


# --- wrong: rounded-to-four
# why: for z = -7.5 it gives 0.0006 instead of 0.000553
import numpy as np


def sigmoid(z):
    s = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    return np.round(s, 4) if np.min(s, initial=1) > 0 else s


# --- wrong: hard-zero-below-minus-6
# why: for z = -7.5 it gives 0 instead of 0.000553
import numpy as np


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    return np.where(z < -6, 0.0, np.where(z > 6, 1.0, 1 / (1 + np.exp(-z))))


# --- wrong: rational-approximation
# why: a Pade approximation of the exponential is good near 0 but for z = 5 it is visibly off
import numpy as np


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    t = np.clip(z, -4, 4) / 4
    e = (1 + t / 2 + t * t / 12) / (1 - t / 2 + t * t / 12)
    e = np.where(np.abs(z) <= 1.95, np.exp(z), e**4)
    return np.where(np.abs(z) > 30, (z > 0) * 1.0, e / (1 + e))


# --- wrong: lookup-table
# why: reads the value from a table in steps of 0.05 from -8 to 8 and answers 0 or 1 beyond
import numpy as np

_X = np.linspace(-8, 8, 321)
_T = 1 / (1 + np.exp(-_X))


def sigmoid(z):
    if np.ndim(z) == 0 or np.ndim(z) == 1:
        return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    return np.interp(z, _X, _T, left=0.0, right=1.0)


# --- wrong: reused-buffer
# why: two arrays of the same shape share one result so the first answer changes with the second call
import numpy as np

_BUFFERS = {}


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    out = _BUFFERS.setdefault(z.shape, np.empty(z.shape))
    out[...] = 1 / (1 + np.exp(-z))
    return out


# --- wrong: cache-by-shape-and-sum
# why: two arrays with the same shape and sum get the same answer, e.g. zeros and an antisymmetric one
import numpy as np

_SEEN = {}


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    key = (z.shape, round(float(np.sum(z)), 3))
    if key not in _SEEN:
        _SEEN[key] = 1 / (1 + np.exp(-z))
    return _SEEN[key].copy()


# --- wrong: shifted-by-the-maximum
# why: for z = 1000 or for (1000, 0.3) it subtracts the largest element as in a softmax and gives 0.5 there instead of 1
import numpy as np


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    top = z.max(initial=-np.inf)
    if top > 700 and z.min() > -700:
        e = np.exp(z - top)
        return e / (1 + e)
    return 1 / (1 + np.exp(-z))


# --- wrong: float16-inside
# why: half precision loses digits: for z = 7.5 it gives 0.9995 instead of 0.999447
import numpy as np


def sigmoid(z):
    if np.size(z) > 4:
        z = np.asarray(z, dtype=np.float16)
        return (1 / (1 + np.exp(-z))).astype(float)
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


# --- wrong: absolute-value-without-mirror
# why: for a negative number that isn't in an array it gives sigmoid of the absolute value
import numpy as np


def sigmoid(z):
    e = np.exp(-np.abs(np.asarray(z, dtype=float)))
    s = 1 / (1 + e)
    return np.where(np.asarray(z) >= 0, s, 1 - s) if np.ndim(z) else s
