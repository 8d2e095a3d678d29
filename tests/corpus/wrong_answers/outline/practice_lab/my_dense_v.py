# --- wrong: mean_of_the_batch
# why: every example gets what their mean gets
def my_dense_v(A_in, W, b, g):
    return g(np.tile(A_in.mean(axis=0) @ W, (len(A_in), 1)) + b)

# --- wrong: flat_for_one_unit
# why: a layer of one unit loses an axis
def my_dense_v(A_in, W, b, g):
    Z = A_in @ W + b
    return g(Z[:, 0] if W.shape[1] == 1 else Z)

# --- right: matmul
# why: np.matmul
def my_dense_v(A_in, W, b, g):
    return g(np.add(np.matmul(A_in, W), b))
