# holds: type hints whose names aren't imported
# expect: everything else passed
# no notes
# %% = imports
# %% = model
# %%
def my_dense(a_in: NDArray[np.float64], W: np.ndarray, b: ArrayLike, g: Callable) -> npt.NDArray:
    z: Vector = a_in @ W + b
    return g(z)
# %%
def my_sequential(x: NDArray, W1: Matrix, b1, W2, b2, W3, b3, verbose: Optional[bool] = False) -> NDArray:
    h = my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)
    return my_dense(h, W3, b3, sigmoid)
# %% = dense_v
# %% = sequential_v
