# --- wrong: three_units_at_most
# why: a loop with a fixed end
def my_dense(a_in, W, b, g):
    z = np.zeros((len(W), 1))
    for unit in range(min(3, len(W))):
        z[unit] = W[unit] @ a_in + b[unit]
    return g(z)

# --- wrong: unit_by_unit_for_tanh_alone
# why: any other activation is taken for the sigmoid
def my_dense(a_in, W, b, g):
    z = W @ a_in + b
    return g(z) if g is np.tanh else sigmoid(z)

# --- right: rows
# why: unit by unit, stacked
def my_dense(a_in, W, b, g):
    return g(np.vstack([row @ a_in + bias for row, bias in zip(W, b)]))
