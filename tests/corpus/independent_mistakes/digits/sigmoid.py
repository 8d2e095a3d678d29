# --- wrong: precedence
# why: 1/1 + exp(-z), the bracket is missing
def sigmoid(z):
    return 1 / 1 + np.exp(-z)

# --- wrong: positive_exponent
# why: e^z in place of e^-z
def sigmoid(z):
    return 1 / (1 + np.exp(z))

# --- wrong: minus_in_denominator
# why: 1 - e^-z in the denominator
def sigmoid(z):
    return 1 / (1 - np.exp(-z))

# --- wrong: rounded
# why: rounds to three places, as the text prints them
def sigmoid(z):
    return np.round(1 / (1 + np.exp(-z)), 3)

# --- wrong: clipped_narrow
# why: clips z to -5..5 against the overflow
def sigmoid(z):
    z = np.clip(z, -5, 5)
    return 1 / (1 + np.exp(-z))

# --- wrong: scalar_only
# why: math.exp takes a number only
import math

def sigmoid(z):
    return 1 / (1 + math.exp(-z))

# --- wrong: branch_any
# why: picks the stable form by the first element
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    if z.ravel()[0] >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(-z) / (1 + np.exp(-z))

# --- wrong: tanh
# why: tanh in place of the sigmoid
def sigmoid(z):
    return np.tanh(z)

# --- wrong: half_slope
# why: (1 + tanh(z)) / 2, the half in the argument is forgotten
def sigmoid(z):
    return (1 + np.tanh(z)) / 2

# --- wrong: no_return
# why: computes and forgets the return
def sigmoid(z):
    result = 1 / (1 + np.exp(-z))

# --- wrong: prints
# why: prints in place of returning
def sigmoid(z):
    print(1 / (1 + np.exp(-z)))

# --- wrong: base_two
# why: exp2 in place of exp
def sigmoid(z):
    return 1 / (1 + np.exp2(-np.asarray(z, dtype=float)))

# --- wrong: approximate_e
# why: e written as 2.718
def sigmoid(z):
    return 1 / (1 + 2.718 ** (-np.asarray(z, dtype=float)))

# --- wrong: float32
# why: computes with float32
def sigmoid(z):
    return (1 / (1 + np.exp(-np.asarray(z, dtype=np.float32)))).astype(np.float32)

# --- wrong: derivative
# why: returns the slope s(1 - s)
def sigmoid(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)

# --- wrong: exp_over_minus
# why: mixes the two forms: e^-z / (1 + e^z)
def sigmoid(z):
    return np.exp(-z) / (1 + np.exp(z))

# --- wrong: flattens
# why: loops over the elements and returns one row
def sigmoid(z):
    return np.array([1 / (1 + np.exp(-each)) for each in np.ravel(z)])

# --- wrong: loops_rows
# why: loops over the first axis and returns a list
def sigmoid(z):
    return [1 / (1 + np.exp(-row)) for row in np.atleast_1d(z)]

# --- wrong: in_place
# why: negates the caller's array in place
def sigmoid(z):
    if isinstance(z, np.ndarray):
        z *= -1
        return 1 / (1 + np.exp(z))
    return 1 / (1 + np.exp(-z))

# --- wrong: absolute
# why: takes |z| against the overflow
def sigmoid(z):
    return 1 / (1 + np.exp(-np.abs(z)))
