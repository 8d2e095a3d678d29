# holds: a cell indented with tabs and spaces, a return outside a function, Python 2
# expect: everything else passed
# %% = imports
# %% = model
# %%
def helper(x):
	if x:
        return 1
	return 2
# %%
return 5
# %%
exec "x = 1"
raise ValueError, "no"
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
