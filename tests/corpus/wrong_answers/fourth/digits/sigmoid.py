# --- wrong: bracket-below-the-line-missing
# why: 1 / 1 + e^-z is 1 + e^-z: 2 for z = 0.
import numpy as np
def sigmoid(z):
    return 1 / 1 + np.exp(-z)

# --- wrong: mirrored-for-negative-z
# why: in the "stable" form for z < 0 it divides 1, not e^z, by 1 + e^z: sigmoid(-2) comes out as 0.881 too.
import numpy as np
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), 1 / (1 + e))

# --- wrong: whole-numbers-in-whole-numbers-out
# why: zeros_like takes the type of z, so for an array of whole numbers every result is cut off to 0 or 1.
import numpy as np
def sigmoid(z):
    z = np.asarray(z)
    out = np.zeros_like(z)
    for place in np.ndindex(z.shape):
        out[place] = 1 / (1 + np.exp(-z[place]))
    return out

# --- wrong: turns-the-sign-in-place
# why: z *= -1 writes into the caller's array; the values returned are right.
import numpy as np
def sigmoid(z):
    z *= -1
    return 1 / (1 + np.exp(z))

# --- wrong: e-typed-in
# why: 2.718 for e: off from the fifth digit on.
def sigmoid(z):
    e = 2.718
    return 1 / (1 + e ** (-z * 1.0))
