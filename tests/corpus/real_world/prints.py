# holds: prints everywhere
# expect: everything else passed
# no notes
print("start")
# %% = imports
# %% = model
# %%
def my_dense(a_in, W, b, g):
    print("a_in", a_in, "W", W.shape, "b", b)
    out = []
    for j in range(W.shape[1]):
        print(f"unit {j}", end="\r", flush=True)
        out.append(g(a_in @ W[:, j] + b[j]))
    tf.print("out", len(out))
    import sys
    print("and to stderr", file=sys.stderr)
    return np.array(out)
# %% = sequential
# %%
def my_dense_v(A_in, W, b, g):
    Z = A_in @ W + b
    print(Z)
    display(Z)
    return g(Z)
# %% = sequential_v
